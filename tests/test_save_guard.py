"""The save guard, as a function of what is saved and within Jupyter's own contents managers."""

import asyncio
import base64
import hashlib
import io
import json
import logging
import re
import subprocess
import sys

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager
from tornado.web import HTTPError
from traitlets.config import Config

from leadping_nb import save_guard
from leadping_nb.leaks.matches import digest
from leadping_nb.leaks.memory import Memory
from leadping_nb.leaks.notebook import leaks_of_pieces
from leadping_nb.save_guard import SaveGuard
from leadping_nb.save_guard.outputs import CleanOutputs

KEY = "lp_src_test0123example456789XYZ"
OTHER = "lp_test0123example456789XYZabc"
TOKEN = "whsec_test0123example456789XYZabc"


class Folder:
    def __init__(self, root_dir=None):
        self.root_dir = root_dir


def code(source, *outputs):
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def stdout(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def saved(content, *, mode="refuse", path="work/leads.ipynb", root=None, **model):
    model = {"type": "notebook", "content": content} | model
    SaveGuard(mode=mode).look(model=model, path=path, contents_manager=Folder(root))


def refusal(content, **how):
    with pytest.raises(HTTPError) as caught:
        saved(content, **how)
    return caught.value


# -- refusing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place", "mending"),
    [
        (notebook(code("1"), code(f"key = '{KEY}'")), "cell 2 (source, line 1)", "out of the text of cell 2"),
        (notebook(code("print(key)", stdout(f"a\n{KEY}\n"))), "cell 1 (output 1, stdout, line 2)", "outputs of cell 1"),
        (notebook(code("1"), widgets={"state": {"a": KEY}}), "widget state", "Restart the kernel"),
        (notebook(code("1"), papermill={"parameters": {"key": KEY}}), "papermill parameters", "parameters"),
        (notebook(code("1") | {"metadata": {"note": KEY}}), "cell 1 (cell metadata", "metadata of cell 1"),
        (notebook(code("1"), note=KEY), "notebook metadata", "the notebook's metadata"),
        (
            notebook({"cell_type": "markdown", "source": "a", "attachments": {"a": {"text/plain": KEY}}}),
            "cell 1 (attachment",
            "attachment out of cell 1",
        ),
    ],
)
def test_a_refusal_says_where_and_how_to_mend_it_and_never_what(content, place, mending):
    refused = refusal(content)
    assert refused.status_code == 400
    assert refused.log_message.startswith(f"Not saved: work/leads.ipynb holds a secret, a source key (#{digest(KEY)}")
    assert place in refused.log_message
    assert mending in refused.log_message
    assert "Give the source a new key" in refused.log_message
    assert KEY not in refused.log_message
    assert KEY[8:] not in refused.log_message


def test_a_refusal_says_that_it_may_be_a_hash():
    text = f"lp_{hashlib.sha1(b'test').hexdigest()}"  # noqa: S324  # it keeps nothing safe
    assert f"a business key (#{digest(text)}, may be a hash) in cell 1" in refusal(notebook(code(text))).log_message


def test_three_of_many_are_named():
    refused = refusal(notebook(*(code(f"'{KEY}{number}'") for number in range(5))))
    assert "5 secrets" in refused.log_message
    assert "2 more" in refused.log_message
    assert "cell 3" in refused.log_message
    assert "cell 4" not in refused.log_message


def test_every_kind_brings_its_own_way_to_end_it():
    message = refusal(notebook(code(OTHER), code(TOKEN))).log_message
    assert "a business key" in message
    assert "a webhook secret" in message
    assert "revoke this one there" in message
    assert "new signing secret" in message


def test_the_words_are_no_format_for_tornado_s_log():
    assert refusal(notebook(code(KEY)), path="100%s.ipynb").log_message % () == (
        refusal(notebook(code(KEY)), path="100%s.ipynb").log_message.replace("%%", "%")
    )


@pytest.mark.parametrize(
    "text", ["lp_example", "lp_src_example", "lp_src_sandbox_0123456789abcdefghij", "lp_solve_5.5.2", "x" * 200]
)
def test_what_is_no_secret_is_saved(text):
    saved(notebook(code(text, stdout(text))))


def test_folders_and_other_files_are_not_looked_at():
    saved(None, type="directory")
    saved(f"LEADPING_SOURCE_KEY={KEY}", type="file", format="text", path=".env")


