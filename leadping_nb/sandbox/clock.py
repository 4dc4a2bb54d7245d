"""The sandbox's clock, which a test or a lesson can move."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

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
        self._system = system
        self._monotonic = monotonic
        self._frozen = None if now is None else _aware(now)
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
        self._moved += by if isinstance(by, timedelta) else timedelta(seconds=by)

    def set(self, when: datetime | str) -> None:
        """Move the clock to a time; it goes on from there as before."""
        self.advance(_aware(when) - self.now())

    def monotonic(self) -> float:
        """Give seconds that only ever grow, but for moves of the clock."""
        return self._monotonic() + self._moved.total_seconds()

    def __repr__(self) -> str:
        return f"<Clock at {self.now().isoformat(timespec='seconds')}{', standing still' if self.frozen else ''}>"


def _aware(when: datetime | str) -> datetime:
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
