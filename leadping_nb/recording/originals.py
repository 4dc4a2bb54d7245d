"""What must not survive: every original text about a person, and whether another text holds one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from leadping_nb.recording.kinds import Kind

__all__ = ["Originals"]

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
"""The fewest characters of a text that is looked for; shorter ones stand everywhere."""
_WHOLE_WORDS = 5
"""The most characters of a text that counts only where it is a whole word: "Lee" is no part of "Leeds"."""
_FEWEST_DIGITS = 6
"""The fewest digits of a text of nothing else; shorter numbers stand in every time of day."""
_NATIONAL = 10
"""How many digits a telephone number has without its country in North America, where it is also written so."""


class Originals:
    """Texts that are looked for, found in time that does not grow with their number.

    Examples
    --------
    >>> found = Originals()
    >>> found.add(Kind.PERSON, "Ada Lovelace")
    >>> found.surviving("Call Ada back"), found.surviving("Adapted")
    ('Ada', None)
    """

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._lengths: dict[str, set[int]] = {}
        """By its first six characters, how long each longer text is."""
        self._short: set[str] = set()
        self._kinds: dict[str, Kind] = {}

    def add(self, kind: Kind, text: str) -> None:
        """Look for a text from now on, in each form that its kind is written in."""
        self._kinds.setdefault(text, kind)
        for form in _forms(kind, text):
            if len(form) < _SHORTEST or (form.isdecimal() and len(form) < _FEWEST_DIGITS):
                continue
            self._texts.add(form)
            if len(form) > _WHOLE_WORDS:
                self._lengths.setdefault(form[: _WHOLE_WORDS + 1], set()).add(len(form))
            else:
                self._short.add(form)

    def spare(self, words: Iterable[str]) -> int:
        """Stop looking for words that the API itself uses; give how many of them there were."""
        spared = {word for word in words if word in self._texts}
        self._texts.difference_update(spared)
        self._short.difference_update(spared)
        return len(spared)

    def spare_within(self, texts: Iterable[str]) -> int:
        """Stop looking for what texts of ours hold; give how many of them there were.

        Examples
        --------
        >>> found = Originals()
        >>> found.add(Kind.PERSON, "test example")
        >>> found.spare_within(["@example.com"]), found.surviving("ada@example.com"), found.surviving("a test")
        (1, None, 'test')
        """
        spared = 0
        for text in texts:
            while (found := self.surviving(text)) is not None:
                spared += self.spare((found,))
        return spared

    def kind(self, text: str) -> Kind | None:
        """Give what a text was where it came first; None for one that did not come."""
        return self._kinds.get(text)

    def surviving(self, text: str) -> str | None:
        """Give an original that a text holds: a short one as a whole word, a longer one anywhere."""
        long = next(self._long(text), None)
        if long is not None or not self._short:
            return long
        return next((word for word in _WORD.findall(text) if word in self._short), None)

    def touches(self, text: str) -> bool:
        """Say whether a text holds an original anywhere, a short one too."""
        if next(self._long(text), None) is not None:
            return True
        return any(
            text[at : at + length] in self._short
            for length in range(_SHORTEST, _WHOLE_WORDS + 1)
            for at in range(len(text) - length + 1)
        )

    def _long(self, text: str) -> Iterator[str]:
        for at in range(len(text) - _WHOLE_WORDS):
            for length in self._lengths.get(text[at : at + _WHOLE_WORDS + 1], ()):
                if text[at : at + length] in self._texts and at + length <= len(text):
                    yield text[at : at + length]

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, text: object) -> bool:
        return text in self._texts


def _forms(kind: Kind, text: str) -> Iterator[str]:
    yield text.strip()
    match kind:
        case Kind.PERSON:
            yield from (word for word in text.split() if text.islower() or not word.islower())  # not the "and" of two
        case Kind.EMAIL:
            yield text.strip().lower()
        case Kind.PHONE:
            digits = "".join(filter(str.isdecimal, text))
            yield digits
            yield digits[-_NATIONAL:]
