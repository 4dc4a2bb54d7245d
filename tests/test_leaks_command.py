"""``leadping-nb scan``: what it prints, its exit codes, fixing, and the hook for pre-commit."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from leadping_nb.cli import main

ROOT = Path(__file__).parent.parent
SOURCE_KEY = "lp_src_test0123example456789XYZ"


@pytest.fixture
def leaky(tmp_path):
    (tmp_path / "a.txt").write_text(f"x\n{SOURCE_KEY}\n")
    return tmp_path


@pytest.fixture
def clean(tmp_path):
    (tmp_path / "a.txt").write_text("lp_example\n")
    return tmp_path


def test_clean_ends_with_0_and_leaks_with_1(clean, capsys):
    assert main(["scan", str(clean)]) == 0
    assert capsys.readouterr().out == "No leaks in 1 file.\n"
    (clean / "b.txt").write_text(SOURCE_KEY)
    assert main(["scan", str(clean)]) == 1
    assert SOURCE_KEY not in capsys.readouterr().out


def test_what_could_not_be_checked_ends_with_2(clean, capsys, monkeypatch):
    assert main(["scan", str(clean), str(clean / "missing")]) == 2
    assert "no file or folder" in capsys.readouterr().err
    monkeypatch.setattr("leadping_nb.leaks.files.LARGEST", 3)
    assert main(["scan", str(clean)]) == 2


def test_an_empty_path_is_not_the_current_folder(leaky, capsys, monkeypatch):
    monkeypatch.chdir(leaky)
    assert main(["scan", "--fix", "--yes", ""]) == 2
    assert "The path is empty." in capsys.readouterr().err
    assert SOURCE_KEY in (leaky / "a.txt").read_text()


def test_a_folder_that_cannot_be_read_is_not_taken_for_a_clean_one(clean, capsys, monkeypatch):
    closed, scandir = clean / "closed", os.scandir
    closed.mkdir()

    def denied(path):
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", denied)
    assert main(["scan", str(clean)]) == 2
    assert f"{closed}" in (said := capsys.readouterr().out)
    assert "Permission denied" in said


def test_the_report_can_be_json_or_sarif(leaky, capsys):
    assert main(["scan", str(leaky), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["leaks"][0]["line"], report["leaks"][0]["kind"]) == (False, 2, "source key")
    assert main(["scan", str(leaky), "--format", "sarif"]) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"


def test_an_allow_list_can_be_named(leaky, tmp_path, capsys):
    main(["scan", str(leaky), "--format", "json"])
    [leak] = json.loads(capsys.readouterr().out)["leaks"]
    (tmp_path / "list").write_text(f"{leak['hash']}  # made up\n")
    assert main(["scan", str(leaky), "--allow", str(tmp_path / "list")]) == 0


@pytest.mark.parametrize(("answer", "code", "stays"), [("y\n", 0, False), ("n\n", 1, True), ("", 1, True)])
def test_fix_shows_what_it_will_do_and_asks(leaky, capsys, monkeypatch, answer, code, stays):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert main(["scan", str(leaky), "--fix"]) == code
    shown = capsys.readouterr().err
    assert "cannot be undone" in shown
    assert "a.txt: line 2: <removed: source key #" in shown
    assert SOURCE_KEY not in shown
    assert (SOURCE_KEY in (leaky / "a.txt").read_text()) is stays


class Terminal:
    def __init__(self, answer):
        self.answer = answer

    def isatty(self):
        return True

    def readline(self):
        return self.answer


def test_fix_asks_nobody_where_nobody_is_and_yes_does_not_ask(leaky):
    command = [sys.executable, "-m", "leadping_nb", "scan", str(leaky), "--fix"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert (done.returncode, SOURCE_KEY in (leaky / "a.txt").read_text()) == (1, True)
    assert "pass --yes" in done.stderr
    done = subprocess.run([*command, "--yes"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (0, "No leaks in 1 file.\n")
    assert SOURCE_KEY not in (leaky / "a.txt").read_text()


def test_env_finds_the_credentials_of_the_environment_in_every_form(clean, capsys, monkeypatch):
    (clean / "a.txt").write_text(f"'{SOURCE_KEY[:12]}' + '{SOURCE_KEY[12:]}' lp_example lp_sandbox_test_example\n")
    monkeypatch.setenv("LEADPING_SOURCE_KEY", SOURCE_KEY)
    monkeypatch.setenv("LEADPING_API_KEY", "lp_sandbox_test_example")
    monkeypatch.setenv("LEADPING_USER_TOKEN", "lp_example")
    assert main(["scan", str(clean)]) == 0
    assert main(["scan", str(clean), "--env", "--format", "json"]) == 1
    [leak] = json.loads(capsys.readouterr().out.partition("\n")[2])["leaks"]
    assert (leak["encoding"], leak["kind"]) == ("split", "source key")


def test_the_hook_of_pre_commit_names_a_command_that_takes_files(leaky):
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    facts = dict(re.findall(r"^[- ] (\w+): (.+)$", hook, re.MULTILINE))
    assert (facts["id"], facts["language"]) == ("leadping-leaks", "python")
    program, *arguments = shlex.split(facts["entry"])
    command = [str(Path(sys.executable).parent / program), *arguments, str(leaky / "a.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "a.txt: text, line 2: source key #" in done.stdout


def test_a_reader_who_has_enough_changes_nothing_of_how_it_ends(leaky):
    (leaky / "b.txt").write_text("".join(f"{SOURCE_KEY} {number}\n" for number in range(5_000)))
    command = [sys.executable, "-m", "leadping_nb", "scan", str(leaky)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline().startswith(str(leaky))
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 1


def test_fix_that_is_declined_still_writes_its_report_for_programs(leaky, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert main(["scan", str(leaky), "--fix", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["leaks"][0]["line"] == 2
