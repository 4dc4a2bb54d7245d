"""The credential card in JupyterLab, used by keyboard and mouse as a person has it."""

import re

import pytest
from playwright.sync_api import expect

from .accessibility import violations

BUSINESS_KEY = "lp_sandbox_test/0123+example"
SOURCE_KEY = "lp_src_sandbox_test.0123~example"
ORGANIZATION_KEY = "sk_example0123test456789abc"
USER_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InNhbmRib3gtdGVzdC1leGFtcGxlIn0.eyJzdWIiOiJ1c2VyX3Rlc3RfZXhhbXBsZSJ9."
    + "Wlpa" * 85
    + "Wg"
)
TYPES = {
    "user token": USER_TOKEN,
    "business key": BUSINESS_KEY,
    "source key": SOURCE_KEY,
    "organization key": ORGANIZATION_KEY,
}
SHOW = "from leadping_nb import Credential\nfrom leadping_nb import ask\ncard = ask()\ncard"
WITH_SANDBOX = """from leadping_nb import Sandbox
from leadping_nb import ask
sandbox = Sandbox(leads=10)
card = ask(sandbox=sandbox, on_credential=lambda credential: print(sandbox.url))
card"""
RAISES = "from leadping_nb import ask\ncard = ask(on_credential=lambda credential: {}[credential])\ncard"


def field(card):
    return card.get_by_label("Key or token")


def verdict(card):
    return card.locator(".leadping-verdict")


@pytest.mark.parametrize(("key_type", "text"), TYPES.items(), ids=[*TYPES])
def test_each_type_is_recognised_when_it_is_typed_and_enter_is_pressed(notebook, key_type, text):
    card = notebook.card(SHOW)
    field(card).press_sequentially(text)
    assert field(card).get_attribute("type") == "password"
    notebook.page.keyboard.press("Enter")
    expect(verdict(card)).to_contain_text(key_type)
    expect(card.get_by_text("Authorization: Bearer ••••••••")).to_be_visible()
    expect(card.get_by_text("entered in this card")).to_be_visible()
    expect(card.get_by_text(re.compile(rf"{key_type} · #[0-9a-f]{{8}}"))).to_have_text(notebook.say("card.credential"))
    assert notebook.say(f"card.credential.reveal() == {text!r}") == "True"
    assert text not in notebook.page.content()


def test_a_paste_and_the_button_work_by_mouse(notebook):
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = notebook.card(SHOW)
    notebook.page.evaluate("text => navigator.clipboard.writeText(text)", f"Bearer {SOURCE_KEY}")
    field(card).click()
    notebook.page.keyboard.press("Control+v")
    card.get_by_role("button", name="Recognise").click()
    expect(verdict(card)).to_contain_text("source key")


def test_the_field_is_empty_as_soon_as_its_text_is_sent(notebook):
    card = notebook.card(SHOW)
    field(card).fill(SOURCE_KEY)
    field(card).press("Enter")
    expect(verdict(card)).to_be_visible()
    assert card.locator("input").input_value() == ""


def test_the_eye_shows_what_is_typed_and_hides_it_again(notebook):
    card = notebook.card(SHOW)
    eye = card.get_by_role("button", name="Show what is typed")
    field(card).fill(SOURCE_KEY)
    eye.click()
    expect(eye).to_have_attribute("aria-pressed", "true")
    expect(field(card)).to_have_attribute("type", "text")
    eye.click()
    expect(eye).to_have_attribute("aria-pressed", "false")
    expect(field(card)).to_have_attribute("type", "password")
    eye.click()
    card.get_by_role("button", name="Recognise").click()
    expect(verdict(card)).to_be_visible()
    expect(card.locator("input")).to_have_attribute("type", "password")


def test_a_wrong_text_is_explained_beside_the_field_and_not_kept(notebook):
    card = notebook.card(SHOW)
    field(card).fill("ghp_example0123test")
    field(card).press("Enter")
    alert = card.get_by_role("alert").filter(has_text="GitHub")
    expect(alert).to_contain_text("This looks like a credential of GitHub, and not of Leadping.")
    expect(alert).to_contain_text("Nothing was sent.")
    expect(field(card)).to_have_attribute("aria-invalid", "true")
    expect(field(card)).to_be_focused()
    assert field(card).input_value() == ""
    assert notebook.say("card.credential") == "None"
    assert alert.get_attribute("id") in field(card).get_attribute("aria-describedby")
    field(card).press_sequentially(SOURCE_KEY)
    notebook.page.keyboard.press("Enter")
    expect(alert).to_have_count(0)
    expect(verdict(card)).to_be_visible()


