"""What all front-end modules share, seen on the credential card: on a bare page, without Jupyter."""

import json

import pytest
from playwright.sync_api import expect

from leadping_nb import ask

from .accessibility import violations
from .bench import HOSTILE, Bench

SECRET = "lp_sandbox_test/0123+example"


@pytest.fixture
def bench(page):
    """A credential card on a page without Jupyter."""
    return Bench(page, "credential_card", ask().view)


def view(*, credential=None, error=None, sandbox=False, code="x = 1", requests=None):
    return {
        "turn": 1,
        "busy": False,
        "error": error,
        "code": code,
        "requests": requests or {},
        "content": {"sandbox": sandbox, "credential": credential},
    }


def known(*facts):
    return {"type": "source key", "facts": list(facts), "advice": [["Store", HOSTILE]]}


def test_a_text_travels_in_a_buffer_and_in_nothing_else(bench):
    bench.card.get_by_label("Key or token").fill(SECRET)
    bench.card.get_by_role("button", name="Recognise").click()
    assert bench.sent() == [(json.dumps({"action": "enter"}, separators=(",", ":")), [SECRET])]
    assert bench.card.locator("input").input_value() == ""
    assert SECRET not in bench.page.content()


def test_texts_of_the_kernel_are_never_taken_for_html(bench):
    credential = known(["For", HOSTILE], ["Header", HOSTILE]) | {"type": HOSTILE}
    bench.show(view(credential=credential, error={"sentence": HOSTILE, "hint": HOSTILE}, code=HOSTILE))
    assert bench.card.text_content().count("onerror") == 8  # type, status, two facts, advice, sentence, hint and code
    assert bench.card.locator("img").count() == 0
    assert bench.page.evaluate("window.harmed") is None


def test_a_card_that_waits_says_so_until_it_is_answered(bench):
    bench.card.get_by_role("button", name="Use the environment’s").click()
    expect(bench.card).to_have_attribute("aria-busy", "true")
    expect(bench.card.get_by_role("status")).to_have_text("Waiting for the kernel …")
    bench.show(view(credential=known()))
    expect(bench.card).to_have_attribute("aria-busy", "false")
    expect(bench.card.get_by_role("status")).to_have_text("Recognised: source key.")


def test_the_same_refusal_is_announced_again(bench):
    refused = view(error={"sentence": "No.", "hint": "Try again."})
    bench.show(refused)
    bench.page.evaluate(
        "() => { window.news = 0; new MutationObserver(() => window.news++)"
        ".observe(document.querySelector('.leadping-alert'), { childList: true }); }"
    )
    bench.show(refused)
    bench.page.wait_for_function("window.news === 1")


def test_a_kernel_that_ends_takes_what_was_typed_with_it_and_may_come_back(bench):
    bench.card.get_by_label("Key or token").fill(SECRET)
    bench.kernel(lives=False)
    expect(bench.card.get_by_role("alert").filter(has_text="Run the cell again.")).to_be_visible()
    expect(bench.card.get_by_label("Key or token")).to_be_hidden()
    bench.kernel(lives=True)
    expect(bench.card.get_by_label("Key or token")).to_have_value("")
    expect(bench.card.get_by_text("Run the cell again.")).to_have_count(0)


def test_a_card_that_is_taken_away_leaves_no_listener_and_no_text(bench):
    bench.card.get_by_label("Key or token").fill(SECRET)
    bench.page.evaluate("window.leave()")
    assert bench.page.evaluate("window.model.count() + window.model.layout.count()") == 0
    assert bench.card.locator("input").input_value() == ""
    bench.card.get_by_role("button", name="Recognise").press("x")
    expect(bench.card.locator("[data-lm-suppress-shortcuts]")).to_have_count(0)


def test_jupyter_gets_chords_and_the_card_gets_plain_keys(bench):
    button = bench.card.get_by_role("button", name="Recognise")
    for keys, kept in {"x": 1, "Control+x": 0, "Shift+x": 1, "Shift+Enter": 0, "Alt+x": 0}.items():
        button.press(keys)
        expect(bench.card.locator("[data-lm-suppress-shortcuts]")).to_have_count(kept)


def test_where_the_browser_has_no_clipboard_nothing_offers_to_copy(bench):
    assert bench.page.evaluate("navigator.clipboard === undefined")  # the page has no secure origin
    bench.card.locator("summary").click()
    expect(bench.card.locator("pre")).to_be_visible()
    expect(bench.card.get_by_role("button", name="Copy")).to_have_count(0)


def test_the_code_can_be_had_as_requests_where_a_card_has_some_and_their_texts_stay_texts(bench):
    bench.card.locator("summary").click()
    choice = bench.card.get_by_label("Show it for")
    expect(choice).to_be_hidden()
    bench.show(view(code="lines", requests={"curl": f"curl {HOSTILE}", "httpx": "import httpx"}))
    assert choice.locator("option").all_inner_texts() == ["this toolkit", "curl", "httpx"]
    expect(bench.card.locator("pre")).to_have_text("lines")
    choice.select_option("curl")
    expect(bench.card.locator("pre")).to_have_text(f"curl {HOSTILE}")
    bench.show(view(code="other lines", requests={"curl": "curl again", "httpx": "import httpx"}))
    expect(bench.card.locator("pre")).to_have_text("curl again")  # the choice stays
    assert violations(bench.card) == []
    assert bench.page.evaluate("window.harmed") is None


def test_at_400_percent_everything_stays_within_a_phone_s_width(bench):
    bench.page.set_viewport_size({"width": 320, "height": 600})
    long = "https://example.test/" + "a" * 300
    bench.show(view(credential=known(["For", long], ["Header", long]), error={"sentence": long, "hint": long}))
    assert bench.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    bench.show(view(sandbox=True, error={"sentence": long, "hint": long}))
    assert bench.page.evaluate("document.scrollingElement.scrollWidth") <= 320


@pytest.mark.parametrize("state", ["form", "wrong", "known"])
def test_without_jupyters_colours_the_card_is_as_readable(bench, state):
    error = {"sentence": "This is a wrong one.", "hint": "Try again."} if state == "wrong" else None
    credential = known(["For", "an example"], ["Header", "••••"]) if state == "known" else None
    bench.show(view(credential=credential, error=error, sandbox=True))
    for summary in bench.card.locator("summary").all():
        summary.click()
    assert violations(bench.card) == []


def test_a_table_of_a_card_has_a_name_and_its_texts_stay_texts(bench):
    bench.page.evaluate(
        """text => document.querySelector("section").append(
            window.module.table("Findings", ["code", "message"], [[text, null], ["b", "c"]]))""",
        HOSTILE,
    )
    table = bench.page.get_by_role("region", name="Findings")
    assert table.get_by_role("columnheader").all_inner_texts() == ["code", "message"]
    assert table.get_by_role("cell").all_inner_texts() == [HOSTILE, "", "b", "c"]
    assert violations(bench.card) == []
