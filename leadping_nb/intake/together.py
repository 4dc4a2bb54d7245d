"""What the values of fields say together: a number and its country, a state and its ZIP code, twins, certificates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.intake.issue import CODES, Judged, LeadChange, LeadIssue
from leadping_nb.intake.phones import is_region, read_phone
from leadping_nb.intake.places import is_foreign_code, nearest_state, read_zip, state_code, states_of_zip

if TYPE_CHECKING:
    from leadping_nb.intake.meanings import Setting
    from leadping_nb.intake.rules import Kind, Rule

__all__ = ["TOGETHER", "judge_together"]

_CERTIFICATE = re.compile(r"https://cert\.trustedform\.com/[0-9a-f]{40}", re.ASCII | re.IGNORECASE)
_LOST_ZEROS = (3, 4)  # digits that a ZIP code has left after it was a number


@dataclass(slots=True)
class _Case:
    """One rule, the values of its fields, and what comes of it."""

    rule: Rule
    setting: Setting
    values: dict[str, object]
    written: dict[str, object] = field(default_factory=dict)
    issues: list[LeadIssue] = field(default_factory=list)
    changes: list[LeadChange] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Give a field's text, or nothing where it has none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def named(self, *ends: str) -> tuple[str, ...]:
        """Give the rule's fields with one of these last names."""
        return tuple(name for name in self.rule.fields if name.rpartition(".")[2] in ends)

    def say(self, name: str, code: str, message: str, *, hint: str | None = None) -> None:
        """Note an issue on the rule's own grounds."""
        hint = CODES[code].hint if hint is None else hint
        self.issues.append(LeadIssue(name, code, message, self.rule.basis, self.rule.source, hint))

    def write(self, name: str, value: str, what: str) -> None:
        """Change a value, if it is another."""
        if value != self.values.get(name):
            self.written[name] = value
            self.changes.append(LeadChange(name, what))


def judge_together(rule: Rule, values: Mapping[str, object], setting: Setting) -> Judged:
    """Judge a rule that looks at the values of a few fields; a field that is missing or null is None.

    Parameters
    ----------
    rule
        A rule of one of the kinds in `TOGETHER`.
    values
        The values of its fields, each read by itself before.
    setting
        What the judgement depends on besides.
    """
    case = _Case(rule, setting, dict(values))
    TOGETHER[rule.kind](case)
    return Judged(case.written, tuple(case.issues), tuple(case.changes))


def _phone(case: _Case) -> None:
    name, *countries = case.rule.fields
    if not case.text(name):
        return
    country = case.text(countries[0]).upper() if countries else ""
    region = country if is_region(country) else case.setting.region
    phone = read_phone(case.text(name), region)
    if phone is None:
        case.say(name, "phone-invalid", "This cannot be a telephone number.")
        return
    if phone.is_national:
        read = "" if case.text(name).startswith("+") else f" It was read as one of {region}."
        case.say(name, "phone-national", f"The number is not in E.164.{read}")
    if phone.has_extension:
        case.say(name, "phone-extension", "An extension stands behind the number.")
    if not phone.is_assigned:
        case.say(name, "phone-unassigned", "The number is of a range that is not in use.")
    case.write(name, phone.number, "written in E.164")


def _address(case: _Case) -> None:
    countries, states, codes = (case.named(*ends) for ends in (("country",), ("state",), ("zip", "postalCode")))
    country = case.text(countries[0]).upper() if countries else ""
    if country and len(country) == 2:
        case.write(countries[0], country, "in capitals")
    if country not in ("", "US") or (not country and any(is_foreign_code(case.text(name)) for name in codes)):
        return
    state = _state(case, states[0])
    for name in codes:
        _zip(case, name, state)


def _state(case: _Case, name: str) -> str | None:
    text = case.text(name)
    if not text:
        return None
    code = state_code(text)
    if code is None:
        near = nearest_state(text)
        hint = f"Nearest: {near}." if near else None
        case.say(name, "state-unknown", "This is no state or territory of the United States.", hint=hint)
        return None
    if len(text) > len(code):
        case.say(name, "state-name", "The state is written out.")
    case.write(name, code, "the two letters of the state")
    return code


def _zip(case: _Case, name: str, state: str | None) -> None:
    text = case.text(name)
    if not text:
        return
    code = read_zip(text)
    if code is None:
        is_cut = text.isascii() and text.isdigit() and len(text) in _LOST_ZEROS
        if is_cut:
            case.say(name, "zip-zeros", "A ZIP code of five digits has lost its first.")
        else:
            case.say(name, "zip-form", "This is no ZIP code.")
        return
    case.write(name, code, "with a hyphen")
    if state is not None and state not in states_of_zip(code):
        case.say(name, "state-zip", "ZIP codes that begin so lie in another state.")


def _twins(case: _Case) -> None:
    said = {name: case.values[name] for name in case.rule.fields if case.values.get(name) not in (None, "")}
    if len(said) < 2:
        return
    first, *others = said
    for other in others:
        one, two = said[first], said[other]
        if "zip" in (first, other) and isinstance(one, str) and isinstance(two, str):
            one, two = one[:5], two[:5]  # the four digits after it may stand in one of them
        if one != two:
            case.say(other, "twins-disagree", f"{first} and {other} say the same thing differently.")
        else:
            case.say(other, "twins-repeat", f"{first} and {other} say the same.")


def _certificate(case: _Case) -> None:
    name, *kinds = case.rule.fields
    of_others = any(case.text(kind) not in ("", "TrustedForm") for kind in kinds)
    if case.text(name) and not of_others and not _CERTIFICATE.fullmatch(case.text(name)):
        case.say(name, "certificate-form", "This is not how TrustedForm writes a certificate.")


def _attested(case: _Case) -> None:
    name = case.rule.fields[0]
    if case.values.get(name) is False:
        case.say(name, "consent-not-attested", "The lead says that nobody attests the person's consent.")


TOGETHER: Mapping[Kind, Callable[[_Case], None]] = {
    "phone": _phone,
    "address": _address,
    "twins": _twins,
    "certificate": _certificate,
    "attested": _attested,
}
"""What judges the values of each kind of rule."""
