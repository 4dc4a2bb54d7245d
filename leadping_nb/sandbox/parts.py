"""Everything that a world is made of, put together once for a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.sandbox.activity import Activity
from leadping_nb.sandbox.analytics import Analytics
from leadping_nb.sandbox.identifiers import event_place, lead_number
from leadping_nb.sandbox.leadbook import LeadBook
from leadping_nb.sandbox.leads import Leads
from leadping_nb.sandbox.ledger import Ledger
from leadping_nb.sandbox.moments import END
from leadping_nb.sandbox.people import PHONES, phone_owner
from leadping_nb.sandbox.shapes import Owner, Shapes
from leadping_nb.sandbox.shelves import Shelves
from leadping_nb.sandbox.source_states import SourceStates
from leadping_nb.sandbox.sources import SOURCES
from leadping_nb.sandbox.statuses import Statuses
from leadping_nb.sandbox.stories import STORIES, story_of
from leadping_nb.sandbox.synth import Synth

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract
    from leadping_nb.sandbox.arrivals import Arrival

__all__ = ["Parts"]


class Parts:
    """The parts of a world.

    Parameters
    ----------
    contract
        The contract whose models the rows fit.
    leads
        How many leads there are.
    seed
        Another seed gives another world.
    """

    def __init__(self, contract: Contract, leads: int, seed: int) -> None:
        models = contract.models
        self.owner = Owner()
        self.synth = Synth(models, seed)
        self.shapes = Shapes(self.synth, self.owner)
        self.leads = Leads(seed, leads)
        self.statuses = Statuses(self.leads, self.shapes, self.owner)
        self.activity = Activity(
            self.leads, self.shapes, self.owner, self.statuses, models["EventTableRow"].fields["timelineType"].enum
        )
        self.leadbook = LeadBook(self.leads, self.statuses, self.shapes, self.synth, self.owner)
        self.ledger = Ledger(self.leads, self.shapes, self.owner)
        self.shelves = Shelves(contract, self.synth, self.owner)
        self.analytics = Analytics(self.leads, self.ledger, self.shapes, self.shelves)
        self.source_states = SourceStates([source.id for source in SOURCES])
        self.arrivals: list[Arrival] = []
        """The leads that were sent in, oldest first."""

    @property
    def now(self) -> int:
        """The tick that counts look back from: the end of the time line, or just after a lead that came later."""
        return max((END, *(arrival.ticks + 1 for arrival in self.arrivals)))

    def arrival(self, lead_id: str) -> Arrival | None:
        """Give the lead of an id, if it was sent in."""
        return next((arrival for arrival in self.arrivals if arrival.id == lead_id), None)

    def lead(self, lead_id: str) -> int:
        """Give the number of a lead; raise `KeyError` if there is none of that id."""
        number = lead_number(lead_id)
        if number is None or number >= self.leads.count:
            raise KeyError(lead_id)
        return number

    def of_conversation(self, conversation_id: str) -> int:
        """Give the number of the lead that a conversation is with; raise `KeyError` if there is none of that id."""
        if not conversation_id.startswith("conv_"):
            raise KeyError(conversation_id)
        return self.lead(conversation_id.replace("conv_", "lead_", 1))

    def event(self, event_id: str, letters: frozenset[str]) -> tuple[int, int]:
        """Give lead and place of an event of some kinds; raise `KeyError` if there is none of that id."""
        found = event_place(event_id)
        if found is None or found[0] >= self.leads.count:
            raise KeyError(event_id)
        story = STORIES[story_of(self.leads.seed, found[0])]
        if found[1] >= len(story) or story[found[1]] not in letters:
            raise KeyError(event_id)
        return found

    def with_phone(self, written: str) -> range:
        """Give the numbers of the leads that have a telephone number."""
        first = phone_owner(written)
        return range(0) if first is None else range(first, self.leads.count, PHONES)
