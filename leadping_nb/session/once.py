"""What came of a write that is sent once: taken in, refused, never sent, or unknown."""

from __future__ import annotations

from collections.abc import Callable

from leadping_nb.errors import LeadMaybeSentError, ResponseError, TransportError
from leadping_nb.session.answers import Answer, error_of, json_of
from leadping_nb.session.exchange import Failure

__all__ = ["INTERRUPTED", "judged"]

INTERRUPTED = "It was interrupted before its answer came"


def judged(outcome: Answer | Failure, what: str, *, scrub: Callable[[str], str], now: float) -> Answer:
    """Give the answer that says that a lead was taken in, or raise what the outcome means.

    Parameters
    ----------
    outcome
        What came back.
    what
        Method and address.
    scrub, now
        As for `error_of`.

    Raises
    ------
    LeadMaybeSentError
        If the lead may have been taken in all the same: no answer, one that cannot be read, or an error of the server.
    TransportError
        If nothing was sent.
    ApiError, ResponseError
        If it was refused.
    """
    if isinstance(outcome, Failure):
        if outcome.may_have_left:
            raise LeadMaybeSentError(f"{what}: {outcome.reason}. The lead may have arrived.")
        raise TransportError(f"{what}: {outcome.reason}. Nothing was sent.", hint=outcome.hint)
    if not outcome.ok:
        refused = error_of(outcome, scrub=scrub, now=now)
        if outcome.status >= 500:  # of the server, or of what stands before it and saw the lead pass
            raise LeadMaybeSentError(f"{refused.message} The lead may have been taken in.") from refused
        raise refused
    try:
        readable = not outcome.body or isinstance(json_of(outcome), dict)
    except ResponseError:
        readable = False
    if not readable:  # a page of a proxy, or half of an answer
        raise LeadMaybeSentError(
            f"{what} answered {outcome.status} with what is no JSON object. The lead may have arrived."
        )
    return outcome
