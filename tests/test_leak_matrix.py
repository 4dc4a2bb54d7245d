"""The matrix of leaks: each way in which a credential comes in × each object × each way to show it, in real kernels.

The guard of outputs is off, so that it is the objects themselves that show nothing.
"""

import inspect
import json
import secrets
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from leak_tour import WAYS

import leadping_nb as lp
from leadping_nb import Sandbox
from leadping_nb.credential import VARIABLES
from leadping_nb.disguises import disguises

TESTS = Path(__file__).parent
OF_NO_INSTANCE = {
    "Sandbox": "it issues credentials, and is no place where one comes in",
    "ForgeryBench": "it forges tokens of a sandbox",
    "OutputGuard": "it holds the kernel, and is looked into by tests of its own",
    "GuardTest": "it starts kernels of its own, which its tests look into",
}
"""Public classes that the tour makes no object of, each with the reason."""

SET_UP = """
import json, logging, sys
from pathlib import Path
sys.path.insert(0, TESTS)
logging.basicConfig(level=logging.DEBUG, filename=LOG, force=True)
import leadping_nb as lp
from leak_tour import WAYS, tour
from leak_views import objects, shown
lp.guard_outputs(False)
"""
BY_A_WAY = "credentials = WAYS[WAY](lambda: json.loads(Path(TEXTS).read_text()))"
BY_LITERAL = "credentials = [lp.Credential.from_text(text) for text in {}]"
TOUR = """
get_ipython().run_line_magic("reset", "-f in")  # what was typed is kept by IPython, as the notebook keeps it
made = tour(credentials, URL, Path(OUT))
"""
SHOW = """
with open(VIEWS, "w", errors="surrogatepass") as views:
    for name, few in objects().items():
        for thing in few:
            for view, text in shown(thing):
                views.write(f"{name} by {view}: {text}\\n")
                print(f"{name} by {view}: {text[:2_000]}")
"""
DISPLAY = """
for thing in made:
    display(thing)
{name: value for name, value in globals().items() if name not in ("In", "_ih", "_i", "_ii", "_iii")}
"""


def found_in(text, texts):
    """Give the forms in which a text holds a secret, each with the lines around it."""
    return [
        (name, text[max(0, text.index(form) - 120) :][:60])
        for one in texts
        for form, name in disguises(one).items()
        if form in text
    ]


@pytest.fixture(scope="module")
def service():
    with Sandbox(leads=60) as sandbox:
        yield sandbox, [sandbox.user_token, sandbox.business_key, sandbox.source_key]


@pytest.fixture(scope="module", params=[*WAYS, "literal"])
def ran(request, service, tmp_path_factory):
    """A notebook that ran the tour, with its widget state, and the folder of all that it wrote."""
    sandbox, secrets = service
    folder = tmp_path_factory.mktemp(request.param)
    (texts := folder / "texts.json").write_text(json.dumps(secrets))
    (out := folder / "out").mkdir()
    constants = {"TESTS": str(TESTS), "WAY": request.param, "TEXTS": str(texts), "URL": sandbox.url, "OUT": str(out)}
    constants |= {"LOG": str(out / "debug.log"), "VIEWS": str(out / "views.txt")}
    head = "\n".join(f"{name} = {value!r}" for name, value in constants.items())
    enter = BY_LITERAL.format(secrets) if request.param == "literal" else BY_A_WAY
    cells = [head + SET_UP, enter, TOUR, SHOW, DISPLAY]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, store_widget_state=True, timeout=300, kernel_name="python3").execute()
    texts.unlink()
    notebook.cells[1].source = ""  # a literal in code is in the code
    return notebook, out


def test_no_view_of_any_object_shows_a_credential(ran, service):
    notebook, _ = ran
    text = nbformat.writes(notebook)
    assert "leadping_nb.credential.Credential by repr: <Credential " in text
    assert "widget-state+json" in text
    assert found_in(text, service[1]) == []


def test_nothing_that_was_written_holds_a_credential(ran, service):
    _, out = ran
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".log", ".parquet", ".csv", ".pickle", ".json"}
    assert "httpcore" in (out / "debug.log").read_text()
    for path in files:
        assert found_in(str(path) + path.read_bytes().decode("latin-1"), service[1]) == [], path


def test_every_public_class_has_an_object_in_the_matrix(ran):
    notebook, _ = ran
    text = "".join(output.text for output in notebook.cells[3].outputs if output.output_type == "stream")
    public = {name: getattr(lp, name) for name in lp.__all__}
    classes = {name: kind for name, kind in public.items() if inspect.isclass(kind)}
    missing = [name for name, kind in classes.items() if f"{kind.__module__}.{kind.__qualname__} by repr" not in text]
    assert {name for name in missing if not issubclass(classes[name], Warning | lp.LeadpingError)} == {*OF_NO_INSTANCE}


def test_the_search_finds_what_is_there(service):
    for secret in service[1]:
        for form in disguises(secret):
            assert found_in(f"before {form} after", service[1])


# -- processes that end badly ------------------------------------------------------------------------------------------

CRASH = """
import sys
import rich.traceback
rich.traceback.install(show_locals=True)
from leadping_nb.cli import main, scan
def broken(*_, **__):
    raise RuntimeError("Something broke.")
scan.leak_check = broken
sys.argv = ["leadping-nb", "scan", "--env", "."]
main()
"""


def test_a_command_that_crashes_shows_no_credential(tmp_path):
    key = f"lp_test_{secrets.token_hex(16)}"  # a live one, by its looks
    environ = {"PATH": "", "HOME": str(tmp_path), "COLUMNS": "200", VARIABLES[1]: key}
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", CRASH]
    crashed = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=tmp_path)
    assert crashed.returncode == 1
    assert "Something broke." in crashed.stderr
    assert "business key · #" in crashed.stderr  # the traceback shows the variables, and this is what it shows of it
    assert found_in(crashed.stdout + crashed.stderr, [key]) == []


def test_uvicorn_and_asyncio_log_no_credential_at_debug_level(service, tmp_path):
    program = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1])
import leadping_nb as lp
with lp.Sandbox(leads=5) as sandbox, lp.connect(sandbox) as api:
    api.frame("leads", progress=False)
    print(sandbox.user_token, sandbox.business_key)
"""
    log = tmp_path / "debug.log"
    ran = subprocess.run([sys.executable, "-c", program, str(log)], capture_output=True, text=True, check=True)
    assert "httpcore" in log.read_text()
    assert found_in(log.read_text(), ran.stdout.split()) == []
