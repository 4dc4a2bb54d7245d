"""The sandbox's clock, which a test or a lesson can move."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from leadping_nb.arguments import FUNCTION, demand, number, refused
from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Clock"]


def _system() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Tell the time that tokens, answers and created leads go by.

    Parameters
    ----------
    now
        Where the clock stands still until it is moved; it follows the system's unless this is given.
        A text is read as ISO 8601. A time without a zone means UTC.
    system
        The clock to follow.
    monotonic
        What rate-limit windows count by, in seconds; moving the clock moves them too.

    Examples
    --------
    >>> clock = Clock("2026-07-05T12:00:00Z")
    >>> clock.advance(90)
    >>> clock.now().isoformat()
    '2026-07-05T12:01:30+00:00'
    """

    def __init__(
        self,
        now: datetime | str | None = None,
        *,
        system: Callable[[], datetime] = _system,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        demand(FUNCTION, system=system, monotonic=monotonic)
        self._system = system
        self._monotonic = monotonic
        self._frozen = None if now is None else _aware("now", now)
        self._moved = timedelta()

    @property
    def frozen(self) -> bool:
        """Whether it stands still between moves."""
        return self._frozen is not None

    def now(self) -> datetime:
        """Give the time, in UTC."""
        return (self._frozen or self._system()) + self._moved

    def advance(self, by: float | timedelta) -> None:
        """Move the clock by seconds or a timedelta; a negative one moves it back."""
        given = by if isinstance(by, timedelta) else number("by", by, hint="Give seconds, or a timedelta.")
        try:
            moved = self._moved + (given if isinstance(given, timedelta) else timedelta(seconds=given))
            _ = (self._frozen or self._system()) + moved
        except (OverflowError, ValueError):  # a datetime has four digits for the year; NaT is a timedelta, too
            raise LeadpingError(
                "The clock cannot be moved that far.", hint="Stay between the years 1 and 9999."
            ) from None
        self._moved = moved

    def set(self, when: datetime | str) -> None:
        """Move the clock to a time; it goes on from there as before."""
        self.advance(_aware("when", when) - self.now())

    def monotonic(self) -> float:
        """Give seconds that only ever grow, but for moves of the clock."""
        return self._monotonic() + self._moved.total_seconds()

    def __repr__(self) -> str:
        return f"<Clock at {self.now().isoformat(timespec='seconds')}{', standing still' if self.frozen else ''}>"


def _aware(name: str, when: object) -> datetime:
    try:
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment != moment:  # pandas' NaT is a datetime that equals nothing
        raise refused(
            name, when, "a datetime or a time in ISO 8601", hint=f'Write it as in {name}="2026-07-05T12:00:00Z".'
        )
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
