"""The code of cards: every request that one shows is run against the sandbox, and the page alone gets persons."""

import contextlib
import json
from urllib.parse import urlsplit

import pytest
from cards import ask, press, send
from shown_code import KEYS

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.widgets.card import Card
from leadping_nb.widgets.data.card import DataCard
from leadping_nb.widgets.discovery_card import DiscoveryCard
from leadping_nb.widgets.lead_card import LeadCard
from leadping_nb.widgets.permissions_card import PermissionsCard
from leadping_nb.widgets.token_card import TokenCard

FORMS = {"curl": "curl", "httpx": "httpx", "the official SDK": "sdk"}
PERSON = {"firstName": "Adalbert", "phone": "+12125550177", "email": "adalbert@mail.example", "externalId": "web-1"}
TYPED = ("Adalbert", "5550177", "adalbert@")
STRUCTURED = {
    "contact": {"firstName": "Adalbert", "email": "adalbert@mail.example"},
    "customer": {},
    "metadata": {"externalId": "web-1"},
    "tagIds": [],
    "tagNames": ["roof"],
}


@pytest.fixture(scope="module")
def sandbox():
    with lp.Sandbox(leads=40, rate_limit=None) as running:
        yield running


@pytest.fixture
def intake():
    """A sandbox of the test's own, which leads are sent to."""
    with lp.Sandbox(leads=2, rate_limit=None) as running:
        yield running


def connect(sandbox, key="user_token"):
    return lp.connect(getattr(sandbox, key), base_url=sandbox.url)


def as_fields(**lead):
    return json.dumps({"fields": lead}).encode()


def as_text(lead):
    return json.dumps({"text": json.dumps(lead)}).encode()


def rows_of(printed, kind):
    """The ids of the rows that code printed, or that the SDK answered with."""
    return [row.id for row in printed.items] if kind == "sdk" else [row["id"] for row in json.loads(printed)["items"]]


# -- permissions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["user_token", "business_key"])
def test_the_request_of_an_operation_runs_and_answers(sandbox, run, form, key):
    with connect(sandbox, key) as api:
        card = PermissionsCard(api)
        asked = ask(card, operation="POST /leads/all/my")
        assert (asked["call"], asked["effect"], asked["notes"]) == ("POST /leads/all/my", "read", [])
        printed = run(FORMS[form], asked["forms"][form], KEYS[key], getattr(sandbox, key))
        assert rows_of(printed, FORMS[form]) == [row["id"] for row in api.rows("leads")]


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_puts_a_value_in_place_of_the_word_that_says_so(sandbox, run, form):
    with connect(sandbox) as api:
        code = ask(PermissionsCard(api), operation="GET /sources/{id}")["forms"][form]
        expected = api.get("/sources/src_sandbox_01")
    assert "# Put a value in place of ID." in code
    code = code.replace("/sources/ID", "/sources/src_sandbox_01").replace("'ID'", "'src_sandbox_01'")
    printed = run(FORMS[form], code, "LEADPING_USER_TOKEN", sandbox.user_token)
    assert (printed.name if form == "the official SDK" else json.loads(printed)["name"]) == expected["name"]


@pytest.mark.parametrize("form", FORMS)
def test_a_call_that_sends_a_lead_is_shown_as_one_that_writes_and_runs(intake, run, form):
    with connect(intake, "source_key") as api:
        asked = ask(PermissionsCard(api), operation="POST /leads/intake")
    assert asked["effect"] == "write"
    assert asked["notes"] == ["It changes data: each time that this code is run, it sends a lead."]
    run(FORMS[form], asked["forms"][form], "LEADPING_SOURCE_KEY", intake.source_key)
    assert len(intake.leads_received) == 1


def test_any_other_write_is_named_and_no_code_is_shown_that_would_make_it(sandbox):
    with connect(sandbox) as api:
        asked = ask(PermissionsCard(api), operation="DELETE /tags/{id}")
    assert (asked["call"], asked["effect"], asked["forms"]) == ("DELETE /tags/{id}", "write", {})
    assert asked["notes"] == [
        "DELETE /tags/{id} changes data, and no code is shown that would. Make the change in Leadping itself."
    ]


