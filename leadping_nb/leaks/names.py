"""Names in code and random texts: how a key is told from what only begins like one."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NAMED_HASH", "OF_KEYS", "SHORTEST", "is_hash", "may_be_hash", "reads_like_a_name"]

SHORTEST: Final = 16
"""How many characters a key has at least after its prefix."""

_SHORTEST_ODD: Final = 12
_FEWEST_CHARACTERS: Final = 6  # xxxx1111xxxx1111 is a placeholder
_OF_A_NAME: Final = re.compile(r"[0-9]+|[0-9]{8}[Tt][0-9]{4,9}[Zz]?|(?P<letters>[A-Za-z]+)[0-9]{0,4}")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LETTERS_OF_A_WORD: Final = (
    3,
    3.5,
)  # on average, in a part that is short or long; letters of both cases at random: 2.7
_NO_WORD: Final = re.compile(r"[b-df-hj-np-tv-wz]{6}", re.IGNORECASE)  # so many consonants; x stands for anything


def reads_like_a_name(text: str) -> bool:
    """Whether a text reads like a name in code, and not like something random.

    Examples
    --------
    >>> reads_like_a_name("frame_of_leads_2026_07")
    True
    >>> reads_like_a_name("test0123example456789ABCdef")
    False
    """
    if _UUID.fullmatch(text):
        return False
    odd = sum(len(part) for part in re.split(r"[^A-Za-z0-9]+", text) if not _is_of_a_name(part))
    return len(text) < SHORTEST or odd < _SHORTEST_ODD or len(set(text)) < _FEWEST_CHARACTERS


_HASH: Final = (  # MD5, SHA-1, SHA-256, SHA-512
    r"[0-9a-f]{32}(?:[0-9a-f]{8}(?:[0-9a-f]{24}(?:[0-9a-f]{64})?+)?+)?+(?![0-9a-f])"
)
_SUFFIX: Final = r"(?:\.[a-z][a-z0-9]{0,8}){0,2}"
NAMED_HASH: Final = rf"(?P<name>[a-z]{{3,}}+[_./-](?:(?:[a-z]++|v?+[0-9]{{1,4}}+)[_./-])*+){_HASH}{_SUFFIX}"
"""A hash after a name, as a pattern."""
OF_KEYS: Final = re.compile(
    r"api|auth|business|dev|key|live|org|pat|priv|prod|pub|secret|source|src|staging|test|token|user|whsec"
)
"""Words of keys: a name with one of them makes no hash of the digits after it."""


def is_hash(text: str) -> bool:
    """Whether a text is a hash: 32, 40, 64 or 128 lower-case hexadecimal digits after a name, and maybe a suffix.

    A name with a word of keys in it, such as ``live``, makes none, and without a name the digits may be a key.

    Examples
    --------
    >>> is_hash("cache_9f86d081884c7d659a2feaa0c55ad015"), is_hash("9f86d081884c7d659a2feaa0c55ad015")
    (True, False)
    """
    named = re.fullmatch(NAMED_HASH, text)
    return named is not None and OF_KEYS.search(named["name"]) is None


def may_be_hash(text: str) -> bool:
    """Whether a text is as many lower-case hexadecimal digits as a hash has, and maybe a suffix, without a name before.

    Examples
    --------
    >>> may_be_hash("9f86d081884c7d659a2feaa0c55ad015"), may_be_hash("9f86d081884c7d659a2feaa0c55ad")
    (True, False)
    """
    return re.fullmatch(_HASH + _SUFFIX, text) is not None


def _is_of_a_name(part: str) -> bool:
    match = _OF_A_NAME.fullmatch(part)
    if match is None:
        return not part
    letters = match["letters"] or ""
    average = _LETTERS_OF_A_WORD[len(letters) >= _SHORTEST_ODD]
    return len(letters) < 4 or (not _NO_WORD.search(letters) and len(_WORD.findall(letters)) * average <= len(letters))
