from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import httpx
import jwt
import pytest

from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox import Clock, Sandbox, SigningKey


def status(client: httpx.Client, sandbox: Sandbox, authorization: str, path: str = "/users/me") -> int:
    return client.get(sandbox.url + path, headers={"Authorization": authorization}).status_code


def test_keys_begin_as_their_revision_has_them_and_differ_at_every_start(sandbox: Sandbox, october: Sandbox) -> None:
    assert sandbox.business_key.startswith("lp_sandbox_")
    assert october.business_key.startswith("sk_sandbox_")
    assert sandbox.source_key.startswith("lp_src_sandbox_")
    assert sandbox.source_key != october.source_key
    assert sandbox.source_key == sandbox.source_key


@pytest.mark.parametrize("shape", ["Bearer {}", "bearer {}", "BEARER   {}"])
def test_the_scheme_is_read_in_any_case(shape: str, sandbox: Sandbox, client: httpx.Client) -> None:
    assert status(client, sandbox, shape.format(sandbox.user_token)) == 200


@pytest.mark.parametrize("shape", ["{}", "Basic {}", "Bearer", "Bearer {} {}", "Bearer x{}", "Bearer a.b.c"])
def test_anything_else_is_401(shape: str, sandbox: Sandbox, client: httpx.Client) -> None:
    for text in (sandbox.user_token, sandbox.business_key):
        assert status(client, sandbox, shape.format(text, text), "/wallets/me") == 401


def test_two_credentials_are_none(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = [("Authorization", f"Bearer {sandbox.user_token}"), ("Authorization", f"Bearer {sandbox.user_token}")]
    assert client.get(sandbox.url + "/users/me", headers=headers).status_code == 401


def test_the_challenge_names_the_resource_metadata_and_nothing_else(sandbox: Sandbox, client: httpx.Client) -> None:
    answer = client.get(sandbox.url + "/users/me")
    expected = f'Bearer resource_metadata="{sandbox.url}/.well-known/oauth-protected-resource"'
    assert answer.headers["www-authenticate"] == expected


def test_a_token_says_what_the_documents_say(own: Sandbox) -> None:
    header = jwt.get_unverified_header(own.user_token)
    claims = jwt.decode(own.user_token, options={"verify_signature": False})
    noon = int(datetime(2026, 7, 5, 12, tzinfo=UTC).timestamp())
    assert header == {"alg": "RS256", "kid": "sandbox-1", "typ": "JWT"}
    assert (claims["iss"], claims["aud"], claims["sub"]) == (own.issuer, own.client_id, own.user_id)
    assert (claims["iat"], claims["exp"]) == (noon, noon + 3600)
    assert claims["sid"]
    assert claims["org_id"] == own.business_id


def test_a_token_ends_with_the_sandboxs_clock_and_is_minted_again(own: Sandbox, client: httpx.Client) -> None:
    first = own.user_token
    assert own.user_token == first
    own.clock.advance(3599)
    assert status(client, own, f"Bearer {first}") == 200
    own.clock.advance(1)
    assert status(client, own, f"Bearer {first}") == 401
    assert own.user_token != first
    assert status(client, own, f"Bearer {own.user_token}") == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"lifetime": -1},
        {"aud": "someone-else"},
        {"iss": "https://issuer.example"},
        {"sub": None},
        {"sub": "someone-else"},
        {"exp": None},
        {"exp": "soon"},
        {"aud": None},
        {"iss": 7},
        {"nbf": 4_000_000_000},
        {"kid": "unknown"},
        {"key": SigningKey("sandbox-1")},
        {"algorithm": "none", "key": ""},
        {"algorithm": "HS256", "key": "k" * 32},
        {"headers": {"typ": "JWT"}, "kid": ""},
    ],
    ids=str,
)
def test_no_bad_token_opens_anything(claims: dict[str, object], sandbox: Sandbox, client: httpx.Client) -> None:
    token = sandbox.issue_token(**claims)
    assert status(client, sandbox, f"Bearer {token}") == 401


def test_every_accepted_issuer_is_accepted(sandbox: Sandbox, client: httpx.Client) -> None:
    for issuer in (sandbox.issuer, sandbox.website):
        assert status(client, sandbox, f"Bearer {sandbox.issue_token(iss=issuer)}") == 200


def test_parts_that_are_no_json_are_401_and_not_500(sandbox: Sandbox, client: httpx.Client) -> None:
    header, payload, signature = sandbox.user_token.split(".")
    deep = base64.urlsafe_b64encode(b"[" * 9_000).decode().rstrip("=")
    odd = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": [1]}).encode()).decode().rstrip("=")
    for parts in (("", "", ""), (deep, payload, signature), (odd, payload, signature), (header, deep, signature)):
        assert status(client, sandbox, "Bearer " + ".".join(parts)) == 401


def test_rotated_signing_keys(own: Sandbox, client: httpx.Client) -> None:
    first = own.user_token
    assert own.rotate_keys(keep_old=True) == "sandbox-2"
    assert jwt.get_unverified_header(own.issue_token())["kid"] == "sandbox-2"
    assert status(client, own, f"Bearer {first}") == 200
    jwks = f"{own.website}/sso/jwks/{own.client_id}"
    assert [key["kid"] for key in client.get(jwks).json()["keys"]] == ["sandbox-2", "sandbox-1"]
    own.rotate_keys()
    assert [key["kid"] for key in client.get(jwks).json()["keys"]] == ["sandbox-3"]
    assert status(client, own, f"Bearer {first}") == 401
    assert jwt.get_unverified_header(own.user_token)["kid"] == "sandbox-3"


def test_rotated_api_keys_end_at_once(own: Sandbox, client: httpx.Client) -> None:
    old_source, old_business, other = own.source_key, own.business_key, own.source_key_of(own.source_ids[-1])
    own.rotate("source key")
    assert own.source_key != old_source
    assert status(client, own, f"Bearer {old_source}") == 401
    assert status(client, own, f"Bearer {other}") == 401
    assert own.business_key == old_business
    own.rotate(KeyType.BUSINESS_API_KEY)
    assert own.business_key != old_business


@pytest.mark.parametrize("wrong", ["lp_sandbox_not_a_type", KeyType.USER_TOKEN, KeyType.ORGANIZATION_API_KEY])
def test_what_cannot_be_rotated_is_said_without_echo(wrong: KeyType | str, own: Sandbox) -> None:
    with pytest.raises(LeadpingError) as caught:
        own.rotate(wrong)
    assert "lp_sandbox" not in str(caught.value)


def test_each_source_has_a_key_of_its_own(sandbox: Sandbox) -> None:
    keys = {sandbox.source_key_of(source) for source in sandbox.source_ids}
    assert len(keys) == len(sandbox.source_ids)
    assert sandbox.source_key == sandbox.source_key_of(sandbox.source_ids[0])
    with pytest.raises(LeadpingError, match="no such source"):
        sandbox.source_key_of("missing")


def test_the_clock_follows_the_system_or_stands_still() -> None:
    system = datetime(2026, 7, 5, 12, tzinfo=UTC)
    following = Clock(system=lambda: system)
    following.advance(timedelta(hours=1))
    assert following.now() == system + timedelta(hours=1)
    assert not following.frozen
    standing = Clock(datetime(2026, 7, 5, 14, tzinfo=timezone(timedelta(hours=2))))
    assert standing.now() == system
    standing.set("2027-01-01T00:00:00")
    assert standing.now() == datetime(2027, 1, 1, tzinfo=UTC)
    assert repr(standing) == "<Clock at 2027-01-01T00:00:00+00:00, standing still>"
