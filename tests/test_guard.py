"""The output guard keeps held credentials out of what a notebook shows and stores, and changes nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import logging.handlers
import os
import pickle
import re
import subprocess
import sys
import textwrap
import urllib.parse
from collections import Counter
from threading import Lock
from types import SimpleNamespace
from unittest.mock import Mock

import IPython
import nbclient
import nbformat
import pandas as pd
import pytest
from cards import send
from hypothesis import given, strategies as st
from IPython.core.magics import history as magics
from jupyter_client.session import Session
from rich.console import Console

import leadping_nb as lp
from leadping_nb.disguises import disguises
from leadping_nb.guard import switch
from leadping_nb.guard.echo import Echo
from leadping_nb.guard.logs import Logs
from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.patch import Patch
from leadping_nb.guard.seam import Seam
from leadping_nb.guard.self_test import guard_self_test
from leadping_nb.guard.sieve import LONG, Sieve
from leadping_nb.guard.ways import WAYS
from leadping_nb.held import held

KEY = "lp_src_test_0123456789abcdefGHIJ"
OTHER_KEY = "lp_test_9876543210zyxwvuTSRQ"
TOKEN = (  # kid "example", iss https://test.example
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImV4YW1wbGUifQ.eyJpc3MiOiJodHRwczovL3Rlc3QuZXhhbXBsZSJ9."
    + hashlib.shake_256(b"test").hexdigest(128)
)
MASKS = Masks({lp.Secret(KEY): "source key · #test"})


# -- every way out -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tried():
    """What the self-test found and printed."""
    printed = []
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves descriptors alone where it sees that
        patch.setattr(sys, "stdout", SimpleNamespace(write=printed.append))
        test = guard_self_test()
    return test, "".join(printed)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_key_comes_out_without_the_guard_and_not_with_it(tried, way):
    rows = {row[0]: row[1:] for row in tried[0].table.rows}
    assert rows[way.name] == ("shown", "kept out")


def test_the_self_test_prints_what_it_caught_and_says_whether_all(tried):
    test, printed = tried
    assert test.ok
    assert printed == f"{test.table.text()}\n"
    assert [*test.frame.columns] == ["way out", "without the guard", "with it"]
    assert repr(test) == f"<guard self-test: {len(WAYS)} of {len(WAYS)} ways kept the key out>"


def test_a_self_test_is_not_ok_when_one_way_shows_the_key(tried):
    table = tried[0].table
    broken = lp.GuardTest(type(table)(table.columns, (*table.rows, ("a new way", "shown", "shown"))))
    assert not broken.ok
    assert "shown" in broken._repr_html_()


# -- notebooks ---------------------------------------------------------------------------------------------------------

CELLS = {
    "before": "import ipywidgets, os, sys\nimport leadping_nb as lp\nkey = os.environ['LEADPING_SOURCE_KEY']\nkey",
    "recognised": "print(key)\n_ = lp.Credential.from_env()\nprint(key)\ndisplay({'text/html': key}, raw=True)",
    "again": "print(key)\nkey",
    "order": (
        "print(key[:12], end='', flush=True)\nprint('beside', file=sys.stderr, flush=True)\n"
        "print(key[12:], flush=True)\nprint('lp_src', end='')\n"
        "display({'text/plain': 'between'}, raw=True)\nprint('_not', end='', flush=True)"
    ),
    "letters": "for letter in key:\n    print(letter, end='', flush=True)",
    "an end": "print('almost', key[:19], end='')",
    "after the end": "print(key[19:31])",
    "cut": "print(key[:-1], end='')\nprint(f'…{key[-25:]}…', key[:25], f'a{key}b')",
    "a fork": (
        "print(key[:12], end='', flush=True)\nchild = os.fork()\nif not child:\n    print('in the child', flush=True)\n"
        "    os._exit(0)\n_ = os.waitpid(child, 0)"
    ),
    "widget": "out = ipywidgets.Output()\nwith out:\n    print(key)\nother = ipywidgets.Output()\n"
    "other.append_stdout(key)\ndisplay(out, other)",
    "a token": (
        "%xmode Verbose\ntoken = os.environ['TEST_TOKEN']\n"
        "def call(authorization):\n    raise ValueError('no')\n_ = lp.Credential.from_text(token)\ncall(token)"
    ),
    "whole": "print(token)\n%env LEADPING_SOURCE_KEY",
}


def run(cells, **environment):
    """Run cells as nbclient does by itself, with the state of widgets; give the notebook."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=60)
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}  # as above
    client.execute(env={**inherited, "PYTHONWARNINGS": "ignore", **environment})
    return notebook


@pytest.fixture(scope="module")
def notebook():
    """Cells of which the second makes a credential of what is in the environment."""
    return run(CELLS.values(), LEADPING_SOURCE_KEY=KEY, TEST_TOKEN=TOKEN)


def outputs(notebook, name):
    return notebook.cells[[*CELLS].index(name)].outputs


