"""The permissions card in a browser: searching, filtering and asking why, by keyboard and mouse."""

import json
import statistics

import pytest
from cards import press
from playwright.sync_api import expect

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS
from leadping_nb.credential import KeyType
from leadping_nb.evidence import SIGNS
from leadping_nb.widgets.permissions_card import PermissionsCard

from .accessibility import violations
from .bench import HOSTILE, Bench

NEWEST = max((lp.contract(revision) for revision in REVISIONS), key=lambda contract: len(contract.operations))
LONG = "/a-very-long-part" * 12
SHOW = """from leadping_nb import KeyType
from leadping_nb.widgets.permissions_card import PermissionsCard
card = PermissionsCard(KeyType.BUSINESS_API_KEY)
card"""
WATCH = """() => {
    window.changed = { nodes: 0, hidden: 0, waits: [] };
    new MutationObserver(records => {
        for (const { type, attributeName } of records) {
            if (type === "childList") window.changed.nodes++;
            if (attributeName === "hidden") window.changed.hidden++;
        }
    }).observe(document.querySelector("table"), { subtree: true, childList: true, attributes: true });
    window.addEventListener("input", () => performance.mark("pressed"), true);
    const end = () => window.changed.waits.push(performance.measure("filter", "pressed").duration);
    window.addEventListener("input", end);
}"""


def bench_of(page, kind=KeyType.BUSINESS_API_KEY, contract=None):
    """A card on a page without Jupyter."""
    return Bench(page, "permissions_card", PermissionsCard(kind, contract=contract).view)


@pytest.fixture
def bench(page):
    """The card of a business key on a page without Jupyter."""
    return bench_of(page)


def shown(card):
    """The calls that are shown, in order."""
    return card.locator(".leadping-permission-toggle:visible").all_inner_texts()


def expected(kind=KeyType.BUSINESS_API_KEY, contract=None, **wanted):
    """The calls that the core gives for a verdict, an effect or a group, in the order of the card."""
    table = lp.permissions(kind, contract=contract).table
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    rows.sort(key=lambda row: ("allowed", "undocumented", "denied").index(row["verdict"]))
    return [f"{row['method']} {row['path']}" for row in rows if wanted.items() <= row.items()]


def left(card):
    """The line that says how many are left."""
    return card.locator(".leadping-permissions").get_by_role("status")


def test_every_operation_is_shown_with_its_verdict_and_those_of_the_others(bench):
    assert shown(bench.card) == expected()
    expect(left(bench.card)).to_have_text("121 operations")
    expect(bench.card.get_by_role("columnheader")).to_have_text(
        ["Verdict", "Operation", "Effect", "User token", "Source key"]
    )
    row = bench.card.get_by_role("row").filter(has_text="POST /automations").first
    expect(row.get_by_role("cell")).to_have_text(["✓allowed", "write", "✓allowed", "✗denied"])
    expect(row.get_by_role("rowheader")).to_contain_text("Add a follow-up automation.")


def test_all_words_of_a_search_must_be_in_method_path_summary_or_group(bench):
    bench.card.get_by_label("Search").press_sequentially("LEADS  delete")
    left_over = shown(bench.card)
    assert left_over
    for call in left_over:
        summary = lp.contract().operation(call).summary
        assert "leads" in f"{call} {summary}".lower()
        assert "delete" in f"{call} {summary}".lower()
    expect(left(bench.card)).to_have_text(f"{len(left_over)} of 121 operations")
    bench.card.get_by_label("Search").fill("")
    expect(left(bench.card)).to_have_text("121 operations")


def test_verdicts_are_filtered_by_the_chips_that_count_them(bench):
    denied = bench.card.get_by_role("button", name="3 denied")
    undocumented = bench.card.get_by_role("button", name="40 undocumented")
    denied.click()
    expect(denied).to_have_attribute("aria-pressed", "true")
    assert shown(bench.card) == expected(verdict="denied")
    undocumented.click()
    assert shown(bench.card) == expected(verdict="undocumented") + expected(verdict="denied")
    denied.click()
    assert shown(bench.card) == expected(verdict="undocumented")


def test_effect_and_group_are_chosen_and_filters_work_together(bench):
    bench.card.get_by_label("Effect").select_option("reads")
    assert shown(bench.card) == expected(effect="read")
    bench.card.get_by_label("Group").select_option("leads (13)")
    assert shown(bench.card) == expected(effect="read", group="leads")
    bench.card.get_by_role("button", name="3 denied").click()
    assert shown(bench.card) == expected(effect="read", group="leads", verdict="denied")


