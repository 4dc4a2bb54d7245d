from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import leadping_nb as lp
from leadping_nb.challenge import parse_www_authenticate
from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.findings import RULES, Absence, Evidence, judge
from leadping_nb.findings.authmd import read_auth_md
from leadping_nb.findings.revisions import fit
from leadping_nb.metadata import Document, kind_of
from leadping_nb.sandbox import Sandbox

API, SITE = "https://api.example", "https://site.example"
PRM, AS = "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"
OIDC, JWKS = "/.well-known/openid-configuration", f"{SITE}/jwks"
MODULUS = "gQ" + "A" * 340  # 2,048 bits
KEY = {"kty": "RSA", "kid": "key-1", "use": "sig", "alg": "RS256", "n": MODULUS, "e": "AQAB"}
EC = {"kty": "EC", "kid": "key-2", "use": "sig", "alg": "ES256", "crv": "P-256", "x": "AQ", "y": "AQ"}
SERVER = {
    "issuer": SITE,
    "authorization_endpoint": f"{SITE}/authorize",
    "token_endpoint": f"{SITE}/token",
    "jwks_uri": JWKS,
    "response_types_supported": ["code"],
    "grant_types_supported": ["authorization_code", "refresh_token"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["none"],
}
OPENID = {**SERVER, "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}
AUTH_MD = (
    f"Send a user token, or `lp_src_...`, in the header.\nMetadata: {API}{PRM}\nNot on offer: anonymous registration.\n"
)
PATHS = {}
for _operation in contract().operations:
    PATHS.setdefault(_operation.path, {})[_operation.method.lower()] = {}
CLEAN = {
    API + PRM: {"resource": API, "authorization_servers": [SITE], "bearer_methods_supported": ["header"]},
    SITE + AS: SERVER,
    SITE + OIDC: OPENID,
    JWKS: {"keys": [KEY, EC]},
    f"{SITE}/auth.md": AUTH_MD,
    f"{API}/openapi/v1.json": {"openapi": "3.1.1", "paths": PATHS},
}
HEADER = f'Bearer resource_metadata="{API}{PRM}"'


def evidence(
    changes=None, *, header=HEADER, status=401, failures=None, start=API, quirks=(), media_type=None, walked=True
):
    contents = {url: content for url, content in {**CLEAN, **(changes or {})}.items() if content is not None}
    documents = {
        url: Document(kind_of(content, url), url, content, tuple(quirks) if url == SITE + AS else (), media_type)
        for url, content in contents.items()
    }
    challenges = tuple(parse_www_authenticate(header))
    return Evidence(start, documents, challenges, header, status, failures or {}, walked)


def resource(**members):
    return evidence({API + PRM: {**CLEAN[API + PRM], **members}})


def server(**members):
    changed = {name: value for name, value in {**SERVER, **members}.items() if value is not None}
    return evidence({SITE + AS: changed})


def openid(**members):
    return evidence({SITE + OIDC: {**OPENID, **members}})


def key(base=KEY, **members):
    changed = {name: value for name, value in {**base, **members}.items() if value is not None}
    return evidence({JWKS: {"keys": [changed]}})


def failing(why, url=SITE + AS, reason=None):
    return evidence({url: None}, failures={url: Absence(why, reason)})


CASES = {
    "start-unreachable": lambda: Evidence(API, {}, walked=True, failures={f"{API}/users/me": Absence("no connection")}),
    "no-401": lambda: evidence(status=200, header=None),
    "challenge-missing": lambda: evidence(header=None),
    "challenge-scheme": lambda: evidence(header='Basic realm="x"'),
    "challenge-no-pointer": lambda: evidence(header='Bearer realm="x"'),
    "challenge-pointer-http": lambda: evidence(header=HEADER.replace("https", "http")),
    "challenge-pointer-elsewhere": lambda: evidence(header=f'Bearer resource_metadata="https://other.example{PRM}"'),
    "challenge-pointers-differ": lambda: evidence(header=f'{HEADER}, Bearer resource_metadata="{API}/other"'),
    "challenge-unquoted": lambda: evidence(header=HEADER.replace('"', "")),
    "challenge-error": lambda: evidence(header=f'{HEADER}, error="invalid_token"'),
    "prm-missing": lambda: evidence({API + PRM: None}),
    "prm-resource": lambda: resource(resource="http://api.example"),
    "prm-resource-form": lambda: resource(resource=f"{API}?x=1"),
    "prm-servers": lambda: resource(authorization_servers=[]),
    "prm-http-server": lambda: resource(authorization_servers=["http://site.example"]),
    "prm-server-form": lambda: resource(authorization_servers=[SITE, "site"]),
    "prm-server-twice": lambda: resource(authorization_servers=[SITE, SITE]),
    "prm-servers-many": lambda: resource(token_issuers_supported=[f"https://h{n}.example" for n in range(20)]),
    "prm-bearer-methods": lambda: resource(bearer_methods_supported=["body"]),
    "prm-bearer-query": lambda: resource(bearer_methods_supported=["header", "query"]),
    "prm-bearer-unknown": lambda: resource(bearer_methods_supported=["header", "pigeon"]),
    "prm-scopes-form": lambda: resource(scopes_supported="openid"),
    "as-missing": lambda: evidence({SITE + AS: None, SITE + OIDC: None}),
    "as-issuer": lambda: server(issuer=f"{SITE}/x"),
    "as-issuer-query": lambda: server(issuer=f"{SITE}?a=1"),
    "as-http": lambda: server(token_endpoint="http://site.example/token"),
    "as-no-jwks": lambda: server(jwks_uri=None),
    "as-no-token-endpoint": lambda: server(token_endpoint=None),
    "as-response-types": lambda: server(response_types_supported=[]),
    "as-pkce": lambda: server(code_challenge_methods_supported=None),
    "as-pkce-plain": lambda: server(code_challenge_methods_supported=["S256", "plain"]),
    "as-grant-implicit": lambda: server(grant_types_supported=["implicit"]),
    "as-grant-password": lambda: server(grant_types_supported=["password"]),
    "as-response-token": lambda: server(response_types_supported=["code", "id_token token"]),
    "as-auth-methods": lambda: server(token_endpoint_auth_methods_supported="none"),
    "as-two-hosts": lambda: server(token_endpoint="https://other.example/token"),
    "oidc-subject-types": lambda: openid(subject_types_supported=[]),
    "oidc-alg-missing": lambda: openid(id_token_signing_alg_values_supported=["ES256"]),
    "oidc-alg-none": lambda: openid(id_token_signing_alg_values_supported=["RS256", "none"]),
    "jwks-missing": lambda: failing("404, no document", JWKS),
    "jwks-empty": lambda: evidence({JWKS: {"keys": []}}),
    "jwks-long": lambda: evidence({JWKS: {"keys": [KEY] * 1_001}}),
    "jwks-entry": lambda: evidence({JWKS: {"keys": [KEY, 7]}}),
    "jwks-private": lambda: key(d="AQ"),
    "jwks-symmetric": lambda: key(kty="oct", k="dGVzdA", alg="HS256"),
    "jwks-no-signing-key": lambda: key(use="enc", alg="RSA-OAEP"),
    "jwks-kid-missing": lambda: key(kid=None),
    "jwks-kid-duplicate": lambda: evidence({JWKS: {"keys": [KEY, {**EC, "kid": "key-1"}]}}),
    "jwks-kty": lambda: key(kty="SECRET"),
    "jwks-use": lambda: key(use="fun"),
    "jwks-key-ops": lambda: key(key_ops=["sign"]),
    "jwks-no-alg": lambda: key(alg=None),
    "jwks-alg": lambda: key(alg="RS1"),
    "jwks-alg-mismatch": lambda: key(EC, alg="ES384"),
    "jwks-curve": lambda: key(EC, crv="P-192", alg=None),
    "jwks-unreadable": lambda: key(n="§"),
    "jwks-rsa-small": lambda: key(n="AQ" + "A" * 168),
    "jwks-exponent": lambda: key(e="Aw"),
    "jwks-x5u": lambda: key(x5u="https://other.example/cert"),
    "issuer-without-jwks": lambda: resource(token_issuers_supported=["https://unknown.example/x"]),
    "client-ids-disagree": lambda: evidence(
        {
            SITE + AS: {**SERVER, "workos_authkit": {"client_id": "client_one"}},
            SITE + OIDC: {**OPENID, "workos_authkit": {"client_id": "client_two"}},
        }
    ),
    "copies-disagree": lambda: openid(token_endpoint=f"{SITE}/other"),
    "servers-disagree": lambda: evidence(
        {SITE + PRM: {"resource": SITE, "authorization_servers": ["https://x.example"]}}
    ),
    "json-duplicate-member": lambda: evidence(quirks=["duplicate member: issuer"]),
    "json-bom": lambda: evidence(quirks=["byte order mark"]),
    "json-number": lambda: evidence(quirks=["NaN, which is no JSON"]),
    "not-json": lambda: failing("200, but not a document: a web page (HTML)", reason="content"),
    "document-redirected": lambda: failing("302 redirects from https://site.example", reason="redirect"),
    "document-hostile": lambda: failing("x.example resolves to a private address.", reason="address"),
    "document-slow": lambda: failing("GET https://site.example: no answer within 10 s", reason="time"),
    "document-media-type": lambda: evidence(media_type="text/html"),
    "authmd-missing": lambda: failing("404, no document", f"{SITE}/auth.md"),
    "authmd-long": lambda: evidence({f"{SITE}/auth.md": AUTH_MD + " " * 65_536}),
    "authmd-forms": lambda: evidence({f"{SITE}/auth.md": "Send a user token."}),
    "authmd-addresses": lambda: evidence({f"{SITE}/auth.md": f"{AUTH_MD}See https://x.example{PRM}."}),
    "authmd-flows": lambda: evidence({f"{SITE}/auth.md": f"{AUTH_MD}The device flow is on offer."}),
    "new-login-flow": lambda: server(registration_endpoint=f"{SITE}/register"),
    "openapi-missing": lambda: evidence({f"{API}/openapi/v1.json": None}),
    "openapi-revision": lambda: evidence(
        {f"{API}/openapi/v1.json": {"openapi": "3.1.1", "paths": {"/new": {"get": {}}}}}
    ),
}


def test_clean_documents_give_no_finding():
    assert judge(evidence()) == ()
    assert judge(evidence(walked=False, header=None, status=None)) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_finds_its_own_case(rule):
    found = [finding for finding in judge(CASES[rule.code]()) if finding.code == rule.code]
    assert found, f"{rule.code} was not found"
    for finding in found:
        assert finding.severity == rule.severity
        assert finding.message.endswith(".")
        assert finding.expected
        assert finding.got
        assert finding.spec == rule.spec
        assert finding.hint.endswith(".")
        assert finding.place


def test_there_are_more_than_forty_rules_with_codes_of_their_own():
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes)) == len(CASES) > 60
    assert set(codes) == set(CASES)


