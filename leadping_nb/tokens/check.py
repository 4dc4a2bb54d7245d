"""One check of a token, and how its values are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import inf
from typing import Literal

__all__ = ["SIGNS", "Check", "Outcome", "duration", "is_number", "moment", "plain"]

Outcome = Literal["passed", "failed", "skipped"]

SIGNS: Mapping[str, str] = {"passed": "✓", "failed": "✗", "skipped": "–"}
"""One sign an outcome, so that colour alone never carries it."""

_LONGEST = 200
_LONGEST_SPAN = 1_000 * 365.25 * 86_400
_UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a token."""

    check: str
    """Its name."""
    outcome: Outcome
    """``passed``, ``failed``, or ``skipped`` where it was not possible."""
    expected: str
    """What would pass."""
    got: str
    """What was found, never a piece of the signature."""
    todo: str = ""
    """What to do about it; the reason where it was skipped."""


def is_number(value: object) -> bool:
    """Whether a claim is a finite number (RFC 7519, section 2: NumericDate)."""
    return type(value) in (int, float) and abs(value) < inf  # type: ignore[arg-type]  # a number by its type


def moment(value: object, zone: tzinfo | None = UTC) -> str:
    """Write epoch seconds as a time in a zone (None: this machine's); anything else as it is.

    Examples
    --------
    >>> moment(0)
    '1970-01-01 00:00:00 UTC'
    """
    if not is_number(value):
        return plain(value)
    try:
        at = datetime.fromtimestamp(float(value), UTC).astimezone(zone)  # type: ignore[arg-type]  # a number
    except (OverflowError, ValueError, OSError):
        return "beyond the calendar"
    return at.strftime("%Y-%m-%d %H:%M:%S %Z")


def duration(seconds: float) -> str:
    """Write a span of time in the largest unit that says something.

    Examples
    --------
    >>> duration(3600), duration(5)
    ('60 minutes', '5 seconds')
    """
    if abs(seconds) > _LONGEST_SPAN:
        return "more than a thousand years"
    whole = int(abs(seconds))
    for size, name in _UNITS:
        if whole >= 2 * size:
            return f"{whole // size} {name}"
    return f"{whole} second{'' if whole == 1 else 's'}"


def plain(value: object) -> str:
    r"""Write a JSON value as a short text, in which nothing steers a terminal or turns the direction of writing.

    Examples
    --------
    >>> plain(["a", 1]), plain("red \x1b[31m")
    ('["a", 1]', 'red \\x1b[31m')
    """
    if isinstance(value, str):
        text = value
    else:
        try:
            text = json.dumps(value, default=str)
        except RecursionError:
            text = "nested too deeply to be shown"
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
