"""Names that a form does not have: where they belong, who keeps them, or which known name is nearest."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from leadping_nb.contracts import contract as load_contract
from leadping_nb.identifiers import shown
from leadping_nb.intake.form import Form, form_of
from leadping_nb.intake.issue import CODES, LeadIssue
from leadping_nb.intake.rules import COUNTERPARTS, FORMS, RENAMED

__all__ = ["counterpart", "stranger"]

_LONGEST = 80
_KEPT = "the API answers with it, and no document says that a source may set it"
_ANSWERS = ("LeadResponse", "LeadTableRow")


@cache
def stranger(form: Form, parent: str, name: str) -> LeadIssue:
    """Say what is known of a name that its object does not have.

    Parameters
    ----------
    form
        The form.
    parent
        The object's path, with its dot; empty for the lead itself.
    name
        The name.

    Examples
    --------
    >>> print(stranger(form_of("structured", load_contract()), "", "firstName").hint)
    Here it is contact.firstName.
    """
    path = parent + shown(name, _LONGEST)
    source = f"models of {form.revision}"
    renamed = _renamed(form, parent, name)
    if renamed:
        hint = f"In the contract of {form.revision} it is {renamed}."
        return LeadIssue(path, "unknown-field", "Another revision has this name.", "documented", source, hint)
    if name in _kept(form.revision) and not _elsewhere(form, name):
        return LeadIssue(
            path, "server-kept", "A source should not set this.", "assumed", _KEPT, CODES["server-kept"].hint
        )
    place = _elsewhere(form, name) if "." not in name else None
    if place:
        return LeadIssue(
            path, "misplaced-field", "This form has it elsewhere.", "documented", source, f"Here it is {place}."
        )
    if not parent and _belongs_to_other(form, name):
        other = "structured" if form.name == "flat" else "flat"
        hint = f"Choose form={other!r}, or write the fields as this form has them."
        return LeadIssue(path, "misplaced-field", f"This is of the {other} form.", "documented", source, hint)
    near = _nearest(form, parent, name)
    hint = f"Nearest: {near}." if near else CODES["unknown-field"].hint
    return LeadIssue(path, "unknown-field", "The model has no such field.", "documented", source, hint)


def counterpart(form: Form, name: str) -> str | None:
    """Give the path of a flat name in a form, or None.

    Examples
    --------
    >>> counterpart(form_of("structured", load_contract()), "zip")
    'contact.streetAddress.postalCode'
    """
    if name in form.fields:
        return name
    return _elsewhere(form, name) or next((_elsewhere(form, other) for one, other in RENAMED if name == one), None)


@cache
def _elsewhere(form: Form, name: str) -> str | None:
    """Find where else in the lead a name stands, the shallowest place first."""
    end = COUNTERPARTS.get(name, name)
    fitting = [path for path in _sent(form) if path == end or path.endswith(f".{end}")]
    return min(fitting, key=lambda path: path.count("."), default=None)


@cache
def _sent(form: Form) -> tuple[str, ...]:
    """Give the fields that a source may set."""
    kept = [rule.fields[0] for rule in form.of_kind("server-kept")]
    return tuple(path for path in form.fields if not any(f"{path}.".startswith(f"{name}.") for name in kept))


@cache
def _kept(revision: str) -> frozenset[str]:
    """Give the names that the API answers with, and that no source may set in either form."""
    contract = load_contract(revision)
    forms = [form_of(name, contract) for name in FORMS]
    names = {name for model in _ANSWERS for name in contract.models[model].fields}
    names |= {rule.fields[0].rpartition(".")[2] for form in forms for rule in form.of_kind("server-kept")}
    return frozenset(names - {path.rpartition(".")[2] for form in forms for path in _sent(form)})


def _renamed(form: Form, parent: str, name: str) -> str | None:
    for names in RENAMED:
        if name in names:
            other = names[1 - names.index(name)]
            return f"{parent}{other}" if f"{parent}{other}" in form.fields else None
    return None


def _belongs_to_other(form: Form, name: str) -> bool:
    other = form_of("structured" if form.name == "flat" else "flat", load_contract(form.revision))
    return name in other.fields


def _nearest(form: Form, parent: str, name: str) -> str | None:
    siblings = {
        path.removeprefix(parent).lower(): path
        for path in _sent(form)
        if path.startswith(parent) and "." not in path.removeprefix(parent)
    }
    deeper: Mapping[str, str] = {path.rpartition(".")[2].lower(): path for path in reversed(_sent(form))}
    for names in (siblings, deeper):
        close = difflib.get_close_matches(name.lower()[:_LONGEST], names, n=1, cutoff=0.75)
        if close:
            return names[close[0]]
    return None
