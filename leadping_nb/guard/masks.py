"""What stands in for secrets: every form of each held text is found in a text, and its label put in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadping_nb.disguises import disguises
from leadping_nb.guard.sieve import LONG, Sieve

if TYPE_CHECKING:
    from collections import Counter

    from leadping_nb.secret import Secret

__all__ = ["NO_MASKS", "SHORTEST_BEGINNING", "Masks"]

SHORTEST_BEGINNING: Final = 4
"""How many letters of a form must have come before the rest is waited for; fewer are the same in every secret."""
_PIECE: Final = 20
"""How many characters of a long text, at its beginning or end, are enough to be replaced: programs that cut what they
show, such as ipywidgets and ``reprlib``, leave more."""
_PIECE_OF_TOKENS: Final = 39
"""The same of a token inside, as those are long."""
_INNER: Final = 12
"""How long the pieces inside of a secret are that are looked for."""
_REST: Final = 4
"""How much of a secret must stand after a line break, or before it, for the lines to be parts of one."""
_HEAD_OF_TOKENS: Final = "eyJ"
"""How tokens begin: with a header that is no secret, and the same in all tokens of an issuer."""
_NEVER: Final = "(?!)"
_BREAK: Final = re.compile(r"[ \t\r]*\n\s*")
_RAREST_FIRST: Final = "QXZJKYVqjzxUWHGFkBODNPRLMwvyIbgCSTEA7689543_210fpumhcdlrsnoitae"
"""Letters and digits, roughly as rare as they are in prose, code, tables and JSON."""
_TELLING: Final = 8
"""How many of a form's rarest letters are looked for before the form."""


class _Forms(NamedTuple):
    """The forms of all held secrets, prepared for searching."""

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
        forms = _prepared({secret.reveal(): label for secret, label in (held or {}).items()})
        self.__hidden = lambda: forms  # as a secret does: no attribute for a traceback to show

    def __bool__(self) -> bool:
        return bool(self.__hidden().texts)

    def __repr__(self) -> str:
        return f"<Masks of {len(set(self.__hidden().labels.values()))}>"

    def is_in(self, text: str) -> bool:
        """Whether a text holds a form of a secret."""
        forms = self.__hidden()
        if len(text) >= LONG:
            return self.is_in_packed(text.encode("utf-8", "surrogatepass"))
        # Most texts lack a letter of each form, and one letter is looked for fifty times faster than a form; a form,
        # as it is long, many times faster than a pattern of all.
        return any(
            all(letter in text for letter in rarest) and form in text for form, rarest in forms.texts.items()
        ) or _is_any_in(forms.inner, text)

    def is_in_packed(self, packed: bytes) -> bool:
        """Whether a packed part of a message holds a form of a secret."""
        forms = self.__hidden()
        if len(packed) >= LONG and forms.sieve is not None and not forms.sieve.may_hold(packed):
            return False
        return _is_any_in(forms.packed, packed)

    def replace(self, text: str, caught: Counter[str], *, whole: bool = False) -> str:
        """Put labels in the place of secrets, and count them by label.

        Parameters
        ----------
        text
            What is about to go out.
        caught
            Where replaced secrets are counted.
        whole
            Whether pieces of secrets stay.
        """
        if not self.is_in(text):
            return text
        forms, clean, done = self.__hidden(), [], 0
        while found := _found(forms, text, done, whole=whole):
            start, end, label = found
            caught[label] += 1
            clean += [text[done:start], _shown(label)]
            done = end
        return "".join([*clean, text[done:]])

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

    def replace_end(self, start: str, rest: str, caught: Counter[str], *, whole: bool = False) -> str:
        """Put a label in the place of what completes a secret that began in a text that is gone already.

        Parameters
        ----------
        start, rest
            The end of what is gone, and what follows it.
        caught, whole
            As for :meth:`replace`.
        """
        forms = self.__hidden()
        if not start or not forms.texts:
            return rest
        text = start + rest[: max(map(len, forms.texts))]
        found = _found(forms, text, 0, whole=whole)
        if found is None or found[0] >= len(start) or found[1] <= len(start):
            return rest
        caught[found[2]] += 1
        return _shown(found[2]) + rest[found[1] - len(start) :]

    def beginning(self, text: str) -> int:
        """Say how many letters at the end of a text could begin a secret; never all of one."""
        forms = self.__hidden()
        possible = (form for form in forms.texts if text[-1:] in form)  # of most texts none
        return max((_run(text, _overlap(text, form), forms.pieces.get(form, ())) for form in possible), default=0)


def _shown(label: str) -> str:
    return f"‹{label}›"  # means nothing in HTML, Markdown, JSON or a shell


