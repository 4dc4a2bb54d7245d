from __future__ import annotations

import copy
import gc
import logging
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import httpx
import pytest

from leadping_nb.contracts import Operation, contract
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.bodies import BodyError, options_from_query
from leadping_nb.sandbox.operations import Operations
from leadping_nb.sandbox.world import World

JULY, OCTOBER = "2026-07-05", "2026-10-26"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def credentials(sandbox: Sandbox) -> Mapping[KeyType | None, str | None]:
    business = KeyType.BUSINESS_API_KEY if sandbox.revision == JULY else KeyType.ORGANIZATION_API_KEY
    return {
        None: None,
        KeyType.USER_TOKEN: sandbox.user_token,
        business: sandbox.business_key,
        KeyType.SOURCE_KEY: sandbox.source_key,
    }


def concrete(operation: Operation) -> str:
    for name in operation.path_parameters:
        operation_path = operation.path.replace("{" + name + "}", "missing")
        operation = Operation(**{**{f: getattr(operation, f) for f in Operation.__slots__}, "path": operation_path})
    return operation.path


def expected(key_type: KeyType | None, operation: Operation) -> set[int]:
    """Say what the contract says, in statuses."""
    verdict = operation.access[key_type].verdict
    is_public = operation.access[None].verdict == "allowed"
    if verdict == "denied" or (verdict == "undocumented" and not is_public):
        return {401} if key_type is None else {403}
    if operation.scope == "source":
        return {201} if operation.method == "GET" else {400}  # an empty body is no lead
    if operation.effect == "write":
        return {501}
    return {operation.success, 404} if operation.path_parameters else {operation.success}


@pytest.mark.parametrize("revision", [JULY, OCTOBER])
def test_every_operation_answers_every_credential_as_the_contract_says(
    revision: str, sandbox: Sandbox, october: Sandbox, client: httpx.Client
) -> None:
    running = sandbox if revision == JULY else october
    wrong = []
    for key_type, text in credentials(running).items():
        headers = {} if text is None else bearer(text)
        for operation in contract(revision).operations:
            answer = client.request(operation.method, running.url + concrete(operation), headers=headers)
            if answer.status_code not in expected(key_type, operation):
                wrong.append((operation.id, key_type, answer.status_code, answer.text[:200]))
            if answer.status_code >= 400:
                problem = answer.json()
                assert problem["status"] == answer.status_code
                assert answer.headers["content-type"] == "application/problem+json"
            assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)
    assert not wrong


@pytest.mark.parametrize("revision", [JULY, OCTOBER])
def test_a_garbled_credential_is_none_at_all(
    revision: str, sandbox: Sandbox, october: Sandbox, client: httpx.Client
) -> None:
    running = sandbox if revision == JULY else october
    for operation in contract(revision).operations:
        answer = client.request(operation.method, running.url + concrete(operation), headers=bearer("lp_example"))
        assert answer.status_code in expected(None, operation)


def test_it_starts_within_a_second_in_a_fresh_process_and_loads_no_pandas() -> None:
    code = (
        "import time; begin = time.perf_counter()\n"
        "from leadping_nb.sandbox import Sandbox\n"
        "sandbox = Sandbox(); took = time.perf_counter() - begin\n"
        "import sys; assert 'pandas' not in sys.modules\n"
        "print(took)"
    )  # and it is never closed: it ends with Python
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert float(done.stdout) < 3  # far below a second on an idle machine


def test_a_sandbox_that_nobody_needs_stops() -> None:
    running = Sandbox(leads=1)
    server = running._hosts.server
    del running
    gc.collect()
    assert not server.running


def test_closing_twice_does_nothing_and_ends_the_wait() -> None:
    running = Sandbox(leads=1)
    waiter = threading.Thread(target=running.wait)
    waiter.start()
    running.close()
    running.close()
    waiter.join(timeout=5)
    assert not waiter.is_alive()
    assert not running.running
    assert "closed" in repr(running)


def test_closing_does_not_wait_for_idle_connections() -> None:
    with Sandbox(leads=1) as running, httpx.Client(trust_env=False) as client:
        client.get(running.url)
        begin = time.perf_counter()
        running.close()
        assert time.perf_counter() - begin < 2


def test_two_sandboxes_know_nothing_of_each_other(sandbox: Sandbox, client: httpx.Client) -> None:
    with Sandbox(leads=1) as other:
        assert client.get(other.url + "/users/me", headers=bearer(other.user_token)).status_code == 200
        for text in (sandbox.user_token, sandbox.business_key, sandbox.source_key):
            assert client.get(other.url + "/users/me", headers=bearer(text)).status_code == 401
        assert sandbox.requests == ()


