"""Cards on the side of Python: what they keep, what they say, and what can never be read from them."""

import html
import json
import logging
import os
import traceback

import nbclient
import nbformat
import pytest
from IPython.core.ultratb import VerboseTB
from nbconvert import HTMLExporter

import leadping_nb as lp
from leadping_nb import CredentialCard, ask
from leadping_nb.credential import VARIABLES, Credential, KeyType
from leadping_nb.errors import CredentialError, LeadpingError

BUSINESS_KEY = "lp_sandbox_test/0123+example"
SOURCE_KEY = "lp_src_sandbox_test.0123~example"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def send(card, content, *buffers):
    """Let a message arrive as the kernel hands it over."""
    data = {"method": "custom", "content": content}
    card.comm.handle_msg({"content": {"data": data}, "buffers": [memoryview(buffer) for buffer in buffers]})


def enter(card, text):
    send(card, {"action": "enter"}, text.encode())


def everything_of(card):
    """All that a card synchronises, shows, and says of itself."""
    bundle, _ = card._repr_mimebundle_()
    return repr(card.get_state()) + repr(bundle) + repr(card) + str(card) + repr(vars(card))


@pytest.fixture(autouse=True)
def no_credential_in_the_environment(monkeypatch):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


# -- entering a credential -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key_type"),
    [
        (BUSINESS_KEY, KeyType.BUSINESS_API_KEY),
        (f"Authorization: Bearer {SOURCE_KEY}", KeyType.SOURCE_KEY),
        ("sk_example0123test456789abc", KeyType.ORGANIZATION_API_KEY),
    ],
)
def test_what_is_entered_becomes_a_credential_and_is_explained(text, key_type):
    card = ask()
    assert card.credential is None
    enter(card, text)
    assert card.credential.key_type is key_type
    assert card.credential.origin == "widget"
    shown = card.view["content"]["credential"]
    facts = dict(shown["facts"])
    assert shown["type"] == key_type.value
    assert facts["Header"] == card.credential.masked_header
    assert facts["Label"] == card.credential.label
    assert facts["From"] == "entered in this card"
    assert facts["For"].endswith(".")


def test_nothing_that_a_card_synchronises_or_shows_holds_the_text():
    card = ask()
    enter(card, BUSINESS_KEY)
    assert BUSINESS_KEY not in everything_of(card)
    assert "0123+example" not in everything_of(card)
    assert json.dumps(card.view)


def test_a_wrong_text_is_explained_and_nothing_of_it_is_kept():
    card = ask()
    enter(card, "ghp_example0123test")
    assert card.credential is None
    assert card.view["error"] == {
        "sentence": "This looks like a credential of GitHub, and not of Leadping.",
        "hint": "Nothing was sent. Look for the key among your Leadping API keys, and keep this one out of notebooks.",
    }
    assert "0123test" not in everything_of(card)


def test_bytes_that_are_no_text_are_refused_like_any_wrong_text():
    card = ask()
    send(card, {"action": "enter"}, b"lp_\xff\xfe")
    assert isinstance(card.error, CredentialError)
    send(card, {"action": "enter"})
    assert card.view["error"]["sentence"] == "There is nothing here but blanks, quotes or names."


def test_the_same_refusal_twice_is_said_twice():
    card = ask()
    views = []
    card.observe(lambda change: views.append(change.new), "view")
    enter(card, "nonsense")
    enter(card, "nonsense")
    assert [view["error"] for view in views] == [views[0]["error"]] * 2


def test_a_good_text_ends_the_complaint_about_a_wrong_one():
    card = ask()
    enter(card, "nonsense")
    enter(card, SOURCE_KEY)
    assert card.view["error"] is None
    assert card.error is None


def test_a_message_leaves_its_buffer_behind_for_nobody():
    card = ask()
    buffers = [memoryview(SOURCE_KEY.encode())]
    card.comm.handle_msg(
        {"content": {"data": {"method": "custom", "content": {"action": "enter"}}}, "buffers": buffers}
    )
    assert buffers == []


