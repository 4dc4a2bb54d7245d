"""The plan of a probe: which reads it would make and in which order, how long that takes, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import KeyType
from leadping_nb.policy import Decision, holder
from leadping_nb.probe.allow_list import AllowList
from leadping_nb.resources import Resource
from leadping_nb.table import Table

__all__ = ["DENIED", "Omission", "PlannedCall", "ProbePlan"]

DENIED: Final = (
    "It is documented as denied, and nothing is sent where a source says no: whether that still holds is not seen here."
)
"""Why a read is not tried that the documents deny."""

_SHOWN: Final = ("call", "documented", "certainty", "asks for")


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One read that would be made."""

    operation: Operation
    """What is called."""
    decision: Decision = field(repr=False)
    """What is documented of it."""
    row_of: Resource | None = field(default=None, repr=False)
    """The list whose first row gives the id in the path; None where the path needs none."""

    @property
    def body(self) -> dict[str, object] | None:
        """What is sent: one row is asked for, without the count of all."""
        return {"pageSize": 1, "includeCount": False} if self.operation.paging_in == "body" else None

    @property
    def query(self) -> dict[str, object]:
        """What is asked in the query."""
        return {"PageSize": 1} if self.operation.paging_in == "query" else {}

    @property
    def asks_for(self) -> str:
        """What is asked for, in words."""
        id_ = f", by the id of the first row of {self.row_of.name}" if self.row_of is not None else ""
        if self.operation.paged:
            return f"one row{id_}"
        return f"all rows{id_}" if self.operation.is_list else f"its answer{id_}"


@dataclass(frozen=True, slots=True)
class Omission:
    """One operation that would not be tried."""

    operation: Operation
    """What is not called."""
    why: str
    """Why not, in a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class ProbePlan:
    """What a probe would do; nothing is sent by making it.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> from leadping_nb.probe.choice import plan_probe
    >>> plan_probe(contract(), KeyType.SOURCE_KEY)
    <ProbePlan of a source key under 2026-07-05: 0 reads, 121 left out>
    """

    key_type: KeyType | None
    """The key type that would call; None for calls without a credential."""
    contract: Contract = field(repr=False)
    """The contract whose operations are tried."""
    calls: tuple[PlannedCall, ...] = field(repr=False)
    """The reads in their order: what is documented best comes first."""
    left_out: tuple[Omission, ...] = field(repr=False)
    """Every other operation, in the contract's order."""
    seconds: float
    """How long the reads take with the waits that the rate limit asks for, if one takes 0.3 s."""
    limit: str
    """The limit that they keep to, in words; empty for none."""

    @property
    def count(self) -> int:
        """How many reads there are; after a 401, one that was answered may be made once more."""
        return len(self.calls)

    @property
    def denied(self) -> int:
        """How many reads are not tried because they are documented as denied."""
        return sum(omission.why == DENIED for omission in self.left_out)

    @property
    def allow_list(self) -> AllowList:
        """What the transport lets through."""
        return AllowList.of(self.contract, (call.operation for call in self.calls))

    @property
    def sentence(self) -> str:
        """The plan in words."""
        if not self.calls:
            denied = f", {self.denied} of them because they are documented as denied" if self.denied else ""
            return f"There is nothing to try: all {len(self.left_out)} operations are left out{denied}."
        limit = f" within the limit of {self.limit}" if self.limit else ""
        reads = "1 read" if self.count == 1 else f"{self.count} reads"
        return (
            f"{reads}, about {max(1, round(self.seconds))} s{limit}, and after a 401 one of them again; "
            f"{len(self.left_out)} operations are left out."
        )

    @property
    def table(self) -> Table:
        """The reads, one row each, in their order."""
        return Table(
            _SHOWN,
            tuple(
                (call.operation.id, call.decision.verdict, call.decision.certainty, call.asks_for)
                for call in self.calls
            ),
        )

    @property
    def omissions(self) -> dict[str, int]:
        """How many operations are left out for each reason, the most frequent first."""
        counts: dict[str, int] = {}
        for omission in self.left_out:
            counts[omission.why] = counts.get(omission.why, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def __str__(self) -> str:
        left_out = "\n".join(f"{count:>4}  {why}" for why, count in self.omissions.items())
        return f"{self.sentence}\n\n{self.table.text()}\n\nLeft out\n{left_out}"

    def __repr__(self) -> str:
        reads = f"{self.count} reads, {len(self.left_out)} left out"
        return f"<ProbePlan of {holder(self.key_type)} under {self.contract.revision}: {reads}>"

    def _repr_html_(self) -> str:
        left_out = Table(("operations", "left out because"), tuple((n, why) for why, n in self.omissions.items()))
        return f"<div>{self.table.html(caption=self.sentence)}{left_out.html()}</div>"
