"""Lists of Python as typed lists of Arrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadping_nb.frames.packing import Values, alike, as_floats, first_of, packed
from leadping_nb.models import Field, Models

__all__ = ["as_promised", "joined_lists", "packed_lists", "promised_type", "typed_lists"]

_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def promised_type(field: Field, models: Models) -> pa.DataType | None:
    """Give the type of an array that a model promises, or None if it is no array or holds what has no type.

    Texts in lists stay text, also where they are times.
    """
    return _type_of(field, models, ()) if field.type == "array" else None


def _type_of(field: Field, models: Models, parents: tuple[str, ...]) -> pa.DataType | None:
    if field.type == "array":
        items = _type_of(field.items, models, parents) if field.items else None
        return None if items is None else pa.list_(items)
    if field.model is None:
        return _TYPES.get(field.type)
    if field.model in parents or field.model not in models:
        return None
    types = {
        key: _type_of(member, models, (*parents, field.model)) for key, member in models[field.model].fields.items()
    }
    return None if not types or None in types.values() else pa.struct(list(types.items()))


def packed_lists(values: Values, names: tuple[str, ...] | None = None) -> pa.ListArray | None:
    """Give lists of objects as one array if none is changed by that, or None.

    Parameters
    ----------
    values
        Lists, None where there is none; of JSON objects, or of structs.
    names
        The names of the structs' members; None where they are no structs.
    """
    if not isinstance(values, list | tuple) or set(map(type, values)) - {type(None)} != {list}:
        return None
    items = list(chain.from_iterable(filter(None, values)))
    if not items:
        return _listed(values, pa.nulls(0), pa.list_(pa.null()))
    if names is None:
        array = _records(items, alike)
    else:
        array = _structs(list(zip(*map(msgspec.structs.astuple, items), strict=True)), names, alike)
    return None if array is None else _listed(values, array, pa.list_(array.type))


def joined_lists(arrays: Sequence[pa.ListArray], promised: pa.DataType | None) -> list[pa.ListArray] | None:
    """Give arrays of lists one type, that which is promised if there is one; None where that would change something."""
    kind = promised or _common([array.type.value_type for array in arrays])
    if kind is None:
        return None
    joined = [_retyped(array, kind) for array in arrays]
    return None if any(array is None for array in joined) else joined


def as_promised(values: Sequence[Any], kind: pa.DataType) -> pa.Array | None:
    """Give JSON values in a type, or None where a value is of another.

    A member that an object does not have is null, as in a column.
    """
    present = [value for value in values if value is not None]
    if not present:
        return pa.nulls(len(values), kind)
    if pa.types.is_list(kind):
        if set(map(type, present)) != {list}:
            return None
        items = as_promised(list(chain.from_iterable(present)), kind.value_type)
        return None if items is None else _listed(values, items, kind)
    if pa.types.is_struct(kind):
        members = _members(values, present, [member.name for member in kind.fields])
        columns = [
            as_promised(*pair) for pair in zip(members or (), [member.type for member in kind.fields], strict=False)
        ]
        if members is None or any(column is None for column in columns):
            return None
        return pa.StructArray.from_arrays(columns, fields=kind.fields, mask=_missing(values))
    array = packed(values, type(present[0]))
    if kind == pa.float64() and not isinstance(array, list) and array.type == pa.int64():
        array = as_floats(values)
    return array if array is not None and not isinstance(array, list) and array.type == kind else None


def typed_lists(values: Sequence[Any]) -> pa.Array | None:
    """Give lists as one array, or None where they are no lists or Arrow has no type that holds them unchanged.

    Parameters
    ----------
    values
        Lists of JSON values, None where there is none.

    Examples
    --------
    >>> typed_lists([[{"n": 1}], None, []]).type
    ListType(list<item: struct<n: int64>>)
    """
    if set(map(type, values)) - {type(None)} != {list}:
        return None
    items = list(chain.from_iterable(filter(None, values)))
    array = _records(items, packed)
    if array is None:
        array = _plain(items)
    return None if array is None else _listed(values, array, pa.list_(array.type))


def _members(values: Sequence[Any], present: Sequence[Any], names: Sequence[str]) -> list[Sequence[Any]] | None:
    """Take objects apart into one column a name, or give None where one is no object or has another name."""
    if set(map(type, present)) != {dict}:
        return None
    if len(present) == len(values) and len(names) > 1 and set(map(len, values)) == {len(names)}:
        try:
            return list(zip(*map(itemgetter(*names), values), strict=True))
        except KeyError:
            return None
    if set().union(*present) - set(names):
        return None
    return [[(value or {}).get(name) for value in values] for name in names]


def _listed(values: Sequence[Any], items: pa.Array, kind: pa.ListType) -> pa.ListArray:
    present = values if None not in values else [value or () for value in values]
    lengths = np.fromiter(map(len, present), dtype=np.int64, count=len(values))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), items, type=kind, mask=_missing(values))


def _missing(values: Sequence[Any]) -> pa.Array | None:
    """Say where there is nothing; None if there is something everywhere."""
    return pa.array([value is None for value in values], pa.bool_()) if None in values else None


def _records(items: Sequence[Any], pack: Callable[[Sequence[Any], type], Values]) -> pa.StructArray | None:
    """Make structs of objects that all have the same keys with plain values."""
    if not items or set(map(type, items)) != {dict}:
        return None
    names = tuple(items[0])
    if not names or set(map(len, items)) != {len(names)}:
        return None
    read = itemgetter(*names)
    try:
        columns = [tuple(map(read, items))] if len(names) == 1 else list(zip(*map(read, items), strict=True))
    except KeyError:
        return None
    return _structs(columns, names, pack)


def _structs(
    columns: Sequence[Sequence[Any]], names: Sequence[str], pack: Callable[[Sequence[Any], type], Values]
) -> pa.StructArray | None:
    arrays: list[pa.Array] = []
    for values in columns:
        first = first_of(values)
        array = pa.nulls(len(values)) if first is None else pack(values, type(first))
        if isinstance(array, list):
            return None
        arrays.append(array)
    return pa.StructArray.from_arrays(arrays, names)


def _common(kinds: Sequence[pa.DataType]) -> pa.ListType | None:
    """Give the type of lists that hold all of these, or None where there is none: null is in every type."""
    structs = [kind for kind in kinds if not pa.types.is_null(kind)]
    if not structs:
        return pa.list_(pa.null())
    names = [member.name for member in structs[0].fields]
    if any([member.name for member in kind.fields] != names for kind in structs):
        return None
    members = []
    for at, name in enumerate(names):
        types = {kind.field(at).type for kind in structs} - {pa.null()}
        if len(types) > 1:
            return None
        members.append((name, types.pop() if types else pa.null()))
    return pa.list_(pa.struct(members))


def _retyped(array: pa.ListArray, kind: pa.ListType) -> pa.ListArray | None:
    """Give an array of lists of structs a type that holds the same; members that it does not have are null."""
    if array.type == kind:
        return array
    items, target = array.flatten(), kind.value_type
    if pa.types.is_null(items.type):
        made = pa.nulls(len(items), target)
    elif not pa.types.is_struct(target) or {member.name for member in items.type.fields} - {
        member.name for member in target.fields
    }:
        return None
    else:
        members = [_member(items, member) for member in target.fields]
        if any(member is None for member in members):
            return None
        made = pa.StructArray.from_arrays(members, fields=target.fields)
    offsets = pc.subtract(array.offsets, array.offsets[0])
    return pa.ListArray.from_arrays(offsets, made, type=kind, mask=array.is_null() if array.null_count else None)


def _member(items: pa.StructArray, member: pa.Field) -> pa.Array | None:
    if items.type.get_field_index(member.name) < 0:
        return pa.nulls(len(items), member.type)
    values = items.field(member.name)
    if values.type == member.type:
        return values
    if pa.types.is_null(values.type) or (values.type, member.type) == (pa.int64(), pa.float64()):
        try:
            return values.cast(member.type)
        except pa.ArrowInvalid:  # a whole number is too large to be exact as a fraction
            return None
    return None


def _plain(items: Sequence[Any]) -> pa.Array | None:
    try:
        array = pa.array(items)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
        return None
    return array if _is_unchanged(array.to_pylist(), list(items)) else None


def _is_unchanged(made: list[Any], given: list[Any]) -> bool:
    """Whether values came through Arrow; a whole number may have become a fraction, but nothing true or false has."""
    if made != given:
        return False
    waiting: list[tuple[Any, Any]] = list(zip(made, given, strict=True))
    while waiting:
        one, other = waiting.pop()
        if isinstance(other, list):
            waiting += zip(one, other, strict=True)
        elif isinstance(other, dict):
            waiting += ((one[key], entry) for key, entry in other.items())
        elif isinstance(one, bool) is not isinstance(other, bool):
            return False
    return True
