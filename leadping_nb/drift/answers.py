"""What changed in what a call answers: its kind, its model, the rows in it, and its statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.meeting import Meeting
from leadping_nb.drift.pairing import Pairing
from leadping_nb.drift.sorts import Happened

__all__ = ["LEFT_OUT", "changed_answer", "changed_errors"]

LEFT_OUT: Mapping[str, frozenset[str]] = {"2026-07-05": frozenset({"403", "429"})}
"""The statuses that the source of a revision leaves out nearly everywhere, so that it does not say where they come."""

_MOST_NAMED = 3


def changed_answer(meeting: Meeting) -> Iterator[Change]:
    """Give the changes in an answer; of rows and their fields the models say more.

    Parameters
    ----------
    meeting
        The call in both descriptions.
    """
    one, other = meeting.before, meeting.after
    name, is_list = other.id, meeting.role == "list"
    if one.answers and other.answers and one.answers != other.answers:
        yield meeting.change("answer", "changed", name, before=one.answers, after=other.answers)
    elif is_list and one.row_model and other.row_model:
        if meeting.new_name(one.row_model) != other.row_model:
            yield change_of("rows", "changed", name, before=one.row_model, after=other.row_model, use=meeting.use,
                            evidence=meeting.pairing.here)  # fmt: skip
    elif one.response_model and other.response_model and meeting.new_name(one.response_model) != other.response_model:
        yield meeting.change("answer", "changed", name, before=one.response_model, after=other.response_model)
    before, after = (_successes(call.statuses) for call in (one, other))
    if before and after and before != after and "2XX" not in after:
        yield meeting.change("status", "changed", name, before=", ".join(before), after=", ".join(after))


def changed_errors(pairing: Pairing, meetings: Iterable[Meeting]) -> Iterator[Change]:
    """Give one change for each status of refusals that calls name no more, and for each that they name now.

    Parameters
    ----------
    pairing
        The two descriptions.
    meetings
        The calls in both.
    """
    unsure = LEFT_OUT.get(pairing.before.name, frozenset()), LEFT_OUT.get(pairing.after.name, frozenset())
    moved: dict[tuple[str, Happened], list[str]] = {}
    for meeting in meetings:
        if not meeting.before.statuses or not meeting.after.statuses:
            continue
        before, after = (_refusals(call.statuses) for call in (meeting.before, meeting.after))
        for status in before:
            if status not in after and status not in unsure[1] and not _covers(after, status):
                moved.setdefault((status, "gone"), []).append(meeting.after.id)
        for status in after:
            if status not in before and status not in unsure[0] and status.isdigit():
                moved.setdefault((status, "appeared"), []).append(meeting.after.id)
    for (status, happened), calls in sorted(moved.items()):
        named = f"at {_some(calls)}"
        yield change_of("errors", happened, f"status {status}", before=named if happened == "gone" else "",
                        after=named if happened == "appeared" else "",
                        evidence=pairing.not_here if happened == "gone" else pairing.here)  # fmt: skip


def _successes(statuses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(status for status in statuses if status.startswith(("2", "3"))))


def _refusals(statuses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(status for status in statuses if status.startswith(("4", "5", "default"))))


def _covers(statuses: tuple[str, ...], status: str) -> bool:
    return "default" in statuses or f"{status[0]}XX" in statuses


def _some(calls: list[str]) -> str:
    named = ", ".join(calls[:_MOST_NAMED])
    left = len(calls) - _MOST_NAMED
    return f"{named} and {left} more" if left > 0 else named