def test_an_uploaded_notebook_is_one():
    text = json.dumps(notebook(code(KEY)))
    assert "cell 1" in refusal(text, type="file", format="text").log_message
    encoded = base64.b64encode(text.encode()).decode()
    assert "cell 1" in refusal(encoded, type="file", format="base64").log_message
    assert "Not uploaded: " in refusal(encoded, type="file", format="base64").log_message
    assert "then upload it again" in refusal(encoded, type="file", format="base64").log_message
    assert "holds a secret" in refusal(f"not JSON {KEY}", type="file", format="text").log_message


def test_the_allow_list_of_the_root_holds(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / ".leadping-leaks-allow").write_text(f"{digest(KEY)}  # made up for a lesson\n")
    saved(notebook(code(KEY)), root=str(tmp_path))
    assert "business key" in refusal(notebook(code(KEY), code(OTHER)), root=str(tmp_path)).log_message


def test_a_broken_allow_list_refuses_and_says_which_line(tmp_path):
    (tmp_path / ".leadping-leaks-allow").write_text("everything\n")
    message = refusal(notebook(code(KEY)), root=str(tmp_path)).log_message
    assert message.startswith("Not saved: work/leads.ipynb holds what looks like a secret, and what is allowed cannot ")
    assert f"Line 1 of the allow-list {tmp_path / '.leadping-leaks-allow'} is no hash with a reason." in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_line_of_a_refusal_allows_it_as_powershell_writes_it_too(tmp_path, encoding):
    content = notebook(code(KEY), code(OTHER))
    lines = re.findall(r"`([0-9a-f]{12} .*?)`", refusal(content, root=str(tmp_path)).log_message)
    (tmp_path / ".leadping-leaks-allow").write_text("\n".join(lines), encoding=encoding)
    saved(content, root=str(tmp_path))


def test_an_allow_list_that_is_no_text_is_no_error_of_the_guard(tmp_path):
    (tmp_path / ".leadping-leaks-allow").write_text(f"{digest(KEY)}  # why", encoding="utf-16-le")
    refused = refusal(notebook(code(KEY)), root=str(tmp_path))
    assert refused.status_code == 400
    assert f"{tmp_path / '.leadping-leaks-allow'} cannot be read: it is no text. Save it as UTF-8." in (
        refused.log_message
    )
    assert "mode=warn" not in refused.log_message


def test_what_was_clean_at_the_last_save_is_not_searched_again_and_what_changed_is(monkeypatch):
    searched = []
    judge = SaveGuard()
    monkeypatch.setattr("leadping_nb.leaks.notebook.matches_in", lambda text, _: searched.append(text) or [])
    lines = ["lp_leads_by_week\n" * 100, "a clean line\n" * 100, "another one\n" * 100]

    def look():
        judge.look(
            model={"type": "notebook", "content": notebook(*map(code, lines))}, path="a.ipynb", contents_manager=None
        )
        seen = [number for number, line in enumerate(lines) if any(line in text for text in searched)]
        searched.clear()
        return seen

    assert look() == [0, 1, 2]
    assert look() == []
    lines[1] = lines[1].replace("clean", "new")
    assert look() == [1]


def test_a_key_in_a_notebook_that_was_clean_is_refused_at_every_save():
    judge = SaveGuard()
    clean = code("lp_leads_by_week\n" * 100)
    judge.look(model={"type": "notebook", "content": notebook(clean)}, path="a.ipynb", contents_manager=None)
    content = notebook(clean, code("a clean line\n" * 100 + KEY))
    for _ in range(2):
        with pytest.raises(HTTPError, match="in cell 2"):
            judge.look(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)


def shown(mime, value, **output):
    return {"output_type": "display_data", "metadata": {}, "data": {mime: value}} | output


def test_charts_and_widgets_that_did_not_change_are_not_walked_through_again(monkeypatch):
    walked, judge, whole = [], SaveGuard(), leaks_of_pieces

    def look(*outputs, **widgets):
        content = notebook(code("1", *outputs), **widgets)
        judge.look(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)
        return walked.pop()

    def watched(content, **options):
        values = [value for output in content["cells"][0]["outputs"] for value in output["data"].values()]
        walked.append([value is not None for value in (*values, content["metadata"].get("widgets"))])
        return whole(content, **options)

    monkeypatch.setattr("leadping_nb.save_guard.guard.leaks_of_pieces", watched)
    charts = [shown("application/json", [{"lead": {"lp_id": i + at}} for i in range(500)]) for at in range(2)]
    state = {"state": {str(i): {"text": "lp_leads"} for i in range(500)}}
    assert look(*charts, widgets=state) == [True, True, True]
    assert look(*charts, widgets=state) == [False, False, False]
    charts[1]["data"]["application/json"][499]["lead"]["id"] = 7
    assert look(*charts, widgets=state) == [False, True, False]
    assert look(shown("text/plain", "a text" * 500), widgets={"state": {}}) == [True, True]
    assert look(shown("text/plain", "a text" * 500), widgets={"state": {}}) == [True, True]  # others see to texts