def test_logs_of_messages_do_not_hold_the_text(caplog):
    caplog.set_level(logging.DEBUG)
    enter(ask(), SOURCE_KEY)
    assert "handle_msg" in caplog.text  # the kernel's comms do log each message
    assert SOURCE_KEY not in caplog.text


# -- other ways to a credential --------------------------------------------------------------------------------------


def test_the_environment_is_used_when_the_page_asks(monkeypatch):
    monkeypatch.setenv("LEADPING_SOURCE_KEY", SOURCE_KEY)
    card = ask()
    send(card, {"action": "environment"})
    assert card.credential == Credential.from_text(SOURCE_KEY)
    assert dict(card.view["content"]["credential"]["facts"])["From"] == "environment variable LEADPING_SOURCE_KEY"


def test_an_environment_without_a_credential_is_explained():
    card = ask()
    send(card, {"action": "environment"})
    assert card.credential is None
    assert "LEADPING_API_KEY" in card.view["error"]["hint"]


@pytest.mark.parametrize(
    ("which", "key_type"),
    [("user", KeyType.USER_TOKEN), ("business", KeyType.BUSINESS_API_KEY), ("source", KeyType.SOURCE_KEY)],
)
def test_the_sandbox_has_a_credential_of_each_type(small_sandbox, which, key_type):
    card = ask(sandbox=small_sandbox)
    assert card.view["content"]["sandbox"]
    send(card, {"action": "sandbox", "which": which})
    assert card.credential.key_type is key_type
    assert card.credential.origin == "sandbox"
    assert card.credential.reveal() not in everything_of(card)


def test_a_card_without_a_sandbox_has_no_keys_of_one():
    card = ask()
    assert not card.view["content"]["sandbox"]
    send(card, {"action": "sandbox", "which": "user"})
    assert card.credential is None
    assert isinstance(card.error, LeadpingError)


def test_forgetting_drops_the_credential():
    card = ask()
    enter(card, SOURCE_KEY)
    send(card, {"action": "forget"})
    assert card.credential is None
    assert card.view["content"]["credential"] is None


def test_the_listener_is_told_of_each_credential_and_of_its_end():
    told = []
    card = ask(on_credential=told.append)
    enter(card, "nonsense")
    enter(card, SOURCE_KEY)
    send(card, {"action": "forget"})
    assert told == [Credential.from_text(SOURCE_KEY), None]


def test_two_cards_share_nothing():
    one, other = ask(), ask()
    enter(one, SOURCE_KEY)
    assert other.credential is None
    assert other.view["content"]["credential"] is None


# -- when something goes wrong ---------------------------------------------------------------------------------------


def test_an_error_of_the_listener_is_shown_and_its_words_are_not_kept(caplog):
    def listener(credential):
        raise ValueError(f"cannot use {credential.reveal()}")

    card = ask(on_credential=listener)
    enter(card, SOURCE_KEY)
    assert card.view["error"]["sentence"] == "This did not work: ValueError."
    assert "`error`" in card.view["error"]["hint"]
    assert isinstance(card.error, ValueError)
    assert SOURCE_KEY not in repr(card.get_state())
    assert SOURCE_KEY not in caplog.text
    assert card.credential is not None  # it was a good one


def test_an_error_of_ours_in_the_listener_is_shown_with_its_hint():
    def listener(_):
        raise LeadpingError("The example failed.", hint="Try another example.")

    card = ask(on_credential=listener)
    enter(card, SOURCE_KEY)
    assert card.view["error"] == {"sentence": "The example failed.", "hint": "Try another example."}


@pytest.mark.parametrize("text", [SOURCE_KEY, "ghp_src_sandbox_test.0123~example"])
def test_a_traceback_with_local_variables_does_not_show_the_text(text):
    def listener(_):
        raise ValueError("the example failed")

    card = ask(on_credential=listener)
    enter(card, text)
    error = card.error
    shown = VerboseTB(theme_name="nocolor").text(type(error), error, error.__traceback__)
    assert type(error).__name__ in shown
    assert "0123~example" not in shown
    for frame, _ in traceback.walk_tb(error.__traceback__):
        assert "0123~example" not in repr(frame.f_locals)


