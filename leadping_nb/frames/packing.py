"""JSON values of one kind as Arrow's, and Python's own objects where that would change one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["TEXT", "Backend", "Values", "alike", "as_floats", "first_of", "packed"]

Values: TypeAlias = pa.Array | list[Any]
"""One value a row, null or None where it is absent or null."""

Backend = Literal["numpy_nullable", "pyarrow"]
"""Whose dtypes a frame has, in pandas' words."""

TEXT: Mapping[Backend, pa.DataType] = {"numpy_nullable": pa.large_string(), "pyarrow": pa.string()}
"""What the texts of a frame are packed to: pandas has its own ``str`` in large strings."""

_TYPES: Mapping[type, pa.DataType] = {int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def first_of(values: Iterable[Any]) -> Any:
    """Give the first value that is there, or None."""
    for value in values:
        if value is not None:
            return value
    return None


def packed(values: Sequence[Any], kind: type) -> Values:
    """Pack values into Arrow if all are of one kind, or all are numbers, and fit; else leave them what they are.

    Parameters
    ----------
    values
        JSON values, None where absent.
    kind
        The kind of the first that is there.
    """
    array = alike(values, kind)
    if isinstance(array, list) and kind in (int, float):
        return as_floats(array) or array
    return array


def alike(values: Sequence[Any], kind: type, text: pa.DataType = TEXT["pyarrow"]) -> Values:
    """Pack values of one kind; among others, whole numbers stay apart from fractions until all pages are there.

    Parameters
    ----------
    values, kind
        As for `packed`.
    text
        What texts are packed to.
    """
    if kind not in (str, bool):  # among these Arrow refuses what is not of their kind; to a number it would convert it
        kind = kind if set(map(type, values)) <= {kind, type(None)} else object
    packs_to = text if kind is str else _TYPES.get(kind)
    if packs_to is not None:
        try:
            array = pa.array(values, packs_to)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
            return list(values)
        if kind is not float or not _has_nan(array):
            return array
    return list(values)


def as_floats(values: Sequence[Any]) -> pa.Array | None:
    """Pack whole numbers and fractions into floats, or give None where a value would not be the same."""
    if not set(map(type, values)) <= {int, float, type(None)}:
        return None
    try:
        array = pa.array(values, pa.float64())
    except (pa.ArrowInvalid, OverflowError):
        return None
    return None if _has_nan(array) else array


def _has_nan(array: pa.Array) -> bool:
    """Whether an array holds NaN, which pandas would take for what is missing."""
    return pc.any(pc.is_nan(array)).as_py() is True
