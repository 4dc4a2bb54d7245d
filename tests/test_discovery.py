import json

import pytest

from leadping_nb.discovery import Discovery, discover, discovery_steps
from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import differences
from leadping_nb.metadata import kind_of, resource_metadata_urls, server_metadata_urls
from leadping_nb.sandbox import Sandbox
from leadping_nb.tokens import inspect_token

API, SITE, TENANT = "https://api.leadping.ai", "https://leadping.ai", "https://tenant-test.authkit.example"
WORKOS = "https://api.workos.example/user_management/client_test"
RESOURCE = "/.well-known/oauth-protected-resource"
SERVER = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"


def august(**changes):
    """The facts of the documents captured in August, in documents of our own."""
    server = {
        "issuer": TENANT,
        "authorization_endpoint": f"{TENANT}/oauth2/authorize",
        "token_endpoint": f"{TENANT}/oauth2/token",
        "jwks_uri": f"{TENANT}/oauth2/jwks",
        "response_types_supported": ["code"],
    }
    openid = {"subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}
    documents = {
        API + RESOURCE: {
            "resource": "http://api.leadping.ai",
            "authorization_servers": [TENANT],
            "token_issuers_supported": [WORKOS, TENANT],
        },
        SITE + RESOURCE: {"resource": SITE, "authorization_servers": [TENANT]},
        SITE + SERVER: {**server, "code_challenge_methods_supported": ["S256"]},
        SITE + OPENID: {**server, **openid},
    }
    return {url: document for url, document in {**documents, **changes}.items() if document is not None}


def codes(found):
    return {(finding.code, finding.severity) for finding in found.findings}


def test_the_august_documents_give_issuers_keys_and_client():
    found = Discovery.from_documents(august())
    assert found.issuers == (WORKOS, TENANT)
    assert found.jwks_uri == f"{TENANT}/oauth2/jwks"
    assert found.client_id == "client_test"
    assert found.resource == "http://api.leadping.ai"
    assert found.audiences == ("client_test", "http://api.leadping.ai")
    assert [document.kind for document in found.documents.values()] == [
        "protected resource",
        "protected resource",
        "authorization server",
        "openid",
    ]


def test_the_august_oddities_are_findings():
    found = Discovery.from_documents(august())
    assert codes(found) == {
        ("prm-resource", "error"),
        ("as-issuer", "error"),
        ("as-pkce", "warning"),
        ("issuer-without-jwks", "warning"),
    }
    resource = next(finding for finding in found.findings if finding.code == "prm-resource")
    assert "http where https was expected" in resource.message
    assert (resource.expected, resource.got) == (API, "http://api.leadping.ai")
    assert all(finding.spec and finding.hint for finding in found.findings)


def test_the_july_block_names_session_issuer_keys_and_client():
    found = Discovery.from_documents(
        {
            SITE + SERVER: {
                "issuer": SITE,
                "jwks_uri": "https://api.workos.example/sso/jwks/client_test",
                "workos_authkit": {
                    "client_id": "client_test",
                    "session_issuer": WORKOS,
                    "session_jwks_uri": "https://api.workos.example/sso/jwks/client_test",
                },
            }
        }
    )
    assert found.issuers == (WORKOS,)
    assert found.jwks_addresses == {
        SITE: "https://api.workos.example/sso/jwks/client_test",
        WORKOS: "https://api.workos.example/sso/jwks/client_test",
    }
    assert found.client_id == "client_test"
    assert codes(found) == {("prm-missing", "error")}


def test_texts_and_bytes_are_read_and_broken_ones_refused():
    document = {"issuer": SITE}
    for given in (json.dumps(document), json.dumps(document).encode(), b"\xef\xbb\xbf" + json.dumps(document).encode()):
        assert Discovery.from_documents({SITE + SERVER: given}).issuers == (SITE,)
    with pytest.raises(LeadpingError, match="is no JSON"):
        Discovery.from_documents({SITE + SERVER: "{"})


def test_documents_without_addresses_are_read_without_identity_checks():
    found = Discovery.from_documents([{"issuer": TENANT, "jwks_uri": f"{TENANT}/jwks"}, {"keys": []}])
    assert found.issuers == (TENANT,)
    assert "as-issuer" not in {finding.code for finding in found.findings}


@pytest.mark.parametrize(
    "document",
    [
        {"resource": 7, "authorization_servers": "x"},
        {"resource": None, "token_issuers_supported": [1, None]},
        {"issuer": [], "jwks_uri": {}, "workos_authkit": "no"},
        {"keys": [1]},
        [],
        3,
        None,
    ],
)
def test_documents_of_a_wrong_shape_never_fail(document):
    found = Discovery.from_documents({API + RESOURCE: document, SITE + SERVER: document})
    assert isinstance(found.findings, tuple)
    assert isinstance(found.issuers, tuple)
    assert found.client_id is None
    assert dict(found.jwks) == {}


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ("https://a.example", "https://a.example", ""),
        ("https://a.example", "http://a.example", "http where https was expected"),
        ("https://a.example", "https://a.example/", "a trailing slash more"),
        ("https://a.example/x/", "https://a.example/x", "a trailing slash less"),
        ("https://a.example", "https://b.example", "another host"),
        ("https://a.example", "https://a.example:443", "a default port or letter case written out"),
        ("https://a.example", "https://A.example", "a default port or letter case written out"),
        ("https://a.example", "https://a.example:8443", "another port"),
        ("https://a.example/x", "https://a.example/X", "another letter case"),
        ("https://a.example/x", "https://a.example/y", "another path"),
        ("https://a.example", "https://a.example?x=1", "another query"),
        ("https://a.example", "https://a.example:port", "one of them is no address"),
        ("https://a.example", "", "no scheme where https was expected, and another host"),
    ],
)
def test_how_two_identifiers_differ_is_said_in_words(expected, got, words):
    assert differences(expected, got) == words


