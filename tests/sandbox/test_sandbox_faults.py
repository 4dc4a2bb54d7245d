from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox import Fault, Faults, Sandbox
from leadping_nb.sandbox.answers import Call
from leadping_nb.sandbox.fault_table import FAULTS


def leads(client: httpx.Client, sandbox: Sandbox, **options: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.business_key}"}
    return client.post(sandbox.url + "/leads/all/my", json=options, headers=headers)


def test_every_fault_says_what_it_does_teaches_and_expects(sandbox: Sandbox) -> None:
    assert len(sandbox.faults) == len(FAULTS) == len({fault.name for fault in FAULTS})
    for fault in sandbox.faults:
        assert fault.what
        assert fault.teaches
        assert fault.expected
        hooks = [fault.instead, fault.answer, fault.document, fault.page, fault.token, fault.sealed]
        assert hooks != [None] * 6
        with sandbox.faults.on(fault.name) as switched:
            assert sandbox.faults.active == (fault.name,)
            assert switched is sandbox.faults[fault.name]
    assert sandbox.faults.active == ()


def test_an_unknown_fault_names_the_nearest(sandbox: Sandbox) -> None:
    with pytest.raises(LeadpingError, match="rate_limited"):
        sandbox.faults.on("rate_limit")
    with pytest.raises(LeadpingError):
        sandbox.faults.off("nothing_like_it")
    sandbox.faults.off("reset")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("rate_limited", 429),
        ("rate_limited_date", 429),
        ("rate_limited_silent", 429),
        ("unavailable", 503),
        ("server_error", 500),
    ],
)
def test_answers_in_place_of_the_api(name: str, status: int, sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on(name):
        answer = leads(client, sandbox)
        assert client.get(sandbox.url + "/").status_code == 200  # documents are left alone
    assert answer.status_code == status == answer.json()["status"]
    assert leads(client, sandbox).status_code == 200
    retry_after = answer.headers.get("retry-after")
    if name == "rate_limited":
        assert retry_after == "1"
    elif name == "rate_limited_date":
        ahead = parsedate_to_datetime(str(retry_after)) - parsedate_to_datetime(answer.headers["date"])
        assert ahead.total_seconds() in (0, 1, 2)
    else:
        assert retry_after is None


def test_a_fault_ends_after_its_times(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.on("server_error", times=2)
    assert [leads(client, sandbox).status_code for _ in range(3)] == [500, 500, 200]
    assert sandbox.faults.active == ()


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


def test_half_of_the_json_arrives_as_if_it_were_whole(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("not_json"):
        answer = leads(client, sandbox)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        answer.json()


def test_a_reset_breaks_the_connection_and_says_nothing(
    sandbox: Sandbox, client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    with sandbox.faults.on("reset", times=1), pytest.raises(httpx.RemoteProtocolError):
        leads(client, sandbox)
    assert leads(client, sandbox).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_the_cursor_repeats(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("repeated_cursor"):
        first = leads(client, sandbox, pageSize=10).json()["continuationToken"]
        second = leads(client, sandbox, pageSize=10, continuationToken=first).json()["continuationToken"]
    assert first is not None
    assert first == second


def test_problems_can_come_as_text(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("foreign_charset_problem"):
        answer = client.get(sandbox.url + "/users/me")
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-1"
    assert answer.json()["status"] == 401


def test_new_rows_reach_documents_pages_and_tokens() -> None:
    def slash(name: str, document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "issuer": document["issuer"] + "/"} if "issuer" in document else document

    faults = Faults(
        (
            Fault("issuer_slash", "adds a slash", "identity", "a finding", document=slash),
            Fault("lying_total", "lies", "counts", "a note", page=lambda page, options: {**page, "totalCount": 7}),
            Fault("no_kid", "drops it", "kid", "a failed check", token=lambda header, claims: ({}, claims)),
        )
    )
    faults.on("issuer_slash", times=1)
    assert faults.document("jwks", {"keys": []}, "/x") == {"keys": []}
    assert faults.document("openid-configuration", {"issuer": "http://a"}, "/x") == {"issuer": "http://a/"}
    assert faults.active == ()
    faults.on("lying_total", path="/leads/*")
    assert faults.page({"totalCount": 1}, {}, "/events/all/my") == {"totalCount": 1}
    assert faults.page({"totalCount": 1}, {}, "/leads/all/my") == {"totalCount": 7}
    with faults.on("no_kid"):
        assert faults.token({"kid": "a"}, {"sub": "b"}) == ({}, {"sub": "b"})
    assert faults.token({"kid": "a"}, {}) == ({"kid": "a"}, {})
    assert repr(faults) == "<Faults: 3 known, on: lying_total>"
    assert Call("GET", "/").query == {}
