"""How long to wait before a read is asked again; bounded in count and in time."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

__all__ = ["RETRIED_STATUSES", "Patience", "http_date", "retry_after", "to_stderr", "waiting"]

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""The statuses after which a read is asked again."""


@dataclass(slots=True)
class Patience:
    """The waits that one load may spend: so many retries in a row, so many seconds in all."""

    retries: int = 6
    """How often one request is asked again."""
    seconds: float = 120.0
    """How many seconds of waiting are left, for all requests of the load together."""
    base: float = 0.5
    """The first wait in seconds where the server names none; it doubles with each attempt."""
    ceiling: float = 30.0
    """The longest wait in seconds that is chosen without being told."""
    jitter: Callable[[], float] = field(default=random.random, repr=False)
    """A number between 0 and 1, so that many clients do not come back together."""

    tell: Callable[[float, str], None] | None = field(default=None, repr=False)
    """Is told of each wait: the seconds, and the reason as the end of a sentence."""
    heed: Callable[[], None] | None = field(default=None, repr=False)
    """Is called once a second of a wait, and may raise to end it: a thread's sleep hears no Ctrl-C."""

    def next_wait(self, attempt: int, told: float | None) -> float | None:
        """Give the seconds to wait before retry ``attempt`` (from 0), or None if patience ends here.

        Parameters
        ----------
        attempt
            How many retries of this request there were.
        told
            What ``Retry-After`` asks for in seconds, or None; nothing and none are the same, because a time that has
            passed is no licence to ask in a tight loop.

        Examples
        --------
        >>> patience = Patience(jitter=lambda: 1.0)
        >>> patience.next_wait(0, None), patience.next_wait(1, None), patience.next_wait(2, 17.0)
        (0.5, 1.0, 17.0)
        >>> patience.next_wait(3, 3600.0) is None
        True
        """
        if attempt >= self.retries:
            return None
        longest = min(self.ceiling, self.base * 2**attempt)
        wait = told or longest / 2 + longest / 2 * self.jitter()
        if wait > self.seconds:
            return None
        self.seconds -= wait
        return wait


def retry_after(value: str | None, now: float) -> float | None:
    """Read ``Retry-After`` (RFC 9110, section 10.2.3): seconds or a date; None if absent or unreadable.

    Parameters
    ----------
    value
        The header's value.
    now
        The time in epoch seconds, for a date.

    Examples
    --------
    >>> retry_after("17", now=0.0)
    17.0
    >>> retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now=15.0)
    45.0
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    date = http_date(text)
    return None if date is None else max(0.0, date - now)


def http_date(text: str) -> float | None:
    """Read a date of RFC 9110, section 5.6.7, as epoch seconds; None if it is none.

    Examples
    --------
    >>> http_date("Thu, 01 Jan 1970 00:01:00 GMT")
    60.0
    """
    try:
        date = parsedate_to_datetime(text)
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date  # asctime's form names no zone
        return date.timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def waiting(seconds: float, reason: str) -> str:
    """Say that there is a wait, and why.

    Examples
    --------
    >>> waiting(2.0, "the API answered 503")
    'Waiting 2.0 s, because the API answered 503.'
    """
    return f"Waiting {seconds:.1f} s, because {reason}."


def to_stderr(sentence: str) -> None:
    """Tell a sentence where nothing else shows it."""
    sys.stderr.write(sentence + "\n")
