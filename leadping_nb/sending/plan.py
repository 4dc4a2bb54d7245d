"""What sending a table of leads would do: which rows, how long it takes, and the first request."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from leadping_nb.intake.result import counted
from leadping_nb.sending.journal import Journal
from leadping_nb.sending.preview import LeadPreview, preview_lead
from leadping_nb.sending.rows import OUTCOMES, Row, rows_of
from leadping_nb.session.http import Session
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.intake.leads import LeadsCheck

__all__ = ["LeadsPreview", "plan_leads"]


@dataclass(frozen=True, slots=True, eq=False)
class LeadsPreview:
    """What sending the leads of a DataFrame would do; nothing was sent."""

    check: LeadsCheck = field(repr=False)
    """What is known to be wrong with the leads, or doubtful."""
    rows: tuple[Row, ...] = field(repr=False)
    """What would become of each row."""
    seconds: float
    """How long the rate limit makes it last, if every answer came at once."""
    first: LeadPreview | None = field(repr=False)
    """The first request, or None if there is none to send."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each kind."""
        return Counter(row.outcome for row in self.rows)

    @property
    def table(self) -> Table:
        """The figures, and what stands against sending."""
        counts = self.counts
        rows: list[tuple[object, ...]] = [
            (f"leads {words}", counts[name]) for name, words in OUTCOMES.items() if counts[name]
        ]
        rows.append(("at least", f"{self.seconds / 60:,.0f} min" if self.seconds >= 60 else "under a minute"))
        if self.first is not None and self.first.refusal is not None:
            rows.append(("refused here", self.first.refusal))
        return Table(("what", "how much"), tuple(rows))

    @property
    def frame(self) -> pd.DataFrame:
        """What would become of each row."""
        return Table(("row", "outcome", "id", "status", "words"), tuple(row.cells for row in self.rows)).frame()

    @property
    def next_step(self) -> str:
        """Say that nothing was sent, and what would send them, or why nothing here would."""
        if self.first is None:
            return "Nothing was sent."
        if self.first.refusal is not None:
            return f"Nothing was sent, and with this connection nothing would be. {self.first.refusal}"
        there = counted(self.counts["to send"], "lead")
        return f"Nothing was sent. api.send_leads(df, journal=…, confirm=True) sends {there}."

    def __str__(self) -> str:
        first = f"\n\nThe first request:\n{self.first}" if self.first is not None else ""
        return f"{self.next_step}\n{self.table.text()}{first}"

    def __repr__(self) -> str:
        said = ", ".join(f"{self.counts[name]:,} {words}" for name, words in OUTCOMES.items() if self.counts[name])
        return f"<LeadsPreview: {said or 'no rows'}; nothing was sent>"

    def _repr_html_(self) -> str:
        first = (
            f"<details><summary>The first request</summary>{self.first._repr_html_()}</details>" if self.first else ""
        )
        return f"<div><strong>{html.escape(self.next_step)}</strong>{self.table.html()}{first}</div>"


def plan_leads(
    session: Session,
    check: LeadsCheck,
    *,
    journal: Path | None,
    resend_unknown: bool,
    resend_refused: bool = False,
    region: str,
) -> LeadsPreview:
    """Say what sending a checked table would do; nothing is sent and nothing written.

    Parameters
    ----------
    session
        What would send.
    check
        The checked table.
    journal
        The journal of what was sent before, if there is one.
    resend_unknown
        Whether leads that may have arrived are sent again.
    resend_refused
        Whether leads that were refused with 400 are sent again unchanged.
    region
        As of `check_lead`.

    Raises
    ------
    LeadpingError
        If the journal is none, or is of another API.
    """
    known = Journal.read(journal, session.base_url)
    rows = rows_of(check, known, resend_unknown=resend_unknown, resend_refused=resend_refused)
    waiting = [row for row in rows if row.outcome == "to send"]
    rate = session.rate
    windows = 0 if rate is None else max(0, len(waiting) - 1) // rate.requests
    first = None
    if waiting:
        lead = check.payload(waiting[0].position)
        first = preview_lead(session, lead, form=check.form, how=None, region=region)
    return LeadsPreview(check, tuple(rows), windows * (0.0 if rate is None else rate.seconds), first)