def plain(outputs):
    """Outputs as JSON values, with labels as they are in every process, and streams joined as JupyterLab does it."""
    joined = []
    for one in outputs:
        if joined and one.output_type == "stream" == joined[-1]["output_type"] and one.name == joined[-1]["name"]:
            joined[-1]["text"] += one.text
        else:
            joined.append(dict(one))
    return json.loads(re.sub("‹(\\w+ \\w+) · #[0-9a-f]{8}›", r"‹\1›", json.dumps(joined, ensure_ascii=False)))


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def shows(value, secret):
    text = json.dumps(value)
    return any(form in text for form in disguises(secret))


def test_an_output_shows_a_key_as_long_as_nobody_said_that_it_is_one(notebook):
    assert shows(outputs(notebook, "before"), KEY)


def test_from_its_recognition_on_a_key_is_in_no_output_and_no_state_of_a_widget(notebook):
    later = [cell.outputs for cell in notebook.cells[1:]]
    assert later[-1]
    assert not shows([later, notebook.metadata], KEY)
    assert not shows([later, notebook.metadata], TOKEN)


def test_the_cell_that_makes_the_credential_is_guarded_and_told_so_once(notebook):
    *shown, told = plain(outputs(notebook, "recognised"))
    assert shown[0] == stream("stdout", "‹source key›\n‹source key›\n")
    assert shown[1]["data"] == {"text/html": "‹source key›"}
    assert told["name"] == "stderr"
    assert told["text"].startswith("leadping_nb kept a credential out of this output: ‹source key›, 3 times.")
    assert "lp.guard_outputs(False)" in told["text"]


def test_later_cells_have_labels_and_are_told_nothing(notebook):
    shown = plain(outputs(notebook, "again"))
    assert shown[0] == stream("stdout", "‹source key›\n")
    assert shown[1]["data"] == {"text/plain": "'‹source key›'"}
    assert len(shown) == 2


def test_pieces_stay_in_order_with_other_outputs(notebook):
    shown = plain(outputs(notebook, "order"))
    assert [one.get("text", one.get("data")) for one in shown] == [
        "lp_src_test_",
        "beside\n",
        "‹source key›\nlp_src",
        {"text/plain": "between"},
        "_not",
    ]


def test_of_a_key_that_comes_letter_by_letter_no_more_is_shown_than_all_keys_have(notebook):
    assert plain(outputs(notebook, "letters")) == [stream("stdout", "lp_‹source key›")]


def test_an_end_that_might_have_been_a_secret_is_there_when_its_cell_has_ended(notebook):
    assert plain(outputs(notebook, "an end")) == [stream("stdout", f"almost {KEY[:19]}")]
    assert plain(outputs(notebook, "after the end")) == [stream("stdout", f"{KEY[19:31]}\n")]


def test_much_of_a_key_is_as_good_as_all_of_it(notebook):
    label = "‹source key›"
    assert plain(outputs(notebook, "cut")) == [stream("stdout", f"{label}…{label}… {label} a{label}b\n")]


def test_a_fork_repeats_nothing_that_was_kept_back(notebook):
    text = "".join(one["text"] for one in plain(outputs(notebook, "a fork")))
    assert text.count("lp_src_test_") == 1
    assert text.count("in the child") == 1


def test_the_state_of_an_output_widget_is_stored_with_labels(notebook):
    state = json.dumps(notebook.metadata["widgets"], ensure_ascii=False)
    assert state.count("‹source key · #") == 2


def test_a_token_that_a_traceback_cuts_in_the_middle_shows_no_end(notebook):
    traceback = "\n".join(next(one for one in outputs(notebook, "a token") if one.output_type == "error").traceback)
    assert "call(authorization=" in re.sub(r"\x1b\[[\d;]*m", "", traceback)
    assert "‹user token · #" in traceback
    assert TOKEN[-40:] not in traceback


# -- the switch --------------------------------------------------------------------------------------------------------

PARTS = """\
import json, logging, os, sys
import leadping_nb as lp
shell = get_ipython()
session, history = shell.kernel.session, shell.history_manager
def parts():
    return [
        *(name in vars(session) for name in ("send", "serialize")), "writeout_cache" in vars(history),
        sys.stdout._original_stdstream_copy, sys.stderr._original_stdstream_copy, logging.Handler.format,
        [*map(str, shell.events.callbacks["pre_run_cell"])], sys.stdout, sys.stderr, sys.displayhook, sys.excepthook,
    ]
before = parts()
key = os.environ["LEADPING_SOURCE_KEY"]
"""
SWITCHED = {
    "nothing held": "print(lp.guard_outputs(), parts() == before)\n_ = lp.Credential.from_text('lp_example')\n"
    "_ = lp.Credential.from_text('lp_src_sandbox_0123456789')\nprint(lp.guard_outputs(), parts() == before)",
    "off before": "lp.guard_outputs(False)\n_ = lp.Credential.from_env()\nprint(key, parts() == before)",
    "on": "print(lp.guard_outputs().is_on, lp.guard_outputs().labels == (lp.Credential.from_env().label,))\nprint(key)",
    "counted": "print(lp.guard_outputs().caught, 'kept out 1 times' in repr(lp.guard_outputs()))",
    "off again": "print(key)\nprint(lp.guard_outputs(False), parts() == before)\nprint(key)",
    "wrapped": "lp.guard_outputs()\nours = session.send\nsession.send = lambda *args, **named: ours(*args, **named)\n"
    "theirs = session.send\nlp.guard_outputs(False)\nprint(key, session.send is theirs)",
    "wrapped, and on": "lp.guard_outputs()\nprint(key, session.send is theirs)",
}


