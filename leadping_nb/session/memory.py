"""What was asked last of each operation, so that the request can be shown; never the credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadping_nb.contracts import Operation

__all__ = ["Asked", "Memory"]

_CURSORS = frozenset({"continuationToken", "ContinuationToken"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asked for."""

    path: Mapping[str, str] = field(default_factory=dict)
    """The values in its path, by name."""
    query: Mapping[str, object] = field(default_factory=dict)
    """Its query parameters."""
    body: object = None
    """What was sent as JSON; None where nothing was."""


class Memory:
    """Keeps one request an operation: the first page of a walk and not its last one, and no cursor.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> memory, leads = Memory(), contract().operation("POST /leads/all/my")
    >>> memory.note(leads, Asked(body={"pageSize": 200, "search": "Ada"}))
    >>> memory.note(leads, Asked(body={"pageSize": 50, "continuationToken": "3", "search": "Ada"}))
    >>> memory.last(leads).body
    {'pageSize': 200, 'search': 'Ada'}
    """

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}

    def note(self, operation: Operation, asked: Asked) -> None:
        """Keep a request, unless it goes on with one that is kept."""
        body = asked.body if isinstance(asked.body, Mapping) else {}
        goes_on = any(held.get(name) is not None for name in _CURSORS for held in (body, asked.query))
        if goes_on and operation.id in self._asked:
            return
        self._asked[operation.id] = Asked(
            dict(asked.path),
            {name: value for name, value in asked.query.items() if name not in _CURSORS},
            {name: value for name, value in body.items() if name not in _CURSORS} if body else asked.body,
        )

    def last(self, operation: Operation) -> Asked | None:
        """Give what was asked last of an operation, or None."""
        return self._asked.get(operation.id)
