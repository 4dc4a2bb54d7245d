"""The data of the sandbox: every answer of every read, a pure function of seed and index, plus what was sent in.

What no document states and is assumed here, beside what `lists` assumes:

- the default order is newest first; events, calls, SMS and usage come by lead, newest lead first, then newest event;
- ``archiveFilter`` is ``active``, ``archived`` or ``all``; without one a list has all, so that events join to leads;
- ``category`` of events is one of lead, sms, call, note and disposition, as ``eventCategory`` shows it;
- ``tagIds`` asks for any of the tags, with ``tagMatchAll`` for all of them; ``untagged`` for leads without;
- periods without bounds are the last thirty days before 2026-07-05, when the world's time line ends; metrics and
  analytics go by the newest lead that was sent in, where it came later;
- the words in ``status``, ``eventType``, ``direction``, ``billingStatus`` and other fields without a list of values;
- ids (``lead_0000001`` and so on), prices, charges, and which fields are null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from leadping_nb.sandbox.arrivals import arrive
from leadping_nb.sandbox.catalog import Catalog
from leadping_nb.sandbox.details import Details
from leadping_nb.sandbox.moments import text, ticks_at
from leadping_nb.sandbox.parts import Parts
from leadping_nb.sandbox.rows import Row, Rows
from leadping_nb.sandbox.sourcebook import SourceBook
from leadping_nb.sandbox.sources import SOURCES

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract, Operation

__all__ = ["World"]

_REMEMBERED = 32  # lists that are kept with what queries found in them


class World:
    """All data of one sandbox.

    Parameters
    ----------
    contract
        The contract whose reads are answered.
    leads
        How many leads there are; they cost nothing until they are read.
    seed
        Another seed gives another world.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> world = World(contract(), leads=1_000_000)
    >>> len(world.rows(contract().operation("POST /leads/all/my"), {}, {}))
    1000000
    """

    def __init__(self, contract: Contract, *, leads: int = 5_000, seed: int = 7) -> None:
        self._parts = Parts(contract, leads, seed)
        sources = SourceBook(self._parts)
        self._catalog = Catalog(self._parts, sources)
        self._details = Details(self._parts, sources)
        self._lists: dict[tuple[object, ...], Rows] = {}
        owner = self._parts.owner
        self.leads = leads
        """How many leads there are, but for those that were sent in."""
        self.business_id = owner.business_id
        """The id of the business that all data belong to."""
        self.business_name = owner.business_name
        """Its name."""
        self.user_id = owner.user_id
        """The id of the person who is signed in."""
        self.source_ids = tuple(source.id for source in SOURCES)
        """The ids of the sources."""
        self.source_states = self._parts.source_states
        """What state each of them is in."""

    def rows(self, operation: Operation, path: Mapping[str, str], query: Mapping[str, Sequence[str]]) -> Rows:
        """Give the rows of a list, paged or bare.

        Parameters
        ----------
        operation
            The list.
        path
            The values in its path, decoded.
        query
            The query parameters, each with all its values.

        Returns
        -------
        Rows
            The same object while nothing was sent in and no source changed, so that no page is searched for anew.

        Raises
        ------
        KeyError
            If an id in the path is unknown.
        InvalidOptions
            If a query parameter cannot be read.
        """
        asked = tuple((name, tuple(values)) for name, values in sorted(query.items()))
        key = (operation.id, tuple(sorted(path.items())), asked, len(self._parts.arrivals), self.source_states.all)
        if key not in self._lists:
            rows = self._catalog.rows(operation, path, query)
            while len(self._lists) >= _REMEMBERED:
                self._lists.pop(next(iter(self._lists)))
            self._lists[key] = rows
        return self._lists[key]

    def one(
        self,
        operation: Operation,
        path: Mapping[str, str],
        query: Mapping[str, Sequence[str]],
        sent: Mapping[str, object] | None = None,
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
            The body; no answer of a made-up world depends on it.

        Returns
        -------
        object
            A JSON value that fits the model, bytes where the operation answers with bytes, None where with nothing.

        Raises
        ------
        KeyError
            If an id in the path is unknown.
        InvalidOptions
            If a query parameter cannot be read.
        """
        return self._details.one(operation, path, query)

    def add_lead(self, payload: Mapping[str, object], *, structured: bool, at: datetime, source_id: str) -> Row:
        """Keep a lead that was sent in; it is the newest from now on.

        Parameters
        ----------
        payload
            The body of the intake.
        structured
            Whether it is the structured form; the flat one has no nested contact, and names twins.
        at
            When it came.
        source_id
            Whose key it came with.

        Returns
        -------
        dict
            The LeadResponse.
        """
        ticks = ticks_at(at)
        flat = payload if not structured else {name: payload[name] for name in _STRUCTURED if name in payload}
        arrival = arrive(
            self._parts.shapes,
            flat,
            number=len(self._parts.arrivals),
            created=text(ticks),
            ticks=ticks,
            source_id=source_id,
        )
        self._parts.arrivals.append(arrival)
        return arrival.response


# What the structured form has at its top, in any revision.
_STRUCTURED = (
    "contact",
    "customer",
    "profile",
    "metadata",
    "tagIds",
    "tagNames",
)
