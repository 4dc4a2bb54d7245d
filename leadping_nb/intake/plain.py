"""Python's values as JSON has them: numbers of NumPy, dates, decimals and missing values among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite, isnan
from sys import float_info

__all__ = ["LARGEST", "UNWRITABLE", "kind_of", "plain", "plain_tree"]

LARGEST = int(float_info.max)
"""The largest number that a float holds; what reads JSON elsewhere makes infinity of a larger one, or fails."""

UNWRITABLE = object()
"""Stands for a value that JSON cannot write."""

_DEEPEST = 20


def plain(value: object) -> object:
    """Give a single value as JSON has it: missing values as None, and lists, objects and dates as Python has them.

    Examples
    --------
    >>> plain(float("nan")) is None, plain(Decimal("2.5"))
    (True, 2.5)
    """
    kind = type(value)
    if kind is str or value is None or kind is int or kind is bool:
        return value
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        value = value.tolist()  # a scalar or an array of NumPy
    if type(value).__name__ in ("NAType", "NaTType"):  # of pandas, which stays out of here
        return None
    if isinstance(value, Decimal):
        value = float(value) if not value.is_nan() else None
    if isinstance(value, float):
        return None if isnan(value) else float(value)
    return str(value) if isinstance(value, str) else value


def plain_tree(value: object, depth: int = 0) -> object:
    """Give a value with all that is in it as JSON, `UNWRITABLE` standing where it cannot be written."""
    value = plain(value)
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else UNWRITABLE
    if value is None:
        return value
    if isinstance(value, str):
        return value if is_text(value) else UNWRITABLE
    if isinstance(value, float):
        return value if isfinite(value) else UNWRITABLE
    if isinstance(value, date | time):
        return value.isoformat()
    if depth >= _DEEPEST:
        return UNWRITABLE
    if isinstance(value, Mapping):
        entries = {name: plain_tree(entry, depth + 1) for name, entry in value.items()}
        writable = all(isinstance(name, str) and is_text(name) for name in entries)
        return entries if writable and not any(entry is UNWRITABLE for entry in entries.values()) else UNWRITABLE
    if isinstance(value, list | tuple):
        items = [plain_tree(entry, depth + 1) for entry in value]
        return UNWRITABLE if any(entry is UNWRITABLE for entry in items) else items
    return UNWRITABLE


def is_text(text: str) -> bool:
    """Whether UTF-8 can write a text: half a surrogate pair it cannot."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def kind_of(value: object) -> str:
    """Name the kind of a value in JSON's words, or by its type.

    Examples
    --------
    >>> kind_of(True), kind_of(2.5), kind_of({}), kind_of(b"")
    ('boolean', 'number', 'object', 'bytes')
    """
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "null" if value is None else type(value).__name__


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "boolean"),
    ((int, float, Decimal), "number"),
    (str, "text"),
    (Mapping, "object"),
    ((list, tuple), "list"),
    (datetime, "time"),
    (date, "date"),
)
