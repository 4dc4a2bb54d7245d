"""Leads that were sent to the sandbox: kept as they came, and shown as the API shows leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.sandbox.leads import TAGS
from leadping_nb.sandbox.sources import SOURCES

if TYPE_CHECKING:
    from leadping_nb.sandbox.rows import Row
    from leadping_nb.sandbox.shapes import Shapes

__all__ = ["Arrival", "arrive"]

# Which name of the flat form fills which field of a lead's contact, address, profile and metadata; of twins, the first.
_CONTACT = (("firstName", "firstName"), ("lastName", "lastName"), ("email", "email"))
_ADDRESS = (
    ("line1", "address1"),
    ("line2", "address2"),
    ("city", "city"),
    ("state", "state"),
    ("postalCode", "postalCode"),
    ("postalCode", "zip"),
)
_PROFILE = (("birthDate", "birthDate"), ("birthDate", "dateOfBirth"), ("gender", "gender"))
_GENDERS = {
    **{word.lower(): word for word in ("M", "F", "NonBinary", "PreferNotToSay", "Other")},
    "male": "M",
    "female": "F",
}
_METADATA = (
    *((name, name) for name in ("externalId", "subId", "product", "vertical", "referrer", "landingPage")),
    *((name, name) for name in ("utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent")),
    *((name, name) for name in ("price", "directPostPrice", "sourceMetadata", "trustedFormUrl")),
    ("sellerLeadId", "sellerLeadId"),
    ("sellerLeadId", "sellerLeadIdentifier"),
    ("consentCertificateUrl", "consentCertificateUrl"),
    ("consentCertificateType", "consentCertificateType"),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead that was sent in."""

    id: str
    """Its id."""
    event_id: str
    """The id of its one event."""
    source: str
    """The id of its source."""
    ticks: int
    """When it came."""
    tag_ids: tuple[str, ...]
    """Its tags."""
    response: Row
    """The whole lead."""
    row: Row
    """Its row in the list."""
    event: Row
    """Its one event, LeadCreated."""
    detail: Row
    """The same event in full."""


def arrive(
    shapes: Shapes, payload: Mapping[str, object], *, number: int, created: str, ticks: int, source_id: str
) -> Arrival:
    """Make a lead of what was sent.

    Parameters
    ----------
    shapes
        The shapes of the revision's rows.
    payload
        The body, flat or structured: what is nested wins over what is flat.
    number
        How many came before it.
    created, ticks
        When it came, as text and as ticks.
    source_id
        Whose key it came with.
    """
    id_ = f"lead_new_{number + 1:06}"
    source = next((source.name for source in SOURCES if source.id == source_id), source_id)
    contact = _contact(shapes, payload)
    metadata = _metadata(shapes, payload, created)
    tags = _tags(shapes, payload)
    profile = _profile(shapes, payload)
    shared: Row = {"id": id_, "createdAt": created, "enabled": True, "isArchived": False, "tags": tags}
    shared |= {"processingStatus": "Ready"}
    response = shapes.row(
        "LeadResponse",
        shared
        | {
            "contact": contact,
            "customer": profile,
            "profile": profile,
            "metadata": metadata,
            "customFields": _dict(payload.get("customFields")),
        },
    )
    phone = contact["phone"]
    number_ = phone["number"] if isinstance(phone, dict) else ""
    row = shapes.row(
        "LeadTableRow",
        shared
        | {
            "firstName": contact["firstName"],
            "lastName": contact["lastName"],
            "email": contact["email"] or "",
            "phone": number_,
            "price": metadata["price"],
            "sourceId": source_id,
            "sourceName": source,
            "source": {"id": source_id, "name": source},
            "status": "New",
            "statusTone": "info",
            "updatedAt": created,
        },
    )
    says = f"Lead received from {source}."
    event: Row = {
        "id": f"evt_new_{number + 1:06}_1",
        "leadId": id_,
        "eventType": "lead.created",
        "eventCategory": "lead",
        "timelineType": "LeadCreated",
        "timelineCategory": "lead",
        "status": "Completed",
        "description": says,
        "summary": says,
        "createdAt": created,
        "createdBy": "system",
        "trafficType": "RealLead",
        "retryCount": 0,
        "wasManuallyOverridden": False,
        "relatedEntityId": id_,
        "relatedEntityType": "Lead",
        "sourceId": source_id,
        "media": [],
    }
    return Arrival(
        id=id_,
        event_id=f"evt_new_{number + 1:06}_1",
        source=source_id,
        ticks=ticks,
        tag_ids=tuple(str(tag["id"]) for tag in tags),
        response=response,
        row=row,
        event=shapes.row("EventTableRow", event),
        detail=shapes.row("EventDetailResponse", event),
    )


