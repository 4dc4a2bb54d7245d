"""Letters that tell: a long text that lacks one letter of each form holds none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Final

__all__ = ["FEW", "RAREST_FIRST", "Letters"]

RAREST_FIRST: Final = "QXZJKYVqjzxUWHGFkBODNPRLMwvyIbgCSTEA7689543_210fpumhcdlrsnoitae"
"""Letters and digits, roughly as rare as they are in prose, code, tables and JSON."""
_SAMPLE: Final = 1_000
"""How many characters at the beginning, and as many in the middle, show most letters that a text has."""
FEW: Final = 3
"""How many forms are looked for one by one; where letters would leave more of them, it is of no use to look for any."""


class Letters:
    """The forms in which each letter stands, prepared to look for as few letters as will do.

    A letter is looked for in a text fifty times faster than a form is; but ten of them take as long as one form.

    Parameters
    ----------
    forms
        The forms.

    Examples
    --------
    >>> letters = Letters(["lp_test_0123", "bHBfdGVzdF8wMTIz"])
    >>> [*letters.may_be_in("a row with nothing in it")]
    []
    >>> [*letters.may_be_in("0123 test_lp_")]
    ['lp_test_0123']
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = [*forms]
        held: Counter[str] = Counter()
        for at, form in enumerate(self._forms):
            for letter in set(form):
                held[letter] |= 1 << at
        self._held: Mapping[str, int] = dict(sorted(held.items(), key=lambda item: _rarity(item[0])))
        """The forms with each letter, a bit for each."""

    def __repr__(self) -> str:
        return f"<Letters of {len(self._forms)}>"

    def may_be_in(self, text: str) -> Sequence[str]:
        """Give the forms all of whose letters a text may have; where there are none, it holds no form."""
        middle = len(text) // 2
        present = {*text[:_SAMPLE], *text[middle : middle + _SAMPLE]}
        telling = {letter: forms for letter, forms in self._held.items() if letter not in present}
        left = (1 << len(self._forms)) - 1
        if (left & ~reduce(or_, telling.values(), 0)).bit_count() > FEW:
            return self._forms
        while telling and left:
            letter = max(telling, key=lambda one: (telling[one] & left).bit_count())
            forms = telling.pop(letter) & left
            if not forms:
                break
            if letter not in text:
                left &= ~forms
        return [form for at, form in enumerate(self._forms) if left >> at & 1]


def _rarity(letter: str) -> int:
    place = RAREST_FIRST.find(letter)
    return place if place >= 0 else len(RAREST_FIRST)
