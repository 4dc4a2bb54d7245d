"""Faults of lead intake: a lead that was taken in, and an answer that does not say so; one row each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from leadping_nb.sandbox.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadping_nb.sandbox.answers import Answer, Call

__all__ = ["LEAD_FAULTS"]

_INTAKE = ("/leads", "/leads/intake")
_HOUR = 3600.0


def _taken_in(change: Callable[[Answer], Answer]) -> Callable[[Call, Answer], Answer]:
    """Change every answer to a lead that was taken in."""
    return lambda call, answer: change(answer) if call.path in _INTAKE and answer.status == 201 else answer


LEAD_FAULTS: tuple[Fault, ...] = (
    Fault(
        "lead_answer_lost",
        "Takes in a lead, and closes the connection before any byte of the answer.",
        "Whether a write was carried out can only be seen by looking, with a credential that reads.",
        "a LeadMaybeSentError that says how to look; the lead is not sent again",
        answer=_taken_in(lambda answer: replace(answer, silent=True)),
    ),
    Fault(
        "lead_answer_late",
        "Takes in a lead, sends the head of the answer, and keeps the rest for an hour.",
        "A timeout says that nobody waits any longer, and nothing of what the server did.",
        "a LeadMaybeSentError that says how to look; the lead is not sent again",
        answer=_taken_in(lambda answer: replace(answer, pace=_HOUR, piece=len(answer.body))),
        takes="as long as the client waits",
    ),
)
"""The faults of lead intake."""
