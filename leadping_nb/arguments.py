"""Arguments: what a caller gave, judged at the door, before anything is made of it or sent.

A message names the argument, says what was given and what is expected. It never repeats a text that may be a
credential in the wrong place.
"""

from __future__ import annotations

import math
import operator
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from numbers import Number, Real
from pathlib import Path
from typing import Final

from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import shown
from leadping_nb.progress import Progress

__all__ = [
    "EVENT",
    "FLAG",
    "FUNCTION",
    "MAPPING",
    "NAME",
    "PROGRESS",
    "TEXT",
    "Wanted",
    "demand",
    "described",
    "member",
    "moment",
    "number",
    "path",
    "quoted",
    "refused",
    "told",
    "whole",
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an argument must be.

    Examples
    --------
    >>> demand(TEXT.or_none, search=None)
    """

    what: str
    """What is expected, as the subject of a sentence."""
    hint: str
    """What to give; ``{name}`` stands for the argument."""
    holds: Callable[[object], bool] = field(repr=False)
    """Whether a value is that."""

    @property
    def or_none(self) -> Wanted:
        """The same, or None."""
        return Wanted(f"{self.what} or None", self.hint, lambda value: value is None or self.holds(value))

    @classmethod
    def of(cls, *types: type, what: str, hint: str) -> Wanted:
        """Give the kind of what is of one of some types.

        Examples
        --------
        >>> demand(Wanted.of(dict, what="a dict", hint="Give a dict."), options={})
        """
        return cls(what, hint, lambda value: isinstance(value, types))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and _is_whole_text(value)


def _is_whole_text(text: str) -> bool:
    """Whether a text has no half characters, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_flag(value: object) -> bool:
    kind = type(value)
    return isinstance(value, bool) or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_"))


TEXT: Final = Wanted("a text", "Write it in quotes, as in {name}='…'.", _is_text)
NAME: Final = Wanted("a text that is not empty", TEXT.hint, lambda value: _is_text(value) and value != "")
FLAG: Final = Wanted("True or False", "Write {name}=True or {name}=False, without quotes.", _is_flag)
FUNCTION: Final = Wanted("a function", "Give the function itself, without brackets behind its name.", callable)
MAPPING: Final = Wanted.of(Mapping, what="a dict", hint="Write {name}={{…}}, with each name before its value.")
EVENT: Final = Wanted(
    "an event",
    "Make one by event = threading.Event(), and give {name}=event.",
    lambda value: callable(getattr(value, "is_set", None)) and not isinstance(value, type),
)

PROGRESS: Final = Wanted(
    "True, False, a Progress",
    "Leave {name} out; a bar is then shown where somebody looks.",
    lambda value: value is None or _is_flag(value) or isinstance(value, Progress),
)


def demand(kind: Wanted, /, **given: object) -> None:
    """Raise `LeadpingError` for the first argument that is not of a kind.

    Parameters
    ----------
    kind
        What each must be.
    **given
        The arguments by their names.

    Examples
    --------
    >>> demand(FLAG, keep_old="no")
    Traceback (most recent call last):
        ...
    leadping_nb.errors.LeadpingError: keep_old is a text, and True or False is expected. Write keep_old=True or ...
    """
    for name, value in given.items():
        if not kind.holds(value):
            raise refused(name, value, kind.what, hint=kind.hint.format(name=name))


def refused(name: str, value: object, expected: str, *, hint: str) -> LeadpingError:
    """Give the error for an argument that is not what is expected."""
    return LeadpingError(f"{name} is {described(value)}, and {expected} is expected.", hint=hint)


def whole(
    name: str, value: object, *, least: int | None = None, most: int | None = None, hint: str | None = None
) -> int:
    """Give a whole number, of numpy's too, as Python's; raise `LeadpingError` for anything else.

    Parameters
    ----------
    name, value
        The argument.
    least, most
        The bounds; none unless given.
    hint
        What the number means.

    Examples
    --------
    >>> whole("limit", 10, least=1)
    10
    >>> whole("limit", "10", least=1)
    Traceback (most recent call last):
        ...
    leadping_nb.errors.LeadpingError: limit is a text, and a whole number of 1 or more is expected. ...
    """
    try:
        found = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]  # that is asked
    except TypeError:
        found = None
    if found is None or (least is not None and found < least) or (most is not None and found > most):
        bounds = "" if least is None else f" of {least} or more" if most is None else f" from {least} to {most}"
        raise refused(
            name, value, f"a whole number{bounds}", hint=hint or f"Write {name}= and its digits, without quotes."
        )
    return found


