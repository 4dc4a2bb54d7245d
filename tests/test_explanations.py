from datetime import UTC, datetime
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from IPython.core.formatters import PlainTextFormatter

import leadping_nb as lp
from leadping_nb.errors import ForbiddenError, Problem, UnauthorizedError
from leadping_nb.explanations import explain

KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
ISSUER, CLIENT, NOW = "https://id.example", "client_test", datetime(2026, 7, 5, 12, tzinfo=UTC)
BUSINESS, SOURCE = "lp_explain_test_0123456789", "lp_src_explain_test_0123456789"
API = "https://api.leadping.ai"
POINTER = f'Bearer resource_metadata="{API}/.well-known/oauth-protected-resource"'


class Known:
    """A discovery of one issuer."""

    issuers = (ISSUER,)
    audiences = (CLIENT,)
    clock_difference = None

    def __init__(self):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        self.jwks = {ISSUER: {"keys": [{**jwk, "kid": "key-1", "use": "sig", "alg": "RS256"}]}}


def token(key=KEY, **changes):
    now = NOW.timestamp()
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "user_test", "iat": now - 60, "exp": now + 600, **changes}
    return jwt.encode(claims, key, "RS256", headers={"kid": "key-1"})


def causes(credential=None, *, method="GET", path="/tags", status=401, headers=None, body=None, url=None):
    found = explain(
        None,
        credential,
        method=method,
        url=url or API + path,
        status=status,
        headers=headers or {},
        body=body,
        discovery=Known(),
        now=NOW,
    )
    return [cause.code for cause in found.causes]


@pytest.mark.parametrize(
    ("case", "first"),
    [
        (lambda: causes(None), "missing-header"),
        (lambda: causes("lp_example"), "placeholder"),
        (lambda: causes("lp_sandbox_test_1"), "sandbox-key"),
        (lambda: causes(SOURCE, path="/users/me", status=403), "key-type"),
        (lambda: causes(SOURCE, path="/users/me", status=401), "key-type"),
        (lambda: causes(BUSINESS, method="POST", path="/leads/intake", status=403), "key-type"),
        (lambda: causes(BUSINESS, path="/users/me", status=403), "key-type-undocumented"),
        (lambda: causes(BUSINESS, path="/nowhere", status=403), "unknown-call"),
        (lambda: causes(token(exp=NOW.timestamp() - 60)), "token-expired"),
        (lambda: causes(token(iss="https://other.example")), "token-issuer"),
        (lambda: causes(token(aud="client_other")), "token-audience"),
        (lambda: causes(token(OTHER)), "token-signature"),
        (lambda: causes(token(iat=NOW.timestamp() + 600)), "token-early"),
        (lambda: causes(token()), "session-ended"),
        (lambda: causes(BUSINESS), "key-dead"),
        (lambda: causes(SOURCE, method="POST", path="/leads", status=403), "source-off"),
        (lambda: causes(token(), status=403), "role"),
        (lambda: causes(BUSINESS, status=403), "role"),
        (lambda: causes(BUSINESS, url="http://api.leadping.ai/tags"), "plain-http"),
        (
            lambda: causes(token(), status=403, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'}),
            "scope",
        ),
        (lambda: causes(BUSINESS, status=418), "unknown"),
    ],
)
def test_the_likeliest_cause_of_each_failure_comes_first(case, first):
    assert case()[0] == first


SANDBOX_TOKEN = jwt.encode({"iss": "http://127.0.0.1:8000", "exp": 1}, KEY, "RS256", headers={"kid": "sandbox-1"})


def first_cause(credential, code, **how):
    given = {"method": "GET", "url": f"{API}/tags", "status": 401, **how}
    return next(cause for cause in explain(credential=credential, **given).causes if cause.code == code)


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        ("lp_sandbox_test_1", "A sandbox's key was sent to another API."),
        ("lp_src_sandbox_test_1", "A sandbox's key was sent to another API."),
        (SANDBOX_TOKEN, "A sandbox's token was sent to another API."),
    ],
)
def test_a_sandboxs_key_or_token_is_known_elsewhere_and_is_not_called_revoked(credential, said):
    found = explain(method="GET", url=f"{API}/tags", status=401, credential=credential)
    causes_by_code = {cause.code: cause for cause in found.causes}
    assert causes_by_code["sandbox-key"].what == said
    assert causes_by_code["sandbox-key"].likelihood == "almost certain"
    assert "key-dead" not in causes_by_code


