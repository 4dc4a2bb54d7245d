"""The lead card in JupyterLab: filled in, previewed, confirmed and sent, and no person is kept in the notebook."""

import json

import nbformat
import pytest
from playwright.sync_api import expect

import leadping_nb as lp
from leadping_nb.widgets.lead_form import FIELDS

from .accessibility import violations
from .bench import HOSTILE, Bench
from .secrecy import files_with

SETUP = """import leadping_nb as lp
sandbox = lp.Sandbox(leads=20)
api = lp.connect(sandbox.{key}, base_url=sandbox.url)
card = lp.LeadCard(api)
card"""
YES = "Yes, this creates a lead"


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def fill(card, **fields):
    for label, value in ({"First name": "Adalbert", "Phone": "212-555-0177"} | fields).items():
        card.get_by_label(label, exact=True).fill(value)


def issues(card):
    return card.get_by_role("region", name="Check")


def test_a_person_fills_in_looks_says_yes_and_sends_and_the_notebook_keeps_nobody(notebook, lab):
    card = notebook.card(SETUP.format(key="source_key"))
    fill(card, Phone="555")
    expect(issues(card)).to_contain_text("problem, phone: This cannot be a telephone number.")
    expect(card.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
    fill(card)
    expect(issues(card)).to_contain_text("0 problems")
    card.get_by_label("Phone", exact=True).press("Enter")
    request = card.get_by_role("region", name="The request")
    expect(request).to_contain_text('{"firstName":"Adalbert","phone":"+12125550177"}')
    expect(request).to_contain_text("Authorization: Bearer <source key · #")
    send = card.get_by_role("button", name="Send lead")
    expect(send).to_be_disabled()
    assert notebook.say("len(sandbox.requests)") == "0"
    card.get_by_label(YES).check()
    fill(card, **{"First name": "Adalberta"})  # another lead: the yes was for the one that was shown
    expect(card.get_by_label(YES)).to_be_hidden()
    press(card, "Preview")
    expect(card.get_by_label(YES)).not_to_be_checked()
    card.get_by_label(YES).check()
    send.press("Enter")
    expect(card.get_by_role("region", name="Sent")).to_contain_text("lead_new_000001")
    expect(card.get_by_role("status")).to_have_text("The lead was sent, and taken in.")
    expect(card.get_by_role("button", name="Preview")).to_be_focused()
    assert notebook.say("sandbox.leads_received[0]['contact']['firstName']") == "Adalberta"
    notebook.save()
    saved = (lab.root / "shared.ipynb").read_text()
    assert "lead_new_000001" in saved
    for words in ("Adalbert", "5550177", "555-0177"):
        assert words not in saved


def distinct(label):
    """A value that no program would make up, and that the field takes."""
    word = "".join(filter(str.isalpha, label)).lower()
    special = {
        "Phone": "212-555-0186",
        "E-mail": "zebulon.quux@mail.example",
        "State": "Massachusetts",
        "ZIP code": "02199-7786",
        "TrustedForm certificate": f"https://cert.trustedform.com/{'7e' * 20}",
        "Your own id (externalId)": "zeb.struct@typed.example",
    }
    return special.get(label, f"zebulon-{word}")


OTHERS = ("2125550186", "2199-7786", "7e" * 10, "zeb.struct")  # in the forms that the request has them in
STATES = "application/vnd.jupyter.widget-state+json"


@pytest.mark.parametrize("way", ["fields", "JSON", "lost"])
def test_nothing_that_is_typed_into_any_field_is_in_the_saved_notebook(notebook, lab, way):
    card = notebook.card(SETUP.format(key="source_key"))
    typed = {label: distinct(label) for _, label in FIELDS}
    for label, value in typed.items():
        card.get_by_label(label, exact=True).fill(value)
    if way == "JSON":
        card.get_by_label("JSON", exact=True).check()
        text = card.get_by_label("The lead as a JSON object, flat or structured")
        lead = json.loads(text.input_value())
        assert list(lead.values()) == list(typed.values())
        text.fill(json.dumps(lead | {"zebulon@name.example": "zebulon-own"}))
    press(card, "Preview")
    if way == "JSON":
        expect(issues(card)).to_contain_text("warning, zebulon@name.example: The model has no such field.")
    if way == "lost":
        notebook.say("bool(sandbox.faults.on('lead_answer_lost'))")
    card.get_by_label(YES).check()
    press(card, "Send lead")
    if way == "lost":
        expect(card.get_by_role("alert").filter(has_text="Look before you send again")).to_contain_text("zeb.struct")
    else:
        expect(card.get_by_role("region", name="Sent")).to_contain_text("externalIdzeb.struct@typed.example")
    assert notebook.say("sandbox.leads_received[0]['metadata']['externalId']") == "zeb.struct@typed.example"
    notebook.save()
    states = nbformat.read(lab.root / "shared.ipynb", 4).metadata.widgets[STATES]["state"]
    assert any("Look before" in str(state) or "lead_new_000001" in str(state) for state in states.values())
    for words in (*typed.values(), *OTHERS, "zebulon"):
        assert files_with(words, [lab.root]) == [], words


def test_a_page_that_is_opened_again_says_that_what_was_typed_is_not_kept(page, view):
    sent = {"sent": [["Lead", "lead_1"]], "told": {"sent": 4, "failed": 5}, "preview": None}
    error = {"sentence": "Nobody knows.", "hint": "Look."}
    again = view | {"content": view["content"] | sent, "error": error}
    bench = Bench(page, "lead_card", again)
    expect(bench.card.get_by_role("region", name="Sent")).to_contain_text("externalIdThe notebook does not keep it.")
    expect(bench.card.get_by_role("alert").filter(has_text="Nobody knows.")).to_be_visible()
    bench.tell({"sent": 3, "external_id": "of before"})
    bench.tell({"failed": 5, "sentence": "All of it.", "hint": HOSTILE})
    bench.show(again)
    expect(bench.card.get_by_role("region", name="Sent")).to_contain_text("The notebook does not keep it.")
    expect(bench.card.get_by_role("alert").filter(has_text="All of it.")).to_contain_text("onerror")
    bench.tell({"sent": 4, "external_id": "web-1"})
    bench.show(again)
    expect(bench.card.get_by_role("region", name="Sent")).to_contain_text("externalIdweb-1")
    assert page.evaluate("window.harmed") is None


def test_an_error_of_json_stands_once_in_the_card(notebook):
    card = notebook.card(SETUP.format(key="source_key"))
    card.locator(".leadping-code summary").click()
    card.get_by_label("JSON", exact=True).check()
    card.get_by_label("The lead as a JSON object, flat or structured").fill("{")
    expect(card.locator(".leadping-code-said")).to_contain_text("There is no request yet: what is typed is no lead.")
    expect(card.get_by_text("This is no JSON")).to_have_count(1)


def test_as_json_every_field_can_be_sent_and_a_lost_answer_says_how_to_look(notebook):
    card = notebook.card(SETUP.format(key="source_key"))
    fill(card)
    card.get_by_label("JSON", exact=True).check()
    text = card.get_by_label("The lead as a JSON object, flat or structured")
    assert json.loads(text.input_value()) == {"firstName": "Adalbert", "phone": "212-555-0177"}
    text.fill("{")
    expect(card.get_by_role("alert").filter(has_text="This is no JSON: line 1")).to_be_visible()
    text.fill('{"phone": "+12125550177", "utmTerm": "roof"}')
    press(card, "Preview")
    assert notebook.say("bool(sandbox.faults.on('lead_answer_lost'))") == "True"
    card.get_by_label(YES).check()
    press(card, "Send lead")
    expect(card.get_by_role("alert").filter(has_text="Look before you send again")).to_be_visible()
    assert notebook.say("len(sandbox.leads_received)") == "1"


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_code_is_of_what_is_typed_and_the_saved_notebook_holds_none_of_it(notebook, lab, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1200, "height": 1700})
    card = notebook.card(SETUP.format(key="source_key"))
    card.locator(".leadping-code summary").click()
    code = card.locator(".leadping-code pre code")
    expect(card.locator(".leadping-code")).to_contain_text("Nothing is filled in yet.")
    fill(card, **{"E-mail": "adalbert@mail.example"})
    card.get_by_label("Show it for").select_option("curl")
    expect(code).to_contain_text('"firstName": "Adalbert", "phone": "+12125550177", "email": "adalbert@mail.example"')
    card.screenshot(path=screenshots / f"lead-code-{theme.lower()}.png")
    assert violations(card) == []
    card.get_by_label("Sent by").select_option("GET /leads/intake")
    expect(code).to_contain_text("/leads/intake?FirstName=Adalbert&Phone=%2B12125550177&Email=adalbert%40mail.example")
    expect(code).to_contain_text("personal data into an address")
    fill(card, **{"First name": "Adalberta"})
    expect(code).to_contain_text("FirstName=Adalberta&")
    card.get_by_label("Show it for").select_option("this toolkit")
    expect(code).to_contain_text("lead = {'firstName': 'Adalberta'")
    press(card, "Preview")
    expect(card.get_by_role("region", name="The request")).to_contain_text("Adalberta")
    card.get_by_label(YES).check()
    press(card, "Send lead")
    expect(card.get_by_role("region", name="Sent")).to_be_visible()
    assert notebook.say("len(sandbox.leads_received)") == "1"
    notebook.save()
    path = lab.root / "shared.ipynb"
    states = nbformat.read(path, 4).metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert any("lead_new_000001" in str(state) for state in states.values())  # the card's state is saved
    for words in ("Adalbert", "5550177", "555-0177", "adalbert@", "adalbert%40"):
        assert files_with(words, [lab.root]) == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1200, "height": 1500})
    card = notebook.card(SETUP.format(key="source_key"))

    def look(state):
        card.screenshot(path=screenshots / f"lead-{state}-{theme.lower()}.png")
        assert violations(card) == []

    look("form")
    fill(card, Phone="555")
    expect(issues(card)).to_contain_text("1 problem")
    look("problem")
    fill(card)
    press(card, "Preview")
    card.get_by_label(YES).check()
    look("preview")
    press(card, "Send lead")
    expect(card.get_by_role("region", name="Sent")).to_be_visible()
    look("sent")


