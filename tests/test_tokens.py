import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings, strategies as st

from leadping_nb.credential import Credential
from leadping_nb.discovery import Discovery
from leadping_nb.errors import CredentialError, LeadpingError
from leadping_nb.tokens import inspect_token

ISSUER, CLIENT = "https://id.example/user_management/client_test", "client_test"
NOW = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505  # weak is the point
OTHER = rsa.generate_private_key(65537, 2048)


def public(key, kid="key-1", **members):
    algorithms = {
        rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
        ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
        ed25519.Ed25519PrivateKey: jwt.algorithms.OKPAlgorithm,
    }
    algorithm = next(found for kind, found in algorithms.items() if isinstance(key, kind))
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", **members}


JWKS = {"keys": [public(KEY, alg="RS256")]}
CLAIMS = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "user_test",
    "iat": NOW.timestamp() - 60,
    "exp": NOW.timestamp() + 3600,
}


def token(claims=None, *, key=KEY, algorithm="RS256", kid="key-1", header=None, **changes):
    chosen = {name: value for name, value in {**CLAIMS, **(claims or {}), **changes}.items() if value is not None}
    return jwt.encode(chosen, key, algorithm, headers={"kid": kid, **(header or {})} if kid else header)


def inspect(text, **how):
    return inspect_token(text, **{"jwks": JWKS, "issuer": ISSUER, "audience": CLIENT, "now": NOW, **how})


def outcome(result, check):
    return {entry.check: entry.outcome for entry in result.results}[check]


def test_a_good_token_is_valid_and_says_how_long():
    result = inspect(token())
    assert result.verdict == "valid"
    assert result.expires_in == 3600.0
    assert result.claims["sub"] == "user_test"
    assert result.header["alg"] == "RS256"
    assert list(result.checks.columns) == ["check", "outcome", "expected", "got", "what to do"]
    assert set(result.checks["outcome"]) <= {"passed", "skipped"}


@pytest.mark.parametrize(("ago", "said"), [(0, "now"), (0.4, "now"), (-0.4, "now"), (1, "1 second ago")])
def test_a_token_of_this_moment_was_issued_now(ago, said):
    issued = next(entry for entry in inspect(token(iat=NOW.timestamp() - ago)).timeline if entry.name == "issued")
    assert issued.distance == said


@pytest.mark.parametrize(
    ("made", "failed"),
    [
        (lambda: token(exp=NOW.timestamp() - 31), "expiry"),
        (lambda: token(exp=None), "expiry"),
        (lambda: token(exp=True), "expiry"),
        (lambda: token(nbf=NOW.timestamp() + 31), "not before"),
        (lambda: token(iat=NOW.timestamp() + 31), "issued at"),
        (lambda: token(iss="https://id.example/other"), "issuer"),
        (lambda: token(iss=ISSUER + "/"), "issuer"),
        (lambda: token(iss=None), "issuer"),
        (lambda: token(aud="client_other"), "audience"),
        (lambda: token(aud=None), "audience"),
        (lambda: token(aud=["client_other"]), "audience"),
        (lambda: token(key=OTHER), "signature"),
        (lambda: token(algorithm="RS512"), "algorithm"),
        (lambda: token(key="a-shared-test-secret-of-thirty-two-bytes", algorithm="HS256"), "algorithm"),
        (lambda: token(kid="key-9"), "key"),
        (lambda: token(header={"typ": "logout+jwt"}), "type"),
        (lambda: token(header={"crit": ["exp"]}), "critical"),
    ],
)
def test_each_fault_is_stopped_by_its_own_check(made, failed):
    result = inspect(made())
    assert result.verdict == "invalid"
    assert [entry.check for entry in result.results if entry.outcome == "failed"] == [failed]
    assert failed in result.summary


def test_a_changed_claim_breaks_the_signature():
    head, _, signature = token().split(".")
    forged = base64.urlsafe_b64encode(json.dumps({**CLAIMS, "sub": "user_admin"}).encode()).decode().rstrip("=")
    assert outcome(inspect(f"{head}.{forged}.{signature}"), "signature") == "failed"


def test_the_leeway_is_thirty_seconds_unless_told():
    late = token(exp=NOW.timestamp() - 29)
    assert inspect(late).verdict == "valid"
    assert inspect(late, leeway=0).verdict == "invalid"
    assert inspect(late, leeway=timedelta(seconds=28)).verdict == "invalid"


def test_now_may_be_epoch_seconds_and_must_not_be_naive():
    assert inspect(token(), now=NOW.timestamp()).verdict == "valid"
    with pytest.raises(LeadpingError, match="time zone"):
        inspect(token(), now=datetime(2026, 7, 5))


@pytest.mark.parametrize("missing", ["jwks", "issuer", "audience"])
def test_without_something_to_compare_with_it_is_unverified(missing):
    result = inspect(token(), **{missing: None})
    assert result.verdict == "unverified"
    assert "unverified" in result.summary
    assert "unverified" in result._repr_html_()


def test_one_failed_check_makes_it_invalid_also_without_keys():
    assert inspect(token(exp=1), jwks=None).verdict == "invalid"