def test_well_known_addresses_follow_the_standards():
    assert resource_metadata_urls("https://a.example/v1/") == (
        "https://a.example/.well-known/oauth-protected-resource/v1",
        "https://a.example/.well-known/oauth-protected-resource",
    )
    assert server_metadata_urls("https://a.example/t") == (
        "https://a.example/.well-known/oauth-authorization-server/t",
        "https://a.example/.well-known/openid-configuration/t",
        "https://a.example/t/.well-known/openid-configuration",
    )
    assert len(server_metadata_urls("https://a.example")) == 2


@pytest.mark.parametrize(
    ("content", "url", "kind"),
    [
        ({"resource": "x"}, None, "protected resource"),
        ({"issuer": "x"}, None, "authorization server"),
        ({"issuer": "x", "subject_types_supported": []}, None, "openid"),
        ({"issuer": "x"}, SITE + OPENID, "openid"),
        ({"keys": []}, None, "jwks"),
        ({"openapi": "3.1.1"}, None, "openapi"),
        ("# auth", f"{SITE}/auth.md", "auth.md"),
        ("text", None, "other"),
        ({}, None, "other"),
        (7, None, "other"),
    ],
)
def test_a_document_is_recognised_by_its_content(content, url, kind):
    assert kind_of(content, url) == kind


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(leads=10) as started:
        yield started


