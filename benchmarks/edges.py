"""29 odd inputs that real lists hold, and what a right frame of each holds.

Most are two ordinary pages and a third with the odd thing, each page larger than the block that a reader looks at.
Columns that end in ``At`` are times; all others are what JSON says they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import data
import pandas as pd

__all__ = ["EDGES", "Edge", "verdict"]

_ROWS, _BOM = 400, b"\xef\xbb\xbf"
_PADDING = "x" * 3_000  # makes a page larger than a block of any reader
_AN_ID = "6cad4a26-8d11-6ece-1738-f7d93d9c1724"
_MORNING = "2026-01-02T03:04:05"


@dataclass(frozen=True, slots=True)
class Edge:
    """One odd input."""

    name: str
    """What is odd."""
    pages: Sequence[bytes] = field(repr=False)
    """The page bodies."""
    right: Callable[[pd.DataFrame], bool] | None = field(repr=False)
    """Whether a frame holds what came; None where there must be an error and no frame."""


def verdict(edge: Edge, frame_of: Callable[[Sequence[bytes]], pd.DataFrame]) -> str:
    """Say what one does with an odd input: ``right``, ``changed`` (silently) or ``raises``."""
    try:
        frame = frame_of(list(edge.pages))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of a library in Rust is no Exception
        return "right" if edge.right is None else "raises"
    if edge.right is None:
        return "changed"
    try:
        return "right" if edge.right(frame) else "changed"
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return "changed"


def _page(items: object, **dumps: Any) -> bytes:
    page = {"continuationToken": None, "items": items, "pageSize": _ROWS}
    return json.dumps(page, **(dumps or {"separators": (",", ":")})).encode()


def _rows(**members: object) -> list[dict[str, object]]:
    return [{"id": f"row-{n}", "createdAt": f"{_MORNING}.123Z", **members, "padding": _PADDING} for n in range(_ROWS)]


def _like(**members: object) -> bytes:
    return _page(_rows(**members))


def _values(frame: pd.DataFrame, name: str) -> list[Any]:
    column = data.column_of(frame, name)
    if column is None:
        raise KeyError(name)
    return [None if null else value for null, value in zip(column.isna(), column.tolist(), strict=True)]


def _ends(name: str, first: object, last: object) -> Callable[[pd.DataFrame], bool]:
    """Whether a column begins and ends with values, of their very types but for numpy's."""

    def right(frame: pd.DataFrame) -> bool:
        values = _values(frame, name)
        return _same(values[0], first) and _same(values[-1], last)

    return right


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, int) and not isinstance(got, str):
        return got == wanted and int(got) == wanted
    return type(got) is type(wanted) and bool(got == wanted)


def _instant(text: str) -> Callable[[pd.DataFrame], bool]:
    return lambda frame: str(_values(frame, "archivedAt")[-1]).replace("T", " ").startswith(text)


def _tags_come_late(frame: pd.DataFrame) -> bool:
    tags = _values(frame, "tags")
    return len(tags[0]) == 0 and dict(tags[-1][0])["name"] == "one"


def _text_beside_object(frame: pd.DataFrame) -> bool:
    return any("none" in map(str, _values(frame, str(name))) for name in frame.columns)


def _both_numbers(frame: pd.DataFrame) -> bool:
    first = frame.iloc[0]
    return sorted(int(value) for name, value in first.items() if str(name).startswith("k") and pd.notna(value)) == [
        1,
        2,
    ]


def _count(rows: int) -> Callable[[pd.DataFrame], bool]:
    return lambda frame: len(frame) == rows


def _third(first: dict[str, object], third: dict[str, object]) -> list[bytes]:
    return [_like(**first), _like(**first), _like(**third)]


def _at(text: str) -> list[bytes]:
    return _third({"archivedAt": f"{_MORNING}Z"}, {"archivedAt": text})