def test_when_nothing_is_left_the_card_says_so_and_show_all_begins_anew(bench):
    bench.card.get_by_label("Search").fill("no such operation")
    expect(bench.card.get_by_text("No operation fits all of this.")).to_be_visible()
    expect(left(bench.card)).to_have_text("0 of 121 operations")
    bench.card.get_by_label("Effect").select_option("writes")
    bench.card.get_by_label("Group").select_option("leads (13)")
    bench.card.get_by_role("button", name="78 allowed").click()
    bench.card.get_by_role("button", name="Show all").click()
    expect(bench.card.get_by_label("Search")).to_be_focused()
    expect(bench.card.get_by_role("button", name="Show all")).to_have_count(0)
    expect(bench.card.locator("[aria-pressed=true]")).to_have_count(0)
    assert shown(bench.card) == expected()


def test_a_row_opens_and_says_why_with_certainty_basis_and_who_would_do(bench):
    toggle = bench.card.get_by_role("button", name="GET /users/me", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    details = bench.card.locator(f"#{toggle.get_attribute('aria-controls')}")
    decision = lp.permissions(KeyType.BUSINESS_API_KEY).check("GET", "/users/me")
    seed, documents, _ = decision.evidence
    stated = (
        f"Seed?{seed.says} · {seed.dated}",
        f"Contract?{documents.says} · {documents.dated}",
        "Observed–not tried",
    )
    for text in (decision.why, decision.certainty, decision.basis, *stated, "user token"):
        expect(details).to_contain_text(text)
    for other in (KeyType.USER_TOKEN, KeyType.SOURCE_KEY):
        expect(details).to_contain_text(lp.permissions(other).check("GET", "/users/me").why)
    bench.card.get_by_label("Search").fill("automation")
    expect(details).to_be_hidden()
    bench.card.get_by_label("Search").fill("")
    expect(details).to_be_visible()
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(details).to_be_hidden()


def test_what_was_observed_stands_below_the_verdict_in_words_and_with_its_date_among_the_reasons(page):
    with lp.Sandbox(leads=3, now="2026-07-05T12:00:00Z") as sandbox, lp.connect(sandbox) as api:
        sandbox.faults.on("forbidden_read")
        probe = api.probe(confirm=True, say=lambda sentence: None)
    bench = Bench(page, "permissions_card", PermissionsCard(KeyType.USER_TOKEN, observed=probe).view)
    toggle = bench.card.get_by_role("button", name="POST /leads/all/my", exact=True)
    row = bench.card.get_by_role("row").filter(has=page.get_by_role("button", name="POST /leads/all/my", exact=True))
    expect(row.get_by_role("cell").first).to_have_text("✓allowedseen: ✗refused")
    toggle.click()
    details = bench.card.locator(f"#{toggle.get_attribute('aria-controls')}")
    expect(details).to_contain_text(
        f"✗refused · {probe.observations['POST /leads/all/my'].dated} · It was answered 403."
    )
    expect(details).to_contain_text("Your role may not read leads.")
    writes = bench.card.get_by_role("row").filter(has=page.get_by_role("button", name="POST /leads", exact=True))
    expect(writes.get_by_role("cell").first).to_have_text("✗denied")
    assert violations(bench.card) == []


@pytest.fixture(scope="module")
def observed():
    """A card of what was tried, where two reads were refused."""
    with lp.Sandbox(leads=3) as sandbox, lp.connect(sandbox) as api:
        sandbox.faults.on("forbidden_read", path="/tags")
        probe = api.probe(confirm=True, say=lambda sentence: None)
    return PermissionsCard(KeyType.USER_TOKEN, observed=probe)


def seen_chips(card):
    """The chips that filter by what was observed."""
    return card.get_by_role("group", name="Observations to show")


def test_what_was_observed_is_a_filter_by_mouse_and_key(page, observed, screenshots):
    bench = Bench(page, "permissions_card", observed.view)
    seen = observed.permissions.observed
    refused = [name for name, what in seen.observations.items() if what.outcome == "refused"]
    assert refused
    expect(seen_chips(bench.card)).to_contain_text("seen:")
    words = {outcome: count for outcome, count in seen.counts.items() if count}
    assert [chip.inner_text() for chip in seen_chips(bench.card).get_by_role("button").all()] == [
        f"{SIGNS[outcome]}\n{count} {outcome}" for outcome, count in words.items()
    ]
    chip = seen_chips(bench.card).get_by_role("button", name=f"{len(refused)} refused")
    bench.card.get_by_role("button", name="3 denied").focus()
    for _ in range(list(words).index("refused") + 1):
        page.keyboard.press("Tab")
    expect(chip).to_be_focused()
    page.keyboard.press("Space")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert set(shown(bench.card)) == set(refused)
    expect(left(bench.card)).to_have_text(f"{len(refused)} of 121 operations")
    assert violations(bench.card) == []
    bench.card.screenshot(path=screenshots / "permissions-refused.png")
    bench.card.get_by_role("button", name="3 denied").click()
    expect(bench.card.get_by_text("No operation fits all of this.")).to_be_visible()
    bench.card.get_by_role("button", name="Show all").click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert len(shown(bench.card)) == 121
    chip.click()
    bench.show(PermissionsCard(KeyType.BUSINESS_API_KEY).view)  # of which nothing was tried
    expect(seen_chips(bench.card)).to_have_count(0)
    assert len(shown(bench.card)) == 121


@pytest.mark.parametrize("width", [320, 480, 1000])
@pytest.mark.parametrize("form", ["curl", "this toolkit"])
def test_copy_covers_nothing_of_the_code(bench, screenshots, width, form):
    bench.page.set_viewport_size({"width": width, "height": 900})
    bench.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } })")
    bench = Bench(bench.page, "permissions_card", PermissionsCard(KeyType.BUSINESS_API_KEY).view)
    bench.card.locator(".leadping-permission-toggle").first.click()
    bench.card.get_by_role("button", name="Show the request").click()
    note = "A warning that is long enough to take more than one line on a narrow panel, and must be read in full."
    bench.hand(asked_for("GET /tags", curl="curl " + "a" * 200) | {"notes": [note]})
    bench.card.get_by_label("Show it for").select_option(form)
    copy = bench.card.get_by_role("button", name="Copy").bounding_box()
    for other in (".leadping-code pre", ".leadping-code-said", ".leadping-code select"):
        box = bench.card.locator(other).first.bounding_box()
        apart = (
            box["y"] >= copy["y"] + copy["height"]
            or copy["y"] >= box["y"] + box["height"]
            or copy["x"] >= box["x"] + box["width"]
        )
        assert apart, other
    bench.card.screenshot(path=screenshots / f"permissions-copy-{width}.png")
    assert violations(bench.card) == []


