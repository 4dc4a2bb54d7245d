"""What a text is by its looks alone: an address, a number, a word of a program."""

from __future__ import annotations

import re

from leadping_nb.recording.kinds import Kind

__all__ = ["LONG_NUMBER", "NAME", "TELEPHONE", "by_looks", "reads_like_a_word"]

NAME = re.compile(r"[^\s,;:/()\"&|+]+")
"""One name of several that a person has."""
TELEPHONE = re.compile(r"[+\d][\d ().x/-]{2,24}|\(\d{3}\)[\d -]{7,12}")
"""What a field of telephone numbers may hold as one."""
LONG_NUMBER = 7
"""From so many digits a whole number that no model names may be a telephone number or an id."""
_WORD = re.compile(r"(?=.*[^\W\d])(?!.*\d{5})[\w .,:/+()&'-]{1,48}|#[0-9a-fA-F]{3,8}")
_MOST_WORDS = 5
_DIGIT = re.compile(r"\d")

_LOOKS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), Kind.EMAIL),
    (re.compile(r"\+[\d ().-]{7,20}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"), Kind.PHONE),
    (re.compile(r"(\d{1,3}\.){3}\d{1,3}"), Kind.IP),
    (re.compile(r"https?://\S+"), Kind.URL),
    (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), Kind.ID),
)


def by_looks(text: str) -> Kind | None:
    """Say what a text is, wherever it stands; None where its looks do not tell.

    Examples
    --------
    >>> by_looks("ada@example.org").value, by_looks("Ada")
    ('e-mail address', None)
    """
    return next((kind for pattern, kind in _LOOKS if pattern.fullmatch(text.strip())), None)


def reads_like_a_word(text: str) -> bool:
    """Say whether a text is short and plain enough to be a word that a program uses.

    Examples
    --------
    >>> reads_like_a_word("no_answer"), reads_like_a_word("call 512 555 0147")
    (True, False)
    """
    is_short = len(text.split()) <= _MOST_WORDS and len(_DIGIT.findall(text)) < LONG_NUMBER
    return is_short and bool(_WORD.fullmatch(text)) and by_looks(text) is None
