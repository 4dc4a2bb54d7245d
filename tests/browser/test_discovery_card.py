"""The discovery card in JupyterLab, walked by keyboard and mouse, and its front-end module on a bare page."""

import re

import pytest
from playwright.sync_api import expect

from leadping_nb.widgets.discovery_card import DiscoveryCard

from .accessibility import violations
from .bench import HOSTILE, Bench

SHOW = """from leadping_nb import Sandbox
from leadping_nb.widgets.discovery_card import DiscoveryCard
if "sandbox" in globals(): sandbox.close()
sandbox = Sandbox(leads=10)
card = DiscoveryCard(sandbox.url)
card"""
WITH_FAULT = SHOW.replace("\ncard =", '\nsandbox.faults.on("issuer_with_slash")\ncard =')
RAISES = SHOW.replace("(sandbox.url)", "(sandbox.url, on_discovery=lambda found: {}[found])")
STEPS = 11


def steps(card):
    return card.get_by_role("region", name="Steps").get_by_role("listitem")


def nodes(card):
    return card.locator(".leadping-node")


def press(card, name):
    card.get_by_role("button", name=name).click()


def in_sight(region, item):
    """Whether an item is within what is seen of its region."""
    outer, inner = region.bounding_box(), item.bounding_box()
    return outer["y"] - 1 <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1


# -- in JupyterLab ---------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_walks_to_the_end_step_by_step(notebook):
    card = notebook.card(SHOW)
    expect(card.get_by_role("region", name="Steps")).to_have_count(0)
    card.get_by_role("button", name="Next step").focus()
    for made in range(1, STEPS + 1):
        notebook.page.keyboard.press("Enter")
        expect(steps(card)).to_have_count(made)
        expect(nodes(card)).to_have_count(made)
        expect(card).to_have_attribute("aria-busy", "false")
        assert in_sight(card.get_by_role("region", name="Steps"), steps(card).last)
        if made < STEPS:
            expect(card.get_by_role("status")).to_contain_text(f"Step {made}: ")
            expect(card.get_by_role("button", name="Next step")).to_be_focused()
    expect(card.get_by_role("status")).to_have_text(f"The walk is over: {STEPS} steps, no findings.")
    expect(card.get_by_role("heading", name="Discovery")).to_be_focused()
    expect(card.get_by_role("button", name="Next step")).to_have_count(0)
    notebook.page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Again")).to_be_focused()
    for name in ("Steps", "Graph"):
        notebook.page.keyboard.press("Tab")
        expect(card.get_by_role("region", name=name)).to_be_focused()
    notebook.page.keyboard.press("Tab")
    expect(card.locator("summary")).to_be_focused()
    assert notebook.say("card.discovery.complete") == "True"
    assert notebook.say("any(request.authorized for request in sandbox.requests)") == "False"


def test_all_steps_come_at_once_and_again_begins_anew(notebook):
    card = notebook.card(SHOW)
    press(card, "All steps")
    expect(card.locator(".leadping-end")).to_have_text(f"✓The walk is over: {STEPS} steps, no findings.")
    expect(steps(card)).to_have_count(STEPS)
    expect(steps(card).first).to_contain_text("1. What does a call without a credential earn?")
    expect(steps(card).first).to_contain_text("/users/me")
    expect(steps(card).first).to_contain_text("401 with a challenge · RFC 9110, section 15.5.2")
    expect(card.get_by_text(notebook.say("card.discovery.jwks_uri"), exact=True)).to_be_visible()
    expect(card.get_by_text("✓ No findings.")).to_be_visible()
    card.get_by_role("button", name="Again").press("Enter")
    expect(card.get_by_role("button", name="Next step")).to_be_focused()
    expect(steps(card)).to_have_count(0)
    expect(card.get_by_role("status")).to_have_text("Nothing was asked yet.")
    assert notebook.say("card.discovery") == "None"


