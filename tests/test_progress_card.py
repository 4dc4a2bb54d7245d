"""The progress card on the side of Python: what the page is shown, and what stays in a saved notebook."""

import json

import pytest
from cards import press

from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.progress_card import ProgressCard
from leadping_nb.workshop.record import FILE, Record


def content_of(card):
    """What the page is shown, as it arrives there."""
    return json.loads(json.dumps(card.view))["content"]


@pytest.fixture
def file(tmp_path):
    """Where another notebook kept that part 1 is done and part 2 begun."""
    other = Record(tmp_path / FILE)
    for place in (*LESSONS[0].places, (2, 1)):
        other.add(place)
    return tmp_path / FILE


def test_the_page_is_shown_all_parts_with_what_other_notebooks_kept(file):
    parts = content_of(ProgressCard(LESSONS[2], Record(file)))["parts"]
    assert [part["number"] for part in parts] == [1, 2, 3, 4, 5, 6]
    assert [part["word"] for part in parts[:3]] == ["done", "begun", "not begun"]
    assert [(part["right"], part["of"]) for part in parts[:2]] == [(4, 4), (1, 4)]
    assert [part["number"] for part in parts if part["here"]] == [3]


def test_a_saved_notebook_shows_the_same_whatever_lies_beside_it(file):
    beside, alone = (ProgressCard(LESSONS[0], Record(place)).static_forms() for place in (file, None))
    assert beside == alone
    assert "4 of 4" not in beside["text/plain"]


def test_the_still_forms_show_what_was_right_in_this_kernel():
    record = Record(None)
    record.add((1, 1))
    text, page = (ProgressCard(LESSONS[0], record).static_forms()[kind] for kind in ("text/plain", "text/html"))
    assert "◐ 1 of 4, begun" in text
    assert "◐ 1 of 4, begun" in page
    assert "○ 0 of 5, not begun" in text


def test_the_card_is_drawn_again_when_an_answer_is_right():
    record = Record(None)
    card = ProgressCard(LESSONS[0], record)
    turn = card.view["turn"]
    record.add((1, 1))
    assert card.view["turn"] == turn + 1
    assert content_of(card)["parts"][0]["right"] == 1


def test_looking_again_shows_what_another_notebook_kept_meanwhile(file):
    card = ProgressCard(LESSONS[0], Record(file))
    Record(file).add((2, 2))
    assert content_of(card)["parts"][1]["right"] == 1
    press(card, "look")
    assert content_of(card)["parts"][1]["right"] == 2
    assert card.error is None


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    record = Record(tmp_path / "no such folder" / FILE)
    assert content_of(ProgressCard(LESSONS[0], record))["warning"] == ""
    record.add((1, 1))
    assert "cannot be written to" in content_of(ProgressCard(LESSONS[0], record))["warning"]


def test_without_a_file_there_is_nothing_to_warn_of():
    record = Record(None)
    record.add((1, 1))
    assert content_of(ProgressCard(LESSONS[0], record))["warning"] == ""