@pytest.fixture(scope="module")
def switched():
    found = run([PARTS, *SWITCHED.values()], LEADPING_SOURCE_KEY=KEY)
    return dict(zip(SWITCHED, [plain(cell.outputs) for cell in found.cells[1:]], strict=True))


def test_keys_of_the_sandbox_and_the_documentation_switch_nothing_on(switched):
    line = "<output guard: on; no credential yet; kept out 0 times> True\n"
    assert switched["nothing held"] == [stream("stdout", line * 2)]


def test_a_guard_that_was_switched_off_stays_off_when_a_credential_comes(switched):
    assert switched["off before"] == [stream("stdout", f"{KEY} True\n")]


def test_the_guard_says_what_it_looks_for_and_how_often_that_was_kept_out(switched):
    assert switched["on"][0] == stream("stdout", "True True\n‹source key›\n")
    assert "': 1} True" in switched["counted"][0]["text"]


def test_switched_off_everything_is_as_it_was_and_what_was_written_before_is_guarded(switched):
    assert switched["off again"] == [stream("stdout", f"‹source key›\n<output guard: off> True\n{KEY}\n")]


def test_what_somebody_else_wrapped_around_the_guard_stays_and_lets_everything_through(switched):
    assert switched["wrapped"] == [stream("stdout", f"{KEY} True\n")]
    assert switched["wrapped, and on"] == [stream("stdout", "‹source key› True\n")]


OTHER_OUTPUTS = (
    "import sys\nprint('é', 'x' * 300_000, end='')\nprint('more', file=sys.stderr)\n{1: b'\\xff', 'l': 'lp_'}",
    "display({'text/plain': 'a', 'application/vnd.test+json': {'b': [1, None, 2.5]}}, raw=True)\n"
    "handle = display('a', display_id='one')\nhandle.update('<b>')",
    "import matplotlib.pyplot as plt\n%matplotlib inline\n_ = plt.plot([1, 2])",
    "import ipywidgets\nout = ipywidgets.Output()\nout.append_stdout('in it')\nwith out: print('more')",
    "!echo from a shell; echo and more >&2",
    "for letter in 'lp_src_te': print(letter, end='', flush=True)",
    "1 / 0",
)


def test_what_holds_no_secret_is_the_same_with_the_guard_and_without():
    def found(on):
        begin = f"import leadping_nb as lp\n_ = lp.Credential.from_env()\n_ = lp.guard_outputs({on})"
        cells = run([begin, *OTHER_OUTPUTS], LEADPING_SOURCE_KEY=KEY).cells
        return [plain(cell.outputs) for cell in cells]

    assert found(on=True) == found(on=False)


