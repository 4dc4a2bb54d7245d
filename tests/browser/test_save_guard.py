"""The save guard in JupyterLab: a dialog that says what to mend, and a file that stays as it was."""

import nbformat
import pytest
from playwright.sync_api import expect

from .conftest import LAB_OPTIONS
from .lab import Notebook, serve, write_notebook

KEY = "lp_src_test0123example456789XYZ"
WRITE = """source => {
    window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells[0].setSource(source);
}"""


@pytest.fixture
def opened(page, lab):
    write_notebook(lab.root / "guarded.ipynb", "'clean'")
    return Notebook(page, lab, "guarded.ipynb")


def files_of(server):
    return [path for path in server.root.rglob("guarded*") if path.is_file()]


def test_a_notebook_with_a_key_is_refused_with_words_then_mended_then_saved(opened, lab):
    page = opened.page
    before = (lab.root / "guarded.ipynb").read_bytes()
    page.evaluate(WRITE, f"key = '{KEY}'")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("File Save Error for guarded.ipynb")
    expect(dialog).to_contain_text("Not saved: guarded.ipynb holds a secret, a source key")
    expect(dialog).to_contain_text("in cell 1 (source, line 1)")
    expect(dialog).to_contain_text("read it from the environment with lp.Credential.from_env()")
    expect(dialog).not_to_contain_text(KEY)
    dialog.get_by_role("button").last.click()
    assert (lab.root / "guarded.ipynb").read_bytes() == before
    assert not any(KEY.encode() in file.read_bytes() for file in files_of(lab))
    assert page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty") is True
    page.evaluate(WRITE, "'mended'")
    opened.save()
    assert nbformat.read(lab.root / "guarded.ipynb", 4).cells[0].source == "'mended'"
    assert KEY.encode() not in lab.log.read_bytes()


def test_an_output_with_a_key_is_refused_until_it_is_cleared(opened, lab):
    page = opened.page
    opened.run("print('lp_src_' + 'test0123example456789XYZ')")
    opened.wait_until_idle()
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("in cell 1 (output 1, stdout, line 1)")
    expect(dialog).to_contain_text("Clear the outputs of cell 1")
    dialog.get_by_role("button").last.click()
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    opened.save()
    assert KEY.encode() not in (lab.root / "guarded.ipynb").read_bytes()


def test_warn_only_saves_it_and_warns_in_the_log(page, tmp_path):
    with serve(tmp_path / "warned", "jupyterlab", (*LAB_OPTIONS, "--SaveGuard.mode=warn")) as server:
        write_notebook(server.root / "guarded.ipynb", "'clean'")
        opened = Notebook(page, server, "guarded.ipynb")
        page.evaluate(WRITE, f"key = '{KEY}'")
        opened.save()
        assert KEY.encode() in (server.root / "guarded.ipynb").read_bytes()
        log = server.log.read_text()
    assert "Saved all the same: guarded.ipynb holds a secret, a source key" in log
    assert KEY not in log


def test_a_refused_upload_over_a_notebook_leaves_it_as_it_was(opened, lab, tmp_path):
    page, before = opened.page, (lab.root / "guarded.ipynb").read_bytes()
    long = "# a line\n" * 300_000  # pieces of uploads have 1 MB
    write_notebook(tmp_path / "guarded.ipynb", f"{long}key = '{KEY}'")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload Files").first.click()
    chooser.value.set_files(tmp_path / "guarded.ipynb")
    page.get_by_role("button", name="Overwrite").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Upload Error")
    expect(dialog).to_contain_text("what was there before is there again")
    assert (lab.root / "guarded.ipynb").read_bytes() == before
