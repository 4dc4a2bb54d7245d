"""The progress of the one load that a card runs, told to the card a few times a second."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from leadping_nb.identifiers import shown
from leadping_nb.progress import Progress

__all__ = ["CardProgress"]

_INTERVAL = 0.2
"""The least seconds between two times that the card is told, waits and the beginning aside."""
_LONGEST = 200
"""The most characters of a reason, which a server may have a part in."""


class CardProgress(Progress):
    """How far a load has come, and a bell that rings when the card should show it anew.

    Parameters
    ----------
    ring
        Is called, from whichever thread, at most five times a second.
    before
        How many rows there were before it went on.
    most
        How many rows are wanted in all, with those that were there before; None for all.
    monotonic
        The seconds to count by.

    Examples
    --------
    >>> progress = CardProgress(lambda: None, most=2_000, monotonic=lambda: 0.0)
    >>> progress.begin("leads")
    >>> progress.advance("leads", rows=400, pages=2, total=5_000)
    >>> progress.share, progress.text
    (0.2, '400 of 2,000 rows in 2 pages')
    """

    def __init__(
        self,
        ring: Callable[[], None],
        *,
        before: int = 0,
        most: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ring = ring
        self._most = most
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._rang_at = -math.inf
        self._began = monotonic()
        self._before = before
        self._rows = self._pages = 0
        self._total: int | None = None
        self._wait = ""

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1; None where nobody said how much there is."""
        wanted = self._wanted
        return min(1.0, self._rows / wanted) if wanted and self._pages else None

    @property
    def text(self) -> str:
        """How far it is, and what it waits for or how long it will take."""
        if not self._pages:
            return self._wait or "waiting for the first page"
        of = f" of {self._wanted:,}" if self._wanted is not None and self._rows <= self._wanted else ""
        pages = f"{self._pages:,} page{'' if self._pages == 1 else 's'}"
        return ", ".join([f"{self._rows:,}{of} rows in {pages}", *([self._wait] if self._wait else self._pace())])

    def begin(self, name: str, *, doing: str = "loading") -> None:
        """Show the load from now on."""
        self._began = self._monotonic()
        self._tell(at_once=True)

    def advance(self, name: str, *, rows: int, pages: int, total: int | None) -> None:
        """Show how far it has come."""
        self._rows, self._pages, self._total, self._wait = rows, pages, total, ""
        self._tell()

    def wait(self, name: str, seconds: float, reason: str) -> None:
        """Show that it waits from now on."""
        self._wait = f"waiting {math.ceil(seconds)} s: {shown(reason, _LONGEST)}"
        self._tell(at_once=seconds >= _INTERVAL)

    @property
    def _wanted(self) -> int | None:
        known = [count for count in (self._total, self._most) if count is not None]
        return min(known) if known else None

    def _pace(self) -> list[str]:
        seconds = self._monotonic() - self._began
        came = self._rows - self._before
        if came <= 0 or seconds <= 0:
            return []
        pace = came / seconds
        left = max(0, (self._wanted or 0) - self._rows)
        return [f"{pace:,.0f} rows/s", *([f"about {_span(left / pace)} left"] if left else [])]

    def _tell(self, *, at_once: bool = False) -> None:
        with self._lock:
            now = self._monotonic()
            if now - self._rang_at < _INTERVAL and not at_once:
                return
            self._rang_at = now
        self._ring()


def _span(seconds: float) -> str:
    return f"{math.ceil(seconds)} s" if seconds <= 90 else f"{math.ceil(seconds / 60):,} min"