def test_nothing_is_asked_of_the_kernel(bench):
    bench.card.get_by_label("Search").fill("leads")
    bench.card.get_by_label("Effect").select_option("reads")
    bench.card.get_by_role("button", name="78 allowed").click()
    bench.card.locator(".leadping-permission-toggle:visible").first.click()
    bench.card.get_by_role("button", name="Show all").click()
    assert bench.sent() == []


def requests_of(bench):
    """What the page asked the kernel for under "Show the code"."""
    asked = [json.loads(content) for content, _ in bench.sent()]
    return [content.get("operation") for content in asked if content["action"] == "requests"]


def asked_for(call, **forms):
    """What the kernel answers."""
    return {"call": call, "effect": "read", "forms": forms, "notes": [], "others": []}


def test_an_operation_is_chosen_by_key_and_its_request_stands_under_show_the_code(bench):
    bench.card.locator(".leadping-code summary").click()
    expect(bench.card.locator(".leadping-code")).to_contain_text("Open an operation above and press")
    bench.card.get_by_label("Search").fill("/tags")
    toggle = bench.card.get_by_role("button", name="GET /tags", exact=True)
    toggle.focus()
    for key in ("Enter", "Tab", "Enter"):
        bench.page.keyboard.press(key)
    bench.hand(asked_for("GET /tags", curl="curl tags", httpx="httpx tags"))
    assert requests_of(bench) == ["GET /tags"]
    choice = bench.card.get_by_label("Show it for")
    expect(choice).to_be_focused()
    assert choice.locator("option").all_inner_texts() == ["this toolkit", "curl", "httpx"]
    expect(bench.card.locator("pre")).to_have_text("curl tags")
    expect(bench.card.locator(".leadping-code-said")).to_have_text("GET /tagsreads")
    bench.page.keyboard.press("ArrowDown")
    expect(bench.card.locator("pre")).to_have_text("httpx tags")
    assert violations(bench.card) == []


