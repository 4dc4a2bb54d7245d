"""What charts read from frames: columns that must be there, times, names, and whether a frame is whole."""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from leadping_nb.arguments import described, member, quoted
from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Every",
    "check_period",
    "chosen_period",
    "day_name",
    "names",
    "percent",
    "period_starts",
    "require",
    "shortfall",
    "start_of",
    "times",
    "top",
    "when",
]

Every = Literal["day", "week", "month"]
"""How long a period is; weeks begin on Monday."""

NONE = "(none)"
"""The name of what has no name."""


def require(frame: pd.DataFrame, resource: str, *columns: str, named: bool = True) -> str:
    """Give the first of some columns that a frame has.

    Parameters
    ----------
    frame
        The frame.
    resource
        The resource whose frames have one of the columns.
    columns
        Their names, by revision.
    named
        Whether the name is one of ours, which the resource has; one that a person chose may be in no frame at all.

    Raises
    ------
    LeadpingError
        If it is no DataFrame or has none of them.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(frame, pandas.DataFrame):
        raise LeadpingError(
            f"A chart is drawn from a pandas DataFrame, not from {described(frame)}.",
            hint=f"Load one with api.frame({resource!r}).",
        )
    for column in columns:
        if column in frame.columns:
            return column
    wanted = " or ".join(quoted(column) for column in columns)
    hint = f"api.frame({resource!r}) gives it." if named else _nearest(frame, resource, columns[0])
    raise LeadpingError(f"The frame has no column {wanted}.", hint=hint)


def _nearest(frame: pd.DataFrame, resource: str, wanted: str) -> str:
    near = difflib.get_close_matches(wanted, list(map(str, frame.columns)), n=3, cutoff=0.5)
    here = f" Nearest here: {', '.join(map(repr, near))}." if near else ""
    return f"Any column of api.frame({resource!r}) can be taken.{here}"


def times(frame: pd.DataFrame, column: str) -> pd.Series[pd.Timestamp]:
    """Give a column of times in UTC, whatever backend holds it; what is missing stays missing.

    Raises
    ------
    LeadpingError
        If the column holds no times, or times without an offset.
    """
    values = frame[column]
    try:
        if values.dtype.kind == "M" and values.dt.tz is None:
            raise TypeError  # as pandas' own; Arrow would take hours of anywhere for those of UTC
        return values.astype("datetime64[ns, UTC]")
    except (ValueError, TypeError) as error:
        raise LeadpingError(
            f"Column {column!r} holds no times in UTC but {values.dtype}.",
            hint="Use the column as api.frame() gives it, or pandas.to_datetime(column, utc=True).",
        ) from error


def names(frame: pd.DataFrame, column: str) -> list[str]:
    """Give a column as texts, with ``(none)`` where it is null.

    Raises
    ------
    LeadpingError
        If it holds lists or objects, which name nothing.
    """
    values = frame[column]
    if any(isinstance(value, Iterable) and not isinstance(value, str) for value in values):
        raise LeadpingError(
            f"Column {column!r} holds lists or objects, which name nothing.",
            hint=f"frame.explode({column!r}) gives each entry of a list a row; take a text of each, or another column.",
        )
    return [NONE if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]


def top(counted: Iterable[str], most: int) -> list[str]:
    """Give the commonest names, the commonest first, those of the same count by name."""
    counts = Counter(counted)
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def shortfall(frames: Iterable[tuple[str, pd.DataFrame]]) -> str:
    """Say which frames do not hold all that was there and why, by their passports; empty if all do."""
    said = []
    for name, frame in frames:
        passport = frame.attrs.get("leadping")
        if isinstance(passport, dict) and passport.get("complete") is False:
            said.append(f"Incomplete {name}: {passport.get('reason') or 'the load did not end'}")
    return " ".join(sentence if sentence.endswith(".") else f"{sentence}." for sentence in said)


def chosen_period(first: date, last: date) -> Every:
    """Choose a period that leaves a few dozen points between two days."""
    days = (last - first).days
    return "day" if days <= 62 else "week" if days <= 800 else "month"


def start_of(day: date, every: Every) -> date:
    """Give the first day of the period that a day is in.

    Examples
    --------
    >>> start_of(date(2026, 7, 5), "week"), start_of(date(2026, 7, 5), "month")
    (datetime.date(2026, 6, 29), datetime.date(2026, 7, 1))
    """
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def period_starts(days: Sequence[date], every: Every) -> list[date]:
    """Give the first days of all periods from the earliest day to the latest, also of those without any."""
    start, last = start_of(min(days), every), max(days)
    starts = []
    while start <= last:
        starts.append(start)
        start = start_of(start + timedelta(days={"day": 1, "week": 7, "month": 31}[every]), every)
    return starts


def day_name(day: date) -> str:
    """Write a day as people say it.

    Examples
    --------
    >>> day_name(date(2026, 7, 5))
    '5 July 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def when(start: date, every: Every) -> str:
    """Say when a period is, as the end of a sentence.

    Examples
    --------
    >>> when(date(2026, 6, 29), "day"), when(date(2026, 6, 29), "week"), when(date(2026, 6, 1), "month")
    ('on 29 June 2026', 'in the week of 29 June 2026', 'in June 2026')
    """
    if every == "month":
        return f"in {_MONTHS[start.month - 1]} {start.year}"
    return f"{'on' if every == 'day' else 'in the week of'} {day_name(start)}"


def check_period(every: object) -> None:
    """Refuse what is neither a period nor None."""
    if every is not None:
        member("every", every, get_args(Every))


def percent(part: int, whole: int, digits: int = 0) -> str:
    """Write a share.

    Examples
    --------
    >>> percent(1, 3), percent(1, 3, digits=1)
    ('33 %', '33.3 %')
    """
    return f"{100 * part / whole:.{digits}f} %"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
