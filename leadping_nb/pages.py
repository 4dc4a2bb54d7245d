"""Walks over lists: lazy, bounded, safe against cursors that go in circles."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypedDict

from leadping_nb.arguments import MAPPING, TEXT, Wanted, demand, described, quoted, whole
from leadping_nb.bodies import envelope_of, rows_of_page
from leadping_nb.contracts import Contract, Operation
from leadping_nb.errors import LeadpingError, PagingError, ResponseError
from leadping_nb.session.addresses import fill
from leadping_nb.session.answers import Answer, json_of
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["ListOptions", "Page", "Query", "as_bounds", "list_options", "pages", "read_page", "wire"]

_NAMED = 8
"""How many names a hint gives before it counts the rest."""

_NANOSECONDS = re.compile(r"(\.\d{7})\d\d")
_BOUNDS: Mapping[str, str] = {
    ">": "greaterThan",
    ">=": "greaterThanOrEqual",
    "<": "lessThan",
    "<=": "lessThanOrEqual",
}


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What to ask a list for, in an analyst's words."""

    page_size: int = 200
    """Rows a request; the server may give fewer."""
    filters: Mapping[str, object] = field(default_factory=dict)
    """A value that each named field must equal."""
    ranges: Mapping[str, object] = field(default_factory=dict)
    """Bounds of each named field: ``(from, before)`` with None for open, or a dict by ``>``, ``>=``, ``<``, ``<=``."""
    order_by: str | Sequence[str] = ()
    """Fields to order by; a leading ``-`` is descending."""
    search: str | None = None
    """Free text to look for."""
    search_fields: Sequence[str] = ()
    """The fields to look in."""
    count: bool = True
    """Whether to ask how many rows there are in all."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Query parameters of the operation, such as ``archiveFilter``."""

    def check(self, operation: Operation, contract: Contract) -> None:
        """Raise `LeadpingError` for what the operation cannot take, naming what is nearest to it."""
        known = [parameter.name for parameter in operation.query]
        for name in self.params:
            _check_name(name, known, f"{operation.id} has no query parameter {quoted(str(name))}.")
        if operation.paging_in != "body":
            asked = [
                name for name in ("filters", "ranges", "order_by", "search", "search_fields") if getattr(self, name)
            ]
            if asked:
                raise LeadpingError(
                    f"{operation.id} takes no {', '.join(asked)}.", hint="Load it whole and filter the frame."
                )
            return
        self.body(None, self.page_size)  # what cannot be written raises here, before anything is sent
        model = operation.item_model
        if model is None or model not in contract.models:
            return
        columns = list(contract.models.columns(model))
        ordered = (entry.removeprefix("-") for entry in self._order())
        for name in (*self.filters, *self.ranges, *ordered, *self.search_fields):
            _check_name(name, columns, f"The rows of {operation.id} have no field {quoted(str(name))}.")

    def body(self, cursor: str | None, page_size: int) -> dict[str, object]:
        """Give the options as the API's RequestDataOptions."""
        body: dict[str, object] = {"pageSize": page_size, "includeCount": self.count}
        if cursor is not None:
            body["continuationToken"] = cursor
        if self.filters:
            body["filters"] = [{"field": name, "value": wire(value)} for name, value in self.filters.items()]
        ranges = {name: _bounds(name, bounds) for name, bounds in self.ranges.items()}
        if any(ranges.values()):
            body["rangeFilters"] = [{"field": name, **bounds} for name, bounds in ranges.items() if bounds]
        if self._order():
            body["orderBy"] = [
                {"field": entry.removeprefix("-"), "direction": "desc" if entry.startswith("-") else "asc"}
                for entry in self._order()
            ]
        if self.search is not None:
            body["search"] = self.search
        if self.search_fields:
            body["searchFields"] = list(self.search_fields)
        return body

    def _order(self) -> tuple[str, ...]:
        return (self.order_by,) if isinstance(self.order_by, str) else tuple(self.order_by)


