from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadping_nb.discovery import discover
from leadping_nb.errors import LeadpingError
from leadping_nb.findings import RULES
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.lessons import fault_lab

TRIED = [fault.name for fault in FAULTS if fault.area != "call"]


@pytest.fixture(scope="module")
def lab_sandbox() -> Iterator[Sandbox]:
    with Sandbox(leads=1, rate_limit=None) as started:
        yield started


@pytest.mark.parametrize("name", TRIED)
def test_each_fault_gives_the_verdict_that_we_expect_of_ourselves(name: str, lab_sandbox: Sandbox) -> None:
    trial = fault_lab().try_out(lab_sandbox, name)
    assert trial.as_expected, str(trial)
    assert str(trial).startswith("✓")
    assert lab_sandbox.faults.active == ()


def test_after_all_faults_the_sandbox_is_clean_again(lab_sandbox: Sandbox) -> None:
    assert discover(lab_sandbox.url).findings == ()


def test_there_are_more_than_twenty_five_faults_of_discovery_and_tokens() -> None:
    assert len(TRIED) == len(set(TRIED)) > 45


def test_every_fault_names_what_it_expects() -> None:
    codes = {rule.code: rule for rule in RULES}
    for fault in FAULTS:
        assert fault.area in ("call", "discovery", "token")
        if fault.area == "discovery":
            assert fault.finding in codes
        if fault.area == "token":
            assert fault.verdict in ("valid", "invalid", "unverified")
            assert (fault.check is None) == (fault.verdict == "valid")


def test_the_lab_lists_every_fault_with_what_it_teaches() -> None:
    lab = fault_lab()
    assert len(lab) == len(lab.frame) == len(FAULTS)
    assert list(lab.frame.columns) == ["area", "fault", "what happens", "what it teaches", "what to expect"]
    assert lab.frame["what it teaches"].str.endswith(".").all()
    assert "issuer_with_slash" in str(lab)
    assert f"{len(FAULTS)} faults" in lab._repr_html_()


def test_a_fault_of_calls_is_not_tried_out_here(lab_sandbox: Sandbox) -> None:
    with pytest.raises(LeadpingError, match="a fault of calls"):
        fault_lab().try_out(lab_sandbox, "rate_limited")
    with pytest.raises(LeadpingError, match="no fault"):
        fault_lab().try_out(lab_sandbox, "gremlins")