def test_the_walk_goes_from_a_401_to_the_signing_keys(sandbox):
    before = len(sandbox.requests)
    found = discover(sandbox.url)
    assert [step.number for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert found.steps[0].status == 401
    assert found.challenges[0].is_bearer()
    assert found.steps[0].headers["www-authenticate"].startswith("Bearer resource_metadata=")
    assert {document.kind for document in found.documents.values()} == {
        "protected resource",
        "authorization server",
        "openid",
        "jwks",
        "auth.md",
        "openapi",
    }
    assert sandbox.issuer in found.issuers
    assert found.client_id == sandbox.client_id
    assert set(found.jwks) == set(found.issuers)
    assert found.findings == ()
    assert all(request.key_type is None for request in list(sandbox.requests)[before:])


def test_a_second_revision_is_walked_too():
    with Sandbox(leads=10, revision="2026-10-26") as started:
        found = discover(started.url)
    assert started.issuer in found.issuers
    assert found.findings == ()


def test_the_steps_come_one_at_a_time(sandbox):
    before = len(sandbox.requests)
    walk = discovery_steps(sandbox.url)
    assert next(walk).status == 401
    assert len(sandbox.requests) == before + 1
    walk.close()


def test_the_walk_goes_on_without_a_challenge(sandbox):
    with sandbox.faults.on("no_challenge"):
        found = discover(sandbox.url)
    assert found.challenges == ()
    assert "no challenge" in found.steps[0].outcome
    assert found.client_id == sandbox.client_id


def test_a_start_that_cannot_be_reached_is_a_finding():
    found = discover("http://127.0.0.1:9")
    assert ("start-unreachable", "error") in codes(found)
    assert found.jwks_uri is None


def test_a_text_that_is_no_address_is_an_error():
    with pytest.raises(LeadpingError, match="no http or https address"):
        discover("leadping")


def test_frame_and_html_show_the_steps(sandbox):
    found = discover(sandbox.url)
    assert list(found.frame.columns) == ["step", "question", "method", "url", "status", "outcome", "spec"]
    assert found.frame["status"].dtype == "Int64"
    shown = found._repr_html_()
    assert sandbox.client_id in shown
    assert "<script" not in Discovery.from_documents(august(**{SITE + SERVER: {"issuer": "<script>"}}))._repr_html_()
    assert repr(found).startswith(f"<Discovery of {sandbox.url}: ")


def test_the_published_operations_are_compared_with_the_known_revisions(sandbox):
    best, other = discover(sandbox.url).revisions
    assert (best.revision, best.exact) == ("2026-07-05", True)
    assert "GET /lead-statuses" in other.gone
    assert Discovery.from_documents({}).revisions == ()


def test_a_keyring_of_a_discovery_follows_a_rotation():
    with Sandbox(leads=1) as started:
        found = discover(started.url)
        ring = found.keyring(cool_down=0.0)
        assert inspect_token(started.issue_token(), discovery=ring).verdict == "valid"
        started.rotate_keys()
        fresh = started.issue_token()
        assert inspect_token(fresh, discovery=found).verdict == "invalid"
        assert inspect_token(fresh, discovery=ring).verdict == "valid"
        with started.faults.on("jwks_missing"):
            assert inspect_token(fresh, discovery=found.keyring()).verdict == "unverified"


def test_tree_graph_and_json_show_the_findings_where_they_are(sandbox):
    with sandbox.faults.on("issuer_with_slash"), sandbox.faults.on("jwks_private"):
        found = discover(sandbox.url)
    assert "✗ error as-issuer: " in found.tree()
    assert str(found) == found.tree()
    chart = found.mermaid()
    assert chart.startswith("flowchart LR")
    assert ":::error" in chart
    assert "as-issuer" in chart
    whole = json.loads(found.to_json())
    assert {finding["code"] for finding in whole["findings"]} >= {"as-issuer", "jwks-private"}
    assert "(masked)" in found.to_json()
    assert "c2FuZGJveC1leGFtcGxl" not in found.to_json()


def test_what_a_server_says_cannot_leave_its_box_in_the_graph():
    found = Discovery.from_documents({SITE + SERVER: {"issuer": 'x"]; click s1 "javascript:alert(1)"'}})
    assert "click" not in found.mermaid().replace("·", "")
    hostile = Discovery.from_documents({'https://x.example/a"]<script>': {"issuer": "x"}})
    assert "<script>" not in hostile.mermaid()