def test_outside_of_a_notebook_nothing_of_the_guard_is_loaded():
    code = (
        f"import leadping_nb as lp, sys; lp.Credential.from_text('{KEY}', allow_shared_host=True);"
        "print([name for name in sys.modules if name.startswith(('leadping_nb.guard', 'IPython'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- messages, in this process -----------------------------------------------------------------------------------------


class Wire:
    """Where a session sends, with what came as JSON values."""

    def __init__(self, session):
        self.session = session
        self.sent = []

    def send_multipart(self, parts, **how):
        _, frames = self.session.feed_identities(parts)
        message = self.session.deserialize(frames)
        self.sent.append((message["msg_type"], message["content"], message["buffers"], message["metadata"]))


@pytest.fixture
def shell(monkeypatch):
    """A shell whose kernel sends by a real session, and where the guard is new."""
    session = Session(key=b"test")
    kernel = SimpleNamespace(session=session, iopub_socket=Wire(session), get_parent=lambda: {"header": CELL})
    history = SimpleNamespace(
        db_input_cache=[], db_input_cache_lock=Lock(), db_output_cache=[], db_output_cache_lock=Lock(), written=[]
    )
    history.writeout_cache = lambda conn=None: history.written.extend(history.db_input_cache)
    callbacks = []
    events = SimpleNamespace(
        callbacks=callbacks,
        register=lambda name, callback: callbacks.append((name, callback)),
        unregister=lambda name, callback: callbacks.remove((name, callback)),
    )
    logger = SimpleNamespace(written=[])
    logger.log_write = lambda data, kind="input": logger.written.append((data, kind))
    shell = SimpleNamespace(kernel=kernel, history_manager=history, events=events, logger=logger)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr("leadping_nb.guard.switch._GUARD", lp.OutputGuard())
    monkeypatch.setattr("leadping_nb.held._held", {})
    yield shell
    lp.guard_outputs(False)


CELL = {"msg_id": "cell", "session": "s", "msg_type": "execute_request"}
LABEL = "‹source key · #test›"


def publish(shell, kind, content, parent=CELL, **how):
    shell.kernel.session.send(shell.kernel.iopub_socket, kind, content, parent=parent, **how)


def sent(shell):
    """What was sent since the last call, without the hash of labels."""
    found = json.dumps([one[:2] for one in shell.kernel.iopub_socket.sent], ensure_ascii=False)
    shell.kernel.iopub_socket.sent.clear()
    return [tuple(one) for one in json.loads(re.sub("#[0-9a-f]{8}", "#test", found))]


def test_messages_are_guarded_from_the_first_live_credential_on(shell):
    publish(shell, "display_data", {"data": {"text/plain": KEY}})
    lp.Credential.from_text(KEY)
    publish(shell, "display_data", {"data": {"text/plain": KEY, "x/y": {KEY: [f'"{KEY}"', 1, None]}}})
    data = [content["data"] for _, content in sent(shell)]
    assert data == [{"text/plain": KEY}, {"text/plain": LABEL, "x/y": {LABEL: [f'"{LABEL}"', 1, None]}}]


def test_a_second_credential_is_looked_for_too(shell):
    lp.Credential.from_text(KEY)
    lp.Credential.from_text(OTHER_KEY)
    publish(shell, "stream", {"name": "stdout", "text": f"{KEY} {OTHER_KEY}"})
    assert sent(shell)[0][1]["text"] == f"{LABEL} ‹business key · #test›"
    assert len(lp.guard_outputs().labels) == 2
    assert repr(lp.guard_outputs()).endswith("kept out 2 times>")


def test_what_a_stream_keeps_back_goes_out_before_anything_else(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "stream", {"name": "stdout", "text": f"a {KEY[:9]}"})
    publish(shell, "stream", {"name": "stdout", "text": KEY[9:19]})
    assert sent(shell) == [("stream", {"name": "stdout", "text": "a "})]
    publish(shell, "stream", {"name": "stderr", "text": "b"})
    publish(shell, "stream", {"name": "stdout", "text": KEY[19:]})
    publish(shell, "stream", {"name": "stdout", "text": KEY[:9]})
    publish(shell, "status", {"execution_state": "idle"}, parent={"msg_id": "another cell"})
    assert [content.get("text") for _, content in sent(shell)] == [KEY[:19], "b", LABEL, KEY[:9], None]


def test_nothing_is_kept_back_for_a_cell_that_has_ended(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "status", {"execution_state": "idle"})
    publish(shell, "stream", {"name": "stdout", "text": KEY[:9]})
    publish(shell, "stream", {"name": "stdout", "text": KEY[9:]})
    assert [content["text"] for kind, content in sent(shell) if kind == "stream"] == [KEY[:9], LABEL]
    publish(shell, "status", {"execution_state": "busy"}, parent={"msg_id": "next"})
    publish(shell, "stream", {"name": "stdout", "text": KEY[:9]}, parent={"msg_id": "next"})
    assert [kind for kind, _ in sent(shell)] == ["status"]


def test_a_clean_piece_is_packed_once_and_what_was_kept_back_is_still_put_before_it(shell, monkeypatch):
    lp.Credential.from_text(KEY)
    pack, packed = shell.kernel.session.pack, []
    monkeypatch.setattr(shell.kernel.session, "pack", lambda part: packed.append(part) or pack(part))
    publish(shell, "stream", {"name": "stdout", "text": "a row of a table\n"})
    publish(shell, "stream", {"name": "stdout", "text": KEY[:9]})
    publish(shell, "stream", {"name": "stdout", "text": f"{KEY[9:]}\na row\n"})
    assert packed.count({"name": "stdout", "text": "a row of a table\n"}) == 1
    assert [content["text"] for _, content in sent(shell)] == ["a row of a table\n", f"{LABEL}\na row\n"]


@pytest.mark.parametrize("text", ["a", KEY])
def test_what_stands_beside_the_text_of_a_stream_is_guarded_too(shell, text):
    lp.Credential.from_text(KEY)
    publish(shell, "stream", {"name": "stdout", "text": text}, metadata={"from": KEY})
    ((_, content, _, metadata),) = shell.kernel.iopub_socket.sent
    assert KEY not in f"{content} {metadata}"
    assert metadata["from"].startswith("‹source key · #")
    assert sum(lp.guard_outputs().caught.values()) == 1 + (text == KEY)


def test_a_piece_that_fails_to_go_out_leaves_nothing_behind(shell, monkeypatch):
    lp.Credential.from_text(KEY)
    message = shell.kernel.session.msg("stream", {"name": "stdout", "text": "a"}, parent=CELL)
    with monkeypatch.context() as patched:
        patched.setattr(shell.kernel.iopub_socket, "send_multipart", Mock(side_effect=OSError("closed")))
        with pytest.raises(OSError, match="closed"):
            shell.kernel.session.send(shell.kernel.iopub_socket, message)
    message["content"]["text"] = KEY
    shell.kernel.session.send(shell.kernel.iopub_socket, message)
    assert sent(shell) == [("stream", {"name": "stdout", "text": LABEL})]


def test_short_pieces_in_two_cells_are_no_secret(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "stream", {"name": "stdout", "text": KEY[:13]})
    publish(shell, "stream", {"name": "stdout", "text": KEY[13:]}, parent={"msg_id": "next"})
    assert [content["text"] for _, content in sent(shell)] == [KEY[:13], KEY[13:]]


def test_the_notice_comes_once_at_the_end_of_the_cell_and_not_for_what_was_typed(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "execute_input", {"code": KEY})
    publish(shell, "status", {"execution_state": "idle"}, parent={"msg_id": "cell"})
    assert sent(shell)[0] == ("execute_input", {"code": LABEL})
    publish(shell, "error", {"evalue": KEY})
    publish(shell, "execute_reply", {"evalue": KEY})
    publish(shell, "status", {"execution_state": "idle"})
    kinds = [(kind, content.get("name")) for kind, content in sent(shell)]
    assert kinds == [("error", None), ("execute_reply", None), ("stream", "stderr"), ("status", None)]
    publish(shell, "error", {"evalue": KEY})
    publish(shell, "status", {"execution_state": "idle"})
    assert [kind for kind, _ in sent(shell)] == ["error", "status"]


def test_buffers_hold_labels_and_those_without_a_secret_are_not_copied(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "comm_msg", {"data": {}}, buffers=[KEY.encode(), b"\xff\x00"])
    first, second = (bytes(one) for one in shell.kernel.iopub_socket.sent[0][2])
    assert first.startswith("‹source key".encode())
    assert second == b"\xff\x00"


def test_a_message_as_a_whole_is_not_changed_for_whoever_sent_it(shell):
    lp.Credential.from_text(KEY)
    message = shell.kernel.session.msg("execute_result", {"data": {"text/plain": KEY}}, parent=CELL)
    shell.kernel.session.send(shell.kernel.iopub_socket, message)
    assert message["content"]["data"]["text/plain"] == KEY
    assert sent(shell)[0][1]["data"]["text/plain"] == LABEL


def test_the_history_is_written_with_labels(shell):
    lp.Credential.from_text(KEY)
    manager = shell.history_manager
    manager.db_input_cache = [(1, f"key = '{KEY}'", f"%env A={KEY}")]
    manager.writeout_cache()
    assert re.sub("#[0-9a-f]{8}", "#test", str(manager.written)) == str([(1, f"key = '{LABEL}'", f"%env A={LABEL}")])


def test_the_log_of_a_session_is_written_with_labels(shell):
    own = shell.logger.log_write
    lp.Credential.from_text(KEY)
    shell.logger.log_write(f"key = '{KEY}'")
    shell.logger.log_write(KEY, kind="output")
    lp.guard_outputs(False)
    assert KEY not in str(shell.logger.written)
    assert [kind for _, kind in shell.logger.written] == ["input", "output"]
    assert shell.logger.log_write is own


def test_files_of_the_magic_history_are_written_with_labels(shell, tmp_path):
    own = magics.io_open
    lp.Credential.from_text(KEY)
    with magics.io_open(tmp_path / "history.txt", "w", encoding="utf-8") as file:
        print(f"key = '{KEY}'", file=file)
    assert re.fullmatch("key = '‹source key · #[0-9a-f]{8}›'\n", (tmp_path / "history.txt").read_text("utf-8"))
    lp.guard_outputs(False)
    assert magics.io_open is own


def test_outputs_that_ipython_keeps_are_cleaned_before_a_notebook_is_written_of_them(shell):
    lp.Credential.from_text(KEY)
    output = SimpleNamespace(bundle={"stream": [KEY[:9], KEY[9:]]})
    shell.history_manager.outputs = {1: [output]}
    shell.history_manager.exceptions = {1: {"evalue": KEY}}
    ((_, before_cell),) = shell.events.callbacks
    before_cell(SimpleNamespace(raw_cell="1 + 1"))
    assert output.bundle == {"stream": [KEY[:9], KEY[9:]]}
    before_cell(SimpleNamespace(raw_cell="%notebook written.ipynb"))
    assert KEY not in "".join(output.bundle["stream"])
    assert KEY not in shell.history_manager.exceptions[1]["evalue"]


def test_a_log_counts_as_an_output_of_the_cell_that_runs(shell):
    lp.Credential.from_text(KEY)
    record = logging.LogRecord("test", logging.INFO, "x.py", 1, KEY, None, None)
    assert logging.Handler().format(record).startswith("‹source key · #")
    assert sum(lp.guard_outputs().caught.values()) == 1


def test_off_gives_the_session_its_methods_back(shell):
    lp.Credential.from_text(KEY)
    publish(shell, "stream", {"name": "stdout", "text": KEY[:9]})
    lp.guard_outputs(False)
    assert sent(shell) == [("stream", {"name": "stdout", "text": KEY[:9]})]
    assert not {"send", "serialize"} & {*vars(shell.kernel.session)}
    assert shell.events.callbacks == []
    publish(shell, "stream", {"name": "stdout", "text": KEY})
    assert sent(shell)[0][1]["text"] == KEY


@pytest.mark.parametrize("on", ["off", "on", 0, 1, None, KEY])
def test_the_guard_is_switched_by_true_or_false_alone(shell, on):
    for state in (False, True):
        lp.guard_outputs(state)
        with pytest.raises(lp.LeadpingError, match="True or False") as raised:
            lp.guard_outputs(on)
        assert "lp.guard_outputs(False)" in raised.value.hint
        assert KEY not in str(raised.value)
        assert switch._GUARD.is_on is state


# -- what is held ------------------------------------------------------------------------------------------------------


def test_each_door_of_credentials_holds_a_live_one(monkeypatch):
    monkeypatch.setattr("leadping_nb.held._held", {})
    for number, enter in enumerate(
        (
            lp.Credential.from_text,
            lambda text: lp.Credential.from_env({"LEADPING_API_KEY": text}),
            lambda text: lp.Credential.prompt(lambda question: text),
            lambda text: send(lp.ask(), "enter", text.encode()),
        )
    ):
        text = f"{OTHER_KEY}{number}"
        enter(f"Bearer {text}")
        assert lp.Secret(text) in held()


@pytest.mark.parametrize("text", ["lp_example", "lp_src_example", "lp_sandbox_0123456789", "lp_src_sandbox_0123456789"])
def test_examples_and_keys_of_the_sandbox_are_not_held(text):
    assert not lp.Credential.from_text(text).is_live
    assert lp.Secret(text) not in held()


def test_tokens_of_the_sandbox_are_not_held(small_sandbox):
    assert not lp.Credential.from_text(small_sandbox.user_token).is_live
    assert lp.Secret(small_sandbox.user_token) not in held()


def test_a_credential_that_a_shared_host_refuses_is_not_held(monkeypatch):
    monkeypatch.setenv("BINDER_REQUEST", "test")
    with pytest.raises(lp.NotAllowedError):
        lp.Credential.from_text("lp_test_refused_0123")
    assert lp.Secret("lp_test_refused_0123") not in held()


# -- pieces ------------------------------------------------------------------------------------------------------------


@given(st.data())
def test_however_a_stream_is_cut_it_shows_no_secret_and_loses_nothing(data):
    parts = st.sampled_from([KEY, KEY[:9], KEY[9:], "lp_", "l", "x\n", KEY.encode().hex(), "é", ""])
    text = "".join(data.draw(st.lists(parts, max_size=6)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    seam, caught, shown = Seam(), Counter(), ""
    for piece in pieces:
        shown += seam.take(piece, MASKS, caught, may_wait=data.draw(st.booleans()))
        if data.draw(st.booleans()):
            shown += seam.release(MASKS, caught)
    shown += seam.release(MASKS, caught)
    assert not any(form in shown for form in disguises(KEY))
    assert KEY[:20] not in shown
    assert KEY[-20:] not in shown
    if not any(piece in text for piece in (KEY[:20], KEY[-20:], *disguises(KEY))):
        assert shown == text
    for letters in ("é", "x\n"):  # what is no part of a secret
        assert shown.count(letters) == text.count(letters)


CLAIMS = {"iss": "https://test.example", "scope": " ".join(["leads.read"] * 30)}
LONG_TOKEN = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"RS256"}', json.dumps(CLAIMS).encode(), hashlib.shake_256(b"long").digest(256))
)
SEVERAL = Masks({lp.Secret(KEY): "key", lp.Secret(OTHER_KEY): "other", lp.Secret(LONG_TOKEN): "token"})


def wrapped_by_rich(text):
    console = Console(width=80, file=io.StringIO(), force_jupyter=False, force_terminal=False)
    console.print(text)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "breaks", [lambda text: textwrap.fill(text, 79), lambda text: textwrap.indent(textwrap.fill(text, 40), " "),
               wrapped_by_rich, lambda text: "\r\n".join(textwrap.wrap(text, 64))],
)  # fmt: skip
def test_a_token_in_lines_is_one_label_from_its_payload_on(breaks):
    clean = SEVERAL.replace(f"a\n{breaks(LONG_TOKEN)}\nb\n", Counter())
    assert "".join(clean.split()) == "a‹token›b"