class Query(TypedDict, total=False):
    """What a list can be asked for, as keywords."""

    page_size: int
    """Rows a request; the server may give fewer. 200 unless given."""
    filters: Mapping[str, object]
    """A value that each named field must equal."""
    ranges: Mapping[str, object]
    """Bounds of each named field: ``(from, before)`` with None for open, or a dict by ``>``, ``>=``, ``<``, ``<=``."""
    order_by: str | Sequence[str]
    """Fields to order by; a leading ``-`` is descending."""
    search: str | None
    """Free text to look for."""
    search_fields: Sequence[str]
    """The fields to look in."""
    params: Mapping[str, object]
    """Query parameters of the operation, such as ``{"archiveFilter": "all"}``."""
    path: Mapping[str, str] | None
    """A value for each name in the operation's path, such as ``{"leadId": "…"}``."""


_LARGEST_PAGE = 2**31 - 1
"""The largest number that the API reads as a page size, an int32."""

_KINDS: Mapping[str, Wanted] = {
    "filters": MAPPING,
    "ranges": MAPPING,
    "order_by": Wanted("a field or a list of fields", "Write {name}='-createdAt'.", lambda value: _are_texts(value)),
    "search": TEXT,
    "search_fields": Wanted(
        "a list of fields",
        "Write {name}=['firstName'].",
        lambda value: not isinstance(value, str) and _are_texts(value),
    ),
    "params": MAPPING,
    "path": MAPPING,
}
"""What each option must be; page_size is a number."""


def _are_texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, Sequence | Set)
        and not isinstance(value, bytes | bytearray | memoryview)
        and all(isinstance(entry, str) for entry in value)
    )


def list_options(query: Query) -> ListOptions:
    """Give keywords as options; raise `LeadpingError` for one that there is not."""
    for name in query:
        _check_name(name, list(Query.__annotations__), f"A list takes no {quoted(name)}.")
    given: dict[str, Any] = {name: value for name, value in query.items() if value is not None}
    for name, value in given.items():
        if name in _KINDS:
            demand(_KINDS[name], **{name: value})
    options = {name: value for name, value in given.items() if name != "path"}
    if "page_size" in options:
        hint = "It is the number of rows a request, without quotes."
        options["page_size"] = whole("page_size", options["page_size"], least=1, most=_LARGEST_PAGE, hint=hint)
    return ListOptions(**options)


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    number: int
    """Its place, from 1."""
    body: bytes = field(repr=False)
    """As it came."""
    cursor: str | None
    """Where the next page begins; None on the last one."""
    total: int | None
    """How many rows there are in all, if that was asked and told."""
    note: str | None = None
    """What whoever asked should know."""

    @cached_property
    def items(self) -> tuple[Mapping[str, object], ...]:
        """The rows as JSON objects."""
        return tuple(rows_of_page(self.body))


def pages(
    session: Session,
    operation: Operation,
    *,
    options: ListOptions | None = None,
    path: Mapping[str, str] | None = None,
    cursor: str | None = None,
    number: int = 1,
    limit: int | None = None,
    counted: Callable[[], int] | None = None,
    patience: Patience | None = None,
    when_sent: Callable[[], None] | None = None,
) -> Iterator[Page]:
    """Walk a list page by page; each page is asked for when it is needed.

    Parameters
    ----------
    session
        What asks.
    operation
        A list of the contract.
    options
        What to ask for.
    path
        A value for each name in the operation's path.
    cursor, number
        Where to begin, and the number of that page: at the first one unless given.
    limit
        The most rows that are wanted; the last page may hold more.
    counted
        Gives how many rows came so far; called where a limit may have been reached.
    patience
        The waits that all requests may spend together.
    when_sent
        Is called when a request has left and its page is yet to come, as `Session.read` does.

    Raises
    ------
    PagingError
        If a cursor or the rows of a page come twice.
    ResponseError
        If an answer is no page.
    """
    asked = options or ListOptions()
    asked.check(operation, session.contract)
    fill(operation, path or {})
    return _walked(
        session, operation, asked, path or {}, cursor, number, limit, counted, patience or Patience(), when_sent
    )


