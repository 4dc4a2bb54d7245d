"""Exercises and the lessons that they stand in, as data: a question, an empty place, hints, solutions and a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from leadping_nb.workshop.answers import Answers

__all__ = ["Block", "Code", "Exercise", "Lesson", "Place", "Slip"]

Place: TypeAlias = tuple[int, int]
"""An exercise by the number of its part, and its own."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A typical wrong answer."""

    code: str
    """What people write."""
    told: str
    """A piece of the reason that they get: the variable, the row, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One question, which is about one idea."""

    names: tuple[str, ...]
    """The variables that are asked for."""
    asks: str
    """The question, in Markdown with its heading."""
    starter: str
    """The attendee's cell; three dots in a variable mean that nothing was tried."""
    hints: tuple[str, ...]
    """From a nudge to nearly there."""
    solution: str
    """One right way."""
    other: str
    """Another right way, which looks different."""
    slips: tuple[Slip, ...]
    """Typical wrong answers, three or more."""
    check: Callable[[Answers], None]
    """Raises an `AnswerError` unless the answer is right."""
    insight: str
    """What to take away, said when it is right."""


@dataclass(frozen=True, slots=True)
class Code:
    """A cell of a lesson that is run as it is."""

    source: str
    """Its code, fewer than ten lines."""


Block: TypeAlias = str | Code | Exercise
"""What a lesson is made of: Markdown, code, or an exercise."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One part of the workshop."""

    number: int
    """Its place, from 1."""
    name: str
    """Its name in the names of files."""
    title: str
    """Its title."""
    minutes: int
    """About how long it takes."""
    aims: tuple[str, ...]
    """What one can do after it."""
    blocks: tuple[Block, ...]
    """What is in it, in order; text stands before code."""
    seen: tuple[str, ...]
    """What one saw."""
    further: str
    """What comes next, in Markdown."""

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises, of which the first is ``q1``."""
        return tuple(block for block in self.blocks if isinstance(block, Exercise))

    @property
    def places(self) -> tuple[Place, ...]:
        """Where its exercises stand in a record, in order."""
        return tuple((self.number, number) for number, _ in enumerate(self.exercises, 1))

    @property
    def stem(self) -> str:
        """The name of its notebooks, without the ending."""
        return f"part_{self.number}_{self.name}"
