"""The permissions card on the side of Python: what it shows of permissions, and how little it keeps."""

import html
import json
import threading

import pytest
from cards import press, send

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.policy import SIGNS, VERDICTS
from leadping_nb.widgets.permissions_card import PermissionsCard

BUSINESS_KEY = "lp_sandbox_test/0123+example"
SOURCE_KEY = "lp_src_sandbox_test.0123~example"
SHOWN = [(kind, revision) for kind in (*KeyType, None) for revision in REVISIONS]
NEWEST = lp.contract(REVISIONS[-1])


def content_of(card):
    """What the page is shown, as it arrives there."""
    return json.loads(json.dumps(card.view))["content"]


def forms_of(card):
    """The text, and the HTML with its characters as a reader sees them."""
    bundle, _ = card._repr_mimebundle_()
    return bundle["text/plain"], html.unescape(bundle["text/html"])


@pytest.mark.parametrize(("kind", "revision"), SHOWN)
def test_the_page_is_told_what_the_permissions_say(kind, revision):
    card = PermissionsCard(kind, contract=lp.contract(revision))
    content = content_of(card)
    decisions = {operation.id: (operation, decision) for operation, decision in card.permissions}
    assert len(content["operations"]) == len(decisions)
    for row in content["operations"]:
        operation, decision = decisions[f"{row['method']} {row['path']}"]
        assert (row["effect"], row["group"], row["summary"]) == (operation.effect, operation.group, operation.summary)
        reason = content["reasons"][row["reason"]]
        assert (reason["verdict"], reason["why"], reason["basis"]) == (decision.verdict, decision.why, decision.basis)
        assert reason["certainty"].startswith(decision.certainty)
        assert all(taker.value in row["would_do"] for taker in decision.would_do)


@pytest.mark.parametrize(("kind", "revision"), SHOWN)
def test_beside_each_operation_stands_what_the_other_key_types_could_do(kind, revision):
    contract = lp.contract(revision)
    content = content_of(PermissionsCard(kind, contract=contract))
    others = [other for other in KeyType if other in contract.key_types and other is not kind]
    assert content["others"] == [other.value for other in others]
    for row in content["operations"]:
        said = [content["reasons"][number] for number in row["beside"]]
        checked = [lp.permissions(other, contract=contract).check(row["method"], row["path"]) for other in others]
        assert [(reason["verdict"], reason["why"]) for reason in said] == [(one.verdict, one.why) for one in checked]


def test_operations_stand_in_the_order_of_their_verdicts_and_then_of_the_contract():
    card = PermissionsCard(KeyType.BUSINESS_API_KEY)
    content = content_of(card)
    shown = [
        (content["reasons"][row["reason"]]["verdict"], row["method"], row["path"]) for row in content["operations"]
    ]
    inside = [(decision.verdict, operation.method, operation.path) for operation, decision in card.permissions]
    assert shown == [row for verdict in VERDICTS for row in inside if row[0] == verdict]


def test_the_counts_are_those_of_the_permissions_with_their_signs():
    assert content_of(PermissionsCard(KeyType.SOURCE_KEY))["verdicts"] == [
        {"word": "allowed", "sign": "✓", "count": 3},
        {"word": "undocumented", "sign": "?", "count": 0},
        {"word": "denied", "sign": "✗", "count": 118},
    ]


def test_what_was_observed_is_counted_by_its_words_and_nothing_is_where_nothing_was_tried():
    assert content_of(PermissionsCard(KeyType.USER_TOKEN))["outcomes"] == []
    with lp.Sandbox(leads=3) as sandbox, lp.connect(sandbox) as api, sandbox.faults.on("forbidden_read"):
        probe = api.probe(confirm=True, say=lambda sentence: None)
    shown = content_of(PermissionsCard(KeyType.USER_TOKEN, observed=probe))
    assert {outcome["word"]: outcome["count"] for outcome in shown["outcomes"]} == {
        outcome: count for outcome, count in probe.counts.items() if count
    }
    assert {"word": "refused", "sign": "✗", "count": probe.counts["refused"]} in shown["outcomes"]


