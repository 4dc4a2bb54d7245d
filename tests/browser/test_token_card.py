"""The token card: on a bare page with a clock of its own, and in JupyterLab on the sandbox."""

import json
import re

import pytest
from playwright.sync_api import expect

from leadping_nb.credential import Credential
from leadping_nb.widgets.token_card import TokenCard

from .accessibility import violations
from .bench import HOSTILE, Bench

TALL = {"width": 1000, "height": 2800}  # a card is taken whole
AT = 1_783_252_800  # 2026-07-05 12:00:00 UTC
SETUP = """import leadping_nb as lp
from leadping_nb.widgets.token_card import TokenCard
if "sandbox" in globals():
    sandbox.close()
sandbox = lp.Sandbox(leads=10)
discovery = lp.discover(sandbox.url)
credential = lp.Credential.from_text(sandbox.issue_token())
"""
SHOW = f"{SETUP}card = TokenCard(credential, discovery=discovery, sandbox=sandbox)\ncard"
FORGED = f"""{SETUP}
from leadping_nb.sandbox.forger import open_workshop
shop = open_workshop(sandbox, discovery.jwks[sandbox.issuer])
forged = lp.Credential.from_text(shop.reclaimed(role="owner"))
card = TokenCard(forged, discovery=discovery, sandbox=sandbox)
card"""
NOTHING = f"{SETUP}card = TokenCard(lp.Credential.from_text('lp_src_example'))\ncard"
UNVERIFIED = f"{SETUP}card = TokenCard(credential)\ncard"


def view(**changes):
    """What a card shows of a token of an hour, ten minutes after its issue, and what is otherwise here."""
    token = {
        "verdict": "valid",
        "sign": "✓",
        "sentence": "The token is valid.",
        "doubt": "",
        "advice": [],
        "now": AT + 600,
        "ticks": True,
        "moments": [
            {"name": "issued", "at": AT, "utc": "2026-07-05 12:00:00 UTC"},
            {"name": "now", "at": AT + 600, "utc": "2026-07-05 12:10:00 UTC"},
            {"name": "expires", "at": AT + 3600, "utc": "2026-07-05 13:00:00 UTC"},
        ],
        "line": [AT - 180, AT + 3780],
        "countdown": {"label": "Expires in", "until": AT + 3600, "end": "It has ended."},
        "marks": [["issue", AT], ["expiry", AT + 3600]],
        "tables": [
            {
                "title": "Checks: 1 passed",
                "columns": ["outcome", "check", "expected", "got"],
                "rows": [[{"text": "✓ passed", "mark": "passed"}, {"text": "form"}, {"text": "a"}, {"text": "b"}]],
            },
            {"title": "Claims", "columns": ["claim", "value", "meaning", "source"], "rows": []},
            {"title": "Header", "columns": ["member", "value", "meaning", "source"], "rows": []},
        ],
        "dial": None,
        **changes,
    }
    return {"turn": 1, "busy": False, "error": None, "code": "x = 1", "content": {"nothing": None, "token": token}}


def dial(**changes):
    return {"first": AT - 180, "last": AT + 3780, "step": 10, "moved": False, "asked": None, **changes}


def sent(bench):
    """What the card sent after its first question, which asks for how things are now."""
    return [json.loads(content) for content, _ in bench.sent()][1:]


def timer(card):
    return card.get_by_role("timer")


def verdict(card):
    return card.locator(".leadping-token-verdict")


def slider(card):
    return card.get_by_role("slider", name="Move the sandbox’s clock")


@pytest.fixture
def bench(page):
    """A page whose clock only goes when it is told to, with a card that is ten minutes into a token of an hour."""
    page.clock.install()
    page.clock.pause_at("2030-01-01T00:00:00Z")  # not the kernel's time, as on another machine
    return Bench(page, "token_card", view())


# -- time ------------------------------------------------------------------------------------------------------------


