"""What a check of one lead found, and how it shows itself."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.contracts import Operation
from leadping_nb.intake.issue import SIGNS, LeadChange, LeadIssue, Severity
from leadping_nb.intake.rules import FormName
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "LeadCheck", "counted"]

COLUMNS = ("severity", "field", "code", "message", "hint", "basis", "source")
"""What is shown of an issue."""


@dataclass(frozen=True, slots=True, eq=False)
class LeadCheck:
    """What is known to be wrong with a lead, or doubtful, before it is sent.

    Examples
    --------
    >>> from leadping_nb.intake import check_lead
    >>> check_lead({"email": "ada@", "trustedFormUrl": None})
    <LeadCheck flat (recognised), contract 2026-07-05: 1 problem, 1 warning>
    """

    form: FormName
    """``flat`` or ``structured``."""
    is_recognised: bool
    """Whether the form was recognised; else it was chosen."""
    revision: str
    """The revision of the contract that it was judged by."""
    operation: Operation = field(repr=False)
    """The operation that takes leads of this form."""
    issues: tuple[LeadIssue, ...] = field(repr=False)
    """Problems and warnings, in the order in which they were found."""
    changes: tuple[LeadChange, ...] = field(repr=False)
    """What the payload has otherwise than the lead that was given."""
    payload: Mapping[str, object] = field(repr=False)
    """The lead as it is best sent: no field less than was given, and null where JSON cannot write a value."""

    @property
    def ok(self) -> bool:
        """Whether there are no problems; there may be warnings."""
        return not self.problems

    @property
    def problems(self) -> tuple[LeadIssue, ...]:
        """What the API would refuse, or keep wrongly."""
        return self._of("problem")

    @property
    def warnings(self) -> tuple[LeadIssue, ...]:
        """What may make the lead worth less than it could be."""
        return self._of("warning")

    @property
    def table(self) -> Table:
        """The issues, problems first."""
        return Table(COLUMNS, tuple(_row(issue) for issue in (*self.problems, *self.warnings)))

    @property
    def frame(self) -> pd.DataFrame:
        """The issues as a DataFrame, problems first."""
        return self.table.frame()

    @property
    def summary(self) -> str:
        """The form, the contract and how much was found."""
        how = "recognised" if self.is_recognised else "chosen"
        found = f"{counted(len(self.problems), 'problem')}, {counted(len(self.warnings), 'warning')}"
        return f"{self.form} ({how}), contract {self.revision}: {found}"

    def _of(self, severity: Severity) -> tuple[LeadIssue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == severity)

    def __str__(self) -> str:
        return "\n".join(map(str, (f"Lead, {self.summary}", *self.problems, *self.warnings, *self.changes)))

    def __repr__(self) -> str:
        return f"<LeadCheck {self.summary}>"

    def _repr_html_(self) -> str:
        issues = html_table(COLUMNS, self.table.rows, mark=mark) if self.issues else ""
        done = [(change.field, change.what) for change in self.changes]
        changes = html_table(("field", "in the payload"), done, caption="Changes") if done else ""
        sign = "✓" if self.ok else SIGNS["problem"]
        return f"<div><strong>{sign} Lead, {html.escape(self.summary)}</strong>{issues}{changes}</div>"


def counted(count: int, noun: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "row"), counted(1_200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def mark(column: str, value: object) -> str:
    """Give the sign of a severity, to stand before it in a table."""
    return f"{SIGNS['problem' if value == 'problem' else 'warning']} " if column == "severity" else ""


def _row(issue: LeadIssue) -> tuple[object, ...]:
    return tuple(getattr(issue, name) for name in COLUMNS)
