"""Completion codes: a few characters to read out at the end, which a teacher verifies without any connection.

A code holds which parts are done, a random number, so that two attendees have two codes, and a proof over both. It is
written in Crockford's base 32, whose characters nobody confuses, and its last one catches every single wrong character.

What it is not: a seal. The key to the proof is in this file for everybody to read, so whoever can program can make a
code. The teacher's word, told in the room, is part of the key and makes codes of another day worthless here; for an
afternoon among colleagues that is enough, and for an exam it is not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from leadping_nb.arguments import TEXT, refused, whole
from leadping_nb.errors import LeadpingError

__all__ = ["CompletionCode", "Verification", "completion_code", "verify"]

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LEFT_OUT: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})  # blanks, hyphens and what is not seen
_LEFT_OUT_TOO: Final = ".,\N{MINUS SIGN}\N{HYPHEN BULLET}"
_KEY: Final = b"leadping_nb workshop, first edition"
_PARTS: Final = 6
_NONCE_BITS, _PROOF_BITS, _BITS = 19, 30, 5
_LENGTH: Final = (_NONCE_BITS + _PARTS + _PROOF_BITS) // _BITS + 1
_GROUP: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class CompletionCode:
    """A code to read out."""

    text: str
    """The code, in groups of four."""
    parts: tuple[int, ...]
    """The parts that it says are done."""

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"{self.text}: {_said(self.parts)}"

    def _repr_html_(self) -> str:
        return f"<p><strong><code>{self.text}</code></strong><br>{_said(self.parts)} Read it out to your teacher.</p>"


@dataclass(frozen=True, slots=True, repr=False)
class Verification:
    """What a code says, and whether to believe it."""

    genuine: bool
    """Whether this toolkit made it with that word."""
    parts: tuple[int, ...]
    """The parts that are done; none unless it is genuine."""
    why: str
    """The verdict in a sentence."""

    @property
    def parts_done(self) -> int:
        """How many of the six parts are done."""
        return len(self.parts)

    def __repr__(self) -> str:
        return f"{'✓ genuine' if self.genuine else '✗ not genuine'}: {self.why}"

    def _repr_html_(self) -> str:
        return f"<p><strong>{'✓ Genuine' if self.genuine else '✗ Not genuine'}.</strong> {self.why}</p>"


def completion_code(parts: Collection[int], *, word: str = "", nonce: int | None = None) -> CompletionCode:
    """Make a code for the parts that are done.

    Parameters
    ----------
    parts
        Their numbers, from 1 to 6.
    word
        The teacher's word, in any case and spacing.
    nonce
        The random number in it; a new one unless given.

    Raises
    ------
    LeadpingError
        If the word is no text.

    Examples
    --------
    >>> completion_code((1, 2, 3), word="blue", nonce=7)
    000E-7YCV-SCM6: 3 of 6 parts are done: 1, 2, 3.
    """
    _require_text(word)
    done = tuple(sorted({number for number in _numbers(parts) if 1 <= number <= _PARTS}))
    if nonce is not None:
        nonce = whole("nonce", nonce, least=0)
    chance = secrets.randbits(_NONCE_BITS) if nonce is None else nonce % (1 << _NONCE_BITS)
    said = chance << _PARTS | sum(1 << (number - 1) for number in done)
    digits = _digits(said << _PROOF_BITS | _proof(said, word), _LENGTH - 1)
    digits += _DIGITS[_remainder(digits + "0")]
    groups = (digits[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))
    return CompletionCode("-".join(groups), done)


def verify(code: str, *, word: str = "") -> Verification:
    """Say whether a code is genuine and what it says; nothing is asked of any other machine.

    Parameters
    ----------
    code
        As it was read out: small letters, blanks and hyphens of any kind do not matter; O is read as 0, I and L as 1.
    word
        The word that was told to the attendees.

    Raises
    ------
    LeadpingError
        If the word is no text.

    Examples
    --------
    >>> verify("oooe 7ycv scm6", word="Blue")
    ✓ genuine: 3 of 6 parts are done: 1, 2, 3.
    >>> verify("000E-7YCV-SCM8", word="blue").genuine
    False
    """
    _require_text(word)
    heard = (each for each in str(code) if unicodedata.category(each) not in _LEFT_OUT and each not in _LEFT_OUT_TOO)
    digits = "".join(heard).upper().translate(_READ_AS)
    if len(digits) != _LENGTH:
        return Verification(False, (), f"It has {len(digits)} characters, and a code has {_LENGTH}.")
    strange = next((place for place, digit in enumerate(digits, 1) if digit not in _DIGITS), None)
    if strange is not None:
        return Verification(False, (), f"Character {strange} is none that a code has.")
    value = _remainder(digits)
    if value:
        return Verification(False, (), "A character was misheard, or two were swapped: have it read out once more.")
    number = 0
    for digit in digits[:-1]:
        number = number << _BITS | _DIGITS.index(digit)
    said, proof = number >> _PROOF_BITS, number & ((1 << _PROOF_BITS) - 1)
    if not hmac.compare_digest(str(proof), str(_proof(said, word))):
        return Verification(False, (), "It was made with another word, or not by this toolkit.")
    done = tuple(part for part in range(1, _PARTS + 1) if said >> (part - 1) & 1)
    return Verification(True, done, _said(done))


def _require_text(word: object) -> None:
    if not TEXT.holds(word):
        raise LeadpingError(
            f"The word is of type {type(word).__name__}, and a text is asked for.",
            hint='Put it in quotes, such as word="blue"; leave it out if no word was given.',
        )


def _numbers(parts: object) -> Iterable[int]:
    if isinstance(parts, str | bytes) or not isinstance(parts, Iterable):
        raise refused("parts", parts, "a list of numbers", hint=f"Give the parts that are done, from 1 to {_PARTS}.")
    return (whole("parts", number) for number in parts)


def _said(done: tuple[int, ...]) -> str:
    listed = f": {', '.join(map(str, done))}" if done else ""
    return f"{len(done)} of {_PARTS} parts {'is' if len(done) == 1 else 'are'} done{listed}."


def _proof(said: int, word: str) -> int:
    key = _KEY + b"\0" + "".join(word.split()).casefold().encode()
    digest = hmac.new(key, said.to_bytes(8, "big"), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - _PROOF_BITS)


def _digits(number: int, length: int) -> str:
    return "".join(_DIGITS[number >> (_BITS * place) & 31] for place in reversed(range(length)))


def _remainder(digits: str) -> int:
    """Weigh the characters, each by another power of 2 in the field of 32 elements; a whole code weighs nothing."""
    weight = 0
    for digit in digits:
        weight = _doubled(weight) ^ _DIGITS.index(digit)
    return weight


def _doubled(element: int) -> int:
    twice = element << 1
    return twice ^ 0b100101 if twice & 0b100000 else twice  # x⁵ + x² + 1, whose powers of 2 repeat after 31