def test_a_key_in_a_chart_that_was_clean_is_refused_with_its_place_at_every_save():
    judge = SaveGuard()
    rows = [{"lead": {"id": number}} for number in range(1000)]
    content = notebook(code("1"), code("2", shown("application/json", rows), shown("application/json", [*rows])))
    model = {"type": "notebook", "content": content}
    judge.look(model=model, path="a.ipynb", contents_manager=None)
    content["cells"][1]["outputs"][1]["data"]["application/json"][7] = {"note": KEY}
    for _ in range(2):
        with pytest.raises(HTTPError, match=r"in cell 2 \(output 2, application/json"):
            judge.look(model=model, path="a.ipynb", contents_manager=None)


WORDS = ["word"] * 500
IN_BASE64 = base64.b64encode(f"{'word ' * 500}{KEY}".encode()).decode()


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (
            {"application/json": [*WORDS, KEY[:9], KEY[9:]]},  # a list of texts
            {"text/html": [*WORDS, KEY[:9], KEY[9:]]},  # lines of one
        ),
        ({"data": [*IN_BASE64]}, {"data": [*IN_BASE64], "encoding": "base64"}),
    ],
)
def test_what_was_clean_as_one_thing_is_looked_at_again_as_another(was, is_now):
    judge = SaveGuard()

    def look(data):
        content = notebook(code("1", {"output_type": "display_data", "metadata": {}, "data": data}))
        judge.look(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)

    look(was)
    with pytest.raises(HTTPError, match="in cell 1"):
        look(is_now)


MANY = list(range(2000))


@pytest.mark.parametrize(
    "value",
    [
        {"values": MANY, "note": KEY},
        {"values": MANY, KEY: 1},
        {"values": MANY, "a": {"b": [[1, {"c": f"Bearer {TOKEN}"}]]}},
        {"values": MANY, "source": ["l", "p_", *KEY[3:]]},
        {"values": MANY, "data": base64.b64encode(KEY.encode()).decode(), "encoding": "base64"},
        {"values": MANY, "attachments": {"a": {"text/plain": base64.b64encode(KEY.encode()).decode()}}},
        (*MANY, {"a": (KEY,)}),
    ],
)
def test_a_secret_in_a_large_value_is_refused_wherever_it_stands(value):
    assert refusal(notebook(code("1", shown("application/json", value)))).status_code == 400


def test_a_chart_without_anything_that_begins_like_a_secret_needs_no_search():
    points = [{"x": number, "y": number / 7, "name": f"lead {number}", "at": None} for number in range(2000)]
    spec = {"data": {"values": points}, "mark": "point", "encoding": {"x": {"field": "x"}}}
    rest, marks = CleanOutputs().others(notebook(code("1", shown("application/vnd.vegalite.v5+json", spec))))
    assert rest["cells"][0]["outputs"][0]["data"] == {"application/vnd.vegalite.v5+json": None}
    assert marks == []


@pytest.mark.parametrize("odd", ["\ud800", 1 << 70])
def test_what_cannot_be_packed_is_searched_at_every_save(odd):
    judge = SaveGuard()
    content = notebook(code("1", shown("application/json", [odd, *range(2000)])))
    judge.look(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)
    content["cells"][0]["outputs"][0]["data"]["application/json"].append(KEY)
    with pytest.raises(HTTPError, match="in cell 1"):
        judge.look(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)


def test_the_memory_of_clean_outputs_is_bounded_and_holds_no_text(monkeypatch):
    monkeypatch.setattr("leadping_nb.save_guard.outputs._MOST", 2)
    clean = CleanOutputs()
    books = [notebook(code("1", shown("application/json", ["lp_leads", number, *range(2000)]))) for number in range(3)]
    for book in books:
        clean.add(clean.others(book)[1])
    assert [len(clean.others(book)[1]) for book in books] == [1, 0, 0]
    assert {len(mark) for mark in clean._marks} == {32}