@pytest.mark.parametrize(
    ("code", "only"),
    [
        ("prm-resource", "http where https was expected"),
        ("as-issuer", "another path"),
        ("as-issuer-slash", "a trailing slash more"),
    ],
)
def test_identity_says_how_it_differs_and_gives_both_verdicts(code, only):
    case = server(issuer=f"{SITE}/") if code == "as-issuer-slash" else CASES[code]()
    (finding,) = [finding for finding in judge(case) if finding.code == code.removesuffix("-slash")]
    assert only in finding.message
    assert "a strict client stops, a lenient one" in finding.message


def test_errors_come_before_warnings_and_notes():
    found = judge(
        evidence({SITE + AS: {"issuer": "http://x"}, JWKS: {"keys": [{"kty": "oct", "k": "AQ"}]}}, header=None)
    )
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert len(set(severities)) == 3


def test_no_finding_shows_key_material():
    found = judge(key(d="c2VjcmV0LXRlc3Q", k="c2VjcmV0LXRlc3Q"))
    assert "c2VjcmV0LXRlc3Q" not in str(found)


def test_a_start_that_is_no_address_does_no_harm():
    assert isinstance(judge(evidence(start="https://[")), tuple)


def test_a_flow_that_the_page_denies_and_the_metadata_show_is_noticed():
    page = f"{AUTH_MD}The device flow is not on offer."
    shown = {**SERVER, "device_authorization_endpoint": f"{SITE}/device"}
    assert [finding.got for finding in judge(evidence({f"{SITE}/auth.md": page, SITE + AS: shown}))] == [
        "device flow in the metadata alone"
    ]


