"""The other doors to a notebook on disk: uploads in pieces, renaming, restoring and copying, in Jupyter's managers."""

import asyncio
import base64
import json
import os
import re
import subprocess
import sys

import httpx
import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager
from tornado.web import HTTPError
from traitlets.config import Config

from leadping_nb import save_guard
from leadping_nb.leaks.matches import digest
from leadping_nb.save_guard.replaced import Replaced

KEY = "lp_src_test0123example456789XYZ"


def notebook(source):
    cell = {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "source": source, "outputs": []}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Server:
    def __init__(self, root, manager, mode):
        self.root = root
        app = ServerApp(config=Config({"SaveGuard": {"mode": mode}}))
        app.contents_manager = self.contents = manager(root_dir=str(root), delete_to_trash=False)
        save_guard._load_jupyter_server_extension(app)

    def does(self, method, *args):
        async def awaited(made):
            return await made

        made = getattr(self.contents, method)(*args)
        return asyncio.run(awaited(made)) if asyncio.iscoroutine(made) else made

    def refuses(self, method, *args):
        with pytest.raises(HTTPError) as caught:
            self.does(method, *args)
        assert KEY not in caught.value.log_message
        return caught.value.log_message

    def upload(self, path, *pieces, encode=True):
        for number, piece in enumerate(pieces, 1):
            content = base64.b64encode(piece.encode()).decode() if encode else piece
            form = "base64" if encode else "text"
            chunk = -1 if number == len(pieces) else number
            yield {"type": "file", "format": form, "content": content, "chunk": chunk}, path

    def holds_the_key(self):
        return [path.name for path in self.root.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


@pytest.fixture(params=[LargeFileManager, AsyncLargeFileManager])
def serve(request, tmp_path):
    return lambda mode="refuse": Server(tmp_path, request.param, mode)


# -- uploads in pieces -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encode", [True, False])
def test_an_upload_in_pieces_is_refused_at_the_piece_with_the_key_and_nothing_is_kept(serve, encode):
    server = serve()
    text = json.dumps(notebook(f"key = '{KEY}'"))
    first, *others = server.upload("a.ipynb", text[:20], text[20:-9], text[-9:], encode=encode)
    server.does("save", *first)
    message = server.refuses("save", *others[0])
    assert message.startswith(f"Not uploaded: a.ipynb holds a secret, a source key (#{digest(KEY)}")
    assert "then upload it again. Nothing of it was kept." in message
    assert not (server.root / "a.ipynb").exists()


@pytest.mark.parametrize("old", ["old", f"old, and itself with {KEY}", "", "long " * 500_000])
@pytest.mark.parametrize("at", [30, -9])  # the key is in the last piece, or in the one before it
def test_a_refused_upload_puts_back_the_notebook_that_it_was_to_replace(serve, old, at):
    server = serve()
    (server.root / "a.ipynb").write_text(old)
    text = json.dumps(notebook(f"key = '{KEY}'"))
    for _ in range(2):
        first, second, last = server.upload("a.ipynb", text[:20], text[20:at], text[at:])
        taken, refused = ((first, second), last) if KEY in text[at:] else ((first,), second)
        for piece in taken:
            server.does("save", *piece)
        assert "what was there before is there again" in server.refuses("save", *refused)
        assert (server.root / "a.ipynb").read_text() == old


def test_a_piece_whose_upload_began_elsewhere_is_not_added_and_leaves_the_notebook_alone(serve):
    server = serve()
    (server.root / "a.ipynb").write_text("old")
    _, _, last = server.upload("a.ipynb", "{", "}", f'"{KEY}"')
    assert "This piece was not added" in server.refuses("save", *last)
    assert (server.root / "a.ipynb").read_text() == "old"


def test_what_an_upload_replaced_is_forgotten_once_it_is_there(serve):
    server = serve()
    (server.root / "a.ipynb").write_text("old")
    for piece in server.upload("a.ipynb", "{", "}"):
        server.does("save", *piece)
    _, last = server.upload("a.ipynb", "", f'"{KEY}"')
    assert "This piece was not added" in server.refuses("save", *last)
    assert (server.root / "a.ipynb").read_text() == "{}"


def test_of_uploads_that_were_given_up_only_the_latest_are_thought_of(monkeypatch):
    monkeypatch.setattr("leadping_nb.save_guard.replaced._MOST", 2)
    replaced = Replaced()
    for name in ("a", "b", "a", "c"):
        replaced.keep(name, name.encode())
    assert "b" not in replaced
    assert [replaced.take(name) for name in "ac"] == [b"a", b"c"]


def test_the_first_piece_is_refused_before_it_takes_the_place_of_a_file(serve):
    server = serve()
    (server.root / "a.ipynb").write_text("old")
    first, _ = server.upload("a.ipynb", json.dumps(notebook(KEY)), " ")
    assert "Not uploaded" in server.refuses("save", *first)
    assert (server.root / "a.ipynb").read_text() == "old"


@pytest.mark.parametrize("at", [1, 9, 30])  # at 30 there is a key before the cut, but not this one
def test_a_key_that_is_cut_by_two_pieces_is_seen_at_the_last_one_with_its_cell(serve, at):
    server = serve()
    text = json.dumps(notebook(f"key = '{KEY}'"))
    cut = text.index(KEY) + at
    first, second, last = server.upload("a.ipynb", text[: cut - 30], text[cut - 30 : cut], text[cut:])
    server.does("save", *first)
    server.does("save", *second)
    message = server.refuses("save", *last)
    assert "in cell 1 (source, line 1)" in message
    assert "Take it out of the text of cell 1" in message
    assert server.holds_the_key() == []


def test_a_clean_upload_in_pieces_arrives_whole_and_other_files_are_not_looked_at(serve):
    server = serve()
    text = json.dumps(notebook("'clean'"))
    for piece in (*server.upload("a.ipynb", text[:40], text[40:80], text[80:]), *server.upload("a.txt", "x", f"{KEY}")):
        server.does("save", *piece)
    assert (server.root / "a.ipynb").read_text() == text
    assert server.holds_the_key() == ["a.txt"]


def test_a_piece_that_is_no_base64_is_refused(serve):
    server = serve()
    first, _ = server.upload("a.ipynb", "{", "}")
    server.does("save", *first)
    broken = {"type": "file", "format": "base64", "content": "é", "chunk": -1}
    assert "an error of its own (ValueError)" in server.refuses("save", broken, "a.ipynb")


# -- names -------------------------------------------------------------------------------------------------------------


def test_a_text_with_a_key_cannot_be_renamed_to_a_notebook(serve):
    server = serve()
    (server.root / "a.txt").write_text(json.dumps(notebook(KEY)))
    message = server.refuses("update", {"path": "b.ipynb"}, "a.txt")
    assert message.startswith("Not renamed: b.ipynb holds a secret, a source key")
    assert "in cell 1 (source, line 1)" in message
    assert server.holds_the_key() == ["a.txt"]
    (server.root / "a.txt").write_text(json.dumps(notebook("'clean'")))
    assert server.does("update", {"path": "b.ipynb"}, "a.txt")["path"] == "b.ipynb"


def test_other_names_are_changed_as_ever(serve):
    server = serve()
    (server.root / "a.txt").write_text(KEY)
    (server.root / "old.ipynb").write_text(json.dumps(notebook(KEY)))
    (server.root / "folder").mkdir()
    for old, new in (("a.txt", "b.txt"), ("old.ipynb", "new.ipynb"), ("folder", "folder.ipynb")):
        assert server.does("update", {"path": new}, old)["path"] == new
    assert "does not exist" in server.refuses("update", {"path": "b.ipynb"}, "missing.txt")


# -- checkpoints and copies --------------------------------------------------------------------------------------------


def test_a_checkpoint_with_a_key_is_not_restored(serve):
    server = serve("off")
    server.does("save", {"type": "notebook", "content": notebook(KEY)}, "a.ipynb")
    server.does("create_checkpoint", "a.ipynb")
    server = serve()
    server.does("save", {"type": "notebook", "content": notebook("'clean'")}, "a.ipynb")
    message = server.refuses("restore_checkpoint", "checkpoint", "a.ipynb")
    assert message.startswith("Not restored: the checkpoint of a.ipynb holds a secret, a source key")
    assert "'clean'" in (server.root / "a.ipynb").read_text()
    server.does("create_checkpoint", "a.ipynb")
    server.does("restore_checkpoint", "checkpoint", "a.ipynb")


@pytest.mark.parametrize("name", ["a.ipynb", "a.txt"])
def test_a_copy_of_a_notebook_with_a_key_is_refused(serve, name):
    server = serve()
    (server.root / name).write_text(json.dumps(notebook(KEY)))
    assert server.refuses("copy", name, "b.ipynb").startswith("Not saved: b.ipynb holds a secret")
    assert server.holds_the_key() == [name]


def test_a_file_that_hides_a_key_from_the_parser_is_refused(serve):
    model = {"type": "file", "format": "text", "content": f'{{"a": "{KEY}", "a": ""}}'}
    assert "a source key" in serve().refuses("save", model, "a.ipynb")


# -- warning, switched off, an error -----------------------------------------------------------------------------------


def test_warn_only_lets_every_door_open_and_warns(serve, capsys):
    server = serve("warn")
    (server.root / "a.txt").write_text(json.dumps(notebook(KEY)))
    text = json.dumps(notebook(KEY))
    server.does("update", {"path": "b.ipynb"}, "a.txt")
    for piece in server.upload("c.ipynb", text[:9], text[9:]):
        server.does("save", *piece)
    server.does("create_checkpoint", "b.ipynb")
    server.does("restore_checkpoint", "checkpoint", "b.ipynb")
    log = capsys.readouterr().err
    for done in ("Renamed", "Uploaded", "Restored"):
        assert f"{done} all the same: " in log
    assert (server.root / "c.ipynb").read_text() == text
    assert KEY not in log


def test_an_error_of_the_guard_itself_shuts_every_door(serve, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError(KEY)

    server = serve()
    (server.root / "a.txt").write_text("{}")
    monkeypatch.setattr("leadping_nb.save_guard.guard.leaks_in_bytes", broken)
    assert "could not look for credentials in b.ipynb" in server.refuses("update", {"path": "b.ipynb"}, "a.txt")
    [_, piece] = server.upload("c.ipynb", "{", "}")
    assert "an error of its own (RuntimeError)" in server.refuses("save", *piece)


# -- over HTTP ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def running(tmp_path):
    options = ("--no-browser", "--port=0", "--IdentityProvider.token=test", "--ServerApp.allow_root=True")
    environment = os.environ | {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    (tmp_path / "root").mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *options], cwd=tmp_path / "root", env=environment, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))

        def ask(method, path, body=None):
            headers = {"Authorization": "token test"}
            answer = httpx.request(method, f"{address}/api/contents/{path}", json=body, headers=headers, timeout=30)
            return answer.status_code, answer.json().get("message") if answer.content else None

        yield ask
        process.terminate()


