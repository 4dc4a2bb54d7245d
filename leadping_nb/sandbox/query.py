"""What the query of a call asks for, read or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.sandbox.lists import InvalidOptions
from leadping_nb.sandbox.moments import DAY, END, ticks_of

__all__ = ["Period", "Query", "bounds", "flag", "period", "word"]

Query = Mapping[str, Sequence[str]]
"""Each parameter with all its values."""

_DAYS = 30
_MOST_DAYS = 400
_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, with its end left out."""

    start: int
    """Its first tick."""
    end: int
    """The tick after its last."""

    def days(self) -> Sequence[tuple[int, int]]:
        """Cut it into days."""
        return [(start, min(start + DAY, self.end)) for start in range(self.start, self.end, DAY)]


def period(query: Query, start: str = "startAt", end: str = "endAt", *, now: int = END) -> Period:
    """Read a period: two instants, or so many days, or the last thirty before ``now``."""
    since, until = bounds(query, start, end)
    if until == _EVER:
        until = now
    if since == -_EVER:
        since = until - min(max(_number(query, "days", _DAYS), 1), _MOST_DAYS) * DAY
    return Period(max(since, until - _MOST_DAYS * DAY), until)


def bounds(query: Query, start: str = "startAt", end: str = "endAt") -> tuple[int, int]:
    """Read the first instant that is asked for and the one after the last, far away where none is given."""
    return _instant(query, start, -_EVER), _instant(query, end, _EVER)


def flag(query: Query, name: str) -> bool:
    """Read a boolean; false unless given."""
    return word(query, name, ("false", "true")) == "true"


def word(query: Query, name: str, words: Sequence[str]) -> str:
    """Read one of some words in any case; the first unless given."""
    given = _given(query, name)
    if given is None:
        return words[0]
    if given.lower() not in words:
        raise InvalidOptions(f"{name} must be one of {', '.join(words)}.")
    return given.lower()


def _number(query: Query, name: str, default: int) -> int:
    given = _given(query, name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        raise InvalidOptions(f"{name} must be a whole number.")
    return int(given)


def _instant(query: Query, name: str, default: int) -> int:
    given = _given(query, name)
    if given is None:
        return default
    try:
        # A plus that was not encoded arrives as a blank.
        return ticks_of(given.replace(" ", "+"))
    except ValueError:
        raise InvalidOptions(f"{name} must be a date-time such as 2026-07-01T00:00:00Z.") from None


def _given(query: Query, name: str) -> str | None:
    values = query.get(name)
    return values[0] if values and values[0] else None
