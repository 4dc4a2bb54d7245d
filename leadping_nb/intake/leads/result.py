"""What a check of many leads found: which rows are good, what is the matter with the others, and the leads to send."""

from __future__ import annotations

import copy
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from leadping_nb.arguments import whole
from leadping_nb.contracts import Operation
from leadping_nb.intake.columns import ColumnUse
from leadping_nb.intake.issue import SIGNS, LeadChange, LeadIssue, Severity
from leadping_nb.intake.leads.cells import MISSING, Cells, Codes
from leadping_nb.intake.result import COLUMNS, counted, mark
from leadping_nb.intake.rules import FormName
from leadping_nb.table import Table, html_table

__all__ = ["LeadsCheck"]

_ISSUE = tuple(name for name in COLUMNS if name != "severity")
_SUMMARY = ("severity", "code", "field", "rows", "message", "hint", "basis", "source")


@dataclass(frozen=True, slots=True, eq=False)
class LeadsCheck:
    """What is known to be wrong with the leads of a DataFrame, or doubtful, before they are sent.

    Examples
    --------
    >>> from leadping_nb.intake.leads import check_leads
    >>> check = check_leads(pd.DataFrame({"phone": ["+12125550100", "555"]}))
    >>> check
    <LeadsCheck flat (recognised), contract 2026-07-05: 1 of 2 rows without problems; 0 columns left out>
    >>> check.summary[["code", "rows"]].to_dict("records")
    [{'code': 'phone-invalid', 'rows': 1}, {'code': 'consent-missing', 'rows': 2}]
    """

    form: FormName
    """``flat`` or ``structured``."""
    is_recognised: bool
    """Whether the form was recognised; else it was chosen."""
    revision: str
    """The revision of the contract that they were judged by."""
    operation: Operation = field(repr=False)
    """The operation that takes leads of this form."""
    index: pd.Index[Any] = field(repr=False)
    """The labels of the rows."""
    uses: tuple[ColumnUse, ...] = field(repr=False)
    """What each column was taken for."""
    cells: tuple[Cells, ...] = field(repr=False)
    """The fields of the leads as they are best sent."""
    counts: Mapping[LeadChange, int] = field(repr=False)
    """In how many rows each change was made."""
    found: tuple[tuple[LeadIssue, ...], Codes, Codes] = field(repr=False)
    """The different issues, and the row and number of each that a row has, row by row."""

    @property
    def ok(self) -> bool:
        """Whether no row has a problem."""
        return bool(self.mask.all())

    @property
    def mask(self) -> pd.Series[bool]:
        """Whether each row is without problems, under the labels of the DataFrame."""
        return pd.Series(self._good, index=self.index, name="ok")

    @property
    def good(self) -> pd.DataFrame:
        """The rows without problems, by field and with values as they are best sent."""
        columns = {cells.place.path: self._taken(cells) for cells in self.cells}
        return pd.DataFrame(columns, index=self.index[self._good])

    @property
    def bad(self) -> pd.DataFrame:
        """The problems: one row for each, under the label of its row in the DataFrame; ``row`` is its position."""
        return self._issues("problem")

    @property
    def warnings(self) -> pd.DataFrame:
        """The warnings, in the same columns as ``bad``; good rows may have some."""
        return self._issues("warning")

    @property
    def table(self) -> Table:
        """Each different issue with the number of rows that have it: problems first, then the most frequent."""
        issues, _, ids = self.found
        counts = np.bincount(ids, minlength=len(issues)).tolist()
        rows = [
            tuple(count if name == "rows" else getattr(issue, name) for name in _SUMMARY)
            for issue, count in zip(issues, counts, strict=True)
        ]
        return Table(_SUMMARY, tuple(sorted(rows, key=lambda row: (row[0] != "problem", -int(str(row[3]))))))

    @property
    def summary(self) -> pd.DataFrame:
        """The table as a DataFrame."""
        return self.table.frame()

    @property
    def columns(self) -> pd.DataFrame:
        """What each column was taken for, and how that was known."""
        rows = [(use.column, use.field, use.how, use.note) for use in self.uses]
        return pd.DataFrame(rows, columns=["column", "field", "how", "note"])

    @property
    def changes(self) -> pd.DataFrame:
        """What the leads have otherwise than the DataFrame, and in how many rows."""
        rows = [(change.field, change.what, count) for change, count in self.counts.items()]
        return pd.DataFrame(rows, columns=["field", "what", "rows"])

    def payloads(self) -> Iterator[dict[str, object]]:
        """Give the leads without problems one by one, as they are best sent, in the order of the rows."""
        for row in np.flatnonzero(self._good).tolist():
            yield self.payload(row)

    def payload(self, row: int) -> dict[str, object]:
        """Give the lead of one row as it is best sent, good or not.

        Parameters
        ----------
        row
            The position of the row.
        """
        row = whole("row", row, least=0, most=max(0, len(self.index) - 1), hint="It is the position of the row.")
        lead: dict[str, object] = {}
        for cells in self.cells:
            code = cells.codes[row]
            if code == MISSING:
                continue
            holder: Any = lead
            for name in cells.place.parent:
                holder = holder.setdefault(name, {})
            value = cells.values[code]
            holder[cells.place.name] = copy.deepcopy(value) if isinstance(value, list | dict) else value
        return lead

    @property
    def _good(self) -> npt.NDArray[np.bool_]:
        _, rows, ids = self.found
        good = np.ones(len(self.index), dtype=bool)
        good[rows[self._are("problem")[ids]]] = False
        return good

    def _are(self, severity: Severity) -> npt.NDArray[np.bool_]:
        return np.array([issue.severity == severity for issue in self.found[0]], dtype=bool)

    def _issues(self, severity: Severity) -> pd.DataFrame:
        issues, rows, ids = self.found
        chosen = self._are(severity)[ids]
        texts = {name: [getattr(issue, name) for issue in issues] for name in _ISSUE}
        frame = pd.DataFrame({name: pd.Categorical(values) for name, values in texts.items()}).take(ids[chosen])
        frame.insert(0, "row", rows[chosen])
        return frame.set_index(self.index[rows[chosen]])

    def _taken(self, cells: Cells) -> pd.Series[Any]:
        values = np.empty(len(cells.values) + 1, dtype=object)
        values[:-1] = cells.values  # the last one, None, stands for missing cells
        return pd.Series(values[cells.codes[self._good]], index=self.index[self._good], dtype=object).infer_objects()

    @property
    def _title(self) -> str:
        how = "recognised" if self.is_recognised else "chosen"
        good = int(self._good.sum())
        left = sum(use.field is None for use in self.uses)
        return (
            f"{self.form} ({how}), contract {self.revision}: {good:,} of {counted(len(self.index), 'row')} without "
            f"problems; {counted(left, 'column')} left out"
        )

    def __str__(self) -> str:
        return f"Leads, {self._title}\n{self.table.text()}"

    def __repr__(self) -> str:
        return f"<LeadsCheck {self._title}>"

    def _repr_html_(self) -> str:
        sign = "✓" if self._good.all() else SIGNS["problem"]
        issues = html_table(_SUMMARY, self.table.rows, mark=mark)
        uses = html_table(("column", "field", "how", "note"), self.columns.itertuples(index=False), caption="Columns")
        return f"<div><strong>{sign} Leads, {html.escape(self._title)}</strong>{issues}{uses}</div>"
