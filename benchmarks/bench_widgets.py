"""How long until the first card is seen in JupyterLab, beside a bare ``ipywidgets.Text``.

    PYTHONPATH=. python benchmarks/bench_widgets.py

It wants the extra ``test`` and Chromium. Each cell is the first of a new kernel, so that both pay for their imports;
then it runs once more, when all is imported.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, LAB_OPTIONS
from tests.browser.lab import Notebook, serve, write_notebook

ROUNDS = 10
CELLS = {
    "ipywidgets.Text": ("import ipywidgets\nipywidgets.Text()", ".widget-text input"),
    "credential card": ("import leadping_nb as lp\nlp.ask()", ".leadping-card input"),
}
_WHEN = ("first cell of a kernel", "the same cell again")
_SEEN = """async ([source, selector]) => {
    const panel = window.jupyterapp.shell.currentWidget;
    await window.jupyterapp.commands.execute("notebook:clear-cell-output");
    panel.content.activeCell.model.sharedModel.setSource(source);
    const start = performance.now();
    window.jupyterapp.commands.execute("notebook:run-cell");
    while (!document.querySelector(selector)?.checkVisibility()) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def main() -> None:
    """Measure and print."""
    times: dict[tuple[str, str], list[float]] = {(name, when): [] for when in _WHEN for name in CELLS}
    with (
        tempfile.TemporaryDirectory() as home,
        serve(Path(home), "jupyterlab", LAB_OPTIONS) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        for number in range(ROUNDS):
            for name, cell in sorted(CELLS.items(), reverse=number % 2 == 1):  # each is first every other time
                path = f"{name} {number}.ipynb"
                write_notebook(server.root / path, "")
                Notebook(page, server, path)
                for when in _WHEN:
                    times[name, when].append(page.evaluate(_SEEN, list(cell)))
                page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        browser.close()
    for when in _WHEN:
        medians = {name: statistics.median(times[name, when]) for name in CELLS}
        for name, median in medians.items():
            low, high = min(times[name, when]), max(times[name, when])
            print(f"{when}: {name:16} {median:6.0f} ms  ({low:.0f} to {high:.0f})")
        print(f"{when}: ratio {medians['credential card'] / medians['ipywidgets.Text']:.2f}")


if __name__ == "__main__":
    main()
