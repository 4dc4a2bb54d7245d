"""What a notebook or IPython shows above a frame that is not whole."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd

__all__ = ["show_incomplete"]

_STYLE = (
    "margin:0 0 4px;padding:4px 8px;border-left:4px solid var(--jp-warn-color1,#b26a00);"
    "background:var(--jp-layout-color2,#f3f3f3);color:var(--jp-ui-font-color1,inherit)"
)


def show_incomplete() -> None:
    """Let IPython say above a frame that it is not whole, if there is an IPython; other frames look as ever.

    What somebody else made of frames, such as tables to sort, stays and stands below the sentence.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    formatter = getattr(shell, "display_formatter", None)
    if formatter is None:
        return
    for kind, made in (("text/html", _Html), ("text/plain", _Plain)):
        printers = formatter.formatters[kind]
        before = printers.type_printers.get(pd.DataFrame)
        if not isinstance(before, made):
            printers.for_type(pd.DataFrame, made(before))


class _Html:
    """A frame as HTML, below why it is not whole."""

    def __init__(self, before: Callable[[pd.DataFrame], str | None] | None) -> None:
        self._before = before

    def __call__(self, frame: pd.DataFrame) -> str | None:
        table = self._before(frame) if self._before is not None else _table(frame)
        reason = _reason(frame)
        if reason is None or table is None:
            return table
        return f'<p role="status" style="{_STYLE}"><strong>Not complete:</strong> {html.escape(reason)}</p>{table}'


class _Plain:
    """A frame as text, below why it is not whole."""

    def __init__(self, before: Callable[[pd.DataFrame, Any, bool], None] | None) -> None:
        self._before = before

    def __call__(self, frame: pd.DataFrame, printer: Any, cycle: bool) -> None:
        reason = _reason(frame)
        if reason is not None:
            printer.text(f"Not complete: {reason}")
            printer.break_()
        if self._before is not None:
            self._before(frame, printer, cycle)
            return
        for number, line in enumerate(repr(frame).splitlines()):
            if number:
                printer.break_()
            printer.text(line)


def _table(frame: pd.DataFrame) -> str | None:
    table: str | None = frame._repr_html_()  # type: ignore[operator]  # pandas' own
    return table


def _reason(frame: pd.DataFrame) -> str | None:
    passport = frame.attrs.get("leadping")
    if not isinstance(passport, dict) or passport.get("complete") is not False:
        return None
    return str(passport.get("reason"))
