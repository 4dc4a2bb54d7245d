"""Columns from JSON values: objects spread into flat columns, each of a dtype that holds every value unchanged.

What a dtype cannot hold makes the column fall back to one that can, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pyarrow as pa

from leadping_nb.frames.passport import counted
from leadping_nb.models import Field

__all__ = ["AS_OBJECT", "DECIMAL", "INSTANT", "MONEY", "column", "is_instant"]

MONEY = pa.decimal128(18, 6)
"""The type of money that must add up: six places hold the price of one message segment, and the twelve digits before
them leave Arrow, which gives up beyond 38 digits, room for differences, products and quotients."""

DECIMAL = pd.ArrowDtype(MONEY)
"""The dtype of money that must add up."""

AS_OBJECT = ", so it is object."
"""How a note ends on a column that no model knows and that only Python's own objects hold."""

INSTANT = Field("", "string", format="date-time")
"""What a name that ends in ``At`` promises."""

_INSTANT_NAME = re.compile(r"[a-z0-9]At\Z")

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d(?::\d\d(?::\d\d(?:\.(\d+))?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?\Z", re.ASCII
)
_SPARE_ZEROS = re.compile(r"(\.\d{6})0+(?!\d)", re.ASCII)
"""Zeros that make pandas take a time for one in nanoseconds, which reach from 1677 to 2262 only."""
_DAY = re.compile(r"(?!0000)\d{4}-\d\d-\d\d\Z", re.ASCII)
_MICROSECOND_DIGITS, _NANOSECOND_DIGITS = 6, 9
_FIRST = pd.Timestamp("0001-01-01T00:00:00Z")
_LAST = pd.Timestamp("9999-12-31T23:59:59.999999Z")
_UNSIGNED: Any = pd.UInt64Dtype()  # pandas' stubs know no __from_arrow__
_EXACT_IN_FLOAT = 2**53
_EXACT_DIGITS = 15
"""How many digits of a decimal number a float keeps, whichever they are."""


def column(name: str, values: list[Any], field: Field | None) -> tuple[pd.Series, str | None]:
    """Give the values of one column in the dtype that its field asks for, or in one that holds them.

    Parameters
    ----------
    name
        The column's name, for the note.
    values
        JSON values, None where absent.
    field
        What the model promises; None if no model knows the column.

    Returns
    -------
    tuple
        The series, and a note if the promised dtype could not hold the values, or only Python's own objects do.
    """
    if field is None or field.type == "any":
        if is_instant(name):
            series, note = column(name, values, INSTANT)
            if series.dtype.kind == "M" or isinstance(series.dtype, pd.StringDtype):
                return series, note
        series = _inferred(values)
        return series, _object_note(name, values) if series.dtype == object else None
    if field.type in ("array", "map", "object"):
        return pd.Series(values, dtype=object), _kind_note(name, values, field)
    try:
        return _typed(values, field), _naive_note(name, values, field)
    except _UnfitError as error:
        series = _fallback(values, field)
        promised = field.format or field.type
        return series, f"{name}: {error}, so it is {series.dtype} and not {promised}."


def is_instant(name: str) -> bool:
    """Whether a name alone says that a column holds times: every field of the contracts that ends in ``At`` does."""
    return _INSTANT_NAME.search(name) is not None


class _UnfitError(ValueError):
    """A value that the promised dtype cannot hold."""


def _typed(values: list[Any], field: Field) -> pd.Series:
    present = [value for value in values if value is not None]
    if field.type == "string":
        _demand(present, str)
        if field.format == "date-time":
            return _instants(values, present, "ns", _NANOSECOND_DIGITS)
        if field.format == "date":
            return _days(values, present)
        return _text(values, present)
    if field.type == "boolean":
        _demand(present, bool)
        return pd.Series(values, dtype="boolean")
    if field.type == "integer":
        _demand(present, int)
        if any(not -(2**63) <= value < 2**63 for value in present):
            raise _UnfitError("a number is beyond 64 bits")
        return pd.Series(values, dtype="Int64")
    if field.format == "decimal":
        return _decimals(values, present)
    _demand(present, int, float)
    _refuse_nan(present)
    if any(isinstance(value, int) and abs(value) > _EXACT_IN_FLOAT for value in present):
        raise _UnfitError("a whole number is too large to be exact as a float")
    return pd.Series(values, dtype="Float64")


def _fallback(values: list[Any], field: Field) -> pd.Series:
    present = [value for value in values if value is not None]
    if field.format == "date-time":
        try:
            _demand(present, str)
            return _instants(values, present, "us", _MICROSECOND_DIGITS)
        except _UnfitError:
            pass
    return _inferred(values)


def _inferred(values: list[Any]) -> pd.Series:
    """Give values that no model knows the narrowest dtype that holds all of them unchanged."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {str}:
        try:
            return _text(values, present)
        except _UnfitError:
            return pd.Series(values, dtype=object)
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds == {int}:
        low, high = min(present), max(present)
        if low >= -(2**63) and high < 2**63:
            return pd.Series(values, dtype="Int64")
        if low >= 0 and high < 2**64:
            # numpy, and so pandas, reads numbers on both sides of 2^63 as floats where none is missing
            return pd.Series(_UNSIGNED.__from_arrow__(pa.array(values, pa.uint64())), copy=False)
    if kinds in ({float}, {int, float}) and _are_exact_floats(present):
        return pd.Series(values, dtype="Float64")
    return pd.Series(values, dtype=object)


def _are_exact_floats(present: Iterable[int | float]) -> bool:
    return all(value == value and (type(value) is float or abs(value) <= _EXACT_IN_FLOAT) for value in present)


def _demand(present: Iterable[Any], *kinds: type) -> None:
    others = set(map(type, present)) - {*kinds}
    if others:
        names = ", ".join(sorted(_JSON_NAMES.get(kind, kind.__name__) for kind in others))
        raise _UnfitError(f"some values are {names}")


_JSON_NAMES: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "whole numbers",
    float: "fractions",
    list: "lists",
    dict: "objects",
    Decimal: "numbers that no float holds",
}


def _text(values: list[Any], present: list[str]) -> pd.Series:
    if any(not value.isascii() and _has_surrogate(value) for value in present):
        raise _UnfitError("a text holds half a character (a lone surrogate)")
    return pd.Series(values, dtype="str")


def _has_surrogate(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _instants(values: list[Any], present: list[str], unit: str, digits: int) -> pd.Series:
    for value in present:
        match = _INSTANT.match(value)
        if match is None:
            raise _UnfitError("not every value is a time of RFC 3339")
        if match[1] and len(match[1].rstrip("0")) > digits:
            raise _UnfitError(f"a time has more than {digits} digits of a second")
    try:
        texts = pd.Series([value and _SPARE_ZEROS.sub(r"\1", value.upper()) for value in values], dtype=object)
        times = pd.to_datetime(texts, format="ISO8601", utc=True).dt.as_unit(unit)  # type: ignore[arg-type]  # a unit
    except (ValueError, OverflowError) as error:  # pandas' OutOfBoundsDatetime is a ValueError
        raise _UnfitError("a time does not exist, or lies outside what the dtype can hold") from error
    if unit == "us" and not times.dropna().between(_FIRST, _LAST).all():
        raise _UnfitError("a time in UTC lies outside the years 1 to 9999")
    return times


def _days(values: list[Any], present: list[str]) -> pd.Series:
    if not all(_DAY.match(value) for value in present):
        raise _UnfitError("not every value is a date")
    try:
        return pd.to_datetime(pd.Series(values, dtype=object), format="%Y-%m-%d").astype("datetime64[s]")
    except (ValueError, OverflowError) as error:
        raise _UnfitError("a date does not exist") from error


def _decimals(values: list[Any], present: list[Any]) -> pd.Series:
    _demand(present, int, float)
    _refuse_nan(present)
    exact = [None if value is None else Decimal(str(value)) for value in values]
    if any(
        isinstance(value, float) and len(Decimal(str(value)).as_tuple().digits) > _EXACT_DIGITS for value in present
    ):
        raise _UnfitError("a value has more digits than are sure to have come through")
    try:
        return pd.Series(pa.array(exact, type=MONEY), dtype=DECIMAL)
    except (InvalidOperation, pa.ArrowInvalid) as error:
        raise _UnfitError("a value does not fit a decimal of twelve digits and six places") from error


def _refuse_nan(present: Iterable[Any]) -> None:
    if any(value != value for value in present):
        raise _UnfitError("some values are NaN, which is not the same as missing")


def _kind_note(name: str, values: Iterable[Any], field: Field) -> str | None:
    try:
        _demand(values, list if field.type == "array" else dict, type(None))
    except _UnfitError as error:
        return f"{name}: {error} and not {field.type}."
    return None


def _object_note(name: str, values: Iterable[Any]) -> str | None:
    """Say why only Python's own objects hold values; None where there are none, or lists alone, which stay lists."""
    present = [value for value in values if value is not None]
    nans = sum(value.__class__ is float and value != value for value in present)
    if nans:
        are = "is" if nans == 1 else "are"
        return f"{name}: {counted(nans, 'value')} {are} NaN, which is not the same as missing{AS_OBJECT}"
    kinds = frozenset(map(type, present))
    names = sorted({_JSON_NAMES.get(kind, kind.__name__) for kind in kinds})
    why = _ONLY_AS_OBJECT.get(kinds, f"holds {' beside '.join(names)}")
    return None if kinds <= {list} else f"{name}: {why}{AS_OBJECT}"


_ONLY_AS_OBJECT: Mapping[frozenset[type], str] = {
    frozenset({str}): "a text holds half a character (a lone surrogate)",
    frozenset({int}): "no type of 64 bits holds all of its whole numbers",
    frozenset({int, float}): "a whole number beside fractions is too large to be exact as a float",
}
"""Why values of these kinds, which have dtypes of their own, do not fit these."""


def _naive_note(name: str, values: Iterable[Any], field: Field) -> str | None:
    if field.format != "date-time":
        return None
    naive = len([value for value in values if isinstance(value, str) and not _INSTANT.sub(r"\2", value)])
    were = "was" if naive == 1 else "were"
    return f"{name}: {counted(naive, 'time')} without an offset {were} read as UTC." if naive else None
