"""The leads as the API shows them: rows of the list, whole leads, and leads that were sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.leads import OUTCOMES, TAGS, Lead, Leads
from leadping_nb.sandbox.lines import number_of
from leadping_nb.sandbox.moments import DAY, MINUTE, text
from leadping_nb.sandbox.people import place
from leadping_nb.sandbox.rows import Row
from leadping_nb.sandbox.sources import SOURCES
from leadping_nb.sandbox.statuses import Statuses
from leadping_nb.sandbox.synth import Synth

if TYPE_CHECKING:
    from leadping_nb.sandbox.shapes import Owner, Shapes

__all__ = ["LeadBook", "tag_summary"]

_PRODUCTS = ("auto", "home", "life", "health")
_EMPLOYMENT = ("Employed", "SelfEmployed", "PartTime", "Retired", "Student", "Contractor", "Unemployed", "Military")
_MARITAL = ("Married", "Single", "Divorced", "Widow")


class LeadBook:
    """Rows about leads.

    Parameters
    ----------
    leads
        The leads.
    statuses
        Their statuses.
    shapes
        The shapes of the revision's rows.
    synth
        Makes nested values.
    owner
        The business.
    """

    def __init__(self, leads: Leads, statuses: Statuses, shapes: Shapes, synth: Synth, owner: Owner) -> None:
        self._leads = leads
        self._statuses = statuses
        self._shapes = shapes
        self._synth = synth
        self._owner = owner
        self._tags = {tag[0]: tag_summary(shapes, at) for at, tag in enumerate(TAGS)}

    def row(self, number: int) -> Row:
        """Give a lead's row in the list."""
        lead = self._leads.get(number)
        values = self._shared(lead)
        source = SOURCES[lead.source]
        outcome = None if lead.outcome is None else OUTCOMES[lead.outcome]
        values |= {
            "firstName": None if _nameless(lead) else lead.person.first,
            "lastName": lead.person.last,
            "email": lead.person.email,
            "phone": lead.phone,
            "price": lead.price,
            "sourceId": source.id,
            "sourceName": source.name,
            "source": {"id": source.id, "name": source.name},
            "status": outcome.name if outcome else "New",
            "statusTone": outcome.tone if outcome else "info",
            "updatedAt": text(lead.updated, lead.bits >> 25),
        }
        return self._shapes.row("LeadTableRow", values)

    def response(self, number: int) -> Row:
        """Give a whole lead."""
        lead = self._leads.get(number)
        values = self._shared(lead)
        values |= {
            "modifiedAt": text(lead.updated, lead.bits >> 25),
            "archiveNote": "No longer needed." if lead.archived else None,
            "contact": self._contact(lead),
            "customer": self._profile(lead),
            "profile": self._profile(lead),
            "metadata": self._metadata(lead),
            "customFields": {},
        }
        return self._shapes.row("LeadResponse", values)

    def _shared(self, lead: Lead) -> Row:
        bits = lead.bits
        values: Row = {
            "id": lead.id,
            "createdAt": text(lead.created, bits),
            "enabled": True,
            "isArchived": lead.archived,
            "archiveReason": 1 + (bits >> 40) % 3 if lead.archived else None,
            "archivedAt": text(lead.updated, bits >> 25) if lead.archived else None,
            "archivedByUserId": self._owner.user_id if lead.archived else None,
            "tags": [self._tags[TAGS[at][0]] for at in lead.tags],
            "assignedToUserId": self._owner.user_id,
            "assignedTo": {"id": self._owner.user_id, "name": self._owner.user_name},
            "processingStatus": "Ready",
        }
        values |= self._statuses.current(lead)
        return values

    def _contact(self, lead: Lead) -> Row:
        town = place(lead.bits >> 44)
        lookup = self._synth.made(
            "PhoneLookup",
            lead.id,
            {"number": lead.phone, "isValid": True, "carrierType": "Mobile", "lineType": "Wireless", "location": None},
        )
        return self._shapes.row(
            "LeadContact",
            {
                "firstName": None if _nameless(lead) else lead.person.first,
                "lastName": lead.person.last,
                "email": lead.person.email,
                "phone": self._shapes.row(
                    "Phone",
                    {
                        "number": lead.phone,
                        "type": "Mobile",
                        "lookup": lookup,
                        "phoneIdentityId": f"phone_{lead.number}",
                    },
                ),
                "streetAddress": self._shapes.row(
                    "StreetAddress",
                    {
                        "line1": f"{100 + (lead.bits >> 48) % 900} Example Street",
                        "city": town.city,
                        "state": town.state,
                        "postalCode": town.zip,
                        "country": "US",
                    },
                ),
                "timeZoneId": town.time_zone,
                "coordinate": self._shapes.row("Coordinate", {"latitude": town.latitude, "longitude": town.longitude}),
            },
        )

    def _profile(self, lead: Lead) -> Row:
        bits = mix(self._leads.seed, lead.number, 7)
        values: Row = {
            "birthDate": text(-(bits % (40 * 365)) * DAY + 30 * 365 * DAY)[:10],
            "gender": ("F", "M", "NonBinary", None)[(0, 1, 0, 1, 0, 1, 2, 3)[bits >> 16 & 7]],
            "employmentType": _EMPLOYMENT[bits >> 20 & 7],
            "maritalStatus": _MARITAL[bits >> 24 & 3],
            "isHomeowner": bool(bits >> 26 & 1),
            "hasBankruptcy": False,
            "creditScore": 580 + (bits >> 28) % 240,
            "income": 24_000 + (bits >> 32) % 120 * 1_000,
            "numberOfDependents": (bits >> 40) % 4,
            "monthsAtResidence": (bits >> 44) % 200,
        }
        if "LeadQualification" in self._shapes:
            values["qualification"] = self._shapes.row("LeadQualification", values)
        return self._shapes.row("LeadProfile", values)

    def _metadata(self, lead: Lead) -> Row:
        source = SOURCES[lead.source]
        bits = mix(self._leads.seed, lead.number, 8)
        stopped = lead.outcome == 6 and bits & 3 == 0  # some who are not interested say STOP
        seconds = MINUTE // 2
        certificate = f"https://cert.trustedform.example/{bits:016x}"
        values: Row = {
            "createdAt": text(lead.created, lead.bits),
            "price": lead.price,
            "currency": "USD",
            "origin": "intake",
            "isImported": False,
            "externalId": f"ext-{lead.number + 1:07}",
            "ipAddress": f"203.0.113.{bits >> 8 & 255}",
            "captureIpAddress": f"203.0.113.{bits >> 8 & 255}",
            "userAgent": "Mozilla/5.0 (sandbox)",
            "captureUserAgent": "Mozilla/5.0 (sandbox)",
            "capturedAt": text(lead.created - seconds, lead.bits),
            "product": _PRODUCTS[bits >> 16 & 3],
            "vertical": "insurance",
            "utmSource": source.name,
            "utmMedium": source.medium,
            "utmCampaign": ("spring", "summer", "always-on", None)[bits >> 18 & 3],
            "landingPage": f"https://quotes.example.com/{_PRODUCTS[bits >> 16 & 3]}",
            "smsConsentStatus": "opted_out" if stopped else "opted_in" if bits >> 20 & 15 else "unknown",
            "smsOptedOut": stopped,
            "smsOptInAt": text(lead.created - seconds, lead.bits) if bits >> 20 & 15 else None,
            "smsOptOutAt": text(lead.updated, lead.bits) if stopped else None,
            "smsConsentPhoneNumber": lead.phone,
            "complianceStatus": "approved",
            "consentAttested": True,
            "consentCertificateType": "TrustedForm",
            "consentCertificateUrl": certificate,
            "trustedFormUrl": certificate,
            "sourceMetadata": {"sourceId": source.id},
            "assignedPhoneNumberId": number_of(lead.number)[0],
        }
        return self._shapes.row("LeadMetadata", values)


def tag_summary(shapes: Shapes, at: int) -> Row:
    """Give the short form of a tag."""
    id_, name, color, _ = TAGS[at]
    return shapes.row("TagSummary", {"id": id_, "name": name, "color": color, "normalizedName": name.casefold()})


def _nameless(lead: Lead) -> bool:
    return lead.bits >> 56 & 63 == 0
