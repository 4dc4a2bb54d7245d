"""The words in names, and which of them were exchanged for others throughout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["Exchange", "likeness", "words"]

_WORD = re.compile(r"\{\}|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST = 300
_MOST_KEPT = 10_000
_OFTEN = 2  # how many renames must exchange a word before it counts as exchanged throughout


@lru_cache(_MOST_KEPT)
def words(name: str) -> tuple[str, ...]:
    """Give the words of a name or path in lower case, each in the singular; ``{}`` is one.

    Examples
    --------
    >>> words("PagedResultOfLeadTableRow")
    ('paged', 'result', 'of', 'lead', 'table', 'row')
    >>> words("/businesses/{}/lead-statuses")
    ('business', '{}', 'lead', 'status')
    """
    return tuple(_singular(word.lower()) for word in _WORD.findall(name[:_LONGEST]))


def likeness(one: str, other: str) -> float:
    """Say how many words two names share, from 0 to 1; their order does not count.

    Examples
    --------
    >>> likeness("currentDisposition", "currentStatus")
    0.5
    """
    first, second = words(one), words(other)
    if not first or not second:
        return 0.0
    if len(first) == len(set(first)) and len(second) == len(set(second)):
        shared = len(set(first) & set(second))
    else:
        shared = (Counter(first) & Counter(second)).total()
    return 2 * shared / (len(first) + len(second))


class Exchange:
    """Words that several renames exchanged alike, such as business for organization.

    Parameters
    ----------
    renames
        Pairs of names, before and after.

    Examples
    --------
    >>> exchange = Exchange([("BusinessRow", "OrganizationRow"), ("BusinessState", "OrganizationState")])
    >>> exchange.explains("businessId", "organizationId")
    True
    >>> exchange.said("businessId")
    'business is now organization'
    """

    def __init__(self, renames: Iterable[tuple[str, str]]) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for before, after in renames:
            old, new = words(before), words(after)
            if len(old) == len(new) and set(old) & set(new):
                counts.update({pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]})
        self._new = {old: new for (old, new), count in reversed(counts.most_common()) if count >= _OFTEN}

    def explains(self, before: str, after: str) -> bool:
        """Whether exchanging the words makes one name of the other, and there was something to exchange."""
        old = words(before)
        return self._changes(old) and tuple(self._new.get(word, word) for word in old) == words(after)

    def said(self, before: str) -> str:
        """Say which words of a name are exchanged."""
        return ", ".join(
            dict.fromkeys(f"{word} is now {self._new[word]}" for word in words(before) if word in self._new)
        )

    def _changes(self, old: tuple[str, ...]) -> bool:
        return any(word in self._new for word in old)


def _singular(word: str) -> str:
    if word.endswith("ses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word
