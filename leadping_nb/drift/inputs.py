"""What changed in what goes with a call: its parameters and its body."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.meeting import Meeting
from leadping_nb.drift.pairing import missing
from leadping_nb.drift.renames import renamed_fields
from leadping_nb.drift.types import comparable_type
from leadping_nb.models import Field
from leadping_nb.openapi import Input

__all__ = ["changed_body", "changed_inputs"]

_NO_BODY = "no body"


def changed_inputs(meeting: Meeting) -> Iterator[Change]:
    """Give the changes in the parameters of the query, the headers and the cookies.

    Parameters
    ----------
    meeting
        The call in both descriptions.
    """
    one, other = meeting.before.inputs, meeting.after.inputs
    gone, new = missing(one, other), missing(other, one)
    renames = _only_capitals(gone, new)
    for before, after in renames.items():
        yield change_of("input", "renamed", _name(meeting, before), before=before, after=after,
                        columns=_words(one[before]), evidence=meeting.pairing.here)  # fmt: skip
    left, free = missing(gone, renames), {name: new[name] for name in new if name not in renames.values()}
    pairs = renamed_fields(_fields(left), _fields(free), meeting.pairing.model_names, meeting.pairing.exchange)
    for pair in pairs:
        yield meeting.change("input", "renamed", _name(meeting, pair.before), before=pair.before, after=pair.after,
                             columns=_words(one[pair.before]), evidence=str(pair))  # fmt: skip
    for name in missing(left, {pair.before: pair for pair in pairs}):
        yield meeting.change("input", "gone", _name(meeting, name), before=_type(one[name]), columns=_words(one[name]),
                             evidence=meeting.pairing.not_here)  # fmt: skip
    for name in missing(free, {pair.after: pair for pair in pairs}):
        yield from _appeared(meeting, name, other[name])
    for before, after in {**{name: name for name in one if name in other}, **renames}.items():
        yield from _in_both(meeting, one[before], other[after])
    for pair in pairs:
        if other[pair.after].required:
            yield _required(meeting, pair.after, other[pair.after], before="")
        yield from _deprecated(meeting, one[pair.before], other[pair.after])


def changed_body(meeting: Meeting) -> Iterator[Change]:
    """Give the changes in the body: whether there is one, of which media type and model, and whether it must be there.

    Parameters
    ----------
    meeting
        The call in both descriptions.
    """
    one, other = meeting.before, meeting.after
    name, here = other.id, meeting.pairing.here
    types = [", ".join(call.request_types) or _NO_BODY for call in (one, other)]
    if not one.request_types and not other.request_types:
        return
    if not other.request_types:
        yield meeting.change("body", "gone", name, before=types[0], after=types[1], evidence=meeting.pairing.not_here)
    elif not one.request_types:
        if other.requires_body:
            yield meeting.change("body", "required", name, before=types[0], after=other.request_model or types[1])
        else:
            yield change_of("body", "appeared", name, before=types[0], after=types[1], evidence=here)
    else:
        if not any(fnmatchcase(given, wanted) for given in one.request_types for wanted in other.request_types):
            yield meeting.change("body", "changed", name, before=types[0], after=types[1])
        if one.request_model and other.request_model and meeting.new_name(one.request_model) != other.request_model:
            yield meeting.change("body", "changed", name, before=one.request_model, after=other.request_model)
        if other.requires_body and not one.requires_body:
            yield meeting.change("body", "required", name, before="may be left out", after="required")
        elif one.requires_body and not other.requires_body:
            yield change_of("body", "changed", name, before="required", after="may be left out", evidence=here)


def _appeared(meeting: Meeting, name: str, entry: Input) -> Iterator[Change]:
    if entry.required:
        yield _required(meeting, name, entry, before="")
    elif entry.place == "query":  # contracts hold no others: one that may be left out is nothing new
        yield change_of("input", "appeared", _name(meeting, name), after=_type(entry), columns=_words(entry),
                        evidence=meeting.pairing.here)  # fmt: skip


def _in_both(meeting: Meeting, one: Input, other: Input) -> Iterator[Change]:
    name = other.field.name
    if "any" not in (one.field.type, other.field.type) and _type(one) != _type(other):
        yield meeting.change("input", "changed", _name(meeting, name), before=_type(one), after=_type(other),
                             columns=_words(other))  # fmt: skip
    if other.required and not one.required:
        yield _required(meeting, name, other, before="may be left out")
    elif one.required and not other.required:
        yield change_of("input", "changed", _name(meeting, name), before="required", after="may be left out",
                        columns=_words(other), evidence=meeting.pairing.here)  # fmt: skip
    yield from _deprecated(meeting, one, other)


def _deprecated(meeting: Meeting, one: Input, other: Input) -> Iterator[Change]:
    if other.deprecated and not one.deprecated:
        yield change_of("input", "deprecated", _name(meeting, other.field.name), columns=_words(other),
                        evidence=meeting.pairing.here)  # fmt: skip


def _required(meeting: Meeting, name: str, entry: Input, *, before: str) -> Change:
    return meeting.change(
        "input",
        "required",
        _name(meeting, name),
        before=before,
        after=f"{entry.place} parameter, {_type(entry)}",
        columns=_words(entry),
        remedy=_remedy(meeting, name, entry),
    )


def _remedy(meeting: Meeting, name: str, entry: Input) -> str:
    """Say how to give a parameter: lists take those that their contract has, and reads take any."""
    if name in meeting.before.inputs:
        return f'Give it: params={{"{name}": …}}.'
    if entry.place == "query" and meeting.before.method == "GET":
        return f'Read it with api.get("{meeting.after.path}", params={{"{name}": …}}).'
    return "No call of the toolkit gives it yet: make this one with a client of your own."


def _only_capitals(gone: dict[str, Input], new: dict[str, Input]) -> dict[str, str]:
    """Pair names that differ in nothing but capitals, which servers read alike."""
    lower = {name.lower(): name for name in new}
    return {name: lower[name.lower()] for name in gone if name.lower() in lower}


def _fields(inputs: dict[str, Input]) -> dict[str, Field]:
    return {name: entry.field for name, entry in inputs.items()}


def _type(entry: Input) -> str:
    """Write the type as far as contracts hold it: what an array or an object has in it they do not say."""
    kind = entry.field.type
    return {"array": "array", "object": "object", "map": "object"}.get(kind) or comparable_type(entry.field)


def _name(meeting: Meeting, name: str) -> str:
    return f"{name} of {meeting.after.id}"


def _words(entry: Input) -> str:
    return f"{entry.place} parameter {entry.field.name}"