def number(
    name: str, value: object, *, least: float | None = None, above: float | None = None, hint: str | None = None
) -> float:
    """Give a finite number as a float; raise `LeadpingError` for anything else.

    Parameters
    ----------
    name, value
        The argument.
    least, above
        What it must reach or exceed, unless nothing.
    hint
        What the number means.

    Examples
    --------
    >>> number("ttl", 300, least=0)
    300.0
    """
    try:
        found = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except OverflowError:
        found = math.nan
    if not math.isfinite(found) or (least is not None and found < least) or (above is not None and found <= above):
        bounds = f" of {least:g} or more" if least is not None else f" above {above:g}" if above is not None else ""
        raise refused(name, value, f"a number{bounds}", hint=hint or f"Write {name}= and its digits, without quotes.")
    return found


def moment(name: str, value: object) -> datetime:
    """Give an aware datetime or epoch seconds as a time in UTC; raise `LeadpingError` for anything else.

    Examples
    --------
    >>> moment("now", 0).isoformat()
    '1970-01-01T00:00:00+00:00'
    """
    hint = "Use datetime.now(timezone.utc) or epoch seconds."
    if isinstance(value, datetime) and value == value:  # pandas' NaT is a datetime that equals nothing
        if value.tzinfo is None:
            raise LeadpingError(f"{name} has no time zone.", hint=hint)
        return value.astimezone(UTC)
    try:
        return datetime.fromtimestamp(number(name, value), UTC)
    except (LeadpingError, OverflowError, ValueError, OSError):
        raise refused(name, value, "an aware datetime or epoch seconds", hint=hint) from None


def path(name: str, value: object) -> Path:
    """Give a path of a file or folder, a ``~`` in it made the home folder; raise `LeadpingError` for what can be none.

    Examples
    --------
    >>> path("folder", "leads").name
    'leads'
    """
    text = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(text, str) or not text or "\0" in text or not _can_be_named(text):
        raise refused(name, value, "the path of a file or folder", hint="Give a text or a Path, such as 'leads'.")
    if _CREDENTIAL.match(text):  # it would stand in messages, and in the name of a file
        raise LeadpingError(
            f"{name} looks like a credential, and the path of a file or folder is expected.",
            hint="Give a text or a Path, such as 'leads'; a credential goes to lp.connect.",
        )
    return Path(os.path.expanduser(text))  # noqa: PTH111  # as pandas and Arrow do; Path's own fails without such a user


def _can_be_named(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def member(name: str, value: object, known: Collection[str]) -> None:
    """Raise `LeadpingError` for what is none of the words that are known.

    Examples
    --------
    >>> member("on_error", "ignore", ("warn", "raise"))
    Traceback (most recent call last):
        ...
    leadping_nb.errors.LeadpingError: on_error is 'ignore'. It is one of warn, raise.
    """
    if not isinstance(value, str) or value not in known:
        given = quoted(value) if isinstance(value, str) else described(value)
        raise LeadpingError(f"{name} is {given}.", hint=f"It is one of {', '.join(known)}.")


_MOST_DIGITS: Final = 10**20
_VOWELS: Final = "AEIOaeio"


def described(value: object) -> str:
    """Say what was given: a number as it is, and of all else what it is and not what it holds.

    Examples
    --------
    >>> described(-1), described("lp_src_example"), described([]), described(float)
    ('-1', 'a text', 'a list', 'the class float')
    """
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int) and not -_MOST_DIGITS < value < _MOST_DIGITS:
        return "a number of more than twenty digits"
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return "an empty text" if not value else "a text" if _is_whole_text(value) else "a text with half a character"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in _VOWELS else 'a'} {kind}"


_SECRETIVE: Final = re.compile(r"(?:lp|sk|whsec)_\w|eyJ|[A-Za-z0-9_+=-]{40}")
_CREDENTIAL: Final = re.compile(r"(?:lp|sk|whsec)_\w*?[A-Za-z0-9]{16}|eyJ[\w-]{10}")
_LONGEST: Final = 80
_KEPT_BACK: Final = "(not shown: it looks like a credential)"


def quoted(text: str) -> str:
    """Give a name in quotes as it was given, unless it may be a credential that was given in its place.

    Examples
    --------
    >>> quoted("leeds"), quoted("lp_src_example")
    ("'leeds'", '(not shown: it looks like a credential)')
    """
    return _KEPT_BACK if _SECRETIVE.search(text) else repr(shown(text, _LONGEST))


def told(text: str) -> str:
    """Give a name as it was given, without quotes, unless it may be a credential that was given in its place.

    Examples
    --------
    >>> told("GET /leeds")
    'GET /leeds'
    """
    return _KEPT_BACK if _SECRETIVE.search(text) else shown(text)
