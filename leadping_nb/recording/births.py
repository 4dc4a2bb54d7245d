"""Dates of birth in the writings that forms and spreadsheets give them, and which dates may be one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["Birth", "Births", "is_part"]

_TAIL = r"(?P<tail>[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?"
_WRITINGS = tuple(
    re.compile(form + _TAIL, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<month>\d\d?)(?P<sign>[-/])(?P<day>\d\d?)(?P=sign)(?P<year>\d{4})",
        r"(?P<day>\d\d?)(?P<sign>\.)(?P<month>\d\d?)(?P=sign)(?P<year>\d{4})",
    )
)
_PART = re.compile(r"\d{1,2}|1[89]\d\d|20\d\d", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_ACCOUNT = 2005
"""Nothing that happened in an account is older: a date before this year is of a person."""


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth, and how it was written."""

    day: date
    """The date."""
    found: re.Match[str]
    """Where its parts stand in the text."""

    @classmethod
    def read(cls, text: str) -> Birth | None:
        """Read a text; None where it is no date.

        Examples
        --------
        >>> Birth.read("3/14/1961").day.isoformat(), Birth.read("in spring")
        ('1961-03-14', None)
        """
        for writing in _WRITINGS:
            if (found := writing.fullmatch(text)) is not None:
                try:
                    return cls(date(*(int(found[part]) for part in ("year", "month", "day"))), found)
                except ValueError:
                    continue
        return None

    @property
    def is_early(self) -> bool:
        """Whether it is too early for anything but a birth; years that programs write where there is no date are not.

        Examples
        --------
        >>> [Birth.read(text).is_early for text in ("1961-03-14", "2026-07-05", "0001-01-01")]
        [True, False, False]
        """
        return date.min.year < self.day.year < _ACCOUNT

    @property
    def is_day(self) -> bool:
        """Whether it says no time of day, or midnight.

        Examples
        --------
        >>> [Birth.read(text).is_day for text in ("1961-03-14", "1961-03-14T00:00:00Z", "1961-03-14T05:00:00Z")]
        [True, True, False]
        """
        return self.found["tail"] is None or _MIDNIGHT.fullmatch(self.found["tail"]) is not None

    def written(self, day: date) -> str:
        """Write another day as this one was written; a time of day becomes midnight.

        Examples
        --------
        >>> Birth.read("03/14/1961").written(date(1963, 7, 2))
        '07/02/1963'
        """
        text = self.found[0]
        parts = sorted(
            (self.found.span(part), f"{value:0{len(self.found[part])}}")
            for part, value in (("year", day.year), ("month", day.month), ("day", day.day))
        )
        start, written = 0, ""
        for (begin, end), value in parts:
            written += text[start:begin] + value
            start = end
        return written + re.sub(r"\d", "0", text[start:])


class Births:
    """The days on which people were born, each also as other time zones have it.

    Examples
    --------
    >>> births = Births()
    >>> births.add("1961-03-14")
    >>> births.has("1961-03-13T23:00:00Z"), births.has("1961-03-12")
    (True, False)
    """

    def __init__(self) -> None:
        self._days: set[int] = set()

    def add(self, text: str, *, is_named: bool = True) -> None:
        """Take note of a date of birth; of one that nothing calls so, only where it is early.

        Parameters
        ----------
        text
            The date; what is none, or in a year that programs write where there is none, is passed over.
        is_named
            Whether the name of its field says that it is a birth.
        """
        birth = Birth.read(text)
        if birth is not None and (birth.is_early or (is_named and _ACCOUNT <= birth.day.year < date.max.year)):
            self._days.add(birth.day.toordinal())

    def has(self, text: str) -> bool:
        """Say whether a text is one of them: any early date, a later one only where it says no time of day."""
        birth = Birth.read(text)
        if birth is None or not (birth.is_early or birth.is_day):
            return False
        day = birth.day.toordinal()
        return not self._days.isdisjoint((day - 1, day, day + 1))


def is_part(text: str) -> bool:
    """Say whether a text is a year, a month or a day alone."""
    return _PART.fullmatch(text) is not None
