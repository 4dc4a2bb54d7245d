import html
import json
from dataclasses import replace

import pytest

from leadping_nb.discovery import Discovery, Step, discover, discovery_steps
from leadping_nb.errors import LeadpingError, TransportError
from leadping_nb.identifiers import differences, shown
from leadping_nb.metadata import Document, kind_of, resource_metadata_urls, server_metadata_urls
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.answers import Answer
from leadping_nb.sandbox.faults import Fault
from leadping_nb.session.fetch import Fetcher
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
    assert f"  accTitle: Discovery of {sandbox.url}\n  accDescr: Steps: " in chart  # the picture's alternative text
    assert f"<pre>{html.escape(found.tree())}</pre>" in found._repr_html_()
    whole = json.loads(found.to_json())
    assert {finding["code"] for finding in whole["findings"]} >= {"as-issuer", "jwks-private"}
    assert "(masked)" in found.to_json()
    assert "c2FuZGJveC1leGFtcGxl" not in found.to_json()


def test_what_a_server_says_cannot_leave_its_box_in_the_graph():
    found = Discovery.from_documents({SITE + SERVER: {"issuer": 'x"]; click s1 "javascript:alert(1)"'}})
    assert "click" not in found.mermaid().replace("·", "")
    hostile = Discovery.from_documents({'https://x.example/a"]<script>': {"issuer": "x"}})
    assert "<script>" not in hostile.mermaid()


# -- a server that is hostile, walked for real --


def misbehaving(monkeypatch, sandbox, **how):
    """Switch on a fault that no table has."""
    monkeypatch.setitem(sandbox.faults._table, "hostile", Fault("hostile", "", "", "", **how))
    return sandbox.faults.on("hostile")


def naming(*servers, first=False):
    """Name further authorization servers in the resource's metadata."""

    def change(name, document):
        if name != "protected-resource":
            return document
        named = document["authorization_servers"]
        return {**document, "authorization_servers": [*servers, *named] if first else [*named, *servers]}

    return change


@pytest.mark.parametrize(
    "server",
    [
        "https://[",
        "https://[::1",
        "https://\u2100.example",
        "https://" + "\u0301\u0316" * 50_000 + ".example",
        "https://" + "a" * 3_000,
        "//site.example",
        "site",
        "://",
        "",
        "\x1b[31m",
        "file:///etc/passwd",
        "https://user:example@site.example",
        "https://10.0.0.5",
        "https://2130706433",
    ],
    ids=lambda server: ascii(server[:30]),
)
def test_a_server_that_is_not_asked_is_a_finding_and_the_walk_goes_on(server, sandbox, monkeypatch):
    with misbehaving(monkeypatch, sandbox, document=naming(server, first=True)):
        found = discover(sandbox.url)
    assert sandbox.issuer in found.issuers
    assert set(found.jwks) >= {sandbox.issuer}
    refused = [step for step in found.steps if step.reason == "address"]
    assert refused
    assert all(not step.found and step.status is None for step in refused)
    assert ("document-hostile", "error") in codes(found)
    assert found.resource == sandbox.url


@pytest.mark.parametrize(
    ("fault", "reason", "finding"),
    [
        ("redirect_inwards", "address", "document-hostile"),
        ("redirect_elsewhere", "redirect", "document-redirected"),
        ("redirect_in_circles", "redirect", "document-redirected"),
        ("metadata_endless", "size", "document-hostile"),
        ("metadata_html", "content", "not-json"),
        ("resource_missing", None, "prm-missing"),
    ],
)
def test_why_a_document_did_not_come_goes_from_its_step_to_its_finding(fault, reason, finding, sandbox):
    with sandbox.faults.on(fault):
        found = discover(sandbox.url)
    assert {step.reason for step in found.steps} == {None, reason}
    assert finding in {code for code, _ in codes(found)}


def test_a_document_in_a_compression_that_nobody_asked_for_is_not_safe_to_follow(sandbox, monkeypatch):
    def packed(call, answer):
        return replace(answer, headers={**answer.headers, "Content-Encoding": "br"})

    with misbehaving(monkeypatch, sandbox, answer=packed, path=SERVER):
        found = discover(sandbox.url)
    (step,) = [step for step in found.steps if step.reason == "encoding"]
    assert [(finding.code, finding.place) for finding in found.findings] == [("document-hostile", step.url)]


def test_a_redirect_longer_than_any_address_is_not_followed(sandbox, monkeypatch):
    def elsewhere(call, answer):
        return Answer(302, b"", None, {"Location": f"/{'a' * 10_000}"})

    with misbehaving(monkeypatch, sandbox, answer=elsewhere, path=SERVER):
        found = discover(sandbox.url)
    assert [finding.code for finding in found.findings] == ["document-hostile"]
    assert "an address of 10,001 characters" in found.findings[0].got


def test_a_document_that_comes_too_late_is_a_finding(sandbox, monkeypatch):
    class Late(Fetcher):
        def fetch(self, url, *, method="GET"):
            if url.endswith(SERVER):
                raise TransportError("nothing came", reason="time")
            return super().fetch(url, method=method)

    monkeypatch.setattr("leadping_nb.discovery.walk.Fetcher", Late)
    found = discover(sandbox.url)
    assert codes(found) == {("document-slow", "warning")}