@pytest.mark.parametrize(
    ("jwk", "said"),
    [
        (public(WEAK, alg="RS256"), "1024 bits"),
        (public(KEY, alg="RS256") | {"use": "enc"}, "for use enc"),
        ({"kty": "oct", "kid": "key-1", "k": "dGVzdA"}, "symmetric"),
        ({"kty": "RSA", "kid": "key-1", "n": "AQ"}, "cannot be read"),
        ({"kty": "RSA", "kid": "key-1", "alg": "none"}, "no known algorithm"),
        ({"kty": "secret", "kid": "key-1"}, "no known algorithm"),
    ],
)
def test_an_unfit_key_is_refused_and_said(jwk, said):
    result = inspect(token(), jwks={"keys": [jwk]})
    check = next(entry for entry in result.results if entry.check == "key")
    assert (check.outcome, result.verdict) == ("failed", "invalid")
    assert said in check.got


def test_a_key_without_alg_allows_what_its_type_does_and_is_noted():
    result = inspect(token(algorithm="PS256"), jwks={"keys": [public(KEY)]})
    assert result.verdict == "valid"
    assert "its type decides" in next(entry.todo for entry in result.results if entry.check == "key")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(ec.generate_private_key(ec.SECP256R1()), "ES256"), (ed25519.Ed25519PrivateKey.generate(), "EdDSA")],
)
def test_elliptic_curves_are_verified_too(key, algorithm):
    keys = {"keys": [public(key)]}
    assert inspect(token(key=key, algorithm=algorithm), jwks=keys).verdict == "valid"
    assert inspect(token(key=OTHER), jwks=keys).verdict == "invalid"


def test_two_keys_of_one_kid_are_not_guessed_between():
    result = inspect(token(), jwks={"keys": [public(KEY), public(OTHER)]})
    assert outcome(result, "key") == "failed"


def test_several_sets_and_a_path_are_taken(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(JWKS))
    assert inspect(token(), jwks=[{"keys": [public(OTHER, "key-2")]}, JWKS]).verdict == "valid"
    assert inspect(token(), jwks=path).verdict == "valid"


@pytest.mark.parametrize("jwks", [{}, {"keys": 1}, [{"keys": []}, 3], 7])
def test_what_is_no_jwk_set_is_an_error_with_a_hint(jwks):
    with pytest.raises(LeadpingError, match="JWK set"):
        inspect(token(), jwks=jwks)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(LeadpingError, match="could not be read"):
        inspect(token(), jwks=tmp_path / "absent.json")


def test_where_a_token_says_its_keys_are_is_reported_and_ignored():
    jwk = {**public(OTHER), "alg": "RS256"}
    result = inspect(token(header={"jku": "https://evil.example/jwks", "jwk": jwk}))
    assert result.verdict == "valid"
    check = next(entry for entry in result.results if entry.check == "keys in header")
    assert check.got == "jku, jwk"
    assert "Ignored" in check.todo


def test_a_key_is_opaque():
    with pytest.raises(CredentialError, match="opaque"):
        inspect_token("lp_src_example")


def discovery(keys=JWKS, issuers=(ISSUER,)):
    site = "https://leadping.example"
    return Discovery.from_documents(
        {
            "https://api.leadping.ai/.well-known/oauth-protected-resource": {
                "resource": "https://api.leadping.ai",
                "token_issuers_supported": list(issuers),
            },
            f"{site}/.well-known/oauth-authorization-server": {
                "issuer": site,
                "workos_authkit": {
                    "client_id": CLIENT,
                    "session_issuer": ISSUER,
                    "session_jwks_uri": f"{site}/jwks",
                },
            },
            **({f"{site}/jwks": keys} if keys else {}),
        }
    )


def test_issuer_audience_and_keys_come_from_the_discovery():
    assert inspect_token(token(), discovery=discovery(), now=NOW).verdict == "valid"
    assert inspect_token(token(aud="client_other"), discovery=discovery(), now=NOW).verdict == "invalid"
    assert inspect_token(token(iss="https://foreign.example"), discovery=discovery(), now=NOW).verdict == "invalid"


def test_an_accepted_issuer_without_published_keys_leaves_it_unverified():
    result = inspect_token(token(), discovery=discovery(keys=None), now=NOW)
    assert result.verdict == "unverified"
    assert "found no keys" in next(entry.todo for entry in result.results if entry.check == "key")


def test_nothing_shown_holds_the_signature():
    text = token()
    result = inspect(text)
    for shown in (repr(result), result._repr_html_(), result.table.text(), result.claims_table.text()):
        assert text.split(".")[2][:12] not in shown
        assert text not in shown


def test_the_claims_table_writes_times_out():
    rows = {row[0]: row[1] for row in inspect(token()).claims_table.rows}
    assert rows["exp"] == "2026-07-05 13:00:00 UTC"


def test_a_time_beyond_the_calendar_does_not_break_it():
    assert inspect(token(exp=10**18)).verdict == "valid"
    assert inspect(token(exp=10**400)).verdict == "invalid"


