"""JSON to a DataFrame that says where it came from and whether it is whole."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd

from leadping_nb.columns import column, spread
from leadping_nb.contracts import Contract, Operation, contract as load_contract
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError, PagingError, ResponseError, TransportError
from leadping_nb.models import Field
from leadping_nb.pages import ListOptions, Page

__all__ = ["Passport", "load_frame", "to_frame"]

_PAGE_MEMBERS = frozenset({"continuationToken", "pageSize", "totalCount"})


@dataclass(slots=True)
class Passport:
    """Where a frame came from and whether it is whole; ``df.attrs["leadping"]`` holds it as a dict for JSON."""

    operation: str
    """Method and path of the list."""
    options: dict[str, object]
    """What was asked for."""
    revision: str
    """The contract's revision."""
    key_type: str | None
    """The type of the credential; never the credential."""
    loaded_at: str
    """When, in UTC (RFC 3339)."""
    pages: int = 0
    """How many pages came."""
    rows: int = 0
    """How many rows the frame has."""
    total: int | None = None
    """How many rows the server says there are."""
    complete: bool = False
    """Whether the frame holds all that was there."""
    reason: str | None = "nothing was loaded"
    """Why it is not complete; None if it is."""
    cursor: str | None = None
    """Where the next page would begin."""
    notes: list[str] = field(default_factory=list)
    """What was unusual, in sentences."""


def to_frame(data: object, model: str | None = None, *, contract: Contract | None = None) -> pd.DataFrame:
    """Make a DataFrame of API data; nothing is changed silently.

    Parameters
    ----------
    data
        One page as bytes, text or dict; a list of pages; or a list of rows.
    model
        The model of one row, such as ``LeadTableRow``: gives dtypes, and columns also where there are no rows.
    contract
        Whose models to use; the seed's revision unless given.

    Returns
    -------
    pandas.DataFrame
        One row an item. Objects become ``a.b`` columns, lists stay lists, unknown fields are kept; ``str``,
        ``Int64``, ``Float64``, ``boolean``, ``datetime64[ns, UTC]``, and a decimal for ledger money.
        ``attrs["leadping"]["notes"]`` names the columns that had to fall back.

    Raises
    ------
    LeadpingError
        If the data are neither pages nor rows, or the model is not known.
    ResponseError
        If a page is no JSON.

    Examples
    --------
    >>> to_frame([{"id": "1", "tags": []}, {"id": "2", "price": 7}]).dtypes.astype(str).to_dict()
    {'id': 'str', 'tags': 'object', 'price': 'Int64'}
    """
    known = contract or load_contract()
    if model is not None and model not in known.models:
        raise LeadpingError(
            f"The contract of {known.revision} has no model {model!r}.", hint="Operation.row_model names it."
        )
    frame, notes = _assemble(list(_rows(data)), known.models.columns(model) if model else {})
    frame.attrs["leadping"] = {"rows": len(frame), "model": model, "revision": known.revision, "notes": notes}
    return frame


def load_frame(
    pages: Iterator[Page],
    operation: Operation,
    *,
    contract: Contract,
    options: ListOptions,
    limit: int | None = None,
    key_type: str | None = None,
    on_error: Literal["warn", "raise"] = "warn",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> pd.DataFrame:
    """Load pages into a frame with a passport; rows that came are never thrown away.

    Parameters
    ----------
    pages
        The walk.
    operation, contract, options, key_type
        What is loaded, for dtypes and passport.
    limit
        The most rows.
    on_error
        What to do when a later page fails: ``warn`` and give what came, or ``raise`` with it in ``error.frame``.
    now
        The clock.

    Raises
    ------
    LeadpingError
        If the first page fails; or a later one, with ``on_error="raise"``.
    """
    asked = {name: value for name, value in asdict(options).items() if value not in (None, {}, ())}
    if limit is not None:
        asked["limit"] = limit
    passport = Passport(
        operation.id,
        json.loads(json.dumps(asked, default=str)),
        contract.revision,
        key_type,
        now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    rows: list[Mapping[str, Any]] = []
    failure: LeadpingError | None = None
    try:
        for page in pages:
            rows.extend(page.items)
            passport.pages, passport.cursor = page.number, page.cursor
            passport.total = page.total if page.total is not None else passport.total
            if page.note and page.note not in passport.notes:
                passport.notes.append(page.note)
    except (ResponseError, TransportError, PagingError) as error:
        if passport.pages == 0:
            raise
        failure = error
    rows = rows if limit is None else rows[:limit]
    _conclude(passport, len(rows), limit, failure)
    model = operation.row_model
    fields = contract.models.columns(model) if model is not None and model in contract.models else {}
    frame, notes = _assemble(rows, fields)
    passport.notes += notes
    frame.attrs["leadping"] = asdict(passport)
    if failure is not None:
        if on_error == "raise":
            failure.frame = frame
            raise failure
        warnings.warn(f"{passport.reason} The frame holds what came.", IncompleteFrameWarning, stacklevel=3)
    return frame


def _conclude(passport: Passport, rows: int, limit: int | None, failure: LeadpingError | None) -> None:
    passport.rows = rows
    passport.complete = False
    if failure is not None:
        passport.reason = f"The load stopped after {rows:,} rows in {passport.pages} pages: {failure.message}"
    elif limit is not None and rows >= limit and (passport.cursor is not None or (passport.total or 0) > rows):
        of = f" of {passport.total:,}" if passport.total is not None else ""
        passport.reason = f"It was limited to {rows:,}{of} rows."
    elif passport.total is not None and passport.total != rows:
        passport.reason = f"The server counts {passport.total:,} rows and gave {rows:,}."
    else:
        passport.complete, passport.reason = True, None


def _assemble(rows: list[Mapping[str, Any]], fields: Mapping[str, Field]) -> tuple[pd.DataFrame, list[str]]:
    values, notes = spread(rows, fields)
    series: dict[str, pd.Series] = {}
    for name, entries in values.items():
        series[name], note = column(name, entries, fields.get(name))
        if note:
            notes.append(note)
    return pd.DataFrame(series, index=pd.RangeIndex(len(rows))), notes


def _rows(data: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, bytes | bytearray | str):
        yield from _rows(_parsed(data))
    elif isinstance(data, Page):
        yield from data.items
    elif isinstance(data, Mapping):
        yield from _items_of(data)
    elif isinstance(data, Iterable):
        for entry in data:
            if isinstance(entry, bytes | bytearray | str | Page) or (isinstance(entry, Mapping) and _is_page(entry)):
                yield from _rows(entry)
            elif isinstance(entry, Mapping):
                yield entry
            else:
                raise _shape_error(type(entry).__name__)
    else:
        raise _shape_error(type(data).__name__)


def _items_of(page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "items" not in page:
        yield page  # one row
        return
    items = [] if page["items"] is None else page["items"]
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise _shape_error("page whose items are no objects")
    yield from items


def _is_page(entry: Mapping[str, Any]) -> bool:
    """Whether an object is a page and not a row that happens to have items."""
    return "items" in entry and (entry.keys() <= _PAGE_MEMBERS | {"items"})


def _parsed(data: bytes | bytearray | str) -> object:
    try:
        text = data if isinstance(data, str) else bytes(data).decode("utf-8-sig")
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ResponseError("A page is no JSON; it may have been cut off.", hint="Load that page again.") from error


def _shape_error(kind: str) -> LeadpingError:
    return LeadpingError(
        f"A {kind} is neither a page nor rows.", hint="Give page bytes, a list of pages, or a list of row objects."
    )
