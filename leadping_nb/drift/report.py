"""The report of a drift check: rows ordered by what they break, and how they show themselves."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.drift.change import Change
from leadping_nb.drift.weights import Severity
from leadping_nb.identifiers import shown
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DriftReport"]

_SIGNS: Mapping[str, str] = {"error": "✗", "warning": "!", "note": "·"}
_MOST_ALIKE = 8  # of each sort; all are in the frame


@dataclass(frozen=True, slots=True, eq=False)
class DriftReport:
    """What the live documents say otherwise than the revisions that ship; iterate for its rows.

    Examples
    --------
    >>> DriftReport("https://api.example", "2026-07-05", "2026-07-05", ()).ok
    True
    """

    start: str
    """The API's address."""
    in_use: str
    """The revision that the toolkit goes by."""
    nearest: str | None
    """The revision that the published operations fit best; None if none were published."""
    rows: tuple[Change, ...] = field(repr=False)
    """The changes, what breaks most first."""

    def __iter__(self) -> Iterator[Change]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ok(self) -> bool:
        """Whether everything could be compared and nothing breaks under the revision in use; notes do not count."""
        return not any(row.severity != "note" and self.in_use in row.against for row in self.rows)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many rows there are of each severity, against the revision in use."""
        counter = Counter(row.severity for row in self.rows if self.in_use in row.against)
        severities: tuple[Severity, ...] = ("error", "warning", "note")
        return {severity: counter[severity] for severity in severities}

    @property
    def summary(self) -> str:
        """The report in a sentence or two."""
        counted = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in self.counts.items())
        found = f"{counted} against {self.in_use}, the revision in use." if self.rows else "Nothing has changed."
        if self.nearest is None:
            return f"{found} No published operations could be compared."
        if self.nearest == self.in_use:
            return found if not self.rows else f"{found} It is the nearest one."
        others = sum(self.nearest in row.against for row in self.rows)
        fits = f"is nearer, with {others} rows in all" if others else "fits in everything"
        return f'{found} {self.nearest} {fits}: lp.contract("{self.nearest}").'

    @property
    def table(self) -> Table:
        """One row a change."""
        columns = (
            "severity",
            "change",
            "kind",
            "name",
            "before",
            "after",
            "breaks",
            "what to do",
            "evidence",
            "against",
        )
        return Table(
            columns,
            tuple(
                (
                    row.severity,
                    row.change,
                    row.kind,
                    row.name,
                    row.before,
                    row.after,
                    row.breaks,
                    row.hint,
                    row.evidence,
                    ", ".join(row.against),
                )
                for row in self.rows
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a DataFrame, what breaks most first."""
        return self.table.frame()

    def __str__(self) -> str:
        lines = [f"{shown(self.start)}: {self.summary}"]
        for change in self._first:
            became = f": {change.before} → {change.after}" if change.before and change.after else ""
            lines.append(f"{_SIGNS[change.severity]} {change.kind} {change.name} {change.change}{became}")
            lines.append(f"    {change.breaks} → {change.hint}")
        return "\n".join([*lines, *self._rest])

    def __repr__(self) -> str:
        return f"<DriftReport of {shown(self.start)}: {self.summary}>"

    def _repr_html_(self) -> str:
        first = set(self._first)
        table = self.table
        rows = html_table(
            table.columns,
            [row for row, change in zip(table.rows, self.rows, strict=True) if change in first],
            mark=lambda column, value: f"{_SIGNS[str(value)]} " if column == "severity" else "",
        )
        title = html.escape(f"Drift of {shown(self.start)}")
        return (
            f"<div><strong>{title}</strong><br>{html.escape(self.summary)}"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{rows}</div>{''.join(f'<p>{line}</p>' for line in self._rest)}</div>"
        )

    @property
    def _first(self) -> tuple[Change, ...]:
        """The first rows of each sort, so that a hundred alike hide no other."""
        alike: Counter[tuple[bool, int]] = Counter()
        first = []
        for row in self.rows:
            sort = (self.in_use in row.against, row.rank)
            alike[sort] += 1
            if alike[sort] <= _MOST_ALIKE:
                first.append(row)
        return tuple(first)

    @property
    def _rest(self) -> tuple[str, ...]:
        left = len(self.rows) - len(self._first)
        return (f"{left:,} more rows of the same sorts are in .frame",) if left else ()
