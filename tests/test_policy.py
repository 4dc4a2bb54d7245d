import pytest

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.policy import VERDICTS, permissions

SEED, NEWEST = REVISIONS
INTAKE = {"POST /leads", "POST /leads/intake", "GET /leads/intake"}


def verdicts(key_type, revision=SEED):
    return {
        operation.id: decision.verdict for operation, decision in permissions(key_type, contract=contract(revision))
    }


def allowed(key_type, revision=SEED):
    return {name for name, verdict in verdicts(key_type, revision).items() if verdict == "allowed"}


def test_a_source_key_may_send_leads_and_nothing_else():
    found = verdicts(KeyType.SOURCE_KEY)
    assert allowed(KeyType.SOURCE_KEY) == INTAKE
    assert {verdict for name, verdict in found.items() if name not in INTAKE} == {"denied"}


def test_the_source_keys_rule_is_stated_and_not_inferred():
    for operation, decision in permissions(KeyType.SOURCE_KEY):
        assert decision.certainty == "stated", operation.id
        assert decision.basis.startswith("seed")


def test_sending_leads_wants_the_source_key_in_place_of_the_others():
    for key_type in (KeyType.USER_TOKEN, KeyType.BUSINESS_API_KEY):
        assert {verdicts(key_type)[name] for name in INTAKE} == {"denied"}


def test_a_business_key_is_allowed_on_business_scoped_operations_only():
    for operation, decision in permissions(KeyType.BUSINESS_API_KEY):
        if decision.verdict == "allowed":
            assert operation.scope == "tenant", operation.id
        if operation.scope in ("user", "account", "admin"):
            assert decision.verdict == "undocumented", operation.id
    assert len(allowed(KeyType.BUSINESS_API_KEY)) == 78


def test_a_user_token_is_allowed_on_everything_that_a_person_does():
    for operation, decision in permissions(KeyType.USER_TOKEN):
        if operation.scope in ("user", "account", "tenant"):
            assert decision.verdict == "allowed", operation.id
    assert len(allowed(KeyType.USER_TOKEN)) == 110


def test_without_a_credential_only_what_the_contract_opens_is_allowed():
    assert allowed(None) == {
        "POST /contact",
        "POST /businesses/invitations/accept",
        "GET /businesses/invitations/token/{token}",
        "GET /reports/exports/{exportId}/download",
    }
    assert "undocumented" not in verdicts(None).values()


def test_every_verdict_has_a_sentence_and_a_basis():
    for revision in REVISIONS:
        for key_type in (*KeyType, None):
            for operation, decision in permissions(key_type, contract=contract(revision)):
                assert decision.verdict in VERDICTS
                assert decision.why.endswith("."), (key_type, operation.id, decision.why)
                assert decision.basis
                assert decision.certainty in ("stated", "inferred")


def test_an_organization_key_is_in_the_new_revision_what_a_business_key_was():
    assert len(allowed(KeyType.ORGANIZATION_API_KEY, NEWEST)) == 88
    decision = permissions(KeyType.ORGANIZATION_API_KEY, contract=contract(NEWEST)).check("POST", "/leads/all/my")
    assert decision.verdict == "allowed"
    assert "organization" in decision.why


@pytest.mark.parametrize(
    ("key_type", "revision"), [(KeyType.ORGANIZATION_API_KEY, SEED), (KeyType.BUSINESS_API_KEY, NEWEST)]
)
def test_a_key_type_of_another_revision_is_undocumented_throughout(key_type, revision):
    assert set(verdicts(key_type, revision).values()) == {"undocumented"}


@pytest.mark.parametrize(
    ("key_type", "revision", "said"),
    [
        (KeyType.BUSINESS_API_KEY, NEWEST, "what a business key was, an organization key is"),
        (KeyType.ORGANIZATION_API_KEY, SEED, "before, a business key (lp_…) was what they are now"),
    ],
)
@pytest.mark.parametrize(
    "call", [("POST", "/leads/all/my"), ("POST", "/leads/intake"), ("GET", "/users/me"), ("POST", "/feedback")]
)
def test_a_key_type_of_another_revision_is_explained_by_what_stands_in_its_place(key_type, revision, said, call):
    pair = {KeyType.BUSINESS_API_KEY, KeyType.ORGANIZATION_API_KEY}
    (other,) = pair - {key_type}
    decision, beside = (permissions(kind, contract=contract(revision)).check(*call) for kind in (key_type, other))
    assert (decision.verdict, decision.certainty) == ("undocumented", "inferred")
    assert said in decision.why
    assert "no source says" in decision.why
    words = "not documented" if beside.verdict == "undocumented" else beside.verdict
    assert decision.why.endswith(f"{other.value} is {words} here.")
    assert revision in decision.basis


def test_check_takes_any_case_and_whole_addresses():
    decision = permissions(KeyType.USER_TOKEN).check("get", "https://api.leadping.ai/leads/42?x=1")
    assert decision.verdict == "allowed"
    assert decision.operation.id == "GET /leads/{id}"


def test_check_says_which_key_types_would_do():
    decision = permissions(KeyType.USER_TOKEN).check("POST", "/leads/intake")
    assert decision.verdict == "denied"
    assert decision.would_do == (KeyType.SOURCE_KEY,)


def test_check_names_the_nearest_operations_for_an_unknown_path():
    decision = permissions(KeyType.USER_TOKEN).check("POST", "/leads/all")
    assert decision.verdict == "undocumented"
    assert decision.operation is None
    assert "POST /leads/all/my" in decision.nearest
    assert "POST /leads/all/my" in decision.why


def test_an_unknown_path_is_denied_to_a_source_key_because_everything_else_is():
    assert permissions(KeyType.SOURCE_KEY).check("GET", "/something/new").verdict == "denied"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.leadping.ai.example/leads/42",
        "http://api.leadping.ai/leads/42",
        "https://api.leadping.ai@host.example/leads/42",
        "//host.example/leads/42",
        "https://api.leadping.ai:8443/leads/42",
    ],
)
def test_an_address_elsewhere_is_denied(url):
    decision = permissions(KeyType.USER_TOKEN).check("GET", url)
    assert decision.verdict == "denied"
    assert "not an address of the API" in decision.why


def test_the_frame_sorts_by_verdict_and_filters():
    frame = permissions(KeyType.BUSINESS_API_KEY).frame
    ordered = frame.sort_values("verdict")["verdict"].astype(str).tolist()
    assert ordered == ["allowed"] * 78 + ["undocumented"] * 40 + ["denied"] * 3
    assert len(frame[(frame["verdict"] == "allowed") & (frame["effect"] == "read")]) > 20
    assert list(frame.columns[:4]) == ["verdict", "method", "path", "effect"]


def test_the_html_form_escapes_and_never_relies_on_colour():
    shown = permissions(Credential.from_text("lp_example"))._repr_html_()
    assert "✓ 78 allowed" in shown
    assert "✗ denied" in shown
    assert "{id}" in shown
    assert "lp_example" not in shown


def test_the_repr_counts_the_verdicts():
    assert repr(permissions(KeyType.SOURCE_KEY)) == (
        "<Permissions of a source key under 2026-07-05: 3 allowed, 0 undocumented, 118 denied>"
    )


def test_a_decision_prints_as_a_sentence_with_a_sign():
    assert str(permissions(None).check("GET", "/users/me")).startswith("✗ denied (stated): This needs a credential.")


def test_a_text_is_refused_and_not_repeated():
    with pytest.raises(LeadpingError, match="neither a credential nor a key type") as caught:
        permissions("lp_sandbox_test_0123456789")
    assert "0123456789" not in repr(caught.value)
