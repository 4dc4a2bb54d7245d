import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from leadping_nb.cli import main
from leadping_nb.cli.demo import run_demo
from leadping_nb.cli.parser import parser

COMMAND = [sys.executable, "-m", "leadping_nb"]


def test_the_demo_answers_the_five_questions_for_each_credential_type():
    done = subprocess.run([*COMMAND, "demo"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("user token", "business key", "source key"):
        for question in (
            "What is it?",
            "What may it do?",
            "Who says so?",
            "Is it still good?",
            "How do I get my data?",
        ):
            assert re.search(rf"· {re.escape(question)} \({kind}\)", done.stdout)
    assert "110 allowed, ? 8 undocumented, ✗ 3 denied" in done.stdout
    assert "78 allowed, ? 40 undocumented, ✗ 3 denied" in done.stdout
    assert "3 allowed, ? 0 undocumented, ✗ 118 denied" in done.stdout
    assert "The token is valid" in done.stdout
    assert "401 with a challenge" in done.stdout
    assert re.search(r"leads:  5,000 rows in 10 pages, \d+ columns, complete", done.stdout)
    assert re.search(r"events: [\d,]+ rows in \d+ pages, \d+ columns, complete", done.stdout)
    assert "█" in done.stdout


def test_the_demo_is_plain_text_when_piped_and_shows_no_credential():
    done = subprocess.run([*COMMAND, "demo", "--leads", "50"], capture_output=True, text=True, check=False, timeout=120)
    assert "\x1b" not in done.stdout
    assert not re.search(r"lp_sandbox_\w|lp_src_sandbox_\w|eyJ", done.stdout)
    assert done.stderr == ""


def test_the_demo_is_rich_in_a_terminal():
    console = Console(force_terminal=True, width=80, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    with console.file:
        assert run_demo(leads=30, console=console) == 0
    shown = console.export_text(styles=True)
    assert "\x1b[" in shown
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in shown.splitlines()) <= 80


def test_the_demo_fails_if_a_part_fails(monkeypatch):
    from leadping_nb.cli import demo
    from leadping_nb.errors import LeadpingError

    def broken(url):
        raise LeadpingError("Nobody is there.")

    monkeypatch.setattr(demo, "discover", broken)
    console = Console(record=True, width=120, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    with console.file:
        assert run_demo(leads=10, console=console) == 1
    shown = console.export_text()
    assert "Nobody is there." in shown
    assert "parts failed" in shown


@pytest.mark.parametrize("command", ["demo", "lab", "sandbox", "scan"])
def test_the_help_of_each_command_has_a_sentence_and_an_example_that_is_understood(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert re.search(r"^[A-Z].*\.$", said, re.MULTILINE)
    examples = re.findall(rf"^  leadping-nb ({command}.*?)(?: >.*)?$", said, re.MULTILINE)
    assert examples
    for example in examples:
        assert parser().parse_known_args(shlex.split(example))[0].command == command


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"leadping-nb {version('leadping_nb')}\n"


def test_the_line_that_the_sandbox_offers_to_try_is_answered():
    process = subprocess.Popen([*COMMAND, "sandbox", "--leads", "10"], stdout=subprocess.PIPE, text=True)
    lines = iter(process.stdout.readline, "")
    words = shlex.split(next(line for line in lines if line.startswith("Try: "))[len("Try: ") :])
    name, value = words[words.index("-H") + 1].split(": ")
    answer = httpx.get(words[-1], headers={name: value}, trust_env=False)
    process.terminate()
    process.communicate(timeout=20)
    assert words[0] == "curl"
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("revision", ["2026-07-05", "2026-10-26"])
def test_the_sandbox_serves_until_it_is_told_to_stop(number, revision):
    command = [*COMMAND, "sandbox", "--leads", "10", "--revision", revision]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Stop with Ctrl-C" in line:
            break
    text = "".join(lines)
    url = re.search(r"API +(http://127\.0\.0\.1:\d+)", text)[1]
    key = re.search(r"business key +(\S+)", text)[1]
    assert re.search(r"source key +lp_src_sandbox_", text)
    assert re.search(r"user token +eyJ", text)
    answer = httpx.get(f"{url}/tags", headers={"Authorization": f"Bearer {key}"}, trust_env=False)
    assert answer.status_code == 200
    process.send_signal(number)
    rest, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.strip() == "The sandbox has stopped."
    assert errors == ""


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["demo", "--leads", "none"], ["demo", "--what"], ["sandbox", "--revision", "x"]]
)
def test_a_wrong_command_line_is_explained(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: leadping-nb" in capsys.readouterr().err


def test_lab_opens_jupyterlab_at_the_first_notebook(monkeypatch, tmp_path):
    seen = {}

    def run(options):
        seen.update(options=options, cwd=Path.cwd())

    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.chdir(Path.cwd())  # and back again
    monkeypatch.setattr("jupyterlab.labapp.main", run)
    assert main(["lab", "--no-browser", "--port=9999"]) == 0
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in seen["options"]
    assert seen["options"][-2:] == ["--no-browser", "--port=9999"]
    assert (seen["cwd"] / "notebooks" / "00_start_here.ipynb").is_file()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_lab_ends_with_jupyterlab_when_it_is_told_to(tmp_path):
    folders = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    process = subprocess.Popen(
        [*COMMAND, "lab", "--no-browser", "--ip=127.0.0.1"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **folders, "HOME": str(tmp_path), "JUPYTER_TOKEN": "sandbox-test-token-of-jupyter"},
    )
    port = next(found[1] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:(\d+)/lab", line)))
    process.terminate()
    process.communicate(timeout=60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0


def test_lab_says_in_a_sentence_that_jupyter_has_no_place_to_write_to(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    assert main(["lab"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Jupyter cannot write to ")
    assert said.count("\n") == 1


# -- whatever becomes of it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sandbox", "--port", "65536"], "from 0 to 65535"),
        (["sandbox", "--port", "-1"], "from 0 to 65535"),
        (["sandbox", "--port", "http"], "from 0 to 65535"),
        (["demo", "--leads", "1.5"], "1 or more"),
    ],
)
def test_a_number_that_cannot_be_ends_with_2_and_says_what_can(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended_:
        main(arguments)
    assert ended_.value.code == 2
    assert said in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence_with_a_hint(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["sandbox", "--leads", "1", "--port", str(taken.getsockname()[1])]) == 1
    said = capsys.readouterr().err
    assert "cannot listen" in said
    assert "Leave the port out" in said
    assert said.count("\n") == 1


def test_more_leads_than_a_sandbox_has_are_one_sentence(capsys):
    assert main(["demo", "--leads", "1_000_000_001"]) == 1
    assert capsys.readouterr().err.startswith("leads is 1000000001, and a whole number from 0 to 1000000000")


def test_ctrl_c_ends_a_command_with_130_and_without_a_traceback(monkeypatch, capsys):
    def interrupted(**given):
        raise KeyboardInterrupt

    monkeypatch.setattr("leadping_nb.cli.demo.run_demo", interrupted)
    assert main(["demo"]) == 130
    assert capsys.readouterr().err == "It was interrupted.\n"


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    ],
    ids=lambda names: " ".join(names),
)
def test_the_demo_succeeds_whatever_the_output_can_write(surroundings):
    done = subprocess.run(
        [*COMMAND, "demo", "--leads", "5"],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, **surroundings},
    )
    assert done.returncode == 0, done.stderr
    assert b"All parts of the tour succeeded." in done.stdout
    assert b"\x1b" not in done.stdout
    assert done.stderr == b""


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [["demo", "--leads", "5"], ["sandbox", "--leads", "1"]], ids=["demo", "sandbox"])
def test_a_reader_who_has_gone_ends_a_command_without_a_word(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run([*COMMAND, *arguments], stdout=gone, stderr=subprocess.PIPE, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")  # noqa: PTH110
def test_an_output_that_cannot_be_written_is_one_sentence():
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        command = [*COMMAND, "sandbox", "--leads", "1"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith(b"It could not go on: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_a_command_without_an_output_does_its_work():
    command = f"{shlex.join([*COMMAND, 'demo', '--leads', '5'])} >&-"
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
