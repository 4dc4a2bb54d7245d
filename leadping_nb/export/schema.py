"""The types of columns: what a model promises, and what holds the values of two types unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadping_nb.models import Field, Models

__all__ = ["canonical", "converted", "is_alike", "is_json", "json_field", "json_text", "promised", "widened", "words"]

_JSON = {b"leadping": b"json"}
_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_WHOLE = frozenset({pa.int64(), pa.uint64()})
_WORDS: Mapping[pa.DataType, str] = {
    pa.string(): "text",
    pa.int64(): "whole numbers",
    pa.uint64(): "whole numbers from 0 to 2^64",
    pa.float64(): "fractions",
    pa.bool_(): "true or false",
    pa.date32(): "dates",
}


def json_field(name: str) -> pa.Field:
    """Give a column of JSON texts, for what no type holds."""
    return pa.field(name, pa.string(), metadata=_JSON)


def is_json(column: pa.Field) -> bool:
    """Whether a column holds JSON texts."""
    return (column.metadata or {}).get(b"leadping") == b"json"


def json_text(value: object) -> str | None:
    """Write a JSON value; half a character stays as it was escaped."""
    return None if value is None else json.dumps(value)


def canonical(schema: pa.Schema) -> pa.Schema:
    """Give a schema as it was before a file added its own metadata."""
    return pa.schema([json_field(entry.name) if is_json(entry) else entry.remove_metadata() for entry in schema])


def is_alike(one: pa.Schema, other: pa.Schema) -> bool:
    """Whether two schemas have the same columns in the same order."""
    return bool(one.equals(other)) and [*map(is_json, one)] == [*map(is_json, other)]


def promised(name: str, field: Field, known: Models) -> pa.Field | None:
    """Give the column that a model promises for a list or map; None where it does not say what it holds.

    Times in lists stay text, as they do in a frame.
    """
    if field.type == "map":
        return json_field(name)
    if field.type == "array" and field.items is not None:
        return pa.field(name, pa.list_(_within(field.items, known, ())))
    return None


def _within(field: Field, known: Models, parents: tuple[str, ...]) -> pa.DataType:
    if field.type == "array" and field.items is not None:
        return pa.list_(_within(field.items, known, parents))
    if field.model in known and field.model not in parents:
        members = known[field.model].fields  # type: ignore[index]  # in known
        below = (*parents, field.model)
        return pa.struct([(key, _within(entry, known, below)) for key, entry in members.items()])  # type: ignore[arg-type]  # a model is known
    return _TYPES.get(field.type, pa.null())


def widened(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    """Give the type that can hold the values of both, None if there is none.

    Examples
    --------
    >>> widened(pa.list_(pa.struct([("a", pa.int64())])), pa.list_(pa.struct([("a", pa.float64()), ("b", pa.null())])))
    ListType(list<item: struct<a: double, b: null>>)
    """
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    pair = {one, other}
    if pair <= _WHOLE:
        return pa.uint64()
    if pa.float64() in pair and pair - {pa.float64()} <= _WHOLE:
        return pa.float64()
    if pa.types.is_timestamp(one) and pa.types.is_timestamp(other) and one.tz == other.tz:
        return pa.timestamp("us", one.tz)
    if pa.types.is_list(one) and pa.types.is_list(other):
        items = widened(one.value_type, other.value_type)
        return None if items is None else pa.list_(items)
    if pa.types.is_struct(one) and pa.types.is_struct(other):
        members: dict[str, pa.DataType] = {entry.name: entry.type for entry in one.fields}
        for entry in other.fields:
            member = widened(members.get(entry.name, pa.null()), entry.type)
            if member is None:
                return None
            members[entry.name] = member
        return pa.struct(list(members.items()))
    return None


def converted(values: pa.ChunkedArray, column: pa.Field, wanted: pa.Field) -> pa.ChunkedArray:
    """Give the values of one column as those of another, each unchanged.

    Raises
    ------
    pyarrow.ArrowInvalid
        If the other cannot hold them.
    """
    if is_json(wanted) and not is_json(column):
        return _as_json(values)
    if values.null_count == len(values):
        return pa.chunked_array([pa.nulls(len(values), wanted.type)])
    if is_json(wanted) or (values.type == wanted.type and not is_json(column)):
        return values
    if is_json(column) or widened(wanted.type, column.type) != wanted.type:
        raise pa.ArrowInvalid(f"{words(column)} are no {words(wanted)}")
    return values.cast(wanted.type)


def words(column: pa.Field) -> str:
    """Name the type of a column."""
    if is_json(column):
        return "values of several kinds (JSON text)"
    if pa.types.is_timestamp(column.type):
        return f"times ({column.type})"
    return _WORDS.get(column.type, str(column.type))


def _as_json(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type):
        instants = pc.replace_substring(values.cast(pa.string()), " ", "T")
        return pa.chunked_array([pa.array(map(json_text, instants.to_pylist()), pa.string())])
    if pa.types.is_decimal(values.type):
        return values.cast(pa.string())
    if pa.types.is_date(values.type):
        values = values.cast(pa.string())
    found: list[Any] = values.to_pylist()
    return pa.chunked_array([pa.array(map(json_text, found), pa.string())])
