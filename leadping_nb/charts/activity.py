"""The chart of response time: how long leads wait for the first call or message to them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.charts.chart import BLUE, GROUND, INK, Chart, canvas, count_axis, empty, finished, settings
from leadping_nb.charts.reading import percent, require, shortfall, times

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["response_time"]

_EDGES = (60, 300, 900, 3_600, 14_400, 86_400)
_SPANS = ("under\n1 min", "1 to\n5 min", "5 to\n15 min", "15 to\n60 min", "1 to\n4 h", "4 to\n24 h", "a day\nor more")


@dataclass(frozen=True, slots=True)
class _Words:
    """What a chart says of the attempts that its frames can hold."""

    title: str
    nobody: str
    note: str = "; automatic messages count"


_WORDS: Mapping[str, _Words] = {
    "calls": _Words("Time to the first call", "nobody was called", note=""),
    "messages": _Words("Time to the first message", "nobody was written to"),
    "both": _Words("Time to the first call or message", "nobody was called or written to"),
}
_OWN_COLUMNS = {"duration": "calls", "text": "messages"}
"""A column that only the frames of one kind have; those of events have neither, and hold both."""


def response_time(leads: pd.DataFrame, activity: pd.DataFrame, *more: pd.DataFrame) -> Chart:
    """Draw how long after its creation each lead was first called or written to, with the median.

    Outgoing attempts count, also automatic and failed ones; those before the lead was created do not.

    Parameters
    ----------
    leads
        What ``api.frame("leads")`` gives.
    activity, more
        What ``api.frame("events")`` gives, or ``"calls"`` and ``"sms"``: one frame or several.

    Raises
    ------
    LeadpingError
        If a column is missing.

    Examples
    --------
    >>> from leadping_nb import to_frame
    >>> leads = to_frame([{"id": "1", "createdAt": "2026-07-01T09:00:00Z"}])
    >>> calls = to_frame([{"leadId": "1", "direction": "outbound", "createdAt": "2026-07-01T09:04:00Z"}])
    >>> response_time(leads, calls).alt
    'Bar chart: Time to the first call or message. 1 lead; median 4 min; 1 within 5 min (100 %), 0 never so far.'
    """
    for frame in (activity, *more):
        require(frame, "events", "leadId")
    words = _words((activity, *more))
    created = times(leads, require(leads, "leads", "createdAt")).set_axis(leads[require(leads, "leads", "id")])
    created = created[created.index.notna() & created.notna().to_numpy()]
    created = created[~created.index.duplicated()]
    missing = shortfall([("leads", leads), *(("activity", frame) for frame in (activity, *more))])
    if not len(created):
        return empty(words.title, f"{words.title}: no rows. {missing}".strip(), f"No rows. {missing}".strip())
    first: dict[str, float] = {}
    for frame in (activity, *more):
        for lead, seconds in _waits(created, frame).items():
            first[lead] = min(seconds, first.get(lead, seconds))
    waits = sorted(first.values())
    counts = Counter(bisect_right(_EDGES, seconds) for seconds in waits)
    never = len(created) - len(waits)
    median = (waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2 if waits else None
    within = sum(seconds < 300 for seconds in waits)
    heights = [counts[place] for place in range(len(_SPANS))]
    found = words.nobody if median is None else f"median {_span(median)}"
    with settings():
        note = f"{found[0].upper()}{found[1:]}{words.note}."
        figure, [axes] = canvas(words.title, f"{note} {missing}".strip())
        bars = axes.bar([*_SPANS, "never\nso far"], [*heights, never], color=[*[BLUE] * len(_SPANS), GROUND])
        bars[-1].set(hatch="///", edgecolor=INK)
        axes.bar_label(bars, fmt="{:,.0f}", padding=2)
        if median is not None:
            place = bisect_right(_EDGES, median)
            axes.annotate(
                f"median\n{_span(median)}", (place, heights[place]), xytext=(0, 14), textcoords="offset points",
                ha="center", fontweight="bold",
            )  # fmt: skip
        axes.margins(y=0.25)
        axes.set_ylabel("leads")
        count_axis(axes, "y")
    leads_said = f"{len(created):,} lead{'' if len(created) == 1 else 's'}"
    alt = (
        f"Bar chart: {words.title}. {leads_said}; {found}; {within:,} within 5 min "
        f"({percent(within, len(created))}), {never:,} never so far. {missing}"
    )
    return finished(figure, alt)


def _words(frames: Sequence[pd.DataFrame]) -> _Words:
    kinds = {next((kind for column, kind in _OWN_COLUMNS.items() if column in frame), "both") for frame in frames}
    return _WORDS[kinds.pop() if len(kinds) == 1 else "both"]


def _waits(created: pd.Series[pd.Timestamp], frame: pd.DataFrame) -> dict[str, float]:
    """Give the seconds from each lead's creation to the first outgoing attempt of a frame."""
    lead = require(frame, "events", "leadId")
    direction = require(frame, "events", "direction")
    moments = times(frame, require(frame, "events", "createdAt"))
    outgoing = frame[direction].astype("object").map(lambda value: str(value).lower() == "outbound").astype(bool)
    waits = (moments - frame[lead].map(created))[outgoing].dt.total_seconds()
    waits = waits[waits >= 0]
    return dict(waits.groupby(frame[lead]).min().items())


def _span(seconds: float) -> str:
    """Say how long something took, in a unit that suits it."""
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{seconds:.0f} s"
