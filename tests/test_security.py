"""SECURITY.md against the tests that it names, and the tool that asks for advisories."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"(?m)^\| (?!claim|---)(.+) \| (.+) \| (.+) \|$", PAGE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


@pytest.mark.parametrize(("claim", "whom", "tests"), ROWS, ids=lambda text: text[:30])
def test_each_claim_names_whom_it_protects_from_and_its_tests(claim, whom, tests):
    assert len(claim) > 20
    assert whom
    assert re.fullmatch(r"(?:`tests/[\w/]+\.py::test_\w+`(?:, )?)+", tests)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_test_that_is_named_is_there(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_is_a_claim_for_each_part_of_the_toolkit_that_guards():
    files = {Path(file).name for file, _ in NAMED}
    assert files >= {
        "test_leak_matrix.py",
        "test_guard.py",
        "test_save_guard.py",
        "test_kept_nowhere.py",
        "test_session.py",
    }
    assert len(ROWS) >= 15


@pytest.mark.parametrize(
    ("printed", "code", "said"),
    [
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', 0, "1 of 1 packages audited, 0 advisories."),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}', 1, "a 1: CVE-1"),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', 0, "cannot be reached here"),
        ("no network", 0, "cannot be reached here"),
    ],
)
def test_the_audit_says_what_came_of_it(tmp_path, printed, code, said):
    (tmp_path / "pip_audit.py").write_text(f"print({printed!r})")
    command = [sys.executable, str(ROOT / "tools" / "audit.py")]
    run = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)})
    assert (run.returncode, said in run.stdout) == (code, True)
