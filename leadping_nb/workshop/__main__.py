"""``python -m leadping_nb.workshop [build | check | rehearse]``: the workshop's notebooks, and its rehearsal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from leadping_nb.commands import ended
from leadping_nb.notebooks import kept_notebooks
from leadping_nb.workshop.exercise import Lesson
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.rehearsal import rehearse, table_of
from leadping_nb.workshop.sheets import build, stale

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, check or rehearse the workshop; give the exit code."""
    return ended(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m leadping_nb.workshop", description="The workshop's notebooks.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write and run the notebooks that are not what the lessons make")
    commands.add_parser("check", help="say which notebooks are not what the lessons make")
    rehearsal = commands.add_parser("rehearse", help="go through the parts as a perfect and as a lost attendee")
    rehearsal.add_argument("parts", nargs="*", type=_lesson, help="their numbers; all unless named")
    chosen = parser.parse_args(arguments)
    if chosen.command == "rehearse":
        return _rehearse(chosen.parts or LESSONS)
    folder = kept_notebooks() / "workshop"
    if chosen.command == "build":
        return build(folder)
    wrong = stale(folder)
    sys.stdout.write(
        "".join(f"{path.relative_to(folder)}: not what the lessons make\n" for path in wrong) or "in step\n"
    )
    return 1 if wrong else 0


def _lesson(number: str) -> Lesson:
    for lesson in LESSONS:
        if str(lesson.number) == number:
            return lesson
    raise argparse.ArgumentTypeError(f"a number from 1 to {len(LESSONS)}")


def _rehearse(lessons: Sequence[Lesson]) -> int:
    attendances = list(rehearse(lessons))
    sys.stdout.write(f"{table_of(attendances).text()}\n")
    return 1 if any(each.troubles for each in attendances) else 0


if __name__ == "__main__":
    raise SystemExit(main())
