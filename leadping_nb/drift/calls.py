"""What changed in the calls: those that went, have another name, take another credential, or came."""

from __future__ import annotations

from collections.abc import Iterator

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.drift.answers import changed_answer, changed_errors
from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.inputs import changed_body, changed_inputs
from leadping_nb.drift.meeting import Meeting
from leadping_nb.drift.outlines import outline_of, uses
from leadping_nb.drift.pairing import Pairing, used_first
from leadping_nb.drift.sorts import Happened

__all__ = ["changed_calls"]


def changed_calls(pairing: Pairing, *, wording: bool = False) -> Iterator[Change]:
    """Give the changes in the calls, those that the toolkit makes first.

    Parameters
    ----------
    pairing
        The two descriptions.
    wording
        Whether summaries count.
    """
    now = pairing.after.calls
    meetings = []
    for key, call in used_first(pairing.before.calls, uses()):
        rename = pairing.calls.get(key)
        if key in now:
            meetings.append(Meeting(pairing, key, call, now[key]))
            yield from _in_words(meetings[-1], wording=wording)
        elif rename is not None:
            meetings.append(Meeting(pairing, key, call, now[rename.after]))
            yield _change("renamed", meetings[-1], after=now[rename.after].id, evidence=str(rename), new=rename.after)
        else:
            yield _change("gone", Meeting(pairing, key, call, call), evidence=pairing.not_here, new=key)
    for meeting in meetings:
        yield from _in_both(meeting)
    yield from changed_errors(pairing, meetings)
    renamed = {rename.after for rename in pairing.calls.values()}
    for key, call in used_first(now, uses()):
        if key not in pairing.before.calls and key not in renamed:
            new = Meeting(pairing, key, call, call)
            yield _change("appeared", new, after=call.id, evidence=pairing.here, new=key)


def _change(happened: Happened, meeting: Meeting, *, new: str, after: str = "", evidence: str) -> Change:
    name = meeting.before.id
    return change_of(
        meeting.role,
        happened,
        name,
        before="" if happened == "appeared" else name,
        after=after,
        use=meeting.use,
        remedy=_remedy(new),
        evidence=evidence,
    )


def _in_both(meeting: Meeting) -> Iterator[Change]:
    one, other = meeting.before, meeting.after
    if one.takes and other.takes and one.takes != other.takes:
        yield meeting.change("lock", "changed", other.id, before=one.takes, after=other.takes)
    yield from changed_inputs(meeting)
    yield from changed_body(meeting)
    yield from changed_answer(meeting)


def _in_words(meeting: Meeting, *, wording: bool) -> Iterator[Change]:
    one, other = meeting.before, meeting.after
    pairs = [(one.path, other.path)] + [(one.summary, other.summary)] * wording
    for before, after in pairs:
        if before != after:
            yield change_of("words", "changed", one.id, before=before, after=after, evidence=meeting.pairing.here)


def _remedy(key: str) -> str:
    """Say which shipped revision knows a call, if one does."""
    knowing = [revision for revision in REVISIONS if key in outline_of(contract(revision)).calls]
    if not knowing:
        return "No revision of the toolkit knows this name yet."
    use = uses().get(key)
    how = f"and use {use.code}" if use is not None and use.role != "send" else "which knows this name"
    return f'Connect with contract=lp.contract("{knowing[-1]}"), {how}.'
