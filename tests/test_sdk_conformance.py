"""Both releases of the official SDK against the sandbox of their revision: every read, but for the SDK's own faults."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from leadping_nb.contracts import REVISIONS, SDK_RELEASES, contract

ROOT = Path(__file__).parent.parent
JULY, OCTOBER = "2026-07-05", "2026-10-26"
# One release is installed; the other is fetched as pip fetches what is installed, and known by its hash.
WHEEL = "leadping==1.0.83 --hash=sha256:8d32f0d8bb4e8a9f96027c61f979f5d3856903a978691ecce225aa2826460138"

# The faults of the SDK itself, by what it raises. Who mends one takes it out of here.
FAULTY_READS = {
    JULY: {"GET /leads/{id}": ("ImportError", "Phone_lookup")},
    OCTOBER: {},
}
FAULTY_MODELS = {
    JULY: {"LeadContact_phone": "ImportError", "Phone": "ImportError"},
    OCTOBER: {
        "PhoneIdentityResponse_lookup": "ImportError",
        "PhoneLookup": "ImportError",
        "leadping.models.phone_lookup_carrier": "ImportError",
    },
}
# Kiota looks an enumeration's value up by the name that it has in Python, which has no blanks.
FAULTY_VALUES = {
    JULY: {
        "callWarmupStage": ["Stage 0", "Stage 1", "Stage 2", "Stage 3"],
        "callWarmupState": ["Not Eligible", "Not Started"],
    },
    OCTOBER: {
        "warmup.callStage": ["Stage 1", "Stage 2", "Stage 3", "Stage 4"],
        "warmup.healthStatus": ["Not Evaluated"],
        "warmup.state": ["In Progress"],
    },
}
REDIRECTED = "GET /reports/exports/{exportId}/download"  # no fault: no credential follows a redirect


@pytest.fixture(scope="module")
def october(request):
    """The folder of October's release."""
    folder = request.config.cache.mkdir("leadping-1.0.83")
    if not (folder / "leadping").is_dir():
        wanted = folder / "requirements.txt"
        wanted.write_text(WHEEL, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", str(wanted)]
        done = subprocess.run([*pip, "-d", str(folder)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            assert "CI" not in os.environ, done.stderr
            pytest.skip("leadping 1.0.83 cannot be fetched here")
        (wheel,) = folder.glob("*.whl")
        zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture(scope="module", params=[JULY, OCTOBER])
def found(request):
    """What the reads of a revision gave, by its release."""
    path = [str(ROOT)] if request.param == JULY else [str(request.getfixturevalue("october")), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    command = [sys.executable, "-m", "tests.sdk_child", request.param]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {"revision": request.param, **json.loads(done.stdout)}


def test_the_release_is_the_one_of_the_revision(found):
    assert found["release"] == SDK_RELEASES[found["revision"]]


def test_each_revision_has_its_release():
    assert tuple(SDK_RELEASES) == REVISIONS


def test_every_read_was_made_and_deserialises_but_for_the_faults_of_the_sdk_itself(found):
    revision, reads = found["revision"], found["reads"]
    assert set(reads) == {entry.id for entry in contract(revision).operations if entry.effect == "read"}
    raised = {name: entry for name, entry in reads.items() if entry["raised"] is not None}
    assert raised.pop(REDIRECTED)["status"] == 302
    faults = FAULTY_READS[revision]
    assert {name: entry["raised"] for name, entry in raised.items()} == {
        name: kind for name, (kind, _) in faults.items()
    }
    for name, (_, said) in faults.items():
        assert said in raised[name]["said"]
    assert [name for name, entry in reads.items() if entry["raised"] is None and not entry["came"]] == []


def test_every_list_that_it_reads_becomes_a_frame_with_the_columns_of_the_model(found):
    lists = {entry.id for entry in contract(found["revision"]).operations if entry.effect == "read" and entry.is_list}
    assert {name for name, entry in found["reads"].items() if entry.get("columns")} == lists


def test_the_values_of_a_list_are_those_of_our_frame_but_for_the_ones_that_it_leaves_out(found):
    assert found["lost"] == FAULTY_VALUES[found["revision"]]


def test_the_models_that_cannot_be_used_are_those_that_we_know(found):
    assert found["broken"] == FAULTY_MODELS[found["revision"]]


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_a_snippet_calls_is_there_under_either_contract_and_what_is_not_there_is_refused(found, revision):
    snippets = found["snippets"][revision]
    assert snippets["dead"] == []
    known = {entry.id for entry in contract(found["revision"]).operations}
    assert snippets["refused"] == [name for name in snippets["asked"] if name not in known]
    assert (snippets["refused"] == []) == (revision == found["revision"])


def test_what_a_snippet_writes_as_a_member_of_a_body_is_one(found):
    assert found["missing"] == []