def test_each_reason_is_sent_once():
    reasons = content_of(PermissionsCard(KeyType.ORGANIZATION_API_KEY, contract=NEWEST))["reasons"]
    assert len({json.dumps(reason) for reason in reasons}) == len(reasons) < 40


def test_who_would_do_is_said_also_where_nobody_is_needed_or_named():
    rows = content_of(PermissionsCard(KeyType.SOURCE_KEY))["operations"]
    would_do = {f"{row['method']} {row['path']}": row["would_do"] for row in rows}
    assert would_do["GET /users/me"] == "user token"
    assert would_do["GET /leads/intake"] == "source key"
    public = [f"{o.method} {o.path}" for o in lp.contract().operations if o.scope == "public"]
    admin = [f"{o.method} {o.path}" for o in lp.contract().operations if o.scope == "admin"]
    assert {would_do[name] for name in public} == {"none is needed"}
    assert {would_do[name] for name in admin} == {"no source names one"}


def test_a_credential_is_shown_by_its_type_and_not_kept():
    card = PermissionsCard(Credential.from_text(BUSINESS_KEY))
    assert card.permissions.key_type is KeyType.BUSINESS_API_KEY
    assert content_of(card)["subject"] == "business key"
    assert not any(isinstance(value, Credential) for value in vars(card).values())
    assert "0123+example" not in repr(card.get_state()) + repr(card._repr_mimebundle_()) + repr(vars(card))


def test_showing_another_credential_changes_the_view_and_keeps_the_contract():
    card = PermissionsCard(contract=NEWEST)
    assert content_of(card)["subject"] == "no credential"
    turn = card.view["turn"]
    card.show(Credential.from_text(SOURCE_KEY))
    assert card.view["turn"] == turn + 1
    assert content_of(card)["subject"] == "source key"
    assert card.permissions.contract is NEWEST
    card.show(None)
    assert card.permissions.key_type is None


def test_a_key_type_that_the_contract_does_not_know_is_undocumented_everywhere():
    content = content_of(PermissionsCard(KeyType.BUSINESS_API_KEY, contract=NEWEST))
    assert [verdict["count"] for verdict in content["verdicts"]] == [0, len(NEWEST.operations), 0]
    assert content["others"] == ["user token", "source key", "organization key"]


@pytest.fixture
def probe():
    with lp.Sandbox(leads=3) as sandbox, lp.connect(sandbox) as api, sandbox.faults.on("forbidden_read"):
        return api.probe(confirm=True, say=lambda sentence: None)


def test_seed_contract_and_observed_stand_beside_each_verdict_with_their_dates(probe):
    card = PermissionsCard(KeyType.USER_TOKEN, observed=probe)
    content = content_of(card)
    for row in content["operations"]:
        decision = card.permissions.check(row["method"], row["path"])
        told = [*content["reasons"][row["reason"]]["evidence"], content["observations"][row["observed"]][:3]]
        assert told == [[one.says, one.sign, one.dated] for one in decision.evidence]
    seen = probe.observations["POST /leads/all/my"]
    for form in forms_of(card):
        assert f"✗ refused, {seen.dated}: It was answered 403." in form
        assert "Seed: ✓ allowed, 2026-07-05 · Contract: ✓ allowed, 2026-07-05." in form
    assert "api.probe(confirm=True)" in card.code


def test_without_a_probe_nothing_was_observed_and_nothing_is_said_of_it():
    content = content_of(PermissionsCard(KeyType.USER_TOKEN))
    assert [statement[0] for statement in content["observations"]] == ["not tried"]
    assert "probe" not in PermissionsCard(KeyType.USER_TOKEN).code


