"""Names in code and random texts: how a key is told from what only begins like one."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["SHORTEST", "reads_like_a_name"]

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


def _is_of_a_name(part: str) -> bool:
    match = _OF_A_NAME.fullmatch(part)
    if match is None:
        return not part
    letters = match["letters"] or ""
    average = _LETTERS_OF_A_WORD[len(letters) >= _SHORTEST_ODD]
    return len(letters) < 4 or (not _NO_WORD.search(letters) and len(_WORD.findall(letters)) * average <= len(letters))
