"""The pieces of one column made a series, of a dtype that holds every value unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadping_nb.frames.columns import INSTANT, column, is_instant
from leadping_nb.frames.lists import as_promised, joined_lists, typed_lists
from leadping_nb.frames.packing import TEXT, Backend, Values, as_floats, first_of
from leadping_nb.models import Field

__all__ = ["Pieces", "joined", "unpacked"]

Pieces: TypeAlias = list[tuple[int, Values]]
"""Values of one column with the row that each begins at; what is between them is null."""

_TIMES = pa.timestamp("ns", "UTC")
_DTYPES: Mapping[pa.DataType, Any] = {
    TEXT["numpy_nullable"]: pd.StringDtype(na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    _TIMES: pd.DatetimeTZDtype("ns", "UTC"),
}
_EXACT_IN_FLOAT = 2**53
_TYPES: Mapping[str, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_KINDS: Mapping[type, pa.DataType | None] = {
    list: None,
    pa.StringArray: pa.string(),
    pa.LargeStringArray: pa.large_string(),
    pa.Int64Array: pa.int64(),
    pa.DoubleArray: pa.float64(),
    pa.BooleanArray: pa.bool_(),
}
"""What values are packed to, None where they are not, for the classes that say so: asking each array takes longer."""


def joined(
    name: str, pieces: Pieces, rows: int, field: Field | None, backend: Backend, listed: pa.DataType | None
) -> tuple[pd.Series, str | None]:
    """Give the column of a name, and a note if it had to fall back.

    Parameters
    ----------
    name, pieces
        The column, and its pieces.
    rows
        How many rows it has.
    field
        What a model promises of it, if one does.
    backend
        Whose dtypes it may have.
    listed
        The type that the model promises of a list, with Arrow's dtypes.
    """
    original, text, kinds = pieces, TEXT[backend], _kinds(pieces)
    if None in kinds:
        pieces = [(at, _packed(values)) for at, values in _merged(pieces)]
        kinds = _kinds(pieces)
    if not kinds and field is not None and field.format not in ("decimal", "date"):
        kinds = {kind} if (kind := _promised(field, text)) is not None else set()
    if kinds and None not in kinds and _fits(kinds, field, text) and _is_exact(kinds, pieces, field):
        is_number = field is not None and field.type == "number"
        whole = _filled(pieces, rows, pa.float64() if is_number or len(kinds) > 1 else next(iter(kinds)))
        if whole.type != text or not _holds_times(name, field):
            return _series(whole, backend), None
        try:
            return _series(whole.cast(_TIMES), backend), None
        except pa.ArrowInvalid:
            pass
    if kinds and None not in kinds and all(map(pa.types.is_list, kinds)) and backend == "pyarrow":
        alike = joined_lists([values for _, values in pieces], listed)
        if alike is not None:
            starts = [at for at, _ in pieces]
            return _arrow(_filled(list(zip(starts, alike, strict=True)), rows, alike[0].type)), None
    values = unpacked(original, rows)
    if backend == "pyarrow":
        if listed is not None and (lists := as_promised(values, listed)) is not None:
            return _arrow(lists), None
        if (lists := typed_lists(values)) is not None:
            note = f"{name}: some values are not as promised, so it is {lists.type}." if listed is not None else None
            return _arrow(lists), note
    made, note = column(name, values, field)
    return (_backed(made) if backend == "pyarrow" else made), note


def _kinds(pieces: Pieces) -> set[pa.DataType | None]:
    """Give the types of Arrow that pieces have, and None where one has none."""
    by_class = {values.__class__: values for _, values in pieces}
    if by_class.keys() <= _KINDS.keys():  # mostly so, and one tells the type of all of its class
        return set(map(_kind, by_class.values()))
    return {_kind(values) for _, values in pieces}


def _kind(values: Values) -> pa.DataType | None:
    known = _KINDS.get(values.__class__)
    return known if known is not None or isinstance(values, list) else values.type


def _promised(field: Field, text: pa.DataType) -> pa.DataType | None:
    return text if field.type == "string" else _TYPES.get(field.type)


def _merged(pieces: Pieces) -> Pieces:
    """Put lists of numbers that lie next to each other into one."""
    merged: Pieces = []
    for at, values in pieces:
        start, before = merged[-1] if merged else (0, None)
        if _are_numbers(values) and _are_numbers(before) and start + len(before) == at:
            before += values
        else:
            merged.append((at, [*values] if _are_numbers(values) else values))
    return merged


def _packed(values: Values) -> Values:
    """Pack whole numbers and fractions that came in one block."""
    packed = as_floats(values) if _are_numbers(values) else None
    return values if packed is None else packed


def _are_numbers(values: Values | None) -> TypeGuard[list[Any]]:
    """Whether values that Arrow does not hold begin with a number."""
    return isinstance(values, list) and isinstance(first_of(values), int | float)


def _holds_times(name: str, field: Field | None) -> bool:
    return is_instant(name) if field is None or field.type == "any" else field.format == INSTANT.format


def _fits(kinds: set[Any], field: Field | None, text: pa.DataType) -> bool:
    """Whether Arrow's types are what a field promises; where nothing is promised, whether they go together."""
    if field is None or field.type == "any":
        return len(kinds) == 1 or kinds == {pa.int64(), pa.float64()}
    if field.format in ("decimal", "date"):
        return False
    if field.type == "number":
        return kinds <= {pa.int64(), pa.float64()}
    return kinds == {_promised(field, text)}


