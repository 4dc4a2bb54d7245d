"""The steps of a walk: what was asked and why, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadping_nb.errors import Reason
from leadping_nb.identifiers import shown
from leadping_nb.lasting import Lasting
from leadping_nb.metadata import Document

__all__ = ["Step"]


@dataclass(frozen=True, slots=True)
class Step(Lasting):
    """One request of the walk."""

    number: int
    """Its place, from 1."""
    question: str
    """What is asked, and why."""
    spec: str
    """The standard and section, or the source."""
    method: str
    """The method."""
    url: str
    """The address."""
    status: int | None
    """The status, or None if no answer came."""
    outcome: str
    """What came of it, in words."""
    document: Document | None = None
    """The document that was found."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The headers that matter, by their names in lower case."""
    parent: int | None = None
    """The number of the step whose answer led here, or None."""
    reason: Reason | None = None
    """Why there is no document, as a word to compare, where it has one."""
    seconds: float = field(default=0.0, compare=False, repr=False)
    """How long it took, in seconds."""

    def __repr__(self) -> str:
        return f"<Step {self.number}: {self.method} {shown(self.url)} → {shown(self.outcome)}>"

    @property
    def found(self) -> bool:
        """Whether it gave a document."""
        return self.document is not None
