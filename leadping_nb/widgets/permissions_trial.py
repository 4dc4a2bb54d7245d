"""The trial of the permissions card: the reads that wait for a yes, those on their way, and what they showed."""

from __future__ import annotations

import html
import threading
from dataclasses import dataclass, field
from typing import Final

from leadping_nb.discovery.drawing import MARKS
from leadping_nb.findings import Finding
from leadping_nb.probe import Probe
from leadping_nb.table import Table

__all__ = ["Run", "found", "found_html", "found_text", "planned"]

_COLUMNS: Final = ("severity", "disagreement", "expected", "got", "what to do")


@dataclass(slots=True)
class Run:
    """Reads that are on their way.

    Examples
    --------
    >>> Run(27).content
    {'count': 27, 'done': 0, 'observed': '', 'stopping': False}
    """

    count: int
    """How many there are."""
    stop: threading.Event = field(default_factory=threading.Event, repr=False)
    """Ends them when it is set."""
    done: int = 0
    """How many were made."""
    observed: str = ""
    """The last one."""

    @property
    def content(self) -> dict[str, object]:
        """What the page shows of it."""
        return {"count": self.count, "done": self.done, "observed": self.observed, "stopping": self.stop.is_set()}


def planned(probe: Probe, number: int) -> dict[str, object]:
    """Say what would be called, as the page reads it.

    Parameters
    ----------
    probe
        What waits for a yes.
    number
        What the yes refers to.
    """
    plan = probe.plan
    return {
        "number": number,
        "sentence": plan.sentence,
        "address": probe.base_url,
        "count": plan.count,
        "columns": list(plan.table.columns),
        "calls": [[str(cell) for cell in row] for row in plan.table.rows],
        "left_out": [[str(count), why] for why, count in plan.omissions.items()],
    }


def found(probe: Probe) -> dict[str, object]:
    """Say what was seen and where it disagrees with what is documented, as the page reads it.

    Parameters
    ----------
    probe
        What was called.
    """
    return {
        "sentence": probe.sentence,
        "address": probe.base_url,
        "dated": max((seen.dated for seen in probe.observations.values()), default=""),
        "findings": [
            {
                "severity": finding.severity,
                "sign": MARKS[finding.severity],
                "message": finding.message,
                "facts": [
                    ["Expected", finding.expected],
                    ["Got", finding.got],
                    ["What to do", finding.hint],
                    ["Source", finding.spec],
                ],
            }
            for finding in probe.findings
        ],
    }


def found_text(probe: Probe) -> str:
    """Say the same in plain text."""
    return "\n\n".join((probe.sentence, *([_table(probe.findings).text()] if probe.findings else [])))


def found_html(probe: Probe) -> str:
    """Say the same in HTML."""
    table = _table(probe.findings).html(caption="Disagreements") if probe.findings else ""
    return f"<p>{html.escape(probe.sentence)}</p>{table}"


def _table(findings: tuple[Finding, ...]) -> Table:
    rows = ((found.severity, found.message, found.expected, found.got, found.hint) for found in findings)
    return Table(_COLUMNS, tuple(rows))