def test_a_taken_port_is_said_in_words(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(LeadpingError, match=f"cannot listen on port {port}"):
        Sandbox(leads=1, port=port)
    with pytest.raises(LeadpingError, match="0 to 65535"):
        Sandbox(leads=1, port=70_000)


def test_its_repr_shows_no_key_and_it_cannot_be_pickled_or_copied(sandbox: Sandbox) -> None:
    shown = (
        repr(sandbox)
        + repr(vars(sandbox))
        + repr(sandbox._hosts.keys)
        + repr(vars(sandbox._hosts.keys))
        + repr(vars(sandbox._hosts.issuer))
    )
    assert sandbox.url in shown
    for text in (sandbox.user_token, sandbox.business_key, sandbox.source_key):
        assert text not in shown
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(sandbox)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.copy(sandbox)


def test_health_is_open_and_answers_carry_the_clocks_date(own: Sandbox, client: httpx.Client) -> None:
    own.clock.advance(3600)
    answer = client.get(own.url + "/")
    assert answer.json() == {"status": "ok", "service": "leadping-api"}
    assert answer.headers["date"] == "Sun, 05 Jul 2026 13:00:00 GMT"
    assert "server" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert client.head(own.url + "/").content == b""


def test_unknown_paths_and_methods(sandbox: Sandbox, client: httpx.Client) -> None:
    assert client.get(sandbox.url + "/nothing/here").status_code == 404
    answer = client.delete(sandbox.url + "/leads/all/my")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    answer = client.head(sandbox.url + "/leads/intake", headers=bearer(sandbox.source_key))
    assert answer.status_code == 405  # it would create a lead
    answer = client.options(sandbox.url + "/users/me")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, PUT, OPTIONS")
    assert "access-control-allow-origin" not in answer.headers
    assert client.post(sandbox.url + "/").status_code == 405


def test_ids_are_percent_decoded_and_a_slash_in_one_stays_in_it(sandbox: Sandbox, client: httpx.Client) -> None:
    answer = client.get(sandbox.url + "/leads/missing%2Fintake", headers=bearer(sandbox.business_key))
    assert answer.status_code == 404
    assert sandbox.requests[-1].operation == "GET /leads/{id}"


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'{"pageSize": "many"}', b'{"nonsense": 1}', b'{"pageSize": NaN}'])
def test_bad_options_of_a_list_are_400(body: bytes, sandbox: Sandbox, client: httpx.Client) -> None:
    answer = client.post(sandbox.url + "/leads/all/my", content=body, headers=bearer(sandbox.business_key))
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_pages_follow_each_other_to_the_end(sandbox: Sandbox, client: httpx.Client) -> None:
    seen: list[str] = []
    options: dict[str, object] = {"pageSize": 60}
    while True:
        page = client.post(
            sandbox.url + "/leads/all/my?archiveFilter=all", json=options, headers=bearer(sandbox.business_key)
        ).json()
        seen += [row["id"] for row in page["items"]]
        if page["continuationToken"] is None:
            break
        options["continuationToken"] = page["continuationToken"]
    assert len(seen) == len(set(seen)) >= sandbox.leads