def test_a_sandbox_may_stand_behind_the_address_of_a_proxy():
    cause = first_cause("lp_sandbox_test_1", "sandbox-key", url="https://hub.example/user/proxy/8000/tags")
    assert cause.likelihood == "likely"


@pytest.mark.parametrize(
    ("credential", "how", "code", "todo"),
    [
        ("lp_src_example", {}, "placeholder", "Put the key of your source in its place."),
        ("lp_example", {}, "placeholder", "Put your own key in its place."),
        ("lp_src_sandbox_test_1", {}, "sandbox-key", "Use the key of your source, or the sandbox's address."),
        (SANDBOX_TOKEN, {}, "sandbox-key", "Use a token of your own, or the sandbox's address."),
        (SOURCE, {"method": "POST", "url": f"{API}/leads"}, "key-dead",
         "Compare it with the key that the source shows in Leadping, or make the source a new one."),
        (BUSINESS, {}, "key-dead", "Compare it with the list of keys on the api-keys page, or make a new one."),
        ("lp_sandbox_test_1", {"url": "http://127.0.0.1:8000/tags"}, "key-dead",
         "Take the key of the sandbox that runs now."),
        ("lp_sandbox_test_1", {"url": "http://api.leadping.ai/tags"}, "plain-http", "Use https."),
        (None, {"url": "http://api.leadping.ai/tags"}, "plain-http", "Use https."),
        (BUSINESS, {"url": "http://api.leadping.ai/tags"}, "plain-http",
         "Use https. The credential was exposed on the way: rotate it."),
    ],
)  # fmt: skip
def test_what_to_do_fits_whose_credential_it_is(credential, how, code, todo):
    assert first_cause(credential, code, **how).todo == todo


def test_on_a_shared_host_nobody_is_asked_for_a_key_of_their_own(monkeypatch):
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    for credential, code, todo in (
        ("lp_example", "placeholder", "Put a sandbox's key in its place"),
        ("lp_sandbox_test_1", "sandbox-key", "Use the sandbox's address"),
    ):
        assert first_cause(credential, code).todo == f"{todo}; this is Binder, where no live one belongs."


def test_words_about_a_resource_are_no_words_about_a_source():
    body = {"title": "Forbidden", "detail": "Access to this resource is not allowed."}
    cause = first_cause(SOURCE, "source-off", method="POST", url=f"{API}/leads", status=403, body=body)
    assert cause.likelihood == "likely"


def test_accounts_have_the_name_of_the_contracts_revision():
    october = lp.contract("2026-10-26")
    cause = first_cause("sk_explain_test_0123456789", "role", status=403, contract=october)
    assert "another organization" in cause.what
    assert "GET /organizations/me/options" in cause.todo
    assert october.match("GET", "/organizations/me/options") is not None


def test_an_address_without_a_host_is_taken_for_the_right_api():
    found = explain(method="POST", url="/leads/all/my", status=403, credential="lp_src_sandbox_test_1")
    assert [cause.code for cause in found.causes] == ["key-type"]


def test_a_token_from_the_future_also_points_to_the_clock():
    assert causes(token(iat=NOW.timestamp() + 600)) == ["token-early", "clock-skew"]


