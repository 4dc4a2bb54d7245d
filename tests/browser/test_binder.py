"""The path of the Binder link opens the first notebook in JupyterLab, and it runs there."""

import shutil
from pathlib import Path

from playwright.sync_api import expect

from .conftest import LAB_OPTIONS
from .lab import Notebook, serve

ROOT = Path(__file__).parent.parent.parent


def test_the_links_path_opens_the_first_notebook_and_it_runs(tmp_path, monkeypatch, page):
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    shutil.copytree(ROOT / "notebooks", tmp_path / "served" / "notebooks")
    with serve(tmp_path, "jupyterlab", LAB_OPTIONS) as server:
        notebook = Notebook(page, server, "notebooks/00_start_here.ipynb")
        expect(page.get_by_role("tab", name="00_start_here.ipynb")).to_be_visible()
        assert page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')"), "a cell failed"
        notebook.wait_until_idle()
        host = "__import__('leadping_nb.shared_hosts', fromlist=['_']).shared_host().name"
        assert notebook.say(host) == "Binder"
