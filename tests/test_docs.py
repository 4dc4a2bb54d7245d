"""The pages for each reader are short, their links lead somewhere, and their code runs on the sandbox."""

import ast
import asyncio
import re
from pathlib import Path

import pytest

import leadping_nb as lp

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("analyst.md", "teacher.md", "integrator.md", "kiota.md", "notebooks.md", "pandas.md", "shared_hosts.md")
READERS = PAGES[:3]
LINKED = (*PAGES, "workshop.md")
ONE_SCREEN = 45


def read(page):
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_on_one_screen(page):
    assert len(read(page).splitlines()) <= ONE_SCREEN


@pytest.mark.parametrize("page", LINKED)
def test_every_link_leads_to_a_file_or_heading_that_is_there(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        name, _, heading = target.partition("#")
        if not name.startswith("https://"):
            assert (DOCS / name).is_file(), target
            titles = re.findall(r"^#+ (.*)$", read(name), re.MULTILINE) if heading else []
            assert not heading or heading in [title.lower().replace(" ", "-") for title in titles], target


@pytest.mark.parametrize("page", READERS)
def test_a_page_for_readers_leads_to_a_notebook(page):
    assert re.search(r"\(\.\./notebooks/\w+\.ipynb\)", read(page))


@pytest.mark.parametrize("page", READERS)
def test_the_code_of_a_page_runs_on_the_sandbox(page, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", read(page), re.DOTALL)
    with lp.Sandbox(leads=20) as sandbox:
        monkeypatch.setenv("LEADPING_USER_TOKEN", sandbox.user_token)
        monkeypatch.setenv("LEADPING_SANDBOX_URL", sandbox.url)
        exec(code.replace("https://api.leadping.ai", sandbox.url), {})  # noqa: S102  # the page's own code
    assert capsys.readouterr().out


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_the_code_of_the_page_on_pandas_runs_with_either_backend(backend, monkeypatch, tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", read("pandas.md"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    with lp.Sandbox(leads=200) as sandbox, lp.connect(sandbox) as api:
        leads, ledger = (api.frame(name, dtype_backend=backend) for name in ("leads", "transactions"))
    made = {"leads": leads, "ledger": ledger}
    reads = 'pd.read_parquet("leads.parquet"'
    exec(code.replace(reads, f'{reads}, dtype_backend="pyarrow"') if backend == "pyarrow" else code, made)  # noqa: S102
    assert 0 < len(made["late"]) < len(leads) == made["weekly"].sum()
    assert {start.day_name() for start in made["weekly"].index} == {"Monday"}
    assert made["flat"].drop_duplicates().shape == leads.shape
    assert not any(getattr(dtype, "tz", None) for dtype in made["for_excel"].dtypes)
    assert made["again"].attrs == leads.attrs
    assert made["again"].dtypes.equals(leads.dtypes)
    assert float(made["spent"].iloc[-1]) == pytest.approx(float(ledger["amount"].sum()))


def test_the_code_of_the_page_on_the_official_sdk_runs_on_the_sandbox(monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", read("kiota.md"), re.DOTALL)
    with lp.Sandbox(leads=20) as sandbox:
        monkeypatch.setenv("LEADPING_USER_TOKEN", sandbox.user_token)
        code = code.replace("https://api.leadping.ai", sandbox.url)
        asyncio.run(eval(compile(code, "kiota.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), {}))  # noqa: S307  # its own
    assert "It came through leadping 1.0.13" in capsys.readouterr().out