def _prepared(held: Mapping[str, str]) -> _Forms:
    labels = {form: label for text, label in held.items() for form in disguises(text)}
    whole = sorted(labels, key=len, reverse=True)
    ends, inner = (
        dict.fromkeys(text[start : start + size] for text in held for start, size in starts(text))
        for starts in (_ends, partial(_inner, size=_INNER))
    )
    pieces = {piece: [*_places(piece, held)] for piece in (*ends, *inner)}
    labels = {piece: held[places[0][0]] for piece, places in pieces.items()} | labels
    texts = dict.fromkeys([*whole, *ends])
    packed = {form.encode(): _rarest(form).encode() for form in _in_json((*texts, *inner))}
    runs = dict.fromkeys(text[start : start + size] for text in held for start, size in _inner(text, Sieve.LENGTH))
    return _Forms(
        {text: _rarest(text) for text in texts},
        {piece: _rarest(piece) for piece in inner},
        packed,
        _sieve([*texts, *runs]),
        re.compile("|".join(map(re.escape, whole)) or _NEVER),
        re.compile("|".join(map(re.escape, (*texts, *inner))) or _NEVER),
        labels,
        pieces,
    )


def _places(piece: str, texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Give every place where a piece stands in secrets: a token may repeat itself, and keys be alike."""
    for text in texts:
        start = text.find(piece)
        while start >= 0:
            yield text, start
            start = text.find(piece, start + 1)


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Give where pieces stand at the beginning and the end of a secret, and their lengths."""
    if len(text) >= _PIECE + 8:
        if not text.startswith(_HEAD_OF_TOKENS):
            yield 0, _PIECE
        yield len(text) - _PIECE, _PIECE


def _inner(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Give where pieces of a size stand inside of a secret, so that each run of it that is enough holds one."""
    if text.startswith(_HEAD_OF_TOKENS):
        step = _PIECE_OF_TOKENS - size + 1
        first = text.find(".") + 1
    else:
        first = step = _PIECE - size + 1
    if len(text) >= _PIECE + 8:
        yield from ((start, size) for start in range(first, len(text) - size + 1, step))


def _sieve(texts: Sequence[str]) -> Sieve | None:
    if min(map(len, texts), default=0) < Sieve.LENGTH:
        return None
    return Sieve(form.encode() for form in _in_json(texts))


def _in_json(texts: Iterable[str]) -> Iterable[str]:
    """Give texts as they are, and as JSON writes them."""
    return dict.fromkeys(form for text in texts for form in (text, json.dumps(text)[1:-1]))


def _found(forms: _Forms, text: str, done: int, *, whole: bool) -> tuple[int, int, str] | None:
    """Give where the next secret, or much of one, begins and ends in a text, and its label."""
    pattern, place = forms.whole if whole else forms.any, done
    while match := pattern.search(text, place):
        form = match[0]
        if form not in forms.pieces:
            return match.start(), match.end(), forms.labels[form]
        runs = [(*_grown(match, done, *one), one[0]) for one in forms.pieces[form]]
        start, end, secret = max(runs, key=lambda run: run[1] - run[0])
        if end - start >= _PIECE:
            return start, end, forms.labels[secret]
        place = match.start() + 1
    return None


def _grown(match: re.Match[str], least: int, whole: str, place: int) -> tuple[int, int]:
    """Give where a piece of a form begins and ends in a text, with all that stands around it of the form.

    Line breaks are no end of it, where the form goes on after them.
    """
    text, start, end = match.string, match.start(), match.end()
    before, after = place, place + end - start
    while before > 0 and start > least:
        if text[start - 1] == whole[before - 1]:
            start, before = start - 1, before - 1
        elif (broken := _before_break(text, least, start)) is not None and text.endswith(
            whole[max(0, before - _REST) : before], least, broken
        ):
            start = broken
        else:
            break
    while after < len(whole) and end < len(text):
        if text[end] == whole[after]:
            end, after = end + 1, after + 1
        elif (gap := _BREAK.match(text, end)) and text.startswith(whole[after : after + _REST], gap.end()):
            end = gap.end()
        else:
            break
    return start, end


def _before_break(text: str, least: int, start: int) -> int | None:
    """Give where the line before ends, if nothing but space stands between it and a place."""
    end = start
    while end > least and text[end - 1].isspace():
        end -= 1
    return end if "\n" in text[end:start] else None


def _run(text: str, size: int, places: Sequence[tuple[str, int]]) -> int:
    """Give the length of the run of a secret at the end of a text, of which so many letters begin a piece of it."""
    runs = [size]
    for whole, place in places if size else ():
        run, before = size, place
        while before > 0 and run < len(text) and text[-run - 1] == whole[before - 1]:
            run, before = run + 1, before - 1
        runs.append(run)
    return max(runs)


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
