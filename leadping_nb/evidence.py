"""What speaks for a verdict: the seed's page, the contract's sources, and what was observed; each with its date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal, Protocol

from leadping_nb.contracts import REVISIONS, Certainty, Verdict
from leadping_nb.credential import KeyType

__all__ = ["OUTCOMES", "SIGNS", "Observation", "Observed", "Outcome", "Source", "Statement", "documented", "observed"]

Outcome = Literal["allowed", "refused", "not found", "cannot tell", "not tried"]
Source = Literal["seed", "contract", "observed"]

OUTCOMES: tuple[Outcome, ...] = ("allowed", "refused", "not found", "cannot tell", "not tried")
"""What can come of trying a call, in the order in which it is shown."""

SIGNS: Mapping[str, str] = {
    "allowed": "✓",
    "undocumented": "?",
    "denied": "✗",
    "refused": "✗",
    "not found": "∅",
    "cannot tell": "?",
    "not tried": "–",
}
"""One sign for each word that evidence can say, so that colour alone never carries it."""

# How a part of a basis begins that is about the authentication page, and the date of that page.
_PAGES: tuple[tuple[str, str], ...] = (("seed", REVISIONS[0]), ("auth page 2026-08", "2026-08"))
_SEPARATOR = "; "
_SILENT = "It says nothing about this call."
_NOT_TRIED = "Nobody has tried it."


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one call.

    Examples
    --------
    >>> Observation("refused", "It was answered 403.", 403, "Forbidden").outcome
    'refused'
    """

    outcome: Outcome
    """``allowed``, ``refused``, ``not found``, ``cannot tell`` or ``not tried``."""
    why: str
    """What was seen, or why nothing was tried, in a sentence."""
    status: int | None = None
    """The status of the answer; None where none came."""
    words: str = ""
    """What the server said, without the credential, shortened and safe to print."""
    at: datetime | None = None
    """When, in UTC; None where nothing was sent."""

    @property
    def dated(self) -> str:
        """When, as ISO 8601 has it; empty where nothing was sent."""
        return "" if self.at is None else self.at.isoformat(timespec="seconds").replace("+00:00", "Z")


class Observed(Protocol):
    """Observations of one key type under one contract."""

    @property
    def key_type(self) -> KeyType | None:
        """The key type that called; None for calls without a credential."""

    @property
    def revision(self) -> str:
        """The revision of the contract whose operations were tried."""

    @property
    def base_url(self) -> str:
        """The address that was called."""

    @property
    def observations(self) -> Mapping[str, Observation]:
        """The observations by the ids of operations."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one call.

    Examples
    --------
    >>> print(Statement("seed", "denied", "2026-07-05", "Source Intake"))
    seed: ✗ denied, 2026-07-05. Source Intake
    """

    source: Source
    """``seed`` for the authentication page, ``contract`` for what the operations were read from, or ``observed``."""
    says: Verdict | Outcome
    """A verdict for what is written, ``undocumented`` where a source is silent; an outcome for what was observed."""
    dated: str
    """The date of the source, or of the answer; empty where there is none."""
    text: str
    """The passage, or what was seen."""

    @property
    def sign(self) -> str:
        """The sign of what it says."""
        return SIGNS[self.says]

    @property
    def short(self) -> str:
        """What it says, with sign and date."""
        return f"{self.sign} {self.says}, {self.dated}" if self.dated else f"{self.sign} {self.says}"

    def __str__(self) -> str:
        return f"{self.source}: {self.short}. {self.text}"


@cache
def documented(verdict: Verdict, certainty: Certainty, basis: str, revision: str) -> tuple[Statement, Statement]:
    """Take a documented verdict apart: what the seed's page states, and what the contract's sources add.

    The page speaks for a verdict that it states. What was inferred with its help is the contract's verdict, and the
    page's passage stands beside it.

    Parameters
    ----------
    verdict, certainty, basis
        The verdict, and what it rests on.
    revision
        The contract's revision.

    Examples
    --------
    >>> seed, contract = documented("denied", "stated", "seed: Source Intake", "2026-07-05")
    >>> seed.says, seed.dated, contract.says
    ('denied', '2026-07-05', 'undocumented')
    """
    parts = basis.split(_SEPARATOR)
    dates = {part: dated for part in parts for beginning, dated in _PAGES if part.startswith(beginning)}
    others = [part for part in parts if part not in dates]
    page_says = verdict if dates and certainty == "stated" else "undocumented"
    contract_says = verdict if others or certainty == "inferred" else "undocumented"
    return (
        Statement("seed", page_says, next(iter(dates.values()), ""), _SEPARATOR.join(dates) or _SILENT),
        Statement("contract", contract_says, revision, _SEPARATOR.join(others) or _SILENT),
    )


def observed(observation: Observation | None) -> Statement:
    """Give an observation as the third statement; None for a call that nobody tried."""
    if observation is None:
        return Statement("observed", "not tried", "", _NOT_TRIED)
    words = f" It says: {observation.words}" if observation.words else ""
    return Statement("observed", observation.outcome, observation.dated, observation.why + words)
