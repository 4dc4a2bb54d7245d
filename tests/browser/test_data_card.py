"""The data card in JupyterLab, used by keyboard and mouse as a person has it."""

import json
import re

import pytest
from playwright.sync_api import expect

from leadping_nb.widgets.data.card import DataCard

from .accessibility import violations
from .bench import HOSTILE, Bench

SETUP = """from leadping_nb import Sandbox, connect
from leadping_nb.session.rate import RateLimit
from leadping_nb.widgets.data.card import DataCard
globals().pop("leads", None)
sandbox = Sandbox(leads={leads}, rate_limit=None{now})
seconds = [0.0]
api = connect({credential}, rate_limit=RateLimit({requests}, 60.0, monotonic=lambda: seconds[0]){more})
card = DataCard(api)
card"""


def setup(*, leads=5_000, requests=300, key=None, now=None):
    return SETUP.format(
        leads=leads,
        requests=requests,
        credential="sandbox" if key is None else f"sandbox.{key}",
        more="" if key is None else ", base_url=sandbox.url",
        now="" if now is None else f", now={now!r}",
    )


def loaded(card):
    return card.locator(".leadping-data-verdict")


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def test_a_person_chooses_filters_asks_what_it_takes_and_loads(notebook):
    card = notebook.card(setup(leads=500, now="2026-07-05T12:00:00Z"))
    card.get_by_label("List").select_option("sources")
    expect(card.get_by_text("Page through the lead sources.")).to_be_visible()
    card.get_by_label("List").select_option("leads")
    expect(card.get_by_text("Page through the leads.")).to_be_visible()
    press(card, "Add filter")
    card.get_by_label("Field of filter 1").select_option("status")
    card.get_by_label("Value of filter 1").fill("Sold")
    press(card, "Add filter")
    card.get_by_label("Field of filter 2").select_option("createdAt")
    card.get_by_label("Condition of filter 2").select_option("between")
    card.get_by_label("From of filter 2").fill("2026-01-01")
    card.get_by_label("Until, not included, of filter 2").fill("2026-07-01")
    card.get_by_label("Order by").select_option("createdAt")
    card.get_by_label("Direction").select_option("descending")
    press(card, "Forecast")
    expect(card.get_by_role("region", name="Forecast")).to_contain_text(re.compile(r"Rows\d+Pages1"))
    expect(card.get_by_role("paragraph").filter(has_text="One request is made: POST /leads/all/my")).to_be_visible()
    assert notebook.page.locator(".jp-OutputArea-child").count() == 1  # nothing was printed below the cell
    press(card, "Load")
    expect(loaded(card)).to_have_text(re.compile(r"✓leads: \d+ rows in 1 page, complete\."))
    assert notebook.say("set(leads.status) == {'Sold'} and leads.createdAt.is_monotonic_decreasing") == "True"
    assert notebook.say("leads.createdAt.max() < __import__('pandas').Timestamp('2026-07-01', tz='UTC')") == "True"
    card.locator(".leadping-code summary").click()
    assert "'createdAt': ('2026-01-01T00:00:00Z', '2026-07-01T00:00:00Z')" in card.locator("pre code").inner_text()
    card.get_by_label("Show it for").select_option("curl")
    assert '"greaterThanOrEqual": "2026-01-01T00:00:00Z"' in card.locator("pre code").inner_text()


def test_by_keyboard_alone_five_thousand_leads_become_a_variable_of_the_next_cell(notebook):
    card = notebook.card(setup())
    keyboard = notebook.page.keyboard
    card.get_by_label("List").focus()
    for _ in range(3):
        keyboard.press("Tab")  # Add filter, Order by, the direction is not used yet
    expect(card.get_by_label("Rows at most")).to_be_focused()
    keyboard.press("Control+a")
    keyboard.press("Delete")
    keyboard.press("Enter")
    expect(loaded(card)).to_have_text("✓leads: 5,000 rows in 25 pages, complete.", timeout=30_000)
    expect(card.get_by_text("In the next cell: leads.head()")).to_be_visible()
    expect(card.get_by_role("status")).to_contain_text("5,000 rows in 25 pages, complete.")
    assert notebook.say("len(leads)") == "5000"
    name = card.get_by_label("Name of the variable")
    name.fill("mine of today")
    name.press("Enter")
    expect(card.get_by_role("alert").filter(has_text="no name of a variable")).to_be_visible()
    name.fill("today")
    name.press("Enter")
    expect(card.get_by_text("In the next cell: today.head()")).to_be_visible()
    assert notebook.say("today is leads is card.frame") == "True"


