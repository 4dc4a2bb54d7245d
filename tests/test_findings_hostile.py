"""Rules over documents that were written to break them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import pytest
from hypothesis import given, settings, strategies as st

import leadping_nb as lp
from leadping_nb.challenge import parse_www_authenticate
from leadping_nb.errors import Reason
from leadping_nb.findings import RULES, Absence, Evidence, Finding, judge
from leadping_nb.findings.authmd import read_auth_md
from leadping_nb.findings.revisions import fit
from leadping_nb.identifiers import split_address
from leadping_nb.metadata import Document, kind_of, server_metadata_urls
from leadping_nb.sandbox import Sandbox

API, SITE = "https://api.example", "https://site.example"
PRM, AS = f"{API}/.well-known/oauth-protected-resource", f"{SITE}/.well-known/oauth-authorization-server"
OIDC, JWKS, AUTH_MD = f"{SITE}/.well-known/openid-configuration", f"{SITE}/jwks", f"{SITE}/auth.md"
OPENAPI = f"{API}/openapi/v1.json"
LONG = 1_000_000


def evidence(
    contents: Mapping[str, object], *, header: str = "", failures: Mapping[str, Absence] | None = None
) -> Evidence:
    documents = {url: Document(kind_of(content, url), url, content) for url, content in contents.items()}
    challenges = tuple(parse_www_authenticate(header))
    return Evidence(API, documents, challenges, header, 401, failures or {}, walked=True)


def found(code: str, given: Evidence) -> list[Finding]:
    return [finding for finding in judge(given) if finding.code == code]


def keys(*listed: object) -> Evidence:
    return evidence({JWKS: {"keys": list(listed)}})


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


# -- nothing makes it fail --

TEXTS = st.sampled_from(
    [API, SITE, "https://[", "http://x", "code", "S256", "none", "RSA", "EC", "OKP", "oct", "RS256", "ES256", "P-256"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


def an_object(*members: str) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the members that rules look at, each of any type."""
    return st.dictionaries(st.sampled_from(members), JSON, max_size=len(members))


KEY = an_object("kty", "kid", "use", "alg", "crv", "key_ops", "n", "e", "x", "y", "d", "k", "oth", "x5u")
KITS = an_object("client_id", "session_issuer", "session_jwks_uri")
AGENTS = an_object("identity_types_supported", "identity_endpoint", "register_uri")
SERVER = an_object(
    "issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "registration_endpoint", "grant_types_supported",
    "response_types_supported", "code_challenge_methods_supported", "token_endpoint_auth_methods_supported",
    "subject_types_supported", "id_token_signing_alg_values_supported", "device_authorization_endpoint",
)  # fmt: skip
DOCUMENTS = {
    PRM: an_object(
        "resource", "authorization_servers", "token_issuers_supported", "bearer_methods_supported", "scopes_supported"
    ),
    AS: st.builds(
        lambda server, kit, agents: {**server, "workos_authkit": kit, "agent_auth": agents},
        SERVER, KITS | JSON, AGENTS | JSON,
    ),
    OIDC: SERVER,
    JWKS: st.builds(lambda listed: {"keys": listed}, st.lists(KEY | JSON, max_size=4)),
    AUTH_MD: st.text(max_size=80),
    OPENAPI: st.builds(
        lambda paths: {"openapi": "3.1.1", "paths": paths},
        st.dictionaries(st.text(max_size=12), an_object("get", "post", "GET", "x") | JSON, max_size=3) | JSON,
    ),
}  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(
    st.fixed_dictionaries({}, optional={url: document | JSON for url, document in DOCUMENTS.items()}),
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from([*DOCUMENTS, "https://["]),
        st.builds(Absence, st.text(max_size=40), st.sampled_from([None, *get_args(Reason)])),
        max_size=3,
    ),
)
def test_no_document_of_any_kind_makes_it_fail(
    contents: dict[str, Any], header: str, failures: dict[str, Absence]
) -> None:
    for finding in judge(evidence(contents, header=header, failures=failures)):
        assert all(text.isprintable() for text in (finding.message, finding.expected, finding.got, finding.place))


