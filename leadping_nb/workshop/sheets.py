"""The notebooks of the workshop, made from the lessons: one for attendees, and one with solutions for the teacher.

Both come from one source, so that they cannot differ. `build` writes them and runs them, so that each is stored with
what it shows; `stale` says which of them are not what the lessons make.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from leadping_nb import notebooks
from leadping_nb.workshop.codes import completion_code
from leadping_nb.workshop.exercise import Code, Exercise, Lesson
from leadping_nb.workshop.lessons import LESSONS

__all__ = ["LEADS", "NOW", "Cell", "build", "learner_cells", "sheets", "stale", "teacher_cells"]

LEADS: Final = 1_000
NOW: Final = "2026-07-05T12:00:00Z"
_MINUTES: Final = {10: "ten", 12: "twelve", 15: "fifteen"}

_TITLE: Final = """\
# Part {number}: {title}{copy}

After this part you can

{aims}

**About {minutes} minutes.** You need to know pandas a little, and nothing of OAuth; no account, and no
internet."""
_BEFORE: Final = """\
## Before you start

Run the cells from top to bottom with Shift+Enter. All of it happens in a *sandbox*, a small Leadping on this
machine. Its data come from a seed and its clock stands still, so that everybody sees the same. In a cell with a
question put your answer in the place of the three dots and run the cell: its last line checks the answer, as
often as you like.

Stuck? Write `q1.hint()` into a new cell below (Esc, then B): each time it is run it says a little more.
`q1.solution()` shows one way. Which questions are right is kept in the file `workshop-progress.json` beside this
notebook, so that all parts know of each other. Nothing is sent anywhere."""
_BEFORE_TEACHER: Final = """\
## Before you start

This is the attendees' notebook with everything filled in, the hints, and what people write instead. It keeps no
progress. The [guide for teachers](https://github.com/OWNER/REPOSITORY/blob/HEAD/docs/workshop.md) has the
agenda, and what goes wrong."""
_SETUP: Final = """\
import leadping_nb as lp

sandbox = lp.Sandbox(leads={leads:_}, now="{now}")
workshop = lp.workshop.part({number}, sandbox{keep})
{names} = workshop
workshop"""
_PROGRESS: Final = """\
## How far you are

The card shows all six parts. A saved copy of this notebook knows of what was right in it alone."""
_CODE: Final = """\
## Your completion code

It says which parts are done, and neither who you are nor what you wrote. Put the word that your teacher gave
you in the place of the dots, in quotes, and read out what you get."""
_CODE_CELL: Final = """\
word = ...  # in quotes; two quotes with nothing between them if there is no word
workshop.completion_code(word)"""
_VERIFY: Final = """\
## Verifying a code

An attendee reads out a code, and you type it as you hear it. This one was made with the word *blue*."""
_END: Final = """\
## What you saw

{seen}

## What next

{further}"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook."""

    kind: Literal["markdown", "code"]
    """Text or code."""
    source: str
    """What is in it."""
    exercise: Exercise | None = None
    """The exercise whose answer goes into it."""


def learner_cells(lesson: Lesson) -> tuple[Cell, ...]:
    r"""Give the cells of an attendee's notebook.

    Examples
    --------
    >>> [cell.source for cell in learner_cells(LESSONS[0]) if cell.exercise][0]
    'kinds = ...  # name: kind\nq1.check()'
    """
    return tuple(_cells(lesson, for_teacher=False))


def teacher_cells(lesson: Lesson) -> tuple[Cell, ...]:
    """Give the cells of the teacher's copy, with solutions.

    Examples
    --------
    >>> [cell.source for cell in teacher_cells(LESSONS[1]) if cell.exercise][3].splitlines()[-1]
    'q4.check()'
    """
    return tuple(_cells(lesson, for_teacher=True))


def _cells(lesson: Lesson, *, for_teacher: bool) -> Iterator[Cell]:
    names = [f"q{number}" for number, _ in enumerate(lesson.exercises, 1)]
    title = _TITLE.format(
        number=lesson.number,
        title=lesson.title,
        copy=" (teacher's copy)" if for_teacher else "",
        aims=_listed(lesson.aims, end=";"),
        minutes=_MINUTES[lesson.minutes],
    )
    keep = ", keep=None" if for_teacher else ""
    yield Cell("markdown", title)
    yield Cell("markdown", _BEFORE_TEACHER if for_teacher else _BEFORE)
    yield Cell("code", _SETUP.format(leads=LEADS, now=NOW, number=lesson.number, keep=keep, names=", ".join(names)))
    left = iter(names)
    for block in lesson.blocks:
        if isinstance(block, Exercise):
            yield Cell("markdown", block.asks + (_for_teacher(block) if for_teacher else ""))
            answer = block.solution if for_teacher else block.starter
            yield Cell("code", f"{answer}\n{next(left)}.check()", block)
        else:
            yield Cell("code", block.source) if isinstance(block, Code) else Cell("markdown", block)
    yield Cell("markdown", _PROGRESS)
    yield Cell("code", "workshop.progress()")
    if lesson is LESSONS[-1]:
        yield Cell("markdown", _CODE)
        yield Cell("code", _CODE_CELL)
        if for_teacher:
            example = completion_code(range(1, 7), word="blue", nonce=2026)
            yield Cell("markdown", _VERIFY)
            yield Cell("code", f'lp.workshop.verify("{str(example).lower()}", word="Blue")')
    further = lesson.further.replace("](../", "](../../") if for_teacher else lesson.further
    yield Cell("markdown", _END.format(seen=_listed(lesson.seen), further=further))


def _for_teacher(exercise: Exercise) -> str:
    hints = "\n".join(f"{number}. {hint}" for number, hint in enumerate(exercise.hints, 1))
    slips = "\n".join(f"- `{slip.code.splitlines()[-1]}`: “… {slip.told} …”" for slip in exercise.slips)
    return f"\n\n**The hints:**\n\n{hints}\n\n**What people write, and what is said of it:**\n\n{slips}"


def _listed(entries: Sequence[str], *, end: str = "") -> str:
    *first, last = entries
    return "\n".join([*(f"- {entry}{end}" for entry in first), f"- {last}{'.' if end else ''}"])


def sheets(folder: Path) -> dict[Path, tuple[Cell, ...]]:
    """Give the cells of all notebooks by where they belong below a folder."""
    for_learners = {folder / f"{lesson.stem}.ipynb": learner_cells(lesson) for lesson in LESSONS}
    for_teachers = {folder / "teacher" / f"{lesson.stem}.ipynb": teacher_cells(lesson) for lesson in LESSONS}
    return for_learners | for_teachers


def build(folder: Path) -> int:
    """Write and run the notebooks that are not what the lessons make; give 0 if all are clean then."""
    changed = stale(folder)
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_notebook(sheets(folder)[path])), encoding="utf-8")
    return notebooks.main(["refresh", *map(str, changed)]) if changed else 0


def stale(folder: Path) -> list[Path]:
    """Give the notebooks that are missing or have other cells than the lessons make."""
    return [
        path for path, cells in sheets(folder).items() if _stored(path) != [(cell.kind, cell.source) for cell in cells]
    ]


def _stored(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        return []
    return [
        (cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


def _notebook(cells: Sequence[Cell]) -> dict[str, object]:
    code: dict[str, object] = {"execution_count": None, "outputs": []}
    return {
        "cells": [
            {"cell_type": cell.kind, "id": f"cell-{number}", "metadata": {}, "source": cell.source}
            | (code if cell.kind == "code" else {})
            for number, cell in enumerate(cells, 1)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
