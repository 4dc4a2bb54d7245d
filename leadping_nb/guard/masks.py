"""What stands in for secrets: every form of each held text is found in a text, and its label put in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadping_nb.disguises import disguises

if TYPE_CHECKING:
    from collections import Counter

    from leadping_nb.secret import Secret

__all__ = ["NO_MASKS", "SHORTEST_BEGINNING", "Masks"]

SHORTEST_BEGINNING: Final = 4
"""How many letters of a form must have come before the rest is waited for; fewer are the same in every secret."""
_CUT_LENGTH: Final = 100
"""``reprlib`` as Python's pydoc sets it, and so IPython's tracebacks, cuts longer texts in the middle..."""
_CUT_END: Final = 48
"""...and keeps so many characters of their end."""


_RARE: Final = "QXZJKYVqjzxUWHGFkBODNPRLMwvyIbgCSTEA7689543_210fpumhcdlrsnoitae"
"""Letters and digits, roughly as rare as they are in prose, code, tables and JSON."""
_TELLING: Final = 8
"""How many of a form's rarest letters are looked for before the form."""


class _Forms(NamedTuple):
    """The forms of all held secrets, prepared for searching."""

    texts: Mapping[str, str]
    """The forms as texts hold them, longest first, and the rarest letters of each."""
    packed: Mapping[bytes, bytes]
    """The forms as packed messages hold them, inside of JSON or plain, and the rarest letters of each."""
    pattern: re.Pattern[str]
    """Any of the texts."""
    labels: Mapping[str, str]
    """What to put in the place of each."""


class Masks:
    """The labels that take the place of held secrets; empty masks change nothing.

    Parameters
    ----------
    held
        The secrets, and what to call each.

    Examples
    --------
    >>> from collections import Counter
    >>> from leadping_nb.secret import Secret
    >>> masks, caught = Masks({Secret("lp_test_0123"): "business key · #0f1e2d3c"}), Counter()
    >>> masks.replace("a bHBfdGVzdF8wMTIz b lp_test_0123", caught)
    'a ‹business key · #0f1e2d3c› b ‹business key · #0f1e2d3c›'
    >>> caught
    Counter({'business key · #0f1e2d3c': 2})
    """

    __slots__ = ("__hidden",)
    __hidden: Callable[[], _Forms]

    def __init__(self, held: Mapping[Secret, str] | None = None) -> None:
        forms = _forms({form: label for secret, label in (held or {}).items() for form in _all_forms(secret.reveal())})
        self.__hidden = lambda: forms  # as a secret does: no attribute for a traceback to show

    def __bool__(self) -> bool:
        return bool(self.__hidden().texts)

    def __repr__(self) -> str:
        return f"<Masks of {len(set(self.__hidden().labels.values()))}>"

    def is_in(self, text: str) -> bool:
        """Whether a text holds a form of a secret."""
        # Most texts lack a letter of each form, and one letter is looked for fifty times faster than a form; a form,
        # as it is long, many times faster than a pattern of all.
        return any(
            all(letter in text for letter in rarest) and form in text for form, rarest in self.__hidden().texts.items()
        )

    def is_in_packed(self, packed: bytes) -> bool:
        """Whether a packed part of a message holds a form of a secret."""
        return _is_any_in(self.__hidden().packed, packed)

    def replace(self, text: str, caught: Counter[str]) -> str:
        """Put labels in the place of secrets, and count them by label."""
        if not self.is_in(text):
            return text
        forms = self.__hidden()

        def label(match: re.Match[str]) -> str:
            name = forms.labels[match[0]]
            caught[name] += 1
            return _shown(name)

        return forms.pattern.sub(label, text)

    def replace_bytes(self, data: bytes, caught: Counter[str]) -> bytes:
        """Put labels in the place of secrets in bytes, whatever else they hold."""
        if not self.is_in_packed(data):
            return data
        return self.replace(data.decode("ascii", "surrogateescape"), caught).encode("utf-8", "surrogateescape")

    def replace_within(self, value: object, caught: Counter[str]) -> object:
        """Put labels in the place of secrets in every text of a JSON value, keys included, and in bytes."""
        if isinstance(value, str):
            return self.replace(value, caught)
        if isinstance(value, bytes | bytearray | memoryview):
            return self.replace_bytes(bytes(value), caught)
        if isinstance(value, Mapping):
            return {self.replace_within(key, caught): self.replace_within(one, caught) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.replace_within(one, caught) for one in value]
        return value

    def replace_end(self, start: str, rest: str, caught: Counter[str]) -> str:
        """Put a label in the place of what completes a secret that began in a text that is gone already."""
        forms = self.__hidden()
        match = forms.pattern.search(start + rest[: max(map(len, forms.texts))]) if start and forms.texts else None
        if match is None or match.start() >= len(start):
            return rest
        caught[forms.labels[match[0]]] += 1
        return _shown(forms.labels[match[0]]) + rest[match.end() - len(start) :]

    def beginning(self, text: str) -> int:
        """Say how many letters at the end of a text could begin a secret; never all of one."""
        return max((_overlap(text, form) for form in self.__hidden().texts), default=0)


def _shown(label: str) -> str:
    return f"‹{label}›"  # means nothing in HTML, Markdown, JSON or a shell


def _all_forms(text: str) -> tuple[str, ...]:
    return (*disguises(text), *((text[-_CUT_END:],) if len(text) > _CUT_LENGTH else ()))


def _forms(labels: Mapping[str, str]) -> _Forms:
    texts = tuple(sorted(labels, key=len, reverse=True))
    packed = {form: _rarest(form) for text in texts for form in (text, json.dumps(text)[1:-1])}
    return _Forms(
        {text: _rarest(text) for text in texts},
        {form.encode(): rarest.encode() for form, rarest in packed.items()},
        re.compile("|".join(map(re.escape, texts))),
        dict(labels),
    )


def _rarest(form: str) -> str:
    letters = set(form) & set(_RARE)
    return "".join(sorted(letters, key=_RARE.index)[:_TELLING])


def _is_any_in(forms: Mapping[Any, Any], text: Any) -> bool:
    """Whether a text holds a form; of texts or of bytes."""
    # Most texts lack a letter of each form, and one letter is looked for fifty times faster than a form; and a form,
    # as it is long, many times faster than a pattern of all of them.
    absent: set[object] = set()
    for form, rarest in forms.items():
        if absent.isdisjoint(rarest):
            lacking = next((letter for letter in rarest if letter not in text), None)
            if lacking is None and form in text:
                return True
            absent.add(lacking)
    return False


def _overlap(text: str, form: str) -> int:
    """Give the length of the longest end of a text with which a form begins without being over."""
    end = text[-(len(form) - 1) :]
    start = end.find(form[:SHORTEST_BEGINNING])
    while start >= 0:
        if form.startswith(end[start:]):
            return len(end) - start
        start = end.find(form[:SHORTEST_BEGINNING], start + 1)
    sizes = range(min(SHORTEST_BEGINNING - 1, len(end)), 0, -1)
    return next((size for size in sizes if form.startswith(end[-size:])), 0)


NO_MASKS: Final = Masks()
"""Masks that change nothing."""
