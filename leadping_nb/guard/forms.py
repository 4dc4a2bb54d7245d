"""What held secrets look like in texts: whole, disguised and in pieces, prepared to be looked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from leadping_nb.disguises import disguises
from leadping_nb.guard.sieve import LONG, Sieve

__all__ = ["ENOUGH", "Forms"]

ENOUGH: Final = 20
"""How many characters of a secret are enough to be replaced: programs that cut what they show, such as ipywidgets and
``reprlib``, leave more."""
_ENOUGH_OF_TOKENS: Final = 39
"""The same of a token, but for its end, as those are long."""
_SHORTEST: Final = ENOUGH + 8
"""How long a secret is at least of which pieces are looked for."""
_INNER: Final = 12
"""How long the pieces inside of a secret are that are looked for."""
_HEAD_OF_TOKENS: Final = "eyJ"
"""How tokens begin: with a header that is no secret, and the same in all tokens of an issuer."""
_NEVER: Final = "(?!)"
_RAREST_FIRST: Final = "QXZJKYVqjzxUWHGFkBODNPRLMwvyIbgCSTEA7689543_210fpumhcdlrsnoitae"
"""Letters and digits, roughly as rare as they are in prose, code, tables and JSON."""
_TELLING: Final = 8
"""How many of a form's rarest letters are looked for before the form."""


class Forms(NamedTuple):
    """The forms of all held secrets, prepared for searching.

    Examples
    --------
    >>> forms = Forms.of({"lp_test_0123": "business key"})
    >>> forms.is_in("the key lp_test_0123"), forms.is_in_packed(b"its base64 bHBfdGVzdF8wMTIz"), forms.is_in("a key")
    (True, True, False)
    >>> forms
    <Forms of 1>
    """

    texts: Mapping[str, str]
    """The forms as texts hold them, longest first, then beginnings and ends, and the rarest letters of each."""
    inner: Mapping[str, str]
    """Pieces from inside of secrets, and the rarest letters of each."""
    packed: Mapping[bytes, bytes]
    """The forms as packed messages hold them, inside of JSON or plain, and the rarest letters of each."""
    sieve: Sieve | None
    """What says of long texts that they hold none of these; None where a form is too short for it."""
    whole: re.Pattern[str]
    """Any form that is whole."""
    any: re.Pattern[str]
    """Any form, and pieces of long ones."""
    labels: Mapping[str, str]
    """What to put in the place of each."""
    pieces: Mapping[str, Sequence[tuple[str, int]]]
    """Of each piece, the secrets in which it stands, and where."""

    @classmethod
    def of(cls, held: Mapping[str, str]) -> Forms:
        """Prepare the forms of secrets, each with its label."""
        labels = {form: label for text, label in held.items() for form in disguises(text)}
        whole = sorted(labels, key=len, reverse=True)
        ends = dict.fromkeys(end for text in held for end in _ends(text))
        inner = dict.fromkeys(piece for text in held for piece in _inner(text, _INNER))
        pieces = {piece: [*_places(piece, held)] for piece in (*ends, *inner)}
        texts = dict.fromkeys([*whole, *ends])
        runs = (run for text in held for run in _inner(text, Sieve.LENGTH))
        return cls(
            texts={text: _rarest(text) for text in texts},
            inner={piece: _rarest(piece) for piece in inner},
            packed={form.encode(): _rarest(form).encode() for form in _in_json((*texts, *inner))},
            sieve=_sieve([*texts, *runs]),
            whole=_pattern(whole),
            any=_pattern([*texts, *inner]),
            labels={piece: held[places[0][0]] for piece, places in pieces.items()} | labels,
            pieces=pieces,
        )

    def __repr__(self) -> str:
        return f"<Forms of {len(set(self.labels.values()))}>"  # no traceback with variables shows one

    def is_in(self, text: str) -> bool:
        """Whether a text holds one."""
        if len(text) >= LONG:
            return self.is_in_packed(text.encode("utf-8", "surrogatepass"))
        return _is_any_in(self.texts, text) or _is_any_in(self.inner, text)

    def is_in_packed(self, packed: bytes) -> bool:
        """Whether a packed part of a message holds one."""
        if len(packed) >= LONG and self.sieve is not None and not self.sieve.may_hold(packed):
            return False
        return _is_any_in(self.packed, packed)


def _places(piece: str, texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Give every place where a piece stands in secrets: a token may repeat itself, and keys be alike."""
    for text in texts:
        start = text.find(piece)
        while start >= 0:
            yield text, start
            start = text.find(piece, start + 1)


def _ends(text: str) -> Iterator[str]:
    """Give the pieces at the beginning and the end of a secret."""
    if len(text) >= _SHORTEST:
        if not text.startswith(_HEAD_OF_TOKENS):
            yield text[:ENOUGH]
        yield text[-ENOUGH:]


def _inner(text: str, size: int) -> Iterator[str]:
    """Give pieces of a size from inside of a secret, so that each run of it that is enough holds one, or an end."""
    if text.startswith(_HEAD_OF_TOKENS):
        step = _ENOUGH_OF_TOKENS - size + 1
        first = text.find(".") + 1
    else:
        first = step = ENOUGH - size + 1
    if len(text) >= _SHORTEST:
        yield from (text[start : start + size] for start in range(first, len(text) - size + 1, step))


def _sieve(texts: Sequence[str]) -> Sieve | None:
    if min(map(len, texts), default=0) < Sieve.LENGTH:
        return None
    return Sieve(form.encode() for form in _in_json(texts))


def _in_json(texts: Iterable[str]) -> Iterable[str]:
    """Give texts as they are, and as JSON writes them."""
    return dict.fromkeys(form for text in texts for form in (text, json.dumps(text)[1:-1]))


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, forms)) or _NEVER)


def _rarest(form: str) -> str:
    letters = set(form) & set(_RAREST_FIRST)
    return "".join(sorted(letters, key=_RAREST_FIRST.index)[:_TELLING])


def _is_any_in(forms: Mapping[Any, Any], text: Any) -> bool:
    """Whether a text holds a form; of texts or of bytes."""
    return any(form in text for form in _possible(forms, text))


def _possible(forms: Mapping[Any, Any], text: Any) -> Iterator[Any]:
    """Give the forms of which a text has the rarest letters; of texts or of bytes."""
    # Most texts lack a letter of each form, and one letter is looked for fifty times faster than a form; and a form,
    # as it is long, many times faster than a pattern of all of them.
    absent: set[object] = set()
    for form, rarest in forms.items():
        if absent.isdisjoint(rarest):
            lacking = next((letter for letter in rarest if letter not in text), None)
            if lacking is None:
                yield form
            else:
                absent.add(lacking)