def test_what_was_observed_goes_when_another_credential_comes_and_must_be_of_its_type(probe):
    card = PermissionsCard(KeyType.USER_TOKEN, observed=probe)
    with pytest.raises(LeadpingError, match="observed of a user token"):
        card.show(KeyType.SOURCE_KEY, observed=probe)
    assert card.permissions.observed is probe
    card.show(KeyType.USER_TOKEN)
    assert card.permissions.observed is None
    card.show(KeyType.USER_TOKEN, observed=probe)
    assert card.permissions.observed is probe


def test_the_code_with_a_probe_runs_as_it_stands(monkeypatch, capsys):
    with lp.Sandbox(leads=3) as sandbox, lp.connect(sandbox) as api:
        for variable in ("LEADPING_API_KEY", "LEADPING_SOURCE_KEY"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("LEADPING_USER_TOKEN", sandbox.user_token)
        observed = api.probe(confirm=True, say=lambda sentence: None)
        card = PermissionsCard(api.credential, observed=observed)
        names = {}
        exec(card.code, names)  # noqa: S102 - that it runs is what is tested
    assert "\n# on a sandbox: credential = lp.Credential.from_text(sandbox.user_token)\n" in card.code
    assert names["probe"].counts == observed.counts
    assert names["permissions"].observed is names["probe"]
    assert "27 reads" in capsys.readouterr().out


# -- trying -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sandbox():
    with lp.Sandbox(leads=3, rate_limit=None) as running:
        yield running


@pytest.fixture
def tried(sandbox):
    """A card with a connection, and what the page alone was told."""
    with lp.connect(sandbox) as api:
        card = PermissionsCard(api)
        card.heard = []
        card.send = lambda content, buffers=None: card.heard.append(content)
        yield card
        card.close()


def trial(card):
    return content_of(card)["trial"]


def agree(card, **more):
    press(card, "plan")
    press(card, "observe", **{"plan": trial(card)["plan"]["number"], "confirmed": True} | more)


def test_a_connection_is_shown_by_its_credential_and_its_contract():
    with lp.connect("lp_example", contract=NEWEST) as api:
        card = PermissionsCard(api)
        assert (card.permissions.key_type, card.permissions.contract) == (KeyType.BUSINESS_API_KEY, NEWEST)
        with pytest.raises(LeadpingError, match="goes by the contract of 2026-10-26"):
            PermissionsCard(api, contract=lp.contract())
        other = PermissionsCard(KeyType.SOURCE_KEY)
        other.show(api)
        assert other.permissions.contract is NEWEST
    with lp.connect(None) as api:
        assert PermissionsCard(api).permissions.key_type is None


def test_the_plan_says_which_calls_would_be_made_and_how_long_they_take_and_sends_nothing(tried, sandbox):
    assert trial(tried) == {"missing": "", "plan": None, "run": None, "found": None}
    press(tried, "plan")
    plan = trial(tried)["plan"]
    assert plan["sentence"].startswith("27 reads, about 8 s within the limit of 300 requests in 60 s")
    assert (plan["count"], len(plan["calls"]), plan["address"]) == (27, 27, sandbox.url)
    assert ["POST /leads/all/my", "allowed", "inferred", "one row"] in plan["calls"]
    assert sum(int(count) for count, _ in plan["left_out"]) == 121 - 27
    press(tried, "leave")
    assert trial(tried)["plan"] is None
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    "said", [{"confirmed": False}, {"confirmed": "true"}, {"confirmed": None}, {"plan": 7}, {"plan": None}]
)
def test_without_a_second_yes_to_this_plan_nothing_is_sent(tried, sandbox, said):
    agree(tried, **said)
    assert tried.view["error"]["sentence"] == "The calls were not confirmed."
    press(tried, "leave")
    press(tried, "observe", plan=1, confirmed=True)
    assert tried.view["error"]["sentence"] == "The calls were not confirmed."
    assert sandbox.requests == ()


