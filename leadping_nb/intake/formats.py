"""Formats of texts that the models name: dates, times, addresses of the web and of mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from leadping_nb.identifiers import split_address

__all__ = ["FORMATS", "Note", "Read", "read_date", "read_email"]

Note = tuple[str, str]
"""A code, and its sentence."""
Read = tuple[str | None, tuple[Note, ...]]
"""A text as it is to be sent (None where it is not to be read), and what is to be said of it."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# RFC 3339 with up to seven fractional digits, as .NET writes them; the offset may be missing.
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,7})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_TIME = re.compile(r"(\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,7})?", re.ASCII)
# What needs no further thought; whatever else there is, the library or the standard judges.
_ORDINARY_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*", re.ASCII)
_ORDINARY_URI = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[!-~]*)?", re.ASCII)
_LONGEST_MAIL = 254  # RFC 5321, section 4.5.3.1.3, without the brackets around it
_DOMAINS = 10_000  # that are remembered: many people share few


def read_date(text: str) -> date | None:
    """Give the date of ``YYYY-MM-DD``, or None.

    Examples
    --------
    >>> read_date("1990-02-01"), read_date("02/01/1990")
    (datetime.date(1990, 2, 1), None)
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_email(text: str) -> Read:
    """Read an address of mail; the part after the @ comes back in small letters.

    Nothing is looked up: whether somebody receives it is another question.

    Examples
    --------
    >>> read_email("Ada@Mail.Example")
    ('Ada@mail.example', ())
    """
    local, _, domain = text.rpartition("@")
    if len(text) <= _LONGEST_MAIL and _ORDINARY_LOCAL.fullmatch(local):
        known = _domain(domain)
        written = f"{local}@{known}" if known else None
    else:
        written = _judged_mail(text)
    if written is None or len(written) > _LONGEST_MAIL:
        return None, (("email-invalid", "This is not one address of mail."),)
    return written, ()


@lru_cache(_DOMAINS)
def _domain(domain: str) -> str | None:
    found = _judged_mail(f"a@{domain}")
    return found.removeprefix("a@") if found else None


def _judged_mail(text: str) -> str | None:
    """Let the library read an address; None if it is none."""
    email_validator = _email_validator()
    try:
        # The reserved name .test is for people who try things out (RFC 6761).
        found = email_validator.validate_email(text, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        return None
    return str(found.normalized)


@cache
def _email_validator() -> Any:
    import email_validator  # heavy: loaded with the first address

    return email_validator


def _date(text: str) -> Read:
    if not _DATE.fullmatch(text):
        return None, (("wrong-format", "A date is written YYYY-MM-DD."),)
    if read_date(text) is None:
        return None, (("wrong-format", "The calendar has no such day."),)
    return text, ()


def _moment(text: str) -> Read:
    wrong = ("wrong-format", "A time is written as in 2026-07-05T14:30:00Z.")
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None, (wrong,)
    try:
        datetime.fromisoformat(found[1] + (found[2] or ""))
    except ValueError:
        return None, (wrong,)
    return text, () if found[2] else (("no-time-zone", "The time has no time zone."),)


def _time(text: str) -> Read:
    wrong = ("wrong-format", "A time of day is written as in 09:30.")
    found = _TIME.fullmatch(text)
    if found is None:
        return None, (wrong,)
    try:
        time.fromisoformat(found[1])
    except ValueError:
        return None, (wrong,)
    return text, ()


def _uri(text: str) -> Read:
    if _ORDINARY_URI.fullmatch(text):
        return text, ()
    parts = split_address(text)
    if parts is None or not parts.scheme or not parts.netloc or len(text.split()) > 1:
        return None, (("wrong-format", "An address of the web is written whole, from https:// on."),)
    return text, ()


FORMATS: Mapping[str, Callable[[str], Read]] = {
    "date": _date,
    "date-time": _moment,
    "time": _time,
    "uri": _uri,
    "email": read_email,
}
"""How a text of each format is read."""
