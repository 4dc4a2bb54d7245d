"""Stand-ins: for each original a text of the same shape that is nobody's, the same wherever it comes.

A stand-in is drawn by HMAC from the seed, its kind and the original. One that is taken, or that holds an original, is
drawn again, so no two originals of a kind share one and no original comes back as the stand-in of another.
"""

from __future__ import annotations

from functools import cached_property

from leadping_nb.recording import invented
from leadping_nb.recording.dice import Dice
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.making import MAKERS, NORTH_AMERICAN, cased
from leadping_nb.recording.originals import Originals

__all__ = ["Fakes"]

_MOST_DRAWS = 1_000
"""After so many draws a stand-in may hold an original; the search at the end then finds it and says so."""
_CASELESS = frozenset({Kind.PERSON, Kind.LABEL, Kind.EMAIL, Kind.TOWN, Kind.STREET})
"""Kinds in which people write capitals as they like: the stand-in goes by the letters alone, in the original's case."""
_SHARED = frozenset({Kind.TEXT, Kind.AGENT, Kind.BIRTH, Kind.COORDINATE})
"""Kinds that nobody joins by: two originals may have one stand-in."""


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

    def of(self, kind: Kind, text: str) -> str:
        """Give the stand-in of a text of a kind; an empty text stays empty."""
        if not text.strip():
            return text
        if kind is Kind.PERSON:
            return " ".join(cased(word, self._drawn(kind, word)) for word in text.split())
        if kind is Kind.PHONE:
            return self._phone(text)
        fake = self._drawn(kind, text.strip())
        return cased(text, fake) if kind in _CASELESS else fake

    def _drawn(self, kind: Kind, text: str) -> str:
        key = text.casefold() if kind in _CASELESS else text
        if (kind, key) not in self._known:
            self._known[kind, key] = self._draw(kind, key, text)
        return self._known[kind, key]

    def _draw(self, kind: Kind, key: str, text: str) -> str:
        attempt = 0
        while True:
            dice = Dice(self._key, f"{kind.name}\0{key}\0{attempt}")
            fake = self._text(text, dice) if kind is Kind.TEXT else MAKERS[kind](text, dice, attempt)
            attempt += 1
            if fake.casefold() == key.casefold() or (attempt < _MOST_DRAWS and self._touches(fake, kind)):
                continue
            if kind in _SHARED:
                return fake
            if (kind, fake.casefold()) not in self._taken:
                self._taken.add((kind, fake.casefold()))
                return fake

    @cached_property
    def _fillers(self) -> tuple[str, ...]:
        return tuple(word for word in invented.FILLERS if not self._touches(word)) or ("…",)

    def _touches(self, fake: str, kind: Kind = Kind.LABEL) -> bool:
        is_cased = kind in _CASELESS
        forms = {fake, fake.lower(), fake.upper(), fake.capitalize()} if is_cased else {fake}
        return any(map(self._originals.touches, forms))

    def _phone(self, text: str) -> str:
        """Keep all signs of a number and change its digits, so that all ways to write it stay ways to write one."""
        digits = "".join(filter(str.isdecimal, text))
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
