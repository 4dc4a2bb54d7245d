"""Charts of leads: how many over time, how many of each kind, and how far they got by source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from leadping_nb.arguments import TEXT, demand
from leadping_nb.charts.chart import (
    BLUE,
    GROUND,
    INK,
    LINES,
    Chart,
    canvas,
    count_axis,
    empty,
    finished,
    place,
    settings,
    time_axis,
)
from leadping_nb.charts.reading import (
    Every,
    check_period,
    chosen_period,
    day_name,
    names,
    percent,
    period_starts,
    require,
    shortfall,
    start_of,
    times,
    top,
    when,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["funnel", "leads_by", "leads_over_time"]

_SOURCE = ("sourceName", "source.name")
_CATEGORY = ("currentDisposition.category", "currentLeadStatus.category")
_STAGES = ("received", "given a status", "qualified", "converted")
_REACHED: Mapping[str, int] = {"Qualified": 3, "Converted": 4}
"""How many stages a lead has reached by the category of its status: two by any other, one without a status."""
_SHADES = (GROUND, "#8fb3d1", "#3d7fb5", "#003f6e")
_MOST_LINES, _MOST_BARS = len(LINES) - 1, 15


def leads_over_time(leads: pd.DataFrame, *, every: Every | None = None, by: str | None = "source") -> Chart:
    """Draw how many leads were created in each day, week or month: all as bars, each source as a line.

    Parameters
    ----------
    leads
        What ``api.frame("leads")`` gives.
    every
        ``day``, ``week`` (from Monday) or ``month``, in UTC; chosen by the range of time unless given.
    by
        The column that tells lines apart, ``source`` for the source's name, None for no lines. The five commonest
        values have a line each, all others one together.

    Raises
    ------
    LeadpingError
        If a column is missing.

    Examples
    --------
    >>> from leadping_nb import to_frame
    >>> two = to_frame([{"createdAt": "2026-07-01T09:00:00Z"}, {"createdAt": "2026-07-03T09:00:00Z"}])
    >>> leads_over_time(two, by=None).alt
    'Bar chart: Leads a day. 2 leads from 1 July 2026 to 3 July 2026, UTC. The most in a day are 1, on 1 July 2026.'
    """
    check_period(every)
    created = times(leads, require(leads, "leads", "createdAt"))
    column = None if by is None else require(leads, "leads", *_columns(by), named=by == "source")
    known = created.notna()
    days: list[date] = created[known].dt.date.tolist()
    kinds = [] if column is None else names(leads[known], column)
    if not days:
        return _no_rows(f"Leads a {every or 'day'}", leads)
    period = every or chosen_period(min(days), max(days))
    starts = period_starts(days, period)
    begun = [start_of(day, period) for day in days]
    every_lead = Counter(begun)
    shown = _grouped(begun, kinds)
    title = f"Leads a {period}" + (f", by {_said(column)}" if column else "")
    peak = max(starts, key=lambda start: every_lead[start])
    untimed = f" {len(leads) - len(days):,} without a time are left out." if len(days) < len(leads) else ""
    missing = shortfall([("leads", leads)])
    with settings():
        note = "Bars: all leads; lines: each source." if column in _SOURCE else "Bars: all leads." if column else ""
        figure, [axes] = canvas(title, " ".join(filter(None, [note, untimed.strip(), missing])))
        width = {"day": 0.8, "week": 5.6, "month": 24.0}[period]
        at = [place(start) for start in starts]
        axes.bar(
            at, [every_lead[start] for start in starts], width=width, color=GROUND if column else BLUE,
            edgecolor="#767676", linewidth=0.5,
        )  # fmt: skip
        for (name, counts), (colour, dash, marker) in zip(shown.items(), LINES, strict=False):
            heights = [counts[start] for start in starts]
            axes.plot(at, heights, color=colour, linestyle=dash, marker=marker, markersize=3, label=name)
        _label_ends(axes, {name: counts[starts[-1]] for name, counts in shown.items()}, at[-1] + width / 2)
        axes.set_ylabel("leads")
        count_axis(axes, "y")
        partial = "" if period == "day" else "; the first and the last may be partial"
        time_axis(axes, f"{'day' if period == 'day' else f'{period} beginning'} (UTC){partial}")
    totals = ", ".join(f"{name} {sum(counts.values()):,}" for name, counts in shown.items())
    alt = (
        f"{'Bar and line' if column else 'Bar'} chart: {title}. {_leads(len(days))} from {day_name(min(days))} to "
        f"{day_name(max(days))}, UTC. The most in a {period} are {every_lead[peak]:,}, {when(peak, period)}."
        f"{f' In all: {totals}.' if totals else ''}{untimed} {missing}"
    )
    return finished(figure, alt)


def leads_by(leads: pd.DataFrame, by: str = "status") -> Chart:
    """Draw how many leads there are of each kind, as bars with their counts.

    Parameters
    ----------
    leads
        What ``api.frame("leads")`` gives.
    by
        The column that tells kinds apart, ``source`` for the source's name. The 15 commonest values have a bar each,
        all others one together.

    Raises
    ------
    LeadpingError
        If the column is missing.
    """
    column = require(leads, "leads", *_columns(by), named=by == "source")
    title = f"Leads by {_said(column)}"
    if leads.empty:
        return _no_rows(title, leads)
    bars = _counted(names(leads, column))
    said = [f"{count:,} ({percent(count, len(leads))})" for count in bars.values()]
    missing = shortfall([("leads", leads)])
    with settings():
        figure, [axes] = canvas(title, missing, height=1.1 + 0.26 * len(bars))
        _bars(axes, list(bars), [list(bars.values())], (BLUE,), said)
        axes.set_xlabel("leads")
    numbers = ", ".join(f"{name} {text}" for name, text in zip(bars, said, strict=True))
    return finished(figure, f"Bar chart: {title}. {_leads(len(leads))}: {numbers}. {missing}")


def funnel(leads: pd.DataFrame, *, by: str = "source") -> Chart:
    """Draw how far the leads of each source got: received, given a status, qualified, converted.

    A lead counts by its status of now: one that was qualified and then lost counts as given a status.

    Parameters
    ----------
    leads
        What ``api.frame("leads")`` gives.
    by
        The column that tells rows apart, ``source`` for the source's name. The 15 commonest values have a row each.

    Raises
    ------
    LeadpingError
        If a column is missing.
    """
    category = require(leads, "leads", *_CATEGORY)
    column = require(leads, "leads", *_columns(by), named=by == "source")
    title = f"How far leads get, by {_said(column)}"
    if leads.empty:
        return _no_rows(title, leads)
    kinds = names(leads, column)
    shown = top(kinds, _MOST_BARS)
    if len(set(kinds)) > _MOST_BARS:
        shown = [*shown[: _MOST_BARS - 1], _others(len(set(kinds)) - _MOST_BARS + 1)]
    reached = [
        1 if missing else _REACHED.get(str(value), 2)
        for value, missing in zip(leads[category], leads[category].isna(), strict=True)
    ]
    pairs = Counter((kind if kind in shown else shown[-1], stage) for kind, stage in zip(kinds, reached, strict=True))
    counts = {kind: [sum(pairs[kind, stage] for stage in range(least, 5)) for least in range(1, 5)] for kind in shown}
    said = [
        f"{' → '.join(f'{count:,}' for count in row)} ({percent(row[-1], row[0], digits=1)})" for row in counts.values()
    ]
    missing = shortfall([("leads", leads)])
    with settings():
        note = f"{' → '.join(_STAGES)} (converted of received), by the status that leads have now."
        figure, [axes] = canvas(title, f"{note} {missing}".strip(), height=1.4 + 0.32 * len(shown))
        layers = _bars(axes, shown, list(zip(*counts.values(), strict=True)), _SHADES, said)
        axes.set_xlabel("leads")
        figure.legend(layers, _STAGES, ncols=len(_STAGES), frameon=False, loc="outside lower left", fontsize=8)
    whole = [sum(column) for column in zip(*counts.values(), strict=True)]
    stages = ", ".join(f"{count:,} {stage}" for count, stage in zip(whole, _STAGES, strict=True))
    rows = "; ".join(f"{kind} {text}" for kind, text in zip(shown, said, strict=True))
    converted = percent(whole[-1], whole[0], digits=1)
    return finished(figure, f"Funnel: {title}. In all {stages} ({converted}). {rows}. {missing}")


def _no_rows(title: str, leads: pd.DataFrame) -> Chart:
    missing = shortfall([("leads", leads)])
    why = "no rows" if leads.empty else "no rows with a time"
    return empty(title, f"{title}: {why}. {missing}".strip(), f"{why[0].upper()}{why[1:]}. {missing}".strip())


def _grouped(begun: Sequence[date], kinds: Sequence[str]) -> dict[str, Counter[date]]:
    """Count leads by kind and period, the commonest kinds first, those without a line of their own last."""
    own = top(kinds, _MOST_LINES)
    rest = _others(len(set(kinds)) - len(own))
    counts = {name: Counter[date]() for name in own}
    for start, kind in zip(begun, kinds, strict=False):
        counts.setdefault(kind if kind in own else rest, Counter())[start] += 1
    return counts


def _counted(kinds: Sequence[str]) -> dict[str, int]:
    counts = Counter(kinds)
    own = top(kinds, _MOST_BARS)
    if len(counts) > _MOST_BARS:
        own = own[:-1]
        return {name: counts[name] for name in own} | {
            _others(len(counts) - len(own)): len(kinds) - sum(counts[name] for name in own)
        }
    return {name: counts[name] for name in own}


def _bars(
    axes: Axes, labels: Sequence[str], layers: Sequence[Sequence[int]], colours: Sequence[str], said: Sequence[str]
) -> list[Artist]:
    """Draw a row of bars a label, layer before layer, and what is said of it at its end; give a bar of each layer."""
    places = range(len(labels))
    drawn: list[Artist] = []
    for depth, (layer, colour) in enumerate(zip(layers, colours, strict=True)):
        bars = axes.barh(places, layer, height=0.76 - 0.14 * depth, color=colour, edgecolor="#767676", linewidth=0.5)
        drawn.append(bars[0])
    for row, text, longest in zip(places, said, layers[0], strict=True):
        axes.annotate(text, (longest, row), xytext=(4, 0), textcoords="offset points", va="center", color=INK)
    axes.set_yticks(list(places), [label if len(label) <= 30 else f"{label[:29]}…" for label in labels])
    axes.invert_yaxis()
    axes.margins(x=0.35 if len(layers) > 1 else 0.15)
    count_axis(axes, "x")
    return drawn


def _label_ends(axes: Axes, ends: Mapping[str, int], at: float) -> None:
    """Write each line's name beside its end, in its colour, none on top of another."""
    gap = axes.get_ylim()[1] / 20
    below = -gap
    colours = {name: colour for name, (colour, _, _) in zip(ends, LINES, strict=False)}
    for name, height in sorted(ends.items(), key=lambda end: end[1]):
        below = max(height, below + gap)
        text = name if len(name) <= 20 else f"{name[:19]}…"
        axes.annotate(
            text, (at, below), xytext=(4, 0), textcoords="offset points", va="center", color=colours[name]
        ).set_annotation_clip(False)  # fmt: skip


def _others(count: int) -> str:
    return f"{count} other{'' if count == 1 else 's'}"


def _leads(count: int) -> str:
    return f"{count:,} lead{'' if count == 1 else 's'}"


def _columns(by: str) -> tuple[str, ...]:
    demand(TEXT, by=by)
    return _SOURCE if by == "source" else (by,)


def _said(column: str) -> str:
    return "source" if column in _SOURCE else column