@pytest.mark.parametrize(
    "value",
    [["RS256"], {"RS256": 1}, 7, None, 1.5, nested(50_000), 10**5_000],
    ids=["list", "object", "number", "null", "fraction", "deep list", "long number"],
)
@pytest.mark.parametrize("member", ["alg", "use", "kty", "crv", "kid", "key_ops", "n", "e", "x5u"])
@pytest.mark.parametrize("kind", ["RSA", "EC", "OKP", "oct"])
def test_a_member_of_a_key_may_be_of_any_type(kind: str, member: str, value: object) -> None:
    key = {"kty": kind, "kid": "k", "alg": "RS256", "crv": "P-256", "n": "AQAB", "e": "AQAB", "x": "AQ", "y": "AQ"}
    assert judge(keys({**key, member: value}))
    assert judge(keys({**key, "key_ops": [value]}))


def test_an_algorithm_that_is_no_text_is_not_a_known_one() -> None:
    (finding,) = found("jwks-alg", keys({"kty": "RSA", "kid": "k", "alg": ["RS256"]}))
    assert finding.got == "list"


def test_only_texts_count_as_the_same_kid() -> None:
    assert found("jwks-kid-duplicate", keys({"kid": 7}, {"kid": "7"}, {"kid": 7})) == []
    assert len(found("jwks-kid-duplicate", keys({"kid": "7"}, {"kid": "7"}))) == 1


def test_an_exponent_of_a_million_digits_is_named_by_its_size() -> None:
    (finding,) = found("jwks-exponent", keys({"kty": "RSA", "n": "AQAB", "e": "_" * 999_998 + "gA"}))
    assert finding.got == "a number of 6000000 bits"


def test_agents_that_sign_in_by_no_text_do_no_harm() -> None:
    agents = {"identity_types_supported": [nested(50_000), [], "pigeon"]}
    (finding,) = found("new-login-flow", evidence({AS: {"issuer": SITE, "agent_auth": agents}}))
    assert finding.got == "pigeon"


# -- what is found is bounded and safe to show --


def test_twenty_findings_of_a_rule_are_given_and_the_rest_is_counted() -> None:
    issuers = [f"http://h{number}.example" for number in range(1_000)]
    given = evidence({PRM: {"resource": API, "authorization_servers": issuers}})
    over_http = found("prm-http-server", given)
    assert [finding.got for finding in over_http] == [*issuers[:20], "980 more"]
    assert over_http[-1].message == "980 more of the same kind: An issuer is named over plain http."
    assert over_http[-1].place == PRM
    assert len(judge(given)) <= 21 * len(RULES)


def test_twenty_are_given_without_a_count() -> None:
    issuers = [f"http://h{number}.example" for number in range(20)]
    given = evidence({PRM: {"resource": API, "authorization_servers": issuers}})
    assert [finding.got for finding in found("prm-http-server", given)] == issuers


def test_what_is_found_a_thousand_times_over_is_one_finding() -> None:
    assert len(found("jwks-kid-missing", keys(*[{"kty": "RSA"}] * 1_000))) == 1


def test_the_texts_of_a_finding_are_short() -> None:
    long = "x" * LONG
    key = {"kid": long, "kty": long, "alg": long, "x5u": long, "use": long, "key_ops": [long] * 9}
    server = {"issuer": long, "jwks_uri": long, "grant_types_supported": [long], f"workos_{long}": 1}
    given = evidence(
        {PRM: {"resource": long, "authorization_servers": [long, long]}, AS: server, JWKS: {"keys": [key]}},
        header=f'Bearer resource_metadata="{long}", {long}',
        failures={f"{SITE}/{long}": Absence(f"no answer within {long}", "time")},
    )
    findings = judge(given)
    assert {"prm-resource", "as-issuer", "jwks-alg", "new-login-flow", "document-slow"} <= {f.code for f in findings}
    for finding in findings:
        assert max(len(text) for text in (finding.message, finding.expected, finding.got)) <= 300
        assert len(finding.place) <= 2_048


@pytest.mark.parametrize("letter", ["\x1b", "\n", "\r", "\x00", "\u202e", "\u200b", "\u2028", "\x9b", "\ud800"])
def test_no_finding_holds_a_letter_that_a_terminal_obeys_or_nobody_sees(letter: str) -> None:
    (finding,) = found("as-issuer-query", evidence({AS: {"issuer": f"{SITE}?{letter}[31m"}}))
    assert finding.got == f"{SITE}?\ufffd[31m"
    address = f"{SITE}/{letter}"
    (missing,) = found("jwks-missing", evidence({AS: {"issuer": f"{SITE}{letter}", "jwks_uri": address}}))
    assert letter not in missing.message + missing.place


