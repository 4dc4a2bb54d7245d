"""Counts over a period: the leads of a source by day, and the overview of the business."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from leadping_nb.sandbox.moments import MINUTE, text
from leadping_nb.sandbox.query import Period
from leadping_nb.sandbox.sources import SOURCES, leads_of
from leadping_nb.sandbox.stories import Track
from leadping_nb.sandbox.tariff import dollars

if TYPE_CHECKING:
    from leadping_nb.sandbox.leads import Leads
    from leadping_nb.sandbox.ledger import Ledger
    from leadping_nb.sandbox.rows import Row
    from leadping_nb.sandbox.shapes import Shapes
    from leadping_nb.sandbox.shelves import Shelves

__all__ = ["Analytics"]

_SAMPLE = 500  # leads whose answers stand for all of a period
_BY_DAY = 1  # of bucketSize's numbers, none of which is explained


class Analytics:
    """Counts over a period, made from ranges of leads and never from the rows.

    Parameters
    ----------
    leads
        The leads.
    ledger
        What they cost.
    shapes, shelves
        Make the rows.
    """

    def __init__(self, leads: Leads, ledger: Ledger, shapes: Shapes, shelves: Shelves) -> None:
        self._leads = leads
        self._ledger = ledger
        self._shapes = shapes
        self._shelves = shelves
        self._tracks = {letters: Track(leads.seed, leads.count, frozenset(letters)) for letters in _COUNTED}

    def range(self, over: Period) -> Row:
        """Say what period was asked for."""
        values = {"startAt": text(over.start), "endAt": text(over.end), "bucketSize": _BY_DAY}
        return self._shapes.row("AnalyticsDateRange", values)

    def points(self, over: Period, count: Mapping[tuple[int, int], int]) -> list[Row]:
        """Give a point a day."""
        return [
            self._shapes.row(
                "AnalyticsTrendPointOfint",
                {"startAt": text(start), "endAt": text(end), "label": text(start)[:10], "value": count[(start, end)]},
            )
            for start, end in over.days()
        ]

    def source(self, source: int, over: Period, arrived: Sequence[int], model: str, *, now: int) -> Row:
        """Give the leads of a source by day; ``arrived`` are the ticks of those that were sent in."""

        def until(ticks: int) -> int:
            before = self._leads.arrived_before(ticks)
            return leads_of(self._leads.seed, source, before) + sum(at < ticks for at in arrived)

        counts = {(start, end): until(end) - until(start) for start, end in over.days()}
        values = {
            "generatedAt": text(now),
            "range": self.range(over),
            "points": self.points(over, counts),
            "errorPoints": [],
            "totalErrors": 0,
            "totalLeads": sum(counts.values()),
        }
        return self._shapes.row(model, values)

    def overview(self, over: Period, arrived: Sequence[int], model: str, *, now: int) -> Row:
        """Give the overview of the business."""
        edges = {edge: self._leads.arrived_before(edge) for day in over.days() for edge in day}
        first, last = self._leads.arrived_before(over.start), self._leads.arrived_before(over.end)
        extra = {(start, end): sum(start <= at < end for at in arrived) for start, end in over.days()}
        counts = {day: edges[day[1]] - edges[day[0]] + extra[day] for day in over.days()}
        total = sum(counts.values())
        happened = {letters: track.until(last) - track.until(first) for letters, track in self._tracks.items()}
        answers = self._answers(first, last)
        spend = dollars(self._ledger.spent(last) - self._ledger.spent(first))
        common: Row = {
            "leads": total,
            "callsPlaced": happened["KXV"],
            "callsReceived": happened["A"],
            "answeredCalls": happened["KA"],
            "missedCalls": happened["X"],
            "smsSent": happened["SM"],
            "smsReceived": happened["R"],
            "usageSpend": spend,
            "walletBalance": dollars(self._ledger.balance),
            "callMinutes": float(self._ledger.minutes(last) - self._ledger.minutes(first)),
            "averageResponseMinutes": round(statistics.fmean(answers), 2) if answers else None,
            "medianResponseMinutes": round(statistics.median(answers), 2) if answers else None,
            "averageMinutes": round(statistics.fmean(answers), 2) if answers else None,
            "medianMinutes": round(statistics.median(answers), 2) if answers else None,
            "respondedLeads": last - first,
            "respondedWithinFiveMinutesPercent": round(100 * sum(a <= 5 for a in answers) / max(len(answers), 1), 1),
        }
        breakdown = [
            self._shapes.row(
                "CustomerLeadSourceBreakdown",
                {"source": source.name, "leads": count, "percent": round(100 * count / max(last - first, 1), 1)},
            )
            for at, source in enumerate(SOURCES)
            for count in [leads_of(self._leads.seed, at, last) - leads_of(self._leads.seed, at, first)]
        ]
        values: Row = {
            "generatedAt": text(now),
            "range": self.range(over),
            "summary": self._shelves.made("CustomerAnalyticsSummary", "summary", common),
            "communicationUsage": self._shelves.made("CustomerCommunicationUsage", "usage", common | {"trend": []}),
            "responseMetrics": self._shelves.made(
                "CustomerResponseMetrics", "response", common | {"averageMinutesTrend": []}
            ),
            "leadSources": breakdown,
            "leadTrend": self._shelves.made(
                "CustomerLeadTrend", "trend", {"total": total, "points": self.points(over, counts), "errorPoints": []}
            ),
        }
        return self._shelves.made(model, "analytics", values)

    def _answers(self, first: int, last: int) -> list[float]:
        step = max((last - first) // _SAMPLE, 1)
        leads = [self._leads.get(number) for number in range(first, last, step)]
        return [(lead.times[1] - lead.created) / MINUTE for lead in leads]


_COUNTED = ("KXV", "A", "KA", "X", "SM", "R")
