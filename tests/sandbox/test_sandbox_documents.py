from __future__ import annotations

import json
from urllib.parse import urlsplit

import httpx
import jwt
import pytest

from leadping_nb.contracts import contract
from leadping_nb.sandbox import Sandbox

WELL_KNOWN = "/.well-known/"


def both(sandbox: Sandbox, october: Sandbox) -> tuple[Sandbox, Sandbox]:
    return sandbox, october


def inserted(issuer: str, name: str) -> str:
    """Place a well-known name between host and path (RFC 8414, section 3.1)."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{name}{parts.path}"


def test_resources_name_themselves_exactly(sandbox: Sandbox, october: Sandbox, client: httpx.Client) -> None:
    for running in both(sandbox, october):
        for host in (running.url, running.website):
            answer = client.get(f"{host}{WELL_KNOWN}oauth-protected-resource")
            assert answer.headers["content-type"] == "application/json"
            assert answer.json()["resource"] == host
            assert answer.json()["authorization_servers"] == [running.website]


def test_every_accepted_issuer_has_metadata_under_its_own_name_and_keys(
    sandbox: Sandbox, october: Sandbox, client: httpx.Client
) -> None:
    for running in both(sandbox, october):
        resource = client.get(f"{running.url}{WELL_KNOWN}oauth-protected-resource").json()
        assert running.issuer in resource["token_issuers_supported"]
        assert running.website in resource["token_issuers_supported"]
        for issuer in resource["token_issuers_supported"]:
            places = [
                inserted(issuer, "oauth-authorization-server"),
                inserted(issuer, "openid-configuration"),
                f"{issuer}{WELL_KNOWN}openid-configuration",
            ]
            for place in places:
                document = client.get(place).json()
                assert document["issuer"] == issuer
                assert document["code_challenge_methods_supported"] == ["S256"]
                keys = client.get(document["jwks_uri"]).json()["keys"]
                claims = jwt.decode(
                    running.issue_token(iss=issuer),
                    jwt.PyJWK(keys[0]),
                    algorithms=["RS256"],
                    audience=running.client_id,
                    issuer=issuer,
                )
                assert claims["sub"] == running.user_id


def test_july_names_client_and_session_issuer(sandbox: Sandbox, client: httpx.Client) -> None:
    document = client.get(f"{sandbox.website}{WELL_KNOWN}oauth-authorization-server").json()
    block = document["workos_authkit"]
    assert block["client_id"] == sandbox.client_id == "client_sandbox_example"
    assert block["session_issuer"] == sandbox.issuer
    assert client.get(block["session_jwks_uri"]).status_code == 200
    assert document["agent_auth"]["identity_endpoint"] == f"{sandbox.website}/api-keys"
    assert document["agent_auth"]["lead_ingestion_credential_types_supported"] == ["source_key"]
    assert "device_authorization_endpoint" not in document


def test_october_has_the_device_flow_and_no_client_id(october: Sandbox, client: httpx.Client) -> None:
    document = client.get(f"{october.website}{WELL_KNOWN}oauth-authorization-server").json()
    assert "workos_authkit" not in document
    assert document["device_authorization_endpoint"].startswith(october.website)
    assert document["agent_auth"]["identity_types_supported"] == ["identity_assertion"]
    assert "none" in document["token_endpoint_auth_methods_supported"]


def test_documents_never_leave_this_machine(sandbox: Sandbox, october: Sandbox, client: httpx.Client) -> None:
    for running in both(sandbox, october):
        for host in (running.url, running.website):
            for name in ("oauth-protected-resource", "oauth-authorization-server", "openid-configuration"):
                text = client.get(f"{host}{WELL_KNOWN}{name}").text
                assert text.count("://") == text.count("http://127.0.0.1:") + text.count("://tools.ietf.org")


def test_the_apis_host_has_no_server_metadata_and_the_website_no_api(sandbox: Sandbox, client: httpx.Client) -> None:
    assert client.get(f"{sandbox.url}{WELL_KNOWN}oauth-authorization-server").status_code == 404
    assert client.get(f"{sandbox.url}{WELL_KNOWN}openid-configuration").status_code == 404
    headers = {"Authorization": f"Bearer {sandbox.user_token}"}
    answer = client.get(f"{sandbox.website}/users/me", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_jwks_holds_no_private_part(sandbox: Sandbox, client: httpx.Client) -> None:
    (key,) = client.get(f"{sandbox.website}/sso/jwks/{sandbox.client_id}").json()["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}


def test_pages_for_people_and_programs(sandbox: Sandbox, october: Sandbox, client: httpx.Client) -> None:
    for running in both(sandbox, october):
        page = client.get(f"{running.website}/auth.md")
        assert page.headers["content-type"].startswith("text/markdown")
        assert "Authorization: Bearer <credential>" in page.text
        assert f"{running.url}{WELL_KNOWN}oauth-protected-resource" in page.text
        assert ("`sk_...`" in page.text) == (running is october)
        assert "{" not in page.text
    assert client.get(f"{sandbox.website}/api-keys").headers["content-type"].startswith("text/html")
    assert client.post(f"{sandbox.website}/api-keys").status_code == 405


def test_signing_in_is_not_what_a_sandbox_does(sandbox: Sandbox, october: Sandbox, client: httpx.Client) -> None:
    for running in both(sandbox, october):
        document = client.get(f"{running.website}{WELL_KNOWN}openid-configuration").json()
        for name in ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint"):
            if name in document:
                assert client.post(document[name]).status_code == 501


@pytest.mark.parametrize("revision", ["2026-07-05", "2026-10-26"])
def test_openapi_has_every_operation_once_and_no_loose_end(
    revision: str, sandbox: Sandbox, october: Sandbox, client: httpx.Client
) -> None:
    running = sandbox if revision == sandbox.revision else october
    answer = client.get(f"{running.url}/openapi/v1.json")
    document = answer.json()
    entries = {
        f"{method.upper()} {path}": entry
        for path, methods in document["paths"].items()
        for method, entry in methods.items()
    }
    assert set(entries) == {operation.id for operation in contract(revision).operations}
    assert len({entry["operationId"] for entry in entries.values()}) == len(entries)
    assert entries["POST /leads"]["security"] == [{"SourceKey": []}]
    assert entries["GET /users/me"]["security"] == [{"Bearer": []}]
    assert "200" in entries["POST /leads/all/my"]["responses"]
    schemas = document["components"]["schemas"]
    for chunk in answer.text.split('"$ref":"#/components/schemas/')[1:]:
        assert chunk.split('"')[0] in schemas
    assert document["servers"] == [{"url": running.url}]
    again = client.get(f"{running.url}/openapi/v1.json")
    assert json.loads(again.text) == document
    assert again.content == answer.content
