"""A bucket of tokens that keeps requests below the API's limit, so that its refusals need not come."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from leadping_nb.arguments import FUNCTION, demand, number, whole

__all__ = ["RateLimit", "rate_limit_of"]

_LEAST = 0.001
"""The shortest wait in seconds; clocks that count in microseconds would round a shorter one to none."""


class RateLimit:
    """So many requests in any window of so many seconds, for all that share it; safe to use from several threads.

    A token comes back one window after its request was answered. When a request arrived nobody here knows, only that
    it was before its answer; counted from its sending, a slow first request and quick later ones would be too many in
    the server's window. A bucket that fills evenly would let nearly twice the limit through in the first one.

    Parameters
    ----------
    requests
        How many requests a window holds, 1 or more.
    seconds
        The length of a window, more than 0.
    monotonic
        The seconds to count by.

    Raises
    ------
    LeadpingError
        If there can be no such limit.

    Examples
    --------
    >>> limit = RateLimit(2, 60.0, monotonic=lambda: 5.0)
    >>> limit.take(), limit.take(), limit.take()
    (0.0, 0.0, 60.0)
    """

    def __init__(
        self, requests: int = 300, seconds: float = 60.0, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        demand(FUNCTION, monotonic=monotonic)
        self.requests = whole("requests", requests, least=1, hint="Give 1 request or more, or None for no limit.")
        self.seconds = number("seconds", seconds, above=0)
        self._monotonic = monotonic
        self._under_way = 0
        self._answered: deque[float] = deque()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<RateLimit {self.requests:,} in {self.seconds:g} s, {self.used:,} used>"

    def take(self) -> float:
        """Take a token and give 0.0; or take none, and give the seconds after which to ask again."""
        with self._lock:
            now = self._monotonic()
            lacking = self._used(now) - self.requests
            if lacking < 0:
                self._under_way += 1
                return 0.0
            freed = self._answered[lacking] if lacking < len(self._answered) else now
            return max(_LEAST, freed + self.seconds - now)

    @property
    def reason(self) -> str:
        """Why there is a wait, as the end of a sentence."""
        noun = "request" if self.requests == 1 else "requests"
        return f"the limit is {self.requests:,} {noun} in {self.seconds:g} s"

    def give_back(self) -> None:
        """Say that the request of a token was answered, or will not be."""
        with self._lock:
            self._under_way -= 1
            self._answered.append(self._monotonic())

    @property
    def used(self) -> int:
        """How many tokens are out at this moment."""
        with self._lock:
            return self._used(self._monotonic())

    def seconds_for(self, requests: int, each: float) -> float:
        """Give the seconds that further requests take: a window's worth at once, then the rest as the windows pass.

        Parameters
        ----------
        requests
            How many, 1 or more.
        each
            The seconds of one request.

        Examples
        --------
        >>> RateLimit(2, 60.0).seconds_for(3, 0.5)
        60.5
        """
        requests, each = whole("requests", requests, least=0), number("each", each, least=0)
        windows, rest = divmod(self.used + requests - 1, self.requests)
        waits = windows * self.seconds + (windows + rest) * each if windows else 0.0
        return max(requests * each, waits)

    def _used(self, now: float) -> int:
        while self._answered and self._answered[0] + self.seconds <= now:
            self._answered.popleft()
        return len(self._answered) + self._under_way


def rate_limit_of(given: int | RateLimit | None) -> RateLimit | None:
    """Give the limit that a caller named: one to share, or a number of requests in 60 s; None for none.

    Examples
    --------
    >>> rate_limit_of(2).requests
    2
    """
    if given is None or isinstance(given, RateLimit):
        return given
    return RateLimit(whole("rate_limit", given, least=1, hint="Give requests in 60 s, a RateLimit, or None for none."))