@pytest.mark.parametrize(("start", "end"), [(a, b) for a in range(13) for b in range(a + 20, len(KEY) + 1)])
def test_any_twenty_characters_of_a_key_are_as_good_as_all_of_it(start, end):
    run = KEY[start:end]
    assert SEVERAL.replace(f"({run}) {run[:19]}", Counter()) == f"(‹key›) {run[:19]}"


def test_any_39_characters_of_a_token_behind_its_header_are_as_good_as_all_of_it():
    for start in range(LONG_TOKEN.index(".") + 1, len(LONG_TOKEN) - 38):
        assert SEVERAL.replace(f"({LONG_TOKEN[start : start + 39]})", Counter()) == "(‹token›)"


def test_the_middle_of_a_key_in_a_table_is_kept_out():
    assert KEY[3:23] not in SEVERAL.replace(repr(pd.DataFrame({"k": [KEY[3:30]]})), Counter())


def test_what_follows_a_line_break_is_no_part_of_a_secret_if_it_does_not_go_on():
    assert SEVERAL.replace(f"{KEY[:25]}\n{KEY[26:]}", Counter()) == f"‹key›\n{KEY[26:]}"
    assert SEVERAL.replace(f"{KEY[1:7]}\n{KEY[8:30]}", Counter()) == f"{KEY[1:7]}\n‹key›"