def test_twenty_servers_are_asked_however_many_are_named(sandbox, monkeypatch):
    many = [f"ftp://h{number}.example" for number in range(1_000)]
    with misbehaving(monkeypatch, sandbox, document=naming(*many)):
        found = discover(sandbox.url)
    asked = {step.url.split("/")[2] for step in found.steps if ".example" in step.url}
    named = next(document for document in found.documents.values() if document.kind == "protected resource")
    own = {*named.texts("authorization_servers"), *named.texts("token_issuers_supported")} - set(many)
    assert asked <= {server.removeprefix("ftp://") for server in many[:20]}
    assert len(asked) == 20 - len(own & set(named.texts("authorization_servers")[:20]))
    (finding,) = [finding for finding in found.findings if finding.code == "prm-servers-many"]
    assert finding.got == f"{1_000 + len(own):,}, {980 + len(own)} too many"


def test_five_pointers_of_a_challenge_are_asked_however_many_there_are(sandbox, monkeypatch):
    header = ", ".join(f'Bearer resource_metadata="ftp://h{number}.example"' for number in range(1_000))

    def challenge(call, answer):
        return replace(answer, headers={**answer.headers, "WWW-Authenticate": header})

    with misbehaving(monkeypatch, sandbox, answer=challenge, path="/users/me"):
        found = discover(sandbox.url)
    assert [step.url for step in found.steps if "challenge points here" in step.question] == [
        f"ftp://h{number}.example" for number in range(5)
    ]
    assert found.resource == sandbox.url


@pytest.mark.parametrize("letter", ["\x1b", "\r", "\n", "\x07", "\x9b", "\u202e", "\u200b", "\u2028"])
def test_no_form_of_a_discovery_holds_a_letter_that_a_terminal_obeys_or_nobody_sees(letter, sandbox, monkeypatch):
    def change(name, document):
        document = naming(f"https://x{letter}.example")(name, document)
        if name == "authorization-server":
            document |= {"jwks_uri": f"https://id.example/{letter}[2J", "issuer": f"https://id{letter}.example"}
        return {**document, "workos_authkit": {"client_id": f"client_{letter}[31m"}}

    with misbehaving(monkeypatch, sandbox, document=change):
        found = discover(sandbox.url)
    assert any(letter in step.url for step in found.steps)
    tables = (found.table, found.facts, found.findings_table)
    forms = [found.tree(), str(found), repr(found), found.mermaid(), found._repr_html_(), found.to_json()]
    forms += [text for table in tables for text in (table.text(), table.html())]
    forms += [repr(step) for step in found.steps] + [str(value) for value in found.frame.to_numpy().ravel()]
    for form in forms:
        assert all(line.isprintable() for line in form.split("\n"))
    assert len(found.tree().split("\n")) == 1 + 2 * len(found.steps) + len(found.findings)
    hostile = [line for line in found.tree().split("\n") if " document-hostile: " in line]
    assert hostile
    assert all(line.startswith((" ", "│")) for line in hostile)  # each below its step


def test_a_start_that_a_terminal_would_obey_is_shown_without_harm(sandbox):
    found = discover(f"{sandbox.url}/\x1b[31m")
    for form in (found.tree(), repr(found), found._repr_html_(), found.table.text()):
        assert "\x1b" not in form
    assert ("start-unreachable", "error") in codes(found)


def test_documents_without_a_start_that_can_be_read_are_read():
    found = Discovery.from_documents(august(), start="https://[")
    assert found.resource is None
    assert "prm-resource" in {finding.code for finding in found.findings}


@pytest.mark.parametrize("other", ["https://[", "https://[::1", "https://" + "\u0301\u0316" * 500_000])
def test_what_is_no_address_differs_from_any(other):
    assert differences("https://a.example", other) == "one of them is no address"
    assert differences(other, "https://a.example") == "one of them is no address"
    assert differences(other, other) == ""


def test_a_text_is_shown_as_long_as_it_may_be():
    assert shown("a" * 5, 5) == "aaaaa"
    assert shown("a" * 6, 5) == "aaaa…"
    assert shown("é\t\ud800b") == "é\ufffd\ufffdb"
    assert len(shown("x" * 5_000)) == 2_048


def test_steps_of_any_making_are_shown_without_harm():
    document = Document("authorization server", "x", {"issuer": "x", "jwks_uri": "https://x.example/\x1b[2J"})
    step = Step(1, "a\x1b[31m?", "given", "GET", "x\x1b[31m", None, "b\x1b[31m", document)
    found = Discovery("https://a.example", (step,), {"x": document})
    for form in (found.tree(), found.table.text(), found.facts.text(), found._repr_html_()):
        assert "\x1b" not in form
        assert "\ufffd[" in form


def test_a_server_without_a_scheme_has_no_website(sandbox, monkeypatch):
    with misbehaving(monkeypatch, sandbox, document=naming("//site.example")):
        found = discover(sandbox.url)
    assert "authmd-missing" not in {code for code, _ in codes(found)}


def test_what_is_no_text_is_refused_with_a_hint(small_sandbox):
    with pytest.raises(LeadpingError, match="An address is a text") as caught:
        discover(small_sandbox)
    assert "sandbox.url" in caught.value.hint
