from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import httpx
import pytest

from leadping_nb.challenge import parse_www_authenticate
from leadping_nb.sandbox import Sandbox

LEADS = "/leads/all/my"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(sandbox: Sandbox, client: httpx.Client) -> Iterator[Ask]:
    """Ask for leads, once more at the end: the sandbox must be clean again."""

    def asked(**options: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {sandbox.business_key}"}
        return client.post(sandbox.url + LEADS, json=options, headers=headers)

    yield asked
    sandbox.faults.off()
    assert (asked().status_code, len(asked().json()["items"])) == (200, 50)


@pytest.mark.parametrize(
    ("name", "retry_after"),
    [
        ("rate_limited", "1"),
        ("rate_limited_silent", None),
        ("rate_limited_hour", "3600"),
        ("rate_limited_fraction", "0.5"),
        ("rate_limited_negative", "-5"),
        ("rate_limited_words", "soon"),
    ],
)
def test_a_limit_is_told_in_each_form(name: str, retry_after: str | None, sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on(name):
        answer = ask()
        assert httpx.get(sandbox.url + "/", trust_env=False).status_code == 200  # documents are left alone
    assert answer.status_code == answer.json()["status"] == 429
    assert answer.headers.get("retry-after") == retry_after


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("rate_limited_date", 1), ("rate_limited_past", -3600), ("rate_limited_year", 365 * 86400)],
)
def test_a_limit_is_told_as_a_date(name: str, seconds: int, own: Sandbox, client: httpx.Client) -> None:
    with own.faults.on(name):
        answer = client.post(own.url + LEADS)
    assert answer.status_code == 429
    ahead = parsedate_to_datetime(answer.headers["retry-after"]) - parsedate_to_datetime(answer.headers["date"])
    assert ahead.total_seconds() == seconds


@pytest.mark.parametrize(("name", "status"), [("unavailable", 503), ("server_error", 500)])
def test_an_error_of_the_server_is_a_problem_document(name: str, status: int, sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on(name):
        answer = ask()
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_gateway_answers_in_html(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("bad_gateway"):
        answer = ask()
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert "<h1>Bad Gateway</h1>" in answer.text


def test_a_credential_dies_after_the_first_page(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("expired_in_mid_load"):
        first = ask(pageSize=10)
        second = ask(pageSize=10, continuationToken=first.json()["continuationToken"])
        assert ask(pageSize=10).status_code == 200
    assert (first.status_code, second.status_code) == (200, 401)
    (challenge,) = parse_www_authenticate(second.headers["www-authenticate"])
    assert challenge.params["error"] == "invalid_token"
    assert challenge.params["resource_metadata"] == sandbox.url + "/.well-known/oauth-protected-resource"


def test_a_credential_dies_on_the_page_that_is_named(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.faults.on("expired_in_mid_load", after=1, times=1)
    cursor, statuses = None, []
    for _ in range(4):
        answer = ask(pageSize=10, continuationToken=cursor)
        statuses.append(answer.status_code)
        cursor = answer.json().get("continuationToken", cursor)
    assert statuses == [200, 200, 401, 200]


def test_a_right_is_taken_away_after_the_first_page(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("forbidden_in_mid_load"):
        first = ask(pageSize=10)
        second = ask(pageSize=10, continuationToken=first.json()["continuationToken"])
    assert (first.status_code, second.status_code, second.json()["status"]) == (200, 403, 403)


def test_one_list_is_forbidden_and_the_others_are_not(sandbox: Sandbox, ask: Ask, client: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {sandbox.business_key}"}
    with sandbox.faults.on("forbidden_read"):
        leads = ask(pageSize=1)
        sources = client.post(sandbox.url + "/sources/all/my", json={"pageSize": 1}, headers=headers)
    assert (leads.status_code, leads.json()["detail"]) == (403, "Your role may not read leads.")
    assert sources.status_code == 200


def test_a_cursor_in_the_query_is_a_page_after_the_first_and_no_json_is_none(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.user_token}"}
    with sandbox.faults.on("forbidden_in_mid_load"):
        later = client.get(sandbox.url + "/users/me?ContinuationToken=abc", headers=headers)
        first = client.get(sandbox.url + "/users/me?continuationToken=", headers=headers)
        broken = client.post(sandbox.url + LEADS, content=b"{", headers=headers)
    assert (later.status_code, first.status_code, broken.status_code) == (403, 200, 400)


def test_a_redirect_leads_to_another_origin_which_sees_whether_the_credential_came(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.business_key}"}
    with sandbox.faults.on("redirect"):
        answer = client.post(sandbox.url + LEADS + "?archiveFilter=all", json={}, headers=headers)
    assert answer.status_code == 307
    assert answer.headers["location"] == sandbox.website + LEADS + "?archiveFilter=all"
    client.post(answer.headers["location"], json={}, headers=headers)
    client.post(answer.headers["location"], json={})
    assert [(request.host, request.path, request.authorized) for request in sandbox.requests] == [
        ("api", LEADS, True),
        ("website", LEADS, True),
        ("website", LEADS, False),
    ]


def test_a_redirect_on_the_same_origin_ends_at_the_same_rows(sandbox: Sandbox, ask: Ask, client: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {sandbox.business_key}"}
    with sandbox.faults.on("redirect_same_origin"):
        answer = ask()
        followed = client.post(answer.headers["location"], json={}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (308, sandbox.url + LEADS + "/")
    assert followed.json()["items"] == ask().json()["items"]


def test_a_challenge_can_be_missing(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("no_challenge"):
        answer = client.get(sandbox.url + "/users/me")
    assert answer.status_code == 401
    assert "www-authenticate" not in answer.headers


def test_a_page_of_html_comes_as_success(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("html_with_200"):
        answer = ask()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!doctype html>")


def test_problems_can_come_as_text(sandbox: Sandbox, client: httpx.Client) -> None:
    with sandbox.faults.on("foreign_charset_problem"):
        answer = client.get(sandbox.url + "/users/me")
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-1"
    assert answer.json()["status"] == 401
