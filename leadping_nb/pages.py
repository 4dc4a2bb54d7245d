"""Walks over lists: lazy, bounded, safe against cursors that go in circles."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from leadping_nb.contracts import Contract, Operation
from leadping_nb.errors import LeadpingError, PagingError, ResponseError
from leadping_nb.session.answers import Answer, json_of
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["ListOptions", "Page", "pages"]

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
        if self.page_size < 1:
            raise LeadpingError(
                f"page_size is {self.page_size}.", hint="It is the number of rows a request: 1 or more."
            )
        known = [parameter.name for parameter in operation.query]
        for name in self.params:
            _check_name(name, known, f"{operation.id} has no query parameter {name!r}.")
        if operation.paging_in != "body":
            asked = [
                name for name in ("filters", "ranges", "order_by", "search", "search_fields") if getattr(self, name)
            ]
            if asked:
                raise LeadpingError(
                    f"{operation.id} takes no {', '.join(asked)}.", hint="Load it whole and filter the frame."
                )
            return
        model = operation.item_model
        if model is None or model not in contract.models:
            return
        columns = list(contract.models.columns(model))
        for name in (*self.filters, *self.ranges, *(entry.lstrip("-") for entry in self._order()), *self.search_fields):
            _check_name(name, columns, f"The rows of {operation.id} have no field {name!r}.")

    def body(self, cursor: str | None, page_size: int) -> dict[str, object]:
        """Give the options as the API's RequestDataOptions."""
        body: dict[str, object] = {"pageSize": page_size, "includeCount": self.count}
        if cursor is not None:
            body["continuationToken"] = cursor
        if self.filters:
            body["filters"] = [{"field": name, "value": wire(value)} for name, value in self.filters.items()]
        if self.ranges:
            body["rangeFilters"] = [{"field": name, **_bounds(name, bounds)} for name, bounds in self.ranges.items()]
        if self._order():
            body["orderBy"] = [
                {"field": entry.lstrip("-"), "direction": "desc" if entry.startswith("-") else "asc"}
                for entry in self._order()
            ]
        if self.search is not None:
            body["search"] = self.search
        if self.search_fields:
            body["searchFields"] = list(self.search_fields)
        return body

    def _order(self) -> tuple[str, ...]:
        return (self.order_by,) if isinstance(self.order_by, str) else tuple(self.order_by)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    number: int
    """Its place, from 1."""
    items: tuple[Mapping[str, object], ...] = field(repr=False)
    """The rows as JSON objects."""
    cursor: str | None
    """Where the next page begins; None on the last one."""
    total: int | None
    """How many rows there are in all, if that was asked and told."""
    note: str | None = None
    """What whoever asked should know."""


def pages(
    session: Session,
    operation: Operation,
    *,
    options: ListOptions | None = None,
    path: Mapping[str, str] | None = None,
    limit: int | None = None,
    patience: Patience | None = None,
) -> Iterator[Page]:
    """Give a list page by page; a bare list is one page.

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
    limit
        The most rows that are wanted; the last page may hold more.
    patience
        The waits that all requests may spend together.

    Raises
    ------
    PagingError
        If a cursor comes twice.
    ResponseError
        If an answer is no page.
    """
    asked = options or ListOptions()
    asked.check(operation, session.contract)
    allowance = patience or Patience()
    cursor: str | None = None
    seen: set[str] = set()
    rows = 0
    for number in range(1, 10_000_000):
        size = asked.page_size if limit is None else max(1, min(asked.page_size, limit - rows))
        page = _page(session, operation, asked, path or {}, cursor, size, number, allowance)
        yield page
        rows += len(page.items)
        if page.cursor is None or (limit is not None and rows >= limit):
            return
        if page.cursor in seen:
            raise PagingError(f"{operation.id} gave a cursor twice, on page {number}, so the list would not end.")
        seen.add(page.cursor)
        cursor = page.cursor


def _page(
    session: Session,
    operation: Operation,
    options: ListOptions,
    path: Mapping[str, str],
    cursor: str | None,
    size: int,
    number: int,
    patience: Patience,
) -> Page:
    query = dict(options.params)
    body: object = None
    if operation.paging_in == "body":
        body = options.body(cursor, size)
    elif operation.paging_in == "query":
        query |= {"PageSize": size, "ContinuationToken": cursor}
    answer = session.read(operation, path=path, query=query, body=body, patience=patience)
    return read_page(answer, paged=operation.paged, number=number)


def read_page(answer: Answer, *, paged: bool, number: int) -> Page:
    """Read one page from an answer; raise `ResponseError` if it is none."""
    value = json_of(answer)
    if paged:
        items = value.get("items", ...) if isinstance(value, dict) else ...
        expected = 'an object with a list under "items"'
    else:
        items, expected = value, "a list"
    if items is None:
        items = []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ResponseError(
            f"{answer.method} {answer.url} answered with JSON that is not {expected} of objects.",
            status=answer.status,
            url=answer.url,
            headers=answer.headers,
        )
    whole = value if isinstance(value, dict) else {}
    cursor, total = whole.get("continuationToken"), whole.get("totalCount")
    return Page(
        number,
        tuple(items),
        cursor if isinstance(cursor, str) and cursor else None,
        total if isinstance(total, int) and not isinstance(total, bool) else None,
        answer.note,
    )


def wire(value: object) -> object:
    """Give a value as it goes over the wire: instants with their offset, numbers exact."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise LeadpingError(f"{value} has no time zone.", hint="Say which: value.replace(tzinfo=timezone.utc).")
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    item = getattr(value, "item", None)  # a numpy scalar, without numpy
    value = item() if callable(item) else value
    try:
        json.dumps(value)
    except (TypeError, ValueError) as error:
        raise LeadpingError(
            f"A {type(value).__name__} cannot be asked for.", hint="Use a text, number or date."
        ) from error
    return value


def _bounds(name: str, bounds: object) -> dict[str, object]:
    if isinstance(bounds, tuple | list) and len(bounds) == 2:
        named = {"greaterThanOrEqual": bounds[0], "lessThan": bounds[1]}
    elif isinstance(bounds, Mapping):
        named = {}
        for sign, value in bounds.items():
            _check_name(str(sign), [*_BOUNDS, *_BOUNDS.values()], f"{sign!r} is no bound of {name}.")
            named[_BOUNDS.get(str(sign), str(sign))] = value
    else:
        raise LeadpingError(f"The range of {name} is no pair.", hint="Use (from, before) or {'>=': from, '<': before}.")
    return {bound: wire(value) for bound, value in named.items() if value is not None}


def _check_name(name: str, known: Sequence[str], sentence: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or list(known)[:8]
        raise LeadpingError(sentence, hint=f"There is {', '.join(near)}." if near else "It has none.")