def test_over_http_each_door_refuses_with_the_cell_and_how_to_mend_it(running, tmp_path):
    root, text = tmp_path / "root", json.dumps(notebook(f"key = '{KEY}'"))
    (root / "a.txt").write_text(text)
    pieces = [{"type": "file", "format": "text", "content": text[at:][:50], "chunk": at // 50 + 1} for at in (0, 50)]
    last = {"type": "file", "format": "text", "content": text[100:], "chunk": -1}
    assert KEY not in text[:100]
    assert [running("PUT", "b.ipynb", piece)[0] for piece in pieces] == [201, 200]
    answers = {
        "Not saved": running("PUT", "c.ipynb", {"type": "notebook", "content": notebook(KEY)}),
        "Not uploaded": running("PUT", "b.ipynb", last),
        "Not renamed": running("PATCH", "a.txt", {"path": "d.ipynb"}),
    }
    for begins, (status, message) in answers.items():
        assert status == 400
        assert message.startswith(f"{begins}: ")
        assert "in cell 1 (source, line 1)" in message
        assert "Take it out of the text of cell 1" in message
        assert KEY not in message
    assert [path.name for path in root.rglob("*") if path.is_file() and KEY in path.read_text()] == ["a.txt"]
    assert not (root / "b.ipynb").exists()
    assert running("PUT", "c.ipynb", {"type": "notebook", "content": notebook("'clean'")})[0] == 201
    assert running("POST", "", {"copy_from": "c.ipynb"})[0] == 201
    assert running("POST", "c.ipynb/checkpoints/checkpoint")[0] == 204
