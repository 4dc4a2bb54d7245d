"""What single fields mean beyond their type: birth dates, countries, IP addresses, places on Earth, maps of texts."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from leadping_nb.arguments import moment
from leadping_nb.errors import LeadpingError
from leadping_nb.intake.formats import Note, read_date
from leadping_nb.intake.phones import is_region

if TYPE_CHECKING:
    from leadping_nb.intake.rules import Kind

__all__ = ["MEANINGS", "Setting", "setting_of"]

_AHEAD = timedelta(hours=14)  # somewhere on Earth it is a day already that is still to come in UTC
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """What a judgement depends on besides the lead."""

    now: datetime
    """The time, with its zone."""
    region: str = "US"
    """The country of telephone numbers that do not say theirs, where no address does."""

    @property
    def last_birthday(self) -> date:
        """The last date that has begun somewhere on Earth."""
        return (self.now + _AHEAD).date()


def setting_of(now: datetime | float | None, region: str) -> Setting:
    """Read the options that a judgement depends on; raise `LeadpingError` for what is none."""
    if not isinstance(region, str) or not is_region(region):
        raise LeadpingError("region is no country with telephone numbers.", hint="Give two capitals, as in US or CA.")
    if now is None:
        return Setting(datetime.now(UTC), region)
    return Setting(moment("now", now), region)


def _birth_date(value: object, setting: Setting) -> Iterator[Note]:
    born = read_date(value) if isinstance(value, str) else None
    if born is None:
        return
    if born > setting.last_birthday:
        yield "future-birth", "A date of birth in the future."
    elif setting.last_birthday.year - born.year > _OLDEST:
        yield "long-ago-birth", f"A date of birth more than {_OLDEST} years ago."


def _country(value: object, _: Setting) -> Iterator[Note]:
    if isinstance(value, str) and value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        yield "country-code", "A country is written with two letters."


def _ip_address(value: object, _: Setting) -> Iterator[Note]:
    if isinstance(value, str) and value:
        try:
            ipaddress.ip_address(value)
        except ValueError:
            yield "ip-address", "This is no IP address."


def _between(low: float, high: float) -> Callable[[object, Setting], Iterator[Note]]:
    def judge(value: object, _: Setting) -> Iterator[Note]:
        if isinstance(value, int | float) and not low <= value <= high:
            yield "out-of-range", f"Degrees lie between {low:g} and {high:g}."

    return judge


def _texts(value: object, _: Setting) -> Iterator[Note]:
    if isinstance(value, Mapping) and not all(isinstance(entry, str) for entry in value.values()):
        yield "wrong-type", "Every value in it is a text."


MEANINGS: Mapping[Kind, Callable[[object, Setting], Iterator[Note]]] = {
    "birth-date": _birth_date,
    "country": _country,
    "ip-address": _ip_address,
    "latitude": _between(-90, 90),
    "longitude": _between(-180, 180),
    "texts": _texts,
}
"""What judges a value of each kind."""