def test_new_blocks_and_methods_are_noticed():
    codes = {finding.code for finding in judge(server(workos_sso={}, token_endpoint_auth_methods_supported=["pigeon"]))}
    assert codes == {"new-login-flow", "as-auth-methods"}


def test_steps_that_were_not_made_are_not_judged():
    found = judge(Evidence(API, {}, walked=False))
    assert [finding.code for finding in found] == ["prm-missing"]


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_clean_sandbox_gives_none(revision):
    with Sandbox(leads=1, revision=revision) as sandbox:
        assert lp.discover(sandbox.url).findings == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "resource",
        "authorization_servers",
        "token_issuers_supported",
        "issuer",
        "jwks_uri",
        "keys",
        "kid",
        "kty",
        "n",
        "e",
        "crv",
        "alg",
        "use",
        "workos_authkit",
        "agent_auth",
        "grant_types_supported",
        "openapi",
        "paths",
        "scopes_supported",
    ]
)


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*CLEAN, "https://[", "x", f"https://[::1{OIDC}"]),
        st.dictionaries(NAMES, JSON, max_size=6) | JSON,
    ),
    st.text(max_size=60),
)
def test_no_documents_make_it_fail(documents, header):
    assert isinstance(judge(evidence(documents, header=header)), tuple)


def test_the_page_of_findings_is_true():
    from tools.write_findings import PAGE, page

    assert Path(PAGE).read_text(encoding="utf-8") == page()


def test_the_page_for_agents_is_read_by_its_words():
    read = read_auth_md(
        "Keys `lp_x` and `sk_x`.\nNo anonymous registration!\nDevice flow is offered at https://x.example/a."
    )
    assert read.credential_forms == ("business key", "organization key")
    assert read.addresses == ("https://x.example/a",)
    assert (read.offered, read.not_offered) == (("device flow",), ("anonymous registration",))


@settings(deadline=None)
@given(st.text())
def test_no_page_makes_it_fail(text):
    assert read_auth_md(text).addresses is not None


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_document_of_a_known_revision_fits_it_exactly(revision):
    paths = {}
    for operation in contract(revision).operations:
        renamed = operation.path.replace("{", "{my_")
        paths.setdefault(renamed, {})[operation.method.lower()] = {}
    best = fit({"paths": paths})[0]
    assert (best.revision, best.exact) == (revision, True)


@pytest.mark.parametrize(
    "document", [None, 7, [], {}, {"paths": []}, {"paths": {"/x": 7, "/y": {"get": {}, "x-note": 1}}}]
)
def test_no_openapi_document_makes_it_fail(document):
    assert [found.exact for found in fit(document)] == [False, False]
