from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from leadping_nb.discovery import discover
from leadping_nb.errors import LeadpingError, TransportError
from leadping_nb.findings import RULES, Absence, Evidence, judge
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.faults import Fault
from leadping_nb.sandbox.lessons import fault_lab
from leadping_nb.session.exchange import Limits
from leadping_nb.session.fetch import Fetcher

TAUGHT = [fault for fault in FAULTS if fault.area != "call"]
TRIED = [fault.name for fault in TAUGHT if fault.takes is None]
SERVER = "/.well-known/oauth-authorization-server"


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
    assert discover(lab_sandbox.url).findings == ()  # it is clean again


def test_a_slow_drip_ends_at_the_deadline_and_is_a_finding(lab_sandbox: Sandbox) -> None:
    assert [fault.name for fault in TAUGHT if fault.takes] == ["metadata_drip"]
    fault, url = lab_sandbox.faults["metadata_drip"], lab_sandbox.website + SERVER
    with Fetcher(loopback=True, limits=Limits(total=0.3)) as fetcher:
        assert fetcher.fetch(url).ok
        with lab_sandbox.faults.on("metadata_drip"), pytest.raises(TransportError) as raised:
            fetcher.fetch(url)
        assert fetcher.fetch(url).ok
    absence = Absence(raised.value.message, raised.value.reason)
    found = judge(Evidence(lab_sandbox.url, {}, failures={url: absence}, walked=True, first_status=401))
    assert (fault.finding, fault.severity) in [(finding.code, finding.severity) for finding in found]


def test_a_paced_body_arrives_whole_for_who_waits(
    lab_sandbox: Sandbox, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = lab_sandbox.website + "/auth.md"
    whole = client.get(url).content
    paced = Fault("paced", "", "", "", answer=lambda call, answer: replace(answer, pace=0.0), path="/auth.md")
    monkeypatch.setitem(lab_sandbox.faults._table, "paced", paced)
    with lab_sandbox.faults.on("paced"):
        assert client.get(url).content == whole


def test_two_challenges_are_two(lab_sandbox: Sandbox) -> None:
    with lab_sandbox.faults.on("two_challenges"):
        schemes = [challenge.scheme for challenge in discover(lab_sandbox.url).challenges]
    assert schemes == ["Negotiate", "Basic", "Bearer"]


@pytest.mark.parametrize(
    "change",
    [{"finding": "as-issuer"}, {"finding": None}, {"severity": "note"}, {"verdict": "invalid"}, {"check": "key"}],
)
def test_another_outcome_than_expected_is_marked(
    change: dict[str, Any], lab_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(lab_sandbox.faults["pkce_missing"], **change)
    monkeypatch.setitem(lab_sandbox.faults._table, "pkce_missing", wrong)
    assert str(fault_lab().try_out(lab_sandbox, "pkce_missing")).startswith("✗")


def test_there_are_more_than_twenty_five_faults_of_discovery_and_tokens() -> None:
    assert len(TAUGHT) == len({fault.name for fault in TAUGHT}) >= 55
    for area, fewest in (("discovery", 18), ("token", 10)):
        assert sum(fault.area == area for fault in TAUGHT) >= fewest


def test_every_fault_names_what_it_expects() -> None:
    codes = {rule.code: rule for rule in RULES}
    for fault in FAULTS:
        assert fault.area in ("call", "discovery", "token")
        assert fault.teaches
        assert fault.expected
        if fault.area == "discovery":
            assert (fault.finding is None) == (fault.severity is None)
            assert fault.finding is None or fault.finding in codes
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
