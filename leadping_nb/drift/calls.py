"""What changed in the calls: those that went, have another name, take another credential, or came."""

from __future__ import annotations

from collections.abc import Iterator

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.drift.change import Change, Happened, Subject, change_of
from leadping_nb.drift.outlines import outline_of, uses
from leadping_nb.drift.pairing import Pairing, used_first
from leadping_nb.openapi import Call

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
    for key, call in used_first(pairing.before.calls, uses()):
        rename = pairing.calls.get(key)
        if key in now:
            yield from _in_both(pairing, key, call, now[key])
            yield from _in_words(pairing, call, now[key], wording=wording)
        elif rename is not None:
            other = now[rename.after]
            yield _change("renamed", key, call, new=rename.after, after=other.id, evidence=str(rename))
            yield from _in_both(pairing, key, call, other)
        else:
            yield _change("gone", key, call, new=key, evidence=pairing.not_here)
    renamed = {rename.after for rename in pairing.calls.values()}
    for key, call in used_first(now, uses()):
        if key not in pairing.before.calls and key not in renamed:
            yield _change("appeared", key, call, new=key, after=call.id, evidence=pairing.here)


def _change(happened: Happened, key: str, call: Call, *, new: str, after: str = "", evidence: str) -> Change:
    return change_of(
        _subject(key, call),
        happened,
        call.id,
        before="" if happened == "appeared" else call.id,
        after=after,
        use=_code(key, call),
        remedy=_remedy(new),
        evidence=evidence,
    )


def _in_both(pairing: Pairing, key: str, one: Call, other: Call) -> Iterator[Change]:
    subject = _subject(key, one)
    if one.takes and other.takes and one.takes != other.takes:
        lock: Subject = "other lock" if subject == "write" else "lock"
        yield change_of(
            lock, "changed", other.id, before=one.takes, after=other.takes, use=_code(key, one), evidence=pairing.here
        )
    rows = pairing.model_names.get(one.row_model or "", one.row_model)
    if subject == "list" and one.row_model and other.row_model and rows != other.row_model:
        yield change_of(
            "rows",
            "changed",
            other.id,
            before=one.row_model,
            after=other.row_model,
            use=_code(key, one),
            evidence=pairing.here,
        )


def _in_words(pairing: Pairing, one: Call, other: Call, *, wording: bool) -> Iterator[Change]:
    pairs = [(one.path, other.path)] + [(one.summary, other.summary)] * wording
    for before, after in pairs:
        if before != after:
            yield change_of("words", "changed", one.id, before=before, after=after, evidence=pairing.here)


def _subject(key: str, call: Call) -> Subject:
    use = uses().get(key)
    if use is not None:
        return use.role
    return "read" if call.method == "GET" else "write"


def _code(key: str, call: Call) -> str:
    use = uses().get(key)
    if use is not None:
        return use.code
    return f'api.get("{call.path}")' if call.method == "GET" else call.id


def _remedy(key: str) -> str:
    """Say which shipped revision knows a call, if one does."""
    knowing = [revision for revision in REVISIONS if key in outline_of(contract(revision)).calls]
    if not knowing:
        return "No revision of the toolkit knows this name yet."
    use = uses().get(key)
    how = f"and use {use.code}" if use is not None and use.role != "send" else "which knows this name"
    return f'Connect with contract=lp.contract("{knowing[-1]}"), {how}.'