def test_a_load_that_waits_can_be_stopped_while_cells_run_and_gone_on_with(notebook):
    card = notebook.card(setup(requests=3))
    card.get_by_label("Rows at most").fill("")
    press(card, "Load")
    expect(card.get_by_text("waiting 60 s: the limit is 3 requests in 60 s")).to_be_visible()
    expect(card.get_by_role("progressbar", name="Loading leads")).to_be_visible()
    expect(card.get_by_role("button", name="Load", exact=True)).to_be_disabled()
    assert notebook.say("6 * 7, card.frame") == "42 None"
    press(card, "Stop")
    expect(loaded(card)).to_have_text("!leads: 600 rows in 3 pages, not complete.")
    reason = "You stopped it after 600 of 5,000 rows. The rows that came are kept."
    expect(card.locator(".leadping-data-reason")).to_have_text(reason)
    assert notebook.say("len(leads)") == "600"
    assert violations(card) == []
    assert notebook.say("api._session.rate.__init__(300, 60.0)") == "None"
    press(card, "Go on")
    expect(loaded(card)).to_have_text("✓leads: 5,000 rows in 25 pages, complete.", timeout=30_000)
    assert notebook.say("len(leads), leads.id.nunique()") == "5000 5000"


def test_what_a_key_may_not_read_is_explained_and_so_is_a_refusal(notebook):
    card = notebook.card(setup(leads=10, key="source_key"))
    expect(card.get_by_text("✗ Not readable with a source key: A source key sends leads")).to_be_visible()
    expect(card.get_by_role("button", name="Load", exact=True)).to_be_disabled()
    assert violations(card) == []
    card = notebook.card(setup(leads=10, key="business_key"))
    card.get_by_label("List").select_option("users")
    expect(card.get_by_text("? Undocumented with a business key")).to_be_visible()
    press(card, "Load")
    refused = card.get_by_role("alert").filter(has_text="403")
    expect(refused).to_contain_text("lp.permissions(credential)")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1200, "height": 1500})
    card = notebook.card(setup(requests=4))

    def look(state):
        card.screenshot(path=screenshots / f"data-{state}-{theme.lower()}.png")
        assert violations(card) == []

    look("form")
    press(card, "Add filter")
    card.get_by_label("Field of filter 1").select_option("createdAt")
    card.get_by_label("Condition of filter 1").select_option("between")
    press(card, "Load")
    expect(card.get_by_role("alert").filter(has_text="has no value")).to_be_visible()
    look("wrong")
    card.get_by_label("From of filter 1").fill("2020-01-01")
    card.get_by_label("Until, not included, of filter 1").fill("2099-01-01")
    press(card, "Forecast")
    expect(card.get_by_role("region", name="Forecast")).to_be_visible()
    look("forecast")
    press(card, "Load")
    expect(card.get_by_text("waiting 60 s")).to_be_visible()
    look("loading")
    press(card, "Stop")
    expect(loaded(card)).to_contain_text("not complete")
    look("stopped")
    assert notebook.say("api._session.rate.__init__(300, 60.0)") == "None"
    press(card, "Go on")
    expect(loaded(card)).to_contain_text("1,000 rows")
    for summary in card.locator(".leadping-data-loaded summary, .leadping-code summary").all():
        summary.click()
    look("loaded")


def test_a_narrow_panel_cuts_nothing_off(notebook, screenshots):
    notebook.page.set_viewport_size({"width": 700, "height": 900})
    card = notebook.card(setup(leads=300))
    press(card, "Add filter")
    card.get_by_label("Field of filter 1").select_option("isArchived")
    card.get_by_label("Value of filter 1").select_option("false")
    press(card, "Load")
    expect(loaded(card)).to_contain_text("complete")
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "data-narrow-light.png")


# -- on a bare page ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def views(small_sandbox):
    """What a card shows with and without a credential, and after a load."""
    import leadping_nb as lp

    def send(card, action, **content):
        data = {"method": "custom", "content": {"action": action, **content}}
        card.comm.handle_msg({"content": {"data": data}, "buffers": []})
        assert card.wait(60)
        return card.view

    with lp.connect(small_sandbox) as api:
        card = DataCard(api)
        first = card.view
        yield {"without": DataCard().view, "form": first, "loaded": send(card, "load", form={"limit": "20"})}