def test_an_answer_to_an_older_question_is_not_shown(bench):
    toggles = bench.card.locator(".leadping-permission-toggle")
    for index in range(2):
        toggles.nth(index).click()
        bench.card.get_by_role("button", name="Show the request").nth(index).click()
        bench.page.wait_for_function(f"window.sent.length === {index + 1}")
    asked = [json.loads(content) for content, _ in bench.sent()]
    bench.hand(asked_for("GET /second", curl="the second"))
    bench.hand(asked_for("GET /first", curl="the first"), number=asked[0]["number"])
    expect(bench.card.locator("pre")).to_have_text("the second")


def test_where_no_code_is_shown_the_section_says_why_and_the_lines_of_the_toolkit_stay(bench):
    bench.card.get_by_label("Search").fill("/tags")
    bench.card.get_by_role("button", name="POST /tags", exact=True).click()
    bench.card.get_by_role("button", name="Show the request").click()
    why = "POST /tags changes data, and no code is shown that would."
    bench.hand(asked_for("POST /tags") | {"effect": "write", "notes": [why]})
    expect(bench.card.locator(".leadping-code-said")).to_contain_text(why)
    expect(bench.card.locator(".leadping-writes")).to_have_text("writes")
    expect(bench.card.get_by_label("Show it for")).to_be_hidden()
    expect(bench.card.locator("pre")).to_contain_text("lp.permissions(")
    expect(bench.card.locator(".leadping-code summary")).to_be_focused()
    assert violations(bench.card) == []


def test_when_the_kernel_has_ended_or_the_card_goes_no_request_stays_in_the_page(bench):
    bench.card.locator(".leadping-permission-toggle").first.click()
    bench.card.get_by_role("button", name="Show the request").click()
    bench.hand(asked_for("GET /tags", curl="curl with what was asked"))
    expect(bench.card.locator("pre")).to_have_text("curl with what was asked")
    bench.kernel(lives=False)
    expect(bench.card.locator("pre")).to_contain_text("lp.permissions(")
    bench.kernel(lives=True)
    assert "what was asked" not in bench.page.content()


def test_another_credential_changes_the_rows_and_keeps_the_search(bench):
    bench.card.get_by_label("Search").fill("/leads/intake")
    bench.card.get_by_role("button", name="40 undocumented").click()
    bench.show(PermissionsCard(KeyType.SOURCE_KEY).view)
    expect(bench.card.locator("header").get_by_role("status")).to_have_text(
        "Source key: 3 allowed, 0 undocumented, 118 denied."
    )
    expect(bench.card.get_by_label("Search")).to_have_value("/leads/intake")
    expect(bench.card.get_by_role("button", name="0 undocumented")).to_be_disabled()
    assert shown(bench.card) == [call for call in expected(KeyType.SOURCE_KEY) if "/leads/intake" in call]
    expect(bench.card.get_by_role("heading")).to_be_focused()  # the chip that had the focus is another's now


def test_the_same_view_again_leaves_opened_rows_open(bench):
    toggle = bench.card.locator(".leadping-permission-toggle").first
    toggle.click()
    view = PermissionsCard(KeyType.BUSINESS_API_KEY).view
    bench.show({**view, "turn": 7, "error": {"sentence": "An example failed.", "hint": "Try again."}})
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(bench.card.get_by_role("alert").filter(has_text="An example failed.")).to_be_visible()


