"""How long until the first card is seen in JupyterLab, beside a bare ``ipywidgets.Text``.

    PYTHONPATH=. python benchmarks/bench_widgets.py

It wants the extra ``test`` and Chromium. Each cell is the first of a new kernel, so that both pay for their imports.
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
_SEEN = """async ([source, selector]) => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCell.model.sharedModel.setSource(source);
    const start = performance.now();
    window.jupyterapp.commands.execute("notebook:run-cell");
    while (!document.querySelector(selector)?.checkVisibility()) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def main() -> None:
    """Measure and print."""
    times: dict[str, list[float]] = {name: [] for name in CELLS}
    with (
        tempfile.TemporaryDirectory() as home,
        serve(Path(home), "jupyterlab", LAB_OPTIONS) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        for number in range(ROUNDS):
            for name, cell in CELLS.items():
                path = f"{name} {number}.ipynb"
                write_notebook(server.root / path, "")
                Notebook(page, server, path)
                times[name].append(page.evaluate(_SEEN, list(cell)))
                page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        browser.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:16} {medians[name]:6.0f} ms  ({min(values):.0f} to {max(values):.0f})")
    print(f"ratio            {medians['credential card'] / medians['ipywidgets.Text']:6.2f}")


if __name__ == "__main__":
    main()
