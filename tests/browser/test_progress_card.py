"""The progress card in a browser: a line a part, in words and signs, and in step with what is right."""

import pytest
from playwright.sync_api import expect

from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.progress_card import ProgressCard
from leadping_nb.workshop.record import Record

from .accessibility import violations
from .bench import HOSTILE, Bench

SHOW = """import leadping_nb as lp
sandbox = lp.Sandbox(leads=10, now="2026-07-05T12:00:00Z")
workshop = lp.workshop.part(2, sandbox)
q1, q2, q3, q4 = workshop
business, verdict = lp.Credential.from_text(sandbox.business_key), "allowed"
workshop.progress()"""


def record():
    """Part 1 is done, and part 2 begun."""
    found = Record(None)
    for place in (*LESSONS[0].places, (2, 1)):
        found.add(place)
    return found


@pytest.fixture
def bench(page):
    """The card on a page without Jupyter."""
    return Bench(page, "progress_card", ProgressCard(LESSONS[1], record()).view)


def lines(card):
    return card.get_by_role("listitem").all_inner_texts()


def test_each_part_is_a_line_with_sign_number_and_word(bench):
    assert [line.split("\n") for line in lines(bench.card)][:3] == [
        ["✓", "1. What is it?", "4 of 4, done"],
        ["◐", "2. What may it do?", "1 of 4, begun"],
        ["○", "3. Who says so?", "0 of 4, not begun"],
    ]
    expect(bench.card.locator("[aria-current=step]")).to_contain_text("2. What may it do?")


def test_the_bar_of_a_part_has_a_step_for_each_question(bench):
    steps = bench.card.get_by_role("listitem").nth(1).locator(".leadping-steps span")
    assert [step.get_attribute("data-right") for step in steps.all()] == ["true", "false", "false", "false"]


def test_look_again_asks_the_kernel_by_mouse_and_keyboard(bench):
    look = bench.card.get_by_role("button", name="Look again")
    look.click()
    look.press("Enter")
    assert [content for content, _ in bench.sent()] == ['{"action":"look"}'] * 2


def test_a_warning_stands_below_the_parts_and_text_is_no_html(bench):
    view = ProgressCard(LESSONS[1], record()).view
    expect(bench.card.locator(".leadping-body > .leadping-quiet")).to_be_hidden()
    bench.show({**view, "content": {**view["content"], "warning": HOSTILE}})
    expect(bench.card.locator(".leadping-body > .leadping-quiet")).to_have_text(HOSTILE)
    assert bench.page.evaluate("window.harmed") is None


def test_without_jupyters_colours_the_card_is_as_readable(bench):
    assert violations(bench.card) == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_in_jupyterlab_the_card_follows_the_answers_and_outlives_the_kernel(notebook, screenshots, theme):
    notebook.theme(theme)
    card = notebook.card(SHOW)
    part = card.get_by_role("listitem").nth(1)
    notebook.say("q1.check()")
    expect(part).to_contain_text("1 of 4, begun")
    card.screenshot(path=screenshots / f"progress-{theme.lower()}.png")
    assert violations(card) == []
    notebook.restart_kernel()
    notebook.wait_until_idle()
    expect(notebook.card(SHOW).get_by_role("listitem").nth(1)).to_contain_text("1 of 4, begun")


def test_a_narrow_panel_cuts_nothing_off(notebook, screenshots):
    notebook.page.set_viewport_size({"width": 620, "height": 900})
    card = notebook.card(SHOW)
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "progress-narrow.png")
