"""The sheet of the permissions card: all decisions of a contract in its order, each reason written down once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from leadping_nb.contracts import Operation, Verdict
from leadping_nb.credential import KeyType
from leadping_nb.evidence import OUTCOMES, SIGNS, Outcome, Statement
from leadping_nb.policy import VERDICTS, Decision, Permissions, decide
from leadping_nb.table import Table

__all__ = ["Sheet"]

_CERTAINTIES: Final[Mapping[str, str]] = {
    "stated": "stated, a source says so",
    "inferred": "inferred, read out of the sources together",
}
_NONE_NEEDED: Final = "none is needed"
_NONE_NAMED: Final = "no source names one"


class _Reason(NamedTuple):
    verdict: Verdict
    why: str
    certainty: str
    basis: str
    evidence: tuple[Statement, ...]
    """What the seed's page and the contract's sources say, each by itself."""


@dataclass(frozen=True, slots=True)
class _Row:
    operation: Operation
    decision: Decision
    beside: tuple[Decision, ...]
    """What each other key type could do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All decisions of a contract in the order of the card.

    Examples
    --------
    >>> from leadping_nb.policy import permissions
    >>> sheet = Sheet.of(permissions(KeyType.SOURCE_KEY))
    >>> len(sheet.rows), [kind.value for kind in sheet.others]
    (121, ['user token', 'business key'])
    """

    others: tuple[KeyType, ...]
    """The key types of the contract that stand beside the one shown."""
    rows: tuple[_Row, ...]
    """What is allowed first, and each verdict in the contract's order."""
    reasons: tuple[_Reason, ...]
    """The reasons in the order of their first use."""
    observations: tuple[Statement, ...]
    """What was observed, in the order of its first use."""
    has_observations: bool
    """Whether anything was tried."""

    @classmethod
    def of(cls, shown: Permissions) -> Sheet:
        """Write down what one key type may do.

        Parameters
        ----------
        shown
            What it may do.
        """
        known = shown.contract.key_types
        others = tuple(kind for kind in KeyType if kind in known and kind is not shown.key_type)
        rows = tuple(
            _Row(operation, decision, tuple(decide(kind, operation, shown.contract) for kind in others))
            for operation, decision in sorted(shown, key=lambda pair: VERDICTS.index(pair[1].verdict))
        )
        reasons = dict.fromkeys(_reason(decision) for row in rows for decision in (row.decision, *row.beside))
        observations = dict.fromkeys(row.decision.evidence[-1] for row in rows)
        return cls(others, rows, tuple(reasons), tuple(observations), shown.observed is not None)

    @property
    def content(self) -> dict[str, object]:
        """The sheet as the page reads it."""
        return {
            "others": [kind.value for kind in self.others],
            "operations": [
                {
                    "method": row.operation.method,
                    "path": row.operation.path,
                    "effect": row.operation.effect,
                    "group": row.operation.group,
                    "summary": row.operation.summary,
                    "reason": self._number(row.decision),
                    "beside": [self._number(other) for other in row.beside],
                    "would_do": _would_do(row),
                    "observed": self.observations.index(row.decision.evidence[-1]),
                }
                for row in self.rows
            ],
            "reasons": [
                {**reason._asdict(), "evidence": [_as_json(statement)[:3] for statement in reason.evidence]}
                for reason in self.reasons
            ],
            "observations": [_as_json(statement) for statement in self.observations],
            "outcomes": [
                {"word": outcome, "sign": SIGNS[outcome], "count": count} for outcome, count in self.outcomes.items()
            ],
        }

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many rows have each outcome of what was tried; none as long as nothing was."""
        seen = Counter(row.decision.evidence[-1].says for row in self.rows)
        return {outcome: seen[outcome] for outcome in OUTCOMES if seen[outcome]} if self.has_observations else {}

    @property
    def table(self) -> Table:
        """The sheet as a table, whose numbers refer to `numbered`."""
        names = ("verdict", "method", "path", "effect", "group", "summary", *(kind.value for kind in self.others))
        rows = tuple(
            (
                self._cell(row.decision),
                row.operation.method,
                row.operation.path,
                row.operation.effect,
                row.operation.group,
                row.operation.summary,
                *(self._cell(other) for other in row.beside),
                *([_observed_cell(row.decision.evidence[-1])] if self.has_observations else []),
            )
            for row in self.rows
        )
        return Table((*names, "observed") if self.has_observations else names, rows)

    @property
    def numbered(self) -> list[str]:
        """The reasons in their order, a sentence each, with what they rest on."""
        return [
            f"{reason.why} ({reason.certainty.capitalize()}. Basis: {reason.basis}. "
            f"{' · '.join(f'{statement.source.capitalize()}: {statement.short}' for statement in reason.evidence)}.)"
            for reason in self.reasons
        ]

    def _number(self, decision: Decision) -> int:
        """Give the place of a decision's reason."""
        return self.reasons.index(_reason(decision))

    def _cell(self, decision: Decision) -> str:
        """Write a decision in a table: sign, verdict, and the number of its reason from 1."""
        return f"{SIGNS[decision.verdict]} {decision.verdict} ({self._number(decision) + 1})"


def _reason(decision: Decision) -> _Reason:
    certainty, documents = _CERTAINTIES[decision.certainty], decision.evidence[:2]
    return _Reason(decision.verdict, decision.why, certainty, decision.basis, documents)


def _as_json(statement: Statement) -> list[str]:
    """Give a statement as the page reads it: word, sign, date and text."""
    return [statement.says, statement.sign, statement.dated, statement.text]


def _observed_cell(statement: Statement) -> str:
    return statement.short if statement.says == "not tried" else f"{statement.short}: {statement.text}"


def _would_do(row: _Row) -> str:
    if row.decision.would_do:
        return ", ".join(kind.value for kind in row.decision.would_do)
    return _NONE_NEEDED if row.operation.access[None].verdict == "allowed" else _NONE_NAMED
