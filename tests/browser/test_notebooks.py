"""Every stored notebook where people read it: run in JupyterLab and in Voila, and turned into HTML."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Page, expect

from .lab import TOKEN, Notebook, Traffic, serve, write_notebook

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
PATHS = sorted(
    path.relative_to(NOTEBOOKS) for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
CARD = re.compile(r"\blp\.(ask|explorer|\w+Card)\(")
VOILA_S_OWN = re.compile(r"https://(cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com)/")  # Font Awesome and Mermaid
NBCONVERT_S_OWN = re.compile(r"https://cdnjs\.cloudflare\.com/ajax/libs/(require\.js|mathjax|mermaid)/")
JUPYTERLAB_S_OWN = "Could not restore the debugger state"  # of the kernel of the notebook before

_CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(cell => {
    const { cell_type, source, execution_count, outputs = [], metadata } = cell.toJSON();
    return { cell_type, source, execution_count, outputs, tags: metadata.tags ?? [] };
})"""

every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.with_suffix("").as_posix())


@dataclass
class Reader:
    """A person with a page, what the page asks for, and what it complains of."""

    page: Page
    traffic: Traffic = field(default_factory=Traffic)
    complaints: list[str] = field(default_factory=list)

    def listen(self):
        """Begin: write down every error that the page reports."""
        self.page.on("console", lambda message: message.type == "error" and self.complain(message.text))
        self.page.on("pageerror", lambda error: self.complain(str(error)))

    def complain(self, what):
        """Write down what is not one of JupyterLab's own habits."""
        if not what.startswith(JUPYTERLAB_S_OWN):
            self.complaints.append(what)

    def forget(self):
        """Begin anew with the next notebook."""
        self.traffic.requests.clear()
        self.complaints.clear()


@pytest.fixture(scope="module")
def reading(chromium):
    """One reader for all notebooks."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    reader = Reader(context.new_page())
    reader.traffic.record(context)
    reader.listen()
    yield reader
    context.close()


@pytest.fixture
def reader(reading):
    """The reader, with a notebook before them that they have not seen."""
    reading.forget()
    return reading


@pytest.fixture(scope="module")
def open_lab(reading, lab):
    """JupyterLab with copies of all notebooks; each is opened in the place of the last one."""
    shutil.copytree(NOTEBOOKS, lab.root / "notebooks")
    write_notebook(lab.root / "first.ipynb")
    return Notebook(reading.page, lab, "first.ipynb")


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """Voila with copies of all notebooks."""
    home = tmp_path_factory.mktemp("voila")
    shutil.copytree(NOTEBOOKS, home / "served" / "notebooks")
    with serve(home, "voila", ("notebooks",)) as server:
        yield server


def sources(path, kind):
    cells = json.loads((NOTEBOOKS / path).read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def cards_of(path):
    return sum(bool(CARD.search(source)) for source in sources(path, "code"))


def outputs_of(path, kind):
    cells = json.loads((NOTEBOOKS / path).read_text("utf-8"))["cells"]
    return [output for cell in cells for output in cell.get("outputs", ()) if kind in output.get("data", ())]


def test_there_are_notebooks_with_cards_to_read():
    assert len(PATHS) >= 7
    assert sum(map(cards_of, PATHS)) >= 5


@every
def test_a_notebook_runs_in_jupyterlab(open_lab, reader, path):
    open_lab.open_instead(f"notebooks/{path.as_posix()}")
    assert reader.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')"), "a cell failed"
    open_lab.wait_until_idle()
    cells = list(enumerate(reader.page.evaluate(_CELLS)))
    code = [cell for _, cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = {
        output["output_type"] for cell in code if "raises-exception" not in cell["tags"] for output in cell["outputs"]
    }
    assert "error" not in kinds
    cards = [place for place, cell in cells if cell["cell_type"] == "code" and CARD.search(cell["source"])]
    assert len(cards) == cards_of(path)
    for place in cards:
        expect(reader.page.locator(".jp-Notebook .jp-Cell").nth(place).locator(".leadping-card").first).to_be_visible()
    graphs = reader.page.locator('.jp-RenderedMermaid img[alt^="Discovery of "]')
    expect(graphs).to_have_count(len(outputs_of(path, "text/vnd.mermaid")))
    assert reader.traffic.abroad == []
    assert reader.complaints == []


@every
def test_a_notebook_is_shown_by_voila(voila, reader, path):
    answer = reader.page.goto(f"{voila.url}/voila/render/{path.as_posix()}?token={TOKEN}", timeout=60_000)
    assert answer.ok
    for source in sources(path, "markdown"):
        for heading in re.findall(r"(?m)^##? ([^*`_\n]+)$", source):
            expect(reader.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    if cards := cards_of(path):  # the explorer alone is five
        expect(reader.page.locator(".leadping-card").nth(cards - 1)).to_be_visible()
    expect(reader.page.get_by_text("There was an error when executing cell")).to_have_count(0)
    expect(reader.page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    assert [url for url in reader.traffic.abroad if not VOILA_S_OWN.match(url)] == []


@every
def test_every_stored_picture_has_an_alternative_text(path):
    # JupyterLab 4.6 and nbconvert 7.17 do not show it yet; what shows text in the place of pictures does
    for output in outputs_of(path, "image/png"):
        assert output["metadata"]["image/png"]["alt"] == output["data"]["text/plain"]
        assert len(output["data"]["text/plain"]) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
@every
def test_a_notebook_can_be_turned_into_html(reader, path, theme):
    html, _ = HTMLExporter(theme=theme).from_filename(str(NOTEBOOKS / path))
    reader.page.set_content(html)
    assert reader.page.evaluate("document.body.dataset.jpThemeLight") == str(theme == "light").lower()
    expect(reader.page.locator(".jp-OutputArea-output img")).to_have_count(len(outputs_of(path, "image/png")))
    too_wide = "outputs => outputs.filter(shown => shown.scrollWidth > shown.clientWidth).map(shown => shown.innerText)"
    assert reader.page.locator(".jp-OutputArea-output").evaluate_all(too_wide) == []
    assert [url for url in reader.traffic.abroad if not NBCONVERT_S_OWN.match(url)] == []