def test_the_countdown_goes_by_seconds_and_the_time_line_with_it(bench):
    expect(timer(bench.card)).to_have_text("Expires in 50 min")
    bench.page.clock.run_for(1_000)
    expect(timer(bench.card)).to_have_text("Expires in 49 min 59 s")
    bench.page.clock.run_for(60_000)
    expect(timer(bench.card)).to_have_text("Expires in 48 min 59 s")
    assert bench.card.get_by_role("listitem").all_inner_texts() == [
        "issued\n2026-07-05 12:00:00 UTC\n11 min 1 s ago",
        "now\n2026-07-05 12:11:01 UTC",
        "expires\n2026-07-05 13:00:00 UTC\nin 48 min 59 s",
    ]
    expect(timer(bench.card)).to_have_attribute("aria-live", "off")
    expect(bench.card.get_by_role("status")).to_have_text("")
    assert sent(bench) == []


def test_at_the_end_it_says_so_and_asks_once_what_the_kernel_makes_of_it(bench):
    bench.page.clock.run_for(3_000_000)
    expect(timer(bench.card)).to_have_text("It has ended.")
    bench.page.clock.run_for(60_000)
    assert sent(bench) == [{"action": "judge"}]
    bench.show(view(now=AT + 3660, countdown=None, verdict="invalid", sign="✗", sentence="The token is invalid."))
    expect(timer(bench.card)).to_have_count(0)
    expect(bench.card.get_by_role("status")).to_have_text("The token is invalid.")
    bench.page.clock.run_for(60_000)
    expect(bench.card.get_by_text("2 min ago", exact=True)).to_be_visible()
    assert sent(bench) == [{"action": "judge"}]


def test_a_clock_that_stands_still_is_shown_still(bench):
    bench.show(view(ticks=False))
    bench.page.clock.run_for(5_000)
    expect(timer(bench.card)).to_have_text("Expires in 50 min")


def test_what_is_unverified_is_called_so_beside_every_time(bench):
    bench.show(view(doubt=" (unverified)", verdict="unverified", sign="?"))
    expect(timer(bench.card)).to_have_text("Expires in 50 min (unverified)")
    expect(bench.card.get_by_role("list", name="Time line (unverified)")).to_be_visible()
    bench.page.clock.run_for(3_000_000)
    expect(timer(bench.card)).to_have_text("It has ended. (unverified)")


@pytest.mark.parametrize("end", ["window.leave()", "window.model.layout.comm_live = false, ring()"])
def test_no_interval_outlives_the_card_or_its_kernel(bench, end):
    bench.page.evaluate(f"() => {{ const ring = () => window.model.layout.ring('comm_live_update'); {end}; }}")
    bench.page.clock.run_for(4_000_000)
    assert sent(bench) == []
    expect(timer(bench.card)).to_have_count(0)


def test_a_card_of_a_kernel_that_has_ended_asks_nothing_when_it_is_shown(bench):
    bench.page.evaluate(
        """() => {
            window.leave();
            window.sent = [];
            window.model.layout.comm_live = false;
            window.leave = window.module.default.render({ model: window.model, el: document.querySelector("main") });
        }"""
    )
    bench.page.clock.run_for(4_000_000)
    assert bench.sent() == []


# -- the dial --------------------------------------------------------------------------------------------------------


def test_the_dial_sends_the_first_move_at_once_and_the_last_always_and_few_between(bench):
    bench.show(view(dial=dial()))
    expect(slider(bench.card)).to_have_attribute("aria-valuetext", "2026-07-05 12:10:00 UTC, 10 min after issue")
    for _ in range(30):
        slider(bench.card).press("ArrowRight")
        bench.page.clock.run_for(20)
    bench.page.clock.run_for(1_000)
    moves = [message["to"] for message in sent(bench)]
    assert moves[0] == AT + 610
    assert moves[-1] == AT + 900
    assert len(moves) <= 4
    expect(slider(bench.card)).to_have_attribute("aria-valuetext", "2026-07-05 12:15:00 UTC, 15 min after issue")


def test_an_answer_to_an_earlier_move_does_not_pull_the_dial_back(bench):
    bench.show(view(dial=dial()))
    slider(bench.card).press("ArrowRight")
    bench.page.clock.run_for(300)
    slider(bench.card).press("ArrowRight")
    bench.show(view(now=AT + 610, dial=dial(asked=AT + 610, moved=True)))
    expect(slider(bench.card)).to_have_value(str(AT + 620))
    bench.show(view(now=AT + 620, dial=dial(asked=AT + 620, moved=True)))
    bench.show(view(now=AT, dial=dial(asked=AT, moved=True)))  # another page moved it
    expect(slider(bench.card)).to_have_value(str(AT))