def test_what_is_denied_is_shown_with_a_warning_and_is_refused_when_it_is_run(sandbox, run):
    with connect(sandbox, "source_key") as api:
        asked = ask(PermissionsCard(api), operation="GET /users/me")
    assert asked["notes"] == ["Denied: A source key sends leads and is rejected everywhere else."]
    printed = run("curl", asked["forms"]["curl"], "LEADPING_SOURCE_KEY", sandbox.source_key)
    assert json.loads(printed)["status"] in (401, 403)


def test_the_request_is_filled_in_from_what_was_just_asked_and_only_the_page_gets_it(sandbox):
    with connect(sandbox) as api:
        card = PermissionsCard(api)
        api.frame("leads", search="Adalbert")
        before = json.dumps(card.get_state(), default=str)
        assert '"search": "Adalbert"' in ask(card, operation="POST /leads/all/my")["forms"]["curl"]
        assert json.dumps(card.get_state(), default=str) == before
        assert "Adalbert" not in before + repr(card.static_forms())


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("kind", [*KeyType, None])
def test_without_a_connection_every_operation_has_a_request_at_the_usual_address_or_says_why_not(kind, revision):
    contract = lp.contract(revision)
    card = PermissionsCard(kind, contract=contract)
    for operation in contract.operations:
        asked = ask(card, operation=operation.id)
        if operation.effect == "read" or operation.scope == "source":
            assert list(asked["forms"]) == list(FORMS)
            assert contract.base_url in asked["forms"]["httpx"]
            assert ("Authorization" in asked["forms"]["curl"]) == (kind is not None)
        else:
            assert asked["forms"] == {}
            assert "no code is shown" in asked["notes"][-1]


@pytest.mark.parametrize("name", [None, 7, "", "GET", "GET /nowhere", ["GET /tags"]])
def test_what_is_no_operation_is_answered_in_words(name):
    asked = ask(PermissionsCard(), operation=name)
    assert asked["notes"] == ["There is no such operation.", "Choose one of those that the card shows."]
    assert asked["forms"] == {}


# -- lead -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("typed", "call"),
    [
        (as_fields(**PERSON), "POST /leads/intake"),
        (as_text(PERSON), "GET /leads/intake"),
        (as_text(STRUCTURED), "POST /leads"),
    ],
    ids=["flat", "query", "structured"],
)
def test_the_code_of_a_lead_sends_what_was_filled_in(intake, run, form, typed, call):
    with connect(intake, "source_key") as api:
        asked = ask(LeadCard(api), typed, call=call)
    assert (asked["call"], asked["effect"]) == (call, "write")
    assert intake.leads_received == ()
    unreadable = lp.ResponseError if form == "the official SDK" else ()  # the July release reads no lead with a phone
    with contextlib.suppress(unreadable):
        run(FORMS[form], asked["forms"][form], "LEADPING_SOURCE_KEY", intake.source_key)
    (lead,) = intake.leads_received
    assert lead["contact"]["firstName"] == "Adalbert"
    assert lead["contact"]["email"] == "adalbert@mail.example"


@pytest.mark.parametrize("call", ["POST /leads/intake", "GET /leads/intake"])
def test_the_lines_of_the_toolkit_have_the_lead_too_and_send_nothing(intake, monkeypatch, call):
    monkeypatch.delenv("LEADPING_USER_TOKEN", raising=False)
    monkeypatch.delenv("LEADPING_API_KEY", raising=False)
    monkeypatch.setenv("LEADPING_SOURCE_KEY", intake.source_key)
    with connect(intake, "source_key") as api:
        code = ask(LeadCard(api), as_fields(**PERSON), call=call)["forms"]["this toolkit"]
    names = {}
    exec(code, names)  # noqa: S102 - that it runs is what is tested
    names["api"].close()
    assert names["lead"] == PERSON
    assert intake.requests == ()


