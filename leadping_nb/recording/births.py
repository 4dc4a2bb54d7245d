"""Dates of birth in the writings that forms and spreadsheets give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["Birth", "is_part"]

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


def is_part(text: str) -> bool:
    """Say whether a text is a year, a month or a day alone."""
    return _PART.fullmatch(text) is not None
