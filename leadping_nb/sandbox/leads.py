"""The leads: who they are, where they come from, what became of them; a pure function of seed and number.

Numbers count from the oldest lead, which is 0; lists run the other way, newest first.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.identifiers import lead_id
from leadping_nb.sandbox.moments import END, MINUTE, SECOND
from leadping_nb.sandbox.people import Person, person, phone
from leadping_nb.sandbox.rhythm import moment
from leadping_nb.sandbox.sources import SOURCES, answer_delay, source_of
from leadping_nb.sandbox.stories import DEPTH, GAPS, STORIES, story_of

__all__ = ["OUTCOMES", "TAGS", "Lead", "Leads", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status that a lead can be given."""

    id: str
    """Its id."""
    name: str
    """Its name."""
    category: str
    """Its category, one of the API's six."""
    tone: str
    """How an interface would colour it."""
    color: str
    """The same as a colour."""

    @property
    def slug(self) -> str:
        """The name for machines."""
        return self.name.lower().replace(" ", "_")


OUTCOMES = tuple(
    Outcome(f"status_sandbox_{number:02}", *facts)
    for number, facts in enumerate(
        (
            ("Contacted", "Open", "info", "#3182ce"),
            ("Callback scheduled", "Open", "info", "#4299e1"),
            ("Appointment set", "Qualified", "warning", "#d69e2e"),
            ("Quote sent", "Qualified", "warning", "#b7791f"),
            ("Sold", "Converted", "success", "#2f855a"),
            ("Sold by a partner", "Converted", "success", "#276749"),
            ("Not interested", "Lost", "danger", "#c53030"),
            ("No response", "Lost", "danger", "#9b2c2c"),
            ("Wrong number", "Invalid", "neutral", "#718096"),
            ("Disconnected", "Invalid", "neutral", "#4a5568"),
            ("Double of another", "Duplicate", "neutral", "#805ad5"),
            ("Sent in twice", "Duplicate", "neutral", "#6b46c1"),
        ),
        start=1,
    )
)
"""The statuses, two a category, in the order of the funnel."""

TAGS = tuple(
    (f"tag_sandbox_{number:02}", *facts)
    for number, facts in enumerate(
        (
            ("Hot", "#c53030", "Asked to be called today."),
            ("Spanish", "#dd6b20", "Prefers Spanish."),
            ("Homeowner", "#2f855a", "Owns the home."),
            ("Renewal", "#3182ce", "Has a policy that ends soon."),
            ("VIP", "#805ad5", "Known to the owner."),
            ("Évènement", "#319795", "Met at an event."),
        ),
        start=1,
    )
)
"""The tags: id, name, colour, description."""

_NO_TAGS: tuple[int, ...] = ()
# By four bits: which tags a lead has.
_TAGGED = (*(_NO_TAGS,) * 7, (0,), (0, 2), (1,), (2,), (2, 3), (3,), (4,), (1, 5), (0, 4))


class Lead:
    """What is known of a lead before any row is written."""

    __slots__ = (
        "archived",
        "bits",
        "created",
        "number",
        "outcome",
        "person",
        "phone",
        "price",
        "source",
        "story",
        "tags",
        "times",
        "updated",
    )

    def __init__(self, number: int, seed: int, created: int, *, archived: bool) -> None:
        bits = mix(seed, number, 3)
        self.number = number
        self.bits = bits
        self.created = created
        self.archived = archived
        self.person: Person = person(number, bits)
        self.phone = phone(number)
        self.source = source_of(seed, number)
        at = story_of(seed, number)
        self.story = STORIES[at]
        more = mix(seed, number, 4)
        self.times = _times(self.story, created, answer_delay(self.source, more), more)
        self.outcome = _outcome(self.source, DEPTH[at], more >> 8) if "D" in self.story else None
        self.tags = _TAGGED[bits >> 14 & 15]
        cost = SOURCES[self.source].price
        # One in sixteen has no price although its source has.
        spread = (bits >> 22 & 31) - 16
        self.price = None if cost is None or not bits >> 18 & 15 else round(cost * (1 + spread / 160), 2)
        self.updated = self.times[-1] + (MINUTE if archived else SECOND)

    @property
    def id(self) -> str:
        """The lead's id."""
        return lead_id(self.number)

    @property
    def name(self) -> str:
        """The lead's full name."""
        return f"{self.person.first} {self.person.last}"


