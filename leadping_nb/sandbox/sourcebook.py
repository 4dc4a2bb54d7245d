"""The sources as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.leadbook import tag_summary
from leadping_nb.sandbox.leads import TAGS
from leadping_nb.sandbox.moments import DAY, START, text
from leadping_nb.sandbox.sources import BLOCK, SOURCES, leads_of, source_of

if TYPE_CHECKING:
    from leadping_nb.sandbox.parts import Parts
    from leadping_nb.sandbox.rows import Row

__all__ = ["SourceBook"]


class SourceBook:
    """Rows about sources, with what was sent in counted.

    Parameters
    ----------
    parts
        The world.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @staticmethod
    def position(id_: str) -> int:
        """Give the position of a source; raise `KeyError` if there is none of that id."""
        for at, source in enumerate(SOURCES):
            if source.id == id_:
                return at
        raise KeyError(id_)

    def row(self, at: int, model: str) -> Row:
        """Give a source, as a row or in full."""
        source, leads = SOURCES[at], self._parts.leads
        arrived = [arrival for arrival in self._parts.arrivals if arrival.source == source.id]
        total = leads_of(leads.seed, at, leads.count) + len(arrived)
        first, last = self._edge(at, range(leads.count)), self._edge(at, range(leads.count - 1, -1, -1))
        newest = str(arrived[-1].row["createdAt"]) if arrived else last
        state = self._parts.source_states.of(source.id)
        tag = at % len(TAGS)
        values: Row = {
            "id": source.id,
            "name": source.name,
            "description": source.description,
            "enabled": state.enabled,
            "costPerLead": source.price,
            "apiKeyPreview": "lp_src_sandbox_••••example",
            "apiKeyTotalUses": total,
            "apiKeyLastUsedAt": newest,
            "firstLeadReceivedAt": first or (str(arrived[0].row["createdAt"]) if arrived else None),
            "lastLeadReceivedAt": newest,
            "createdAt": text(START - (9 - at) * DAY, mix(leads.seed, at, 9)),
            "modifiedAt": None,
            "complianceApproved": state.approved,
            "requiresTrustedForm": state.requires_trusted_form,
            "allowedStates": [],
            "allowedProducts": ["auto", "home"],
            "defaultTagIds": [TAGS[tag][0]],
            "defaultTags": [tag_summary(self._parts.shapes, tag)],
        }
        return self._parts.shapes.row(model, values)

    def _edge(self, at: int, numbers: range) -> str | None:
        """Give when the first lead of a source among some arrived; each block has one, so the search is short."""
        leads = self._parts.leads
        for number in numbers[: 2 * BLOCK]:
            if source_of(leads.seed, number) == at:
                lead = leads.get(number)
                return text(lead.created, lead.bits)
        return None
