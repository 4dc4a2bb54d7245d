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
from leadping_nb.openapi.credentials import NO_CREDENTIAL

__all__ = ["changed_calls"]


def changed_calls(pairing: Pairing, *, wording: bool = False) -> Iterator[Change]:
    """Give the changes in the calls, those that the toolkit makes first.

    Parameters
    ----------
    pairing
        The two descriptions.
    wording
        Whether summaries and the names in braces count.
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
        instead=_instead(new),
        remedy=_remedy(new),
        evidence=evidence,
    )


def _in_both(meeting: Meeting) -> Iterator[Change]:
    one, other = meeting.before, meeting.after
    yield from _changed_lock(meeting)
    if other.deprecated and not one.deprecated:
        yield change_of("use", "deprecated", other.id, use=meeting.use, evidence=meeting.pairing.here)
    yield from changed_inputs(meeting)
    yield from changed_body(meeting)
    yield from changed_answer(meeting)


def _changed_lock(meeting: Meeting) -> Iterator[Change]:
    """Give the change in which credentials will do; where those that did before still do, it breaks nothing."""
    one, other = (frozenset(call.takes) for call in (meeting.before, meeting.after))
    if not one or not other or one == other:
        return
    name, before, after = meeting.after.id, _any_of(meeting.before.takes), _any_of(meeting.after.takes)
    if one <= other or NO_CREDENTIAL in other:
        yield change_of("lock", "changed", name, before=before, after=after, evidence=meeting.pairing.here)
    else:
        yield meeting.change("lock", "changed", name, before=before, after=after)


def _any_of(choices: tuple[str, ...]) -> str:
    return "; or ".join(choices)


def _in_words(meeting: Meeting, *, wording: bool) -> Iterator[Change]:
    one, other = meeting.before, meeting.after
    for before, after in ((one.path, other.path), (one.summary, other.summary)) if wording else ():
        if before != after:
            yield change_of("words", "changed", one.id, before=before, after=after, evidence=meeting.pairing.here)


def _instead(key: str) -> str:
    """Give the line of Python that makes a call; empty where none does, as for a lead, which goes by its own."""
    use = uses().get(key)
    return use.code if use is not None and use.role != "send" else ""


def _remedy(key: str) -> str:
    """Say which shipped revision knows a call, if one does."""
    knowing = [revision for revision in REVISIONS if key in outline_of(contract(revision)).calls]
    if not knowing:
        return "No revision of the toolkit knows this name yet."
    how = f"and use {_instead(key)}" if _instead(key) else "which knows this name"
    return f'Connect with contract=lp.contract("{knowing[-1]}"), {how}.'
