"""The explorer as a person goes through it: from a credential to a DataFrame in the next cell, and nothing is kept."""

import re

import pytest
from playwright.sync_api import expect

from .accessibility import violations
from .lab import Notebook, write_notebook
from .secrecy import files_with, holds

SHOW = """import leadping_nb as lp
sandbox = lp.Sandbox(leads=5_000)
tour = lp.explorer(sandbox)
tour"""
TITLES = ("Credential", "Permissions", "Discovery", "Token", "Data", "Lead")


def cards_of(page):
    """The six cards by their titles."""
    return {title: page.get_by_role("region", name=title, exact=True) for title in TITLES}


@pytest.fixture
def own_notebook(page, lab, request):
    """A notebook of the test's own, whose page's messages are recorded from the beginning."""
    name = f"{request.node.name}.ipynb"
    write_notebook(lab.root / name)
    return Notebook(page, lab, name)


def test_the_whole_tour_leads_to_a_frame_in_the_next_cell_and_keeps_no_secret(own_notebook, lab, traffic, request):
    own_notebook.card(SHOW)
    page = own_notebook.page
    cards = cards_of(page)
    cards["Credential"].get_by_role("button", name="user token").click()
    expect(cards["Credential"]).to_contain_text("user token · #")
    expect(cards["Permissions"]).to_contain_text("User token")
    expect(cards["Token"]).to_contain_text("unverified")

    cards["Discovery"].get_by_role("button", name="Next step").press("Enter")
    expect(cards["Discovery"]).to_contain_text("401 with a challenge")
    cards["Discovery"].get_by_role("button", name="All steps").click()
    expect(cards["Discovery"].get_by_role("button", name="Again")).to_be_visible(timeout=30_000)
    expect(cards["Token"]).to_contain_text("The token is valid")

    cards["Data"].get_by_label("Rows at most").fill("")
    cards["Data"].get_by_role("button", name="Load", exact=True).click()
    expect(cards["Data"]).to_contain_text("5,000 rows in 25 pages, complete", timeout=30_000)
    assert own_notebook.say("len(leads), leads is tour.frame") == "5000 True"

    own_notebook.save()
    assert (lab.root / f"{request.node.name}.ipynb").read_text().count("leadping") > 1
    page.evaluate(  # what a person would have to do to see them; it goes by the kernel and not by the page's channel
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
        '{code: \'open("../secrets.txt", "w").write(sandbox.user_token + " " + sandbox.business_key)\','
        " store_history: false}).done; }"
    )
    told = lab.home / "secrets.txt"
    secrets = told.read_text().split()
    told.unlink()
    for secret in secrets:
        assert files_with(secret, [lab.home]) == []
        assert not holds(b"\n".join(traffic.frames), secret)


def test_a_forged_token_is_refused_in_the_token_card(notebook):
    notebook.card(SHOW.replace("5_000", "60"))
    cards = cards_of(notebook.page)
    cards["Discovery"].get_by_role("button", name="All steps").click()
    expect(cards["Discovery"].get_by_role("button", name="Again")).to_be_visible(timeout=30_000)
    head, payload, signature = notebook.say("sandbox.user_token").split(".")
    cards["Credential"].get_by_label("Key or token").fill(
        f"{head}.{payload}.{signature[:8]}{signature[8:16][::-1]}{signature[16:]}"
    )
    cards["Credential"].get_by_label("Key or token").press("Enter")
    expect(cards["Token"]).to_contain_text("The token is invalid: signature failed")
    expect(cards["Token"]).to_contain_text(re.compile("✗ failed"))


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_everyone_can_read_and_use_the_explorer_in_both_themes(notebook, screenshots, theme):
    notebook.theme(theme)
    notebook.page.set_viewport_size({"width": 1000, "height": 5000})  # so that all of it is in the picture
    notebook.card(SHOW.replace("5_000", "60"))
    cards = cards_of(notebook.page)
    cards["Credential"].get_by_role("button", name="user token").click()
    cards["Discovery"].get_by_role("button", name="All steps").click()
    expect(cards["Discovery"].get_by_role("button", name="Again")).to_be_visible(timeout=30_000)
    cards["Data"].get_by_role("button", name="Load", exact=True).click()
    expect(cards["Data"]).to_contain_text("complete", timeout=30_000)
    whole = notebook.page.locator(".jp-OutputArea .widget-vbox").first
    whole.screenshot(path=screenshots / f"explorer-{theme.lower()}.png")
    for title, card in cards.items():
        assert violations(card) == [], title


def test_a_narrow_panel_cuts_no_card_off(notebook):
    notebook.page.set_viewport_size({"width": 700, "height": 900})
    notebook.card(SHOW.replace("5_000", "60"))
    for title, card in cards_of(notebook.page).items():
        assert card.evaluate("card => card.scrollWidth <= card.clientWidth"), title
