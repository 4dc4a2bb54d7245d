"""What a list can be asked for, in an analyst's words and as it goes over the wire."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from leadping_nb.arguments import MAPPING, TEXT, Wanted, demand, described, quoted, whole
from leadping_nb.contracts import Contract, Operation
from leadping_nb.errors import LeadpingError

__all__ = ["ListOptions", "Query", "as_bounds", "list_options", "wire"]

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
