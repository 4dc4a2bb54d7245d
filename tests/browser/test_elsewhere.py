"""The explorer, and so every card, in Notebook 7 and in Voila."""

import re

from playwright.sync_api import expect

from .lab import Notebook, Traffic, serve, write_notebook

SHOW = "import leadping_nb as lp\nsandbox = lp.Sandbox(leads=60)\ntour = lp.explorer(sandbox)\ntour"
SOURCE_KEY = "lp_src_sandbox_test.0123~example"
VOILA_S_OWN = re.compile(r"https://(cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com)/")  # Font Awesome and Mermaid


def go_through(page, screenshots, where):
    """Use every card once."""
    credential, permissions, discovery, token, data = (
        page.get_by_role("region", name=title, exact=True)
        for title in ("Credential", "Permissions", "Discovery", "Token", "Data")
    )
    expect(data).to_be_visible(timeout=60_000)
    credential.get_by_label("Key or token").press_sequentially(SOURCE_KEY)
    page.keyboard.press("Enter")
    expect(credential.locator(".leadping-verdict")).to_contain_text("source key")
    expect(permissions).to_contain_text("3 allowed")
    credential.get_by_role("button", name="Forget").click()
    credential.get_by_role("button", name="user token").click()
    discovery.get_by_role("button", name="All steps").click()
    expect(token).to_contain_text("The token is valid", timeout=30_000)
    data.get_by_role("button", name="Load", exact=True).click()
    expect(data).to_contain_text("60 rows in 1 page, complete", timeout=30_000)
    for name, card in (("credential", credential), ("data", data)):
        card.screenshot(path=screenshots / f"{name}-{where}.png")


def test_every_card_works_in_notebook_7(page, lab, screenshots):
    write_notebook(lab.root / "notebook-7.ipynb")
    Notebook(page, lab, "notebook-7.ipynb", place="notebooks").card(SHOW)
    expect(page.locator("#jp-NotebookLogo")).to_be_visible()
    go_through(page, screenshots, "notebook-7")


def test_every_card_works_in_voila(chromium, tmp_path, screenshots):
    (tmp_path / "served").mkdir()
    write_notebook(tmp_path / "served" / "card.ipynb", SHOW)
    traffic = Traffic()
    context = chromium.new_context()
    traffic.record(context)
    page = context.new_page()
    with serve(tmp_path, "voila", ("card.ipynb",)) as server:
        page.goto(server.url)
        go_through(page, screenshots, "voila")
    context.close()
    assert [url for url in traffic.abroad if not VOILA_S_OWN.match(url)] == []