def test_what_was_observed_stands_beside_what_is_documented_and_disagreements_are_findings(tried, sandbox):
    with sandbox.faults.on("forbidden_read"):
        agree(tried)
    assert tried.view["error"] is None
    assert len(sandbox.requests) == 27
    observed = tried.permissions.observed
    assert observed.observations["POST /leads/all/my"].outcome == "refused"
    found = trial(tried)["found"]
    assert (found["sentence"], found["address"]) == (observed.sentence, sandbox.url)
    assert found["dated"] in {seen.dated for seen in observed.observations.values()} - {""}
    (finding,) = [one for one in found["findings"] if one["message"].startswith("POST /leads/all/my ")]
    assert (finding["severity"], finding["sign"]) == ("warning", "⚠")
    assert dict(finding["facts"])["Got"].startswith("refused, 403")
    told = [content["run"] for content in tried.heard if "run" in content]
    assert [run["done"] for run in told] == list(range(1, 28))
    assert {run["count"] for run in told} == {27}
    assert "POST /leads/all/my" in {run["observed"] for run in told}
    for form in forms_of(tried):
        assert observed.sentence in form
        assert finding["message"] in form
    assert "api.probe(confirm=True)" in tried.code


def test_a_trial_can_be_stopped_and_keeps_what_was_seen(tried, sandbox):
    def stop(content, buffers=None):
        run = content["run"]
        if run["done"] == 2:
            send(tried, "stop")
            assert trial(tried)["run"] == run | {"stopping": True}

    tried.send = stop
    agree(tried)
    assert len(sandbox.requests) == 2
    assert "The probe was stopped before its last call." in trial(tried)["found"]["sentence"]
    assert trial(tried)["run"] is None


def test_a_view_that_comes_on_the_way_knows_how_far_it_is(tried, sandbox):
    seen = []

    def look(content, buffers=None):
        tried._publish()
        seen.append((trial(tried)["run"], content["run"]))

    tried.send = look
    agree(tried)
    assert len(seen) == 27
    assert all(in_view == told for in_view, told in seen)


def test_no_view_comes_after_reads_that_it_does_not_know(tried, monkeypatch):
    known, made, content, probe = [], threading.Event(), tried._content, tried._api.probe

    def told_of(on_observation=None, **how):
        def tell(name, seen):
            made.set()
            on_observation(name, seen)

        return probe(on_observation=tell, **how)

    def slow():
        shown = content()
        if shown["trial"]["run"]:
            assert made.wait(30)
        return shown

    monkeypatch.setattr(tried._api, "probe", told_of)
    monkeypatch.setattr(tried, "_content", slow)
    tried.observe(lambda change: known.append(change["new"]["content"]["trial"]["run"]), "view")
    tried.send = lambda content, buffers=None: known.append(content["run"])
    agree(tried)
    assert [run["done"] for run in known if run] == list(range(28))


def test_another_credential_stops_a_trial_and_drops_what_came_of_it(tried, sandbox):
    def go_on(content, buffers=None):
        if content["run"]["done"] == 2:
            tried.show(KeyType.SOURCE_KEY)

    tried.send = go_on
    agree(tried)
    assert len(sandbox.requests) == 2
    assert tried.permissions.key_type is KeyType.SOURCE_KEY
    assert tried.permissions.observed is None
    assert tried.view["error"] is None
    assert trial(tried)["missing"].startswith("Only a connection can try")


def test_one_trial_runs_at_a_time(tried, sandbox):
    def again(content, buffers=None):
        if content["run"]["done"] == 1:
            send(tried, "plan")
            assert tried.view["error"]["sentence"] == "This card is still at work."

    tried.send = again
    agree(tried)
    assert len(sandbox.requests) == 27


def test_where_there_is_nothing_to_try_the_plan_says_so(sandbox):
    with lp.connect(sandbox.source_key, base_url=sandbox.url) as api:
        card = PermissionsCard(api)
        press(card, "plan")
        assert trial(card)["plan"]["sentence"].startswith("There is nothing to try")
        assert trial(card)["plan"]["calls"] == []
    assert sandbox.requests == ()


