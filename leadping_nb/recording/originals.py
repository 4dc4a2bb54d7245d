"""What must not survive: every original value about a person, and whether another text holds one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from leadping_nb.recording.forms import forms
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.making import CONSTANTS
from leadping_nb.recording.readings import readings
from leadping_nb.recording.spellings import folded, spellings

__all__ = ["Originals"]

_SHORTEST = 3
"""The fewest characters of a text that is looked for within others; shorter ones stand everywhere."""
_SHORTEST_SYMBOLS = 2
"""The same where a character says as much as a syllable."""
_WHOLE_WORDS = 5
"""The most characters of a text that counts only where no letter adjoins it: "Lee" is no part of "Leeds"."""
_FEWEST_DIGITS = 6
"""The fewest digits of a text of nothing else that is looked for within others; fewer stand in every time of day."""
_AS_NUMBERS: Mapping[Kind, int] = {Kind.ID: 5, Kind.PHONE: 5, Kind.CODE: 4}
"""Kinds that forms and spreadsheets take for numbers, and of how many digits at least; fewer count something."""
_SHORTEST_NAME = 2
"""The fewest letters of a name that is looked for among whole words."""
_NUMBER = re.compile(r"(?<![^\W_])0*([1-9][0-9]*)(?![^\W_])")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+")


class Originals:
    """Texts that are looked for, in any case, found in time that does not grow with their number.

    Examples
    --------
    >>> found = Originals()
    >>> found.add(Kind.PERSON, "Ada Lovelace")
    >>> found.surviving("Call ADA back"), found.surviving("Adapted"), found.is_one(Kind.PERSON, "ada")
    ('ada', None, True)
    """

    def __init__(self) -> None:
        self._added: set[tuple[Kind, str]] = set()
        self._texts: set[str] = set()
        self._lengths: dict[str, set[int]] = {}
        """By its first six characters, how long each longer text is."""
        self._short: set[str] = set()
        self._wholes: dict[Kind, set[str]] = {}
        self._words: set[str] = set()
        self._kinds: dict[str, Kind] = {}
        self._names: set[str] = set()
        self._numbers: dict[str, Kind] = {}

    def add(self, kind: Kind, text: str) -> None:
        """Look for a text from now on, in each form that its kind is written in."""
        if (kind, text) in self._added:
            return
        self._added.add((kind, text))
        whole = folded(text)
        self._kinds.setdefault(whole, kind)
        self._words.update(_WORD.findall(whole))
        for digits in _NUMBER.findall(whole) if kind in _AS_NUMBERS else ():
            if len(digits) >= _AS_NUMBERS[kind]:
                self._numbers.setdefault(digits, kind)
        for form in forms(kind, text):
            if kind is Kind.PERSON and len(form) >= _SHORTEST_NAME and _LETTERS.fullmatch(form):
                self._names.add(form)
            self._wholes.setdefault(kind, set()).add(form)
            if not _is_telling(form):
                continue
            self._kinds.setdefault(form, kind)
            self._texts.add(form)
            if len(form) > _WHOLE_WORDS:
                self._lengths.setdefault(form[: _WHOLE_WORDS + 1], set()).add(len(form))
            else:
                self._short.add(form)

    def kind(self, text: str) -> Kind | None:
        """Give what a text was where it came first; None for one that did not come."""
        return self._kinds.get(folded(text))

    def is_one(self, kind: Kind, text: str) -> bool:
        """Say whether a text, however short, is as a whole an original of a kind."""
        return folded(text) in self._wholes.get(kind, ())

    def has_word(self, word: str) -> bool:
        """Say whether an original of any kind has a word, however short."""
        return folded(word) in self._words

    def surviving(self, text: str, *, but: Container[str] = ()) -> str | None:
        """Give an original that a text holds in any reading: a short one as a whole word, a longer one anywhere.

        Parameters
        ----------
        text
            The text that is searched.
        but
            Originals that may be there, folded.
        """
        found = (original for form in _said(text) for original in self._found(form, apart=True))
        return next((original for original in found if original not in but), None)

    def called(self, text: str, *, but: Container[str] = ()) -> str | None:
        """Give a name that stands in a text as a whole word, also one of two letters, or together with another.

        Parameters
        ----------
        text
            The text that is searched.
        but
            Names that may be there, folded.

        Examples
        --------
        >>> found = Originals()
        >>> for name in ("Lee", "Kim", "Bo"):
        ...     found.add(Kind.PERSON, name)
        >>> found.called("ask Bo"), found.called("leekim_web"), found.called("bold")
        ('bo', 'lee', None)
        """
        words = (word for spelling in spellings(text) for word in _LETTERS.findall(spelling))
        names = (name for word in words for name in self._names_in(word))
        return next((name for name in names if name not in but), None)

    def _names_in(self, word: str) -> Iterator[str]:
        if word in self._names:
            yield word
        for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
            if word[:at] in self._names and word[at:] in self._names:
                yield word[:at]

    def number(self, digits: str) -> Kind | None:
        """Give what the original was that a number writes, without the noughts before it; None where it is none.

        Examples
        --------
        >>> found = Originals()
        >>> found.add(Kind.CODE, "02134")
        >>> found.number("2134"), found.number("213")
        (<Kind.CODE: 'code'>, None)
        """
        return self._numbers.get(digits)

    def touches(self, text: str) -> bool:
        """Say whether a text holds an original anywhere, a short one too."""
        return any(next(self._found(form, apart=False), None) for form in _said(text))

    def _found(self, text: str, *, apart: bool) -> Iterator[str]:
        ours: list[tuple[int, int]] | None = None
        for start, end in self._places(text, apart=apart):
            if ours is None:
                ours = [found.span() for found in CONSTANTS.finditer(text)]
            if not any(begin <= start and end <= stop for begin, stop in ours):
                yield text[start:end]

    def _places(self, text: str, *, apart: bool) -> Iterator[tuple[int, int]]:
        for start in range(len(text)):
            for length in self._lengths.get(text[start : start + _WHOLE_WORDS + 1], ()):
                if text[start : start + length] in self._texts and start + length <= len(text):
                    yield start, start + length
            for end in range(start + _SHORTEST_SYMBOLS, min(start + _WHOLE_WORDS, len(text)) + 1):
                if text[start:end] in self._short and not (apart and _is_part(text, start, end)):
                    yield start, end

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, text: str) -> bool:
        return folded(text) in self._kinds


def _said(text: str) -> Iterator[str]:
    """Give a text in every reading and spelling."""
    return (spelling for reading in readings(text) for spelling in spellings(reading))


def _is_telling(form: str) -> bool:
    """Say whether a text within another can be taken for an original."""
    if form.isdecimal():
        return len(form) >= _FEWEST_DIGITS
    has_case = form.lower() != form.upper() or form.isascii()
    return len(form) >= (_SHORTEST if has_case else _SHORTEST_SYMBOLS)


def _is_part(text: str, start: int, end: int) -> bool:
    """Say whether what stands there goes on as the same word; words of symbols have no such ends."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return _goes_on(before, text[start]) or _goes_on(text[end - 1], after)


def _goes_on(one: str, other: str) -> bool:
    return (one.isalpha() and other.isalpha() and one.lower() != one.upper()) or (one.isdecimal() and other.isdecimal())
