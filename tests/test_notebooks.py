import ast
import json
import re
import shutil
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from leadping_nb import notebooks
from leadping_nb.errors import LeadpingError
from leadping_nb.notebooks import blemishes, main, normalised, workspace
from leadping_nb.workshop.__main__ import main as workshop_main

ROOT = Path(__file__).parent.parent
GUIDED = sorted((ROOT / "notebooks").glob("0*.ipynb"))
CHOSEN = {"sandbox", "url", "credential", "now"}


def cells_of(path):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def code_of(path):
    return [source for kind, source in cells_of(path) if kind == "code"]


def text_of(path):
    return "\n\n".join(source for kind, source in cells_of(path) if kind == "markdown")


def assigned(source):
    return {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def notebook(*cells):
    return {"cells": list(cells), "metadata": {"widgets": {"state": {}}}, "nbformat": 4, "nbformat_minor": 5}


def code_cell(source, *outputs):
    return {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": source,
        "execution_count": 7,
        "outputs": [*outputs],
    }


def stored(tmp_path, *cells):
    path = tmp_path / "some.ipynb"
    path.write_text(notebooks._text_of(normalised(notebook(*cells))), encoding="utf-8")
    return path


guided = pytest.mark.parametrize("path", GUIDED, ids=lambda path: path.stem)


def test_there_are_seven_guided_notebooks():
    assert [path.stem for path in GUIDED] == [
        "00_start_here",
        "01_which_key_is_this",
        "02_follow_the_discovery",
        "03_inspect_a_user_token",
        "04_leads_into_pandas",
        "05_send_a_lead",
        "06_when_things_go_wrong",
    ]


@guided
def test_a_notebook_is_clean(path):
    assert blemishes(path) == []


@guided
def test_a_notebook_says_what_one_will_be_able_to_do_and_in_how_many_minutes(path):
    kind, first = cells_of(path)[0]
    assert kind == "markdown"
    assert first.startswith("# ")
    assert re.search(r"\*\*About (ten|fifteen|twenty) minutes\.\*\*", first)
    assert "you can" in first


@guided
def test_a_notebook_has_its_sections_in_order(path):
    headings = re.findall(r"(?m)^## (.+)$", text_of(path))
    assert headings[0] == "Before you start"
    assert [name for name in headings if name in ("What you saw", "What next")] == ["What you saw", "What next"]
    steps = [name for name in headings if re.match(r"\d\. ", name)]
    assert [int(name[0]) for name in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 4


@guided
def test_text_explains_before_code_runs(path):
    kinds = [kind for kind, _ in cells_of(path)]
    assert all(before == "markdown" for before, kind in pairwise(kinds) if kind == "code")


@guided
def test_every_output_but_that_of_silent_cells_is_stored(path):
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells[0]["outputs"]
    assert sum(bool(cell["outputs"]) for cell in cells) >= len(cells) // 2


@guided
def test_the_first_code_cell_chooses_the_api_and_is_the_same_in_all(path):
    assert code_of(path)[0] == code_of(GUIDED[0])[0]


@guided
def test_no_other_cell_chooses_the_api(path):
    for source in code_of(path)[1:]:
        assert "Sandbox(" not in source
        assert "from_env()" not in source
        assert not assigned(source) & CHOSEN


def test_the_line_for_the_real_api_chooses_all_that_the_line_for_the_sandbox_does():
    [real] = [line[2:] for line in code_of(GUIDED[0])[0].splitlines() if line.startswith("# url")]
    assert assigned(real) == CHOSEN - {"sandbox"}
    assert "https://api.leadping.ai" in real
    assert "Credential.from_env()" in real


@guided
def test_a_notebook_with_cards_leaves_open_what_they_need_after_its_last_cell(path):
    code = "\n".join(code_of(path))
    invited = re.search(r"\blp\.(ask|explorer|\w+Card)\(", f"{code}\n{text_of(path)}")
    assert ".close()" not in code or not invited


@guided
def test_faults_are_made_in_the_sandbox_alone(path):
    whole = "\n".join(code_of(path))
    assert set(re.findall(r"(\w+)\.faults\.on", whole)) <= {"sandbox"}
    assert set(re.findall(r"(\w+)\.clock\.advance", whole)) <= {"sandbox"}


@guided
def test_leads_are_sent_in_one_notebook_and_to_the_sandbox_unless_a_line_of_it_is_changed(path):
    whole = "\n".join(code_of(path))
    sending = re.findall(r"(\w+)\.send_leads?\((?:[^()]|\([^()]*\))*confirm=(\w+)", whole)
    assert set(sending) <= {("api", "confirm"), ("practice", "True")}
    assert bool(sending) == (path.stem == "05_send_a_lead")
    if sending:
        assert "\nconfirm = url == sandbox.url  #" in whole
        assert whole.count("confirm = ") == 1
        assert "practice = lp.connect(sandbox.source_key, base_url=sandbox.url)" in whole


@guided
def test_every_text_that_looks_like_a_credential_is_an_example(path):
    text = path.read_text("utf-8")
    assert not re.search(r"eyJ[\w-]{10,}", text)
    for found in re.findall(r"\b(?:lp|sk|whsec|ghp)_\w{4,}", text):
        assert re.search("example|sandbox|test|exam|src_", found), found


@guided
def test_links_lead_to_notebooks_that_are_there(path):
    links = re.findall(r"\]\(([^)#]+)\)", text_of(path))
    assert links
    assert all((path.parent / link).is_file() for link in links)


def test_the_first_notebook_ends_with_a_glossary_in_order():
    kind, last = cells_of(GUIDED[0])[-1]
    assert kind == "markdown"
    assert last.startswith("## Glossary")
    words = [line.split("|")[1].strip() for line in last.splitlines() if line.startswith("| ")][2:]
    assert words == sorted(words, key=str.lower)
    assert len(words) >= 20
    assert {"E.164", "effect", "finding", "journal", "label", "leeway"} <= set(words)


def test_normalising_leaves_of_a_widget_what_reads_without_a_kernel():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/html": "<p>x</p>", "text/plain": "x"}
    whole = normalised(notebook(code_cell("x", {"output_type": "display_data", "metadata": {}, "data": view})))
    [cell] = whole["cells"]
    assert cell["outputs"][0]["data"] == {"text/html": "<p>x</p>", "text/plain": "x"}
    assert "widgets" not in whole["metadata"]


def test_normalising_joins_what_was_printed_in_pieces():
    pieces = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("one", "\n")]
    other = {"output_type": "stream", "name": "stderr", "text": "two\n"}
    [cell] = normalised(notebook(code_cell("x", *pieces, other)))["cells"]
    assert [(output["name"], output["text"]) for output in cell["outputs"]] == [
        ("stdout", "one\n"),
        ("stderr", "two\n"),
    ]


def test_normalising_drops_ports_labels_and_the_places_of_warnings():
    text = "http://127.0.0.1:40123 · #0f1e2d3c\n/tmp/ipykernel_12/345.py:2: SomeWarning: careful\n"
    printed = {"output_type": "stream", "name": "stdout", "text": text}
    [cell] = normalised(notebook(code_cell("x", printed)))["cells"]
    assert cell["outputs"][0]["text"] == "http://127.0.0.1:PORT · #00000000\nSomeWarning: careful\n"


@pytest.mark.parametrize(
    ("source", "blemish"),
    [
        ("x = 1\n" * 9, None),
        ("x = 1\n" * 10, "cell-01 has ten lines or more."),
        ("if x:\n    def f():\n        pass", "cell-01 defines a function or a class."),
        ("class A:\n    pass", "cell-01 defines a function or a class."),
        ("path = '/Users/somebody'", "It names a folder of one machine."),
        ("path = '/users/me'", None),
    ],
)
def test_a_cell_that_no_notebook_should_have_is_named(tmp_path, source, blemish):
    assert blemishes(stored(tmp_path, code_cell(source))) == ([blemish] if blemish else [])


def test_a_notebook_with_an_error_or_as_an_editor_left_it_is_no_clean_one(tmp_path):
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    path = stored(tmp_path, code_cell("x", error))
    assert blemishes(path) == ["cell-01 holds an error."]
    path.write_text(path.read_text("utf-8").replace('"execution_count": 1', '"execution_count": 7'), encoding="utf-8")
    assert blemishes(path) == ["It is not normalised.", "cell-01 holds an error."]


def test_a_notebook_as_jupyterlab_saves_it_can_be_refreshed(tmp_path):
    path = tmp_path / "mine.ipynb"
    cell = code_cell(
        ["for one in (1, 2):\n", "    print(one)"], {"output_type": "stream", "name": "stdout", "text": ["0\n"]}
    )
    path.write_text(json.dumps(notebook(cell | {"metadata": {"trusted": True}})), encoding="utf-8")
    assert notebooks.main(["refresh", str(path)]) == 0
    [cell] = json.loads(path.read_text("utf-8"))["cells"]
    assert ("".join(cell["outputs"][0]["text"]), cell["execution_count"], cell["metadata"]) == ("1\n2\n", 1, {})


def test_a_wheel_gives_a_copy_of_all_notebooks_and_overwrites_nobodys(tmp_path, monkeypatch):
    package, here = tmp_path / "site" / "leadping_nb", tmp_path / "here"
    for name in ("00_start_here.ipynb", "workshop/one.ipynb"):
        target = package / "data" / "notebooks" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("shipped")
    here.mkdir()
    monkeypatch.setattr(notebooks, "__file__", str(package / "notebooks.py"))
    monkeypatch.setattr(notebooks, "files", lambda name: package)
    folder = workspace(here)
    assert (folder / "workshop" / "one.ipynb").read_text() == "shipped"
    (folder / "00_start_here.ipynb").write_text("mine")
    assert (workspace(here) / "00_start_here.ipynb").read_text() == "mine"


@contextmanager
def ran(path, first):
    """Run the code of a notebook with another first cell; give what it printed or displayed, and its names."""
    shown, names = [], {}
    names |= {"print": lambda *said, **_: shown.append(" ".join(map(str, said))), "display": shown.append}
    try:
        for source in [first, *code_of(path)[1:]]:
            exec(compile(source, path.stem, "exec"), names)  # noqa: S102  # our own notebook
        yield [str(one) for one in shown], names
    finally:
        for name in {"api", "sandbox"} & set(names):
            names[name].close()


def first_cell(*exchanged):
    source = code_of(GUIDED[0])[0]
    for old, new in exchanged:
        assert old in source
        source = source.replace(old, new)
    return source


def test_the_first_notebook_goes_on_with_a_key_which_has_nothing_to_inspect():
    with ran(GUIDED[0], first_cell(("sandbox.user_token", "sandbox.business_key"))) as (shown, names):
        assert "There is nothing to inspect: a business key has no claims." in shown
        assert len(names["leads"]) == 5_000


def test_the_first_notebook_says_what_is_for_a_source_key():
    before = text_of(GUIDED[0]).partition("## 1.")[0]
    assert "A source key reads nothing" in before
    assert "05_send_a_lead.ipynb" in before


@pytest.mark.parametrize("leads", [0, 1, 20_000])
def test_the_notebook_about_pandas_says_nothing_false_of_few_leads_or_many(leads):
    with ran(GUIDED[4], first_cell(("Sandbox(", f"Sandbox(leads={leads}, "))) as (shown, names):
        assert any("in all" in one for one in shown) == (leads <= 5_000)
        assert any("nothing to compare" in one for one in shown) == (leads <= 1)
        assert len(names["since"]) == (names["usage"]["createdAt"] >= names["leads"]["createdAt"].min()).sum()
        assert (len(names["since"]) < len(names["usage"])) == (leads > 5_000)


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Be in an empty folder, with the package installed and no checkout around it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("leadping_nb.notebooks.__file__", str(tmp_path / "site-packages" / "leadping_nb" / "x.py"))
    return tmp_path


@pytest.mark.parametrize("command", [["check"], ["refresh"]], ids=" ".join)
def test_a_check_where_no_notebooks_are_says_so_and_creates_nothing(installed, command, capsys):
    assert main(command) == 1
    assert capsys.readouterr().err.startswith("There are no notebooks here. leadping-nb lab copies them")
    assert [*installed.iterdir()] == []


@pytest.mark.parametrize("command", ["check", "build"])
def test_the_workshops_notebooks_are_not_made_where_none_are(installed, command, capsys):
    assert workshop_main([command]) == 1
    assert "There are no notebooks here." in capsys.readouterr().err
    assert [*installed.iterdir()] == []


def test_a_copy_that_was_made_before_is_checked(installed, capsys):
    copy = installed / "leadping-notebooks"
    copy.mkdir()
    shutil.copy(ROOT / "notebooks" / "00_start_here.ipynb", copy)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "00_start_here.ipynb: clean\n"


@pytest.mark.parametrize("command", ["check", "refresh"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.ipynb", None),
        ("folder", ()),
        ("bytes.ipynb", b"\xff\xfebad"),
        ("text.ipynb", b"no JSON"),
        ("list.ipynb", b"[1, 2]"),
        ("cells.ipynb", b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'),
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(tmp_path, name, content, command, capsys):
    path = tmp_path / name
    if content == ():
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    assert main([command, str(path)]) == 1
    said = capsys.readouterr().err
    assert name in said
    assert "Name files of notebooks" in said
    assert said.count("\n") == 1
    assert content in (None, ()) or path.read_bytes() == content


def test_notebooks_that_cannot_be_copied_are_an_error_with_a_hint(installed, monkeypatch):
    def denied(path, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(LeadpingError, match=r"cannot be copied to .* Permission denied. Run it again in a folder"):
        workspace()