def test_forget_drops_the_credential_and_gives_the_field_back(notebook):
    card = notebook.card(SHOW)
    field(card).fill(SOURCE_KEY)
    field(card).press("Enter")
    card.get_by_role("button", name="Forget").click()
    expect(field(card)).to_be_visible()
    expect(field(card)).to_be_focused()
    expect(card.get_by_role("status")).to_have_text("Forgotten.")
    assert notebook.say("card.credential") == "None"


def test_the_environment_s_credential_is_used_and_named(notebook):
    card = notebook.card(SHOW)
    card.get_by_role("button", name="Use the environment’s").click()
    expect(verdict(card)).to_contain_text("source key")
    expect(card.get_by_text("environment variable LEADPING_SOURCE_KEY")).to_be_visible()
    expect(card.get_by_text("documentation's own example")).to_be_visible()


def test_the_sandbox_has_three_buttons_and_only_when_there_is_one(notebook):
    card = notebook.card(SHOW)
    expect(card.get_by_role("group", name="Use the sandbox's")).to_have_count(0)
    card = notebook.card(WITH_SANDBOX)
    for key_type in ("user token", "business key", "source key"):
        card.get_by_role("button", name=key_type).click()
        expect(verdict(card)).to_contain_text(key_type)
        expect(card.get_by_text("the sandbox", exact=True)).to_be_visible()
        card.get_by_role("button", name="Forget").click()
    assert notebook.say("sandbox.close()") == "None"


def test_the_keyboard_alone_reaches_everything_in_order(notebook):
    card = notebook.card(SHOW)
    page = notebook.page
    field(card).focus()
    for name in ("Show what is typed", "Recognise", "Use the environment’s"):
        page.keyboard.press("Tab")
        expect(card.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.locator("summary", has_text="Keep it safe")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Forget")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.locator("summary", has_text="Show the code")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.locator("pre")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(field(card)).to_be_focused()


def test_plain_keys_in_a_card_command_no_cells(notebook):
    card = notebook.card(SHOW)
    card.get_by_role("button", name="Recognise").focus()
    notebook.page.keyboard.press("a")
    notebook.page.keyboard.press("b")
    expect(notebook.page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)


def test_an_error_of_the_listener_stands_in_the_card(notebook):
    card = notebook.card(RAISES)
    field(card).fill(SOURCE_KEY)
    field(card).press("Enter")
    alert = card.get_by_role("alert").filter(has_text="KeyError")
    expect(alert).to_contain_text("This did not work: KeyError.")
    expect(alert).to_contain_text("`error`")
    expect(verdict(card)).to_contain_text("source key")
    assert notebook.say("type(card.error).__name__") == "KeyError"


def test_two_cards_in_one_notebook_share_nothing(notebook):
    notebook.card("from leadping_nb import ask\none, other = ask(), ask()\ndisplay(one, other)")
    one, other = notebook.page.locator(".leadping-card").all()
    field(one).fill(SOURCE_KEY)
    field(one).press("Enter")
    expect(verdict(one)).to_be_visible()
    expect(field(other)).to_be_visible()
    assert notebook.say("other.credential") == "None"


def test_one_card_shown_twice_says_the_same_in_both_places(notebook):
    notebook.card("from leadping_nb import ask\none = ask()\ndisplay(one, one)")
    first, second = notebook.page.locator(".leadping-card").all()
    field(first).fill(SOURCE_KEY)
    field(first).press("Enter")
    expect(verdict(first)).to_be_visible()
    expect(verdict(second)).to_be_visible()


def test_the_code_that_the_card_shows_can_be_copied_and_runs_in_the_next_cell(notebook):
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = notebook.card(SHOW)
    card.locator("summary").click()
    card.get_by_role("button", name="Copy").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    lines = notebook.page.evaluate("navigator.clipboard.readText()")
    assert lines == card.locator("pre").text_content() == notebook.say("card.code")
    expect(notebook.run(lines)).to_contain_text("source key")
    assert notebook.say("credential.is_placeholder") == "True"


def test_how_to_keep_it_safe_is_opened_by_keyboard(notebook):
    card = notebook.card(SHOW)
    field(card).fill("lp_src_testbrowser0123456789")
    notebook.page.keyboard.press("Enter")
    summary = card.get_by_text("Keep it safe")
    summary.focus()
    notebook.page.keyboard.press("Enter")
    expect(card.get_by_text("environment variable LEADPING_SOURCE_KEY")).to_be_visible()
    expect(card.get_by_text("open the source in Leadping")).to_be_visible()
    assert violations(card) == []
