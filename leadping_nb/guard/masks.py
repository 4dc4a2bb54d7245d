"""What stands in for secrets: every form of each held text is found in a text, and its label put in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from leadping_nb.guard.forms import ENOUGH, Forms

if TYPE_CHECKING:
    from collections import Counter

    from leadping_nb.secret import Secret

__all__ = ["NO_MASKS", "SHORTEST_BEGINNING", "Masks"]

SHORTEST_BEGINNING: Final = 4
"""How many letters of a form must have come before the rest is waited for; fewer are the same in every secret."""
_REST: Final = 4
"""How much of a secret must stand after a line break, or before it, for the lines to be parts of one."""
_BREAK: Final = re.compile(r"[ \t\r]*\n\s*")


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
    __hidden: Callable[[], Forms]

    def __init__(self, held: Mapping[Secret, str] | None = None) -> None:
        forms = Forms.of({secret.reveal(): label for secret, label in (held or {}).items()})
        self.__hidden = lambda: forms  # as a secret does: no attribute for a traceback to show

    def __bool__(self) -> bool:
        return bool(self.__hidden().texts)

    def __repr__(self) -> str:
        return f"<Masks of {len(set(self.__hidden().labels.values()))}>"

    def is_in(self, text: str) -> bool:
        """Whether a text holds a form of a secret."""
        return self.__hidden().is_in(text)

    def is_in_packed(self, packed: bytes) -> bool:
        """Whether a packed part of a message holds a form of a secret."""
        return self.__hidden().is_in_packed(packed)

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


def _found(forms: Forms, text: str, done: int, *, whole: bool) -> tuple[int, int, str] | None:
    """Give where the next secret, or much of one, begins and ends in a text, and its label."""
    pattern, place = forms.whole if whole else forms.any, done
    while match := pattern.search(text, place):
        form = match[0]
        if form not in forms.pieces:
            return match.start(), match.end(), forms.labels[form]
        runs = [(*_grown(match, done, *one), one[0]) for one in forms.pieces[form]]
        start, end, secret = max(runs, key=lambda run: run[1] - run[0])
        if end - start >= ENOUGH:
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
