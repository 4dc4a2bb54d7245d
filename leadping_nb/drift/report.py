"""The report of a drift check: rows ordered by what they break, and how they show themselves."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.drift.change import Change
from leadping_nb.drift.digest import Digest, Group, digest
from leadping_nb.drift.sorts import Severity
from leadping_nb.identifiers import shown
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DriftReport"]

_SIGNS: Mapping[str, str] = {"error": "✗", "warning": "!", "note": "·"}

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

    def __str__(self) -> str:
        lines = [f"{shown(self.start)}: {self.summary}"]
        for title, found in self._parts:
            lines += [title] * bool(title)
            for group in found.groups:
                lines += _lines(group)
        lines += [self._more] * bool(self._more)
        lines += [f"{_NOT_COMPARED}:"] * bool(self.not_compared)
        return "\n".join([*lines, *(f"    {sentence}" for sentence in self.not_compared)])

    def __repr__(self) -> str:
        return f"<DriftReport of {shown(self.start)}: {self.summary}>"

    def _repr_html_(self) -> str:
        title = html.escape(f"Drift of {shown(self.start)}")
        parts = "".join(
            html_table(
                ("severity", "what", "breaks", "what to do"),
                [
                    (
                        group.severity,
                        " ".join(filter(None, [f"{_head(group)}.", group.alike])),
                        group.rows[0].breaks,
                        group.rows[0].hint,
                    )
                    for group in found.groups
                ],
                caption=heading,
                mark=lambda column, value: f"{_SIGNS[str(value)]} " if column == "severity" else "",
            )
            for heading, found in self._parts
            if found.groups
        )
        gaps = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.not_compared)
        more = f"<p>{html.escape(self._more)}</p>" if self._more else ""
        unseen = f"<details><summary>{_NOT_COMPARED}</summary><ul>{gaps}</ul></details>" if gaps else ""
        return (
            f"<div><strong>{title}</strong><br>{html.escape(self.summary)}"
            f'<div style="max-height:36em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{parts}</div>{more}{unseen}</div>"
        )

    @property
    def _parts(self) -> tuple[tuple[str, Digest], ...]:
        """What is otherwise than the revision in use; and of the nearest, if that is another, only what fails there."""
        used = digest([row for row in self.rows if self.in_use in row.against])
        if self.nearest in (None, self.in_use):
            return (("", used),)
        failing = [row for row in self.rows if self.in_use not in row.against and row.severity == "error"]
        beside = ((f"Under {self.nearest} these would fail:", digest(failing)),) if failing else ()
        return ((f"Against {self.in_use}, the revision in use:", used), *beside)

    @property
    def _more(self) -> str:
        left = len(self.rows) - sum(len(group.rows) for _, found in self._parts for group in found.groups)
        return f"{left:,} more rows are in .frame" if left else ""


def _head(group: Group) -> str:
    return f"{group.what}: {group.became}" if group.became else group.what


def _lines(group: Group) -> list[str]:
    """Write a group as text; what breaks nothing takes one line."""
    head, breaks = f"{_SIGNS[group.severity]} {_head(group)}", group.rows[0].breaks
    if group.severity == "note":
        return [" ".join(filter(None, [f"{head}.", breaks, group.alike]))]
    return [head, f"    {breaks} → {group.rows[0].hint}", *[f"    {group.alike}"] * bool(group.alike)]
