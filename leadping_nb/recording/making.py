"""Making one stand-in of each kind: the shape of the original, drawn by dice, and nobody's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from leadping_nb.recording import invented
from leadping_nb.recording.births import is_part
from leadping_nb.recording.dice import Dice
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.zones import neighbours

__all__ = ["CONSTANTS", "MAKERS", "NORTH_AMERICAN", "cased"]

_SAME_SHAPE = 40
"""How many draws keep the shape; where it has no room for more, later ones are longer."""
_DIGITS, _NOT_NOUGHT = "0123456789", "123456789"
_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEX = "0123456789abcdef"
_WORD = re.compile(r"[^\W_]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UUID_FIXED = (14, 19)  # where RFC 9562 puts version and variant
_PREFIX = re.compile(r"([a-z]+)_(?=.)")
_EXTENSIONS = (
    "csv",
    "gif",
    "htm",
    "html",
    "jpeg",
    "jpg",
    "json",
    "mp3",
    "mp4",
    "pdf",
    "png",
    "svg",
    "wav",
    "webp",
    "zip",
)
_EXTENSION = re.compile(rf"\.(?:{'|'.join(_EXTENSIONS)})(?=$|[?#])")
_MAILBOXES = ("com", "net", "org")
_NO_DOMAIN = ".example"
_SITE = "://www.example.com/"
_AGENT = "Mozilla/5.0 (example) Browser/"
_UNIT = "Unit "
_LIFETIME = 100  # years: so much earlier is a birth where somebody was born on each day of the year
_NO_STATES = "EJXZ"  # no state or province begins so
_BAND = 15  # degrees: as wide as a time zone
_SHORTEST_NUMBER = 8  # fewer digits are a short code or an extension
NORTH_AMERICAN = 11
"""How many digits a telephone number of North America has with its country, 1."""


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
    return f"{name}.{dice.letters(_DIGITS, 6)}@example.{dice.pick(_MAILBOXES)}"


def _phone(digits: str, dice: Dice, attempt: int) -> str:
    if len(digits) == NORTH_AMERICAN and digits[0] == "1":
        if attempt < 4 * _SAME_SHAPE:  # 555-0100 to 555-0199 are for fiction, in every area
            area = dice.pick("23456789") + dice.pick("02345678") + dice.pick(_DIGITS)
            return f"1{area}55501{dice.letters(_DIGITS, 2)}"
        return f"1{dice.pick('23456789')}9{dice.pick(_DIGITS)}555{dice.letters(_DIGITS, 4)}"  # no area has a 9 there
    if len(digits) < _SHORTEST_NUMBER:
        return _number(digits, dice) + dice.letters(_DIGITS, attempt // _SAME_SHAPE)
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
    scrambled = _WORD.sub(
        lambda word: _number(word[0], dice) if word[0].isdecimal() else dice.letters(_alphabet(word[0]), len(word[0])),
        text,
    )
    return scrambled + dice.letters(_DIGITS, more)


def _number(digits: str, dice: Dice) -> str:
    """Draw as many digits; the first is a nought only where it was, so that numbers of JSON stay such."""
    first = dice.pick(_DIGITS if digits.startswith("0") else _NOT_NOUGHT)
    return first + dice.letters(_DIGITS, len(digits) - 1)


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
        return f"{_UNIT}{1 + dice.below(most)}"
    name = f"{dice.pick(invented.STARTS)}{dice.pick(invented.TOWN_ENDINGS)}"
    return f"{1 + dice.below(most)} {name} {dice.pick(invented.STREETS)}"


def _town(_text: str, dice: Dice, attempt: int) -> str:
    middle = dice.pick(invented.MIDDLES) if attempt >= _SAME_SHAPE else ""
    quality = f"{dice.pick(invented.QUALITIES)} " if attempt >= 2 * _SAME_SHAPE else ""
    return f"{quality}{dice.pick(invented.STARTS)}{middle}{dice.pick(invented.TOWN_ENDINGS)}"


def _state(text: str, dice: Dice, attempt: int) -> str:
    if len(text) > 3:
        return _town(text, dice, attempt)
    near = neighbours(text.upper())
    if near and attempt < _SAME_SHAPE:
        return dice.pick(near)
    return dice.pick(_NO_STATES) + dice.letters(_UPPER, len(text) - 1 + attempt // (4 * _SAME_SHAPE))


def _url(text: str, dice: Dice, _attempt: int) -> str:
    scheme, separator, rest = text.partition("://")
    tail = dice.letters(_HEX, 12)
    extension = _EXTENSION.search(rest or scheme)
    ending = extension[0] if extension else ""
    if separator:
        return f"{scheme if scheme in ('http', 'https') else 'https'}{_SITE}{tail}{ending}"
    return (
        f"/{tail}{ending}" if text.startswith("/") else f"{dice.pick(invented.THINGS).lower()}-{tail[:6]}{_NO_DOMAIN}"
    )


def _ip(text: str, dice: Dice, attempt: int) -> str:
    if ":" in text:  # RFC 3849
        return "2001:db8:" + ":".join(f"{dice.below(1 << 16):x}" for _ in range(6))
    if attempt < _SAME_SHAPE:
        return f"198.{18 + dice.below(2)}.{dice.below(256)}.{dice.below(256)}"  # RFC 2544: tests of networks
    return f"10.{dice.below(256)}.{dice.below(256)}.{dice.below(256)}"  # RFC 1918: nobody's on the Internet


def _agent(_text: str, dice: Dice, _attempt: int) -> str:
    return f"{_AGENT}{1 + dice.below(20)}.{dice.below(10)}"


def _birth(text: str, dice: Dice, attempt: int) -> str:
    """Draw a day in the year of a date, or other digits and letters for what is none."""
    try:
        year = date.fromisoformat(text).year - _LIFETIME * (attempt // (4 * _SAME_SHAPE))
    except ValueError:
        if is_part(text) and len(text) <= 2:  # a month or a day
            return str(1 + dice.below(12)) if int(text) <= 12 else str(13 + dice.below(16))
        return _scrambled(text, dice, attempt)
    return (date(max(1, year), 1, 1) + timedelta(days=dice.below(365))).isoformat()


def _coordinate(text: str, dice: Dice, attempt: int) -> str:
    """Draw a place elsewhere in about the same time zone: ten degrees around the middle of a band."""
    try:
        middle = round(float(text) / _BAND) * _BAND
    except (ValueError, OverflowError):
        return _scrambled(text, dice, attempt)
    west = "-" if text.startswith("-") else ""
    degrees = max(0, abs(middle) - 5 + dice.below(10))
    return f"{west}{degrees}.{dice.letters(_NOT_NOUGHT, 2 + attempt // _SAME_SHAPE)}"


def cased(original: str, fake: str) -> str:
    """Write a stand-in in capitals or small letters where the original is."""
    if original.isupper() and len(original) > 1:
        return fake.upper()
    return fake.lower() if original.islower() else fake


MAKERS: Mapping[Kind, Callable[[str, Dice, int], str]] = {
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
"""What makes a stand-in of each kind but free text, from the original, dice, and how many draws were of no use."""

CONSTANTS = re.compile(
    "|".join(
        (
            rf"@example\.(?:{'|'.join(_MAILBOXES)})(?!\w)",
            rf"https?{re.escape(_SITE)}",
            rf"{_EXTENSION.pattern}",
            rf"(?<!\w)(?:{'|'.join(sorted(invented.PREFIXES))})_",
            re.escape(_AGENT).replace(r"\.", r"\.?"),  # also where signs between digits are left out
            rf"(?<!\w){_UNIT}(?=\d)",
            rf"{re.escape(_NO_DOMAIN)}(?!\w)",
        )
    ),
    re.IGNORECASE,
)
"""What the makers write whatever the dice say: no other draw is without it, and nobody takes it for an original."""
