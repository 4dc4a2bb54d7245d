"""What can be said of a lead: problems, warnings and changes, each under a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CODES", "SIGNS", "Basis", "Code", "LeadChange", "LeadIssue", "Severity"]

Severity = Literal["problem", "warning"]
Basis = Literal["documented", "assumed"]

SIGNS: Mapping[Severity, str] = {"problem": "✗", "warning": "!"}
"""One sign a severity, so that colour alone never carries it."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of thing that can be said of a field."""

    severity: Severity
    """A problem: the API would refuse the lead or keep something wrong. A warning: it may lose some of its worth."""
    hint: str
    """What to do, where an issue says nothing more exact."""


CODES: Mapping[str, Code] = {
    "wrong-type": Code("problem", "Send a value of that type."),
    "wrong-format": Code("problem", "Write it in that form."),
    "out-of-range": Code("problem", "Send a value within these bounds."),
    "unknown-value": Code("problem", "Use one of the known values."),
    "null": Code("problem", "Leave it out, or send a value."),
    "not-json": Code(
        "problem", "Send what JSON can write: texts, finite numbers, true, false, null, lists and objects."
    ),
    "required": Code("problem", "Add it."),
    "nothing-in-it": Code("problem", "Fill it in: a telephone number or an e-mail address says whose it is."),
    "email-invalid": Code("problem", "Write one address, as in ada@mail.example."),
    "phone-invalid": Code("problem", "Write it in E.164: a plus, the country's code, and the number."),
    "country-code": Code("problem", "Use two letters of ISO 3166-1, as in US."),
    "future-birth": Code("problem", "Look at the order of year, month and day."),
    "credential-in-lead": Code(
        "problem",
        "Take it out: lp.connect(credential) takes the key, and a key that was sent in a lead is to be replaced.",
    ),
    "twins-disagree": Code("problem", "Send one of the two."),
    "twins-repeat": Code("warning", "Send one of the two."),
    "text-for-number": Code("warning", "Send the number without quotes."),
    "text-for-boolean": Code("warning", "Send true or false without quotes."),
    "number-for-text": Code(
        "warning", "Send a text; read tables with dtype=str for such columns, which also keeps zeros."
    ),
    "value-case": Code("warning", "Write it as the contract does."),
    "empty": Code("warning", "Leave the field out."),
    "no-time-zone": Code("warning", "Add Z or an offset such as -05:00; no document says which zone is meant without."),
    "long-ago-birth": Code("warning", "Look at the century."),
    "phone-unassigned": Code("warning", "Compare it with what the person gave: no telephone is known to have it."),
    "phone-national": Code("warning", "Write it in E.164; the payload of the check has it so."),
    "phone-extension": Code("warning", "Keep the extension elsewhere, as in sourceMetadata; E.164 has none."),
    "state-unknown": Code("warning", "Use the two letters of the Postal Service, as in NY."),
    "state-name": Code("warning", "Use the two letters of the Postal Service; the payload of the check has them."),
    "zip-form": Code("warning", "A ZIP code has five digits, or five and four with a hyphen."),
    "zip-zeros": Code("warning", "Leading zeros seem to be lost; read such columns as text (dtype=str)."),
    "state-zip": Code("warning", "Compare both with what the person gave."),
    "ip-address": Code("warning", "Send the address of the visitor's connection, as in 203.0.113.7."),
    "certificate-form": Code(
        "warning", "A TrustedForm certificate is https://cert.trustedform.com/ and 40 hex digits."
    ),
    "consent-missing": Code("warning", "Send the certificate of the form that the person filled in."),
    "consent-incomplete": Code("warning", "Send what was recorded when the person agreed."),
    "consent-not-attested": Code("warning", "Send leads only of people who agreed to be contacted."),
    "unreachable": Code("warning", "Send a telephone number or an e-mail address."),
    "server-kept": Code("warning", "Leave it out: Leadping keeps this itself."),
    "misplaced-field": Code("warning", "Move it to where this form has it."),
    "unknown-field": Code("warning", "Unknown fields are tolerated as far as known, and not used."),
}
"""Every code, with its severity and its hint."""


@dataclass(frozen=True, slots=True)
class LeadIssue:
    """One thing to know about a lead before it is sent. It names fields and kinds of values, never the values.

    Examples
    --------
    >>> issue = LeadIssue("zip", "zip-form", "This is no ZIP code.", "assumed", "USPS Publication 28")
    >>> issue.severity
    'warning'
    """

    field: str
    """The field, as in ``contact.phone.number``; empty for the lead as a whole."""
    code: str
    """A stable name, one of `CODES`."""
    message: str
    """What is the matter, in a sentence."""
    basis: Basis
    """Whether a document of the API says so, or we take it to be so."""
    source: str
    """Where the document says it, or why we take it to be so."""
    hint: str = ""
    """What to do."""
    got: str | None = None
    """The kind of value that was found, such as ``number``, where the type is the matter."""

    @property
    def severity(self) -> Severity:
        """``problem`` or ``warning``."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        place = f"{self.field}: " if self.field else ""
        return f"{SIGNS[self.severity]} {place}{self.message} {self.hint} ({self.code}, {self.basis}: {self.source})"


@dataclass(frozen=True, slots=True)
class LeadChange:
    """What the payload of a check has otherwise than what was given.

    Examples
    --------
    >>> print(LeadChange("phone", "written in E.164"))
    ~ phone: written in E.164
    """

    field: str
    """The field."""
    what: str
    """What was done, in a few words."""

    def __str__(self) -> str:
        return f"~ {self.field}: {self.what}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule makes of the fields it looks at."""

    values: Mapping[str, object] = field(default_factory=dict)
    """The fields with their values as they are to be sent."""
    issues: tuple[LeadIssue, ...] = ()
    """What is to be said."""
    changes: tuple[LeadChange, ...] = ()
    """How the values differ from those that were given."""