def test_the_dial_says_where_it_is_between_issue_and_expiry(bench):
    bench.show(view(dial=dial()))
    slider(bench.card).press("Home")
    expect(slider(bench.card)).to_have_attribute("aria-valuetext", "2026-07-05 11:57:00 UTC, 3 min before issue")
    slider(bench.card).press("End")
    expect(slider(bench.card)).to_have_attribute("aria-valuetext", "2026-07-05 13:03:00 UTC, 3 min after expiry")


def test_a_refused_move_gives_the_dial_back_to_the_clock(bench):
    bench.show(view(dial=dial()))
    slider(bench.card).press("End")
    bench.show({**view(dial=dial()), "error": {"sentence": "No.", "hint": "Try again."}})
    expect(slider(bench.card)).to_have_value(str(AT + 600))
    expect(bench.card.get_by_role("alert").filter(has_text="No.")).to_be_visible()


def test_a_dial_that_has_the_focus_is_left_in_peace_while_time_goes_on(bench):
    bench.show(view(dial=dial()))
    bench.page.clock.run_for(20_000)
    expect(slider(bench.card)).to_have_value(str(AT + 620))
    slider(bench.card).focus()
    bench.page.clock.run_for(20_000)
    expect(slider(bench.card)).to_have_value(str(AT + 620))


def test_back_to_now_is_there_when_the_clock_was_moved_and_leaves_the_focus_on_the_dial(bench):
    back = bench.card.get_by_role("button", name="Back to now")
    bench.show(view(dial=dial()))
    expect(back).to_have_count(0)
    bench.show(view(dial=dial(moved=True, asked=AT)))
    back.click()
    assert sent(bench) == [{"action": "back"}]
    expect(slider(bench.card)).to_be_focused()


# -- texts and looks -------------------------------------------------------------------------------------------------


def test_texts_of_a_token_are_never_taken_for_html(bench):
    cell = {"text": HOSTILE, "below": HOSTILE}
    tables = [{"title": HOSTILE, "columns": [HOSTILE] * 4, "rows": [[cell] * 4]}] * 3
    bench.show(view(sentence=HOSTILE, advice=[HOSTILE], doubt=HOSTILE, tables=tables))
    assert "onerror" in bench.card.text_content()
    assert bench.card.locator("img").count() == 0
    assert bench.page.evaluate("window.harmed") is None


def test_times_beyond_the_calendar_are_told_in_words(bench):
    far = {"name": "expires", "at": 1e14, "utc": "beyond the calendar"}
    bench.show(view(moments=[*view()["content"]["token"]["moments"][:2], far], countdown=None))
    expect(bench.card.get_by_text("in more than a thousand years")).to_be_visible()


def test_a_table_that_has_the_focus_keeps_it_when_it_changes(bench):
    region = bench.card.get_by_role("region", name="Checks: 1 passed")
    region.focus()
    tables = view()["content"]["token"]["tables"]
    bench.show(view(tables=[{**tables[0], "title": "Checks: 2 failed"}, *tables[1:]]))
    expect(bench.card.get_by_role("region", name="Checks: 2 failed")).to_be_focused()


def test_at_400_percent_everything_stays_within_a_phone_s_width(bench):
    bench.page.set_viewport_size({"width": 320, "height": 600})
    long = "a" * 300
    rows = [[{"text": long, "below": long}] * 4]
    tables = [{"title": long, "columns": ["a", "b", "c", "d"], "rows": rows}] * 3
    bench.show(view(sentence=long, advice=[long], dial=dial(moved=True), tables=tables))
    for summary in bench.card.locator("summary").all()[1:]:
        summary.click()
    assert bench.page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_without_jupyters_colours_the_card_is_as_readable(page):
    Bench(page, "token_card", TokenCard(Credential.from_text("lp_src_example")).view)
    assert violations(page.locator(".leadping-card")) == []
    bench = Bench(page, "token_card", view(dial=dial(moved=True), advice=["Do this."]))
    for verdict, sign in (("valid", "✓"), ("invalid", "✗"), ("unverified", "?")):
        bench.show(view(verdict=verdict, sign=sign, dial=dial(moved=True), advice=["Do this."]))
        assert violations(bench.card) == []


# -- in JupyterLab ---------------------------------------------------------------------------------------------------