@pytest.mark.parametrize("content", [{}, {"action": "read a file"}, {"action": ["enter"]}])
def test_what_a_card_cannot_do_is_refused_in_the_card(content):
    card = ask()
    send(card, content)
    assert card.view["error"]["sentence"] == "The page asked for something that this card cannot do."
    assert "reload" in card.view["error"]["hint"]


# -- where widgets do not run ----------------------------------------------------------------------------------------


def test_beside_the_widget_stand_text_and_html_of_the_same_content():
    bundle, _ = ask()._repr_mimebundle_()
    assert WIDGET_VIEW in bundle
    for form in (bundle["text/plain"], html.unescape(bundle["text/html"])):
        assert "No credential was entered." in form
        assert "JupyterLab" in form
        assert "lp.Credential.from_env()" in form


def test_the_still_forms_say_what_the_card_says_and_are_alike_in_every_process():
    card = ask()
    enter(card, BUSINESS_KEY)
    bundle, _ = card._repr_mimebundle_()
    facts = dict(card.view["content"]["credential"]["facts"])
    label = facts.pop("Label")
    for form in (bundle["text/plain"], html.unescape(bundle["text/html"])):
        assert "business key" in form
        assert all(text in form for text in facts.values())
        assert label.rpartition("#")[2] not in form
    assert repr(card) == "<CredentialCard: business key>"
    assert repr(ask()) == "<CredentialCard: no credential>"


def test_the_code_that_a_card_shows_runs_as_it_stands(monkeypatch):
    monkeypatch.setenv("LEADPING_API_KEY", BUSINESS_KEY)
    names = {}
    exec(ask().code, names)  # noqa: S102 - that it runs is what is tested
    assert names["credential"] == Credential.from_text(BUSINESS_KEY)
    assert "sandbox" not in ask().code


def test_the_code_of_a_card_with_a_sandbox_says_what_to_write_there():
    with lp.Sandbox(leads=1) as sandbox:
        [line] = [line for line in ask(sandbox=sandbox).code.splitlines() if line.startswith("# on a sandbox: ")]
        names = {"lp": lp, "sandbox": sandbox}
        exec(line.partition(": ")[2], names)  # noqa: S102 - that it runs is what is tested
        assert names["credential"] == Credential.from_text(sandbox.user_token)


NOTEBOOK = """
import logging
logging.basicConfig(level=logging.DEBUG, force=True)
import leadping_nb as lp
card = lp.ask()
card.comm.handle_msg({"content": {"data": {"method": "custom", "content": {"action": "environment"}}}, "buffers": []})
card
"""


@pytest.fixture(scope="module")
def executed():
    """A notebook with a card of a credential, run by nbclient, which stores widget state as it does by itself."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    environment = {**os.environ, "LEADPING_API_KEY": BUSINESS_KEY}
    nbclient.NotebookClient(notebook, kernel_name="python3").execute(env=environment)
    return notebook


def test_an_executed_notebook_with_widget_state_holds_the_card_and_not_the_text(executed):
    written = nbformat.writes(executed)
    states = executed.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert any(state["state"].get("view", {}).get("turn") == 1 for state in states)
    assert BUSINESS_KEY not in written
    assert "0123+example" not in written


def test_a_page_of_an_executed_notebook_holds_the_card_and_not_the_text(executed):
    page, _ = HTMLExporter().from_notebook_node(executed)
    assert "business key" in page
    assert "0123+example" not in page


def test_a_page_of_a_notebook_without_widget_state_shows_the_still_form(executed):
    still = nbformat.from_dict({**executed, "metadata": {}})
    page, _ = HTMLExporter().from_notebook_node(still)
    assert "Authorization: Bearer ••••••••" in page
    assert WIDGET_VIEW not in page


def test_the_prompt_without_a_widget_says_under_nbclient_what_to_do():
    cell = nbformat.v4.new_code_cell("import leadping_nb as lp\nlp.Credential.prompt()")
    with pytest.raises(nbclient.exceptions.CellExecutionError) as raised:
        nbclient.NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
    assert raised.value.ename == "CredentialError"
    assert "Credential.from_env()" in raised.value.evalue


def test_a_card_sends_little_to_the_page():
    assert len(json.dumps(CredentialCard().get_state(), default=str)) < 50_000
