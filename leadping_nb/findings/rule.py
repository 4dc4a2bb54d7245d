"""What a rule is, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from leadping_nb.challenge import Challenge
from leadping_nb.errors import Reason
from leadping_nb.identifiers import shown
from leadping_nb.metadata import Document, Kind

__all__ = ["Absence", "Evidence", "Finding", "Hit", "Rule", "Severity"]

Severity = Literal["error", "warning", "note"]

_MOST_HITS = 20
_LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that whoever runs the servers, or whoever calls them, should know; short, and safe to print."""

    code: str
    """A stable name."""
    severity: Severity
    """``error`` where a strict client stops, ``warning`` where it may, ``note`` where it is only good to know."""
    message: str
    """The sentence."""
    expected: str
    """What the standard or the other document asks for."""
    got: str
    """What was found."""
    spec: str
    """The section that says so."""
    hint: str
    """What to do."""
    place: str = ""
    """The address it is about."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule does not hold."""

    message: str
    """The sentence."""
    expected: str
    """What would be right."""
    got: str
    """What there is."""
    place: str = ""
    """The address it is about."""


@dataclass(frozen=True, slots=True)
class Absence:
    """That an address gave no document."""

    why: str
    """In words."""
    reason: Reason | None = None
    """The same as a word to compare, where it has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything that a walk saw, or the documents that were captured before."""

    start: str
    """The API's address."""
    documents: Mapping[str, Document]
    """The documents by address."""
    challenges: tuple[Challenge, ...] = ()
    """The challenges of the 401."""
    challenge_header: str | None = None
    """The header they were read from."""
    first_status: int | None = None
    """The status of the call without a credential; None if no answer came."""
    failures: Mapping[str, Absence] = field(default_factory=dict)
    """The addresses that gave no document."""
    walked: bool = False
    """Whether requests were made; if not, rules about them are silent."""

    def of_kind(self, *kinds: Kind) -> Iterator[Document]:
        """Give the documents of some kinds, in order."""
        return (document for document in self.documents.values() if document.kind in kinds)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that should hold."""

    code: str
    """A stable name in kebab-case."""
    severity: Severity
    """How bad it is if it does not hold."""
    about: str
    """What it looks at: ``challenge``, ``protected resource``, ``server``, ``keys`` or ``agreement``."""
    title: str
    """What is wrong if it does not hold, in a sentence."""
    spec: str
    """The section that says so."""
    hint: str
    """What to do."""
    check: Callable[[Evidence], Iterable[Hit]] = field(repr=False)
    """Finds where it does not hold."""

    def findings(self, evidence: Evidence) -> Iterator[Finding]:
        """Give the findings of this rule: at most 20, and a last one that says how many more there are."""
        hits = tuple(dict.fromkeys(self.check(evidence)))
        for hit in hits[:_MOST_HITS]:
            yield self._finding(hit)
        further = hits[_MOST_HITS:]
        if further:
            message = f"{len(further):,} more of the same kind: {self.title}"
            yield self._finding(replace(further[0], message=message, got=f"{len(further):,} more"))

    def _finding(self, hit: Hit) -> Finding:
        message, expected, got = (shown(text, _LONGEST_TEXT) for text in (hit.message, hit.expected, hit.got))
        return Finding(self.code, self.severity, message, expected, got, self.spec, self.hint, shown(hit.place))
