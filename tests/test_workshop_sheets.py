"""The workshop's notebooks: what the lessons make, clean, the same in every run; and the rehearsal."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from leadping_nb.notebooks import blemishes
from leadping_nb.workshop import verify
from leadping_nb.workshop.__main__ import main
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.rehearsal import rehearse
from leadping_nb.workshop.sheets import learner_cells, sheets, stale, teacher_cells

FOLDER = Path(__file__).parent.parent / "notebooks" / "workshop"
SHEETS = sorted(sheets(FOLDER))
LEARNERS = [path for path in SHEETS if path.parent == FOLDER]
TEACHERS = [path for path in SHEETS if path.parent != FOLDER]

every = pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.relative_to(FOLDER).as_posix())
learners = pytest.mark.parametrize("path", LEARNERS, ids=lambda path: path.stem)
teachers = pytest.mark.parametrize("path", TEACHERS, ids=lambda path: path.stem)


def cells_of(path):
    return json.loads(path.read_text("utf-8"))["cells"]


def sources_of(path, kind):
    return [cell["source"] for cell in cells_of(path) if cell["cell_type"] == kind]


def said_in(path):
    """What checks say in the stored outputs of a notebook."""
    checks = [cell for cell in cells_of(path) if cell["source"].endswith(".check()")]
    return ["".join(cell["outputs"][-1]["data"]["text/plain"]) for cell in checks]


def lesson_of(path):
    return next(lesson for lesson in LESSONS if lesson.stem == path.stem)


def test_the_stored_notebooks_are_what_the_lessons_make():
    assert stale(FOLDER) == []
    assert sorted(FOLDER.rglob("*.ipynb")) == SHEETS
    assert (len(LEARNERS), len(TEACHERS)) == (6, 6)


@every
def test_a_notebook_is_clean(path):
    assert blemishes(path) == []


@every
def test_a_notebook_begins_with_what_one_can_do_after_it_and_how_long_it_takes(path):
    first = cells_of(path)[0]["source"]
    assert first.startswith(f"# Part {lesson_of(path).number}: ")
    assert "After this part you can" in first
    assert re.search(r"\*\*About (ten|twelve|fifteen) minutes\.\*\*", first)
    headings = re.findall(r"(?m)^## (.+)$", "\n".join(sources_of(path, "markdown")))
    assert headings[0] == "Before you start"
    assert headings[-2:] == ["What you saw", "What next"]


@every
def test_text_explains_before_code_runs(path):
    kinds = [cell["cell_type"] for cell in cells_of(path)]
    assert all(before == "markdown" for before, kind in pairwise(kinds) if kind == "code")


@every
def test_a_notebook_works_on_a_sandbox_whose_clock_stands_still_and_on_nothing_else(path):
    code = "\n".join(sources_of(path, "code"))
    assert code.count("lp.Sandbox(") == 1
    assert 'now="2026-07-05T12:00:00Z"' in code
    assert "from_env" not in code
    assert "https://" not in code
    assert "send_lead" not in code


@every
def test_every_text_that_looks_like_a_credential_is_an_example(path):
    text = path.read_text("utf-8")
    assert not re.search(r"eyJ[\w-]{10,}", text)
    for found in re.findall(r"\b(?:lp|sk|whsec|ghp)_\w{4,}", text):
        assert re.search("(?i)example|sandbox|src_", found), found


@every
def test_links_lead_to_files_that_are_there(path):
    links = re.findall(r"\]\(([^)#]+)\)", "\n".join(sources_of(path, "markdown")))
    assert all(link.startswith("https://") or (path.parent / link).is_file() for link in links)
    assert any(link.endswith(".ipynb") for link in links)


@learners
def test_an_attendees_notebook_is_not_attempted_and_holds_no_solution(path):
    exercises = lesson_of(path).exercises
    assert [text.split(":")[0] for text in said_in(path)] == [
        f"○ q{number}, not attempted" for number, _ in enumerate(exercises, 1)
    ]
    whole = "\n".join(cell["source"] for cell in cells_of(path))
    for exercise in exercises:
        assert exercise.solution not in whole
        assert exercise.insight not in whole


@teachers
def test_the_teachers_copy_is_right_everywhere_and_keeps_no_progress(path):
    exercises = lesson_of(path).exercises
    assert [text.split(":")[0] for text in said_in(path)] == [
        f"✓ q{number}, right" for number, _ in enumerate(exercises, 1)
    ]
    assert "keep=None" in sources_of(path, "code")[0]
    text = "\n".join(sources_of(path, "markdown"))
    for exercise in exercises:
        assert all(hint in text for hint in exercise.hints)
        assert all(slip.told in text for slip in exercise.slips)


def test_the_last_notebook_ends_with_a_code_that_the_teachers_copy_verifies():
    assert "workshop.completion_code(word)" in learner_cells(LESSONS[-1])[-2].source
    code, word = re.search(r'verify\("(.+)", word="(.+)"\)', teacher_cells(LESSONS[-1])[-2].source).groups()
    assert verify(code, word=word).parts_done == 6


def test_a_notebook_that_was_changed_or_is_missing_is_named(tmp_path):
    assert stale(tmp_path) == list(sheets(tmp_path))
    for path, original in zip(sheets(tmp_path), sheets(FOLDER), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(original.read_text("utf-8"), encoding="utf-8")
    assert stale(tmp_path) == []
    first = next(iter(sheets(tmp_path)))
    first.write_text(first.read_text("utf-8").replace("kinds = ...", "kinds = 1"), encoding="utf-8")
    assert stale(tmp_path) == [first]


def test_check_and_build_say_that_all_is_in_step(capsys):
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    assert capsys.readouterr().out == "in step\n"


def test_the_rehearsal_goes_through_all_parts_as_a_perfect_and_as_a_lost_attendee(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["rehearse"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["part", "attendee", "exercises", "right", "seconds", "trouble"]
    assert [re.findall(r"perfect|lost", line)[0] for line in lines] == ["perfect"] * 6 + ["lost"] * 6
    assert all(line.endswith("none") for line in lines)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_every_part_runs_on_binder_where_live_credentials_are_refused(lesson, monkeypatch):
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    assert [attended.troubles for attended in rehearse([lesson])] == [(), ()]


def test_a_rehearsal_of_some_parts_takes_their_numbers(capsys):
    assert main(["rehearse", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    with pytest.raises(SystemExit):
        main(["rehearse", "9"])
    assert "a number from 1 to 6" in capsys.readouterr().err


def broken(**how):
    lesson = LESSONS[1]
    first = lesson.exercises[0]
    blocks = tuple(replace(block, **how) if block is first else block for block in lesson.blocks)
    return replace(lesson, blocks=blocks)


@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ({"solution": "verdict = 'denied'"}, "q1 says not yet and not right"),
        ({"starter": "verdict = 1"}, "q1 says not yet and not not attempted"),
        ({"starter": "verdict = 1 / 0"}, "a cell failed: ZeroDivisionError"),
    ],
)
def test_a_rehearsal_finds_what_is_not_as_it_should_be(how, trouble):
    found = [each for attended in rehearse([broken(**how)]) for each in attended.troubles]
    assert any(trouble in each for each in found), found


@every
def test_no_line_of_a_paragraph_is_taken_for_a_list(path):
    for text in sources_of(path, "markdown"):
        for paragraph in text.split("\n\n"):
            first, *others = paragraph.splitlines()
            if not re.match(r"([-*+]|\d+\.) ", first):
                assert not [line for line in others if re.match(r"([-*+]|\d+\.) ", line)], paragraph
