"""What a probe saw, beside what is documented, and where the two disagree."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from leadping_nb.contracts import Operation
from leadping_nb.credential import KeyType
from leadping_nb.evidence import OUTCOMES, SIGNS, Observation, Outcome
from leadping_nb.findings import Finding
from leadping_nb.lasting import Lasting
from leadping_nb.policy import VERDICTS, Decision, Permissions, holder, permissions
from leadping_nb.probe.disagreements import disagreements
from leadping_nb.probe.plan import ProbePlan
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Probe"]

_COLUMNS: Final = (
    "operation",
    "documented",
    "certainty",
    "observed",
    "status",
    "words",
    "why",
    "observed_at",
    "basis",
)
_SHOWN: Final = _COLUMNS[:-1]
_SIGNED: Final = ("documented", "observed")
_UNTRIED: Final = "stayed untried, because nothing is sent where a source says no; by now they may be allowed."
_HOW: Final = "Nothing was sent. api.probe(confirm=True) makes these calls."


@dataclass(frozen=True, slots=True, eq=False)
class Probe(Lasting):
    """What a few safe reads showed of a credential's permissions; before the yes, only the plan. Made by ``api.probe``.

    Examples
    --------
    >>> from leadping_nb.api import connect
    >>> probe = connect("lp_example").probe(say=lambda sentence: None)
    >>> probe.made, probe.plan.count
    (False, 27)
    """

    plan: ProbePlan = field(repr=False)
    """What was to be called, and what was left out."""
    base_url: str
    """The address that was called."""
    observations: Mapping[str, Observation] = field(repr=False)
    """What was seen of every operation of the contract, by its id."""
    stopped: str = ""
    """Why it ended before the last call; empty where it did not."""
    made: bool = True
    """Whether the calls were made."""

    @property
    def key_type(self) -> KeyType | None:
        """The key type that called; None for calls without a credential."""
        return self.plan.key_type

    @property
    def revision(self) -> str:
        """The revision of the contract whose operations were tried."""
        return self.plan.contract.revision

    @property
    def permissions(self) -> Permissions:
        """What is documented, with what was observed beside it."""
        return permissions(self.key_type, contract=self.plan.contract, observed=self)

    def __iter__(self) -> Iterator[tuple[Operation, Decision, Observation]]:
        for operation, decision in self.permissions:
            yield operation, decision, self.observations[operation.id]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many operations have each outcome."""
        counter = Counter(seen.outcome for seen in self.observations.values())
        return {outcome: counter[outcome] for outcome in OUTCOMES}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where the observed and the documented disagree, the worst first."""
        order = ("error", "warning", "note")
        return tuple(sorted(disagreements(self), key=lambda finding: order.index(finding.severity)))

    @property
    def table(self) -> Table:
        """One row an operation: what is documented, and what was seen."""
        return Table(
            _COLUMNS,
            tuple(
                (
                    operation.id,
                    decision.verdict,
                    decision.certainty,
                    seen.outcome,
                    seen.status,
                    seen.words,
                    seen.why,
                    seen.dated,
                    decision.basis,
                )
                for operation, decision, seen in self
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame; ``documented`` and ``observed`` are categories, ``observed_at`` is in UTC."""
        frame = self.table.frame()
        for column, order in (("documented", VERDICTS), ("observed", OUTCOMES)):
            frame[column] = frame[column].astype("category").cat.set_categories(list(order), ordered=True)
        frame["status"] = frame["status"].astype("Int64")
        frame["observed_at"] = frame["observed_at"].replace("", None).astype("datetime64[us, UTC]")
        return frame

    @property
    def sentence(self) -> str:
        """The outcome in one line."""
        if not self.made:
            return " ".join((self.plan.sentence, *self._how))
        counts = ", ".join(f"{SIGNS[outcome]} {count} {outcome}" for outcome, count in self.counts.items() if count)
        found = len(self.findings)
        disagreed = f"{found or 'No'} disagreement{'' if found == 1 else 's'}."
        return " ".join(filter(None, (f"Observed: {counts}.", disagreed, self._untried, self.stopped)))

    def __str__(self) -> str:
        if not self.made:
            return "\n\n".join((str(self.plan), *self._how))
        parts = (self._disagreements, self._tried)
        return "\n\n".join((self.sentence, *(part.text() for part in parts if part.rows)))

    def __repr__(self) -> str:
        return f"<Probe of {holder(self.key_type)} under {self.revision}: {self.sentence}>"

    def _repr_html_(self) -> str:
        if not self.made:
            how = "".join(f"<p><strong>{sentence}</strong></p>" for sentence in self._how)
            return f"<div>{self.plan._repr_html_()}{how}</div>"
        title = html.escape(self.sentence)
        tried = html_table(
            self._tried.columns,
            self._tried.rows,
            mark=lambda column, value: f"{SIGNS[str(value)]} " if column in _SIGNED else "",
        )
        found = self._disagreements.html(caption="Disagreements") if self.findings else ""
        return (
            f"<div><strong>{title}</strong>{found}"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{tried}</div></div>"
        )

    @property
    def _how(self) -> tuple[str, ...]:
        """How to say yes, where there is something to say it to."""
        return (_HOW,) if self.plan.calls else ()

    @property
    def _untried(self) -> str:
        """Say that nothing was learned of what the documents deny, and why; empty where that is nothing."""
        count = self.plan.denied
        reads = "1 read that is" if count == 1 else f"{count} reads that are"
        return f"{reads} documented as denied {_UNTRIED}" if count else ""

    @property
    def _tried(self) -> Table:
        """The rows of what was to be called, the refused first."""
        planned = {call.operation.id for call in self.plan.calls}
        order = ("refused", "not found", "cannot tell", "allowed", "not tried")
        rows = [row[:-1] for row in self.table.rows if row[0] in planned]
        return Table(_SHOWN, tuple(sorted(rows, key=lambda row: order.index(str(row[3])))))

    @property
    def _disagreements(self) -> Table:
        columns = ("severity", "disagreement", "expected", "got", "what to do")
        rows = ((found.severity, found.message, found.expected, found.got, found.hint) for found in self.findings)
        return Table(columns, tuple(rows))
