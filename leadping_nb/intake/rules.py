"""What is known of single fields of a lead beyond their type: one row a rule, each with its source.

Types, formats and enumerations are not here: the contract's models have them. A field that a revision does not have
makes its row idle, so that one table serves all revisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from leadping_nb.intake.issue import Basis

__all__ = ["COUNTERPARTS", "FORMS", "RENAMED", "RULES", "FormName", "Kind", "Rule"]

FormName = Literal["flat", "structured"]

Kind = Literal[
    "required",
    "twins",
    "server-kept",
    "phone",
    "address",
    "country",
    "birth-date",
    "ip-address",
    "latitude",
    "longitude",
    "texts",
    "certificate",
    "consent",
    "recorded",
    "attested",
    "reach",
]

FORMS: Mapping[FormName, str] = {"flat": "POST /leads/intake", "structured": "POST /leads"}
"""The forms, and the operation that takes each."""

_AUGUST = "OpenAPI document of 2026-08-18"
_SOURCES = "lead-sources page of 2026-06-14: a source can demand TrustedForm"
_SERVER = "state that Leadping keeps; what a source may set of it is not documented"
_TWINS = "two names for one thing; which one wins is not documented"
_US = "USPS Publication 28, for leads that name no other country"
_REQUIRED = f"required by the {_AUGUST}; no document of this revision says"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is known of one field, or of a few together."""

    kind: Kind
    """What kind of thing."""
    form: FormName
    """The form it is about."""
    fields: tuple[str, ...]
    """The fields, from the lead down; their order means something to some kinds."""
    basis: Basis
    """Whether a document says so."""
    source: str
    """Which document, or why we take it to be so."""


_ADDRESSES: tuple[tuple[FormName, str], ...] = (
    ("structured", "contact.streetAddress"),
    ("structured", "serviceAddress"),
    ("flat", "serviceAddress"),
)


def _each(kind: Kind, form: FormName, names: str, basis: Basis, source: str, *, below: str = "") -> tuple[Rule, ...]:
    return tuple(Rule(kind, form, (below + name,), basis, source) for name in names.split())


