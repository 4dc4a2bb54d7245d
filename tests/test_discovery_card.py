"""The discovery card on the side of Python: what it asks, what it tells, and what the page gets of it."""

import html
import json
import threading

import pytest
from cards import press, send

from leadping_nb.discovery import Discovery, Step, Walk, discover
from leadping_nb.errors import LeadpingError
from leadping_nb.metadata import Document
from leadping_nb.sandbox import Sandbox
from leadping_nb.widgets.discovery_card import DiscoveryCard

API = "https://api.example"
RESOURCE = f"{API}/.well-known/oauth-protected-resource"
HOSTILE = "<img src=x onerror=alert(1)>"
NOWHERE = "http://127.0.0.1:9"
SERVER_FAULTS = {"issuer_with_slash": "as-issuer", "no_jwks_uri": "as-no-jwks", "jwks_missing": "jwks-missing"}


@pytest.fixture
def sandbox():
    with Sandbox(leads=1, rate_limit=None) as opened:
        yield opened


class Given:
    """In place of a walk: steps and documents that are there already."""

    def __init__(self, steps, documents=None, before=lambda: None):
        self._given = steps
        self._documents = documents or {}
        self._before = before
        self._made = []
        self.over = False

    def steps(self):
        for step in self._given:
            self._before()
            self._made.append(step)
            yield step
        self.over = True

    def result(self):
        return Discovery(API, tuple(self._made), self._documents, complete=self.over)


def given(monkeypatch, *steps, **others):
    """Let cards walk over steps that are there already."""
    monkeypatch.setattr("leadping_nb.widgets.discovery_card.Walk", lambda url: Given(steps, **others))


def step(number, url=RESOURCE, **others):
    defaults = {"question": "What?", "spec": "RFC 9728", "method": "GET", "status": 404, "outcome": "404, no document"}
    return Step(number, url=url, **(defaults | others))


def press_all(card, *actions):
    """Press buttons, each when what the one before began has ended."""
    for action in actions:
        press(card, action)


def content(card):
    return card.view["content"]


def forms(card):
    bundle, _ = card._repr_mimebundle_()
    return bundle["text/plain"], bundle["text/html"]


# -- walking ---------------------------------------------------------------------------------------------------------


def test_before_the_first_step_nothing_was_asked(sandbox):
    card = DiscoveryCard(sandbox.url)
    assert card.discovery is None
    assert (content(card)["steps"], content(card)["over"]) == ([], False)
    assert content(card)["url"] == card.url == sandbox.url
    assert sandbox.requests == ()


def test_next_makes_one_request(sandbox):
    card = DiscoveryCard(sandbox.url)
    press_all(card, "next")
    assert [request.path for request in sandbox.requests] == ["/users/me"]
    assert [made.status for made in card.discovery.steps] == [401]
    assert not card.discovery.complete
    assert content(card)["said"] == "Step 1: What does a call without a credential earn? 401 with a challenge."
    press_all(card, "next")
    assert len(sandbox.requests) == len(content(card)["steps"]) == 2


def test_all_makes_the_rest_and_finds_what_a_walk_at_once_finds(sandbox):
    card = DiscoveryCard(sandbox.url)
    press_all(card, "next", "all")
    at_once = discover(sandbox.url)
    assert card.discovery.complete
    assert card.discovery.table == at_once.table
    assert card.discovery.findings == at_once.findings
    assert content(card)["facts"] == [
        ["Accepted issuers", ", ".join(at_once.issuers)],
        ["Signing keys", at_once.jwks_uri],
        ["Client id", at_once.client_id],
    ]


def test_the_last_step_knows_that_it_is_the_last(sandbox):
    card = DiscoveryCard(sandbox.url)
    wanted = len(discover(sandbox.url).steps)
    for made in range(wanted):
        assert not content(card)["over"]
        press_all(card, "next")
        assert len(card.discovery.steps) == made + 1
    assert content(card)["over"]
    assert content(card)["said"] == f"The walk is over: {wanted} steps, no findings."
    before = sandbox.requests
    press_all(card, "next", "all")
    assert sandbox.requests == before
    assert card.error is None


def test_a_walk_that_ends_without_a_last_step_is_over_all_the_same(monkeypatch):
    given(monkeypatch, step(1))
    told = []
    card = DiscoveryCard(API, on_discovery=told.append)
    press_all(card, "next", "next")
    assert content(card)["over"]
    assert [found.complete for found in told] == [False, True]


def test_again_begins_a_new_walk(sandbox):
    card = DiscoveryCard(sandbox.url)
    press_all(card, "all")
    first = card.discovery
    press_all(card, "again")
    assert card.discovery is None
    assert content(card)["steps"] == []
    press_all(card, "all")
    assert card.discovery.table == first.table


def test_no_step_has_a_credential(sandbox, monkeypatch):
    monkeypatch.setenv("LEADPING_API_KEY", sandbox.business_key)
    press_all(DiscoveryCard(sandbox.url), "all")
    assert not any(request.authorized for request in sandbox.requests)


