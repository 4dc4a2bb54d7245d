"""Instants as the API writes them: .NET texts of up to seven fractional digits, held as whole ticks of 100 ns."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache

__all__ = ["DAY", "END", "HOUR", "MINUTE", "SECOND", "START", "text", "ticks_at", "ticks_of"]

SECOND = 10_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02}" for second in range(60))
# .NET drops trailing zeros, so that most texts have seven digits and some have fewer, down to none.
_DIGITS = (7, 7, 7, 6, 7, 7, 3, 7, 7, 5, 7, 0, 7, 4, 7, 2)
_ZONES = ("Z", "Z", "Z", "+00:00", "Z", "Z", "Z", "Z")
_SHAPE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?", re.ASCII
)


def ticks_at(moment: datetime) -> int:
    """Count the ticks from 1970 to an aware moment."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 10


START = ticks_at(datetime(2026, 1, 5, tzinfo=UTC))
"""When the world's first lead may arrive."""
END = ticks_at(datetime(2026, 7, 5, tzinfo=UTC))
"""When the world's time line is over; nothing in it is later."""


def text(ticks: int, style: int = 0) -> str:
    """Write an instant as .NET would.

    Parameters
    ----------
    ticks
        The instant.
    style
        Seven bits that choose how many fractional digits are kept and how UTC is written.

    Examples
    --------
    >>> text(START + 15 * HOUR + 1_234_567)
    '2026-01-05T15:00:00.1234567Z'
    """
    days, rest = divmod(ticks, DAY)
    seconds, fraction = divmod(rest, SECOND)
    minute, second = divmod(seconds, 60)
    head = f"{_day(days)}T{_MINUTES[minute]}:{_SECONDS[second]}"
    tail = f"{fraction:07}"[: _DIGITS[style & 15]].rstrip("0")
    zone = _ZONES[style >> 4 & 7]
    return f"{head}.{tail}{zone}" if tail else f"{head}{zone}"


def ticks_of(written: str) -> int:
    """Read an ISO 8601 text as ticks; a text without a zone counts as UTC; raise `ValueError` if it is none.

    Examples
    --------
    >>> ticks_of("2026-01-05T01:00:00+01:00") == START
    True
    """
    found = _SHAPE.fullmatch(written)
    if found is None:
        raise ValueError("This is no date-time.")
    day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = found.groups()
    seconds = int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)
    if sign:
        shift = int(zone_hours) * 3600 + int(zone_minutes) * 60
        seconds += shift if sign == "-" else -shift
    return _days(day) * DAY + seconds * SECOND + int((fraction or "")[:7].ljust(7, "0"))


@cache
def _day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


@cache
def _days(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days