class Leads:
    """All leads of a world.

    Parameters
    ----------
    seed
        The world.
    count
        How many there are.
    """

    _RUN = 32  # of so many leads, one is archived

    def __init__(self, seed: int, count: int) -> None:
        self.seed = seed
        self.count = count
        self.get = lru_cache(maxsize=4_096)(self._make)
        """Give the lead of a number."""
        self.archived_count = self._archived_before(count)
        """How many are archived."""

    def tags(self, number: int) -> tuple[int, ...]:
        """Give the positions in `TAGS` of a lead's tags, without making the lead."""
        return _TAGGED[mix(self.seed, number, 3) >> 14 & 15]

    def created(self, number: int) -> int:
        """Give the ticks at which a lead arrived; they rise with the number."""
        return moment((number + (mix(self.seed, number, 5) & 0xFFFF) / 0x20000) / self.count)

    def arrived_before(self, ticks: int) -> int:
        """Count the leads that arrived before an instant."""
        return bisect_right(range(self.count), ticks - 1, key=self.created)

    def archived(self, number: int) -> bool:
        """Say whether a lead is archived."""
        return number % self._RUN == self._slot(number // self._RUN)

    def nth_archived(self, index: int) -> int:
        """Give the number of an archived lead, newest first."""
        run = self.archived_count - 1 - index
        return run * self._RUN + self._slot(run)

    def nth_active(self, index: int) -> int:
        """Give the number of a lead that is not archived, newest first."""
        run, rest = divmod(self.count - self.archived_count - 1 - index, self._RUN - 1)
        return run * self._RUN + rest + (rest >= self._slot(run))

    def _archived_before(self, number: int) -> int:
        runs, rest = divmod(number, self._RUN)
        return runs + (self._slot(runs) < rest)

    def _slot(self, run: int) -> int:
        return mix(self.seed, run, 6) % self._RUN

    def _make(self, number: int) -> Lead:
        return Lead(number, self.seed, self.created(number), archived=self.archived(number))


def _times(story: str, created: int, delay: int, bits: int) -> tuple[int, ...]:
    """Give the ticks of each event, none of them after the end of the world."""
    times = [created, created + delay]
    for at, letter in enumerate(story[2:]):
        least, most = GAPS[letter]
        share = (bits >> 20 + 6 * at & 63) / 63
        times.append(times[-1] + least + int((most - least) * share * share))  # squared: mostly short, seldom long
    over = times[-1] - created
    room = (END - MINUTE - created) * (64 + (bits & 63)) // 128
    if over > room:  # the youngest leads live faster
        times = [created + (time - created) * max(room, SECOND) // over for time in times]
    return tuple(times)


def _outcome(source: int, depth: int, bits: int) -> int:
    """Give the position in `OUTCOMES` of what became of a lead."""
    kind = bisect_right(_funnel(source, depth), (bits & 0xFFF) / 0x1000)
    return 2 * kind + (bits >> 12 & 3 == 3)


@cache
def _funnel(source: int, depth: int) -> tuple[float, ...]:
    """Give the edges between Open, Qualified, Converted, Lost, Invalid and Duplicate."""
    facts = SOURCES[source]
    keen = (0.35, 0.8, 1.25, 1.6)[min(depth, 3)]
    doubtful = 1.5 - 0.4 * min(depth, 3)
    shares = (0.16, facts.qualified * keen, facts.converted * keen)
    wrong, double = facts.invalid * doubtful, 0.03 * doubtful
    return tuple(accumulate((*shares, max(1 - sum(shares) - wrong - double, 0.05), wrong)))