def test_a_cursor_of_one_list_is_none_of_another(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = bearer(sandbox.business_key)
    page = client.post(sandbox.url + "/leads/all/my", json={"pageSize": 1}, headers=headers).json()
    options = {"pageSize": 1, "continuationToken": page["continuationToken"]}
    assert client.post(sandbox.url + "/sources/all/my", json=options, headers=headers).status_code == 400
    assert client.post(sandbox.url + "/leads/all/my?untagged=true", json=options, headers=headers).status_code == 400
    assert client.post(sandbox.url + "/leads/all/my", json=options, headers=headers).status_code == 200


def test_paging_in_the_query_is_read_by_the_operations_own_names() -> None:
    models, known = contract().models, contract().operation("GET /feedback/admin")
    query = {"PageSize": ["5"], "continuationtoken": ["x"], "IncludeCount": ["true"], "Area": ["y"]}
    assert options_from_query(known, query, models) == {"pageSize": 5, "continuationToken": "x"}
    with pytest.raises(BodyError, match="pageSize must be an integer"):
        options_from_query(known, {"PageSize": ["five"]}, models)
    assert options_from_query(contract().operation("POST /leads/all/my"), query, models) == {}


def test_leads_come_in_by_all_three_doors(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = bearer(sandbox.source_key)
    flat = {"firstName": "Ada", "lastName": "Example", "phone": "+15550100", "tagNames": ["new"], "future": 1}
    structured = {"contact": {"firstName": "Ada", "phone": {"number": "+15550101"}}, "customer": {}, "metadata": {}}
    query = "?FirstName=Ada&TagNames=one&TagNames=two&Price=2.5&SourceMetadata=%7B%22a%22%3A%22b%22%7D"
    answers = [
        client.post(sandbox.url + "/leads/intake", json=flat, headers=headers),
        client.post(sandbox.url + "/leads", json=structured, headers=headers),
        client.get(sandbox.url + "/leads/intake" + query, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert [lead["id"] for lead in sandbox.leads_received] == [answer.json()["id"] for answer in answers]
    reading = bearer(sandbox.business_key)
    for answer in answers:
        found = client.get(f"{sandbox.url}/leads/{answer.json()['id']}", headers=reading)
        assert found.json()["contact"]["firstName"] == "Ada"


@pytest.mark.parametrize(
    ("path", "payload", "named"),
    [
        ("/leads/intake", {"firstName": 7}, "firstName must be a string."),
        ("/leads/intake", {"price": True}, "price must be a number."),
        ("/leads/intake", {"birthDate": "5 July"}, "birthDate must be a date, YYYY-MM-DD."),
        ("/leads/intake", {"tagNames": ["a", 1]}, "tagNames[1] must be a string."),
        ("/leads/intake", [], "not an object"),
        ("/leads", {"contact": {"phone": "+15550100"}}, "contact.phone must be an object."),
        ("/leads", {"customer": {"gender": "X"}}, "customer.gender must be one of"),
    ],
)
def test_fields_of_the_wrong_type_are_400_and_named(
    path: str, payload: object, named: str, sandbox: Sandbox, client: httpx.Client
) -> None:
    answer = client.post(sandbox.url + path, json=payload, headers=bearer(sandbox.source_key))
    assert answer.status_code == 400
    assert named in answer.json()["detail"]
    assert sandbox.leads_received == ()


def test_a_source_key_in_the_query_is_no_credential(sandbox: Sandbox, client: httpx.Client) -> None:
    answer = client.get(sandbox.url + "/leads/intake", params={"sourceKey": sandbox.source_key, "FirstName": "Ada"})
    assert answer.status_code == 401
    assert sandbox.source_key not in repr(sandbox.requests)


@pytest.mark.parametrize("revision", [JULY, OCTOBER])
def test_an_export_leads_to_the_sandbox_and_nowhere_else(
    revision: str, sandbox: Sandbox, october: Sandbox, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "one", lambda *_: {"url": "https://files.example/export"})
    running = sandbox if revision == JULY else october
    address = running.url + "/reports/exports/some/download"
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(running.website)
    assert client.get(address, params={"redirect": "false"}).json()["url"].startswith(running.website)


def test_a_huge_body_is_413(sandbox: Sandbox, client: httpx.Client) -> None:
    answer = client.post(sandbox.url + "/leads/intake", content=b" " * 1_100_000, headers=bearer(sandbox.source_key))
    assert answer.status_code == 413


def test_the_log_counts_without_credentials(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = bearer(sandbox.source_key)
    client.get(f"{sandbox.url}/leads/{sandbox.source_key}", headers=headers)
    client.get(f"{sandbox.url}/businesses/invitations/token/abc", headers=headers)
    client.get(sandbox.website + "/auth.md", headers=headers)
    first, second, third = sandbox.requests
    assert (first.operation, first.key_type, first.status) == ("GET /leads/{id}", KeyType.SOURCE_KEY, 403)
    assert (first.path, second.path) == ("/leads/…", "/businesses/invitations/token/…")
    assert (third.host, third.operation, third.authorized) == ("website", None, True)
    assert sandbox.source_key not in repr(sandbox.requests)


def test_a_mistake_of_its_own_is_a_500_that_repeats_nothing(
    sandbox: Sandbox, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a text with lp_example in it")

    monkeypatch.setattr(Operations, "find", fail)
    with caplog.at_level(logging.DEBUG):
        answer = client.get(sandbox.url + "/users/me")
    assert answer.status_code == 500
    assert "RuntimeError" in answer.json()["detail"]
    assert "lp_example" not in answer.text
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


def test_it_works_inside_a_running_event_loop() -> None:
    code = (
        "import asyncio, httpx\nfrom leadping_nb.sandbox import Sandbox\n"
        "async def main():\n"
        "    with Sandbox(leads=1) as sandbox:\n"
        "        assert httpx.get(sandbox.url, trust_env=False).status_code == 200\n"
        "        async with httpx.AsyncClient(trust_env=False) as client:\n"
        "            assert (await client.get(sandbox.url)).status_code == 200\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_ctrl_c_ends_the_wait_and_passes_through() -> None:
    code = (
        "import os, signal, threading\nfrom leadping_nb.sandbox import Sandbox\n"
        "sandbox = Sandbox(leads=1)\n"
        "threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n    sandbox.wait()\n"
        "except KeyboardInterrupt:\n    assert sandbox.running\n    sandbox.close()\n    print('closed')\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "closed\n", "")


def test_there_are_no_fewer_leads_than_none():
    with pytest.raises(LeadpingError, match="leads is -1, and a whole number from 0 to 1000000000"):
        Sandbox(leads=-1)
