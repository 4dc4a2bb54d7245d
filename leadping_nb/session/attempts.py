"""What follows an attempt at a read: its answer, an error, or another attempt after a wait."""

from __future__ import annotations

from dataclasses import dataclass, replace

from leadping_nb.errors import TransportError
from leadping_nb.session.answers import Answer
from leadping_nb.session.exchange import Failure
from leadping_nb.session.retry import RETRIED_STATUSES, Patience, retry_after

__all__ = ["Again", "after"]


@dataclass(frozen=True, slots=True)
class Again:
    """Another attempt is to be made."""

    seconds: float
    """How long to wait first."""
    reason: str
    """Why, as the end of a sentence."""


def after(outcome: Answer | Failure, attempt: int, patience: Patience, *, asked: str, now: float) -> Answer | Again:
    """Say what follows attempt ``attempt`` (from 0).

    Parameters
    ----------
    outcome
        What came of it.
    attempt
        How many there were before.
    patience
        The waits that are left; one that is given is taken from it.
    asked
        Method and address, for the error.
    now
        The time in epoch seconds, for a ``Retry-After`` that is a date.

    Raises
    ------
    TransportError
        If no answer came, and there is no other attempt.

    Examples
    --------
    >>> broke = Failure("the connection broke", worth_a_retry=True)
    >>> after(broke, 0, Patience(jitter=lambda: 1.0), asked="GET /tags", now=0.0)
    Again(seconds=0.5, reason='the connection broke (retry 1 of 6)')
    """
    if isinstance(outcome, Answer):
        if outcome.status not in RETRIED_STATUSES:
            return outcome
        told = retry_after(outcome.headers.get("retry-after"), now)
        wait = patience.next_wait(attempt, told)
        if wait is None:
            return replace(outcome, note=_enough(told, attempt, patience))
        reason = f"the API answered {outcome.status}"
    else:
        wait = patience.next_wait(attempt, None) if outcome.worth_a_retry else None
        if wait is None:
            raise TransportError(f"{asked}: {outcome.reason}.", hint=outcome.hint)
        reason = outcome.reason
    return Again(wait, f"{reason} (retry {attempt + 1} of {patience.retries})")


def _enough(told: float | None, attempt: int, patience: Patience) -> str | None:
    """Say why an answer is taken for the last one."""
    if told is not None and told > patience.seconds:
        return f"It asks for a wait of {told:,.0f} s, and this may wait {patience.seconds:,.0f} s more."
    return f"It answered so {attempt + 1} times." if attempt else None
