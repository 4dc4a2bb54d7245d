"""What IPython shows of an error of ours: the reader's lines and the message, and the rest on request."""

import json
import site
import subprocess
import sys
from pathlib import Path

import pytest

import leadping_nb as lp
from leadping_nb.errors import LeadpingError
from leadping_nb.progress import Progress
from leadping_nb.tracebacks import without_inside

CELLS = {
    "a name with a slip": "api.frame('leadz')",
    "in a function of theirs": "def mine():\n    return api.frame('leadz')\nmine()",
    "from what a library raised": "lp.to_frame(b'{')",
    "in an except block": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    api.frame('leadz')",
    "in what we call back": "api.frame('leads', progress=Mine())",
    "raised by themselves": "raise lp.LeadpingError('Mine.')",
    "kept": "try:\n    api.frame('leadz')\nexcept lp.LeadpingError as error:\n    kept = error\nraise kept",
    "noted": "try:\n    mine()\nexcept lp.LeadpingError as error:\n    (noted := error).add_note('Mine.')\nraise noted",
    "noted again": "raise noted",
    "in an except block, from a library": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    lp.to_frame(b'{')",
    "of a class that takes more": "raise Two('Bad', 'leads.').with_traceback(kept.__traceback__) from ValueError(1)",
    "of a class that makes no message": "raise Bare(404)",
    "plain, in a widget": "%xmode Plain\nout = ipywidgets.Output()\nwith out:\n    mine()",
    "minimal": "%xmode Minimal\napi.frame('leadz')",
    "verbose": "%xmode Verbose\nlp.to_frame(b'{')",
}
RUNS = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell, cells, shown = InteractiveShell.instance(), json.load(sys.stdin), {}
shell.run_cell('''
import ipywidgets
import leadping_nb as lp
from leadping_nb.progress import Progress
class Mine(Progress):
    def advance(self, *args, **more):
        raise lp.LeadpingError("Stopped by the reader.")
class Two(lp.LeadpingError):
    def __new__(cls, first, second):
        return super().__new__(cls, first)
    def __init__(self, first, second):
        super().__init__(f"{first} {second}")
class Bare(lp.LeadpingError):
    def __init__(self, status):
        self.status = status
sandbox = lp.Sandbox()
api = lp.connect(sandbox.user_token, base_url=sandbox.url)
''', silent=True)
shell._showtraceback = lambda kind, error, lines: shown.update({name: "\\n".join(lines)})
shell.run_line_magic("colors", "nocolor")
for name, cell in cells.items():
    shell.run_cell(cell)
    if name == "noted again":
        shown["debugged"] = shell.InteractiveTB.tb is shell.user_ns["noted"].__traceback__
name = "whole"
shown["notes"] = shell.user_ns["noted"].__notes__
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


def test_that_stays_also_where_a_library_of_ours_raised_in_between(shown):
    before, _, after = shown["in an except block, from a library"].partition("During handling of the above exception")
    assert "ZeroDivisionError: division by zero" in before
    assert "A page is no JSON" in after
    assert "JSONDecodeError" not in shown["in an except block, from a library"]


def test_notes_of_the_reader_are_shown_and_stay_the_only_ones(shown):
    for case in ("noted", "noted again"):
        assert "\nMine.\n" in shown[case]
        assert shown[case].count("not shown") == 1
    assert shown["notes"] == ["Mine."]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("of a class that takes more", "Two: Bad leads. Read the message, then run the cell again."),
        ("of a class that makes no message", "Bare: 404 Read the message, then run the cell again."),
    ],
)
def test_an_error_of_a_class_of_theirs_is_shown_however_it_is_made(shown, case, message):
    assert message in shown[case]
    assert ".py" not in shown[case]


def test_where_the_traceback_begins_with_the_readers_line_it_is_shown_too(shown):
    assert shown["plain, in a widget"].index("\n    mine()") < shown["plain, in a widget"].index("api.frame('leadz')")


def test_the_debugger_begins_with_the_whole_traceback(shown):
    assert shown["debugged"] is True


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


def raised_in(file, code, **names):
    """Give the traceback of an error that code of a file raises."""
    with pytest.raises(LeadpingError) as caught:
        exec(compile(code, file, "exec"), names)  # noqa: S102  # code of a file that is nowhere
    return caught.value.__traceback__


def test_a_file_beside_the_package_is_the_readers():
    beside = str(Path(lp.__file__).parent) + "_of_mine/leads.py"
    kept, count = without_inside(raised_in(beside, "lp.to_frame(3)", lp=lp))
    assert kept.tb_next.tb_frame.f_code.co_filename == beside
    assert kept.tb_next.tb_next is None
    assert count >= 1


def test_a_library_that_was_installed_for_one_user_is_not_the_readers(small_sandbox):
    library = str(Path(site.getusersitepackages(), "bars.py"))
    names = {"lp": lp, "Progress": Progress}
    code = "class Bar(Progress):\n    def advance(self, *args, **more):\n        raise lp.LeadpingError('No.')\n"
    exec(compile(code, library, "exec"), names)  # noqa: S102  # code of a file that is nowhere
    with lp.connect(small_sandbox) as api:
        kept, count = without_inside(raised_in("leads.py", "api.frame('leads', progress=Bar())", api=api, **names))
    assert kept.tb_next.tb_frame.f_code.co_filename == "leads.py"
    assert kept.tb_next.tb_next is None
    assert count >= 1
