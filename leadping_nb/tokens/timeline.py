"""The times of a token in order: when it was issued, may be used and ends, and where now is among them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from leadping_nb.tokens.check import duration, is_number, moment

__all__ = ["Moment", "timeline", "timeline_html"]

_NAMES: Mapping[str, str] = {"iat": "issued", "nbf": "not before", "exp": "expires"}
_SIGNS: Mapping[str, str] = {"issued": "○", "not before": "▷", "now": "▼", "expires": "■"}
_BAR = "position:relative;height:1.5em;margin:0.5em 1.5em;border-bottom:2px solid currentColor"
_MARK = "position:absolute;bottom:0;left:{place:.1f}%;transform:translateX(-50%);white-space:nowrap"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in the life of a token."""

    name: str
    """``issued``, ``not before``, ``now`` or ``expires``."""
    seconds: float
    """Seconds from now; negative if it is past."""
    utc: str
    """The time in UTC."""
    local: str
    """The time in the time zone asked for."""

    @property
    def sign(self) -> str:
        """The sign that stands for it on the line."""
        return _SIGNS[self.name]

    @property
    def distance(self) -> str:
        """How far from now it is, in words."""
        if abs(self.seconds) < 1:
            return "now"
        return f"{duration(self.seconds)} ago" if self.seconds < 0 else f"in {duration(self.seconds)}"

    def __str__(self) -> str:
        return f"{self.sign} {self.name}: {self.utc}" + ("" if self.name == "now" else f", {self.distance}")


def timeline(claims: Mapping[str, object], now: datetime, zone: tzinfo | None) -> tuple[Moment, ...]:
    """Put the times of a token in order, with now among them; what is no time is left out.

    Parameters
    ----------
    claims
        The claims.
    now, zone
        The time it is judged at, and the zone of ``local``: this machine's if None.
    """
    here = now.timestamp()
    times = {name: claims[claim] for claim, name in _NAMES.items() if is_number(claims.get(claim))}
    moments = [Moment("now", 0.0, moment(here), moment(here, zone))]
    for name, value in times.items():
        moments.append(Moment(name, float(value) - here, moment(value), moment(value, zone)))  # type: ignore[arg-type]  # a number
    order = list(_SIGNS)
    return tuple(sorted(moments, key=lambda entry: (entry.seconds, order.index(entry.name))))


def timeline_html(moments: Iterable[Moment]) -> str:
    """Draw a line with signs on it and their meaning below, in HTML and CSS that inherit every colour."""
    entries = tuple(moments)
    begin, end = entries[0].seconds / 2, entries[-1].seconds / 2  # halved: their difference is a float, however far
    places: dict[int, list[Moment]] = {}
    for entry in entries:
        place = (entry.seconds / 2 - begin) / (end - begin) * 100 if end > begin else 50.0
        places.setdefault(round(place / 3), []).append(entry)  # what would overlap shares a mark
    marks = "".join(
        f'<span style="{_MARK.format(place=min(place * 3.0, 100.0))}">{"".join(entry.sign for entry in group)}</span>'
        for place, group in places.items()
    )
    rows = "".join(f"<li>{html.escape(_line(entry))}</li>" for entry in entries)
    return (
        f'<div><div aria-hidden="true" style="{_BAR}">{marks}</div>'
        f'<ol aria-label="Time line" style="list-style:none;margin:0;padding:0;text-align:left">{rows}</ol></div>'
    )


def _line(entry: Moment) -> str:
    return f"{entry}" + ("" if entry.local == entry.utc else f" ({entry.local})")