def test_texts_of_the_kernel_are_never_taken_for_html(bench):
    reason = {"verdict": "allowed", "why": HOSTILE, "certainty": HOSTILE, "basis": HOSTILE}
    reason |= {"evidence": [[HOSTILE, HOSTILE, HOSTILE]] * 2}
    operation = {"method": "GET", "path": HOSTILE, "effect": "read", "group": HOSTILE, "summary": HOSTILE}
    operation |= {"reason": 0, "beside": [0], "would_do": HOSTILE, "observed": 0}
    verdicts = [{"word": "allowed", "sign": "✓", "count": 1}]
    content = {"subject": HOSTILE, "revision": HOSTILE, "verdicts": verdicts, "others": [HOSTILE]}
    content |= {"operations": [operation], "reasons": [reason]}
    content |= {"outcomes": [{"word": HOSTILE, "sign": HOSTILE, "count": 1}]}
    content |= {"observations": [[HOSTILE, HOSTILE, HOSTILE, HOSTILE]]}
    plan = {"number": 1, "sentence": HOSTILE, "address": HOSTILE, "count": 1, "columns": [HOSTILE]}
    plan |= {"calls": [[HOSTILE]], "left_out": [[HOSTILE, HOSTILE]]}
    finding = {"severity": "note", "sign": HOSTILE, "message": HOSTILE, "facts": [[HOSTILE, HOSTILE]]}
    found = {"sentence": HOSTILE, "address": HOSTILE, "dated": HOSTILE, "findings": [finding]}
    content |= {"trial": {"missing": "", "plan": plan, "run": None, "found": found}}
    shown = {"turn": 2, "busy": False, "error": None, "code": HOSTILE, "asks": True, "content": content}
    bench.show(shown)
    bench.card.locator(".leadping-permission-toggle").click()
    assert bench.card.locator(".leadping-permission-details").text_content().count("onerror") == 17
    assert bench.card.get_by_role("region", name="Plan").text_content().count("onerror") >= 6
    bench.card.get_by_role("button", name="Show the request").click()
    bench.hand({"call": HOSTILE, "effect": "write", "forms": {HOSTILE: HOSTILE}, "notes": [HOSTILE], "others": []})
    assert bench.card.locator(".leadping-code").text_content().count("onerror") == 4
    bench.show(shown | {"content": content | {"trial": content["trial"] | {"plan": None}}})
    assert bench.card.get_by_role("region", name="Observed").text_content().count("onerror") == 7
    assert bench.card.locator("img").count() == 0
    assert bench.page.evaluate("window.harmed") is None


def test_the_keyboard_alone_reaches_everything(bench):
    keyboard = bench.page.keyboard
    bench.card.get_by_role("button", name="78 allowed").focus()
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(bench.card.get_by_role("button", name="40 undocumented")).to_have_attribute("aria-pressed", "true")
    for _ in range(2):
        keyboard.press("Tab")
    expect(bench.card.get_by_label("Search")).to_be_focused()
    keyboard.type("lead")
    for label in ("Effect", "Group"):
        keyboard.press("Tab")
        expect(bench.card.get_by_label(label)).to_be_focused()
    keyboard.press("Tab")
    expect(bench.card.get_by_role("button", name="Show all")).to_be_focused()
    keyboard.press("Tab")
    expect(bench.card.get_by_role("region", name="Operations of the contract of 2026-07-05")).to_be_focused()
    keyboard.press("Tab")
    toggles = bench.card.locator(".leadping-permission-toggle:visible")
    expect(toggles.first).to_be_focused()
    for key, index in {"ArrowDown": 1, "End": -1, "ArrowUp": -2, "Home": 0}.items():
        keyboard.press(key)
        expect(toggles.nth(index % toggles.count())).to_be_focused()
    keyboard.press("Enter")
    expect(toggles.first).to_have_attribute("aria-expanded", "true")
    keyboard.press("Tab")
    expect(bench.card.get_by_role("button", name="Show the request")).to_be_focused()
    keyboard.press("Tab")
    expect(bench.card.locator("summary")).to_be_focused()
    for _ in range(2):
        keyboard.press("Shift+Tab")
    expect(toggles.first).to_be_focused()


def test_a_row_that_is_reached_by_key_is_not_behind_the_head_of_the_table(bench):
    toggles = bench.card.locator(".leadping-permission-toggle")
    toggles.first.focus()
    bench.page.keyboard.press("End")
    for _ in range(15):
        bench.page.keyboard.press("ArrowUp")
    head, row = (
        bench.card.locator(selector).first.bounding_box() for selector in ("thead", ".leadping-permission-toggle:focus")
    )
    assert row["y"] >= head["y"] + head["height"]