def test_the_servers_words_make_a_disabled_source_almost_certain():
    silent = explain(method="POST", url="/leads", status=403, credential=SOURCE).causes[0]
    spoken = explain(
        method="POST",
        url="/leads",
        status=403,
        credential=SOURCE,
        body={"title": "Forbidden", "detail": "The source is disabled."},
    ).causes[0]
    assert (silent.likelihood, spoken.likelihood) == ("likely", "almost certain")


def test_a_wrong_key_type_names_those_that_would_do():
    cause = explain(method="GET", url="/users/me", status=403, credential=SOURCE).causes[0]
    assert "user token" in cause.todo
    assert "seed" in cause.evidence


def test_an_unverified_token_asks_for_a_discovery():
    found = explain(method="GET", url="/tags", status=401, credential=token(), now=NOW)
    assert "token-unverified" in [cause.code for cause in found.causes]


def test_an_error_of_ours_brings_its_pieces():
    problem = Problem(title="Forbidden")
    error = ForbiddenError("No.", status=403, url=f"{API}/leads/intake", method="POST", problem=problem)
    found = explain(error, BUSINESS)
    assert found.call == f"POST {API}/leads/intake"
    assert found.causes[0].code == "key-type"
    unauthorized = UnauthorizedError(
        "No.", status=401, url=f"{API}/tags", problem=problem, headers={"www-authenticate": POINTER}
    )
    assert explain(unauthorized, None).causes[0].code == "missing-header"


def test_a_response_of_an_http_library_is_taken_apart():
    response = SimpleNamespace(
        status_code=403,
        url=f"{API}/leads",
        headers={"Content-Type": "application/problem+json"},
        content=b'{"detail": "source not approved"}',
        request=SimpleNamespace(method="POST"),
    )
    assert explain(response, SOURCE).causes[0].code == "source-off"


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (7, "failure is 7, and a failed call is expected"),
        ([], "failure is a list, and a failed call is expected"),
        (ValueError("x"), "failure is a ValueError, and a failed call is expected"),
        (None, "nothing to explain"),
    ],
)
def test_what_is_no_failed_call_is_an_error(failure, sentence):
    with pytest.raises(lp.LeadpingError, match=sentence):
        explain(failure, BUSINESS)


def test_nothing_shown_holds_the_credential():
    text = token(exp=1)
    found = explain(
        method="GET", url="/tags", status=401, credential=text, discovery=Known(), now=NOW, body=f"bad {BUSINESS}"
    )
    for shown in (str(found), repr(found), found._repr_html_(), found.table.text()):
        assert text not in shown
        assert text.split(".")[2] not in shown


def test_the_explanation_shows_likelihood_in_words_and_signs():
    found = explain(method="GET", url="/users/me", status=403, credential=SOURCE)
    assert "● almost certain" in str(found)
    assert "● almost certain" in found._repr_html_()
    assert list(found.frame.columns) == ["likelihood", "cause", "evidence", "what to do"]


def test_real_refusals_of_the_sandbox_are_explained(small_sandbox):
    with (
        lp.connect(small_sandbox.business_key, base_url=small_sandbox.url) as api,
        pytest.raises(lp.ForbiddenError) as caught,
    ):
        api.get("/users/me")
    assert explain(caught.value, small_sandbox.business_key).causes[0].code == "key-type-undocumented"
    expired = small_sandbox.issue_token(-60)
    with lp.connect(expired, base_url=small_sandbox.url) as api, pytest.raises(lp.UnauthorizedError) as caught:
        api.frame("leads")
    discovery = lp.discover(small_sandbox.url)
    assert explain(caught.value, expired, discovery=discovery).causes[0].code == "token-expired"


def test_an_explanation_shows_its_likeliest_cause_in_python_and_all_of_them_in_ipython():
    found = explain(method="GET", url=f"{API}/users/me", status=403, credential=SOURCE)
    assert repr(found) == (
        f"<Explanation: GET {API}/users/me answered 403; almost certain: This call does not take a source key.>"
    )
    formatted = PlainTextFormatter()(found)
    assert formatted == str(found)
    assert all(cause.todo in formatted for cause in found.causes)