def test_another_key_may_look_and_not_send(notebook):
    card = notebook.card(SETUP.format(key="business_key"))
    expect(card.get_by_text("wants a source key in place of a business key")).to_be_visible()
    fill(card)
    press(card, "Preview")
    expect(card.get_by_role("region", name="The request")).to_contain_text("POST")
    expect(card.get_by_role("button", name="Send lead")).to_be_hidden()
    assert violations(card) == []


# -- on a bare page ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def view(small_sandbox):
    """What a card shows after a preview."""
    with lp.connect(small_sandbox.source_key, base_url=small_sandbox.url) as api:
        card = lp.LeadCard(api)
        data = {"method": "custom", "content": {"action": "preview"}}
        form = json.dumps({"fields": {"phone": "555"}}).encode()
        card.comm.handle_msg({"content": {"data": data}, "buffers": [memoryview(form)]})
        yield card.view
        card.close()


def test_texts_of_the_kernel_are_never_taken_for_html(page, view):
    content = view["content"]
    issue = ["!", "warning", HOSTILE, HOSTILE, HOSTILE]
    preview = {"number": 1, "request": HOSTILE, "headers": [[HOSTILE, HOSTILE]], "cautions": [HOSTILE], "can": True}
    shown = content | {
        "refusal": HOSTILE,
        "target": HOSTILE,
        "check": {"ok": False, "summary": HOSTILE, "issues": [issue]},
        "preview": preview,
        "sent": None,
    }
    bench = Bench(page, "lead_card", view | {"content": shown, "error": {"sentence": HOSTILE, "hint": HOSTILE}})
    bench.tell({"preview": 1, "body": HOSTILE})
    bench.show(view | {"content": shown | {"sent": [[HOSTILE, HOSTILE]]}})
    assert bench.card.text_content().count("onerror") > 8
    assert bench.card.locator("img").count() == 0
    assert page.evaluate("window.harmed") is None