def test_an_issuer_with_a_slash_is_seen_in_list_graph_and_findings(notebook):
    card = notebook.card(WITH_FAULT)
    for _ in range(3):
        made = steps(card).count()
        press(card, "Next step")
        expect(steps(card)).to_have_count(made + 1)
        expect(card).to_have_attribute("aria-busy", "false")
    expect(steps(card).last).to_contain_text("✗ error as-issuer")
    expect(nodes(card).last).to_contain_text("✗ 3. authorization server")
    expect(card.get_by_role("heading", name="Findings so far")).to_be_visible()
    press(card, "All steps")
    finding = card.locator(".leadping-finding").filter(has_text="as-issuer")
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text("✗ error as-issuer · steps 3, 4")
    expect(finding).to_contain_text("a trailing slash more")
    expect(finding).to_contain_text(re.compile(r"Gothttp://127\.0\.0\.1:\d+/What to do"))
    expect(finding).to_contain_text("RFC 8414, section 3.3")
    expect(card.locator(".leadping-host-column").first).to_contain_text("⚠")


def test_an_error_of_the_listener_stands_in_the_card(notebook):
    card = notebook.card(RAISES)
    press(card, "Next step")
    expect(card.get_by_role("alert").filter(has_text="KeyError")).to_contain_text("This did not work: KeyError.")
    expect(steps(card)).to_have_count(1)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1000, "height": 2_600})
    card = notebook.card(WITH_FAULT)
    for state in ("start", "walking", "over"):
        if state == "walking":
            for made in range(1, 4):
                press(card, "Next step")
                expect(steps(card)).to_have_count(made)
                expect(card).to_have_attribute("aria-busy", "false")
        if state == "over":
            press(card, "All steps")
            expect(card.locator(".leadping-end")).to_be_visible()
            expect(card).to_have_attribute("aria-busy", "false")
            card.locator("summary").click()
            card.get_by_label("Show it for").select_option("curl")
            expect(card.locator("pre code")).to_contain_text("# 1. What does a call without a credential earn?")
        card.screenshot(path=screenshots / f"discovery-{state}-{theme.lower()}.png")
        assert violations(card) == []


def test_in_a_narrow_panel_only_the_graph_goes_sideways(notebook, screenshots):
    notebook.page.set_viewport_size({"width": 700, "height": 2_600})
    card = notebook.card(WITH_FAULT)
    press(card, "All steps")
    expect(card.locator(".leadping-end")).to_be_visible()
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "discovery-narrow-light.png")


# -- the module alone ------------------------------------------------------------------------------------------------


@pytest.fixture
def bench(page):
    """A discovery card on a page without Jupyter."""
    return Bench(page, "discovery_card", DiscoveryCard("https://api.example").view)


def step(number, **others):
    return {
        "number": number,
        "parent": number - 1 or None,
        "state": "fine",
        "sign": "✓",
        "question": f"What is {number}?",
        "request": f"GET https://host-{number % 3}.example/{number}",
        "outcome": "200",
        "spec": "RFC 9728",
        "findings": [],
        "host": f"host-{number % 3}.example",
        "path": f"/{number}",
        "kind": "openid",
    } | others


def finding(severity, code="example", **others):
    return {
        "severity": severity,
        "sign": {"error": "✗", "warning": "⚠", "note": "•"}[severity],
        "code": code,
        "where": "step 1",
        "message": "Something is odd.",
        "facts": [["Expected", "one"], ["Got", "another"]],
    } | others


def view(made, findings=(), *, over=True, busy=False, **others):
    content = {
        "url": "https://api.example",
        "host": "host-1.example",
        "over": over,
        "said": "Said.",
        "verdict": {"state": "fine", "sign": "✓", "sentence": "The walk is over."},
        "steps": made,
        "more_steps": "",
        "host_mark": "",
        "findings": list(findings),
        "more_findings": "",
        "facts": [["Client id", "client_example"]],
    }
    return {"turn": 1, "busy": busy, "error": None, "code": "x = 1", "content": content | others}


def test_a_button_asks_once_until_it_is_answered(bench):
    for name in ("Next step", "Next step", "All steps"):
        press(bench.card, name)
    assert bench.sent() == [('{"action":"next"}', [])]
    bench.show(view([step(1)], over=False, busy=True))
    expect(bench.card.get_by_role("button", name="All steps")).to_have_attribute("aria-disabled", "true")
    bench.card.get_by_role("button", name="All steps").press("Enter")
    assert len(bench.sent()) == 1
    bench.show(view([step(1)], over=False))
    press(bench.card, "All steps")
    assert bench.sent()[1:] == [('{"action":"all"}', [])]


