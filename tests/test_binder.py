"""Binder's environment: locked, of the intended Python, without test tools, with a sandbox that runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHON = "3.12"
NEEDED_BY_JUPYTERLAB = {"nbclient", "nbconvert", "nbformat"}  # test tools of ours that it brings along itself


def locked():
    """The lock: versions by name, and how many hashes each has."""
    entries = (BINDER / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    packages = {}
    for entry in entries:
        if entry and not entry.startswith("#"):
            requirement, *hashes = entry.split("--hash=sha256:")
            name, version = re.fullmatch(r"([a-z0-9-]+)==(\S+)", requirement.strip()).groups()
            packages[name] = (version, [found.strip() for found in hashes])
    return packages


def required(*texts):
    return [Requirement(text) for text in texts]


def test_every_package_is_pinned_with_hashes():
    packages = locked()
    assert len(packages) > 50
    for name, (_, hashes) in packages.items():
        assert hashes, name
        assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in hashes), name


@pytest.mark.parametrize(
    "requirement",
    required(*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]),
    ids=lambda requirement: requirement.name,
)
def test_the_lock_has_what_the_package_needs_to_run_and_to_be_built(requirement):
    version, _ = locked()[canonicalize_name(requirement.name)]
    assert version in requirement.specifier


def test_the_lock_has_no_test_tool_and_no_browser():
    extras = {
        canonicalize_name(requirement.name)
        for texts in PROJECT["project"]["optional-dependencies"].values()
        for requirement in required(*texts)
    }
    assert extras & set(locked()) <= NEEDED_BY_JUPYTERLAB
    assert not [name for name in locked() if re.search("playwright|selenium|chrom|pytest|coverage", name)]


def test_no_path_or_address_of_a_machine_is_in_the_lock():
    text = (BINDER / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"file:|://|@ |/(opt|tmp|root|home)/", text)


def test_runtime_txt_names_the_python_in_the_form_that_repo2docker_reads():
    # repo2docker splits at the dash and takes major.minor alone; tools/check_binder.py asks repo2docker itself.
    name, _, version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    assert (name, version) == ("python", PYTHON)
    assert f"{version}.0" in SpecifierSet(PROJECT["project"]["requires-python"])


def test_nothing_that_repo2docker_would_prefer_stands_beside_it():
    above_pip = ("Dockerfile", "environment.yml", "environment.yaml", "Pipfile", "Pipfile.lock", "setup.py")
    assert not [name for name in above_pip if (BINDER / name).exists()]
    assert not (ROOT / ".binder").exists()


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_a_script_can_be_executed_and_is_read_by_bash(name):
    script = BINDER / name
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text(encoding="utf-8").startswith("#!/bin/bash\n")
    subprocess.run(["/bin/bash", "-n", script], check=True)


def test_post_build_fetches_nothing():
    installs = [line for line in (BINDER / "postBuild").read_text(encoding="utf-8").splitlines() if "install " in line]
    assert installs == ["pip install --no-cache-dir --no-deps --no-build-isolation ."]


def started(tmp_path, code, *, commands=Path(sys.executable).parent):
    """Run Python through `start` as Binder runs JupyterLab, and end the sandbox afterwards."""
    environment = {"PATH": f"{commands}:/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    environment |= {"BINDER_LAUNCH_HOST": "https://mybinder.org/", "PYTHONPATH": str(ROOT)}
    command = [BINDER / "start", sys.executable, "-c", code]
    process = subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, _ = process.communicate(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    assert process.returncode == 0
    return json.loads(said)


def test_a_session_begins_with_a_sandbox_and_its_address_and_keys(tmp_path):
    code = """if True:
        import json, os
        import leadping_nb as lp
        cred = lp.Credential.from_env()
        with lp.connect(cred, base_url=os.environ["LEADPING_SANDBOX_URL"]) as api:
            sources = len(api.frame("sources"))
        source_key = lp.Credential.from_text(os.environ["LEADPING_SOURCE_KEY"])
        print(json.dumps([cred.origin, cred.is_sandbox, source_key.key_type.value, sources > 0]))
    """
    origin = "LEADPING_API_KEY (passed over: LEADPING_SOURCE_KEY)"
    assert started(tmp_path, code) == [origin, True, "source key", True]
    assert not list(tmp_path.glob("tmp.*")), "keys stay in no file"


def test_a_session_begins_without_a_sandbox_if_there_must_be_none(tmp_path):
    commands = tmp_path / "bin"
    commands.mkdir()
    broken = commands / "leadping-nb"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    code = "import json, os; print(json.dumps(os.environ['LEADPING_SANDBOX_URL']))"
    assert started(tmp_path, code, commands=commands) == ""


def links():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = [re.findall(r"https://mybinder\.org/v2/[^\s)>\"`]+", page.read_text(encoding="utf-8")) for page in pages]
    return sorted({link for of_page in found for link in of_page})


def test_a_link_is_documented():
    assert links()


@pytest.mark.parametrize("link", links())
def test_every_binder_link_opens_a_notebook_that_is_there(link):
    (place,) = parse_qs(urlsplit(link).query)["urlpath"]
    assert place.startswith("lab/tree/notebooks/")
    assert (ROOT / place.removeprefix("lab/tree/")).is_file()