def test_a_page_that_is_opened_again_cannot_send_what_it_does_not_show(page, view):
    preview = view["content"]["preview"] | {"can": True}
    shown = view | {"content": view["content"] | {"preview": preview}}
    bench = Bench(page, "lead_card", shown)
    expect(bench.card.get_by_text("Preview the lead again to see its body")).to_be_visible()
    expect(bench.card.get_by_role("button", name="Send lead")).to_be_hidden()
    bench.tell({"preview": preview["number"], "body": "{}"})
    bench.show(shown)
    expect(bench.card.get_by_role("button", name="Send lead")).to_be_visible()
    page.evaluate("window.leave()")
    assert page.evaluate("window.model.count()") == 0


def typed(bench):
    """What the page sent to have code of it."""
    return [buffers for content, buffers in bench.sent() if json.loads(content)["action"] == "requests"]


def test_what_is_typed_travels_in_buffers_and_old_code_is_marked_until_new_code_is_there(page, view):
    bench = Bench(page, "lead_card", view)
    bench.card.locator(".leadping-code summary").click()
    code = bench.card.locator(".leadping-code > div").last
    asked = {"call": "POST /leads/intake", "effect": "write", "notes": [], "others": ["POST /leads/intake"]}
    bench.hand(asked | {"forms": {"curl": "first"}})
    assert typed(bench) == [['{"fields":{}}']]
    bench.card.get_by_label("Show it for").select_option("curl")
    bench.card.get_by_label("Phone", exact=True).fill("555")
    expect(code).to_have_attribute("aria-busy", "true")
    page.wait_for_function("window.sent.length === 3")  # the check, then the question
    assert typed(bench)[-1] == ['{"fields":{"phone":"555"}}']
    assert not any("555" in content for content, _ in bench.sent())
    bench.hand(asked | {"forms": {"curl": "second"}})
    expect(code).not_to_have_attribute("aria-busy", "true")
    expect(code.locator("code")).to_have_text("second")
    page.evaluate("window.leave()")
    assert "second" not in page.content()


