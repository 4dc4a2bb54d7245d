"""A read that was made, with what came back: what those who watch a session are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadping_nb.contracts import Operation
from leadping_nb.session.answers import Answer

__all__ = ["Read"]


@dataclass(frozen=True, slots=True)
class Read:
    """One read and its answer, successful or not."""

    operation: Operation
    """What was called."""
    path: Mapping[str, str] = field(repr=False)
    """A value for each name in the operation's path."""
    query: tuple[tuple[str, str], ...] = field(repr=False)
    """The query, name by name, as it went over the wire."""
    body: object = field(repr=False)
    """What was sent as JSON; None where nothing was."""
    answer: Answer
    """What came back."""
    at: float
    """When it had come, in epoch seconds."""
