from __future__ import annotations

import httpx

from leadping_nb.contracts import contract
from leadping_nb.credential import KeyType
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.keys import Identity
from leadping_nb.sandbox.limits import Limits, partition


def read(client: httpx.Client, sandbox: Sandbox, text: str | None) -> httpx.Response:
    headers = {} if text is None else {"Authorization": f"Bearer {text}"}
    return client.get(sandbox.url + "/wallets/me", headers=headers)


def test_over_the_limit_is_429_until_the_window_ends(client: httpx.Client) -> None:
    seconds = 1_000.0
    with Sandbox(leads=1, rate_limit=3, monotonic=lambda: seconds) as running:
        assert [read(client, running, running.business_key).status_code for _ in range(3)] == [200, 200, 200]
        seconds += 42.5
        answer = read(client, running, running.business_key)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "18"
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"status", "title", "detail"}
        seconds += 17.5
        assert read(client, running, running.business_key).status_code == 200


def test_moving_the_sandboxs_clock_opens_a_new_window(own: Sandbox, client: httpx.Client) -> None:
    statuses = [read(client, own, own.business_key).status_code for _ in range(4)]
    own.clock.advance(60)
    assert [*statuses, read(client, own, own.business_key).status_code] == [200, 200, 200, 429, 200]


def test_user_and_business_share_a_counter_and_ingestion_has_its_own(own: Sandbox, client: httpx.Client) -> None:
    for _ in range(3):
        read(client, own, own.business_key)
    assert read(client, own, own.user_token).status_code == 429
    assert read(client, own, own.issue_token(org_id=None)).status_code == 200
    headers = {"Authorization": f"Bearer {own.source_key}"}
    assert client.post(own.url + "/leads/intake", json={}, headers=headers).status_code == 201


def test_unknown_credentials_count_for_the_address_and_are_limited_before_they_are_refused(
    own: Sandbox, client: httpx.Client
) -> None:
    statuses = [read(client, own, text).status_code for text in (None, "lp_example", "a.b.c", None)]
    assert statuses == [401, 401, 401, 429]
    assert read(client, own, own.business_key).status_code == 200


def test_documents_are_not_counted(own: Sandbox, client: httpx.Client) -> None:
    paths = ["/", "/.well-known/oauth-protected-resource", "/nothing"] * 3
    assert 429 not in [client.get(own.url + path).status_code for path in paths]


def test_each_request_falls_to_one_counter() -> None:
    intake, wallet = contract().operation("POST /leads/intake"), contract().operation("GET /wallets/me")
    source = Identity(KeyType.SOURCE_KEY, "b", source_id="s")
    business = Identity(KeyType.BUSINESS_API_KEY, "b")
    user = Identity(KeyType.USER_TOKEN, None, "u")
    assert partition(source, intake, "1.2.3.4") == "ingestion of b"
    assert partition(source, wallet, "1.2.3.4") == "address 1.2.3.4"
    assert partition(business, intake, "1.2.3.4") == "address 1.2.3.4"
    assert partition(business, wallet, "1.2.3.4") == "business b"
    assert partition(user, wallet, "1.2.3.4") == "user u"


def test_no_limit_and_a_clock_that_goes_back() -> None:
    assert all(Limits(None).wait("x") is None for _ in range(1_000))
    seconds = 100.0
    limits = Limits(1, monotonic=lambda: seconds)
    assert limits.wait("x") is None
    seconds = 40.0
    assert limits.wait("x") is None
    assert limits.wait("x") == 60