def test_the_dial_past_the_end_makes_a_valid_token_invalid_and_back_makes_it_valid(notebook):
    card = notebook.card(SHOW)
    expect(verdict(card)).to_contain_text("The token is valid.")
    expect(timer(card)).to_have_text(re.compile(r"Expires in (1 h|59 min( \d+ s)?)"))
    slider(card).focus()
    notebook.page.keyboard.press("End")
    expect(verdict(card)).to_contain_text("The token is invalid: expiry failed.")
    expect(card.get_by_role("status")).to_have_text("The token is invalid: expiry failed.")
    expect(card.get_by_role("row", name=re.compile("✗ failed expiry"))).to_contain_text("Sign in again")
    expect(slider(card)).to_be_focused()
    assert notebook.say("card.inspection.verdict") == "invalid"
    notebook.page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Back to now")).to_be_focused()
    notebook.page.keyboard.press("Enter")
    expect(verdict(card)).to_contain_text("The token is valid.")
    expect(slider(card)).to_be_focused()
    notebook.page.keyboard.press("Home")
    expect(verdict(card)).to_contain_text("The token is invalid: issued at failed.")
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("Enter")
    expect(verdict(card)).to_contain_text("The token is valid.")


def test_the_dial_is_dragged_by_mouse(notebook):
    card = notebook.card(SHOW)
    box = slider(card).bounding_box()
    middle = box["y"] + box["height"] / 2
    notebook.page.mouse.move(box["x"] + 40, middle)
    notebook.page.mouse.down()
    for part in range(1, 11):
        notebook.page.mouse.move(box["x"] + box["width"] * part / 10 - 2, middle)
    notebook.page.mouse.up()
    expect(verdict(card)).to_contain_text("The token is invalid: expiry failed.")
    card.get_by_role("button", name="Back to now").click()
    expect(verdict(card)).to_contain_text("The token is valid.")


def test_a_forged_token_is_refused_with_its_reason(notebook, screenshots):
    notebook.page.set_viewport_size(TALL)
    card = notebook.card(FORGED)
    expect(verdict(card)).to_contain_text("The token is invalid: signature failed.")
    expect(card.get_by_role("row", name=re.compile("✗ failed signature"))).to_contain_text("Do not accept it")
    card.locator("summary").nth(1).click()
    expect(card.get_by_role("region", name="Claims (unverified)")).to_contain_text("owner")
    assert notebook.say("forged.reveal().split('.')[2]") not in notebook.page.content()
    card.screenshot(path=screenshots / "token-forged.png")


def test_claims_lead_to_where_they_are_defined(notebook):
    card = notebook.card(SHOW)
    card.locator("summary").nth(1).click()
    link = card.get_by_role("link", name="RFC 7519, section 4.1.4")
    expect(link).to_have_attribute("href", "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4")
    expect(link).to_have_attribute("target", "_blank")


def test_another_credential_is_shown_in_the_same_card(notebook):
    card = notebook.card(NOTHING)
    expect(verdict(card)).to_contain_text("Only user tokens can be read, and this is a source key.")
    assert notebook.say("card.show(credential=credential)") == "None"
    expect(verdict(card)).to_contain_text("The token is unverified:")
    assert notebook.say("card.show(discovery=discovery)") == "None"
    expect(verdict(card)).to_contain_text("The token is valid.")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size(TALL)
    for state, source in {"valid": SHOW, "unverified": UNVERIFIED, "key": NOTHING}.items():
        card = notebook.card(source)
        card.screenshot(path=screenshots / f"token-{state}-{theme.lower()}.png")
        assert violations(card) == []
    card = notebook.card(SHOW)
    slider(card).press("End")
    expect(verdict(card)).to_contain_text("expiry failed")
    for summary in card.locator("summary").all()[1:]:
        summary.click()
    card.screenshot(path=screenshots / f"token-ended-{theme.lower()}.png")
    assert violations(card) == []
    card.get_by_role("button", name="Back to now").click()
    expect(verdict(card)).to_contain_text("The token is valid.")


def test_a_narrow_panel_cuts_nothing_off(notebook, screenshots):
    notebook.page.set_viewport_size({**TALL, "width": 700})
    card = notebook.card(SHOW)
    card.locator("summary").nth(1).click()
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "token-narrow.png")