def test_the_memory_of_what_was_clean_is_bounded_and_holds_no_text(monkeypatch):
    monkeypatch.setattr("leadping_nb.leaks.memory._MOST", 3)
    memory, texts = Memory(), [f"a clean line {number}" * 100 for number in range(5)]
    for text in texts:
        memory.add(text)
    assert [memory.has(text) for text in texts] == [False, False, True, True, True]
    assert {len(digest) for digest in memory._digests} == {32}


# -- failing closed, warning, switched off ---------------------------------------------------------------------------


def test_an_error_of_the_guard_itself_refuses_with_its_reason(monkeypatch):
    def broken(notebook, **options):
        raise RuntimeError(KEY)

    monkeypatch.setattr("leadping_nb.save_guard.guard.leaks_of_pieces", broken)
    refused = refusal(notebook(code("1")))
    assert refused.status_code == 500
    assert "an error of its own (RuntimeError)" in refused.log_message
    assert "--SaveGuard.mode=warn" in refused.log_message
    assert KEY not in refused.log_message


@pytest.mark.parametrize("content", [None, 7, [], "text", {"cells": 3}, {"cells": [None, ["a"]]}, {}])
def test_odd_content_without_a_secret_is_none_of_its_business(content):
    saved(content)


@pytest.mark.parametrize("content", [KEY, [KEY], {"cells": KEY}, {"cells": [None, [KEY]]}, {KEY: 1}])
def test_odd_content_with_one_is_refused(content):
    assert refusal(content).status_code == 400


def test_warn_only_saves_and_warns_without_the_secret(caplog):
    with caplog.at_level(logging.WARNING):
        saved(notebook(code(KEY)), mode="warn")
    assert "Saved all the same: work/leads.ipynb holds a secret, a source key" in caplog.text
    assert "Take it out of the text of cell 1" in caplog.text
    assert "Give the source a new key" in caplog.text
    assert "Nothing was written" not in caplog.text
    assert "save again" not in caplog.text
    assert KEY not in caplog.text


def test_warnings_go_to_the_log_of_the_server_with_its_time_and_level():
    app, written = ServerApp(config=Config({"SaveGuard": {"mode": "warn"}})), io.StringIO()
    app.log.handlers[0].setStream(written)
    model = {"type": "notebook", "content": notebook(code(KEY))}
    SaveGuard(parent=app).look(model=model, path="a.ipynb", contents_manager=None)
    assert re.match(r"\[W .*\d:\d.* ServerApp\] Saved all the same: a\.ipynb holds a secret", written.getvalue())


def test_off_is_off(caplog):
    saved(notebook(code(KEY)), mode="off")
    assert caplog.text == ""


# -- in Jupyter's server ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manager", [LargeFileManager, AsyncLargeFileManager])
def test_a_contents_manager_leaves_the_file_as_it_was(tmp_path, manager):
    contents = manager(root_dir=str(tmp_path))
    contents.register_pre_save_hook(SaveGuard().look)
    model = {"type": "notebook", "content": nbformat.from_dict(notebook(code("1") | {"id": "a", "execution_count": 1}))}

    def save():
        made = contents.save(dict(model), "a.ipynb")
        return asyncio.run(made) if asyncio.iscoroutine(made) else made

    save()
    before = (tmp_path / "a.ipynb").read_bytes()
    model["content"].cells[0].source = f"'{KEY}'"
    with pytest.raises(HTTPError, match="holds a secret"):
        save()
    assert (tmp_path / "a.ipynb").read_bytes() == before
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    model["content"].cells[0].source = "'clean'"
    save()
    assert b"clean" in (tmp_path / "a.ipynb").read_bytes()


def test_the_server_s_configuration_sets_the_mode(tmp_path):
    app = ServerApp(config=Config({"SaveGuard": {"mode": "warn"}}))
    app.contents_manager = LargeFileManager(root_dir=str(tmp_path))
    save_guard._load_jupyter_server_extension(app)
    app.contents_manager.run_pre_save_hooks({"type": "notebook", "content": notebook(code(KEY))}, "a.ipynb")
    [hook] = app.contents_manager._pre_save_hooks
    assert hook.__self__.mode == "warn"


def test_installing_the_package_switches_the_guard_on():
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"], capture_output=True, text=True, check=True
    )
    words = listed.stdout + listed.stderr
    assert "leadping_nb.save_guard" in words
    assert "OK" in words.partition("Validating leadping_nb.save_guard")[2].split("Validating")[0]


def test_the_server_loads_nothing_heavy_for_it():
    heavy = "('pandas', 'pyarrow', 'numpy', 'httpx', 'jwt', 'ipywidgets')"
    program = f"import leadping_nb.save_guard, sys; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
