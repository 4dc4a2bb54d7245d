"""The first rows of a frame as short texts, of the columns that tell one row from another."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from leadping_nb.identifiers import shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Preview", "preview"]

_ROWS: Final = 10
_COLUMNS: Final = 8
_LONGEST: Final = 40
"""The most characters of one cell."""


class Preview(NamedTuple):
    """A few rows of a frame, as texts."""

    columns: tuple[str, ...]
    """Names of columns, in the frame's order."""
    rows: tuple[tuple[str, ...], ...]
    """One text a column; empty where there is no value."""
    sentence: str
    """How much of the frame this is."""


def preview(frame: pd.DataFrame) -> Preview:
    """Show the first rows of a frame.

    Columns that have a value in each of these rows, and not always the same, come before those with gaps, those with
    one value throughout, and those without any: lists of the API have many that are empty.

    Examples
    --------
    >>> import pandas as pd
    >>> preview(pd.DataFrame({"note": [None, None], "id": ["lead_example_1", "lead_example_2"]}))[:2]
    (('note', 'id'), (('', 'lead_example_1'), ('', 'lead_example_2')))
    """
    head = frame.head(_ROWS)
    texts = {place: _texts(head, place) for place in range(len(head.columns))}
    ranked = sorted(texts, key=lambda place: _rank(texts[place]))[:_COLUMNS]
    places = sorted(ranked)
    names = tuple(shown(str(head.columns[place]), _LONGEST) for place in places)
    rows = tuple(zip(*(texts[place] for place in places), strict=True))
    return Preview(names, rows, f"{_of(len(rows), len(frame), 'row')}, {_of(len(names), len(texts), 'column')}")


def _texts(head: pd.DataFrame, place: int) -> tuple[str, ...]:
    column = head.iloc[:, place]
    return tuple("" if is_missing else _text(value) for value, is_missing in zip(column, column.isna(), strict=True))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    return shown(str(value), _LONGEST)


def _rank(texts: tuple[str, ...]) -> int:
    if len(set(texts)) > 1:
        return 0 if all(texts) else 1
    return 2 if any(texts) else 3


def _of(count: int, all_: int, noun: str) -> str:
    plural = "" if all_ == 1 else "s"
    return f"{count:,} of {all_:,} {noun}{plural}" if count < all_ else f"{all_:,} {noun}{plural}"
