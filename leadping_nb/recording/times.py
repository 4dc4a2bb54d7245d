"""Times as texts: what they look like, and the same by whole weeks earlier."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["TIME", "earlier"]

TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d(:\d\d(\.\d{1,9})?)?",
    re.ASCII,
)
"""A date, a time of day, or both."""
_NO_DAYS = (date.min.year, date.max.year)
"""Years that programs write where there is no date."""


def earlier(text: str, *, weeks: int) -> str:
    """Move a time by whole weeks, so that weekdays, hours, order and durations stay.

    Parameters
    ----------
    text
        A time; one without a date, or with one that is none, comes back as it is.
    weeks
        How many weeks earlier.

    Examples
    --------
    >>> earlier("2026-07-05T12:00:00.1234567Z", weeks=2), earlier("08:30", weeks=2)
    ('2026-06-21T12:00:00.1234567Z', '08:30')
    """
    try:
        day = date.fromisoformat(text[:10])
        moved = day if day.year in _NO_DAYS else day - timedelta(weeks=weeks)
    except (ValueError, OverflowError):
        return text
    return moved.isoformat() + text[10:]