def test_a_person_may_think_for_hours_between_two_steps(sandbox):
    clock = [0.0]
    steps = []
    walk = Walk(sandbox.url, monotonic=lambda: clock[0])
    for made in walk.steps():
        steps.append(made)
        clock[0] += 3_600.0
    assert all(made.found for made in steps[1:])
    assert walk.over


def test_two_cards_share_nothing(sandbox):
    one, other = DiscoveryCard(sandbox.url), DiscoveryCard(sandbox.url)
    press_all(one, "next")
    assert other.discovery is None


# -- telling ---------------------------------------------------------------------------------------------------------


def test_the_listener_is_told_after_each_step(sandbox):
    told = []
    card = DiscoveryCard(sandbox.url, on_discovery=told.append)
    press_all(card, "next", "all")
    assert [len(found.steps) for found in told] == [*range(1, len(card.discovery.steps) + 1)]
    assert [found.complete for found in told] == [False] * (len(told) - 1) + [True]
    assert told[-1] is card.discovery


def test_each_step_is_shown_as_it_is_made(sandbox):
    card = DiscoveryCard(sandbox.url)
    shown = []
    card.observe(lambda change: shown.append(len(change.new["content"]["steps"])), "view")
    press_all(card, "all")
    assert sorted(set(shown)) == [*range(shown[0], len(card.discovery.steps) + 1)]
    assert shown[0] <= 1


def test_an_error_of_the_listener_is_shown_and_the_walk_waits_there(sandbox):
    def listener(found):
        if len(found.steps) == 2:
            raise LeadpingError("The example failed.", hint="Try another example.")

    card = DiscoveryCard(sandbox.url, on_discovery=listener)
    press_all(card, "all")
    assert card.view["error"] == {"sentence": "The example failed.", "hint": "Try another example."}
    assert len(card.discovery.steps) == 2
    press_all(card, "all")
    assert card.view["error"] is None
    assert card.discovery.complete


def test_what_is_pressed_during_a_step_is_refused(monkeypatch):
    asked, answer = threading.Event(), threading.Event()

    def wait():
        asked.set()
        assert answer.wait(60)

    given(monkeypatch, step(1), step(2), before=wait)
    card = DiscoveryCard(API)
    send(card, "next")
    assert asked.wait(60)
    assert card.view["busy"]
    for action in ("next", "all", "again"):
        send(card, action)
        assert card.view["error"]["sentence"] == "This card is still at work."
    answer.set()
    assert card.wait(60)
    assert len(card.discovery.steps) == 1


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "api.leadping.ai", "ftp://api.example", "https://user:test@api.example"])
def test_a_text_that_is_no_address_is_refused_at_once(text):
    with pytest.raises(LeadpingError):
        DiscoveryCard(text)


def test_a_server_that_cannot_be_reached_is_a_finding():
    card = DiscoveryCard(NOWHERE)
    press_all(card, "next")
    assert [found["code"] for found in content(card)["findings"]] == ["start-unreachable"]
    press_all(card, "all")
    assert card.error is None
    assert content(card)["verdict"]["sign"] == "✗"
    assert [made["kind"] for made in content(card)["steps"]] == ["no answer of use"] * 3


def test_nothing_is_missed_that_was_not_asked_for_yet(sandbox):
    card = DiscoveryCard(sandbox.url)
    while not content(card)["over"]:
        press_all(card, "next")
        assert content(card)["findings"] == []


def test_what_is_missing_is_said_when_the_walk_is_over(sandbox):
    sandbox.faults.on("resource_missing")
    card = DiscoveryCard(sandbox.url)
    press_all(card, "next", "next")
    assert content(card)["findings"] == []
    press_all(card, "all")
    assert [found["code"] for found in content(card)["findings"]] == ["prm-missing", "as-missing"]
    assert content(card)["host_mark"] == "✗"
    assert {found["where"] for found in content(card)["findings"]} == {"the API as a whole"}


@pytest.mark.parametrize(("fault", "code"), SERVER_FAULTS.items())
def test_a_finding_comes_with_the_step_that_it_is_about_and_stays(sandbox, fault, code):
    sandbox.faults.on(fault)
    card = DiscoveryCard(sandbox.url)
    seen = set()
    while not content(card)["over"]:
        press_all(card, "next")
        now = {found["code"] for found in content(card)["findings"]}
        assert seen <= now
        seen = now
    assert code in seen
    about = [made for made in content(card)["steps"] if f"✗ error {code}" in made["findings"]]
    assert about
    assert {(made["state"], made["sign"]) for made in about} == {("error", "✗")}


def test_a_finding_about_several_documents_stands_once_errors_first(sandbox):
    sandbox.faults.on("issuer_with_slash")
    card = DiscoveryCard(sandbox.url)
    press_all(card, "all")
    first, second = content(card)["findings"]
    assert (first["severity"], first["code"], first["where"]) == ("error", "as-issuer", "steps 3, 4")
    assert dict(first["facts"]).keys() == {"Expected", "Got", "What to do", "Source"}
    assert dict(first["facts"])["Got"] == f"{dict(first['facts'])['Expected']}/"
    assert (second["severity"], second["code"]) == ("warning", "issuer-without-jwks")
    assert content(card)["said"] == "The walk is over: 11 steps, 2 errors, 1 warning."


