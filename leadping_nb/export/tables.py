"""Blocks to tables of Arrow, each value in a type that holds it unchanged or else as JSON text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from types import NoneType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from leadping_nb.export.schema import json_field, json_text, promised
from leadping_nb.frames.assembly import assemble
from leadping_nb.frames.blocks import Block
from leadping_nb.frames.columns import AS_OBJECT
from leadping_nb.frames.packing import packed
from leadping_nb.frames.shapes import Shape
from leadping_nb.models import Field, Models

__all__ = ["empty_table", "table_of"]

_DEEPEST = 8
"""How many lists and objects may lie in each other; what is deeper is JSON text, which every reader reads."""


def empty_table(fields: Mapping[str, Field], known: Models) -> pa.Table:
    """Give the columns that a model promises, without rows."""
    table, _ = table_of([Block(0)], Shape.promised(fields), fields, ())
    for at, name in enumerate(table.column_names):
        column = promised(name, fields[name], known)
        if column is not None:
            table = table.set_column(at, column, pa.chunked_array([], column.type))
    return table


def table_of(
    blocks: Sequence[Block], shape: Shape, fields: Mapping[str, Field], as_json: Collection[str]
) -> tuple[pa.Table, list[str]]:
    """Join blocks into a table.

    Parameters
    ----------
    blocks, shape, fields
        As for `frames.assembly.assemble`.
    as_json
        The columns that are JSON text, whatever they hold.

    Returns
    -------
    tuple
        The table, and notes on the columns that had to fall back.
    """
    frame, notes = assemble(blocks, shape, fields, "pyarrow")
    notes = [note for note in notes if not note.endswith(AS_OBJECT)]  # no file has objects; what is JSON says so below
    columns: dict[pa.Field, Any] = {}
    for name, series in frame.items():
        column, values = _column(str(name), series, as_json)
        columns[column] = values
        if column.metadata and values.null_count < len(values):
            notes.append(f"{name}: no type of Arrow holds its values, so it is JSON text.")
    return pa.table(list(columns.values()), pa.schema(list(columns))), notes


def _column(name: str, series: pd.Series, as_json: Collection[str]) -> tuple[pa.Field, Any]:
    if series.dtype != object:
        values = pa.chunked_array(pa.array(series))
        if pa.types.is_timestamp(values.type) and values.type.tz is None:
            values = values.cast(pa.date32())
        if _is_storable(values.type):
            return pa.field(name, values.type), values
    found = series.tolist() if series.dtype == object else values.to_pylist()
    if name not in as_json:
        try:
            values = _typed(found)
            return pa.field(name, values.type), values
        except _NoTypeError:
            pass
    return json_field(name), pa.array(map(json_text, found), pa.string())


class _NoTypeError(ValueError):
    """Values that no type of Arrow holds unchanged."""


def _typed(values: Sequence[Any], depth: int = 0) -> pa.Array:
    """Give values one type; a member that an object does not have is null."""
    kinds = set(map(type, values)) - {NoneType}
    if not kinds:
        return pa.nulls(len(values))
    if kinds & {list, dict} and (len(kinds) > 1 or depth == _DEEPEST):
        raise _NoTypeError
    if kinds == {list}:
        items = _typed(list(chain.from_iterable(value for value in values if value)), depth + 1)
        lengths = np.fromiter((len(value or ()) for value in values), dtype=np.int64, count=len(values))
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), items, mask=_missing(values))
    if kinds == {dict}:
        names = list(dict.fromkeys(chain.from_iterable(value for value in values if value)))
        if not names or not depth:  # an object of its own was spread; what is left has keys that are values
            raise _NoTypeError
        members = [_typed([(value or {}).get(name) for value in values], depth + 1) for name in names]
        return pa.StructArray.from_arrays(members, names, mask=_missing(values))
    array = packed(values, type(next(value for value in values if value is not None)))
    if isinstance(array, list):
        raise _NoTypeError
    return array


def _is_storable(kind: pa.DataType, depth: int = 0) -> bool:
    """Whether Parquet and its readers take a type: not too deep, and no objects without members."""
    if depth > _DEEPEST or (pa.types.is_struct(kind) and not kind.num_fields):
        return False
    return all(_is_storable(kind.field(at).type, depth + 1) for at in range(kind.num_fields))


def _missing(values: Sequence[Any]) -> pa.Array | None:
    missing = pa.array([value is None for value in values], pa.bool_())
    return missing if missing.true_count else None
