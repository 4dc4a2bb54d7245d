"""What is entered is in no file, no log and no message back, whatever a notebook saves of its widgets."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .lab import TOKEN, Notebook, write_notebook
from .secrecy import files_with, forms, holds

LOUD = "import logging\nlogging.basicConfig(level=logging.DEBUG, force=True)\n"  # comms then log every message
SHOW = f"{LOUD}from leadping_nb import ask\ncard = ask()\ncard"
PASSWORD = "import ipywidgets\nfield = ipywidgets.Password(description='Key')\nfield"
ENTERED = "lp_sandbox_entered/0123+test~example"
WRONG = "ghp_wrong/0123+test~example"
TYPED = "lp_src_sandbox_typed/0123+test~example"


@pytest.fixture
def impatient(page, lab):
    """Let JupyterLab save by itself every second."""
    plugin = "@jupyterlab/docmanager-extension:plugin"
    lab.settings(page, plugin, autosave=True, autosaveInterval=1)
    yield
    lab.settings(page, plugin)


@pytest.fixture
def own_notebook(page, lab, request):
    """A notebook of the test's own, whose page's messages are recorded from the beginning."""
    name = f"{request.node.name}.ipynb"
    write_notebook(lab.root / name)
    return Notebook(page, lab, name)


def typed_and_not_sent(notebook):
    card = notebook.card(SHOW)
    card.get_by_role("button", name="Show what is typed").click()
    field = card.get_by_label("Key or token")
    field.press_sequentially(TYPED)
    return field


def saved(lab, notebook_name):
    return (lab.root / notebook_name).read_text()


def test_a_notebook_saved_with_widget_state_keeps_nothing_of_what_was_entered(own_notebook, lab, traffic, request):
    card = own_notebook.card(SHOW)
    field = card.get_by_label("Key or token")
    field.press_sequentially(WRONG)
    own_notebook.page.keyboard.press("Enter")
    expect(card.get_by_role("alert").filter(has_text="GitHub")).to_be_visible()
    card.get_by_role("button", name="Show what is typed").click()
    field.press_sequentially(ENTERED)
    own_notebook.page.keyboard.press("Enter")
    expect(card.locator(".leadping-verdict")).to_contain_text("business key")
    own_notebook.save()

    path = lab.root / f"{request.node.name}.ipynb"
    states = nbformat.read(path, 4).metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert any("business key" in str(state) for state in states.values())  # the card's state is saved
    assert list((lab.root / ".ipynb_checkpoints").glob(f"{request.node.name}*"))
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", str(path)]
    subprocess.run(convert, check=True, capture_output=True)
    storage = own_notebook.page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    for secret in (ENTERED, WRONG):
        assert files_with(secret, [lab.home]) == []
        assert not holds(b"\n".join(traffic.frames), secret)
        assert not holds(storage.encode(), secret)
    assert own_notebook.say(f"card.credential.reveal() == {ENTERED!r}") == "True"


def test_a_save_while_a_text_is_typed_but_not_sent_keeps_nothing_of_it(own_notebook, lab, traffic):
    field = typed_and_not_sent(own_notebook)
    own_notebook.save()
    assert field.input_value() == TYPED
    assert files_with(TYPED, [lab.home]) == []
    assert not holds(b"\n".join(traffic.frames), TYPED)


@pytest.mark.usefixtures("impatient")
def test_nor_does_a_save_that_comes_by_itself(own_notebook, lab, traffic, request):
    field = typed_and_not_sent(own_notebook)
    own_notebook.wait_for_autosave()
    assert "# Mine" in saved(lab, f"{request.node.name}.ipynb")
    assert field.input_value() == TYPED
    assert files_with(TYPED, [lab.home]) == []
    assert not holds(b"\n".join(traffic.frames), TYPED)


def test_the_search_finds_what_a_common_password_field_leaves(own_notebook, lab, traffic, request):
    left = "lp_sandbox_left/0123+test~example"
    output = own_notebook.run(PASSWORD)
    output.locator("input").press_sequentially(left)
    expect(output.locator("input")).to_have_value(left)
    while own_notebook.say("len(field.value)") != str(len(left)):
        pass  # each question is a way to the kernel and back
    output.locator("input").blur()  # it swallows Ctrl+S
    own_notebook.save()
    assert str(lab.root / f"{request.node.name}.ipynb") in files_with(left, [lab.home])
    assert holds(b"\n".join(traffic.frames), left)


def test_the_search_knows_every_form_that_a_secret_takes(tmp_path):
    import base64
    import json
    from urllib.parse import quote

    for text in (ENTERED, f"a{ENTERED}", f"ab{ENTERED}c", f"abc{ENTERED}de"):
        for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
            assert holds(b"<" + encode(text.encode()) + b">", ENTERED)
    assert holds(quote(ENTERED, safe="").encode(), ENTERED)
    assert holds(json.dumps(ENTERED).replace("/", "\\/").encode(), ENTERED)
    assert not holds(TYPED.encode() + WRONG.encode(), ENTERED)
    assert min(map(len, forms(ENTERED))) > 30
    (tmp_path / "kept").write_text(ENTERED)
    assert files_with(ENTERED, [tmp_path]) == [str(tmp_path / "kept")]


def test_the_log_is_one_that_would_tell(lab):
    log = lab.log.read_text()
    assert "[D " in log
    assert "comm_msg" in log or "WebSocket" in log or "activity on" in log
    assert TOKEN not in log
    assert Path(lab.home / "runtime").exists()