def test_a_piece_that_two_secrets_have_gets_the_label_of_the_one_that_it_is():
    twins = {f"lp_src_test_{name}_{KEY[12:]}": name for name in ("first", "second")}
    masks = Masks({lp.Secret(text): name for text, name in twins.items()})
    for text, name in twins.items():
        assert masks.replace(text[2:-2], Counter()) == f"‹{name}›"


@given(st.integers(1, 11), st.integers(0, len(KEY)))
def test_a_piece_at_the_end_of_a_stream_waits_as_a_whole(start, cut):
    seam, caught = Seam(), Counter()
    shown = seam.take(KEY[start:cut], MASKS, caught, may_wait=True)
    shown += seam.take(KEY[max(start, cut) :], MASKS, caught, may_wait=True) + seam.release(MASKS, caught)
    assert KEY[-20:] not in shown
    assert sum(caught.values()) == 1


@given(st.lists(st.binary(min_size=Sieve.LENGTH, max_size=50), min_size=1), st.data())
def test_a_sieve_lets_no_run_through_wherever_it_stands(runs, data):
    planted = data.draw(st.sampled_from(runs))
    before, after = data.draw(st.binary(max_size=40)), data.draw(st.binary(max_size=40))
    assert Sieve(runs).may_hold(before + planted[-Sieve.LENGTH :] + after)


