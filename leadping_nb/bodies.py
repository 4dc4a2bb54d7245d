"""The body of a page: what surrounds its rows, read fast, and the rows themselves, every value as it was sent."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import xxhash

from leadping_nb.errors import LeadpingError, ResponseError

__all__ = ["BOM", "Envelope", "Row", "envelope_of", "items_of", "rows_of_page", "shape_error"]

Row = Mapping[str, Any]

BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, which some servers send although RFC 8259 tells them not to."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds the rows of a page."""

    has_items: bool
    """Whether there is a member ``items`` that is null or a list; its first row is looked at, and is an object."""
    mark: int
    """What to know the rows by if they come again; 0 where there are none."""
    cursor: str | None = None
    """Where the next page begins; None on the last one."""
    total: int | None = None
    """How many rows there are in all, if that was told."""


class _Page(msgspec.Struct):
    items: msgspec.Raw = msgspec.Raw(b"false")
    continuationToken: Any = msgspec.UNSET  # noqa: N815  # the name on the wire
    totalCount: Any = msgspec.UNSET  # noqa: N815  # the name on the wire


_DECODER = msgspec.json.Decoder(_Page)

_MEMBER = rb'"[^"\\]*+"\s*+:\s*+(?:"(?:[^"\\]++|\\.)*+"|[-+.\w]++)\s*+'
_BEFORE_ROWS = re.compile(rb'\s*+\{\s*+(?:%b,\s*+)*+"items"\s*+:\s*+(?=\[)' % _MEMBER)
_AFTER_ROWS = re.compile(rb"\s*+(?:,\s*+%b)*+\}\s*+\Z" % _MEMBER)
"""What is around the rows of a page where it is plain members: no text can look like it, whose quotes are escaped."""

_FARTHEST_END = 4096
"""How far from the end of a page its rows are looked for to end, in bytes."""

_BEGINNING = re.compile(rb"null|\[\s*(?P<first>[\]{])")
"""How ``items`` begins where it is what it should be."""

_BEYOND_PYTHON = re.compile(r"[eE]\+?\d{3}|\d{309}")
"""What may be a number that a float or Python's reading of integers cannot hold."""

_GZIP = "\x1f\x8b"
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".txt")
_LONGEST_NAME = 1_024
"""How files of pages begin, and how their names end and how long these are at most."""


def envelope_of(body: bytes) -> Envelope | None:
    """Read what surrounds the rows of a page, without reading these; None where that is not possible.

    Examples
    --------
    >>> envelope_of(b'{"items": [], "continuationToken": "a", "totalCount": 7}')
    Envelope(has_items=True, mark=0, cursor='a', total=7)
    """
    bare = body.removeprefix(BOM)
    return _read_around(bare) or _read_over(bare) or _read_slowly(bare)


def _read_around(body: bytes) -> Envelope | None:
    """Read the ends of a page alone, or give None where they do not tell all.

    Whoever reads the rows finds what is wrong between them. Of a name that comes twice the last one counts, but for
    one that stands between two lists.
    """
    before = _BEFORE_ROWS.match(body)
    if before is None:
        return None
    start, end = before.end(), len(body)
    while (end := body.rfind(b"]", max(start, len(body) - _FARTHEST_END), end)) >= 0:
        if _AFTER_ROWS.match(body, end + 1):
            break
    else:
        return None
    page = _decoded(b"%b[]%b" % (body[:start], body[end + 1 :]))
    if page is None or msgspec.UNSET in (page.continuationToken, page.totalCount) or bytes(page.items) != b"[]":
        return None  # a member stands among what was taken for rows, or the rows come twice
    return _seen(memoryview(body)[start : end + 1], page)


def _read_over(body: bytes) -> Envelope | None:
    """Read a page without making anything of its rows."""
    page = _decoded(body)
    return None if page is None else _seen(bytes(page.items), page)


def _decoded(body: bytes) -> _Page | None:
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _seen(items: bytes | memoryview, page: _Page) -> Envelope:
    begins = _BEGINNING.match(items)
    mark = _mark(items) if begins and begins["first"] == b"{" else 0
    return _envelope(begins is not None, mark, page.continuationToken, page.totalCount)


def _mark(items: bytes | memoryview) -> int:
    """Give what to know rows by: a hash of no secret, as a server that wants to give a page twice can just do so."""
    return xxhash.xxh3_64_intdigest(items)


def _read_slowly(body: bytes) -> Envelope | None:
    """Read what only Python reads, such as half a character."""
    try:
        page = _parsed(body.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(page, dict):
        return None
    items = page.get("items", False)
    has_items = items is None or (isinstance(items, list) and isinstance((items or [{}])[0], dict))
    mark = _mark(ascii(items).encode()) if items else 0
    return _envelope(has_items, mark, page.get("continuationToken"), page.get("totalCount"))


def _envelope(has_items: bool, mark: int, cursor: object, total: object) -> Envelope:
    return Envelope(
        has_items,
        mark,
        cursor if isinstance(cursor, str) and cursor else None,
        total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def rows_of_page(body: bytes | bytearray | str) -> list[Row]:
    """Read the rows of one page: of its ``items``, of an array, or the object itself.

    Raises
    ------
    ResponseError
        If the page is no JSON, or nested more deeply than Python reads.
    LeadpingError
        If its items are no objects.
    """
    try:
        text = body if isinstance(body, str) else bytes(body).decode("utf-8")
        value = _parsed(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise ResponseError(
            "A page is nested too deeply to be read.", hint="Leave out these rows, with filters or a limit."
        ) from error
    except ValueError as error:
        raise _no_json(body if isinstance(body, str) else bytes(body)) from error
    if isinstance(value, Mapping):
        return items_of(value)
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return value
    raise shape_error(type(value).__name__)


def _no_json(body: bytes | str) -> ResponseError:
    """Make the error for a page that is no JSON; people bring files of other forms, and names of files."""
    text = body if isinstance(body, str) else body.decode("latin-1")
    if text.startswith(_GZIP):
        return ResponseError("A page is compressed with gzip.", hint="Give gzip.decompress(page).")
    if len(text) < _LONGEST_NAME and text.endswith(_SUFFIXES):
        return ResponseError(
            "The name of a file is no page.", hint="Give what is in it: pathlib.Path(name).read_bytes()."
        )
    if _are_lines(text):
        return ResponseError(
            "A page holds more than one JSON value, one a line.", hint="Give its lines: page.splitlines()."
        )
    return ResponseError("A page is no JSON; it may have been cut off.", hint="Load that page again.")


def _are_lines(text: str) -> bool:
    """Whether the first line is an object, and another one follows."""
    first, _, rest = text.strip().partition("\n")
    try:
        return rest.lstrip()[:1] == "{" and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(text: str) -> Any:
    """Read JSON, and numbers that are too large for a float as decimals."""
    if _BEYOND_PYTHON.search(text):
        return json.loads(text, parse_float=_fraction, parse_int=_whole)
    return json.loads(text)


def _fraction(text: str) -> float | Decimal:
    value = float(text)
    return value if math.isfinite(value) else Decimal(text)


def _whole(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:  # Python reads no more than 4300 digits
        return Decimal(text)


def items_of(page: Row) -> list[Row]:
    """Give the rows of a page that was read; an object without items is one row."""
    if "items" not in page:
        return [page]
    items = [] if page["items"] is None else page["items"]
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise shape_error("page whose items are no objects")
    return items


def shape_error(kind: str) -> LeadpingError:
    """Make the error for what is neither a page nor rows."""
    return LeadpingError(
        f"A {kind} is neither a page nor rows.", hint="Give page bytes, a list of pages, or a list of row objects."
    )
