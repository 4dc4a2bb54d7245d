"""What IPython shows of an error of ours: the reader's lines and the message, and the rest on request."""

import json
import subprocess
import sys

import pytest

import leadping_nb as lp
from leadping_nb.errors import LeadpingError
from leadping_nb.tracebacks import without_inside

CELLS = {
    "a name with a slip": "api.frame('leadz')",
    "in a function of theirs": "def mine():\n    return api.frame('leadz')\nmine()",
    "from what a library raised": "lp.to_frame(b'{')",
    "in an except block": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    api.frame('leadz')",
    "in what we call back": "api.frame('leads', progress=Mine())",
    "raised by themselves": "raise lp.LeadpingError('Mine.')",
    "kept": "try:\n    api.frame('leadz')\nexcept lp.LeadpingError as error:\n    kept = error\nraise kept",
    "minimal": "%xmode Minimal\napi.frame('leadz')",
    "verbose": "%xmode Verbose\nlp.to_frame(b'{')",
}
RUNS = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell, cells, shown = InteractiveShell.instance(), json.load(sys.stdin), {}
shell.run_cell('''
import leadping_nb as lp
from leadping_nb.progress import Progress
class Mine(Progress):
    def advance(self, *args, **more):
        raise lp.LeadpingError("Stopped by the reader.")
sandbox = lp.Sandbox()
api = lp.connect(sandbox.user_token, base_url=sandbox.url)
''', silent=True)
shell._showtraceback = lambda kind, error, lines: shown.update({name: "\\n".join(lines)})
shell.run_line_magic("colors", "nocolor")
for name, cell in cells.items():
    shell.run_cell(cell)
name = "whole"
shown[name] = [len(__import__("traceback").extract_tb(shell.user_ns["kept"].__traceback__)) > 3,
               getattr(shell.user_ns["kept"], "__notes__", None)]
print("\\n" + json.dumps(shown))
"""


@pytest.fixture(scope="module")
def shown():
    run = subprocess.run(
        [sys.executable, "-c", RUNS], input=json.dumps(CELLS), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("case", ["a name with a slip", "in a function of theirs", "kept"])
def test_the_readers_lines_and_the_message_are_all(shown, case):
    assert "api.frame('leadz')" in shown[case]
    assert "There is no resource 'leadz'." in shown[case]
    assert ".py" not in shown[case]
    assert "3 frames inside of leadping_nb not shown; %xmode Verbose shows all from now on." in shown[case]


def test_what_a_library_raised_below_is_not_shown(shown):
    assert "lp.to_frame(b'{')" in shown["from what a library raised"]
    assert "JSONDecodeError" not in shown["from what a library raised"]


def test_an_error_that_the_reader_was_about_stays(shown):
    before, _, after = shown["in an except block"].partition("During handling of the above exception")
    assert "ZeroDivisionError: division by zero" in before
    assert "There is no resource 'leadz'." in after
    assert ".py" not in after


def test_where_we_call_the_reader_back_all_is_shown(shown):
    assert 'raise lp.LeadpingError("Stopped by the reader.")' in shown["in what we call back"]
    assert "api.py" in shown["in what we call back"]
    assert "not shown" not in shown["in what we call back"]


def test_an_error_that_is_the_readers_alone_has_nothing_left_out(shown):
    assert "LeadpingError: Mine." in shown["raised by themselves"]
    assert "not shown" not in shown["raised by themselves"]


def test_other_modes_are_kept_to(shown):
    assert shown["minimal"].startswith("LeadpingError: There is no resource 'leadz'.")
    assert "reading.py" in shown["verbose"]
    assert "JSONDecodeError" in shown["verbose"]
    assert "not shown" not in shown["verbose"]


def test_the_error_itself_stays_whole(shown):
    assert shown["whole"] == [True, None]


def test_a_traceback_without_a_line_of_the_readers_is_left_whole():
    with pytest.raises(LeadpingError) as caught:
        lp.to_frame(3)
    ours = caught.value.__traceback__.tb_next
    assert without_inside(ours) == (ours, 0)
    assert without_inside(None) == (None, 0)
    kept, count = without_inside(caught.value.__traceback__)
    assert kept.tb_next is None
    assert count >= 1
