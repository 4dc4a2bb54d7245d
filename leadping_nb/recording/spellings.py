"""The ways in which a text is written: in capitals or small letters, with its accents, without them, or spelt out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["folded", "spellings"]

_ACCENTS = re.compile("[\u0300-\u036f]")
"""The marks that Latin, Greek and Cyrillic letters bear; the vowels of other scripts are none."""
_BARE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""What letters that do not come apart are written as where a keyboard lacks them."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""Letters with a second such way."""


def folded(text: str) -> str:
    """Give the form that all writings of a text in capitals and small letters share, without blanks around it.

    Examples
    --------
    >>> folded(" STRASSE") == folded("Straße")
    True
    """
    return unicodedata.normalize("NFKC", text).casefold().strip()


def spellings(text: str) -> Iterator[str]:
    """Give the folded form of a text, and what its accents become where people leave them out or spell them out.

    Examples
    --------
    >>> list(spellings("Müller")), list(spellings("Ada"))
    (['müller', 'muller', 'mueller'], ['ada'])
    """
    whole = folded(text)
    yield whole
    if not whole.isascii():
        yield from dict.fromkeys(
            bare for form in (whole, whole.translate(_SPELT_OUT)) if (bare := _bare(form)) != whole
        )


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.translate(_BARE))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