RULES: tuple[Rule, ...] = (
    *_each("required", "structured", "metadata contact customer tagIds tagNames", "assumed", _REQUIRED),
    *_each("required", "structured", "metadata.trustedFormUrl", "assumed", _REQUIRED),
    *_each("required", "structured", "latitude longitude", "assumed", _REQUIRED, below="contact.coordinate."),
    *_each(
        "required", "structured", "contact.phone.number", "assumed", "null is ruled out, and a phone is nothing else"
    ),
    Rule("twins", "flat", ("postalCode", "zip"), "assumed", _TWINS),
    Rule("twins", "flat", ("birthDate", "dateOfBirth", "profile.birthDate"), "assumed", _TWINS),
    Rule("twins", "flat", ("sellerLeadId", "sellerLeadIdentifier"), "assumed", _TWINS),
    *_each("server-kept", "structured", "id", "documented", f"{_AUGUST}: omitted when a lead is created"),
    *_each("server-kept", "structured", "adminEnablementOverride", "assumed", _SERVER),
    *_each("server-kept", "structured", "lookup phoneIdentityId", "assumed", _SERVER, below="contact.phone."),
    *_each(
        "server-kept",
        "structured",
        "assignedPhoneNumberId businessId complianceBlockedReason complianceStatus consentVerificationStatus createdAt "
        "importBatchId isImported leadpingConsentCheckedAt organizationId origin smsConsentPhoneNumber "
        "smsConsentStatus smsHelpRequestedAt smsOptInAt smsOptOutAt smsOptedOut trustedFormCheckedAt "
        "trustedFormRejectedAt userId",
        "assumed",
        _SERVER,
        below="metadata.",
    ),
    # The field, and the country whose national numbers it may have.
    Rule("phone", "flat", ("phone", "country"), "assumed", "E.164 is documented for the structured form alone"),
    Rule(
        "phone",
        "structured",
        ("contact.phone.number", "contact.streetAddress.country"),
        "documented",
        f"{_AUGUST}: an E.164 number",
    ),
    # Country, state, then postal codes.
    Rule("address", "flat", ("country", "state", "zip", "postalCode"), "assumed", _US),
    *(
        Rule("address", form, (f"{at}.country", f"{at}.state", f"{at}.postalCode"), "assumed", _US)
        for form, at in _ADDRESSES
    ),
    *_each("country", "structured", "contact.streetAddress.country", "documented", f"{_AUGUST}: ISO 3166-1 alpha-2"),
    *_each("country", "structured", "serviceAddress.country", "documented", f"{_AUGUST}: ISO 3166-1 alpha-2"),
    *_each("country", "flat", "serviceAddress.country", "documented", f"{_AUGUST}: ISO 3166-1 alpha-2"),
    *_each("country", "flat", "country", "assumed", "as in the structured form's addresses"),
    *_each("birth-date", "flat", "birthDate dateOfBirth profile.birthDate", "assumed", "people live up to 120 years"),
    *_each(
        "birth-date", "structured", "customer.birthDate profile.birthDate", "assumed", "people live up to 120 years"
    ),
    *_each("ip-address", "flat", "captureIpAddress", "documented", "the field's name: an IP address"),
    *_each(
        "ip-address",
        "structured",
        "ipAddress captureIpAddress",
        "documented",
        f"{_AUGUST}: IP address captured with the request",
        below="metadata.",
    ),
    *_each("latitude", "structured", "contact.coordinate.latitude", "documented", f"{_AUGUST}: from -90 through 90"),
    *_each(
        "longitude", "structured", "contact.coordinate.longitude", "documented", f"{_AUGUST}: from -180 through 180"
    ),
    *_each("texts", "flat", "sourceMetadata", "documented", f"{_AUGUST}: a map from text to text"),
    *_each("texts", "structured", "metadata.sourceMetadata", "documented", f"{_AUGUST}: a map from text to text"),
    # The certificate, and the field that says of what kind it is.
    Rule("certificate", "flat", ("trustedFormUrl",), "assumed", "how TrustedForm writes its certificates"),
    Rule(
        "certificate", "structured", ("metadata.trustedFormUrl",), "assumed", "how TrustedForm writes its certificates"
    ),
    Rule(
        "certificate",
        "flat",
        ("consentCertificateUrl", "consentCertificateType"),
        "assumed",
        "how TrustedForm writes its certificates",
    ),
    Rule(
        "certificate",
        "structured",
        ("metadata.consentCertificateUrl", "metadata.consentCertificateType"),
        "assumed",
        "how TrustedForm writes its certificates",
    ),
    *_each("consent", "flat", "trustedFormUrl consentCertificateUrl", "documented", _SOURCES),
    *_each("consent", "structured", "metadata.consentCertificateUrl", "documented", _SOURCES),
    # What belongs to a certificate, which comes first.
    Rule(
        "recorded",
        "flat",
        ("consentCertificateUrl", "consentCertificateType", "capturedAt", "captureIpAddress", "captureUserAgent"),
        "assumed",
        "the model has these fields; which of them are wanted is not documented",
    ),
    Rule(
        "recorded",
        "structured",
        (
            "metadata.consentCertificateUrl",
            "metadata.consentCertificateType",
            "metadata.capturedAt",
            "metadata.captureIpAddress",
            "metadata.captureUserAgent",
        ),
        "assumed",
        "the model has these fields; which of them are wanted is not documented",
    ),
    Rule(
        "recorded",
        "structured",
        ("metadata.trustedFormUrl", "metadata.ipAddress", "metadata.userAgent"),
        "assumed",
        "the model has these fields; which of them are wanted is not documented",
    ),
    *_each("attested", "flat", "consentAttested", "assumed", "what the field's name says"),
    *_each("attested", "structured", "metadata.consentAttested", "assumed", "what the field's name says"),
    Rule("reach", "flat", ("phone", "email"), "assumed", "what a lead needs at least is not documented"),
    Rule(
        "reach",
        "structured",
        ("contact.phone.number", "contact.email"),
        "assumed",
        "what a lead needs at least is not documented",
    ),
)
"""Every rule."""

COUNTERPARTS: Mapping[str, str] = {
    "address1": "streetAddress.line1",
    "address2": "streetAddress.line2",
    "zip": "streetAddress.postalCode",
    "phone": "phone.number",
    "phoneType": "phone.type",
    "dateOfBirth": "birthDate",
    "sellerLeadIdentifier": "sellerLeadId",
    "idempotencyKey": "intakeIdempotencyKey",
}
"""Flat names whose structured field is called otherwise, and the end of its path there."""

RENAMED: tuple[tuple[str, str], ...] = (
    ("trustedFormUrl", "consentCertificateUrl"),
    ("customer", "profile"),
    ("businessId", "organizationId"),
)
"""Names of the July revision, and what later revisions call the same thing."""