def test_a_sieve_keeps_back_what_holds_parts_of_forms_alone():
    row = "a lead that was contacted and came by mail, 12.50, " * 2
    parts = (KEY[:18], KEY[-18:], OTHER_KEY[-8:], KEY[3:13])
    text = "".join(f"{row}{part}\n" for part in parts for _ in range(5_000))
    assert not Sieve([KEY.encode(), OTHER_KEY.encode()]).may_hold(text.encode())
    assert not Sieve([KEY.encode()]).may_hold(b"")


ALL_LETTERS = "".join(map(chr, range(32, 127))) + "\n"


@pytest.mark.parametrize("filling", ["a row of a table\n", "é ", "0123456789 ", ALL_LETTERS])
@pytest.mark.parametrize("form", [KEY, KEY[4:24], KEY.encode().hex(), LONG_TOKEN[200:239]])
def test_a_long_text_is_cleaned_as_a_short_one_is(filling, form):
    filled = filling * (LONG // len(filling))
    caught = Counter()
    clean = SEVERAL.replace(f"{filled}({form}){filled}", caught)
    (label,) = caught
    assert clean == f"{filled}(‹{label}›){filled}"
    assert SEVERAL.replace(filled, Counter()) == filled
    assert SEVERAL.replace_bytes(f"{filled}({form})".encode(), Counter()) == f"{filled}(‹{label}›)".encode()


@pytest.mark.parametrize(
    ("secret", "enough"), [(KEY, 20), (OTHER_KEY, 20), (LONG_TOKEN[LONG_TOKEN.index(".") + 1 :], 39)]
)
def test_any_run_that_is_enough_is_found_in_a_long_text_too(secret, enough):
    runs = [secret[start : start + enough] for start in range(len(secret) - enough + 1)]
    filled = ALL_LETTERS * (LONG // len(ALL_LETTERS) // len(runs) + 1)
    text = "".join(f"{filled}{'.' * (at % 16)}{run}" for at, run in enumerate(runs))
    assert len(text) > LONG
    caught = Counter()
    clean = SEVERAL.replace(text, caught)
    assert not any(run in clean for run in runs)
    assert caught.total() == len(runs)


@pytest.mark.parametrize("at", range(16))
@pytest.mark.parametrize("run", [KEY[5:25], LONG_TOKEN[200:239], LONG_TOKEN[-20:]])
def test_one_run_that_is_enough_is_seen_at_each_place_of_a_long_text(run, at):
    before = "é" * LONG + "." * at
    assert SEVERAL.is_in(f"{before}{run}\n")
    assert SEVERAL.is_in(before + run)
    assert not SEVERAL.is_in(before + run[:11])


def test_pieces_without_a_secret_go_out_as_they_come():
    caught = Counter()
    seam = Seam()
    assert [seam.take(piece, MASKS, caught, may_wait=True) for piece in ("a", "", "lp", " lp_", "s")] == [
        "a", "", "lp", " lp_", "",
    ]  # fmt: skip
    assert seam.release(MASKS, caught) == "s"
    assert not caught


def test_a_piece_that_is_clean_by_itself_is_not_if_it_goes_on_with_what_was_kept_back():
    seam, caught = Seam(), Counter()
    assert seam.take(f"a {KEY[:9]}", MASKS, caught, may_wait=True, is_clean=True) == "a "
    assert seam.take(f"{KEY[9:]} b", MASKS, caught, may_wait=True, is_clean=True) == "‹source key · #test› b"
    assert caught.total() == 1


def test_masks_of_nothing_change_nothing():
    assert not NO_MASKS
    assert NO_MASKS.replace(KEY, Counter()) == KEY
    assert Seam().take(KEY, NO_MASKS, Counter(), may_wait=True) == KEY


def test_masks_show_in_no_form_what_they_look_for():
    assert repr(MASKS) == "<Masks of 1>"
    assert not hasattr(MASKS, "__dict__")


def test_bytes_that_are_no_text_come_through_around_a_label():
    clean = MASKS.replace_within(memoryview(b"\xff" + KEY.encode() + b"\x00"), Counter())
    assert clean == b"\xff" + "‹source key · #test›".encode() + b"\x00"


# -- logs, and what goes to the terminal -------------------------------------------------------------------------------


@pytest.fixture
def logs():
    caught = Counter()
    guard = Logs(caught.update)
    guard.guard(MASKS)
    yield caught
    guard.guard(NO_MASKS)


def test_a_log_file_holds_labels_and_the_record_stays_as_it_was(logs, tmp_path):
    class Shouting(logging.Formatter):
        def format(self, record):
            return f"{record.getMessage()}!"

    handler = logging.FileHandler(tmp_path / "log.txt")
    record = logging.LogRecord("test", logging.INFO, "x.py", 1, "sent with %s", (KEY,), None)
    for formatter in (None, Shouting()):
        handler.setFormatter(formatter)
        handler.emit(record)
    handler.close()
    label = "sent with ‹source key · #test›"
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == f"{label}\n{label}!\n"
    assert record.args == (KEY,)
    assert logs == {"source key · #test": 2}


def logging_methods():
    return logging.Handler.format, logging.handlers.SocketHandler.makePickle, logging.handlers.HTTPHandler.mapLogRecord


def test_logging_has_its_own_methods_back_when_the_guard_is_off():
    before = logging_methods()
    guard = Logs(Counter().update)
    guard.guard(MASKS)
    assert not {*logging_methods()} & {*before}
    guard.guard(NO_MASKS)
    assert logging_methods() == before


def a_record_of_an_error(key):
    try:
        raise ValueError(key)
    except ValueError:
        return logging.LogRecord("test", logging.ERROR, "x.py", 1, "sent with %s", (key,), sys.exc_info())


@pytest.mark.parametrize("kind", [logging.handlers.SocketHandler, logging.handlers.DatagramHandler])
def test_a_record_that_is_sent_by_its_attributes_holds_labels_and_stays_as_it_was(logs, kind):
    record = a_record_of_an_error(KEY)
    record.headers = {"x-leadping-key": [KEY]}
    sent = pickle.loads(kind("127.0.0.1", 0).makePickle(record)[4:])  # noqa: S301 -- our own
    assert not shows(sent, KEY)
    assert sent["msg"] == "sent with ‹source key · #test›"
    assert sent["headers"] == {"x-leadping-key": ["‹source key · #test›"]}
    assert sent["exc_text"].endswith("ValueError: ‹source key · #test›")
    assert record.args == (KEY,)
    assert logs == {"source key · #test": 3}


def test_a_record_that_is_sent_to_a_web_server_holds_labels_and_stays_as_it_was(logs):
    record = a_record_of_an_error(KEY)
    sent = logging.handlers.HTTPHandler("127.0.0.1", "/").mapLogRecord(record)
    assert not shows(urllib.parse.urlencode(sent), KEY)
    assert sent["lineno"] == 1
    assert record.args == (KEY,)
    assert logs == {"source key · #test": 2}


def test_a_record_without_a_secret_is_sent_as_it_would_be(logs):
    record = a_record_of_an_error("nothing")
    handler = logging.handlers.SocketHandler("127.0.0.1", 0)
    guarded = pickle.loads(handler.makePickle(record)[4:])  # noqa: S301 -- our own
    mapped = logging.handlers.HTTPHandler("127.0.0.1", "/").mapLogRecord(record)
    assert mapped == vars(record)
    assert {**guarded, "exc_text": None} == {**mapped, "msg": "sent with nothing", "args": None, "exc_info": None}


def test_what_subprocesses_write_reaches_the_terminal_with_labels_however_it_comes(monkeypatch, tmp_path):
    with (tmp_path / "terminal").open("wb") as terminal:
        stream = SimpleNamespace(_original_stdstream_copy=terminal.fileno())
        monkeypatch.setattr(sys, "stdout", stream)
        echo = Echo()
        echo.guard(MASKS)
        assert stream._original_stdstream_copy != terminal.fileno()
        for piece in (b"\xff\x00 ", KEY[:9].encode(), KEY[9:].encode(), b"\nlp_src_te"):
            os.write(stream._original_stdstream_copy, piece)
        echo.guard(NO_MASKS)
        assert stream._original_stdstream_copy == terminal.fileno()
    written = (tmp_path / "terminal").read_bytes()
    assert KEY.encode() not in written
    assert written.startswith(b"\xff\x00 ")
    assert written.endswith("‹source key · #test›\nlp_src_te".encode())


# -- patches -----------------------------------------------------------------------------------------------------------


def test_a_patch_below_another_stays_until_the_other_is_gone():
    owner = SimpleNamespace(name=lambda: "a")
    own = owner.name
    patch = Patch(owner, "name", lambda before: lambda: f"({before()})")
    patch.apply()
    ours = owner.name
    owner.name = lambda: f"[{ours()}]"
    patch.undo()
    patch.apply()
    assert owner.name() == "[(a)]"
    owner.name = ours
    patch.undo()
    assert owner.name is own