def test_a_credential_is_taken_as_well_as_a_text():
    assert inspect(Credential.from_text(token())).verdict == "valid"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: token(nonce="n-test"), "an ID token (nonce)"),
        (lambda: token(at_hash="h-test"), "an ID token (at_hash)"),
        (lambda: token(token_use="id"), "an ID token"),
        (lambda: token(token_use="refresh"), "a refresh token"),
        (lambda: token(typ="Refresh"), "a refresh token"),
    ],
)
def test_tokens_of_another_kind_are_recognised_and_said(made, said):
    result = inspect(made())
    check = next(entry for entry in result.results if entry.check == "token kind")
    assert (result.verdict, check.outcome) == ("invalid", "failed")
    assert said in check.got


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        (ISSUER + "/", "a trailing slash more"),
        (ISSUER.replace("https", "http"), "http where https was expected"),
        (ISSUER.replace("client", "CLIENT"), "another letter case"),
        ("https://other.example/user_management/client_test", "another host"),
    ],
)
def test_how_an_issuer_differs_is_said_in_words(issuer, words):
    check = next(entry for entry in inspect(token(iss=issuer)).results if entry.check == "issuer")
    assert words in check.todo


def test_the_servers_clock_explains_a_token_from_the_future():
    made = token(iat=NOW.timestamp() + 120)
    server = NOW + timedelta(seconds=125)
    check = next(entry for entry in inspect(made, server_date=server).results if entry.check == "issued at")
    assert check.outcome == "failed"
    assert "125 s ahead of this machine's, which explains it" in check.todo
    unexplained = next(entry for entry in inspect(made).results if entry.check == "issued at")
    assert "explains" not in unexplained.todo


def test_the_time_line_is_in_order_with_now_in_it():
    result = inspect(token(nbf=NOW.timestamp() - 30), tz=UTC)
    assert [entry.name for entry in result.timeline] == ["issued", "not before", "now", "expires"]
    assert [entry.seconds for entry in result.timeline] == [-60.0, -30.0, 0.0, 3600.0]
    assert "expires: 2026-07-05 13:00:00 UTC, in 60 minutes" in result.tree()


def test_the_json_form_holds_everything_but_the_signature():
    text = token()
    whole = json.loads(inspect(text).to_json())
    assert (whole["verdict"], whole["claims"]["sub"]) == ("valid", "user_test")
    assert [check["check"] for check in whole["checks"]][:4] == ["form", "key", "algorithm", "signature"]
    assert text.split(".")[2] not in json.dumps(whole)


def test_unverified_stands_in_every_form():
    result = inspect(token(), jwks=None)
    for shown in (repr(result), str(result), result._repr_html_(), result.to_json()):
        assert "unverified" in shown


@pytest.mark.parametrize("changes", [{"exp": 1}, {"iss": "https://foreign.example"}])
def test_an_invalid_token_whose_signature_nobody_checked_is_called_unverified_too(changes):
    result = inspect(token(**changes), jwks=None)
    assert result.verdict == "invalid"
    for shown in (repr(result), str(result), result._repr_html_(), result.to_json()):
        assert "unverified" in shown
    assert "unverified" not in str(inspect(token(**changes)))


def test_a_key_id_of_null_is_no_missing_one():
    assert inspect(token(kid=None)).verdict == "valid"  # there is one key only
    header, claims, _ = token(kid=None).split(".")
    header = json.dumps({"alg": "RS256", "kid": None}).encode()
    signed = f"{base64.urlsafe_b64encode(header).decode().rstrip('=')}.{claims}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(signed.encode(), KEY)
    made = f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
    assert outcome(inspect(made), "key") == "failed"


@pytest.mark.parametrize("times", [{"iat": -1.7e308, "exp": 1.7e308}, {"exp": 1.7e308}, {"exp": -(10**290)}])
def test_times_from_one_end_of_numbers_to_the_other_are_drawn_and_stay_short(times):
    result = inspect(token(**times))
    assert "more than a thousand years" in result._repr_html_()
    assert max(len(line) for line in str(result).splitlines()) < 300


def test_header_and_claims_say_what_they_mean_and_where_it_is_written():
    shown = inspect(token())._repr_html_()
    assert "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4" in shown
    assert "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4" in shown
    assert "kid: key-1 (the id of the key that signed)" in str(inspect(token()))


def test_a_claim_that_is_html_stays_text():
    assert "<script>" not in inspect(token(sub="<script>alert(1)</script>"))._repr_html_()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CLAIM = st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "sub", "typ", "token_use", "nonce", "x"])
MEMBER = st.sampled_from(["kid", "typ", "crit", "jku", "jwk", "b64", "x"])


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(CLAIM, JSON, max_size=6), st.dictionaries(MEMBER, JSON, max_size=4))
def test_no_claims_and_no_header_make_it_fail(claims, header):
    parts = [
        base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
        for value in ({**header, "alg": "RS256"}, claims)
    ]
    result = inspect(".".join([*parts, "A" * 342]))
    assert result.verdict == "invalid"
    for shown in (str(result), result._repr_html_(), result.to_json()):
        assert "invalid" in shown