def test_texts_of_the_kernel_are_never_taken_for_html(page, views):
    view = views["loaded"]
    content = view["content"]
    told = content["loaded"] | {
        "line": HOSTILE,
        "reason": HOSTILE,
        "hint": HOSTILE,
        "facts": [[HOSTILE, HOSTILE]],
        "preview": {"columns": [HOSTILE], "rows": [[HOSTILE]], "sentence": HOSTILE},
    }
    chosen = content["chosen"] | {"summary": HOSTILE, "why": HOSTILE, "path": [HOSTILE]}
    run = {"what": "load", "name": HOSTILE, "share": None, "text": HOSTILE, "stopping": False}
    shown = content | {"loaded": told, "chosen": chosen, "run": run, "holder": HOSTILE, "lists": [[HOSTILE, True]]}
    bench = Bench(page, "data_card", view | {"content": shown, "error": {"sentence": HOSTILE, "hint": HOSTILE}})
    assert bench.card.text_content().count("onerror") > 10
    assert bench.card.locator("img").count() == 0
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("state", ["without", "form", "loaded"])
def test_at_400_percent_everything_stays_within_a_phone_s_width_and_is_readable(page, views, screenshots, state):
    page.set_viewport_size({"width": 320, "height": 800})
    bench = Bench(page, "data_card", views[state])
    if state == "form":
        press(bench.card, "Add filter")
        bench.card.get_by_label("Field of filter 1").select_option("createdAt")
        bench.card.get_by_label("Condition of filter 1").select_option("between")
    bench.card.screenshot(path=screenshots / f"data-zoom-{state}-light.png")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert violations(bench.card) == []


def test_what_a_person_typed_stays_while_progress_and_results_are_shown(page, views):
    bench = Bench(page, "data_card", views["form"])
    press(bench.card, "Add filter")
    bench.card.get_by_label("Field of filter 1").select_option("firstName")
    value = bench.card.get_by_label("Value of filter 1")
    value.fill("Ada")
    value.press("Home")
    run = {"what": "load", "name": "leads", "share": 0.5, "text": "half of it", "stopping": False}
    bench.show(views["form"] | {"busy": True, "content": views["form"]["content"] | {"run": run}})
    expect(bench.card.get_by_text("half of it")).to_be_visible()
    expect(value).to_be_focused()
    bench.show(views["loaded"])
    expect(value).to_have_value("Ada")
    expect(value).to_be_focused()


def test_the_focus_goes_from_load_to_stop_and_back(page, views):
    bench = Bench(page, "data_card", views["form"])
    bench.card.get_by_role("button", name="Load", exact=True).press("Enter")
    assert [json.loads(content)["action"] for content, _ in bench.sent()] == ["load"]
    run = {"what": "load", "name": "leads", "share": None, "text": "", "stopping": False}
    bench.show(views["form"] | {"busy": True, "content": views["form"]["content"] | {"run": run}})
    expect(bench.card.get_by_role("button", name="Stop")).to_be_focused()
    bench.show(views["loaded"])
    expect(bench.card.get_by_role("button", name="Load", exact=True)).to_be_focused()


def test_filters_are_removed_one_by_one_and_the_focus_stays_near(page, views):
    bench = Bench(page, "data_card", views["form"])
    for _ in range(3):
        press(bench.card, "Add filter")
    expect(bench.card.get_by_label("Field of filter 3")).to_be_focused()
    press(bench.card, "Remove filter 2")
    expect(bench.card.get_by_label("Field of filter 2")).to_be_focused()
    press(bench.card, "Remove filter 2")
    press(bench.card, "Remove filter 1")
    expect(bench.card.get_by_role("button", name="Add filter")).to_be_focused()


def test_the_preview_can_be_left_out(page, views):
    bench = Bench(page, "data_card", views["loaded"])
    expect(bench.card.get_by_role("region", name="10 of 20 rows, 8 of 32 columns")).to_be_visible()
    bench.card.get_by_label("Preview").uncheck()
    assert bench.sent() == [('{"action":"preview","shown":false}', [])]


def test_a_page_that_is_opened_again_shows_what_was_asked_last(page, views):
    form = {
        "filters": [{"field": "price", "operator": "between", "value": "1", "until": "9"}],
        "order": "createdAt",
        "descending": True,
        "limit": "7",
    }
    bench = Bench(page, "data_card", views["form"] | {"content": views["form"]["content"] | {"form": form}})
    expect(bench.card.get_by_label("From of filter 1")).to_have_value("1")
    expect(bench.card.get_by_label("Until, not included, of filter 1")).to_have_value("9")
    expect(bench.card.get_by_label("Order by")).to_have_value("createdAt")
    expect(bench.card.get_by_label("Direction")).to_have_value("-")
    expect(bench.card.get_by_label("Rows at most")).to_have_value("7")
