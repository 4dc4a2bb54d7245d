"""Which rows each list of the API has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from leadping_nb.sandbox.leads import TAGS
from leadping_nb.sandbox.lines import NUMBERS
from leadping_nb.sandbox.moments import DAY, ticks_of
from leadping_nb.sandbox.query import Query, bounds, flag, word
from leadping_nb.sandbox.rows import Row, Rows
from leadping_nb.sandbox.sourcebook import SourceBook
from leadping_nb.sandbox.sources import SOURCES
from leadping_nb.sandbox.stories import ALL, CALLS, CHANGES, MESSAGES, Track

if TYPE_CHECKING:
    from leadping_nb.contracts import Operation
    from leadping_nb.sandbox.parts import Parts

__all__ = ["Catalog"]

Place = tuple[int, int]

_LONGEST_LIFE = 20 * DAY
_CATEGORIES = {
    "lead": frozenset("LU"),
    "sms": MESSAGES,
    "call": CALLS,
    "note": frozenset("N"),
    "disposition": CHANGES,
}


class Catalog:
    """The lists of a world.

    Parameters
    ----------
    parts
        The world.
    sources
        Its sources.
    """

    def __init__(self, parts: Parts, sources: SourceBook) -> None:
        self._parts = parts
        self._sources = sources
        self._tracks: dict[frozenset[str], Track] = {}

    def rows(self, operation: Operation, path: Mapping[str, str], query: Query) -> Rows:
        """Give the rows of a list; raise `KeyError` for an unknown id, `InvalidOptions` for an unreadable query."""
        model = operation.row_model
        if model is None:
            raise ValueError(f"{operation.id} is no list.")
        if operation.path in _LISTS:
            return _LISTS[operation.path](self, path, query, model)
        shelf = self._parts.shelves.by_path[operation.path]
        rows = self._parts.shelves.rows(shelf.noun, model)
        if shelf.noun == "tag" and not flag(query, "includeArchived"):
            return Rows(len(TAGS), rows.__getitem__)
        return _between(rows, query) if query.get("startAt") or query.get("endAt") else rows

    def leads(self, _path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give the leads, newest first."""
        leads, book = self._parts.leads, self._parts.leadbook
        arrivals = self._parts.arrivals[::-1]
        number_at: Callable[[int], int]
        match word(query, "archiveFilter", ("all", "active", "archived")):
            case "active":
                count, number_at = leads.count - leads.archived_count, leads.nth_active
            case "archived":
                count, number_at, arrivals = leads.archived_count, leads.nth_archived, []
            case _:
                count, number_at = leads.count, lambda index: leads.count - 1 - index
        wanted, untagged = set(query.get("tagIds", ())), flag(query, "untagged")
        if wanted or untagged:
            fits = _tag_test(wanted, match_all=flag(query, "tagMatchAll"), untagged=untagged)
            arrivals = [arrival for arrival in arrivals if fits(set(arrival.tag_ids))]
            numbers = [
                number for number in map(number_at, range(count)) if fits({TAGS[tag][0] for tag in leads.tags(number)})
            ]
            count, number_at = len(numbers), numbers.__getitem__
        base = Rows(count, lambda index: book.row(number_at(index)))
        return base.after([arrival.row for arrival in arrivals])

    def events(self, _path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give the time line of all leads."""
        category = query["category"][0] if query.get("category") else None
        letters = ALL if category is None else _CATEGORIES.get(category.lower(), frozenset())
        base = self._all(letters, query, self._parts.activity.event)
        arrivals = self._parts.arrivals[::-1] if "L" in letters else []
        since, until = bounds(query)
        return base.after([arrival.event for arrival in arrivals if since <= arrival.ticks < until])

    def business_events(self, path: Mapping[str, str], query: Query, model: str) -> Rows:
        """Give the time line of a business: ours, or none."""
        for id_ in path.values():
            if id_ != self._parts.owner.business_id:
                raise KeyError(id_)
        return self.events(path, query, model)

    def calls(self, _path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give all calls."""
        return self._all(CALLS, query, self._parts.activity.call)

    def messages(self, _path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give all SMS."""
        return self._all(MESSAGES, query, self._parts.activity.message)

    def sources(self, _path: Mapping[str, str], _query: Query, model: str) -> Rows:
        """Give all sources."""
        return Rows(len(SOURCES), lambda index: self._sources.row(index, model))

    def usage(self, _path: Mapping[str, str], _query: Query, _model: str) -> Rows:
        """Give all usage records."""
        ledger = self._parts.ledger
        return Rows(ledger.usage_track.count, lambda index: ledger.usage(*ledger.usage_track.newest(index)))

    def transactions(self, _path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give all transactions."""
        ledger = self._parts.ledger
        return _between(Rows(ledger.transactions, ledger.transaction), query)

    def changes(self, path: Mapping[str, str], query: Query, model: str) -> Rows:
        """Give status changes, of one lead if the path names one."""
        change = self._parts.statuses.change
        if path:
            return self._one_lead(path, CHANGES, lambda number, place: change(number, place, model))
        return self._all(CHANGES, query, lambda number, place: change(number, place, model))

    def conversations(self, path: Mapping[str, str], query: Query, _model: str) -> Rows:
        """Give conversations, of one lead if the path names one."""
        leads, conversation = self._parts.leads, self._parts.activity.conversation
        if path:
            numbers = self._numbers(path)
            return Rows(len(numbers), lambda index: conversation(numbers[index]))
        match word(query, "archiveFilter", ("all", "active", "archived")):
            case "active":
                return Rows(leads.count - leads.archived_count, lambda index: conversation(leads.nth_active(index)))
            case "archived":
                return Rows(leads.archived_count, lambda index: conversation(leads.nth_archived(index)))
        return Rows(leads.count, lambda index: conversation(leads.count - 1 - index))

    def lead_events(self, path: Mapping[str, str], _query: Query, _model: str) -> Rows:
        """Give the time line of one lead or conversation."""
        if (arrival := self._parts.arrival(path.get("leadId", ""))) is not None:
            return Rows.of([arrival.event])
        return self._one_lead(path, ALL, self._parts.activity.event)

    def lead_calls(self, path: Mapping[str, str], _query: Query, _model: str) -> Rows:
        """Give the calls of one lead or telephone number."""
        return self._one_lead(path, CALLS, self._parts.activity.call)

    def lead_messages(self, path: Mapping[str, str], _query: Query, _model: str) -> Rows:
        """Give the SMS of one lead or telephone number."""
        return self._one_lead(path, MESSAGES, self._parts.activity.message)

    def _one_lead(self, path: Mapping[str, str], letters: frozenset[str], row: Callable[[int, int], Row]) -> Rows:
        return self._placed(reversed(self._numbers(path)), letters, row)

    def _numbers(self, path: Mapping[str, str]) -> Sequence[int]:
        """Give the numbers of the leads that a path names."""
        parts = self._parts
        if "conversationId" in path:
            return [parts.of_conversation(path["conversationId"])]
        if "phoneNumber" in path:
            phone = "+" + path["phoneNumber"].strip().removeprefix("+")
            ours = [at for at, (_, number) in enumerate(NUMBERS) if number == phone]
            return range(ours[0], parts.leads.count, len(NUMBERS)) if ours else parts.with_phone(phone)
        id_ = path.get("leadId") or path["id"]
        return [] if parts.arrival(id_) is not None else [parts.lead(id_)]

    def _all(self, letters: frozenset[str], query: Query, row: Callable[[int, int], Row]) -> Rows:
        if query.get("startAt") or query.get("endAt"):
            return self._within(letters, query, row)
        track = self._track(letters)
        return Rows(track.count, lambda index: row(*track.newest(index)))

    def _within(self, letters: frozenset[str], query: Query, row: Callable[[int, int], Row]) -> Rows:
        """Look only at the leads that can have events in a period."""
        since, until = bounds(query)
        leads = self._parts.leads
        numbers = range(leads.arrived_before(since - _LONGEST_LIFE), leads.arrived_before(until))
        return self._placed(
            reversed(numbers), letters, row, lambda number, place: since <= leads.get(number).times[place] < until
        )

    def _placed(
        self,
        numbers: Iterable[int],
        letters: frozenset[str],
        row: Callable[[int, int], Row],
        keep: Callable[[int, int], bool] = lambda _number, _place: True,
    ) -> Rows:
        track = self._track(letters)
        places: list[Place] = [
            (number, place) for number in numbers for place in reversed(track.places(number)) if keep(number, place)
        ]
        return Rows(len(places), lambda index: row(*places[index]))

    def _track(self, letters: frozenset[str]) -> Track:
        if letters not in self._tracks:
            self._tracks[letters] = Track(self._parts.leads.seed, self._parts.leads.count, letters)
        return self._tracks[letters]


_LISTS: Mapping[str, Callable[[Catalog, Mapping[str, str], Query, str], Rows]] = {
    "/leads/all/my": Catalog.leads,
    "/events/all/my": Catalog.events,
    "/events/businesses/{businessId}": Catalog.business_events,
    "/events/organizations/{organizationId}": Catalog.business_events,
    "/events/leads/{leadId}": Catalog.lead_events,
    "/events/conversations/{conversationId}": Catalog.lead_events,
    "/events/calls/all/my": Catalog.calls,
    "/events/calls/lead/{leadId}": Catalog.lead_calls,
    "/events/calls/phone/{phoneNumber}": Catalog.lead_calls,
    "/events/sms/all/my": Catalog.messages,
    "/events/sms/lead/{leadId}": Catalog.lead_messages,
    "/events/sms/phone/{phoneNumber}": Catalog.lead_messages,
    "/conversations/my": Catalog.conversations,
    "/conversations/lead/{leadId}": Catalog.conversations,
    "/dispositions/lead/{leadId}": Catalog.changes,
    "/leads/{id}/status-history": Catalog.changes,
    "/lead-status-changes/all/my": Catalog.changes,
    "/sources/all/my": Catalog.sources,
    "/usage/all/my": Catalog.usage,
    "/transactions/all/my": Catalog.transactions,
}


def _tag_test(wanted: set[str], *, match_all: bool, untagged: bool) -> Callable[[set[str]], bool]:
    def fits(tags: set[str]) -> bool:
        if untagged and not tags:
            return True
        return bool(wanted) and (wanted <= tags if match_all else bool(wanted & tags))

    return fits


def _between(rows: Rows, query: Query) -> Rows:
    """Keep the rows that were created in the period of a query."""
    if not query.get("startAt") and not query.get("endAt"):
        return rows
    since, until = bounds(query)
    return rows.picked([at for at, row in enumerate(rows) if since <= ticks_of(str(row["createdAt"])) < until])
