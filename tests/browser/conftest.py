"""A browser and a JupyterLab for all tests of this folder; each test gets a page of its own."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from .lab import Notebook, Traffic, serve, write_notebook

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAB_OPTIONS = (
    "--ip=127.0.0.1",
    "--allow-root",
    "--ServerApp.port_retries=0",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",  # the server serves Notebook 7 too, where it is installed
)

expect.set_options(timeout=15_000)  # a machine that is shared may be slow for longer than playwright's five seconds


@pytest.fixture(scope="package")
def chromium():
    """Chromium of this machine, without a window."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)("These tests need Chromium: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def traffic():
    """What the page of this test asks for and receives."""
    return Traffic()


@pytest.fixture
def page(chromium, traffic):
    """A page of a browser that has never been anywhere; the test fails if it asks for another machine."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    traffic.record(context)
    yield context.new_page()
    context.close()
    assert traffic.abroad == []


@pytest.fixture(scope="package")
def lab(tmp_path_factory):
    """A JupyterLab that saves widget state, its log at debug level."""
    with serve(tmp_path_factory.mktemp("lab"), "jupyterlab", LAB_OPTIONS) as server:
        yield server


@pytest.fixture(scope="package")
def _open_notebook(chromium, lab):
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    traffic = Traffic()
    traffic.record(context)
    write_notebook(lab.root / "shared.ipynb")
    yield Notebook(context.new_page(), lab, "shared.ipynb")
    context.close()
    assert traffic.abroad == []


@pytest.fixture
def notebook(_open_notebook):
    """An open notebook with a kernel, which the tests share; light, and as wide as a person has it."""
    _open_notebook.page.set_viewport_size({"width": 1000, "height": 900})
    _open_notebook.theme("Light")
    return _open_notebook


@pytest.fixture(scope="session")
def screenshots():
    """The folder of screenshots, which git ignores."""
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
