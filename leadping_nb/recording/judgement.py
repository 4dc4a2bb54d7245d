"""What becomes of one value: replaced as what, or left alone and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from leadping_nb.recording.json_text import Number
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.making import CONSTANTS
from leadping_nb.recording.originals import Originals
from leadping_nb.recording.walking import Place

__all__ = ["TIME", "Judge", "Judgement"]

TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
)
"""A date, a time of day, or both."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_CODE_LIKE = re.compile(r"(?=.*[^\W\d])(?!.*\d{5})[\w .,:/+()&'-]{1,48}|#[0-9a-fA-F]{3,8}")
_MOST_WORDS = 5
_TIME_WHY = "time"
_NUMBER_AS_TEXT = re.compile(r"-?\d{1,4}(\.\d+)?|true|false")
_TELEPHONE = re.compile(r"[+\d][\d ().x/-]{2,24}|\(\d{3}\)[\d -]{7,12}")
_UNNAMED_NUMBER = 7
"""From so many digits a whole number that no model names may be a telephone number or an id."""

# What a text is by its looks, wherever it stands.
_LOOKS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), Kind.EMAIL),
    (re.compile(r"\+[\d ().-]{7,20}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"), Kind.PHONE),
    (re.compile(r"(\d{1,3}\.){3}\d{1,3}"), Kind.IP),
    (re.compile(r"https?://\S+"), Kind.URL),
    (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), Kind.ID),
)
_BY_LOOKS = frozenset({Kind.TEXT, Kind.LABEL, Kind.PERSON, Kind.ID, Kind.WORD})
"""Kinds of fields in which anything may stand, so that looks decide."""
_JOINED = (Kind.ID, Kind.EMAIL, Kind.PHONE, Kind.PERSON)
"""Kinds that are known again in any such field, so that what joins by them goes on joining; the surest first."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a value."""

    kind: Kind | None
    """What it is replaced as; None where it is left alone."""
    why: str
    """What it is."""


class Judge:
    """Judges values; first it sees all of them, and then it knows which texts are whose.

    Parameters
    ----------
    vocabulary
        The names and enumerations of the contract.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.originals = Originals()
        """What must not survive."""
        self.own = set(vocabulary)
        """Texts that are the API's own wherever they stand, and once all is settled also the words of this account."""
        self.spared = 0
        """How many originals are such a text or stand in every stand-in of a kind, so that nobody looks for them."""
        self._joined: dict[str, Kind] = {}
        self._words: set[str] = set()
        self._births: set[str] = set()
        self._times: set[str] = set()
        self._is_settled = False

    def see(self, place: Place, value: object) -> None:
        """Take note of a value before anything is replaced."""
        judged = self.judge(place, value)
        kind = judged.kind
        if kind is None:
            if judged.why == _TIME_WHY:
                self._times.add(str(value))
            if place.kind is Kind.WORD and isinstance(value, str):
                self._words.add(value)
            return
        text = str(value)
        if place.kind is Kind.BIRTH:
            self._births.add(text)
        self.originals.add(kind, text)
        if kind in _JOINED:
            for form in (text, *text.split()) if kind is Kind.PERSON else (text,):
                known = self._joined.get(form, kind)
                self._joined[form] = min(kind, known, key=_JOINED.index)

    def settle(self) -> None:
        """Decide, once all values were seen, which texts are words of the API and nobody's."""
        self._is_settled = True
        self.own |= {
            word for word in self._words - self._joined.keys() if len(word.split()) == 1 and word in self.originals
        }
        self.own |= {time for time in self._times - self._births if time in self.originals}
        self.spared = self.originals.spare(self.own) + self.originals.spare_within(CONSTANTS)
        self.own |= {word for word in self._words if self.originals.surviving(word) is None}
        for word in self._words - self.own:
            self.originals.add(Kind.LABEL, word)

    def judge(self, place: Place, value: object) -> Judgement:
        """Say what becomes of a text, number or boolean."""
        if isinstance(value, Number):
            return self._number(place, value)
        if isinstance(value, str):
            return self._text(place, value)
        return Judgement(None, "yes or no")

    def key(self, key: str) -> Kind | None:
        """Say what a key that no model knows is replaced as; None where it stays."""
        if key in self._joined:
            return self._joined[key]
        reads_well = _reads_like_a_word(key) and len(key.split()) == 1 and self.originals.surviving(key) is None
        return None if key in self.own or reads_well else _by_looks(key) or Kind.LABEL

    def _number(self, place: Place, value: Number) -> Judgement:
        if place.kind is Kind.COORDINATE:
            return Judgement(Kind.COORDINATE, Kind.COORDINATE.value)
        digits = value.lstrip("-")
        may_be_an_id = len(digits) >= _UNNAMED_NUMBER or place.kind in (Kind.ID, Kind.PHONE, Kind.CODE)
        if not place.is_known and digits.isdecimal() and may_be_an_id:
            return Judgement(Kind.ID, Kind.ID.value)
        return Judgement(None, "number")

    def _text(self, place: Place, text: str) -> Judgement:
        field = place.field
        if not text.strip():
            return Judgement(None, "empty")
        if field is not None and text in field.enum:
            return Judgement(None, "value of an enumeration")
        if field is not None and field.type in ("integer", "number", "boolean") and _NUMBER_AS_TEXT.fullmatch(text):
            return Judgement(None, "number")
        if place.kind in (Kind.TEXT, Kind.WORD) and TIME.fullmatch(text):
            return self._time(place, text)
        if place.kind is Kind.WORD and place.is_known and self._is_word(text):
            return Judgement(None, Kind.WORD.value)
        kind = self._kind(place.kind, text)
        return Judgement(kind, kind.value)

    def _time(self, place: Place, text: str) -> Judgement:
        """Leave a time alone, but not a date that may be of a birth."""
        if place.field is None and _DATE.fullmatch(text):
            return Judgement(Kind.BIRTH, "date that no model names")
        if self._is_settled and text in self._births:
            return Judgement(Kind.BIRTH, Kind.BIRTH.value)
        return Judgement(None, _TIME_WHY)

    def _kind(self, kind: Kind, text: str) -> Kind:
        if kind is Kind.PHONE and not _TELEPHONE.fullmatch(text.strip()):
            return self._joined.get(text) or _by_looks(text) or Kind.ID
        if kind not in _BY_LOOKS:
            return kind
        known = None if kind is Kind.ID else self._joined.get(text)
        return known or _by_looks(text) or (Kind.LABEL if kind is Kind.WORD else kind)

    def _is_word(self, text: str) -> bool:
        """Say whether a text is a word of the API; before all was seen, whether it reads like one."""
        return text in self.own if self._is_settled else _reads_like_a_word(text)


def _reads_like_a_word(text: str) -> bool:
    return bool(_CODE_LIKE.fullmatch(text)) and len(text.split()) <= _MOST_WORDS and _by_looks(text) is None


def _by_looks(text: str) -> Kind | None:
    return next((kind for pattern, kind in _LOOKS if pattern.fullmatch(text.strip())), None)
