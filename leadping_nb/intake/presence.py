"""What can be said by which fields are there: those that are required, that Leadping keeps, or that prove consent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from leadping_nb.intake.issue import CODES, LeadIssue

if TYPE_CHECKING:
    from leadping_nb.intake.rules import Kind, Rule

__all__ = ["ANYTHING", "PRESENCE", "judge_presence"]

ANYTHING: Final = ""
"""What is present, beside the fields, in a lead with any field of its form that has a value."""

_Names = list[str]
_Said = Iterator[tuple[str, str, str]]


def judge_presence(rule: Rule, present: Collection[str]) -> Iterator[LeadIssue]:
    """Judge a rule that looks only at which fields are there.

    Parameters
    ----------
    rule
        A rule of one of the kinds in `PRESENCE`.
    present
        The fields that are sent; an object stands there also with a dot at its end, and `ANYTHING` if one has a value.
    """
    there = [name for name in rule.fields if name in present]
    missing = [name for name in rule.fields if name not in present]
    for name, code, message in _FOUND[rule.kind](rule, there, missing, present):
        hint = "Add it; an empty list will do." if name in _LISTS and code == "required" else CODES[code].hint
        yield LeadIssue(name, code, message, rule.basis, rule.source, hint)


def _required(rule: Rule, _there: _Names, missing: _Names, present: Collection[str]) -> _Said:
    for name in missing:
        _, dot, last = name.rpartition(".")
        if not dot or name.removesuffix(last) in present:
            yield name, "required", "It is required, and missing."


def _server_kept(rule: Rule, there: _Names, _missing: _Names, _present: Collection[str]) -> _Said:
    for name in there:
        yield name, "server-kept", "A source should not set this."


def _consent(rule: Rule, there: _Names, missing: _Names, _present: Collection[str]) -> _Said:
    if not there:
        yield missing[0], "consent-missing", "There is no certificate of consent."


def _recorded(rule: Rule, there: _Names, missing: _Names, _present: Collection[str]) -> _Said:
    if rule.fields[0] in there and missing:
        names = ", ".join(name.rpartition(".")[2] for name in missing)
        yield rule.fields[0], "consent-incomplete", f"Beside the certificate there is no {names}."


def _reach(rule: Rule, there: _Names, _missing: _Names, present: Collection[str]) -> _Said:
    if ANYTHING not in present:
        yield "", "nothing-in-it", "No field of the lead has a value, so it would be an empty one."
    elif not there:
        yield "", "unreachable", "There is neither a telephone number nor an e-mail address."


_FOUND: Mapping[Kind, Callable[[Rule, list[str], list[str], Collection[str]], _Said]] = {
    "required": _required,
    "server-kept": _server_kept,
    "consent": _consent,
    "recorded": _recorded,
    "reach": _reach,
}
_LISTS = ("tagIds", "tagNames")

PRESENCE: Collection[Kind] = tuple(_FOUND)
"""The kinds of rules that look only at which fields are there."""
