"""The forms in which a value may come again: names one by one, dates as calendars have them, numbers as dialled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadping_nb.recording.births import Birth
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.looks import NAME
from leadping_nb.recording.spellings import folded, spellings

__all__ = ["dialled", "forms"]

_NATIONAL = 10
"""How many digits a telephone number has without its country in North America, where it is also written so."""
_LONGEST_JOINT = 3
"""The most letters of a word between names, such as "and"."""
_PART = re.compile(r"[^\s-]+")


def forms(kind: Kind, text: str) -> Iterator[str]:
    """Give the forms in which a value of a kind is looked for, each in every spelling.

    Examples
    --------
    >>> sorted(set(forms(Kind.PERSON, "José Müller")))
    ['jose', 'jose mueller', 'jose muller', 'josé', 'josé müller', 'mueller', 'muller', 'müller']
    """
    for form in _written(kind, text):
        yield from spellings(form)


def _written(kind: Kind, text: str) -> Iterator[str]:
    yield text
    match kind:
        case Kind.PERSON:
            names = [name for name in NAME.findall(text) if not _joins(name, text)]
            yield from names
            yield from (part for name in names for part in _PART.findall(name))
        case Kind.BIRTH if (birth := Birth.read(text.strip())) is not None:
            yield birth.day.isoformat()
        case Kind.PHONE:
            yield from dialled(text)


def _joins(word: str, text: str) -> bool:
    """Say whether a word stands between names, such as "and"."""
    return len(word) <= _LONGEST_JOINT and word.islower() and not text.islower()


def dialled(text: str) -> tuple[str, ...]:
    """Give the digits of a telephone number, and those that are dialled within North America.

    Examples
    --------
    >>> dialled("+1 512-555-0147")
    ('15125550147', '5125550147')
    """
    digits = "".join(filter(str.isdecimal, folded(text)))
    return tuple(dict.fromkeys((digits, digits[-_NATIONAL:]))) if digits else ()
