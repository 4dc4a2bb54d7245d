"""A part of the workshop as one attendee has it: its questions, how far they are, and the code at the end."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leadping_nb.arguments import path, whole
from leadping_nb.errors import LeadpingError
from leadping_nb.workshop.answers import Room
from leadping_nb.workshop.codes import CompletionCode, completion_code
from leadping_nb.workshop.exercise import Lesson
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.progress_card import ProgressCard
from leadping_nb.workshop.question import Question
from leadping_nb.workshop.record import FILE, Record
from leadping_nb.workshop.verdict import Shown

if TYPE_CHECKING:
    from leadping_nb.sandbox import Sandbox

__all__ = ["Part", "part"]

_NO_WORD: Final = "Put the word that your teacher gave you in the place of ..., in quotes; without one take two quotes."
_NOTHING: Final = "No part is done yet: a code needs one part of which every question is right."


class Part:
    """The questions of one part, in order; made by :func:`part`.

    Parameters
    ----------
    lesson
        What it is about.
    room
        What answers are compared with.
    record
        Where it is kept which of them are right.
    """

    def __init__(self, lesson: Lesson, room: Room, record: Record) -> None:
        self.lesson = lesson
        self._record = record
        self._questions = tuple(
            Question(f"q{place[1]}", exercise, room, partial(record.add, place))
            for place, exercise in zip(lesson.places, lesson.exercises, strict=True)
        )

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)

    @property
    def done(self) -> tuple[int, ...]:
        """The parts of which every question is right, in this kernel or another."""
        right = self._record.right
        return tuple(lesson.number for lesson in LESSONS if right.issuperset(lesson.places))

    def progress(self) -> ProgressCard:
        """Show how far all parts are, as a card."""
        return ProgressCard(self.lesson, self._record)

    def completion_code(self, word: object = "") -> CompletionCode | Shown:
        """Make a code to read out to the teacher; it says which parts are done, and not whose it is.

        Parameters
        ----------
        word
            The word that the teacher gave, if there is one. Three dots mean that it was not put in yet.

        Returns
        -------
        CompletionCode or Shown
            The code; or what is missing for one.
        """
        if not isinstance(word, str):
            return Shown("No code yet", _NO_WORD)
        done = self.done
        return completion_code(done, word=word) if done else Shown("No code yet", _NOTHING)

    @property
    def _named(self) -> str:
        names = [question.name for question in self._questions]
        return f"{', '.join(names[:-1])} and {names[-1]}"

    def __repr__(self) -> str:
        return (
            f"Part {self.lesson.number} of {len(LESSONS)}: {self.lesson.title}"
            f" ({self._named}; each has .check(), .hint() and .solution())"
        )

    def _repr_html_(self) -> str:
        return (
            f"<p><strong>Part {self.lesson.number} of {len(LESSONS)}: {html.escape(self.lesson.title)}</strong><br>"
            f"Its questions are {self._named}. Each has <code>.check()</code>, <code>.hint()</code> and"
            " <code>.solution()</code>.</p>"
        )


def part(number: int, sandbox: Sandbox, *, keep: str | Path | None = FILE) -> Part:
    """Begin a part of the workshop.

    Parameters
    ----------
    number
        From 1 to 6.
    sandbox
        What the part works on: what is right is worked out from it.
    keep
        The file that keeps which exercises are right, and nothing else; None for none.

    Raises
    ------
    LeadpingError
        If there is no such part, or the sandbox is none.

    Examples
    --------
    >>> from leadping_nb.sandbox import Sandbox
    >>> with Sandbox(leads=100, now="2026-07-05T12:00:00Z") as sandbox:
    ...     q1, q2, q3, q4 = part(2, sandbox, keep=None)
    ...     verdict = "denied"
    ...     print(q1.check().verdict.value)
    not yet
    """
    hint = f"There are parts 1 to {len(LESSONS)}."
    number = whole("number", number, least=1, most=len(LESSONS), hint=hint)
    if not hasattr(sandbox, "issue_token"):
        raise LeadpingError("This is no sandbox.", hint="Make one: sandbox = lp.Sandbox().")
    return Part(LESSONS[number - 1], Room(sandbox), Record(None if keep is None else path("keep", keep)))
