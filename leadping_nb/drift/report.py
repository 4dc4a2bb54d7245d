"""The report of a drift check: rows ordered by what they break, and how they show themselves."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.drift.change import Change
from leadping_nb.drift.parts import Part, parts
from leadping_nb.drift.sorts import Severity
from leadping_nb.identifiers import shown
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DriftReport"]

_MOST_ON_DEMAND = 2_000
"""The most rows that a page holds by name: a notebook keeps all that it shows."""

_NOT_COMPARED = "What could not be compared"


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
    not_compared: tuple[str, ...] = field(default=(), repr=False)
    """What one side does not hold and so was not compared, in sentences."""

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

    @property
    def full(self) -> str:
        """The report as text with everything by its name; each row with all that is known of it is in the frame."""
        return self._text(is_full=True)

    def as_json(self) -> bytes:
        """Write all rows as JSON, with the names of the table."""
        rows = [dict(zip(self.table.columns, row, strict=True)) for row in self.table.rows]
        content = {
            "api": self.start,
            "in use": self.in_use,
            "nearest": self.nearest,
            "rows": rows,
            "not compared": list(self.not_compared),
        }
        return json.dumps(content, indent=1, ensure_ascii=False).encode()

    def __str__(self) -> str:
        return self._text(is_full=False)

    def __repr__(self) -> str:
        return f"<DriftReport of {shown(self.start)}: {self.summary}>"

    def _repr_html_(self) -> str:
        title = html.escape(f"Drift of {shown(self.start)}")
        lists = "".join(part.html for part in self._parts)
        return (
            f"<div><strong>{title}</strong><br>{html.escape(self.summary)}"
            f'<div style="max-height:36em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{lists}</div>{self._on_demand}</div>"
        )

    @property
    def _on_demand(self) -> str:
        """What a page shows when somebody asks: everything by its name, and what was not compared."""
        gaps = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.not_compared)
        unseen = f"<details><summary>{_NOT_COMPARED}</summary><ul>{gaps}</ul></details>" if gaps else ""
        more = html.escape(self._more)
        if not more:
            return unseen
        if len(self.rows) > _MOST_ON_DEMAND:
            return f"<p>{more}</p>{unseen}"
        rows = html.escape("\n".join(line for part in self._parts for line in part.full_lines))
        return f'<details><summary>{more}</summary><pre style="white-space:pre-wrap">{rows}</pre></details>{unseen}'

    def _text(self, *, is_full: bool) -> str:
        lines = [f"{shown(self.start)}: {self.summary}"]
        for part in self._parts:
            lines += part.full_lines if is_full else part.lines
        lines += [self._more] * bool(self._more and not is_full)
        lines += [f"{_NOT_COMPARED}:"] * bool(self.not_compared)
        return "\n".join([*lines, *(f"    {sentence}" for sentence in self.not_compared)])

    @property
    def _parts(self) -> tuple[Part, ...]:
        return parts(self.rows, in_use=self.in_use, nearest=self.nearest)

    @property
    def _more(self) -> str:
        """Where everything is, where not all is said."""
        found = self._parts
        said = sum(len(group.rows) for part in found for group in part.groups)
        if said == len(self.rows) and all(part.is_whole for part in found):
            return ""
        return f"All {len(self.rows):,} rows: by name in .full, with everything in .frame and .as_json()"
