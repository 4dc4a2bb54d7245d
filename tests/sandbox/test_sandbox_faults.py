from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox import Fault, Faults, Sandbox
from leadping_nb.sandbox.answers import Call
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.lessons import fault_lab
from leadping_nb.sandbox.readings import Reading


def leads(client: httpx.Client, sandbox: Sandbox, **options: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.business_key}"}
    return client.post(sandbox.url + "/leads/all/my", json=options, headers=headers)


def test_every_fault_says_what_it_does_teaches_and_expects(sandbox: Sandbox) -> None:
    assert len(sandbox.faults) == len(FAULTS) == len({fault.name for fault in FAULTS})
    for fault in sandbox.faults:
        assert re.fullmatch(r"[a-z0-9_]+", fault.name)
        assert re.fullmatch(r"[A-Za-z].*\.", fault.what)
        assert re.fullmatch(r"[A-Za-z].*\.", fault.teaches)
        assert re.fullmatch(r"[a-z0-9].*[^.]", fault.expected)
        hooks = [fault.instead, fault.answer, fault.document, fault.page, fault.token, fault.sealed]
        assert hooks != [None] * 6
        with sandbox.faults.on(fault.name) as switched:
            assert sandbox.faults.active == (fault.name,)
            assert switched is sandbox.faults[fault.name]
    assert sandbox.faults.active == ()


def test_every_fault_stands_in_the_fault_lab_with_its_four_texts() -> None:
    listed = fault_lab().frame
    for fault in FAULTS:
        (row,) = listed[listed["fault"] == fault.name].to_numpy().tolist()
        assert row == [fault.area, fault.name, fault.what, fault.teaches, fault.expected]
    assert (listed["area"] == "call").sum() >= 50


def test_every_fault_of_calls_the_wire_and_lists_has_a_test_that_names_it() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*_faults.py"))
    assert [fault.name for fault in FAULTS if fault.area == "call" and f'"{fault.name}"' not in tests] == []


def test_an_unknown_fault_names_the_nearest(sandbox: Sandbox) -> None:
    with pytest.raises(LeadpingError, match="rate_limited"):
        sandbox.faults.on("rate_limit")
    with pytest.raises(LeadpingError):
        sandbox.faults.off("nothing_like_it")
    sandbox.faults.off("reset")


def test_a_fault_ends_after_its_times(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("server_error", times=2)
    assert [leads(client, sandbox).status_code for _ in range(3)] == [500, 500, 200]
    assert sandbox.faults.active == ()


def test_a_fault_lets_the_first_answers_pass(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("server_error", after=2, times=1, path="/leads/all/my")
    assert client.get(sandbox.url + "/users/me").status_code == 401  # another path is not counted
    assert [leads(client, sandbox).status_code for _ in range(4)] == [200, 200, 500, 200]
    assert sandbox.faults.active == ()


def test_what_passes_first_is_counted_like_what_is_changed(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("no_challenge", after=1, times=1)
    assert leads(client, sandbox).status_code == 200  # it has no challenge to lose
    seen = ["www-authenticate" in client.get(sandbox.url + "/users/me").headers for _ in range(3)]
    assert seen == [True, False, True]


def test_two_faults_that_answer_take_turns_in_order(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("server_error", after=1, times=1)
    sandbox.faults.on("unavailable", times=2)
    assert [leads(client, sandbox).status_code for _ in range(4)] == [503, 500, 503, 200]


def test_tokens_are_counted_too() -> None:
    faults = Faults((Fault("no_kid", "drops it", "kid", "none", token=lambda header, claims: ({}, claims)),))
    faults.on("no_kid", after=1, times=1)
    assert [faults.token({"kid": "a"}, {})[0] for _ in range(3)] == [{"kid": "a"}, {}, {"kid": "a"}]


def test_only_changed_answers_count(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("no_challenge", times=1)
    assert leads(client, sandbox).status_code == 200
    assert sandbox.faults.active == ("no_challenge",)
    assert "www-authenticate" not in client.get(sandbox.url + "/users/me").headers
    assert "www-authenticate" in client.get(sandbox.url + "/users/me").headers


def test_a_fault_can_be_confined_to_a_path_and_then_reaches_documents(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("html_with_200", path="/.well-known/*"):
        answer = client.get(sandbox.website + "/.well-known/oauth-authorization-server")
        assert leads(client, sandbox).headers["content-type"] == "application/json"
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    with sandbox.faults.on("unavailable", path="/auth.md"):
        assert client.get(sandbox.website + "/auth.md").status_code == 503


def test_new_rows_reach_documents_pages_and_tokens() -> None:
    def slash(name: str, document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "issuer": document["issuer"] + "/"} if "issuer" in document else document

    faults = Faults(
        (
            Fault("issuer_slash", "adds a slash", "identity", "a finding", document=slash),
            Fault("lying_total", "lies", "counts", "a note", page=lambda reading, page: {**page, "totalCount": 7}),
            Fault("no_kid", "drops it", "kid", "a failed check", token=lambda header, claims: ({}, claims)),
        )
    )
    faults.on("issuer_slash", times=1)
    assert faults.document("jwks", {"keys": []}, "/x") == {"keys": []}
    assert faults.document("openid-configuration", {"issuer": "http://a"}, "/x") == {"issuer": "http://a/"}
    assert faults.active == ()
    faults.on("lying_total", path="/leads/*")
    reading = Reading([{"id": 1}], start=0, size=50, counted=True)
    assert faults.page(reading, "/events/all/my")["totalCount"] == 1
    assert faults.page(reading, "/leads/all/my")["totalCount"] == 7
    with faults.on("no_kid"):
        assert faults.token({"kid": "a"}, {"sub": "b"}) == ({}, {"sub": "b"})
    assert faults.token({"kid": "a"}, {}) == ({"kid": "a"}, {})
    assert repr(faults) == "<Faults: 3 known, on: lying_total>"
    assert Call("GET", "/").query == {}
