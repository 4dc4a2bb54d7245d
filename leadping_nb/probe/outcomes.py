"""What an answer says about a permission: a pure function of what came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from leadping_nb.challenge import Challenge
from leadping_nb.contracts import Operation
from leadping_nb.errors import ApiError, LeadpingError, ResponseError, UnauthorizedError
from leadping_nb.evidence import Observation, Outcome
from leadping_nb.identifiers import shown
from leadping_nb.session.answers import Answer, json_of

__all__ = ["says_dead", "seen_in_answer", "seen_in_error"]

_LONGEST: Final = 300
"""The most characters of what a server said."""
_BYTES: Final = "primitive:bytes"

# What an answer without success says of a permission; any other status says nothing of it.
_BY_STATUS: Mapping[int, Outcome] = {401: "refused", 403: "refused", 404: "not found", 410: "not found"}


def seen_in_answer(operation: Operation, answer: Answer, at: datetime) -> Observation:
    """Judge a successful answer: allowed, unless it is a page that something else than the API sent.

    Parameters
    ----------
    operation
        What was called.
    answer
        What came back.
    at
        When.
    """
    try:
        if operation.response_kind != _BYTES or answer.body.lstrip()[:1] == b"<":
            json_of(answer)
    except ResponseError:
        why = f"It was answered {answer.status} with what is no JSON, so perhaps not by the API."
        return Observation("cannot tell", why, answer.status, at=at)
    return Observation("allowed", f"It was answered {answer.status}.", answer.status, at=at)


def seen_in_error(error: LeadpingError, at: datetime) -> Observation:
    """Judge a call that failed: refused and not found are answers, and anything else cannot tell.

    Parameters
    ----------
    error
        What the session made of it, with the credential taken out.
    at
        When.
    """
    if not isinstance(error, ResponseError) or error.status is None:
        return Observation("cannot tell", shown(error.message, _LONGEST), at=at)
    outcome = _BY_STATUS.get(error.status, "cannot tell")
    words = _words(error) if isinstance(error, ApiError) else ""
    return Observation(outcome, f"It was answered {error.status}.", error.status, words, at)


def says_dead(error: LeadpingError) -> bool:
    """Whether a 401 says of the credential itself that it is no good (RFC 6750, section 3.1)."""
    return isinstance(error, UnauthorizedError) and any(
        challenge.params.get("error") == "invalid_token" for challenge in _challenges(error)
    )


def _words(error: ApiError) -> str:
    descriptions = [challenge.params.get("error_description") for challenge in _challenges(error)]
    said = dict.fromkeys(text for text in (error.problem.title, error.problem.detail, *descriptions) if text)
    return shown(" · ".join(said), _LONGEST)


def _challenges(error: LeadpingError) -> list[Challenge]:
    found = error.challenges if isinstance(error, UnauthorizedError) else ()
    return [challenge for challenge in found if isinstance(challenge, Challenge)]