@pytest.mark.parametrize(
    ("lead", "revision", "others"),
    [
        (PERSON, REVISIONS[0], ["POST /leads/intake", "GET /leads/intake"]),
        (PERSON, REVISIONS[-1], ["POST /leads/intake"]),
        (STRUCTURED, REVISIONS[0], ["POST /leads"]),
    ],
)
def test_a_lead_can_be_shown_as_each_call_of_the_contract_that_takes_its_form(lead, revision, others):
    with lp.connect("lp_src_example", contract=lp.contract(revision)) as api:
        asked = ask(LeadCard(api), as_text(lead), call="DELETE /leads/{id}")
    assert asked["others"] == others
    assert asked["call"] == others[0]


def test_a_lead_with_problems_is_shown_and_called_one(intake):
    with connect(intake, "source_key") as api:
        card = LeadCard(api)
        assert "has problems" in ask(card, as_fields(phone="555"))["notes"][-1]
        assert not any("has problems" in note for note in ask(card, as_fields(**PERSON))["notes"])
        assert ask(card, as_fields())["notes"][-1] == "Nothing is filled in yet."
        assert ask(card, b'{"text": "{"}')["notes"] == ["There is no request yet: what is typed is no lead."]


def test_a_key_that_was_typed_into_a_lead_is_not_in_its_code(intake):
    key = "lp_src_sandbox_typed_test_0123456789abcdef"
    with connect(intake, "source_key") as api:
        card = LeadCard(api)
        for call in ("POST /leads/intake", "GET /leads/intake"):
            assert key not in repr(ask(card, as_fields(**PERSON | {"product": key}), call=call))
            assert intake.source_key not in repr(ask(card, as_fields(**PERSON | {"product": intake.source_key})))


def test_no_person_is_in_what_is_synchronised_or_shown_after_the_code_was_asked_for(intake):
    with connect(intake, "source_key") as api:
        card = LeadCard(api)
        for typed in (as_fields(**PERSON), as_text(PERSON), as_text(STRUCTURED)):
            press(card, "preview", typed)
            turn = card.view["turn"]
            assert "Adalbert" in ask(card, typed)["forms"]["curl"]
            assert card.view["turn"] == turn  # nothing is published
            said = repr(card.get_state()) + repr(card.static_forms()) + repr(card) + card.code
            assert not any(words in said for words in TYPED)


def test_asking_for_the_code_leaves_an_error_where_it_stands(intake):
    with connect(intake, "source_key") as api:
        card = LeadCard(api)
        press(card, "send", as_fields(**PERSON), confirmed=True)
        error = card.view["error"]
        assert error["sentence"] == "Preview the lead first, and send what was previewed."
        ask(card, as_fields(**PERSON))
        assert card.view["error"] == error
        assert isinstance(card.error, LeadpingError)


def test_where_the_release_of_the_sdk_lacks_a_call_its_place_says_so_and_the_rest_is_code(monkeypatch):
    monkeypatch.setattr("leadping_nb.snippets.release.version", lambda name: "1.0.83")
    forms = ask(PermissionsCard(KeyType.SOURCE_KEY), operation="GET /leads/intake")["forms"]
    assert forms["the official SDK"].splitlines() == [
        "# leadping 1.0.83 is of 2026-10-26, which has no GET /leads/intake.",
        "# pip install leadping==1.0.13 brings one that has it; curl and httpx do without.",
    ]
    assert "curl --silent" in forms["curl"]
    assert "httpx.request(" in forms["httpx"]
    assert (
        "lp.official_sdk("
        in ask(PermissionsCard(KeyType.USER_TOKEN), operation="GET /tags")["forms"]["the official SDK"]
    )


def test_without_a_connection_no_code_is_asked_for():
    card = LeadCard()
    assert card.view["asks"] is False
    send(card, "requests", as_fields(**PERSON), number=1)
    assert card.view["error"]["sentence"] == "The page asked for something that this card cannot do."


# -- data -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_request_of_a_list_asks_for_the_rows_that_the_card_loads(sandbox, run, form):
    with connect(sandbox) as api:
        card = DataCard(api)
        press(card, "load", form={"limit": "5", "page_size": "5", "filters": [], "order": "createdAt"})
        printed = run(FORMS[form], card.view["requests"][form], "LEADPING_USER_TOKEN", sandbox.user_token)
        assert rows_of(printed, FORMS[form]) == card.frame["id"].tolist()