def _is_exact(kinds: set[Any], pieces: Pieces, field: Field | None) -> bool:
    """Whether whole numbers that stand beside fractions, or are promised as such, are exact as floats."""
    if kinds == {pa.float64()} or not (pa.float64() in kinds or (field is not None and field.type == "number")):
        return True
    bounds = [pc.min_max(values).as_py() for _, values in pieces if values.type == pa.int64()]  # type: ignore[union-attr]  # none is a list
    return all(bound["min"] >= -_EXACT_IN_FLOAT and bound["max"] <= _EXACT_IN_FLOAT for bound in bounds)


def _filled(pieces: Pieces, rows: int, kind: pa.DataType) -> pa.ChunkedArray:
    """Put pieces of a type behind each other, null where there is none."""
    parts: list[pa.Array] = []
    at = 0
    for start, values in pieces:
        if start > at:
            parts.append(pa.nulls(start - at, kind))
        parts.append(values if _kind(values) == kind else values.cast(kind))  # type: ignore[union-attr]  # no lists
        at = start + len(values)
    if at < rows:
        parts.append(pa.nulls(rows - at, kind))
    return pa.chunked_array(parts, kind)


def _arrow(values: pa.Array | pa.ChunkedArray) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(values), copy=False)


def _series(whole: pa.ChunkedArray, backend: Backend) -> pd.Series:
    if backend == "pyarrow":
        return _arrow(whole)
    values = whole.combine_chunks() if whole.type == pa.bool_() else whole  # pandas would take each chunk by itself
    return pd.Series(_DTYPES[whole.type].__from_arrow__(values), copy=False)


def unpacked(pieces: Pieces, rows: int) -> list[Any]:
    """Give the values of pieces as Python's, None where there is none."""
    values: list[Any] = []
    for start, piece in pieces:
        values += [None] * (start - len(values))
        values += piece if isinstance(piece, list) else piece.to_pylist()
    return values + [None] * (rows - len(values))


def _backed(series: pd.Series) -> pd.Series:
    """Give a series in Arrow's dtype; what no type of Arrow holds unchanged stays Python's objects."""
    if series.dtype == object or isinstance(series.dtype, pd.ArrowDtype):
        return series
    whole = pa.array(series, from_pandas=True)
    return _arrow(whole.cast(pa.string()) if whole.type == pa.large_string() else whole)
