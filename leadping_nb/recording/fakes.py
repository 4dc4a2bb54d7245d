"""Stand-ins: for each original a text of the same shape that is nobody's, the same wherever it comes.

A stand-in is drawn by HMAC from the seed, its kind and the original. One that is taken, or that holds an original, is
drawn again, so no two originals of a kind share one and no original comes back as the stand-in of another.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from leadping_nb.recording import invented
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.originals import Originals

__all__ = ["Fakes"]

_T = TypeVar("_T")

_SAME_SHAPE = 40
"""How many draws keep the shape; where it has no room for more, later ones are longer."""
_MOST_DRAWS = 1_000
"""After so many draws a stand-in may hold an original; the search at the end then finds it and says so."""
_DIGITS, _LOWER, _UPPER = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEX = "0123456789abcdef"
_WORD = re.compile(r"[^\W_]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UUID_FIXED = (14, 19)  # where RFC 9562 puts version and variant
_PREFIX = re.compile(r"([a-z]+)_(?=.)")
_EXTENSION = re.compile(r"\.(?:csv|gif|html?|jpe?g|json|mp3|mp4|pdf|png|svg|wav|webp|zip)(?=$|[?#])")
_DATE = re.compile(r"(\d{4})-\d\d-\d\d")
_NORTH_AMERICAN = 11  # digits of a number with its country, 1
_SHORTEST_NUMBER = 8  # fewer digits are a short code or an extension


class Dice:
    """A stream of chance that depends on a text and nothing else."""

    def __init__(self, key: bytes, text: str) -> None:
        self._key = key
        self._text = text.encode("utf-8", "surrogatepass")
        self._drawn = 0
        self._pool, self._room = 0, 1

    def below(self, limit: int) -> int:
        """Give a whole number from 0 to less than a limit."""
        if self._room < limit << 32:  # so many bits more than needed make the bias too small to see
            self._drawn += 1
            digest = hmac.digest(self._key, self._drawn.to_bytes(4, "big") + self._text, "sha256")
            self._pool, self._room = int.from_bytes(digest, "big"), 1 << 256
        self._pool, drawn = divmod(self._pool, limit)
        self._room //= limit
        return drawn

    def pick(self, options: Sequence[_T]) -> _T:
        """Give one of several."""
        return options[self.below(len(options))]

    def letters(self, alphabet: str, count: int) -> str:
        """Give a text of so many letters."""
        return "".join(self.pick(alphabet) for _ in range(count))


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
            return " ".join(_cased(word, self._drawn(kind, word)) for word in text.split())
        if kind is Kind.PHONE:
            return self._phone(text)
        fake = self._drawn(kind, text.strip())
        return _cased(text, fake) if kind in _CASELESS else fake

    def _drawn(self, kind: Kind, text: str) -> str:
        key = text.casefold() if kind in _CASELESS else text
        if (kind, key) not in self._known:
            self._known[kind, key] = self._draw(kind, key, text)
        return self._known[kind, key]

    def _draw(self, kind: Kind, key: str, text: str) -> str:
        attempt = 0
        while True:
            dice = Dice(self._key, f"{kind.name}\0{key}\0{attempt}")
            fake = self._text(text, dice) if kind is Kind.TEXT else _MAKERS[kind](text, dice, attempt)
            attempt += 1
            if fake.casefold() == key.casefold() or (attempt < _MOST_DRAWS and self._touches(fake)):
                continue
            if kind in _SHARED:
                return fake
            if (kind, fake.casefold()) not in self._taken:
                self._taken.add((kind, fake.casefold()))
                return fake

    @cached_property
    def _fillers(self) -> tuple[str, ...]:
        return tuple(word for word in invented.FILLERS if not self._touches(word)) or ("…",)

    def _touches(self, fake: str) -> bool:
        return any(map(self._originals.touches, {fake, fake.lower(), fake.upper(), fake.capitalize()}))

    def _phone(self, text: str) -> str:
        """Keep all signs of a number and change its digits, so that all ways to write it stay ways to write one."""
        digits = "".join(filter(str.isdecimal, text))
        if not digits:
            return self._drawn(Kind.ID, text)
        whole = f"1{digits}" if len(digits) == _NORTH_AMERICAN - 1 and not text.strip().startswith("+") else digits
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


def _person(text: str, dice: Dice, attempt: int) -> str:
    letters = next((sign for sign in text if sign.isalpha()), "x")
    script = unicodedata.name(letters, "LATIN").split()[0].split("-")[0]
    if script in invented.LETTERS:
        count = max(1, sum(map(str.isalnum, text))) + attempt // _SAME_SHAPE
        return dice.letters(invented.LETTERS[script], count)
    if len(text) <= 2:
        tail = "." if text.endswith(".") else dice.letters(_LOWER, len(text) - 1)
        return dice.pick(_UPPER) + dice.letters(_LOWER, attempt // _SAME_SHAPE) + tail
    middle = dice.pick(invented.MIDDLES) if len(text) > 7 or attempt >= _SAME_SHAPE else ""
    more = dice.letters(_LOWER, attempt // (2 * _SAME_SHAPE))
    return dice.pick(invented.STARTS) + middle + more + dice.pick(invented.ENDINGS)


def _label(text: str, dice: Dice, attempt: int) -> str:
    number = f" {dice.below(10**3)}" if attempt >= 2 * _SAME_SHAPE else ""
    quality = "" if len(text.split()) == 1 and attempt < _SAME_SHAPE else f"{dice.pick(invented.QUALITIES)} "
    return f"{quality}{dice.pick(invented.THINGS)}{number}"


def _email(_text: str, dice: Dice, _attempt: int) -> str:
    name = f"{dice.pick(invented.STARTS)}{dice.pick(invented.ENDINGS)}".lower()
    return f"{name}.{dice.letters(_DIGITS, 6)}@example.{dice.pick(('com', 'net', 'org'))}"


def _phone(digits: str, dice: Dice, attempt: int) -> str:
    if len(digits) == _NORTH_AMERICAN and digits[0] == "1":
        if attempt < 4 * _SAME_SHAPE:  # 555-0100 to 555-0199 are for fiction, in every area
            area = dice.pick("23456789") + dice.pick("02345678") + dice.pick(_DIGITS)
            return f"1{area}55501{dice.letters(_DIGITS, 2)}"
        return f"1{dice.pick('23456789')}9{dice.pick(_DIGITS)}555{dice.letters(_DIGITS, 4)}"  # no area has a 9 there
    if len(digits) < _SHORTEST_NUMBER:
        return dice.letters(_DIGITS, len(digits) + attempt // _SAME_SHAPE)
    # After the country nobody's number goes on with 0.
    return digits[:2] + "0" + dice.letters(_DIGITS, len(digits) - 3 + attempt // _SAME_SHAPE)


def _id(text: str, dice: Dice, attempt: int) -> str:
    if _UUID.fullmatch(text):
        return "".join(
            sign if sign == "-" or at in _UUID_FIXED else dice.pick(_HEX.upper() if sign.isupper() else _HEX)
            for at, sign in enumerate(text)
        )
    found = _PREFIX.match(text)
    prefix = found[0] if found and found[1] in invented.PREFIXES else ""
    return prefix + _scrambled(text[len(prefix) :], dice, attempt)


def _scrambled(text: str, dice: Dice, attempt: int) -> str:
    more = attempt // _SAME_SHAPE
    if not _WORD.search(text):
        return dice.letters(_HEX, len(text) + more)
    scrambled = _WORD.sub(lambda word: dice.letters(_alphabet(word[0]), len(word[0])), text)
    return scrambled + dice.letters(_DIGITS, more)


def _alphabet(word: str) -> str:
    if len(word) >= _SHORTEST_NUMBER and set(word) <= set(_HEX) and not word.isdecimal():
        return _HEX
    kinds = ((_DIGITS, str.isdecimal), (_UPPER, str.isupper), (_LOWER, str.isalpha))
    found = {next((letters for letters, test in kinds if test(sign)), _LOWER) for sign in word}
    return "".join(letters for letters, _ in kinds if letters in found)


def _cursor(_text: str, dice: Dice, _attempt: int) -> str:
    return dice.letters(_HEX, 32)


def _street(text: str, dice: Dice, attempt: int) -> str:
    most = 10 ** (4 + attempt // _SAME_SHAPE)
    if len(_WORD.findall(text)) <= 2:  # such as "Apt 4"
        return f"Unit {1 + dice.below(most)}"
    name = f"{dice.pick(invented.STARTS)}{dice.pick(invented.TOWN_ENDINGS)}"
    return f"{1 + dice.below(most)} {name} {dice.pick(invented.STREETS)}"


def _town(_text: str, dice: Dice, attempt: int) -> str:
    middle = dice.pick(invented.MIDDLES) if attempt >= _SAME_SHAPE else ""
    quality = f"{dice.pick(invented.QUALITIES)} " if attempt >= 2 * _SAME_SHAPE else ""
    return f"{quality}{dice.pick(invented.STARTS)}{middle}{dice.pick(invented.TOWN_ENDINGS)}"


def _state(text: str, dice: Dice, attempt: int) -> str:
    if len(text) > 3:
        return _town(text, dice, attempt)
    if len(text) == 2 and attempt < 4 * _SAME_SHAPE:
        return dice.pick(invented.STATES)
    return dice.letters(_UPPER, len(text) + attempt // (8 * _SAME_SHAPE))


def _url(text: str, dice: Dice, _attempt: int) -> str:
    scheme, separator, rest = text.partition("://")
    tail = dice.letters(_HEX, 12)
    extension = _EXTENSION.search(rest or scheme)
    ending = extension[0] if extension else ""
    if separator:
        return f"{scheme if scheme in ('http', 'https') else 'https'}://www.example.com/{tail}{ending}"
    return f"/{tail}{ending}" if text.startswith("/") else f"{dice.pick(invented.THINGS).lower()}-{tail[:6]}.example"


def _ip(text: str, dice: Dice, attempt: int) -> str:
    if ":" in text:  # RFC 3849
        return "2001:db8:" + ":".join(f"{dice.below(1 << 16):x}" for _ in range(6))
    if attempt < _SAME_SHAPE:
        return f"198.{18 + dice.below(2)}.{dice.below(256)}.{dice.below(256)}"  # RFC 2544: tests of networks
    return f"10.{dice.below(256)}.{dice.below(256)}.{dice.below(256)}"  # RFC 1918: nobody's on the Internet


def _agent(_text: str, dice: Dice, _attempt: int) -> str:
    return f"Mozilla/5.0 (example) Browser/{1 + dice.below(20)}.{dice.below(10)}"


def _birth(text: str, dice: Dice, _attempt: int) -> str:
    found = _DATE.match(text)
    if found is None:
        return dice.letters(_LOWER, len(text))
    day = date(int(found[1]) or 1, 1, 1) + timedelta(days=dice.below(365))
    return day.isoformat() + text[found.end() :]


def _coordinate(text: str, dice: Dice, _attempt: int) -> str:
    west = "-" if text.startswith("-") else ""
    return f"{west}{25 + dice.below(24)}.{dice.letters('123456789', 2)}"


def _cased(original: str, fake: str) -> str:
    if original.isupper() and len(original) > 1:
        return fake.upper()
    return fake.lower() if original.islower() else fake


_CASELESS = frozenset({Kind.PERSON, Kind.LABEL, Kind.EMAIL, Kind.TOWN, Kind.STREET})
"""Kinds in which people write capitals as they like: the stand-in goes by the letters alone, in the original's case."""
_SHARED = frozenset({Kind.TEXT, Kind.AGENT, Kind.BIRTH, Kind.COORDINATE})
"""Kinds that nobody joins by: two originals may have one stand-in."""

_MAKERS: Mapping[Kind, Callable[[str, Dice, int], str]] = {
    Kind.PERSON: _person,
    Kind.LABEL: _label,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.STREET: _street,
    Kind.TOWN: _town,
    Kind.STATE: _state,
    Kind.CODE: _scrambled,
    Kind.ID: _id,
    Kind.URL: _url,
    Kind.IP: _ip,
    Kind.AGENT: _agent,
    Kind.BIRTH: _birth,
    Kind.COORDINATE: _coordinate,
    Kind.CURSOR: _cursor,
}
