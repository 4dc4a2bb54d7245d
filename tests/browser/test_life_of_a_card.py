"""When the kernel ends, when the page is opened again, and how the card looks to everyone."""

import pytest
from playwright.sync_api import expect

from .accessibility import violations
from .lab import Notebook, write_notebook

SOURCE_KEY = "lp_src_sandbox_test.0123~example"
SHOW = "from leadping_nb import ask\ncard = ask()\ncard"
WITH_SANDBOX = """from types import SimpleNamespace
from leadping_nb import ask
keys = SimpleNamespace(user_token="lp_example", business_key="lp_example", source_key="lp_src_example")
card = ask(sandbox=keys)
card"""


def enter(card, text):
    card.get_by_label("Key or token").fill(text)
    card.get_by_label("Key or token").press("Enter")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_card_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    card = notebook.card(WITH_SANDBOX)
    for state in ("form", "wrong", "known"):
        if state == "wrong":
            enter(card, "whsec_example0123test")
            expect(card.get_by_role("alert").filter(has_text="webhook")).to_be_visible()
        if state == "known":
            enter(card, SOURCE_KEY)
            expect(card.locator(".leadping-verdict")).to_be_visible()
            for summary in card.locator("summary").all():
                summary.click()
        card.screenshot(path=screenshots / f"credential-{state}-{theme.lower()}.png")
        assert violations(card) == []


def test_a_narrow_panel_and_a_large_zoom_cut_nothing_off(notebook, screenshots):
    notebook.page.set_viewport_size({"width": 700, "height": 900})
    card = notebook.card(WITH_SANDBOX)
    enter(card, "whsec_example0123test")
    expect(card.get_by_role("alert").filter(has_text="webhook")).to_be_visible()
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    card.screenshot(path=screenshots / "credential-narrow.png")


def test_after_a_restart_and_after_opening_it_again_the_card_says_run_the_cell_again(page, lab, screenshots):
    write_notebook(lab.root / "restart.ipynb")
    notebook = Notebook(page, lab, "restart.ipynb")
    card = notebook.card(SHOW)
    card.get_by_label("Key or token").fill(SOURCE_KEY)
    notebook.save()  # with widget state: without it, JupyterLab knows nothing of the card when it opens the notebook
    notebook.restart_kernel()
    expect(card.get_by_role("alert").filter(has_text="Run the cell again.")).to_be_visible()
    expect(card.get_by_label("Key or token")).to_be_hidden()
    assert card.locator("input").input_value() == ""
    assert violations(card) == []
    card.screenshot(path=screenshots / "credential-gone.png")

    Notebook(page, lab, "restart.ipynb")
    card = page.locator(".leadping-card")
    expect(card.get_by_role("alert").filter(has_text="Run the cell again.")).to_be_visible()
    expect(card.get_by_label("Key or token")).to_be_hidden()
