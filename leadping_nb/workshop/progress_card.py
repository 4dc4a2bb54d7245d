"""The progress card: how many exercises of each part are right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from leadping_nb.table import Table
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card, Message
from leadping_nb.workshop.exercise import Lesson, Place
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.record import Record

__all__ = ["ProgressCard"]

_WORDS: Final = {"✓": "done", "◐": "begun", "○": "not begun"}
_CODE: Final = """\
import leadping_nb as lp

workshop = lp.workshop.part({number}, sandbox)
workshop.done  # the parts of which every question is right"""
_NOT_KEPT: Final = "This folder cannot be written to: what is right is kept as long as this kernel runs."
_STILL: Final = "What was right in this kernel. JupyterLab shows what was right in the other parts as well."


class ProgressCard(Card):
    """Show how far an attendee is; made by :meth:`Part.progress() <leadping_nb.workshop.Part.progress>`.

    In a page it shows all that the record knows. Where no widget runs, it shows what was right in this kernel alone, so
    that a notebook which is run again shows the same, whatever lies beside it.

    Parameters
    ----------
    lesson
        The part that is open here.
    record
        Which exercises are right.

    Examples
    --------
    >>> record = Record(None)
    >>> record.add((1, 1))
    >>> ProgressCard(LESSONS[0], record)
    <ProgressCard: 1 of 27 exercises right in this kernel>
    """

    _esm = front_end.module("progress_card")
    _css = front_end.style_sheet("progress_card")

    def __init__(self, lesson: Lesson, record: Record) -> None:
        self._lesson = lesson
        self._record = record
        super().__init__({"look": self._look})
        record.tell(self._publish)

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        return _CODE.format(number=self._lesson.number)

    def _look(self, _: Message) -> None:
        """Do nothing: after each action the card shows how things are, and so reads what another part has kept."""

    def _content(self) -> dict[str, object]:
        right = self._record.right
        rows = [_row(lesson, right) for lesson in LESSONS]
        return {
            "parts": [
                {"number": lesson.number, "title": lesson.title, "here": lesson is self._lesson, **row}
                for lesson, row in zip(LESSONS, rows, strict=True)
            ],
            "warning": "" if self._record.is_kept else _NOT_KEPT,
        }

    @property
    def _table(self) -> Table:
        rows = ((lesson, _row(lesson, self._record.here)) for lesson in LESSONS)
        return Table(
            ("part", "about", "right"),
            tuple(
                (lesson.number, lesson.title, f"{row['sign']} {row['right']} of {row['of']}, {row['word']}")
                for lesson, row in rows
            ),
        )

    def _text(self) -> str:
        return f"{self._table.text()}\n\n{_STILL}"

    def _html(self) -> str:
        return f"{self._table.html('Progress')}<p>{_STILL}</p>"

    def __repr__(self) -> str:
        exercises = sum(len(lesson.exercises) for lesson in LESSONS)
        return f"<ProgressCard: {len(self._record.here)} of {exercises} exercises right in this kernel>"


def _row(lesson: Lesson, right: Collection[Place]) -> dict[str, object]:
    places = lesson.places
    count = sum(place in right for place in places)
    sign = "✓" if count == len(places) else "◐" if count else "○"
    return {"right": count, "of": len(places), "sign": sign, "word": _WORDS[sign]}
