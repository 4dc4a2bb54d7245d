"""The statuses that leads were given, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.identifiers import change_id, event_id
from leadping_nb.sandbox.leads import OUTCOMES, Lead, Leads, Outcome
from leadping_nb.sandbox.moments import text
from leadping_nb.sandbox.sources import SOURCES
from leadping_nb.sandbox.stories import CALLS

if TYPE_CHECKING:
    from leadping_nb.sandbox.rows import Row
    from leadping_nb.sandbox.shapes import Owner, Shapes

__all__ = ["Statuses", "event_bits", "outcome_at"]


# The field and the model of a lead's current status, by revision.
_SUMMARIES = (
    ("currentDisposition", "CurrentDispositionSummary"),
    ("currentLeadStatus", "CurrentLeadStatusSummary"),
)


def event_bits(seed: int, number: int, place: int) -> int:
    """Give an event's own chance."""
    return mix(seed, number, 16 + place)


def outcome_at(lead: Lead, place: int) -> Outcome:
    """Give what a status change set: the lead's outcome if it is the last, else that someone was reached."""
    last = lead.outcome is not None and "D" not in lead.story[place + 1 :]
    return OUTCOMES[lead.outcome if last and lead.outcome is not None else 0]


class Statuses:
    """Rows about statuses.

    Parameters
    ----------
    leads
        The leads.
    shapes
        The shapes of the revision's rows.
    owner
        The business.
    """

    def __init__(self, leads: Leads, shapes: Shapes, owner: Owner) -> None:
        self._leads = leads
        self._shapes = shapes
        self._owner = owner
        self._summaries = tuple((name, model) for name, model in _SUMMARIES if model in shapes)

    def current(self, lead: Lead) -> Row:
        """Give a lead's current status under the names of every revision."""
        if lead.outcome is None:
            return dict.fromkeys(name for name, _ in self._summaries)
        place = lead.story.rindex("D")
        outcome = OUTCOMES[lead.outcome]
        values = {
            "id": change_id(lead.number, place),
            "category": outcome.category,
            "outcome": outcome.slug,
            "displayName": outcome.name,
            "name": outcome.name,
            "color": outcome.color,
            "changedAt": text(lead.times[place], event_bits(self._leads.seed, lead.number, place)),
            "changedByUserId": self._owner.user_id,
            "source": "User",
        }
        return {name: self._shapes.row(model, values) for name, model in self._summaries}

    def change(self, number: int, place: int, model: str) -> Row:
        """Give the row of a status change, under the names of every revision."""
        lead = self._leads.get(number)
        outcome = outcome_at(lead, place)
        moment = text(lead.times[place], event_bits(self._leads.seed, number, place))
        before = lead.story.rfind("D", 0, place)
        earlier = outcome_at(lead, before) if before >= 0 else None
        old_id = change_id(number, before) if before >= 0 else None
        id_ = change_id(number, place)
        calls = [at for at in range(place) if lead.story[at] in CALLS]
        values = {
            "id": id_,
            "dispositionId": id_,
            "leadStatusChangeId": id_,
            "leadId": lead.id,
            "leadName": lead.name,
            "leadEmail": lead.person.email,
            "sourceId": SOURCES[lead.source].id,
            "category": outcome.category,
            "outcome": outcome.slug,
            "type": outcome.name,
            "notes": f"{outcome.name}.",
            "changeSource": "User",
            "changedByUserId": self._owner.user_id,
            "isMissedCallFollowUp": False,
            "relatedCallEventId": event_id(number, calls[-1]) if calls else None,
            "revision": 1,
        }
        for name in ("changedAt", "createdAt", "timestamp", "updatedAt"):
            values[name] = moment
        for noun in ("Disposition", "LeadStatusChange"):
            values[f"new{noun}Id"] = id_
            values[f"old{noun}Id"] = old_id
            values[f"old{noun}Outcome"] = earlier and earlier.slug
            values[f"old{noun}Type"] = earlier and earlier.name
        return self._shapes.row(model, values)
