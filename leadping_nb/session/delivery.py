"""Delivery: a request leaves in its turn and within bounds, and a read is sent again where that may help."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadping_nb.errors import LeadMaybeSentError, ResponseError
from leadping_nb.session.answers import Answer
from leadping_nb.session.attempts import after
from leadping_nb.session.exchange import Failure, Limits, exchange
from leadping_nb.session.once import INTERRUPTED
from leadping_nb.session.retry import Patience, waiting

if TYPE_CHECKING:
    import httpx

    from leadping_nb.session.rate import RateLimit

__all__ = ["Delivery"]


class Delivery:
    """Sends what was admitted, and tells the API's clock by what comes back.

    Parameters
    ----------
    transport
        What sends, and sets the credential.
    limits
        Bounds of one request.
    rate
        The limit that requests keep to by waiting; None for none.
    now, monotonic, sleep
        The clocks: epoch seconds, seconds that only grow, and a pause in seconds.
    tell
        Is told of every wait that nobody else is told of, in a sentence.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        limits: Limits,
        *,
        rate: RateLimit | None,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        tell: Callable[[str], None],
    ) -> None:
        self._transport = transport
        self._limits = limits
        self._rate = rate
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._tell = tell
        self._ahead = 0.0
        self._one_at_a_time = threading.Lock()

    def read(self, request: httpx.Request, patience: Patience) -> Answer:
        """Send a read as often as patience allows, and give its last answer.

        Parameters
        ----------
        request
            The request.
        patience
            The waits that are left.

        Raises
        ------
        TransportError
            If no answer came.
        """
        asked = f"{request.method} {request.url}"
        attempt = 0
        while True:
            with self._turn(patience):
                outcome = exchange(self._transport, request, self._limits, self._monotonic)
            if isinstance(outcome, Answer) and (date := outcome.date) is not None:
                self._ahead = date - self._now()
            following = after(outcome, attempt, patience, asked=asked, now=self.api_now())
            if isinstance(following, Answer):
                return following
            attempt += 1
            self.pause(following.seconds, following.reason, patience)

    def lead(
        self, request: httpx.Request, patience: Patience, *, when_leaving: Callable[[], None] | None
    ) -> Answer | Failure:
        """Send a lead once, and give what came of it; no other lead leaves meanwhile.

        Parameters
        ----------
        request
            The request.
        patience
            Who is told of a wait for the rate limit, and may end it.
        when_leaving
            Is called when all waits are over and the lead is about to leave; if it raises, the lead does not.

        Raises
        ------
        LeadMaybeSentError
            If it was interrupted, or its answer could not be taken in.
        """
        with self._one_at_a_time, self._turn(patience):
            try:
                if when_leaving is not None:
                    when_leaving()
                return exchange(self._transport, request, self._limits, self._monotonic)
            except (KeyboardInterrupt, ResponseError) as error:
                reason = INTERRUPTED if isinstance(error, KeyboardInterrupt) else error.message.rstrip(".")
                raise LeadMaybeSentError(
                    f"{request.method} {request.url}: {reason}. The lead may have arrived."
                ) from error

    def api_now(self) -> float:
        """Give the time by the API's clock, as the last answer with a ``Date`` told it, in epoch seconds."""
        return self._now() + self._ahead

    def pause(self, seconds: float, reason: str, patience: Patience) -> None:
        """Wait, and tell of it; `Session.pause` explains the parameters."""
        if patience.tell is not None:
            patience.tell(seconds, reason)
        else:
            self._tell(waiting(seconds, reason))
        if patience.heed is None:
            self._sleep(seconds)
            return
        while seconds > 0:
            patience.heed()
            self._sleep(min(seconds, 1.0))
            seconds -= 1.0
        patience.heed()

    @contextmanager
    def _turn(self, patience: Patience) -> Iterator[None]:
        """Wait until the limit allows a request, and let it count from when it is over."""
        rate = self._rate
        while rate is not None and (wait := rate.take()) > 0:
            self.pause(wait, rate.reason, patience)
        try:
            yield
        finally:
            if rate is not None:
                rate.give_back()
