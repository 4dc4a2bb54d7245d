"""The explorer: what one card finds, the others go by."""

import gc
import html

import pytest
from cards import press

import leadping_nb as lp
from leadping_nb.credential import VARIABLES
from leadping_nb.errors import LeadpingError

EVERYTHING = {"limit": "", "filters": []}


@pytest.fixture(scope="module")
def sandbox():
    with lp.Sandbox(leads=60) as running:
        yield running


@pytest.fixture
def tour(sandbox):
    shown = lp.explorer(sandbox)
    yield shown
    if shown.api is not None:
        shown.api.close()
    shown.close()


def test_before_a_credential_every_card_says_what_it_waits_for(tour, sandbox):
    assert [card.view["error"] for card in tour.cards] == [None] * 6
    assert (tour.credential, tour.api, tour.discovery, tour.inspection, tour.frame) == (None,) * 5
    assert repr(tour) == f"<Explorer of {sandbox.url} with no credential>"
    assert tour.children == tour.cards


def test_a_credential_goes_to_permissions_token_and_data(tour, sandbox):
    press(tour.credential_card, "sandbox", which="user")
    assert tour.credential.key_type is lp.KeyType.USER_TOKEN
    assert tour.permissions_card.permissions.key_type is lp.KeyType.USER_TOKEN
    assert tour.inspection.verdict == "unverified"
    assert tour.api.get("/users/me")["id"]
    assert repr(tour) == f"<Explorer of {sandbox.url} with a user token>"


def test_what_is_documented_can_be_tried_with_the_connection_of_the_explorer(tour):
    press(tour.credential_card, "sandbox", which="user")
    press(tour.permissions_card, "plan")
    plan = tour.permissions_card.view["content"]["trial"]["plan"]
    press(tour.permissions_card, "observe", plan=plan["number"], confirmed=True)
    assert tour.permissions_card.permissions.observed.counts["allowed"] == 25  # and two are for operators
    press(tour.credential_card, "sandbox", which="business")
    assert tour.permissions_card.permissions.observed is None


def test_a_discovery_makes_the_token_a_verified_one(tour):
    press(tour.credential_card, "sandbox", which="user")
    press(tour.discovery_card, "all")
    assert tour.discovery.complete
    assert tour.inspection.verdict == "valid"


def test_data_come_from_the_api_of_the_explorer_with_the_credential_that_was_entered(tour):
    press(tour.credential_card, "enter", b"lp_sandbox_wrong_test_0123456789")
    press(tour.data_card, "load", form=EVERYTHING)
    assert tour.frame is None
    assert tour.data_card.view["error"]["sentence"]
    press(tour.credential_card, "sandbox", which="business")
    press(tour.data_card, "load", form=EVERYTHING)
    assert len(tour.frame) == 60


def test_another_credential_begins_anew_and_forgetting_it_leaves_nothing(tour):
    press(tour.credential_card, "sandbox", which="business")
    press(tour.data_card, "load", form=EVERYTHING)
    first = tour.api
    press(tour.credential_card, "sandbox", which="source")
    assert tour.api is not first
    assert tour.frame is None
    assert tour.permissions_card.permissions.counts["allowed"] == 3
    press(tour.credential_card, "forget")
    assert (tour.credential, tour.api, tour.frame) == (None, None, None)
    assert tour.permissions_card.permissions.key_type is None


def test_two_explorers_share_nothing(tour, sandbox):
    other = lp.explorer(sandbox)
    press(tour.credential_card, "sandbox", which="user")
    press(tour.discovery_card, "next")
    assert (other.credential, other.api, other.discovery, other.inspection) == (None,) * 4
    assert other.permissions_card.permissions.key_type is None
    other.close()


def test_where_no_widget_runs_every_card_is_there_as_text_and_as_html(tour):
    press(tour.credential_card, "sandbox", which="business")
    bundle = tour._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for form in (bundle["text/plain"], html.unescape(bundle["text/html"])):
        for words in (
            "business key",
            "/leads/intake",
            "lp.discover(",
            "lp.inspect_token(",
            "api.frame(",
            "api.preview_lead(",
        ):
            assert words in form


def test_the_code_of_every_card_runs_as_it_stands(tour, sandbox, monkeypatch):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LEADPING_USER_TOKEN", sandbox.user_token)
    press(tour.credential_card, "sandbox", which="user")
    press(tour.discovery_card, "all")
    press(tour.data_card, "load", form={**EVERYTHING, "limit": "10"})
    for card in tour.cards:
        names = {}
        exec(card.code, names)  # noqa: S102 - that it runs is what is tested
        if "api" in names:
            names["api"].close()
    gc.collect()


def test_the_address_of_an_api_is_enough_and_one_that_is_none_is_refused():
    tour = lp.explorer("https://api.leadping.ai")
    assert not tour.credential_card.view["content"]["sandbox"]
    assert tour.discovery_card.url == "https://api.leadping.ai"
    with pytest.raises(LeadpingError):
        lp.explorer("api.leadping.ai")


def test_a_sandbox_of_its_own_is_started_where_nothing_is_named():
    tour = lp.explorer()
    press(tour.credential_card, "sandbox", which="source")
    assert tour.credential.key_type is lp.KeyType.SOURCE_KEY
    assert tour.api.base_url.startswith("http://127.0.0.1:")
    tour.api.close()
    tour.close()


def test_no_secret_is_in_what_the_explorer_synchronises_or_shows(tour, sandbox):
    for which, secret in (("user", sandbox.user_token), ("business", sandbox.business_key)):
        press(tour.credential_card, "sandbox", which=which)
        said = repr([card.get_state() for card in tour.cards]) + repr(tour._repr_mimebundle_()) + repr(tour)
        assert secret not in said