def test_many_findings_can_be_filtered_by_severity_with_the_keyboard(bench):
    severities = ("error", "error", "warning", "note")
    bench.show(view([step(1)], [finding(severity) for severity in severities]))
    choices = bench.card.get_by_role("group", name="Findings to show")
    shown = bench.card.locator(".leadping-finding:visible")
    expect(shown).to_have_count(4)
    choices.get_by_role("button", name="errors").press("Enter")
    expect(shown).to_have_count(2)
    expect(choices.locator("[aria-pressed=true]")).to_have_text("✗ errors")
    choices.get_by_role("button", name="All").press("Space")
    expect(shown).to_have_count(4)
    bench.show(view([step(1)], [finding("error"), finding("note")]))
    expect(choices).to_have_count(0)


def test_what_is_chosen_stays_while_nothing_new_comes(bench):
    findings = [finding(severity) for severity in ("error", "error", "warning", "note")]
    bench.show(view([step(1)], findings))
    press(bench.card, "notes")
    bench.show(view([step(1)], findings) | {"turn": 2})
    expect(bench.card.locator(".leadping-finding:visible")).to_have_count(1)


def test_the_graph_draws_an_arrow_from_what_led_there_and_brings_the_newest_into_sight(bench):
    bench.page.set_viewport_size({"width": 480, "height": 900})
    bench.show(view([step(1), step(2), step(3, parent=1), step(4, parent=1), step(7, parent=99)], over=False))
    expect(bench.card.locator(".leadping-host-column")).to_have_count(3)
    expect(bench.card.locator(".leadping-arrow")).to_have_count(3)
    bench.show(view([*map(step, range(1, 9))], over=False))
    expect(bench.card.locator(".leadping-arrow")).to_have_count(7)
    graph = bench.card.get_by_role("region", name="Graph")
    assert graph.evaluate("graph => graph.scrollLeft") > 0
    expect(graph.get_by_role("img")).to_have_accessible_name(re.compile("at 3 hosts"))
    assert violations(bench.card) == []


def test_two_cards_on_one_page_have_arrows_of_their_own(bench):
    bench.show(view([step(1), step(2)]))
    bench.page.evaluate("window.module.default.render({ model: window.model, el: document.querySelector('main') })")
    names = bench.page.eval_on_selector_all("marker", "markers => markers.map(marker => marker.id)")
    assert len(set(names)) == len(names) == 2


def test_texts_of_a_server_are_never_taken_for_html(bench):
    made = step(1) | dict.fromkeys(("question", "request", "outcome", "spec", "host", "path", "kind"), HOSTILE)
    found = finding("error", HOSTILE, message=HOSTILE, facts=[["Got", HOSTILE]])
    others = {"url": HOSTILE, "facts": [["Client id", HOSTILE]], "more_steps": HOSTILE, "more_findings": HOSTILE}
    bench.show(view([made | {"findings": [HOSTILE]}], [found], **others))
    expect(bench.card.locator(".leadping-finding")).to_have_count(1)
    assert bench.card.text_content().count("onerror") > 10
    assert bench.card.locator("img").count() == 0
    assert bench.page.evaluate("window.harmed") is None


def test_at_400_percent_only_the_graph_goes_sideways(bench):
    bench.page.set_viewport_size({"width": 320, "height": 900})
    long = "https://example.test/" + "a" * 180
    made = step(2) | dict.fromkeys(("question", "request", "outcome", "path", "kind"), long)
    bench.show(view([step(1), made], [finding("error", long, facts=[["Got", long]])], url=long))
    assert bench.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert bench.card.evaluate("card => card.scrollWidth <= card.clientWidth")


def test_without_jupyters_colours_every_state_is_readable(bench):
    signs = {"fine": "✓", "error": "✗", "warning": "⚠", "note": "•", "absent": "–"}
    made = [step(number, state=state, sign=sign) for number, (state, sign) in enumerate(signs.items(), 1)]
    findings = [finding(severity) for severity in ("error", "warning", "note", "note")]
    for over in (False, True):
        bench.show(view(made, findings, over=over, more_steps="The last.", more_findings="The first."))
        assert violations(bench.card) == []