def test_without_a_connection_nothing_can_be_tried_and_the_card_says_what_is_needed():
    card = PermissionsCard(Credential.from_text(BUSINESS_KEY))
    assert "PermissionsCard(lp.connect(credential))" in trial(card)["missing"]
    press(card, "plan")
    assert card.view["error"]["sentence"].startswith("Only a connection can try")


def test_the_credential_of_a_connection_is_in_nothing_that_is_shown(tried, sandbox):
    agree(tried)
    said = repr(tried.get_state()) + repr(tried._repr_mimebundle_()) + repr(vars(tried)) + repr(tried.heard)
    assert sandbox.user_token not in said


def test_the_code_of_a_connection_says_what_to_write_on_a_sandbox(tried):
    assert "\n# on a sandbox: credential = lp.Credential.from_text(sandbox.user_token)\n" in tried.code


def test_a_text_is_refused_without_an_echo_and_the_card_stays_as_it_was():
    card = PermissionsCard(KeyType.SOURCE_KEY)
    with pytest.raises(LeadpingError) as raised:
        card.show(BUSINESS_KEY)
    assert "0123" not in str(raised.value)
    assert "from_text" in raised.value.hint
    assert card.permissions.key_type is KeyType.SOURCE_KEY
    with pytest.raises(LeadpingError):
        PermissionsCard(SOURCE_KEY)


@pytest.mark.parametrize(("kind", "revision"), SHOWN)
def test_the_still_forms_hold_every_operation_its_verdicts_and_its_reason(kind, revision):
    card = PermissionsCard(kind, contract=lp.contract(revision))
    content = content_of(card)
    for form in forms_of(card):
        for row in content["operations"]:
            assert row["path"] in form
            assert row["summary"] in form
        for number, reason in enumerate(content["reasons"], 1):
            assert f"{SIGNS[reason['verdict']]} {reason['verdict']} ({number})" in form
            assert reason["why"] in form
            assert reason["basis"] in form
        for verdict in content["verdicts"]:
            assert f"{verdict['sign']} {verdict['count']} {verdict['word']}" in form
        assert "lp.permissions(" in form


def test_the_still_forms_are_alike_for_every_key_of_a_type():
    one, other = (PermissionsCard(Credential.from_text(text)) for text in (BUSINESS_KEY, "lp_another_example_0123"))
    assert forms_of(one) == forms_of(other)
    assert repr(one) == repr(other) == "<PermissionsCard: business key under 2026-07-05>"


@pytest.mark.parametrize(
    ("credential", "revision"),
    [(Credential.from_text(SOURCE_KEY), "2026-07-05"), (KeyType.USER_TOKEN, "2026-10-26"), (None, "2026-10-26")],
)
def test_the_code_runs_as_it_stands_and_gives_the_same(monkeypatch, credential, revision):
    for variable in ("LEADPING_USER_TOKEN", "LEADPING_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LEADPING_SOURCE_KEY", SOURCE_KEY)
    card = PermissionsCard(credential, contract=lp.contract(revision))
    names = {}
    exec(card.code, names)  # noqa: S102 - that it runs is what is tested
    assert names["permissions"].key_type is card.permissions.key_type
    assert names["permissions"].contract is card.permissions.contract
    assert SOURCE_KEY not in card.code
    assert card.code.endswith("permissions.frame")


def test_the_code_takes_a_credential_from_the_environment():
    assert "lp.Credential.from_env()" in PermissionsCard(Credential.from_text(SOURCE_KEY)).code


@pytest.mark.parametrize(("kind", "revision"), SHOWN)
def test_little_is_sent_to_the_page(kind, revision):
    card = PermissionsCard(kind, contract=lp.contract(revision))
    assert len(json.dumps(card.view).encode()) < 60_000
    assert len(json.dumps(card.get_state(), default=str).encode()) < 100_000
