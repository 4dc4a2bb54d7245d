"""Stand-ins: for each original a text of the same shape that is nobody's, the same wherever it comes.

A stand-in is drawn by HMAC from the seed, its kind and the original. One that is taken, or that holds an original, is
drawn again, so no two originals of a kind share one and no original comes back as the stand-in of another. Times, time
zones and years of birth are moved instead: what comes of one may be what another was.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property

from leadping_nb.recording import invented
from leadping_nb.recording.births import Birth, is_part
from leadping_nb.recording.dice import Dice
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.looks import NAME
from leadping_nb.recording.making import MAKERS, NORTH_AMERICAN, cased
from leadping_nb.recording.originals import Originals
from leadping_nb.recording.spellings import folded
from leadping_nb.recording.times import earlier
from leadping_nb.recording.zones import MAIN_ZONES

__all__ = ["Fakes"]

_MOST_DRAWS = 1_000
"""After so many draws a stand-in may hold an original; the search at the end then finds it and says so."""
_CASELESS = frozenset({Kind.PERSON, Kind.LABEL, Kind.EMAIL, Kind.TOWN, Kind.STATE, Kind.STREET})
"""Kinds in which people write capitals as they like: the stand-in goes by the letters alone, in the original's case."""
_SHARED = frozenset({Kind.TEXT, Kind.AGENT, Kind.BIRTH, Kind.COORDINATE})
"""Kinds that nobody joins by: two originals may have one stand-in."""
_AS_DECIMAL = re.compile(r"(\d+)(\.0+)", re.ASCII)
"""A number of a table that took it for a measurement."""
_MOST_YEARS = 3
"""By how many years at most a birth moves."""
_MOST_WEEKS = 104
"""By how many weeks at most times move."""


class Fakes:
    """Stand-ins under one seed; for the same originals in the same order the same ones.

    Parameters
    ----------
    key
        The seed as bytes.
    originals
        What no stand-in may hold.

    Examples
    --------
    >>> fakes = Fakes(b"example", Originals())
    >>> fakes.of(Kind.PHONE, "+15125550147") == fakes.of(Kind.PHONE, "+15125550147")
    True
    """

    def __init__(self, key: bytes, originals: Originals) -> None:
        self._key = key
        self._originals = originals
        self._known: dict[tuple[Kind, str], str] = {}
        self._taken: set[tuple[Kind, str]] = set()
        self._years = Dice(key, "years").pick([years for years in range(-_MOST_YEARS, _MOST_YEARS + 1) if years])
        self._weeks = 1 + Dice(key, "weeks").below(_MOST_WEEKS)

    def of(self, kind: Kind, text: str) -> str:
        """Give the stand-in of a text of a kind; an empty text stays empty."""
        if not text.strip():
            return text
        if kind in (Kind.ID, Kind.PHONE, Kind.CODE) and (found := _AS_DECIMAL.fullmatch(text)) is not None:
            return self.of(kind, found[1]) + found[2]
        match kind:
            case Kind.TIME:
                return earlier(text, weeks=self._weeks)
            case Kind.ZONE:
                return MAIN_ZONES.get(text, text)
            case Kind.PERSON:
                return self._person(text.strip())
            case Kind.PHONE:
                return self._phone(text)
            case Kind.BIRTH:
                return self._birth(text.strip())
            case _:
                fake = self._drawn(kind, text.strip())
                return cased(text, fake) if kind in _CASELESS else fake

    def _drawn(self, kind: Kind, text: str, *, like: str | None = None) -> str:
        """Give the stand-in of a text, made as one of another text where it shall be like that."""
        key = folded(text) if kind in _CASELESS else text
        if (kind, key) not in self._known:
            self._known[kind, key] = self._draw(kind, key, like or text)
        return self._known[kind, key]

    def _draw(self, kind: Kind, key: str, text: str) -> str:
        attempt = 0
        while True:
            dice = Dice(self._key, f"{kind.name}\0{key}\0{attempt}")
            fake = self._text(text, dice) if kind is Kind.TEXT else MAKERS[kind](text, dice, attempt)
            attempt += 1
            if folded(fake) == folded(key) or (attempt < _MOST_DRAWS and self._is_taken(kind, fake)):
                continue
            self._taken.add((kind, folded(fake)))
            return fake

    def _is_taken(self, kind: Kind, fake: str) -> bool:
        """Say whether a text is or holds an original, or is the stand-in of another."""
        known = self._originals
        if known.is_one(kind, fake) or known.number(fake) is not None or known.touches(fake):
            return True
        return kind not in _SHARED and (kind, folded(fake)) in self._taken

    @cached_property
    def _fillers(self) -> tuple[str, ...]:
        known = self._originals
        free = (word for word in invented.FILLERS if not (known.touches(word) or known.has_word(word)))
        return tuple(free) or ("…", "—")

    def _person(self, text: str) -> str:
        """Replace each name of a person by itself, so that a first name alone is known again; signs between stay."""
        if NAME.search(text) is None:
            return self._drawn(Kind.ID, text)
        return NAME.sub(lambda name: cased(name[0], self._drawn(Kind.PERSON, name[0])), text)

    def _birth(self, text: str) -> str:
        """Move a year of birth, and draw another day in the year to which a date of it moves."""
        birth = Birth.read(text)
        if birth is not None:
            year = birth.day.year + self._years
            moved = date(min(max(year, date.min.year), date.max.year), 1, 1).isoformat()
            return birth.written(date.fromisoformat(self._drawn(Kind.BIRTH, birth.day.isoformat(), like=moved)))
        if is_part(text) and len(text) == 4:
            return str(int(text) + self._years)
        return self._drawn(Kind.BIRTH, text)

    def _phone(self, text: str) -> str:
        """Keep all signs of a number and change its digits, so that all ways to write it stay ways to write one."""
        digits = "".join(filter(str.isdecimal, folded(text)))
        if not digits:
            return self._drawn(Kind.ID, text)
        whole = f"1{digits}" if len(digits) == NORTH_AMERICAN - 1 and not text.strip().startswith("+") else digits
        fake = list(self._drawn(Kind.PHONE, whole)[len(whole) - len(digits) :])
        signs = [fake.pop(0) if sign.isdecimal() else "x" if sign.isalnum() else sign for sign in text]
        return "".join([*signs, *fake])

    def _text(self, text: str, dice: Dice) -> str:
        words = [dice.pick(self._fillers)]
        length = len(words[0])
        while length < len(text) - 3:
            words.append(dice.pick(self._fillers))
            length += 1 + len(words[-1])
        if text[:1].isupper():
            words[0] = words[0].capitalize()
        return " ".join(words) + (text[-1] if text[-1] in ".!?" else "")
