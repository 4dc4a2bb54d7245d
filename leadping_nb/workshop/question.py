"""A question as an attendee has it in a notebook: check the answer, ask for a hint, see a solution."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final

from leadping_nb.workshop.answers import AnswerError, Answers, Room
from leadping_nb.workshop.exercise import Exercise
from leadping_nb.workshop.verdict import Result, Shown, Verdict

__all__ = ["Question"]

_UNREADABLE: Final = (
    "{found}. This could not be compared ({kind}). Asked for: {asked}. If it is that, run the cells above again."
)


class Question:
    """One exercise of a part; made by :func:`~leadping_nb.workshop.part`.

    ``check()`` looks at the variables of whoever calls it: in a notebook those of the notebook, by the names that the
    exercise asks for. Values are compared, never the text of a cell.

    Parameters
    ----------
    name
        What it is called, such as ``q1``.
    exercise
        The exercise.
    room
        What answers are compared with.
    on_right
        Is called when an answer is right.
    """

    def __init__(self, name: str, exercise: Exercise, room: Room, on_right: Callable[[], None]) -> None:
        self.name = name
        self.exercise = exercise
        self._room = room
        self._on_right = on_right
        self._hints_given = 0

    def check(self, variables: Mapping[str, object] | None = None) -> Result:
        """Say how far the answer is; whatever it is, this raises nothing.

        Parameters
        ----------
        variables
            Where the answer is; the variables of the caller unless given.
        """
        if variables is None:
            caller = sys._getframe(1)  # a cell runs with the notebook's variables as its globals
            variables = {**caller.f_globals, **caller.f_locals}
        if all(name in variables and variables[name] is ... for name in self.exercise.names):
            return Result(self.name, Verdict.NOT_ATTEMPTED, f"Put your answer in the place of ... in {self._asked}.")
        try:
            answers = Answers(variables, self._room, self.exercise.names)
            for name in self.exercise.names:
                answers[name]
            self.exercise.check(answers)
        except AnswerError as error:
            return Result(self.name, Verdict.NOT_YET, error.message)
        except Exception as error:  # what was handed in may be of any type and fail in any way
            found = " and ".join(f"`{name}` is of type {_type(variables.get(name))}" for name in self.exercise.names)
            words = _UNREADABLE.format(found=found, kind=type(error).__name__, asked=self._form)
            return Result(self.name, Verdict.NOT_YET, words)
        self._on_right()
        return Result(self.name, Verdict.RIGHT, self.exercise.insight)

    def hint(self) -> Shown:
        """Give a hint, the next one each time; the last one stays."""
        hints = self.exercise.hints
        self._hints_given = min(self._hints_given + 1, len(hints))
        return Shown(f"{self.name}, hint {self._hints_given} of {len(hints)}", hints[self._hints_given - 1])

    def solution(self) -> Shown:
        """Give one way to the answer, as code."""
        return Shown(f"{self.name}, one solution", "Others are as right.", self.exercise.solution)

    @property
    def _asked(self) -> str:
        return " and ".join(f"`{name}`" for name in self.exercise.names)

    @property
    def _form(self) -> str:
        """Of which form an answer is, as the comment beside the three dots says."""
        return ", ".join(line.partition("#")[2].strip() for line in self.exercise.starter.splitlines())

    def __repr__(self) -> str:
        return f"<Question {self.name} about {self._asked}: .check(), .hint(), .solution()>"


def _type(value: object) -> str:
    """Name the type of a value, and of what a collection begins with."""
    held = list(value.values()) if type(value) is dict else list(value) if type(value) in (list, tuple, set) else []  # type: ignore[call-overload]  # one of these
    return " of ".join(type(each).__name__ for each in (value, *held[:1]))
