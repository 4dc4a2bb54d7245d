"""What IPython shows of an error of ours: the reader's own lines, the message, and on request what happened inside."""

from __future__ import annotations

import os
import site
import sysconfig
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["rendered", "without_inside"]

_OURS = f"{Path(__file__).parent}{os.sep}"
_LIBRARIES = tuple(
    f"{folder}{os.sep}"
    for folder in (
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        site.getusersitepackages(),
    )
)

_CELL = "<ipython-input"
"""How the file of a cell begins in a terminal; in a kernel it is a path, and what else begins so was made by code."""


def rendered(error: BaseException) -> list[str]:
    """Give the lines that IPython is to show of an error, in the mode that ``%xmode`` sets.

    Parameters
    ----------
    error
        The error, with its traceback.
    """
    import IPython  # whoever asks runs in it

    shell: Any = IPython.get_ipython()
    shows = shell.InteractiveTB
    shown, found, count = error, error.__traceback__, 0
    if shows.mode != "Verbose":
        found, count = without_inside(found)
        if count:
            shown = _likeness(error)
    # What runs a cell is left out by IPython itself. In a callback, or in an Output widget, nothing stands before ours.
    of_ipython = f"{Path(IPython.__file__).parent}{os.sep}"
    offset = len([*takewhile(lambda entry: _file(entry).startswith(of_ipython), _entries(found))])
    lines: list[str] = shows.structured_traceback(type(error), shown, found, tb_offset=offset)
    shows.tb = error.__traceback__  # for %debug
    if count:
        # No note of the error, which is not ours to change; and older IPythons show none.
        frames = "frame" if count == 1 else "frames"
        lines = [*lines, f"{count} {frames} inside of leadping_nb not shown; %xmode Verbose shows all from now on."]
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


def _likeness(error: BaseException) -> BaseException:
    """Give what is shown of an error: not those that it came from, up to the first that has a line of the reader's.

    Where nothing is left out it is the error itself, and never a copy: a class of the reader's may not allow one.
    """
    came_from = [*_before(error)]
    readers = next((one for one in came_from if any(map(_is_readers, _entries(one.__traceback__)))), None)
    if not came_from or readers is came_from[0]:
        return error
    likeness = Exception(str(error))
    likeness.__context__ = readers
    if hasattr(error, "__notes__"):
        likeness.__notes__ = error.__notes__
    return likeness


def _before(error: BaseException) -> Iterator[BaseException]:
    """Give those that an error came from, the last first, as Python shows them."""
    seen = {id(error)}
    cause, context = error.__cause__, None if error.__suppress_context__ else error.__context__
    while (before := context if cause is None else cause) is not None and id(before) not in seen:
        yield before
        seen.add(id(before))
        cause, context = before.__cause__, None if before.__suppress_context__ else before.__context__


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
