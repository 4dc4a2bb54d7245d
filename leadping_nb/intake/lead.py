"""Checking one lead: walk through it, read each field, then see what the fields say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from leadping_nb.contracts import Contract, contract_or_seed
from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import shown
from leadping_nb.intake.form import Form, choose
from leadping_nb.intake.issue import CODES, LeadIssue
from leadping_nb.intake.meanings import MEANINGS, Setting, setting_of
from leadping_nb.intake.plain import UNWRITABLE, is_text, plain_tree
from leadping_nb.intake.presence import ANYTHING, PRESENCE, judge_presence
from leadping_nb.intake.reading import Reading
from leadping_nb.intake.result import LeadCheck
from leadping_nb.intake.strangers import stranger
from leadping_nb.intake.together import TOGETHER, judge_together
from leadping_nb.intake.values import read_value
from leadping_nb.leaks.misplaced import holds_credential, is_for_credentials, without_credentials
from leadping_nb.models import Field

__all__ = ["check_lead", "has_content", "is_there", "read_field", "read_stranger"]

_LONGEST_NAME = 80
_WHY_NO_CREDENTIAL = "a key travels in the Authorization header; in a lead it is stored, and seen by whoever sees leads"


def check_lead(
    payload: Mapping[str, Any],
    *,
    form: str | None = None,
    contract: Contract | None = None,
    region: str = "US",
    now: datetime | float | None = None,
) -> LeadCheck:
    """Say what the API would say of a lead, as far as it is known; nothing is sent and nothing changed.

    Parameters
    ----------
    payload
        The lead as an object of Python: a dict, or a row of a DataFrame.
    form
        ``flat`` as for ``POST /leads/intake``, ``structured`` as for ``POST /leads``; recognised unless given.
    contract
        The contract to judge by; the one of 2026-07-05 unless given.
    region
        The country, by its two letters, of telephone numbers that do not say theirs where no address does.
    now
        The time that dates of birth are compared with: an aware datetime or epoch seconds; this machine's unless given.

    Returns
    -------
    LeadCheck
        Problems, warnings, and the lead as it is best sent.

    Raises
    ------
    LeadpingError
        If this is no object, or an option is none of those above.

    Examples
    --------
    >>> check = check_lead({"firstName": "Ada", "phone": "(212) 555-0100", "zipp": "10001"})
    >>> check.ok, check.payload["phone"]
    (True, '+12125550100')
    >>> [issue.code for issue in check.warnings]
    ['unknown-field', 'phone-national', 'consent-missing']
    >>> print(check.warnings[0].hint)
    Nearest: zip.
    """
    given = _object(payload)
    contract = contract_or_seed(contract)
    chosen = choose(_names(given), form, contract)
    walk = _Walk(chosen, setting_of(now, region), Reading(chosen.models))
    written = walk.through(given, chosen.model, "")
    walk.together()
    return LeadCheck(
        form=chosen.name,
        is_recognised=form is None,
        revision=chosen.revision,
        operation=chosen.operation,
        issues=tuple(walk.reading.issues),
        changes=tuple(walk.reading.changes),
        payload=written,
    )


def read_field(form: Form, path: str, entry: Field, value: object, setting: Setting, reading: Reading) -> object:
    """Read a field that is no object of the lead: its type first, then what it means.

    Parameters
    ----------
    form, path, entry
        The form, the field's place in it, and the field.
    value
        What was given.
    setting
        What the judgement depends on besides.
    reading
        Where issues and changes go.
    """
    written = read_value(reading, entry, path, value)
    if holds_credential(written):
        reading.issues.append(_credential(path))
    for rule in form.known(path):
        if rule.kind in MEANINGS:
            for code, message in MEANINGS[rule.kind](written, setting):
                reading.issues.append(LeadIssue(path, code, message, rule.basis, rule.source, CODES[code].hint))
    return written


def read_stranger(form: Form, parent: str, name: str, value: object, reading: Reading) -> object:
    """Read a field that its object does not have: it is kept as it is, as far as JSON can write it."""
    tree = plain_tree(value)
    if (tree and is_for_credentials(name)) or holds_credential([name, tree]):
        issue = _credential(f"{parent}{shown(str(without_credentials(name)), _LONGEST_NAME)}")
    else:
        issue = stranger(form, parent, name)
    if tree is not None:
        reading.issues.append(issue)
    if tree is UNWRITABLE:
        reading.say(issue.field, "not-json", "JSON cannot write this.")
        return None
    return tree


def _credential(path: str) -> LeadIssue:
    code = "credential-in-lead"
    return LeadIssue(path, code, "This holds a credential.", "assumed", _WHY_NO_CREDENTIAL, CODES[code].hint)


@dataclass(slots=True)
class _Walk:
    """A way through one lead."""

    form: Form
    setting: Setting
    reading: Reading
    values: dict[str, object] = field(default_factory=dict)
    holders: dict[str, dict[str, object]] = field(default_factory=dict)

    def through(self, given: Mapping[Any, object], model: str, parent: str) -> dict[str, object]:
        """Read an object and what is in it; give it as it is to be sent."""
        fields = self.form.models[model].fields
        written: dict[str, object] = {}
        for name, value in given.items():
            if name not in fields:
                self._unknown(written, parent, name, value)
                continue
            entry, path = fields[name], f"{parent}{name}"
            inner = value if isinstance(value, Mapping) and entry.type == "object" else None
            if inner is not None and entry.model in self.form.models:
                written[name] = self.through(inner, str(entry.model), f"{path}.")
            else:
                written[name] = read_field(self.form, path, entry, value, self.setting, self.reading)
            self.values[path], self.holders[path] = written[name], written
        return written

    def _unknown(self, written: dict[str, object], parent: str, name: Any, value: object) -> None:
        if isinstance(name, str) and is_text(name):
            written[name] = read_stranger(self.form, parent, name, value, self.reading)
        else:
            place = f"{parent}{shown(str(name), _LONGEST_NAME)}"
            self.reading.say(place, "not-json", "The name of a field is a text.")

    def together(self) -> None:
        """Judge what the fields say together, and write what that changes."""
        for rule in self.form.of_kind(*TOGETHER):
            judged = judge_together(rule, {name: self.values.get(name) for name in rule.fields}, self.setting)
            for name, value in judged.values.items():
                self.values[name] = self.holders[name][name.rpartition(".")[2]] = value
            self.reading.issues += judged.issues
            self.reading.changes += judged.changes
        present = {place for name, value in self.values.items() for place in self._presence(name, value)}
        for rule in self.form.of_kind(*PRESENCE):
            self.reading.issues += judge_presence(rule, present)

    def _presence(self, name: str, value: object) -> Iterator[str]:
        if is_there(self.form, name, value):
            yield name
        if has_content(self.form, name, value):
            yield ANYTHING
        if isinstance(value, Mapping):
            yield f"{name}."


def is_there(form: Form, path: str, value: object) -> bool:
    """Whether a field counts as sent: it has a value, or a null that is a problem of its own."""
    return value not in (None, "") or (value is None and form.fields[path].nullable is False)


def has_content(form: Form, path: str, value: object) -> bool:
    """Whether a field says anything of a lead: an object does by the fields in it, and what is empty does not."""
    entry = form.fields.get(path)
    is_holder = isinstance(value, Mapping) and entry is not None and entry.model in form.models
    return value not in (None, "", [], {}) and not is_holder


def _names(given: Mapping[Any, object]) -> Iterator[str]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value or ("",))
        else:
            yield str(name)


def _object(payload: object) -> Mapping[Any, object]:
    if isinstance(payload, Mapping):
        return payload
    hint = "Give a dict, as in {'phone': '+12125550100'}."
    if isinstance(payload, str | bytes | bytearray):
        hint = "Read the text first: lp.check_lead(json.loads(text))."
    elif isinstance(payload, list | tuple) or getattr(payload, "ndim", None) == 2:
        hint = "For many leads there is lp.check_leads(df), with a DataFrame."
    elif getattr(payload, "ndim", None) == 1 and hasattr(payload, "to_dict"):
        return cast("Mapping[Any, object]", payload.to_dict())  # a row of a DataFrame
    raise LeadpingError("A lead is an object with named fields, and this is none.", hint=hint)
