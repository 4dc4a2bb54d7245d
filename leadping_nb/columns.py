"""Columns from JSON: rows spread into flat columns, each of a dtype that holds every value unchanged.

What a dtype cannot hold makes the column fall back to one that can, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pyarrow as pa

from leadping_nb.models import Field

__all__ = ["DECIMAL", "column", "spread"]

Row = Mapping[str, Any]

DECIMAL = pd.ArrowDtype(pa.decimal128(38, 6))
"""The dtype of money that must add up: six places hold the price of one message segment."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.(\d+))?)?([Zz]|[+-]\d\d:?\d\d)?\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MICROSECOND_DIGITS, _NANOSECOND_DIGITS = 6, 9
_EXACT_IN_FLOAT = 2**53


def spread(rows: Sequence[Row | None], fields: Mapping[str, Field]) -> tuple[dict[str, list[Any]], list[str]]:
    """Spread rows into flat columns.

    Parameters
    ----------
    rows
        JSON objects; None is an object that is null.
    fields
        The flat columns that a model promises; they come first, and come always.

    Returns
    -------
    tuple
        The values of each column, as many as rows, None where absent or null; and notes on what was unusual.
    """
    found: dict[str, list[Any]] = {}
    notes: list[str] = []
    _spread(rows, "", fields, found, notes)
    absent = [None] * len(rows)
    ordered = {name: found.pop(name, absent) for name in fields}
    return {**ordered, **found}, notes


def _spread(
    rows: Sequence[Row | None], prefix: str, fields: Mapping[str, Field], found: dict[str, list[Any]], notes: list[str]
) -> None:
    keys: dict[str, None] = {}
    for row in rows:
        if row:
            keys.update(dict.fromkeys(row))
    # Keys that have a dot themselves go last, so that they give way to an object that spells the same.
    columns = {key: [row.get(key) if row else None for row in rows] for key in keys}
    objects = {key for key, values in columns.items() if _is_object(values, fields.get(prefix + key))}
    for key in sorted(keys, key=lambda key: "." in key):
        name, values = prefix + key, columns[key]
        if key in objects:
            before = len(found)
            _spread(values, f"{name}.", fields, found, notes)
            if len(found) == before:
                found[name] = values  # objects without members stay what they are
        elif any(value is not None for value in values) or not _is_parent(name, fields):
            if name in found:
                notes.append(f"{name}: a key with a dot in it stands beside an object; see {name} (key).")
                name = f"{name} (key)"
            found[name] = values


def _is_object(values: Iterable[Any], field: Field | None) -> bool:
    if field is not None and field.type == "map":
        return False
    kinds = {type(value) for value in values}
    kinds.discard(type(None))
    return kinds == {dict}


def _is_parent(name: str, fields: Mapping[str, Field]) -> bool:
    return any(column.startswith(f"{name}.") for column in fields)


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
        The series, and a note if the promised dtype could not hold the values.
    """
    if field is None or field.type == "any":
        return _inferred(values), None
    if field.type in ("array", "map", "object"):
        return pd.Series(values, dtype=object), None
    try:
        return _typed(values, field), _naive_note(name, values, field)
    except _UnfitError as error:
        series = _fallback(values, field)
        promised = field.format or field.type
        return series, f"{name}: {error}, so it is {series.dtype} and not {promised}."


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
        return _decimals(values)
    _demand(present, int, float)
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
            return pd.Series(values, dtype="UInt64")
    if kinds in ({float}, {int, float}) and all(abs(v) <= _EXACT_IN_FLOAT for v in present if isinstance(v, int)):
        return pd.Series(values, dtype="Float64")
    return pd.Series(values, dtype=object)


def _demand(present: Iterable[Any], *kinds: type) -> None:
    others = {type(value) for value in present} - set(kinds)
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
        index = pd.to_datetime(pd.Series(values, dtype=object), format="ISO8601", utc=True)
        return index.dt.as_unit(unit)  # type: ignore[arg-type]  # a unit
    except (ValueError, OverflowError) as error:  # pandas' OutOfBoundsDatetime is a ValueError
        raise _UnfitError("a time lies outside what the dtype can hold") from error


def _days(values: list[Any], present: list[str]) -> pd.Series:
    if not all(_DAY.match(value) for value in present):
        raise _UnfitError("not every value is a date")
    try:
        return pd.to_datetime(pd.Series(values, dtype=object), format="%Y-%m-%d").astype("datetime64[s]")
    except (ValueError, OverflowError) as error:
        raise _UnfitError("a date does not exist") from error


def _decimals(values: list[Any]) -> pd.Series:
    try:
        exact = [None if value is None else Decimal(str(value)) for value in values if not _refuse_bool(value)]
        return pd.Series(pa.array(exact, type=pa.decimal128(38, 6)), dtype=DECIMAL)
    except (InvalidOperation, pa.ArrowInvalid) as error:
        raise _UnfitError("a value does not fit a decimal of six places") from error


def _refuse_bool(value: object) -> bool:
    if isinstance(value, bool | str | list | dict):
        raise _UnfitError("some values are no numbers")
    return False


def _naive_note(name: str, values: Iterable[Any], field: Field) -> str | None:
    if field.format != "date-time":
        return None
    naive = len([value for value in values if isinstance(value, str) and not _INSTANT.sub(r"\2", value)])
    return f"{name}: {naive} times without an offset were read as UTC." if naive else None
