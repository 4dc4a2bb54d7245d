"""Names in code and random texts: how a key is told from what only begins like one."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NAMED_HASH", "OF_KEYS", "SHORTEST", "are_groups", "is_hash", "may_be_hash", "reads_like_a_name"]

SHORTEST: Final = 16
"""How many characters a key has at least after its prefix."""

_SHORTEST_ODD: Final = 12
_FEWEST_CHARACTERS: Final = 6  # xxxx1111xxxx1111 is a placeholder
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_OF_A_NAME: Final = re.compile(r"[0-9]+|[0-9]{8}[Tt][0-9]{4,9}[Zz]?|[0-9]{4}W[0-9]{2}|(?P<letters>[A-Za-z]+)[0-9]{0,4}")
_NUMBERED: Final = re.compile(r"[a-z]{0,4}[0-9]{1,3}[a-z]{1,2}")  # 5xx, http2xx, run03b
_IDENTIFIER: Final = re.compile(r"\w+", re.ASCII)
_SHORTEST_GROUP: Final = 4
_FEWEST_GROUPS: Final = 3
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LETTERS_OF_A_WORD: Final = (
    3,
    3.5,
)  # on average, in a part that is short or long; letters of both cases at random: 2.7
_FEWEST_VOWELS: Final = 0.3  # of words in a row; single ones in German have a sixth, and random letters a fifth
_VOWEL: Final = re.compile("[aeiouy]", re.IGNORECASE)
_ONE_SOUND: Final = "sch|c[hk]|[pst]h|ng|st|tz"
_CONSONANT: Final = "[b-df-hj-np-tv-wz]"  # x stands for anything
_NO_WORD: Final = re.compile(  # so many consonants, as they are written, which is seen fast, and as they are spoken
    rf"(?={_CONSONANT}{{6}})(?>{_ONE_SOUND}|{_CONSONANT}){{6}}", re.IGNORECASE
)


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
    if len(text) < SHORTEST or len(set(text)) < _FEWEST_CHARACTERS:
        return True
    odd = [part for part in re.split(r"[^A-Za-z0-9]+", text) if not _is_of_a_name(part)]
    if odd and are_groups(text):
        return False
    if _IDENTIFIER.fullmatch(text):
        odd = [part for part in odd if not _NUMBERED.fullmatch(part)]
    return sum(map(len, odd)) < _SHORTEST_ODD


def are_groups(text: str) -> bool:
    """Whether a text has groups of as many letters and digits each, at least three of at least four, as keys may.

    Examples
    --------
    >>> are_groups("AB3DE-FG5HJ-KL7MN"), are_groups("leads-by-week"), are_groups("AB3DE_FG5HJ_KL7MN")
    (True, False, False)
    """
    groups = text.split("-")
    lengths = {len(group) if group.isalnum() and group.isascii() else 0 for group in groups}
    return len(groups) >= _FEWEST_GROUPS and len(lengths) == 1 and min(lengths) >= _SHORTEST_GROUP


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
    words = _WORD.findall(letters)
    average = _LETTERS_OF_A_WORD[len(letters) >= _SHORTEST_ODD]
    return len(letters) < 4 or (len(words) * average <= len(letters) and _can_be_said(letters, words))


def _can_be_said(letters: str, words: list[str]) -> bool:
    if not _NO_WORD.search(letters):
        return True
    # One word ends with consonants, and the next begins with some.
    vowels = len(_VOWEL.findall(letters))
    return vowels >= _FEWEST_VOWELS * len(letters) and not any(_NO_WORD.search(word) for word in words)
