"""JSON in which every number keeps the digits that it was written with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

__all__ = ["Number", "exact", "read_json", "write_json"]


_MOST_DIGITS = 28
"""The most digits of a whole number; one that is longer is a measurement."""
_encoded = json.JSONEncoder(ensure_ascii=False).encode


class Number(str):
    """A number as it was written."""

    __slots__ = ()

    @property
    def whole(self) -> str | None:
        """The digits of a whole number, however it was written; None where it is none.

        Examples
        --------
        >>> Number("1.5125550147E10").whole, Number("7.0").whole, Number("18.50").whole
        ('15125550147', '7', None)
        """
        value = Decimal(self)
        is_whole = value.adjusted() < _MOST_DIGITS and value == value.to_integral_value()
        return f"{value:.0f}" if is_whole else None

    @property
    def digits(self) -> str:
        """The digits of a whole number without its sign; an empty text where it is none.

        Examples
        --------
        >>> Number("-90012.0").digits, Number("18.50").digits
        ('90012', '')
        """
        return (self.whole or "").lstrip("-")


def read_json(body: bytes) -> object:
    """Read JSON; raise `ValueError` if it is none.

    Examples
    --------
    >>> read_json(b'{"price": 18.50}')
    {'price': '18.50'}
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Number, parse_int=Number, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("The JSON is nested too deeply.") from error


def write_json(value: object) -> bytes:
    """Write what `read_json` gave, numbers as they were.

    Examples
    --------
    >>> write_json({"price": Number("18.50")})
    b'{"price":18.50}'
    """
    return _written(value).encode("utf-8", "backslashreplace")  # half a character becomes its escape, as JSON has it


def exact(value: object) -> object:
    """Give what Python read as JSON as `read_json` would have."""
    return read_json(json.dumps(value).encode())


def _written(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_encoded(key)}:{_written(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return _encoded(value)


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON
