"""Pages and rows of every form to a DataFrame."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import get_args

import pandas as pd

from leadping_nb.arguments import TEXT, demand, member, quoted
from leadping_nb.bodies import Row, items_of, rows_of_page, shape_error
from leadping_nb.contracts import Contract, contract_or_seed
from leadping_nb.errors import LeadpingError
from leadping_nb.frames.assembly import assemble
from leadping_nb.frames.blocks import Block, BlockReader
from leadping_nb.frames.collector import collector_eased
from leadping_nb.frames.decoding import in_pieces
from leadping_nb.frames.packing import Backend
from leadping_nb.pages import Page

__all__ = ["to_frame"]

_PAGE_MEMBERS = frozenset({"continuationToken", "pageSize", "totalCount", "items"})
_ROWS = 500
"""How many of Python's own objects are read at a time."""


def to_frame(
    data: object,
    model: str | None = None,
    *,
    contract: Contract | None = None,
    dtype_backend: Backend = "numpy_nullable",
) -> pd.DataFrame:
    """Make a DataFrame of API data; nothing is changed silently.

    Parameters
    ----------
    data
        One page as bytes, text or dict; a list of pages; or a list of rows.
    model
        The model of one row, such as ``LeadTableRow``: gives dtypes, and columns also where there are no rows.
    contract
        Whose models to use; the seed's revision unless given.
    dtype_backend
        ``numpy_nullable``, or ``pyarrow`` for Arrow's dtypes throughout, lists and objects in them included.

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
    known = contract_or_seed(contract)
    demand(TEXT.or_none, model=model)
    member("dtype_backend", dtype_backend, get_args(Backend))
    if model is not None and model not in known.models:
        raise LeadpingError(
            f"The contract of {known.revision} has no model {quoted(model)}.", hint=_nearest_model(model, known)
        )
    fields = known.models.columns(model) if model else {}
    reader = BlockReader.of_frame(fields, dtype_backend)
    with collector_eased():
        parts = list(_parts(data))
        blocks = [_read(reader, part) for part in parts]
        if reader.has_closed:
            blocks = [_read(reader, part) for part in parts]
        frame, notes = assemble(blocks, reader.shape, fields, dtype_backend, models=known.models)
    frame.attrs["leadping"] = {"rows": len(frame), "model": model, "revision": known.revision, "notes": notes}
    return frame


def _nearest_model(name: str, contract: Contract) -> str:
    near = difflib.get_close_matches(name, contract.models.specs, n=3, cutoff=0.5)
    said = f"Nearest: {', '.join(near)}. " if near else ""
    return f"{said}api.resources has the model of each list; leave it out to go by the rows alone."


def _read(reader: BlockReader, part: bytes | Sequence[Row]) -> Block:
    return reader.read(part) if isinstance(part, bytes) else reader.read_rows(part)


def _parts(data: object) -> Iterator[bytes | Sequence[Row]]:
    """Give data in parts that are read one by one, each small enough for the processor's own memory."""
    if isinstance(data, bytes | bytearray | memoryview):
        yield from in_pieces(bytes(data))
    elif isinstance(data, str):
        try:
            yield from in_pieces(data.encode())
        except UnicodeEncodeError:  # half a character
            yield from _some_each(rows_of_page(data))
    elif isinstance(data, Page):
        yield from in_pieces(data.body)
    elif isinstance(data, Mapping):
        yield from _some_each(items_of(data))
    elif isinstance(data, Iterable) and not isinstance(data, pd.DataFrame):  # that gives the names of its columns
        rows: list[Row] = []
        for entry in data:
            if isinstance(entry, Mapping) and not _is_page(entry):
                rows.append(entry)
                continue
            if not isinstance(entry, bytes | bytearray | memoryview | str | Page | Mapping):
                raise shape_error(type(entry).__name__)
            yield from _some_each(rows)
            rows = []
            yield from _parts(entry)
        yield from _some_each(rows)
    elif isinstance(data, PathLike):
        raise LeadpingError("A path is neither a page nor rows.", hint="Give what is in the file: path.read_bytes().")
    else:
        raise shape_error(type(data).__name__)


def _some_each(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS))


def _is_page(entry: Row) -> bool:
    """Whether an object is a page and not a row that happens to have items."""
    return "items" in entry and entry.keys() <= _PAGE_MEMBERS
