"""The rehearsal: every part as a perfect attendee and as a lost one, with what each check must say.

The cells are those of the attendees' notebooks and run one after the other in this process, in an empty folder.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from leadping_nb.api import Api
from leadping_nb.sandbox import Sandbox
from leadping_nb.table import Table
from leadping_nb.workshop.attendance import Part
from leadping_nb.workshop.codes import CompletionCode, completion_code, verify
from leadping_nb.workshop.exercise import Exercise, Lesson
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.question import Question
from leadping_nb.workshop.sheets import learner_cells
from leadping_nb.workshop.verdict import Verdict

__all__ = ["Attendance", "Attendee", "rehearse", "table_of"]

Attendee = Literal["perfect", "lost"]
_WORD: Final = "rehearsal"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One part, as one attendee went through it."""

    lesson: Lesson
    """The part."""
    attendee: Attendee
    """Who."""
    right: int
    """How many exercises were right at the end."""
    seconds: float
    """How long the cells and checks took."""
    troubles: tuple[str, ...]
    """What was not as it should be; empty if all was."""


def rehearse(lessons: Sequence[Lesson] = LESSONS) -> Iterator[Attendance]:
    """Go through parts as a perfect attendee, then as a lost one.

    Parameters
    ----------
    lessons
        The parts; all unless given.
    """
    for attendee in ("perfect", "lost"):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for lesson in lessons:
                yield _attend(lesson, attendee)


def table_of(attendances: Sequence[Attendance]) -> Table:
    """Give what became of a rehearsal, a row a part and attendee."""
    return Table(
        ("part", "attendee", "exercises", "right", "seconds", "trouble"),
        tuple(
            (
                f"{each.lesson.number} {each.lesson.title}",
                each.attendee,
                len(each.lesson.exercises),
                each.right,
                f"{each.seconds:.1f}",
                "; ".join(each.troubles) or "none",
            )
            for each in attendances
        ),
    )


def _attend(lesson: Lesson, attendee: Attendee) -> Attendance:
    """Go through one part; what its cells print is not shown."""
    began = time.perf_counter()
    variables: dict[str, Any] = {}
    troubles: list[str] = []
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            for cell in learner_cells(lesson):
                if cell.exercise is not None:
                    troubles += _answer(cell.exercise, cell.source, variables, attendee)
                elif cell.kind == "code":
                    _run(cell.source, variables)
        except Exception as error:  # a cell that fails is what a rehearsal is to find
            troubles.append(f"a cell failed: {type(error).__name__}")
        right, ends = _end(lesson, variables, attendee)
    for value in variables.values():
        if isinstance(value, Api | Generator | Sandbox):
            value.close()
    return Attendance(lesson, attendee, right, time.perf_counter() - began, (*troubles, *ends))


def _answer(exercise: Exercise, source: str, variables: dict[str, Any], attendee: Attendee) -> Iterator[str]:
    """Answer one exercise as an attendee would, and say what is not as it should be."""
    *starter, check = source.splitlines()
    question: Question = variables[check.removesuffix(".check()")]
    if attendee == "perfect":
        yield from _expect(Verdict.RIGHT, question, exercise.solution, variables)
        return
    yield from _expect(Verdict.NOT_ATTEMPTED, question, "\n".join(starter), variables)
    for slip in exercise.slips:
        yield from _expect(Verdict.NOT_YET, question, slip.code, variables)
    for _ in exercise.hints:
        question.hint()
    question.solution()


def _expect(verdict: Verdict, question: Question, code: str, variables: dict[str, Any]) -> Iterator[str]:
    _run(code, variables)
    said = question.check(variables)
    if said.verdict is not verdict:
        yield f"{question.name} says {said.verdict.value} and not {verdict.value}: {code.splitlines()[-1]}"


def _run(source: str, variables: dict[str, Any]) -> None:
    exec(compile(source, "<cell>", "exec"), variables)  # noqa: S102  # the workshop's own cells


def _end(lesson: Lesson, variables: Mapping[str, Any], attendee: Attendee) -> tuple[int, tuple[str, ...]]:
    """Count what is right, and look at the code that the attendee would read out."""
    workshop: Part | None = variables.get("workshop")
    if workshop is None:
        return 0, ("there is no part",)
    is_done = lesson.number in workshop.done
    right = len(lesson.exercises) if is_done else 0
    code = workshop.completion_code(_WORD)
    if attendee == "lost":
        return right, ("a code for nothing",) if is_done or isinstance(code, CompletionCode) else ()
    if not isinstance(code, CompletionCode):
        return right, ("no code",)
    expected = completion_code(workshop.done, word=_WORD).parts
    return right, () if verify(str(code), word=_WORD).parts == expected else ("the code is not genuine",)
