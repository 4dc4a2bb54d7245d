"""The report of a drift check: rows ordered by what they break, and how they show themselves."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.drift.change import Change, Severity
from leadping_nb.identifiers import shown
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Drift", "DriftReport"]

_SIGNS: Mapping[str, str] = {"error": "✗", "warning": "!", "note": "·"}
_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Drift:
    """One change, and against which revisions it is one."""

    change: Change
    """The change."""
    against: tuple[str, ...]
    """The revisions that say otherwise."""


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
    rows: tuple[Drift, ...] = field(repr=False)
    """The changes, what breaks most first."""

    def __iter__(self) -> Iterator[Drift]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ok(self) -> bool:
        """Whether everything could be compared and nothing breaks under the revision in use; notes do not count."""
        return not any(row.change.severity != "note" and self.in_use in row.against for row in self.rows)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many rows there are of each severity, against the revision in use."""
        counter = Counter(row.change.severity for row in self.rows if self.in_use in row.against)
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
        return f'{found} {self.nearest} is nearer, with {others} in all: lp.contract("{self.nearest}").'

    @property
    def table(self) -> Table:
        """One row a change."""
        columns = ("severity", "change", "kind", "name", "before", "after", "breaks", "what to do", "evidence", "against")
        return Table(
            columns,
            tuple(
                (
                    row.change.severity,
                    row.change.change,
                    row.change.kind,
                    row.change.name,
                    row.change.before,
                    row.change.after,
                    row.change.breaks,
                    row.change.hint,
                    row.change.evidence,
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
        for row in self.rows[:_MOST_SHOWN]:
            change = row.change
            became = f": {change.before} → {change.after}" if change.before and change.after else ""
            lines.append(f"{_SIGNS[change.severity]} {change.kind} {change.name} {change.change}{became}")
            lines.append(f"    {change.breaks} → {change.hint}")
        if len(self.rows) > _MOST_SHOWN:
            lines.append(f"and {len(self.rows) - _MOST_SHOWN:,} more: see .frame")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<DriftReport of {shown(self.start)}: {self.summary}>"

    def _repr_html_(self) -> str:
        table = self.table
        rows = html_table(
            table.columns,
            table.rows[:_MOST_SHOWN],
            mark=lambda column, value: f"{_SIGNS[str(value)]} " if column == "severity" else "",
        )
        title = html.escape(f"Drift of {shown(self.start)}")
        more = f"<p>and {len(self.rows) - _MOST_SHOWN:,} more: see .frame</p>" if len(self.rows) > _MOST_SHOWN else ""
        return (
            f"<div><strong>{title}</strong><br>{html.escape(self.summary)}"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{rows}</div>{more}</div>"
        )
