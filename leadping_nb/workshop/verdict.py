"""What a check says of an answer: one of three verdicts, and why in words."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

__all__ = ["Result", "Shown", "Verdict"]


class Verdict(Enum):
    """How far an answer is.

    Examples
    --------
    >>> Verdict.NOT_YET.value
    'not yet'
    """

    NOT_ATTEMPTED = "not attempted"
    """Nothing was put in the place of the three dots."""
    NOT_YET = "not yet"
    """Something was, and it is not right."""
    RIGHT = "right"
    """It is right."""


_SIGNS: Final[Mapping[Verdict, str]] = {Verdict.NOT_ATTEMPTED: "○", Verdict.NOT_YET: "✗", Verdict.RIGHT: "✓"}


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What a check says.

    Examples
    --------
    >>> Result("q1", Verdict.NOT_YET, "`kinds` has no entry for 'mail'.")
    ✗ q1, not yet: `kinds` has no entry for 'mail'.
    """

    question: str
    """The name of the question."""
    verdict: Verdict
    """How far the answer is."""
    words: str
    """Why, without the answer; what to take away, where it is right."""

    @property
    def is_right(self) -> bool:
        """Whether it is right."""
        return self.verdict is Verdict.RIGHT

    @property
    def sign(self) -> str:
        """One sign a verdict, so that colour never carries it."""
        return _SIGNS[self.verdict]

    def __repr__(self) -> str:
        return f"{self.sign} {self.question}, {self.verdict.value}: {self.words}"

    def _repr_html_(self) -> str:
        return f"<p><strong>{self.sign} {self.question}, {self.verdict.value}.</strong> {_with_code(self.words)}</p>"


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A hint or a solution, as a notebook shows it.

    Examples
    --------
    >>> Shown("q1, hint 1 of 2", "Look at how it begins.")
    q1, hint 1 of 2: Look at how it begins.
    """

    title: str
    """What it is."""
    words: str
    """The hint; or what is said of the solution."""
    code: str = ""
    """The code of a solution."""

    def __repr__(self) -> str:
        return f"{self.title}: {self.words}" + (f"\n\n{self.code}" if self.code else "")

    def _repr_html_(self) -> str:
        code = f"<pre><code>{html.escape(self.code)}</code></pre>" if self.code else ""
        return f"<div><p><strong>{self.title}.</strong> {_with_code(self.words)}</p>{code}</div>"


def _with_code(words: str) -> str:
    """Write words as HTML; what stands between grave accents is code."""
    pieces = html.escape(words).split("`")
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))
