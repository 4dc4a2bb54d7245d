"""The data of a recording: the rows of all pages of a list as one list, and single answers as they were kept.

Rows of one list are joined over all its requests, by id, the latest version of each. A list of one lead or conversation
that was not recorded is picked out of a longer list of the same rows, and a single row out of any list that has it.
What cannot be had that way was not recorded, and the answer says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox.rows import Row, Rows
from leadping_nb.sandbox.source_states import SourceStates
from leadping_nb.sandbox.world import World

if TYPE_CHECKING:
    from datetime import datetime

    from leadping_nb.contracts import Contract, Operation
    from leadping_nb.recording.folder import Entry, Recording

__all__ = ["NotRecorded", "Replay"]

_PAGING = frozenset({"continuationtoken", "pagesize"})
_LEADS, _EVENTS, _SOURCES = "POST /leads/all/my", "POST /events/all/my", "POST /sources/all/my"
_ARRIVING = ("/leads/{id}", "/events/{eventId}", "/events/{eventId}/detail", "/events/detail/{eventId}")

Query = Mapping[str, Sequence[str]]
_Pairs = tuple[tuple[str, str], ...]


class NotRecorded(LookupError):  # noqa: N818  # the server's name for an answer, not an error of the toolkit
    """What a recording does not have; its text says what it is, ``status`` is what the server answers."""

    def __init__(self, detail: str, status: int) -> None:
        super().__init__(detail)
        self.status = status


class Replay:
    """All data of one recording, to be asked as a `World` is.

    Parameters
    ----------
    contract
        The contract of the recording.
    recording
        The recording.

    Raises
    ------
    LeadpingError
        If an answer of the recording is gone or is no JSON.
    """

    def __init__(self, contract: Contract, recording: Recording) -> None:
        self._contract = contract
        self._arrivals = World(contract, leads=0)
        """Takes in leads that are sent to the replay."""
        self._lists: dict[tuple[str, _Pairs], dict[_Pairs, dict[str, Row]]] = {}
        """By operation and path, and by what else narrowed the list: its rows by id."""
        self._answers: dict[tuple[str, _Pairs, _Pairs, str], object] = {}
        self._served: dict[tuple[object, ...], Rows] = {}
        self._recorded: set[str] = set()
        """The operations that were recorded at all."""
        for entry in recording.entries():
            if entry.answer is not None:
                self._keep(contract.operation(entry.operation), entry, _json(recording, entry))
        leads, sources = self._list(_LEADS), self._list(_SOURCES)
        self.leads = len(leads)
        """How many leads were recorded."""
        self.business_id = _first(leads, "businessId", "organizationId") or self._arrivals.business_id
        """The id of the business, as the leads tell it."""
        self.user_id = _first([self._answers.get(("GET /users/me", (), (), "{}"))], "id") or self._arrivals.user_id
        """The id of the person who is signed in, if that was recorded."""
        named = [*(row.get("id") for row in sources), *(row.get("sourceId") for row in leads)]
        self.source_ids = tuple(dict.fromkeys(map(str, filter(None, named)))) or self._arrivals.source_ids
        """The ids of the sources."""
        self.source_states = SourceStates(self.source_ids)
        """What of the sources can be changed: whether they are on, approved, and what they demand."""

    def rows(self, operation: Operation, path: Mapping[str, str], query: Query) -> Rows:
        """Give the rows of a list.

        Parameters
        ----------
        operation
            The list.
        path
            The values in its path, decoded.
        query
            The query parameters, each with all its values.

        Raises
        ------
        NotRecorded
            If the list was not recorded, or not so narrowed.
        """
        values, narrowed = _pairs(path), _narrowed(query)
        arrived = self._arrivals.rows(operation, path, query) if operation.id in (_LEADS, _EVENTS) else ()
        key = (operation.id, values, narrowed, len(arrived))
        if key not in self._served:
            self._served[key] = Rows.of(self._found(operation, values, narrowed)).after(arrived)
        return self._served[key]

    def one(
        self, operation: Operation, path: Mapping[str, str], query: Query, sent: Mapping[str, object] | None = None
    ) -> object:
        """Give the answer of a read that is no list.

        Parameters
        ----------
        operation
            The read.
        path
            The values in its path, decoded.
        query
            The query parameters, each with all its values.
        sent
            The body.

        Raises
        ------
        NotRecorded
            If there is no such answer in the recording, nor a row of a list that is the same.
        """
        values = _pairs(path)
        key = (operation.id, values, _narrowed(query), _canonical(sent or {}))
        if key in self._answers:
            return self._answers[key]
        if values:
            wanted = values[-1][1]
            for (listing, _), variants in self._lists.items():
                if self._contract.operation(listing).row_model == operation.response_model:
                    for rows in variants.values():
                        if wanted in rows:
                            return rows[wanted]
            if operation.path in _ARRIVING and self._has_arrived(wanted):
                return self._arrivals.one(operation, path, query)
        raise self._lack(operation)

    def add_lead(self, payload: Mapping[str, object], *, structured: bool, at: datetime, source_id: str) -> Row:
        """Keep a lead that was sent in, as `World.add_lead` does; it stands before those that were recorded."""
        return self._arrivals.add_lead(payload, structured=structured, at=at, source_id=source_id)

    def _keep(self, operation: Operation, entry: Entry, answer: Any) -> None:
        self._recorded.add(operation.id)
        query: dict[str, list[str]] = {}
        for name, text in entry.query:
            query.setdefault(name, []).append(text)
        values, narrowed = _pairs(entry.path), _narrowed(query)
        if not operation.is_list:
            self._answers[operation.id, values, narrowed, _canonical(entry.body or {})] = answer
            return
        rows = answer.get("items") if isinstance(answer, dict) else answer
        kept = self._lists.setdefault((operation.id, values), {}).setdefault(narrowed, {})
        for row in rows or ():
            id_ = row.get("id")
            kept[id_ if isinstance(id_, str) else _canonical(row)] = row

    def _found(self, operation: Operation, values: _Pairs, narrowed: _Pairs) -> list[Row]:
        variants = self._lists.get((operation.id, values), {})
        if narrowed in variants and narrowed:
            return list(variants[narrowed].values())
        if variants and not narrowed:
            return self._list(operation.id, values)
        if values and not narrowed:
            name, wanted = values[-1]
            columns = self._contract.models.columns(str(operation.row_model))
            longer = [
                listing
                for listing, of in self._lists
                if not of and name in columns and self._contract.operation(listing).row_model == operation.row_model
            ]
            if longer:
                return [row for row in self._list(longer[0]) if row.get(name) == wanted]
        raise self._lack(operation)

    def _list(self, operation: str, values: _Pairs = ()) -> list[Row]:
        """Give all rows that were recorded of a list, however it was narrowed."""
        joined: dict[str, Row] = {}
        for rows in self._lists.get((operation, values), {}).values():
            joined.update(rows)
        return list(joined.values())

    def _has_arrived(self, id_: str) -> bool:
        lists = (self._contract.operation(name) for name in (_LEADS, _EVENTS))
        return any(row["id"] == id_ for listing in lists for row in self._arrivals.rows(listing, {}, {}))

    def _lack(self, operation: Operation) -> NotRecorded:
        if operation.id in self._recorded:
            return NotRecorded(f"{operation.id} was recorded, but not with these values.", 404)
        return NotRecorded(f"{operation.id} was not recorded: api.record keeps what is read while it runs.", 501)


def _json(recording: Recording, entry: Entry) -> object:
    try:
        return json.loads(recording.body(entry))
    except (ValueError, RecursionError) as error:
        raise LeadpingError(
            f"Answer {entry.number} of the recording in {recording.folder} is no JSON.", hint="Record once more."
        ) from error


def _pairs(values: Mapping[str, str]) -> _Pairs:
    return tuple(sorted(values.items()))


def _narrowed(query: Query) -> _Pairs:
    """Give what narrows a list or an answer: all of a query but its paging."""
    return tuple(sorted((name, text) for name, texts in query.items() if name.lower() not in _PAGING for text in texts))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _first(rows: Iterable[object], *names: str) -> str | None:
    found = (row[name] for row in rows if isinstance(row, dict) for name in names if isinstance(row.get(name), str))
    return next(found, None)