def test_a_key_press_hides_rows_and_rebuilds_none_without_visible_lag(page, screenshots):
    bench = bench_of(page, KeyType.ORGANIZATION_API_KEY, NEWEST)
    bench.page.evaluate(WATCH)
    for text in ("leads", "phone get", "status"):
        bench.card.get_by_label("Search").press_sequentially(text)
        bench.card.get_by_label("Search").fill("")
    bench.card.get_by_label("Search").fill("wallet")
    changed = bench.page.evaluate("window.changed")
    assert changed["nodes"] == 0
    before = changed["hidden"]
    count = bench.card.locator("tbody:visible").count()
    bench.card.get_by_label("Search").fill("wallets")
    after = bench.page.evaluate("window.changed.hidden")
    assert after - before == count - bench.card.locator("tbody:visible").count()  # only what changes is touched
    median = statistics.median(changed["waits"])
    measured = f"median of scripting in {len(changed['waits'])} key presses: {median:.2f} ms"
    (screenshots / "permissions-filter.txt").write_text(f"{len(NEWEST.operations)} operations, {measured}\n")
    assert median < 50


@pytest.mark.parametrize("width", [320, 700])
def test_no_panel_is_too_narrow(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    bench = bench_of(page)
    view = PermissionsCard(KeyType.BUSINESS_API_KEY).view
    operations = [{**row, "path": LONG} for row in view["content"]["operations"]]
    bench.show({**view, "content": {**view["content"], "operations": operations}})
    bench.card.locator(".leadping-permission-toggle").first.click()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert bench.card.get_by_role("region").first.evaluate("region => region.scrollWidth <= region.clientWidth")


@pytest.mark.parametrize("width", [1000, 620, 460, 320])
def test_three_others_leave_each_operation_readable_and_in_reach(page, screenshots, width):
    page.set_viewport_size({"width": width, "height": 900})
    bench = bench_of(page, None, NEWEST)
    toggle = bench.card.locator(".leadping-permission-toggle").nth(1)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    region = bench.card.get_by_role("region").first
    assert region.evaluate("region => region.scrollWidth <= region.clientWidth")
    assert violations(bench.card) == []
    bench.card.screenshot(path=screenshots / f"permissions-three-others-{width}.png")


def test_a_plan_and_what_was_observed_stay_within_a_phone_s_width_and_are_readable(page, screenshots):
    page.set_viewport_size({"width": 320, "height": 900})
    with lp.Sandbox(leads=3) as sandbox, lp.connect(sandbox) as api, sandbox.faults.on("forbidden_read"):
        card = PermissionsCard(api)
        press(card, "plan")
        bench = Bench(page, "permissions_card", card.view)
        for summary in bench.card.get_by_role("region", name="Plan").locator("summary").all():
            summary.click()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
        assert violations(bench.card) == []
        bench.card.screenshot(path=screenshots / "permissions-plan-narrow.png")
        press(card, "observe", plan=1, confirmed=True)
    bench.show(card.view)
    expect(bench.card.get_by_role("region", name="Observed")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert violations(bench.card) == []


def test_reads_that_were_made_before_the_page_heard_of_any_are_counted(page):
    run = {"count": 27, "done": 3, "observed": "GET /tags", "stopping": False}
    view = PermissionsCard(KeyType.USER_TOKEN).view
    bench = Bench(page, "permissions_card", view)
    bench.tell({"run": run})
    content = view["content"]
    bench.show({**view, "busy": True, "content": {**content, "trial": {**content["trial"], "run": run}}})
    expect(bench.card.get_by_text("3 of 27: GET /tags")).to_be_visible()
    bench.tell({"run": run | {"done": 4, "observed": "GET /users/me"}})
    expect(bench.card.get_by_text("4 of 27: GET /users/me")).to_be_visible()
    bench.tell({"run": run | {"done": 5, "stopping": True}})
    expect(bench.card.get_by_text("Stopping after the call that is on its way")).to_be_visible()


def test_on_a_narrow_panel_the_others_are_among_the_details_of_a_row(page):
    page.set_viewport_size({"width": 320, "height": 900})
    bench = bench_of(page)
    row = bench.card.locator("tbody").first
    expect(row.get_by_text("denied")).to_have_count(1)
    expect(row.get_by_text("denied")).to_be_hidden()
    row.get_by_role("button").click()
    expect(row.locator(".leadping-permission-details").get_by_text("denied")).to_be_visible()
    assert violations(bench.card) == []


@pytest.mark.parametrize(
    ("kind", "contract"),
    [(KeyType.BUSINESS_API_KEY, None), (KeyType.BUSINESS_API_KEY, NEWEST), (None, None)],
    ids=["known", "unknown", "none"],
)
def test_without_jupyters_colours_the_card_is_as_readable(page, kind, contract):
    bench = bench_of(page, kind, contract)
    bench.card.locator(".leadping-permission-toggle").first.click()
    bench.card.locator(".leadping-permission-chip:enabled").first.click()
    assert violations(bench.card) == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_jupyterlab(notebook, screenshots, theme):
    notebook.theme(theme)
    card = notebook.card(SHOW)
    card.screenshot(path=screenshots / f"permissions-all-{theme.lower()}.png")
    assert violations(card) == []
    card.get_by_role("button", name="40 undocumented").click()
    card.get_by_label("Search").press_sequentially("phone")
    card.locator(".leadping-permission-toggle:visible").first.focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("Enter")
    expect(card.locator(".leadping-permission-details")).to_be_visible()
    card.screenshot(path=screenshots / f"permissions-why-{theme.lower()}.png")
    assert violations(card) == []
    expect(notebook.page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)  # no key was a command of the notebook


TRY = """import leadping_nb as lp
sandbox = lp.Sandbox(leads=5, now="2026-07-05T12:00:00Z")
{before}
card = lp.PermissionsCard(lp.connect(sandbox))
card"""


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_plan_is_stated_a_second_yes_makes_the_calls_and_disagreements_are_findings(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1000, "height": 1400})
    card = notebook.card(TRY.format(before='sandbox.faults.on("forbidden_read")'))

    def look(state):
        card.screenshot(path=screenshots / f"permissions-{state}-{theme.lower()}.png")
        assert violations(card) == []

    observe = card.get_by_role("button", name="Observe")
    observe.focus()
    notebook.page.keyboard.press("Enter")
    plan = card.get_by_role("region", name="Plan")
    expect(plan).to_contain_text("Nothing was sent yet. 27 reads, about 8 s within the limit of 300 requests in 60 s")
    expect(plan.locator("p").first).to_be_focused()
    plan.locator("summary").first.click()
    look("plan")
    card.get_by_role("button", name="Not now").click()
    expect(observe).to_be_focused()
    assert notebook.say("len(sandbox.requests)") == "0"
    observe.click()
    card.get_by_role("button", name="Yes, make these 27 reads").press("Enter")
    found = card.get_by_role("region", name="Observed")
    expect(found).to_contain_text("POST /leads/all/my is documented as allowed and was refused.")
    expect(observe).to_be_focused()
    assert notebook.say("len(sandbox.requests)") == "27"
    expect(card.locator(".leadping-permission-seen").first).to_be_visible()
    look("observed")
    card.get_by_label("Search").fill("/leads/all/my")
    card.locator(".leadping-permission-toggle:visible").first.click()
    card.get_by_role("button", name="Show the request").click()
    expect(card.locator("pre code")).to_contain_text("curl --silent")
    look("request")


def test_a_trial_that_waits_for_the_limit_can_be_stopped(notebook):
    limit = "limit = lp.RateLimit(3, 60.0)"
    card = notebook.card(TRY.format(before=limit).replace("connect(sandbox)", "connect(sandbox, rate_limit=limit)"))
    card.get_by_role("button", name="Observe").click()
    card.get_by_role("button", name="Yes, make these 27 reads").click()
    expect(card.get_by_text("3 of 27")).to_be_visible()
    card.get_by_role("button", name="Stop").press("Enter")
    expect(card.get_by_role("region", name="Observed")).to_contain_text("The probe was stopped before its last call.")
    expect(card.get_by_role("button", name="Observe")).to_be_focused()
    assert notebook.say("len(sandbox.requests)") == "3"


def test_a_panel_of_700_pixels_cuts_nothing_off(notebook, screenshots):
    notebook.page.set_viewport_size({"width": 700, "height": 1200})
    card = notebook.card(SHOW)
    card.locator(".leadping-permission-toggle").nth(1).click()
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "permissions-narrow.png")
    assert violations(card) == []


def test_a_cell_may_show_the_permissions_of_another_credential(notebook):
    card = notebook.card(SHOW)
    card.get_by_label("Search").fill("intake")
    notebook.say("card.show(KeyType.SOURCE_KEY)")
    expect(card.locator(".leadping-permission-subject")).to_have_text("Source key · contract of 2026-07-05")
    expect(left(card)).to_have_text("3 of 121 operations")
    expect(card.locator("pre")).to_have_text(notebook.say("card.code"), use_inner_text=False)
