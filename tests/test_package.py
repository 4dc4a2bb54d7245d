"""Promises of the package as a whole: its names, its import, its layers, its types, its style."""

import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import leadping_nb as lp

ROOT = Path(__file__).parent.parent
HEAVY = (
    "pandas", "numpy", "pyarrow", "msgspec", "ipywidgets", "IPython", "starlette", "uvicorn", "httpx", "jwt", "rich",
    "matplotlib", "PIL", "dask", "phonenumbers", "email_validator", "xxhash",
)  # fmt: skip


def run(*command, **how):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, **how)


@pytest.mark.parametrize(
    "name",
    [
        "Credential", "KeyType", "contract", "permissions", "discover", "discovery_steps", "parse_www_authenticate",
        "inspect_token", "connect", "to_frame", "Sandbox", "Discovery", "LeadpingError", "CredentialError",
        "NotAllowedError", "TransportError", "ApiError", "UnauthorizedError", "ForbiddenError", "NotFoundError",
        "RateLimitedError", "InvalidRequestError", "ServerError", "ResponseError", "Secret", "IncompleteFrameWarning",
    ],
)  # fmt: skip
def test_public_names_are_there_and_documented(name):
    assert name in lp.__all__
    assert getattr(lp, name).__doc__


def test_every_public_name_can_be_loaded_and_listed():
    assert set(lp.__all__) <= set(dir(lp))
    for name in lp.__all__:
        assert getattr(lp, name) is not None


def test_completion_offers_public_names_and_nothing_else():
    offered = {name for name in dir(lp) if not name.startswith("__")}
    assert offered == {*lp.__all__, "charts", "workshop"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("conect", "has no attribute 'conect'. Did you mean: 'connect'?"),
        ("Credentials", "has no attribute 'Credentials'. Did you mean: 'Credential'?"),
        ("workshops", "has no attribute 'workshops'. Did you mean: 'workshop'?"),
        ("xyzzy", "has no attribute 'xyzzy'"),
        ("_connect", "has no attribute '_connect'"),
    ],
)
def test_an_unknown_name_is_an_attribute_error_that_names_the_nearest(name, said):
    with pytest.raises(AttributeError) as caught:
        getattr(lp, name)
    assert str(caught.value) == f"module 'leadping_nb' {said}"


def test_no_public_name_is_the_name_of_a_module():
    modules = {module.name for module in pkgutil.iter_modules(lp.__path__)}
    assert modules & set(lp.__all__) == set()


def test_every_module_says_in_its_docstring_what_it_is():
    for module in pkgutil.walk_packages(lp.__path__, "leadping_nb."):
        if not module.name.endswith("__main__"):
            assert import_module(module.name).__doc__, module.name


def test_the_import_loads_nothing_heavy():
    code = f"import leadping_nb, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert run(sys.executable, "-c", code).stdout.strip() == "[]"


def test_recognising_a_credential_loads_nothing_heavy():
    code = (
        "import leadping_nb as lp, sys; lp.permissions(lp.Credential.from_text('lp_example')).check('GET', '/leads/1');"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert run(sys.executable, "-c", code).stdout.strip() == "[]"


def test_the_first_card_loads_its_widgets_and_nothing_else_that_is_heavy():
    code = (
        "import leadping_nb as lp, sys; lp.ask();"
        f"print([name for name in {HEAVY!r} if name in sys.modules and name not in ('ipywidgets', 'IPython')])"
    )
    assert run(sys.executable, "-c", code).stdout.strip() == "[]"


def test_every_error_has_a_hint():
    for name in lp.__all__:
        value = getattr(lp, name)
        if isinstance(value, type) and issubclass(value, lp.LeadpingError):
            assert value.hint.endswith("."), name


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=" ".join,
)
def test_the_gates_pass(command):
    done = run(str(Path(sys.executable).parent / command[0]), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_tracked_file_holds_a_path_of_a_machine():
    tracked = run("git", "ls-files").stdout.split()
    private = ("/" + "work/", "/" + "root/", "/" + "home/")
    for name in tracked:
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        assert not [path for path in private if path in text], name


def test_the_code_map_is_true():
    from tools.write_map import written

    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert text == written(text)


def test_stored_notebooks_are_clean_and_nbval_sanitises_what_they_store():
    from leadping_nb.notebooks import VARYING, blemishes

    for path in sorted((ROOT / "notebooks").glob("**/*.ipynb")):
        assert blemishes(path) == [], path.name
    sanitised = (ROOT / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8")
    for _, replacement in VARYING:
        assert f"replace: {replacement}" in sanitised


def test_loading_a_contract_is_quick_because_its_data_are_small():
    data = ROOT / "leadping_nb" / "data"
    assert max(path.stat().st_size for path in data.glob("*.json")) < 100_000
