"""Where what was observed disagrees with what is documented, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from leadping_nb.contracts import Certainty, Operation, Verdict
from leadping_nb.evidence import Observation, Outcome
from leadping_nb.findings import Finding
from leadping_nb.findings.rule import Severity
from leadping_nb.policy import Decision

__all__ = ["disagreements"]


class _Kind(NamedTuple):
    """A way in which the two can differ."""

    code: str
    stated: Severity
    """How bad it is where a source says so."""
    inferred: Severity
    """How bad it is where it was read out of several."""
    message: str
    hint: str

    def severity(self, certainty: Certainty) -> Severity:
        return self.stated if certainty == "stated" else self.inferred


# What is documented as denied is never sent, so nothing can be seen to disagree with it.
_KINDS: Mapping[tuple[Verdict, Outcome], _Kind] = {
    ("allowed", "refused"): _Kind(
        "allowed-but-refused",
        "error",
        "warning",
        "is documented as allowed and was refused.",
        "A role may not reach it: lp.explain tells the likeliest causes. Or the sources are wrong here.",
    ),
    ("allowed", "not found"): _Kind(
        "allowed-but-not-found",
        "warning",
        "warning",
        "is in the contract and was not found.",
        "The API may be of another revision: connect with contract=lp.contract(…) of another.",
    ),
    ("undocumented", "allowed"): _Kind(
        "undocumented-but-allowed",
        "note",
        "note",
        "is documented for this key type by nobody and was allowed.",
        "It works today; nobody promised it.",
    ),
    ("undocumented", "not found"): _Kind(
        "undocumented-but-not-found",
        "note",
        "note",
        "is in the contract and was not found.",
        "The API may be of another revision, or hide what it refuses.",
    ),
}


def disagreements(rows: Iterable[tuple[Operation, Decision, Observation]]) -> Iterator[Finding]:
    """Give a finding for each row whose observation is not what the documents lead one to expect.

    Parameters
    ----------
    rows
        Operations, each with what is documented and what was seen.
    """
    for operation, decision, seen in rows:
        kind = _KINDS.get((decision.verdict, seen.outcome))
        if kind is None or _is_no_surprise(operation, seen):
            continue
        words = f": {seen.words}" if seen.words else ""
        yield Finding(
            code=kind.code,
            severity=kind.severity(decision.certainty),
            message=f"{operation.id} {kind.message}",
            expected=f"{decision.verdict} ({decision.certainty})",
            got=f"{seen.outcome}, {seen.status}{words}",
            spec=decision.basis,
            hint=kind.hint,
            place=operation.id,
        )


def _is_no_surprise(operation: Operation, seen: Observation) -> bool:
    """Whether a row went meanwhile, or a call that is open to everybody let this one pass."""
    if seen.outcome == "not found":
        return bool(operation.path_parameters)
    return seen.outcome == "allowed" and operation.access[None].verdict == "allowed"