def _contact(shapes: Shapes, payload: Mapping[str, object]) -> Row:
    nested = _dict(payload.get("contact"))
    values = _picked(payload, _CONTACT) | nested
    phone = nested.get("phone", payload.get("phone"))
    if isinstance(phone, str):
        phone = {"number": phone, "type": payload.get("phoneType")}
    # What the API looks up about a number is its own: what was sent of it is left out.
    known = {name: value for name, value in _dict(phone).items() if name in ("number", "type")}
    values["phone"] = shapes.row("Phone", known) if known.get("number") else None
    address = _picked(payload, _ADDRESS) | _dict(nested.get("streetAddress"))
    values["streetAddress"] = shapes.row("StreetAddress", address) if address else None
    values["coordinate"] = None
    return shapes.row("LeadContact", values)


def _profile(shapes: Shapes, payload: Mapping[str, object]) -> Row:
    values = _picked(payload, _PROFILE) | _dict(payload.get("customer")) | _dict(payload.get("profile"))
    if "gender" in values:  # the flat form takes any text here, a profile shows one of a few words
        values["gender"] = _GENDERS.get(str(values["gender"]).lower())
    if values.get("qualification") and "LeadQualification" in shapes:
        values["qualification"] = shapes.row("LeadQualification", _dict(values["qualification"]))
    return shapes.row("LeadProfile", values)


def _metadata(shapes: Shapes, payload: Mapping[str, object], created: str) -> Row:
    values = _picked(payload, _METADATA)
    values |= {name: value for name, value in _dict(payload.get("metadata")).items() if value is not None}
    certificate = values.get("trustedFormUrl") or values.get("consentCertificateUrl")
    values |= {
        "createdAt": created,
        "isImported": False,
        "smsOptedOut": False,
        "origin": "intake",
        "trustedFormUrl": certificate or "https://cert.trustedform.example/none",
    }
    return shapes.row("LeadMetadata", values)


def _tags(shapes: Shapes, payload: Mapping[str, object]) -> list[Row]:
    known = {id_: (name, color) for id_, name, color, _ in TAGS}
    by_name = {name.casefold(): id_ for id_, name, _, _ in TAGS}
    found: dict[str, tuple[str, str | None]] = {}
    for id_ in _texts(payload.get("tagIds")):
        if id_ in known:
            found[id_] = known[id_]
    for name in _texts(payload.get("tagNames")):  # names that are unknown are created
        tag = by_name.get(name.casefold(), f"tag_new_{'_'.join(name.casefold().split())}")
        found[tag] = known.get(tag, (name, None))
    return [
        shapes.row("TagSummary", {"id": id_, "name": name, "color": color, "normalizedName": name.casefold()})
        for id_, (name, color) in found.items()
    ]


def _picked(payload: Mapping[str, object], names: Sequence[tuple[str, str]]) -> Row:
    values: Row = {}
    for target, name in names:
        if payload.get(name) is not None:
            values.setdefault(target, payload[name])
    return values


def _dict(value: object) -> Row:
    return dict(value) if isinstance(value, Mapping) else {}


def _texts(value: object) -> Sequence[str]:
    return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else []
