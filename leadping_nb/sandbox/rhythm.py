"""When leads arrive: more by day than by night, fewer at weekends, a little more every month."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate

from leadping_nb.sandbox.moments import DAY, END, HOUR, START

__all__ = ["moment"]

_BY_HOUR = (7, 5, 4, 3, 2, 1, 1, 1, 1, 2, 3, 5, 7, 9, 11, 12, 13, 13, 12, 12, 11, 11, 10, 9)  # UTC, for the Americas
_BY_WEEKDAY = (11, 12, 12, 11, 10, 6, 5)  # the world begins on a Monday
_GROWTH = 0.6  # how much more a day is at the end than at the beginning


def moment(position: float) -> int:
    """Give the ticks at which a share of all leads, from 0 to 1, has arrived; never falling."""
    edges = _edges()
    hour = bisect_right(edges, position) - 1
    part = (position - edges[hour]) / (edges[hour + 1] - edges[hour])
    return START + hour * HOUR + int(part * HOUR)


@cache
def _edges() -> tuple[float, ...]:
    days = (END - START) // DAY
    weights = [
        by_hour * _BY_WEEKDAY[day % 7] * (1 + _GROWTH * day / days) for day in range(days) for by_hour in _BY_HOUR
    ]
    *edges, total = accumulate(weights)  # not sum(), which rounds otherwise since Python 3.12
    return (0.0, *(edge / total for edge in edges), 1.0)