def _walked(
    session: Session,
    operation: Operation,
    asked: ListOptions,
    path: Mapping[str, str],
    cursor: str | None,
    number: int,
    limit: int | None,
    counted: Callable[[], int] | None,
    patience: Patience,
    when_sent: Callable[[], None] | None,
) -> Iterator[Page]:
    cursors = set() if cursor is None else {cursor}
    marks: dict[int, int] = {}
    wanted = 0
    while True:
        size = asked.page_size if limit is None else max(1, min(asked.page_size, limit - wanted))
        answer = _ask(session, operation, asked, path, cursor, size, patience, when_sent)
        page, mark = read_page(answer, paged=operation.paged, number=number)
        if mark and marks.setdefault(mark, number) != number:
            raise PagingError(f"{operation.id} gave the rows of page {marks[mark]} again as page {number}.")
        yield page
        wanted += size
        if limit is not None and wanted >= limit:
            wanted = counted() if counted else wanted
        if page.cursor is None or (limit is not None and wanted >= limit):
            return
        if page.cursor in cursors:
            raise PagingError(f"{operation.id} gave a cursor twice, on page {number}, so the list would not end.")
        cursors.add(page.cursor)
        cursor = page.cursor
        number += 1


def _ask(
    session: Session,
    operation: Operation,
    options: ListOptions,
    path: Mapping[str, str],
    cursor: str | None,
    size: int,
    patience: Patience,
    when_sent: Callable[[], None] | None,
) -> Answer:
    query = dict(options.params)
    body: object = None
    if operation.paging_in == "body":
        body = options.body(cursor, size)
    elif operation.paging_in == "query":
        query |= {"PageSize": size, "ContinuationToken": cursor}
    return session.read(operation, path=path, query=query, body=body, patience=patience, when_sent=when_sent)


def read_page(answer: Answer, *, paged: bool, number: int) -> tuple[Page, int]:
    """Read one page from an answer, and the mark to know its rows by; raise `ResponseError` if it is none."""
    if not paged:
        value = json_of(answer)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _no_page(answer, "a list of objects")
        return Page(number, answer.body, None, None, answer.note), 0
    envelope = envelope_of(answer.body)
    if envelope is None or not envelope.has_items:
        json_of(answer)
        raise _no_page(answer, 'an object with a list of objects under "items"')
    return Page(number, answer.body, envelope.cursor, envelope.total, answer.note), envelope.mark


def _no_page(answer: Answer, expected: str) -> ResponseError:
    return ResponseError(
        f"{answer.method} {answer.url} answered with JSON that is not {expected}.",
        status=answer.status,
        url=answer.url,
        headers=answer.headers,
    )


def wire(value: object) -> object:
    """Give a value as it goes over the wire: instants with their offset, numbers exact."""
    if isinstance(value, datetime):
        if value != value:  # pandas' NaT equals nothing
            raise LeadpingError("A list cannot be asked for NaT, which is no time.", hint="Use a time, or None.")
        if value.tzinfo is None:
            raise LeadpingError(f"{value} has no time zone.", hint="Say which: value.replace(tzinfo=timezone.utc).")
        text = _NANOSECONDS.sub(r"\1", value.isoformat())  # .NET reads seven digits
        return text.replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    item = getattr(value, "item", None)  # a numpy scalar, without numpy
    value = item() if callable(item) else value
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise LeadpingError(
            f"A list cannot be asked for {described(value)}.", hint="Use a text, number or date."
        ) from error
    return value


def as_bounds(name: str, bounds: object) -> dict[str, object]:
    """Give the bounds of a field by their signs, as they go over the wire, whichever way they were written."""
    if isinstance(bounds, tuple | list) and len(bounds) == 2:
        given: Mapping[str, object] = {">=": bounds[0], "<": bounds[1]}
    elif isinstance(bounds, Mapping):
        given = bounds
    else:
        raise LeadpingError(f"The range of {name} is no pair.", hint="Use (from, before) or {'>=': from, '<': before}.")
    signs = {word: sign for sign, word in _BOUNDS.items()}
    for sign in given:
        _check_name(str(sign), [*_BOUNDS, *signs], f"{quoted(str(sign))} is no bound of {name}.")
    return {signs.get(sign, sign): wire(value) for sign, value in given.items() if value is not None}


def _bounds(name: str, bounds: object) -> dict[str, object]:
    return {_BOUNDS[sign]: value for sign, value in as_bounds(name, bounds).items()}


def _check_name(name: str, known: Sequence[str], sentence: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
        raise LeadpingError(sentence, hint=f"Did you mean {' or '.join(near)}?" if near else _listed(known))


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"There is {', '.join(names[:_NAMED])}{rest}." if names else "It has none."