# -- what the page gets ----------------------------------------------------------------------------------------------


def test_a_step_says_why_what_and_what_came_of_it(sandbox):
    card = DiscoveryCard(sandbox.url)
    press_all(card, "next", "next")
    host = sandbox.url.removeprefix("http://")
    assert content(card)["steps"][1] == {
        "number": 2,
        "parent": 1,
        "state": "fine",
        "sign": "✓",
        "question": "What does the API say of itself? The challenge points here.",
        "request": f"GET {sandbox.url}/.well-known/oauth-protected-resource",
        "outcome": "200, protected resource document",
        "spec": "RFC 9728, section 5.1",
        "findings": [],
        "host": host,
        "path": "/.well-known/oauth-protected-resource",
        "kind": "protected resource",
    }
    assert content(card)["host"] == host


def test_however_much_a_server_says_the_page_gets_little(monkeypatch):
    urls = [f"https://host-{number}.example/{'a' * 3_000}" for number in range(120)]
    documents = {url: Document("authorization server", url, {"issuer": "https://b.example"}) for url in urls}
    steps = [
        step(number, url, document=documents[url], status=200, outcome="x" * 5_000, question="y" * 5_000)
        for number, url in enumerate(urls, 1)
    ]
    given(monkeypatch, *steps, documents=documents)
    card = DiscoveryCard(f"{API}/{'c' * 5_000}")
    press_all(card, "all")
    assert len(json.dumps(card.view)) < 90_000
    assert content(card)["steps"][-1]["number"] == 120
    assert content(card)["more_steps"] == ("The last 40 of 120 steps; `discovery.table` of this card has them all.")
    assert len(content(card)["findings"]) <= 40
    assert "`discovery.findings_table`" in content(card)["more_findings"]


def test_a_card_sends_little_to_the_page(sandbox):
    sandbox.faults.on("issuer_with_slash")
    card = DiscoveryCard(sandbox.url)
    press_all(card, "all")
    assert len(json.dumps(card.get_state(), default=str)) < 50_000


def test_signs_that_a_terminal_or_a_reader_would_obey_do_not_arrive(monkeypatch):
    given(monkeypatch, step(1, f"{API}/\x1b[31m\u202e", outcome="404\x07"))
    card = DiscoveryCard(API)
    press_all(card, "all")
    for text in (json.dumps(card.view, ensure_ascii=False), *forms(card)):
        assert not set(text) & {"\x1b", "\x07", "\u202e"}


# -- where widgets do not run ----------------------------------------------------------------------------------------


def test_the_still_forms_of_a_card_that_asked_nothing_say_how_to():
    for form in map(html.unescape, forms(DiscoveryCard())):
        assert "Discovery of https://api.leadping.ai" in form
        assert "Nothing was asked yet." in form
        assert 'lp.discover("https://api.leadping.ai")' in form


def test_the_still_forms_say_what_the_card_says_and_are_alike_for_the_same_servers(sandbox):
    sandbox.faults.on("issuer_with_slash")
    cards = [DiscoveryCard(sandbox.url) for _ in range(2)]
    for card in cards:
        press_all(card, "all")
    one, other = map(forms, cards)
    assert one == other
    for form in map(html.unescape, one):
        assert content(cards[0])["said"] in form
        for made in content(cards[0])["steps"]:
            assert made["question"] in form
            assert made["request"].removeprefix("GET ") in form
        for found in content(cards[0])["findings"]:
            assert found["message"] in form
            assert found["code"] in form
        assert all(value in form for _, value in content(cards[0])["facts"])
    assert repr(cards[0]) == f"<DiscoveryCard of {sandbox.url}: 11 steps>"


def test_a_walk_that_is_not_over_says_so_in_the_still_forms(sandbox):
    card = DiscoveryCard(sandbox.url)
    press_all(card, "next")
    for form in forms(card):
        assert "The walk is not over: 1 step so far, no findings yet." in form
    assert repr(card) == f"<DiscoveryCard of {sandbox.url}: 1 step>"


def test_html_of_a_server_stays_text(monkeypatch):
    given(monkeypatch, step(1, f"{API}/{HOSTILE}", outcome=HOSTILE, question=HOSTILE))
    card = DiscoveryCard(f"{API}/{HOSTILE}")
    for actions in ((), ("all",)):
        press_all(card, *actions)
        assert "<img" not in forms(card)[1]
        assert "onerror" in forms(card)[1]


def test_the_code_that_a_card_shows_runs_as_it_stands(sandbox):
    names = {}
    exec(DiscoveryCard(sandbox.url).code, names)  # noqa: S102 - that it runs is what is tested
    assert names["discovery"].complete
    assert names["discovery"].start == sandbox.url