def test_of_many_names_that_lead_to_a_document_the_first_is_expected() -> None:
    named = [SITE + "/" * slashes for slashes in range(50, 0, -1)]
    given = evidence({PRM: {"resource": API, "authorization_servers": named}, AS: {"issuer": "https://other.example"}})
    assert [finding.expected for finding in found("as-issuer", given)] == named[:1]


# -- work stays in proportion to what came --


def test_each_named_server_is_looked_at_once_however_many_documents_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = [f"https://h{number}.example" for number in range(200)]
    asked: list[str] = []

    def counted(issuer: str) -> Sequence[str]:
        asked.append(issuer)
        return server_metadata_urls(issuer)

    monkeypatch.setattr("leadping_nb.findings.server_rules.server_metadata_urls", counted)
    servers = {server_metadata_urls(issuer)[0]: {"issuer": issuer} for issuer in named}
    judge(evidence({PRM: {"resource": API, "authorization_servers": named}, **servers}))
    assert asked == named


def test_the_first_thousand_keys_of_a_set_are_looked_at_and_the_rest_is_said_to_be_there() -> None:
    many = [{"kty": "RSA", "kid": str(number)} for number in range(1_001)]
    assert found("jwks-no-alg", keys(*many))[-1].got == "980 more"
    assert [finding.got for finding in found("jwks-long", keys(*many))] == ["1,001"]
    assert found("jwks-long", keys(*many[:1_000])) == []
    assert found("jwks-no-signing-key", keys(*[{**key, "use": "enc"} for key in many], {"use": "sig"})) == []


def test_an_address_longer_than_any_is_not_taken_apart() -> None:
    marks = "\u0301\u0316" * (LONG // 4)  # to normalise these in a host takes the square of their number
    issuer = f"https://{marks}.example"
    assert split_address(issuer) is None
    assert split_address(f"https://{'x' * 2_041}") is None
    assert split_address(f"https://{'x' * 2_040}") is not None
    server = dict.fromkeys(["issuer", "token_endpoint", "authorization_endpoint", "jwks_uri"], issuer)
    given = evidence(
        {PRM: {"resource": issuer, "authorization_servers": [issuer]}, AS: server, AUTH_MD: f"{issuer}/.well-known/x"},
        header=f'Bearer resource_metadata="{issuer}"',
    )
    assert {"prm-resource", "prm-server-form", "as-issuer"} <= {finding.code for finding in judge(given)}


@pytest.mark.parametrize(
    ("header", "got"),
    [
        ("Bearer resource_metadata=https://api.example/x", ["https://api.example/x"]),
        ("Bearer resource_metadata = https://api.example/x, realm=a;b", ["https://api.example/x", "a;b"]),
        ("Negotiate YWJj==, Bearer resource_metadata=https://api.example/x", ["https://api.example/x"]),
        ('Bearer realm="see x=https://api.example/x"', []),
        ('Bearer realm="a \\" b=https://api.example/x", error=invalid_token', []),
        ('Bearer realm="without an end, b=https://api.example/x', []),
        ("Negotiate YWJj==", []),
        ("Negotiate YWJj=, Bearer realm=x", []),
        ("Bearer realm=a.b-c_d~e", []),
        ("=https://api.example/x", []),  # no challenge can be read
        (f"Bearer a=b{'=' * LONG}:", [f"b{'=' * 298}…"]),
        (f"Bearer {'a=' * LONG}", [f"{'a=' * 149}a…"]),
        (f"Bearer a={' ' * LONG}b", []),
        (f'Bearer a="{chr(92) * LONG}', []),
        (f"Bearer a={chr(34) * LONG}", []),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_should_be_quoted_is_told_from_what_is(header: str, got: list[str]) -> None:
    assert [finding.got for finding in found("challenge-unquoted", evidence({}, header=header))] == got


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/leads/{id}/{other}", "GET /leads/{id}/{other}"),
        ("{" * LONG, f"GET {'{' * LONG}"),
        ("{x" * LONG, f"GET {'{x' * LONG}"),
    ],
    ids=["templates", "braces", "names without an end"],
)
def test_a_path_of_nothing_but_braces_is_read(path: str, named: str) -> None:
    assert fit({"paths": {path: {"get": {}}}})[0].new == (named,)


def test_a_page_for_agents_is_read_as_far_as_it_goes_on_reasonably() -> None:
    filled = "Send `lp_src_x`.\n".ljust(65_535, "\n")
    assert read_auth_md(f"{filled}.").whole
    beyond = read_auth_md(f"{filled}. Use the device flow at https://x.example with `sk_x`.")
    assert (beyond.credential_forms, beyond.offered, beyond.addresses) == (("source key",), (), ())
    assert not beyond.whole
    assert [finding.got for finding in found("authmd-long", evidence({AUTH_MD: ".\n" * LONG}))] == ["more"]


# -- one cause, one finding --


def test_a_redirect_inwards_is_one_finding() -> None:
    with Sandbox(leads=1) as sandbox, sandbox.faults.on("redirect_inwards"):
        findings = lp.discover(sandbox.url).findings
    assert [finding.code for finding in findings] == ["document-hostile"]
    assert "redirects from" in findings[0].got


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("address", "document-hostile"),
        ("size", "document-hostile"),
        ("encoding", "document-hostile"),
        ("redirect", "document-redirected"),
        ("time", "document-slow"),
        ("content", "not-json"),
        (None, None),
    ],
)
def test_a_reason_and_not_its_words_decides_what_is_found(reason: Reason | None, code: str | None) -> None:
    words = "302 redirects from a to a private address, larger than any, no answer within 1 s, not a document"
    given = evidence({}, failures={AS: Absence(words, reason)})
    about_documents = {"document-hostile", "document-redirected", "document-slow", "not-json"}
    assert [finding.code for finding in judge(given) if finding.code in about_documents] == ([code] if code else [])


