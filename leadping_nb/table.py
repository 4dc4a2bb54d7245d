"""Small tables of our own results: rows that become a DataFrame, HTML or plain text.

Pandas is loaded only when somebody asks for the frame, so that pure modules can hold a table.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Table", "html_table"]

_CELL = "text-align:left;overflow-wrap:anywhere"  # long addresses break, so that no column is out of sight
_WHOLE = 14  # and words of so many letters do not, so that no column is a thread


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under named columns.

    Examples
    --------
    >>> table = Table(("check", "outcome"), (("signature", "passed"),))
    >>> print(table.text())
    check      outcome
    signature  passed
    """

    columns: tuple[str, ...]
    """The names of the columns, in order."""
    rows: tuple[tuple[object, ...], ...]
    """One tuple a row, as long as ``columns``."""

    def frame(self) -> pd.DataFrame:
        """Give the rows as a DataFrame with one column a name, also where there are no rows."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def text(self) -> str:
        """Give the rows as aligned plain text."""
        grid = [list(self.columns), *([_cell(value) for value in row] for row in self.rows)]
        widths = [max(len(line[index]) for line in grid) for index in range(len(self.columns))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in grid
        )

    def html(self, caption: str = "") -> str:
        """Give the rows as an HTML table; every text is escaped."""
        return html_table(self.columns, self.rows, caption=caption)


def html_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    mark: Callable[[str, object], str] | None = None,
) -> str:
    """Write an HTML table whose every text is escaped.

    Parameters
    ----------
    columns, rows
        The names and the values.
    caption
        A sentence above the table.
    mark
        Gives a sign to put before a value, by column and value; never colour alone carries a meaning.
    """
    kept = [[_cell(value) for value in row] for row in rows]
    head = "".join(
        f'<th scope="col" style="text-align:left{_least_width(texts)}">{html.escape(name)}</th>'
        for name, *texts in zip(columns, *kept, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_CELL}">{(mark(name, text) if mark else "")}{html.escape(text)}</td>'
            for name, text in zip(columns, row, strict=True)
        )
        + "</tr>"
        for row in kept
    )
    title = f'<caption style="text-align:left;caption-side:top">{html.escape(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _least_width(texts: Iterable[str]) -> str:
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    return f";min-width:{min(longest, _WHOLE)}ch" if longest else ""


def _cell(value: object) -> str:
    return "" if value is None else str(value)
