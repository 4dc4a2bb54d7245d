"""What becomes of one value: replaced as what, or left alone and why."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadping_nb.recording.births import Birth, Births, is_part
from leadping_nb.recording.joins import WRITTEN_ANYWHERE, Joins
from leadping_nb.recording.json_text import Number
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.looks import LONG_NUMBER, TELEPHONE, by_looks, reads_like_a_word
from leadping_nb.recording.originals import Originals
from leadping_nb.recording.spellings import spellings
from leadping_nb.recording.times import TIME
from leadping_nb.recording.told import Told
from leadping_nb.recording.treatment import Judgement, Treatment
from leadping_nb.recording.walking import Place

__all__ = ["Judge", "text_of"]

_NUMBER_AS_TEXT = re.compile(r"-?\d{1,4}(\.\d+)?|true|false")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

_BY_LOOKS = frozenset({Kind.TEXT, Kind.LABEL, Kind.PERSON, Kind.ID, Kind.WORD, Kind.ZONE})
"""Kinds of fields in which anything may stand, so that looks decide."""
_OTHERWISE = {Kind.WORD: Kind.LABEL, Kind.ZONE: Kind.LABEL}
"""What a text counts as in a field of words that it is none of."""
_WITH_NUMBERS = frozenset({Kind.TEXT, Kind.WORD, Kind.LABEL, Kind.ZONE})
"""Kinds of fields in which a short number counts something and nobody."""
_OF_DIGITS = frozenset({Kind.PHONE, Kind.CODE})
"""Kinds of fields in which a number is no other kind of number."""
_OF_THINGS = frozenset({None, Kind.LABEL, Kind.TEXT})
"""What a text may be elsewhere and yet be a word of the API: the name of a source may be "website"."""


class Judge:
    """Judges values; first it sees all of them, and then it knows which texts are whose.

    Parameters
    ----------
    vocabulary
        The names and enumerations of the contract.
    zones
        The names of time zones.
    shift_times
        Whether times move.
    told
        Texts of which somebody says that they are about people, whatever they look like.
    """

    def __init__(self, vocabulary: Iterable[str], *, zones: frozenset[str], shift_times: bool, told: Told) -> None:
        self.originals = Originals()
        """What must not survive."""
        self.own = set(vocabulary)
        """Texts that are the API's own, and once all is settled also the words of this account."""
        self._zones = zones
        self._shift_times = shift_times
        self._joins = Joins()
        self._words: set[str] = set()
        self._births = Births()
        self._own_folded: set[str] = set()
        self._is_settled = False
        self._told = told
        for text in told:
            self.originals.add(Kind.LABEL, text)
            self._joins.add(Kind.LABEL, text)

    def see(self, place: Place, value: object) -> None:
        """Take note of a value before anything is replaced."""
        judged = self.judge(place, value)
        if isinstance(value, str):
            self._told.meet(value)
        if place.kind is Kind.WORD and judged.treatment is Treatment.LEFT and isinstance(value, str):
            self._words.add(value)
        if judged.treatment is Treatment.LEFT or judged.kind in (None, Kind.TIME, Kind.ZONE):
            return
        text = text_of(value)
        if judged.kind is Kind.BIRTH:
            self._births.add(text, is_named=place.kind is Kind.BIRTH)
        self.originals.add(judged.kind, text)
        if isinstance(value, Number) and place.kind not in (judged.kind, *_OF_DIGITS):
            self._joins.guess(text)
        else:
            self._joins.add(judged.kind, text)

    def settle(self) -> None:
        """Decide, once all values were seen, which texts are words of the API and nobody's."""
        self._is_settled = True
        self._joins.settle()
        free = {word for word in self._words if self._elsewhere(word) in _OF_THINGS}
        alone = {word for word in free if word in self.originals and len(word.split()) == 1}
        self.own |= {word for word in alone if self._names_nobody(word)}
        self._own_folded = {form for word in self.own for form in spellings(word)}
        self.own |= {word for word in free if self.holds(word) is None}
        for word in self._words - self.own:
            self.originals.add(Kind.LABEL, word)

    def holds(self, text: str) -> str | None:
        """Give an original that a text holds, or a name that it has as a word, unless that is a word of the API too."""
        own = self._own_folded
        return self.originals.surviving(text, but=own) or self.originals.called(text, but=own)

    def number(self, digits: str, *, is_numeric: bool = False) -> Kind | None:
        """Give what a whole number is as an original; None where it counts something, or not all was seen.

        Parameters
        ----------
        digits
            The number without its sign.
        is_numeric
            Whether a model says that a number stands there, so that only a long one is more than that.
        """
        if not self._is_settled or (is_numeric and not (len(digits) >= LONG_NUMBER and digits in self.originals)):
            return None
        joined = self._joins.kind(digits)
        return joined if joined in _OF_DIGITS else self.originals.number(digits) or (Kind.ID if is_numeric else None)

    def is_birth(self, text: str) -> bool:
        """Say whether a time is a date of birth that came elsewhere, in this time zone or another."""
        return self._is_settled and self._births.has(text)

    def judge(self, place: Place, value: object) -> Judgement:
        """Say what becomes of a text, number or boolean."""
        if isinstance(value, Number):
            return self._number(place, value)
        if isinstance(value, str):
            return self._text(place, value)
        return Judgement(None, "yes or no")

    def key(self, key: str) -> Kind | None:
        """Say what a key that no model knows is replaced as; None where it stays."""
        if (joined := self._joins.kind(key)) is not None:
            return joined
        reads_well = reads_like_a_word(key) and len(key.split()) == 1
        holds_nobody = self.originals.surviving(key) is None and self.originals.called(key) is None
        return None if key in self.own or (reads_well and holds_nobody) else by_looks(key) or Kind.LABEL

    def _elsewhere(self, word: str) -> Kind | None:
        """Say what a word is in fields that are no words; the name of a person before that of a thing."""
        return self._joins.kind(word) or self.originals.kind(word)

    def _names_nobody(self, word: str) -> bool:
        """Say whether a word holds no original but itself, and no name."""
        but = set(spellings(word))
        return self.originals.surviving(word, but=but) is None and self.originals.called(word) is None

    def _number(self, place: Place, value: Number) -> Judgement:
        if place.lists(value.whole or value):
            return Judgement(None, "value of an enumeration")
        if place.kind in (Kind.COORDINATE, Kind.BIRTH):
            return _changed(place.kind, value.whole or value)
        known = self.number(value.digits, is_numeric=place.is_numeric)
        if known is None and len(value.digits) >= LONG_NUMBER and not place.is_numeric:
            known = Kind.ID
        if known is not None:
            return _changed(place.kind if place.kind in _OF_DIGITS else known, value.digits)
        if place.is_numeric or place.kind in _WITH_NUMBERS or not _DECIMAL.fullmatch(value.whole or value):
            return Judgement(None, "number")
        return _changed(place.kind if place.kind in _OF_DIGITS else Kind.ID, value)

    def _text(self, place: Place, text: str) -> Judgement:
        if not text.strip():
            return Judgement(None, "empty")
        if place.lists(text):
            return Judgement(None, "value of an enumeration")
        if place.is_numeric and _NUMBER_AS_TEXT.fullmatch(text):
            return Judgement(None, "number")
        if place.kind is Kind.ZONE and text in self._zones:
            return Judgement(Kind.ZONE, Kind.ZONE.value, Treatment.MOVED)
        if place.kind in (Kind.TEXT, Kind.WORD) and TIME.fullmatch(text):
            return self._time(place, text)
        if place.kind is Kind.WORD and place.is_known and self._is_word(text):
            return Judgement(None, Kind.WORD.value)
        return _changed(self._kind(place.kind, text), text)

    def _time(self, place: Place, text: str) -> Judgement:
        """Leave a time alone or move it, but not a date that may be of a birth."""
        birth = None if place.is_time else Birth.read(text)
        has_words = place.is_known and place.kind is Kind.WORD
        if birth is not None and (birth.is_early or (birth.is_day and not has_words)):
            return Judgement(Kind.BIRTH, "date that no model names", Treatment.REPLACED)
        if self.is_birth(text):
            return _changed(Kind.BIRTH, text)
        if self._shift_times:
            return Judgement(Kind.TIME, Kind.TIME.value, Treatment.MOVED)
        return Judgement(None, Kind.TIME.value)

    def _kind(self, kind: Kind, text: str) -> Kind:
        known = self._joins.kind(text) if self._is_settled else None  # until then each field speaks for itself
        if kind is Kind.PERSON and TIME.fullmatch(text):
            return Kind.ID
        if kind is Kind.PHONE and not TELEPHONE.fullmatch(text.strip()):
            return known or by_looks(text) or Kind.ID
        if kind not in _BY_LOOKS:
            return kind
        by_id = kind is Kind.ID or (kind is Kind.LABEL and known not in WRITTEN_ANYWHERE)
        return (None if by_id else known) or by_looks(text) or _OTHERWISE.get(kind, kind)

    def _is_word(self, text: str) -> bool:
        """Say whether a text is a word of the API; before all was seen, whether it reads like one and like no date."""
        if text in self._told:
            return False
        return text in self.own if self._is_settled else reads_like_a_word(text) and Birth.read(text) is None


def text_of(value: object) -> str:
    """Give the text of a value: of a whole number its digits, however it was written."""
    return (value.whole or str(value)) if isinstance(value, Number) else str(value)


def _changed(kind: Kind, text: str) -> Judgement:
    """Judge a value that goes; a part of a date of birth has too few others to be nobody's."""
    if kind is Kind.BIRTH and is_part(text):
        return Judgement(kind, "part of a date of birth", Treatment.MOVED)
    return Judgement(kind, kind.value, Treatment.REPLACED)