# -- discovery and token ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["curl", "httpx"])
def test_the_steps_of_a_walk_can_be_made_again_without_a_credential(sandbox, run, kind):
    card = DiscoveryCard(sandbox)
    assert card.view["requests"] == {}
    press(card, "all")
    assert list(card.view["requests"]) == ["curl", "httpx"]
    sandbox.forget()
    printed = run(kind, card.view["requests"][kind])
    asked = [f"{request.method} {request.path}" for request in sandbox.requests]
    walked = [urlsplit(step.url).path for step in card.discovery.steps if step.status is not None]
    assert asked == [f"GET {path}" for path in walked]
    assert "resource_metadata=" in printed  # of the 401's challenge
    for address in card.discovery.jwks:
        assert json.dumps(card.discovery.jwks[address]["keys"][0]["kid"]) in printed


@pytest.mark.parametrize("kind", ["curl", "httpx"])
def test_the_token_card_shows_where_the_keys_came_from(sandbox, run, kind):
    discovery = lp.discover(sandbox.url)
    card = TokenCard(Credential.from_text(sandbox.user_token), discovery=discovery)
    printed = run(kind, card.view["requests"][kind])
    (key, *_) = discovery.jwks[discovery.issuers[0]]["keys"]
    assert key["kid"] in printed
    assert sandbox.user_token not in repr(card.requests)


def test_where_no_request_was_made_none_is_shown(sandbox):
    captured = lp.Discovery.from_documents([{"issuer": "https://id.example", "jwks_uri": "https://id.example/keys"}])
    assert TokenCard(discovery=captured).requests == {}
    assert TokenCard().requests == {}
    assert lp.ask(sandbox=sandbox).requests == {}


def test_addresses_that_nobody_asked_or_that_cannot_be_shown_as_they_are_are_left_out():
    with lp.Sandbox(leads=1) as sandbox, sandbox.faults.on("redirect_inwards"):
        card = DiscoveryCard(sandbox)
        press(card, "all")
    unanswered = [step.url for step in card.discovery.steps if step.status is None]
    assert unanswered
    for url in unanswered:
        assert url not in card.requests["curl"].split()


# -- what cards are made with -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [DataCard, LeadCard, PermissionsCard, TokenCard, DiscoveryCard])
@pytest.mark.parametrize("given", ["lp_src_sandbox_wrong_test_0123456789", 7, object(), b"text"])
def test_what_no_card_is_made_with_is_refused_with_a_hint_and_without_an_echo(make, given):
    with pytest.raises(LeadpingError) as caught:
        make(given)
    assert caught.value.hint
    assert "0123456789" not in str(caught.value)


@pytest.mark.parametrize("make", [DataCard, LeadCard, PermissionsCard, TokenCard])
def test_a_sandbox_in_place_of_a_connection_or_credential_is_refused_with_the_way_to_make_one(sandbox, make):
    with pytest.raises(LeadpingError) as caught:
        make(sandbox)
    assert "sandbox" in caught.value.hint


def test_a_token_card_takes_discoveries_and_clocks_alone(sandbox):
    card = TokenCard()
    for wrong in ({"discovery": sandbox.url}, {"credential": "text"}):
        with pytest.raises(LeadpingError):
            TokenCard(**wrong)
        with pytest.raises(LeadpingError):
            card.show(**wrong)
    with pytest.raises(LeadpingError):
        TokenCard(sandbox="http://127.0.0.1")


def test_what_fails_while_code_is_written_is_told_to_the_page_without_its_message():
    class Odd(Card):
        _esm = "export default {}"
        code = ""
        _hands_requests = True

        def _content(self):
            return {}

        def _requests_for(self, message):
            raise ValueError("a secret of somebody")

    card = Odd({})
    asked = ask(card)
    assert asked["notes"][0] == "This did not work: ValueError."
    assert isinstance(card.error, ValueError)
    assert "secret" not in repr(asked) + repr(card.view)