EDGES: tuple[Edge, ...] = (
    Edge("a key that comes late", _third({}, {"late": 5}), _ends("late", None, 5)),
    Edge(
        "a key that comes late in an object",
        _third({"o": {"a": 1}}, {"o": {"a": 1, "b": "z"}}),
        _ends("o.b", None, "z"),
    ),
    Edge("null, then an object", _third({"o": None}, {"o": {"a": 1}}), _ends("o.a", None, 1)),
    Edge("an empty list, then objects", _third({"tags": []}, {"tags": [{"name": "one"}]}), _tags_come_late),
    Edge("null, then 2^53 + 1", _third({"n": None}, {"n": 2**53 + 1}), _ends("n", None, 2**53 + 1)),
    Edge("a whole number of 2^64 - 1", _third({"n": 1}, {"n": 2**64 - 1}), _ends("n", 1, 2**64 - 1)),
    Edge("a whole number of 10^30", _third({"n": 1}, {"n": 10**30}), _ends("n", 1, 10**30)),
    Edge("a whole number, then a fraction", _third({"n": 1}, {"n": 2.5}), _ends("n", 1, 2.5)),
    Edge("2^53 + 1, then a fraction", _third({"n": 2**53 + 1}, {"n": 2.5}), _ends("n", 2**53 + 1, 2.5)),
    Edge("a number, then text", _third({"n": 1}, {"n": "n/a"}), _ends("n", 1, "n/a")),
    Edge("an object, then text", _third({"n": {"a": 1}}, {"n": "none"}), _text_beside_object),
    Edge(
        "text that looks like a date",
        _third({"t": "2026-01-02"}, {"t": "2026-01-03"}),
        _ends("t", "2026-01-02", "2026-01-03"),
    ),
    Edge("text like a date, then words", _third({"t": "2026-01-02"}, {"t": "soon"}), _ends("t", "2026-01-02", "soon")),
    Edge("digits as text", _third({"t": "00123"}, {"t": "00123"}), _ends("t", "00123", "00123")),
    Edge("text that looks like a UUID", _third({"t": _AN_ID}, {"t": _AN_ID}), _ends("t", _AN_ID, _AN_ID)),
    Edge("a time in year 1", _at("0001-01-01T00:00:00Z"), _instant("0001-01-01 00:00:00")),
    Edge("times of 0 to 7 digits", _at(f"{_MORNING}.1234567+00:00"), _instant("2026-01-02 03:04:05.1234567")),
    Edge("a time with +02:00", _at(f"{_MORNING}+02:00"), _instant("2026-01-02 01:04:05")),
    Edge("a time without a zone", _at(_MORNING), _instant("2026-01-02 03:04:05")),
    Edge("an empty page at the end", [_like(n=1), _like(n=2), _page([])], _count(800)),
    Edge("an empty page at the beginning", [_page([]), _like(n=1), _like(n=2)], _ends("n", 1, 2)),
    Edge("items that are null", [_like(n=1), _like(n=2), _page(None)], _count(800)),
    Edge("no rows at all", [_page([])], _count(0)),
    Edge("pages that are pretty-printed", [_page(_rows(n=1), indent=2)] * 3, _count(1_200)),
    Edge("a byte order mark", [_BOM + _like(n=1), _BOM + _like(n=2)], _ends("n", 1, 2)),
    Edge("half a character", [_like(t="a"), _like(t="b"), _like(t="\ud800")], _ends("t", "a", "\ud800")),
    Edge("a key twice", [_like(n=1), _like(n=1), _like(n=1).replace(b'"n":1', b'"n":1,"n":9')], _ends("n", 1, 9)),
    Edge('a key "k.b" beside an object k with b', [_page([{"k.b": 1, "k": {"b": 2}}] * 3)] * 3, _both_numbers),
    Edge("a page that was cut off", [_like(n=1), _like(n=2), _like(n=3)[:-50]], None),
)
"""All of them."""