def test_how_many_servers_are_named_beyond_those_that_are_asked_is_said() -> None:
    named = [f"https://h{number}.example" for number in range(1_000)]
    (finding,) = found("prm-servers-many", evidence({PRM: {"resource": API, "authorization_servers": named}}))
    assert (finding.expected, finding.got, finding.place) == ("at most 20", "1,000, 980 too many", PRM)
    few = {"resource": API, "authorization_servers": named[:10], "token_issuers_supported": named[:20]}
    assert found("prm-servers-many", evidence({PRM: few})) == []
    many = {"resource": API, "authorization_servers": named}
    assert found("prm-servers-many", Evidence(API, {PRM: Document("protected resource", PRM, many)})) == []


# -- what is new beside a July server --

JULY = {
    "issuer": SITE,
    "grant_types_supported": ["authorization_code", "refresh_token"],
    "workos_authkit": {"client_id": "client_test"},
    "agent_auth": {"identity_types_supported": ["service_auth"], "identity_endpoint": f"{SITE}/api-keys"},
}


@pytest.mark.parametrize(
    ("change", "flow"),
    [
        ({"device_authorization_endpoint": f"{SITE}/device"}, "device flow"),
        (
            {"grant_types_supported": ["refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]},
            "device flow",
        ),
        ({"grant_types_supported": ["client_credentials"]}, "client credentials"),
        ({"agent_auth": {"identity_types_supported": ["identity_assertion"]}}, "identity assertion"),
        ({"agent_auth": {"identity_endpoint": f"{SITE}/agent/identity"}}, "registration of agents"),
    ],
)
def test_what_came_after_july_is_new_beside_the_block_of_july(change: dict[str, Any], flow: str) -> None:
    assert found("new-login-flow", evidence({AS: JULY})) == []
    (finding,) = found("new-login-flow", evidence({AS: {**JULY, **change}}))
    assert (finding.got, finding.expected, finding.place) == (flow, "the flows of July 2026", AS)
    later = {**JULY, **change, "workos_authkit": None}
    assert found("new-login-flow", evidence({AS: later})) == []


def test_what_came_after_july_is_new_in_the_other_document_too() -> None:
    openid = {"issuer": SITE, "subject_types_supported": ["public"], "device_authorization_endpoint": f"{SITE}/device"}
    assert [finding.place for finding in found("new-login-flow", evidence({AS: JULY, OIDC: openid}))] == [OIDC]
