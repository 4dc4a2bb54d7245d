"""Telephone numbers: read as people write them, and written in E.164. The one door to the library phonenumbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["Phone", "is_region", "read_phone"]

_LONGEST = 60
# How a number of North America is mostly written; every other writing the library reads.
_ORDINARY = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d{2})\)?[ .-]?([2-9]\d{2})[ .-]?(\d{4})", re.ASCII)
_E164 = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number."""

    number: str
    """In E.164."""
    is_assigned: bool
    """Whether some telephone can have it, as far as the library's plans of numbers know."""
    is_national: bool
    """Whether it was written without the country's code, or with signs that E.164 does not have."""
    has_extension: bool
    """Whether an extension stood behind it, which E.164 does not have."""


def is_region(country: str) -> bool:
    """Whether the library knows the numbers of a country, by its two letters.

    Examples
    --------
    >>> is_region("US"), is_region("XX")
    (True, False)
    """
    return country == "US" or (country != "" and country in _library().SUPPORTED_REGIONS)


def read_phone(text: str, region: str = "US") -> Phone | None:
    """Read a telephone number, or give None for what cannot be one.

    Parameters
    ----------
    text
        The number, as somebody wrote it.
    region
        The country that it belongs to if it does not say, by its two letters.

    Examples
    --------
    >>> read_phone("(212) 555-0100").number
    '+12125550100'
    """
    ordinary = _ORDINARY.fullmatch(text) if region == "US" or text.startswith("+") else None
    if ordinary:
        digits = "".join(ordinary.groups())
        if _american().fullmatch(digits):
            return Phone(f"+1{digits}", True, not _E164.fullmatch(text), False)
    if len(text) > _LONGEST:
        return None
    library = _library()
    try:
        found = library.parse(text, region)
    except library.NumberParseException:
        return None
    if not library.is_possible_number(found):
        return None
    number = str(library.format_number(found, library.PhoneNumberFormat.E164))
    return Phone(number, bool(library.is_valid_number(found)), not _E164.fullmatch(text), bool(found.extension))


@cache
def _american() -> re.Pattern[str]:
    """Give the library's own pattern of fixed and mobile numbers of the US: what fits it is one of theirs."""
    metadata = _library().PhoneMetadata.metadata_for_region("US")
    return re.compile(metadata.fixed_line.national_number_pattern)


@cache
def _library() -> Any:  # a module
    import phonenumbers  # heavy: loaded with the first number

    return phonenumbers
