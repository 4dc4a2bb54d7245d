"""Reading a list by RequestDataOptions: search, filters, ranges, order, cursor.

What no document states and is assumed here:

- a page has 50 rows unless told, and 500 at most; 0 and null count as not told;
- every column of a single value may be filtered and sorted, every text may be searched; all conditions must hold;
- text compares by code point, search looks for a part without regard to case, date-times compare as instants;
- nulls sort last in both directions, and pass no range; a filter for null finds them;
- a cursor is good for the same options only, page size and count aside, and rows that arrive in front move nothing;
- an option, field or type that is unknown is refused and not ignored.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from leadping_nb.sandbox.cursors import Cursor
from leadping_nb.sandbox.moments import ticks_of
from leadping_nb.sandbox.readings import Reading
from leadping_nb.sandbox.rows import Row, Rows

if TYPE_CHECKING:
    from leadping_nb.models import Field

__all__ = ["DEFAULT_PAGE_SIZE", "LARGEST_PAGE_SIZE", "InvalidOptions", "Rows", "read"]

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 500
_REMEMBERED = 8  # queries whose hits a list keeps

_OPTIONS = (
    "pageSize",
    "continuationToken",
    "includeCount",
    "orderBy",
    "search",
    "searchFields",
    "filters",
    "rangeFilters",
)
_BOUNDS: Mapping[str, Callable[[object, object], bool]] = {
    "greaterThan": lambda value, bound: value > bound,  # type: ignore[operator]  # both are of the column's type
    "greaterThanOrEqual": lambda value, bound: value >= bound,  # type: ignore[operator]  # as above
    "lessThan": lambda value, bound: value < bound,  # type: ignore[operator]  # as above
    "lessThanOrEqual": lambda value, bound: value <= bound,  # type: ignore[operator]  # as above
}
_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "any": (str, int, float, bool),
}
_ORDERED = ("string", "integer", "number")

Test = Callable[[Row], bool]
_T = TypeVar("_T")


class InvalidOptions(ValueError):  # noqa: N818  # the server's name for a 400, not an error of the toolkit
    """Options that the list cannot honour; ``detail`` says which and what would do."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def read(rows: Rows, options: Mapping[str, object], *, columns: Mapping[str, Field], signing: bytes = b"") -> Reading:
    """Read a list as the options ask for it.

    Parameters
    ----------
    rows
        The list.
    options
        RequestDataOptions as JSON gave them.
    columns
        The columns that options may name, by dotted name.
    signing
        Bytes that bind a cursor to one server and list.

    Returns
    -------
    Reading
        The page that was asked for, and the way to all others.

    Raises
    ------
    InvalidOptions
        If an option is unknown, of a wrong type, or names a column that is not there.
    """
    for name in options:
        if name not in _OPTIONS:
            raise InvalidOptions(f"There is no option {name!r}{_nearest(name, _OPTIONS)}.")
    size = _page_size(options.get("pageSize"))
    count = _typed(options, "includeCount", bool)
    query = {name: options[name] for name in _OPTIONS[3:] if options.get(name) not in (None, "", [])}
    mark = hashlib.blake2b(json.dumps(query, sort_keys=True).encode(), digest_size=9, key=signing[:64]).hexdigest()
    token = _typed(options, "continuationToken", str)
    cursor = _cursor(token, mark) if token else None
    hits = _hits(rows, query, columns, mark)
    found = rows if hits is None else rows.picked(hits)
    if cursor is None:
        return Reading(found, 0, size, bool(count), mark)
    return Reading(found, max(len(found) - cursor.left, 0), size, bool(count), mark, cursor.note)


def _page_size(wanted: object) -> int:
    if wanted is None or (wanted == 0 and not isinstance(wanted, bool)):
        return DEFAULT_PAGE_SIZE
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise InvalidOptions("pageSize must be a whole number.")
    if wanted < 0:
        raise InvalidOptions("pageSize must not be negative.")
    return min(wanted, LARGEST_PAGE_SIZE)


def _cursor(token: str, mark: str) -> Cursor:
    try:
        return Cursor.of(token, mark)
    except ValueError:
        raise InvalidOptions("continuationToken is none of this list with these options; begin without one.") from None


def _hits(rows: Rows, query: Mapping[str, object], columns: Mapping[str, Field], mark: str) -> Sequence[int] | None:
    """Give the indices that a query finds, in order, or None where it asks for everything as it comes."""
    tests = [*_filters(query, columns), *_ranges(query, columns), *_search(query, columns)]
    orders = _orders(query, columns)
    if not tests and not orders:
        return None
    if mark not in rows.found:
        keep = {at: row for at, row in enumerate(rows) if all(test(row) for test in tests)} if orders else None
        if keep is None:
            found: Sequence[int] = [at for at, row in enumerate(rows) if all(test(row) for test in tests)]
        else:
            found = _sorted(keep, orders)
        while len(rows.found) >= _REMEMBERED:
            rows.found.pop(next(iter(rows.found)))
        rows.found[mark] = found
    return rows.found[mark]


def _sorted(kept: Mapping[int, Row], orders: Sequence[tuple[Callable[[Row], object], bool]]) -> list[int]:
    indices = list(kept)
    for read, descending in reversed(orders):
        keys = {at: read(kept[at]) for at in indices}
        present = [at for at in indices if keys[at] is not None]
        missing = [at for at in indices if keys[at] is None]
        present.sort(key=lambda at: keys[at], reverse=descending)  # type: ignore[arg-type, return-value]
        indices = present + missing
    return indices


def _filters(query: Mapping[str, object], columns: Mapping[str, Field]) -> Iterable[Test]:
    for entry in _entries(query, "filters", ("field", "value")):
        name, column = _column(entry, columns, "filters")
        wanted = _comparable(entry.get("value"), column, f"filters: {name}")
        read = _reader(name, column)
        yield lambda row, read=read, wanted=wanted: read(row) == wanted  # type: ignore[misc]  # bound here


def _ranges(query: Mapping[str, object], columns: Mapping[str, Field]) -> Iterable[Test]:
    for entry in _entries(query, "rangeFilters", ("field", *_BOUNDS)):
        name, column = _column(entry, columns, "rangeFilters")
        if column.type not in _ORDERED:
            raise InvalidOptions(f"rangeFilters: {name} is a {column.type} and has no order.")
        given = [(_BOUNDS[word], entry[word]) for word in _BOUNDS if entry.get(word) is not None]
        if not given:
            raise InvalidOptions(f"rangeFilters: {name} has no bound; give one of {', '.join(_BOUNDS)}.")
        bounds = [(compare, _comparable(bound, column, f"rangeFilters: {name}")) for compare, bound in given]
        read = _reader(name, column)

        def within(
            row: Row,
            read: Callable[[Row], object] = read,
            bounds: list[tuple[Callable[[object, object], bool], object]] = bounds,
        ) -> bool:
            value = read(row)
            return value is not None and all(compare(value, bound) for compare, bound in bounds)

        yield within


def _search(query: Mapping[str, object], columns: Mapping[str, Field]) -> Iterable[Test]:
    wanted = _typed(query, "search", str)
    names = query.get("searchFields")
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise InvalidOptions("searchFields must be an array of texts.")
    for name in names or ():
        column = _known(name, columns, "searchFields")
        if column.type != "string":
            raise InvalidOptions(f"searchFields: {name} is no text.")
    if wanted is None:
        return
    fields = names or [name for name, column in columns.items() if column.type == "string" and not _is_time(column)]
    readers = [_plain_reader(name) for name in fields]
    needle = wanted.casefold()
    yield lambda row: any(isinstance(value := read(row), str) and needle in value.casefold() for read in readers)


def _orders(query: Mapping[str, object], columns: Mapping[str, Field]) -> list[tuple[Callable[[Row], object], bool]]:
    orders = []
    for entry in _entries(query, "orderBy", ("field", "direction")):
        name, column = _column(entry, columns, "orderBy")
        direction = entry.get("direction") or "asc"
        if direction not in ("asc", "desc"):
            raise InvalidOptions(f"orderBy: the direction of {name} must be asc or desc.")
        orders.append((_reader(name, column), direction == "desc"))
    return orders


def _entries(query: Mapping[str, object], option: str, words: Sequence[str]) -> Iterable[Mapping[str, object]]:
    entries = query.get(option, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidOptions(f"{option} must be an array of objects with {', '.join(words)}.")
    for entry in entries:
        for word in entry:
            if word not in words:
                raise InvalidOptions(f"{option} has no {word!r}{_nearest(word, words)}.")
        yield entry


def _column(entry: Mapping[str, object], columns: Mapping[str, Field], option: str) -> tuple[str, Field]:
    name = entry.get("field")
    if not isinstance(name, str):
        raise InvalidOptions(f"{option}: each entry needs a field.")
    column = _known(name, columns, option)
    if column.type not in _PYTHON_TYPES:
        raise InvalidOptions(f"{option}: {name} is a {column.type}, not a single value.")
    return name, column


def _known(name: str, columns: Mapping[str, Field], option: str) -> Field:
    if name not in columns:
        raise InvalidOptions(f"{option}: there is no field {name!r}{_nearest(name, tuple(columns))}.")
    return columns[name]


def _comparable(value: object, column: Field, where: str) -> object:
    if value is None:
        return None
    kinds = _PYTHON_TYPES[column.type]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise InvalidOptions(f"{where} wants a {column.type}.")
    if isinstance(value, str) and column.format == "date-time":
        try:
            return ticks_of(value)
        except ValueError:
            raise InvalidOptions(f"{where} wants a date-time such as 2026-07-01T00:00:00Z.") from None
    return value


def _reader(name: str, column: Field) -> Callable[[Row], object]:
    read = _plain_reader(name)
    if column.format != "date-time":
        return read

    def moment(row: Row) -> object:
        value = read(row)
        return ticks_of(value) if isinstance(value, str) else None

    return moment


def _plain_reader(name: str) -> Callable[[Row], object]:
    if "." not in name:
        return lambda row: row.get(name)
    parts = name.split(".")

    def nested(row: Row) -> object:
        value: object = row
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    return nested


def _is_time(column: Field) -> bool:
    return column.format in ("date-time", "date", "time")


def _typed(options: Mapping[str, object], name: str, kind: type[_T]) -> _T | None:
    value = options.get(name)
    if value is not None and not isinstance(value, kind):
        raise InvalidOptions(f"{name} must be a {'text' if kind is str else 'boolean'}.")
    return value


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name.lower(), [entry.lower() for entry in known], n=1, cutoff=0.0)
    return f"; the nearest is {next(entry for entry in known if entry.lower() == close[0])!r}" if close else ""
