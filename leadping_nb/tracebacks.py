"""What IPython shows of an error of ours: the reader's own lines, the message, and on request what happened inside."""

from __future__ import annotations

import copy
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["rendered", "without_inside"]

_OURS = str(Path(__file__).parent)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})

_CELL = "<ipython-input"
"""How the file of a cell begins in a terminal; in a kernel it is a path, and what else begins so was made by code."""


def rendered(error: BaseException) -> list[str]:
    """Give the lines that IPython is to show of an error, in the mode that ``%xmode`` sets.

    Parameters
    ----------
    error
        The error, with its traceback.
    """
    from IPython.core.getipython import get_ipython  # whoever asks runs in it

    shell: Any = get_ipython()
    shown, found = error, error.__traceback__
    if shell.InteractiveTB.mode != "Verbose":
        found, count = without_inside(found)
        if count:
            shown = _alone(error)
            frames = "frame" if count == 1 else "frames"
            shown.add_note(f"{count} {frames} inside of leadping_nb not shown; %xmode Verbose shows all from now on.")
    lines: list[str] = shell.InteractiveTB.structured_traceback(type(shown), shown, found, tb_offset=1)
    return lines


def without_inside(traceback: TracebackType | None) -> tuple[TracebackType | None, int]:
    """Leave out of a traceback what lies behind a call of ours, and count it; nothing where we called the reader back.

    Parameters
    ----------
    traceback
        The traceback of an error; it stays what it is.
    """
    entries = list(_entries(traceback))
    inside = next((at for at, entry in enumerate(entries) if _file(entry).startswith(_OURS)), len(entries))
    called_back = any(map(_is_readers, entries[inside:]))
    if called_back or not any(map(_is_readers, entries[:inside])):
        return traceback, 0
    kept: TracebackType | None = None
    for entry in reversed(entries[:inside]):
        kept = TracebackType(kept, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return kept, len(entries) - inside


def _alone(error: BaseException) -> BaseException:
    """Give an error without those that it came from, unless these are the reader's."""
    alone = copy.copy(error)
    before = error.__cause__ or error.__context__
    if before is not None and any(map(_is_readers, _entries(before.__traceback__))):
        alone.__cause__, alone.__context__ = error.__cause__, error.__context__
        alone.__suppress_context__ = error.__suppress_context__
    return alone


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_readers(entry: TracebackType) -> bool:
    """Whether a line is the reader's: a cell, or a file of theirs."""
    file = _file(entry)
    return file.startswith(_CELL) or not file.startswith((_OURS, *_LIBRARIES, "<"))


def _file(entry: TracebackType) -> str:
    return entry.tb_frame.f_code.co_filename