def test_another_credential_or_none_leaves_no_code_of_the_one_before(page, view):
    bench = Bench(page, "lead_card", view)
    bench.card.locator(".leadping-code summary").click()
    asked = {"call": "POST /leads", "effect": "write", "notes": [HOSTILE], "others": [HOSTILE, "POST /leads"]}
    bench.hand(asked | {"forms": {"curl": "of before"}})
    assert page.evaluate("window.harmed") is None
    bench.card.get_by_label("Show it for").select_option("curl")
    bench.show(view | {"content": view["content"] | {"refusal": "Another key."}})
    assert len(typed(bench)) == 2
    missing = {"sentence": "A credential is needed first.", "hint": ""}
    bench.show(view | {"asks": False, "content": view["content"] | {"missing": missing}})
    assert "of before" not in page.content()
    assert len(typed(bench)) == 2


def test_the_focus_stays_on_send_while_it_is_sent_and_goes_back_to_preview(page, view):
    content = view["content"] | {"preview": view["content"]["preview"] | {"can": True}}
    bench = Bench(page, "lead_card", view | {"content": content})
    bench.tell({"preview": content["preview"]["number"], "body": "{}"})
    bench.show(view | {"content": content})
    send = bench.card.get_by_role("button", name="Send lead")
    bench.card.get_by_label(YES).check()
    send.press("Enter")
    bench.show(view | {"content": content, "busy": True})
    expect(send).to_be_focused()
    send.press("Enter")
    assert [json.loads(message)["action"] for message, _ in bench.sent()] == ["send"]
    bench.show(view | {"content": content | {"preview": None, "sent": [["Lead", "lead_1"]]}})
    expect(bench.card.get_by_role("button", name="Preview")).to_be_focused()


def test_at_400_percent_everything_stays_within_a_phone_s_width_and_is_readable(page, view, screenshots):
    page.set_viewport_size({"width": 320, "height": 800})
    bench = Bench(page, "lead_card", view)
    bench.card.screenshot(path=screenshots / "lead-zoom-light.png")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert violations(bench.card) == []
