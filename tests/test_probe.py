"""A probe says what it will call, calls nothing else, and keeps what it saw apart from what is documented."""

import json
import threading
from collections import Counter

import httpx
import jwt
import pytest
from hypothesis import given, strategies as st

import leadping_nb as lp
from leadping_nb.api import Api
from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.evidence import OUTCOMES, Observation
from leadping_nb.policy import decide
from leadping_nb.probe import Probe
from leadping_nb.probe.allow_list import AllowList
from leadping_nb.probe.choice import plan_probe
from leadping_nb.resources import resources
from leadping_nb.session.http import Session

KEY = "lp_probe_test_0123456789abcdef"
API = "https://api.leadping.example"
SEED, NEWEST = REVISIONS
NOON = 1_783_252_800.0  # 2026-07-05T12:00:00Z
EVERY = [(kind, revision) for revision in REVISIONS for kind in (*KeyType, None)]
OPERATIONS = [pytest.param(o, contract(r), id=f"{r} {o.id}") for r in REVISIONS for o in contract(r).operations]
READS = [case for case in OPERATIONS if case.values[0].effect == "read"]
WRITES = [case for case in OPERATIONS if case.values[0].effect == "write"]


def quiet(sentence):
    """Nobody to tell."""


@pytest.fixture(scope="module", params=REVISIONS)
def sandbox(request):
    with lp.Sandbox(leads=40, rate_limit=None, revision=request.param) as running:
        yield running


@pytest.fixture
def july():
    with lp.Sandbox(leads=40, rate_limit=None) as running:
        yield running


def key_of(sandbox, kind):
    """A credential of the sandbox by its kind, or None for none."""
    texts = {"user": sandbox.user_token, "business": sandbox.business_key, "source": sandbox.source_key}
    return Credential.from_text(texts[kind], origin="sandbox") if kind else None


def connected(sandbox, kind="user"):
    sandbox.forget()
    sandbox.faults.off()
    return lp.connect(key_of(sandbox, kind), base_url=sandbox.url, contract=contract(sandbox.revision))


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.seconds = NOON
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self):
        return self.seconds


class Server:
    """Answers by path, anything else with an empty page, and keeps what it was asked."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.calls = []
        self.requests = []

    def __call__(self, request):
        name = f"{request.method} {request.url.path}"
        self.calls.append(name)
        self.requests.append(request)
        answer = self.answers.get(name, self.answers.get("*", {"items": []}))
        answer = answer(self) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def api_of(server, *, key=KEY, clock=None, rate=None, base_url=API, revision=SEED):
    clock = clock or Clock()
    session = Session(
        Credential.from_text(key) if key else None,
        base_url=base_url,
        contract=contract(revision),
        rate=rate,
        transport=httpx.MockTransport(server),
        now=clock.now,
        monotonic=clock.now,
        sleep=clock.sleep,
    )
    return Api(session)


def refusing(status, **how):
    return httpx.Response(status, json={"title": "No", "status": status, **how.pop("members", {})}, **how)


def probed(server, **how):
    options = {name: how.pop(name) for name in ("only", "by_id", "say", "on_observation", "stop") if name in how}
    with api_of(server, **how) as api:
        return api.probe(confirm=True, **{"say": quiet, **options})


# -- the plan ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [False, None, "yes", 1, "True"])
def test_nothing_is_sent_without_a_plain_yes(answer, capsys):
    server = Server()
    with api_of(server) as api:
        probe = api.probe(confirm=answer)
    assert server.calls == []
    assert not probe.made
    assert set(probe.counts) == set(OUTCOMES)
    assert probe.counts["not tried"] == len(contract().operations)
    assert "27 reads" in capsys.readouterr().out
    for form in (str(probe), repr(probe), probe._repr_html_()):
        assert "api.probe(confirm=True)" in form


def test_the_plan_names_every_call_and_why_each_other_operation_is_left_out():
    plan = plan_probe(contract(), KeyType.BUSINESS_API_KEY)
    named = [call.operation.id for call in plan.calls] + [left.operation.id for left in plan.left_out]
    assert sorted(named) == sorted(operation.id for operation in contract().operations)
    for call in plan.calls:
        assert call.operation.id in str(plan)
        assert call.operation.path in plan._repr_html_()
    reasons = {left.operation.id: left.why for left in plan.left_out}
    assert "changes data" in reasons["GET /leads/intake"]
    assert "path needs" in reasons["GET /leads/{id}"]
    assert "made up" in reasons["POST /phone-numbers/search"]
    assert sum(plan.omissions.values()) == len(plan.left_out)


@pytest.mark.parametrize(("kind", "count"), [(KeyType.ORGANIZATION_API_KEY, 1), (KeyType.SOURCE_KEY, 80)])
def test_plan_and_result_say_that_what_is_denied_is_not_tried_and_why(kind, count):
    plan = plan_probe(contract(NEWEST), kind)
    denied = [left for left in plan.left_out if "documented as denied" in left.why]
    assert len(denied) == plan.denied == count
    assert {left.why for left in denied} <= plan.omissions.keys()
    assert "nothing is sent where a source says no" in str(plan)
    seen = {operation.id: Observation("not tried", "") for operation in contract(NEWEST).operations}
    for made in (Probe(plan, API, seen), Probe(plan, API, seen, "It ended.")):
        reads = "1 read that is documented" if count == 1 else f"{count} reads that are documented"
        for form in (str(made), repr(made), made._repr_html_()):
            assert f"{reads} as denied stayed untried, because nothing is sent where a source says no" in form


def test_nothing_is_said_of_denials_where_nothing_is_denied():
    plan = plan_probe(contract(), KeyType.BUSINESS_API_KEY)
    seen = {operation.id: Observation("not tried", "") for operation in contract().operations}
    assert plan.denied == 0
    assert "denied" not in Probe(plan, API, seen).sentence


@pytest.mark.parametrize(("kind", "revision"), EVERY)
@pytest.mark.parametrize("by_id", [False, True])
def test_every_planned_call_is_a_read_that_the_documents_do_not_deny(kind, revision, by_id):
    known = contract(revision)
    plan = plan_probe(known, kind, by_id=by_id)
    for call in plan.calls:
        assert call.operation.effect == "read"
        assert decide(kind, call.operation, known).verdict != "denied"
        assert call.operation.method == "GET" or call.operation.paged
        assert (call.row_of is None) == (not call.operation.path_parameters)
        assert call.operation.method == "GET" or call.body == {"pageSize": 1, "includeCount": False}
    assert "GET /leads/intake" not in plan.allow_list.names


def test_a_source_key_has_nothing_to_try_and_is_sent_nowhere():
    for revision in REVISIONS:
        server = Server()
        probe = probed(server, key="lp_src_probe_test_0123456789", revision=revision, by_id=True)
        assert server.calls == []
        assert probe.plan.calls == ()
        assert "nothing to try" in probe.plan.sentence
        assert "nothing is sent where a source says no" in probe.observations["GET /users/me"].why


def test_what_is_documented_best_comes_first_and_ids_come_after_their_lists():
    plan = plan_probe(contract(), KeyType.USER_TOKEN, by_id=True)
    certainties = [(call.decision.verdict, call.decision.certainty) for call in plan.calls if call.row_of is None]
    assert certainties == sorted(
        certainties, key=[("allowed", "stated"), ("allowed", "inferred"), ("undocumented", "inferred")].index
    )
    named = [call.operation.id for call in plan.calls]
    for call in plan.calls:
        if call.row_of is not None:
            assert named.index(call.row_of.operation.id) < named.index(call.operation.id)


@pytest.mark.parametrize(("requests", "seconds"), [(None, 27 * 0.3), (300, 27 * 0.3), (10, 122.4)])
def test_the_plan_foresees_the_waits_of_the_rate_limit(requests, seconds):
    rate = requests and lp.RateLimit(requests, 60.0, monotonic=lambda: 0.0)
    plan = plan_probe(contract(), KeyType.BUSINESS_API_KEY, rate=rate)
    assert plan.count == 27
    assert plan.seconds == pytest.approx(seconds)
    assert ("within the limit of" in plan.sentence) == (rate is not None)


def test_the_plan_stays_what_it_was_when_the_limit_is_used_meanwhile():
    rate = lp.RateLimit(30, 60.0, monotonic=lambda: 0.0)
    plan = plan_probe(contract(), KeyType.BUSINESS_API_KEY, rate=rate)
    said = plan.sentence
    for _ in range(30):
        rate.take()
    assert plan.sentence == said


def test_only_some_can_be_asked_for_by_the_name_of_a_resource_or_an_operation():
    def planned(only, **how):
        return [call.operation.id for call in plan_probe(contract(), KeyType.USER_TOKEN, only=only, **how).calls]

    assert planned("leads") == ["POST /leads/all/my"]
    assert planned(["tags", "GET /users/me"]) == ["GET /users/me", "GET /tags"]
    assert planned("leads", by_id=True) == ["POST /leads/all/my", "GET /leads/{id}"]
    assert planned("GET /leads/{id}", by_id=True) == []
    assert planned("GET /leads/intake") == planned([]) == []


@pytest.mark.parametrize("only", ["lead", "GET /lead", ["leads", "nothing"]])
def test_an_unknown_name_is_refused_before_anything_is_sent(only):
    server = Server()
    with api_of(server) as api, pytest.raises(LeadpingError, match="nothing to probe"):
        api.probe(confirm=True, only=only)
    assert server.calls == []


@pytest.mark.parametrize("only", ["GET /leads/intake", "POST /leads/intakes", "DELETE /tags/{id}", "PATCH /nowhere"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_no_write_is_ever_proposed(only, revision):
    known = contract(revision)
    if any(operation.id == only for operation in known.operations):
        assert plan_probe(known, KeyType.USER_TOKEN, only=only).calls == ()
        return
    with pytest.raises(LeadpingError, match="nothing to probe") as caught:
        plan_probe(known, KeyType.USER_TOKEN, only=only)
    proposed = caught.value.hint.removeprefix("Try ").removesuffix(".").split(", ")
    calls = [name for name in proposed if " " in name]
    assert all(known.operation(name).effect == "read" for name in calls)
    assert set(proposed) - set(calls) <= set(resources(known))


# -- the guard ---------------------------------------------------------------------------------------------------------


def filled(operation, value="x1"):
    path = operation.path
    for name in operation.path_parameters:
        path = path.replace(f"{{{name}}}", value)
    return path


def sent_below(operation, known, server=None):
    """Send a call by the transport of a probe that may make every read, past all that chooses and refuses."""
    everything = AllowList.of(known, known.operations)
    server = server or Server()
    with api_of(server, revision=known.revision) as api, api._session.confined(everything.admits) as confined:
        request = confined._client.build_request(operation.method, API + filled(operation), json={})
        confined._client.send(request)
    return server


@pytest.mark.parametrize(("operation", "known"), WRITES)
def test_the_transport_raises_for_every_write_of_every_revision(operation, known):
    server = Server()
    with pytest.raises(NotAllowedError) as raised:
        sent_below(operation, known, server)
    assert raised.value.rule == "only the reads that were announced"
    assert server.calls == []


def test_the_transport_lets_a_read_through():
    operation = contract().operation("GET /tags")
    assert sent_below(operation, contract()).calls == ["GET /tags"]


@pytest.mark.parametrize("revision", REVISIONS)
def test_lead_intake_by_get_is_on_no_list_however_it_is_spelt(revision):
    known = contract(revision)
    everything = AllowList.of(known, known.operations)
    assert not [name for name in everything.names if "intake" in name]
    for path in (
        "/leads/intake", "/leads/intake/", "/leads/Intake", "/LEADS/INTAKE", "/leads/%69ntake", "/leads/intake%2F",
        "/leads/x/../intake", "/leads//intake", "//leads/intake", "/leads/%2e%2e/leads/intake",
    ):  # fmt: skip
        assert not everything.admits("GET", path), path


@pytest.mark.parametrize(("operation", "known"), READS)
def test_a_list_of_one_read_admits_that_one_alone(operation, known):
    alone = AllowList.of(known, [operation])
    assert [other.id for other in known.operations if alone.admits(other.method, filled(other))] == [operation.id]


@given(st.sampled_from(REVISIONS), st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]), st.data())
def test_no_admitted_path_means_a_write_to_a_server_that_reads_it_leniently(revision, method, data):
    known = contract(revision)
    parts = sorted({part for operation in known.operations for part in operation.path.split("/") if part})
    spelt = st.sampled_from(parts).flatmap(
        lambda part: st.sampled_from([part, part.upper(), part.title(), f"{part}%2F", "..", ""])
    )
    path = "/" + "/".join(data.draw(st.lists(spelt, min_size=1, max_size=5)))
    if AllowList.of(known, known.operations).admits(method, path):
        lenient = known.match(method, known.base_url + path.lower().replace("%2f", ""))
        assert lenient is not None
        assert lenient.effect == "read"


def test_the_guard_reads_paths_below_the_base_of_the_address():
    server = Server()
    allowed = AllowList.of(contract(), [contract().operation("GET /tags")])
    with api_of(server, base_url=f"{API}/v1") as api, api._session.confined(allowed.admits) as confined:
        confined.read(contract().operation("GET /tags"))
        with pytest.raises(NotAllowedError):
            confined._client.get(f"{API}/tags")
        with pytest.raises(NotAllowedError):
            confined._client.get(f"{API}/v1tags")
    assert server.calls == ["GET /v1/tags"]


def test_a_refusal_of_the_guard_holds_no_credential():
    import traceback

    try:
        sent_below(contract().operation("POST /leads"), contract())
    except NotAllowedError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        assert KEY not in "".join(shown.format())
    else:
        pytest.fail("a write went through")


def test_the_connection_goes_on_after_a_probe():
    server = Server({"GET /wallets/me": {"id": "wallet_test"}})
    with api_of(server) as api:
        api.probe(confirm=True, only="tags", say=quiet)
        assert api.get("/wallets/me") == {"id": "wallet_test"}


# -- over HTTP, on the sandbox -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["user", "business", "source", None])
@pytest.mark.parametrize("by_id", [False, True])
def test_the_planned_calls_arrive_once_each_and_nothing_else_does(sandbox, kind, by_id):
    with connected(sandbox, kind) as api:
        probe = api.probe(confirm=True, by_id=by_id, say=quiet)
    arrived = Counter(request.operation for request in sandbox.requests)
    tried = {name for name, seen in probe.observations.items() if seen.at is not None}
    assert arrived == Counter(tried)
    assert tried <= {call.operation.id for call in probe.plan.calls}
    known = contract(sandbox.revision)
    assert {known.operation(name).effect for name in arrived} <= {"read"}
    assert sandbox.leads_received == ()
    for request in sandbox.requests:
        seen = probe.observations[request.operation]
        assert seen.status == request.status
        assert seen.outcome == ("allowed" if request.status == 200 else "refused")
    assert probe.findings == ()
    assert probe.stopped == ""


def test_a_business_key_is_refused_in_the_servers_words_where_the_sources_say_nothing(july):
    with connected(july, "business") as api:
        probe = api.probe(confirm=True, say=quiet)
    seen = probe.observations["GET /users/me"]
    assert (seen.outcome, seen.status) == ("refused", 403)
    assert seen.words == "Forbidden · A business key may not make this call."
    assert seen.at.utcoffset().total_seconds() == 0
    assert probe.counts["allowed"] == 14
    assert probe.counts["refused"] == 13


def test_lists_are_asked_for_one_row_and_no_count():
    server = Server()
    probed(server)
    bodies = [json.loads(request.content) for request in server.requests if request.method == "POST"]
    assert bodies
    assert {json.dumps(body) for body in bodies} == {'{"pageSize": 1, "includeCount": false}'}
    (by_query,) = [
        request for request in server.requests if request.url.path == "/feedback/admin" and request.method == "GET"
    ]
    assert dict(by_query.url.params) == {"PageSize": "1"}


def test_a_read_that_is_documented_as_allowed_and_refused_is_a_finding(july):
    with connected(july) as api, july.faults.on("forbidden_read"):
        probe = api.probe(confirm=True, say=quiet)
    (finding,) = probe.findings
    assert (finding.code, finding.severity) == ("allowed-but-refused", "warning")
    assert finding.place == "POST /leads/all/my"
    assert finding.expected == "allowed (inferred)"
    assert finding.got == "refused, 403: Forbidden · Your role may not read leads."
    assert finding.spec == "openapi 2026-08: security Bearer"
    for form in (str(probe), probe._repr_html_()):
        assert "POST /leads/all/my" in form
        assert "Your role may not read leads." in form
    assert "1 disagreement." in probe.sentence


def test_other_disagreements_are_graded_by_how_certain_the_documents_are():
    server = Server(
        {"GET /users/me/paymentmethod": refusing(403), "GET /tags": refusing(404), "GET /feedback/admin": []}
    )
    with api_of(server, key=user_token()) as api:
        findings = {found.place: found for found in api.probe(confirm=True, say=quiet).findings}
    assert findings["GET /users/me/paymentmethod"].severity == "error"
    assert (findings["GET /tags"].code, findings["GET /tags"].severity) == ("allowed-but-not-found", "warning")
    assert findings["GET /feedback/admin"].code == "undocumented-but-allowed"
    assert [found.severity for found in probed(server, key=user_token()).findings] == [
        "error",
        "warning",
        "note",
        "note",
    ]


def user_token():
    """A user token of no sandbox, whose own do not leave loopback."""
    return jwt.encode({"iss": API, "sub": "test"}, "0" * 32, "HS256")


# -- what an answer means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        ([], "allowed", 200),
        (httpx.Response(204), "allowed", 204),
        (refusing(403), "refused", 403),
        (refusing(404), "not found", 404),
        (refusing(410), "not found", 410),
        (refusing(400), "cannot tell", 400),
        (refusing(500), "cannot tell", 500),
        (refusing(503), "cannot tell", 503),
        (refusing(429), "cannot tell", 429),
        (httpx.Response(307, headers={"Location": "https://elsewhere.example/"}), "cannot tell", 307),
        (httpx.Response(200, text="<!doctype html><p>Sign in</p>"), "cannot tell", 200),
        (httpx.ConnectError("no"), "cannot tell", None),
        (httpx.ReadTimeout("no"), "cannot tell", None),
        (httpx.RemoteProtocolError("no"), "cannot tell", None),
    ],
)
def test_each_answer_has_its_outcome_and_is_asked_for_once(answer, outcome, status):
    server = Server({"GET /tags": answer})
    seen = probed(server, only="tags").observations["GET /tags"]
    assert (seen.outcome, seen.status) == (outcome, status)
    assert seen.why.endswith(".")
    assert server.calls == ["GET /tags"]


def test_bytes_that_are_no_json_are_an_answer_and_a_web_page_is_none():
    name = "GET /analytics/my/export"
    for text, outcome in (("day,leads\n", "allowed"), ("\n<html>", "cannot tell")):
        server = Server({name: httpx.Response(200, text=text)})
        assert (
            probed(server, key="sk_probe_test_0123456789", revision=NEWEST, only=name).observations[name].outcome
            == outcome
        )


def test_the_servers_words_are_without_the_credential_short_and_safe_to_print():
    words = f"The key {KEY} may not.\x1b[31m\u202e" + "x" * 1_000
    server = Server({"GET /tags": refusing(403, members={"detail": words})})
    probe = probed(server, only="tags")
    seen = probe.observations["GET /tags"]
    assert "may not." in seen.words
    assert len(seen.words) <= 300
    assert seen.words.isprintable()
    everything = str(probe) + repr(probe) + probe._repr_html_() + probe.frame.to_csv() + repr(probe.findings)
    assert KEY not in everything + repr(probe.observations)
    assert "may not." in everything


def test_what_a_server_says_is_text_and_not_markup():
    server = Server({"GET /tags": refusing(403, members={"detail": "<script>alert(1)</script>"})})
    probe = probed(server, only="tags")
    assert "<script>" not in probe._repr_html_() + probe.permissions._repr_html_()
    assert "&lt;script&gt;" in probe._repr_html_()


# -- a dead credential, a limit, an interruption -----------------------------------------------------------------------


def challenge(parameters=""):
    return refusing(401, headers={"WWW-Authenticate": f"Bearer {parameters}"} if parameters else {})


def test_a_dead_credential_ends_the_probe_at_the_first_call(july):
    api = connected(july, "business")
    july.rotate("business key")
    with api:
        probe = api.probe(confirm=True, say=quiet)
    assert len(july.requests) == 1
    assert {seen.outcome for name, seen in probe.observations.items() if name in planned(probe)} == {"cannot tell"}
    assert "credential itself seems not to be accepted" in probe.stopped
    assert probe.findings == ()


def test_a_token_that_dies_on_the_way_ends_the_probe_and_what_was_seen_stays():
    with lp.Sandbox(leads=10, rate_limit=None, now="2026-07-05T12:00:00Z") as sandbox:
        token = sandbox.issue_token(60)
        with lp.connect(Credential.from_text(token, origin="sandbox"), base_url=sandbox.url) as api:
            sent = api._session.confined
            count = 0

            def dying(admits):
                def admitted(method, path):
                    nonlocal count
                    count += 1
                    if count == 6:
                        sandbox.clock.advance(120)
                    return admits(method, path)

                return sent(admitted)

            api._session.confined = dying
            probe = api.probe(confirm=True, say=quiet)
    assert [request.status for request in sandbox.requests] == [200] * 5 + [401, 401]  # the last asks the first again
    assert sandbox.requests[-1].operation == sandbox.requests[0].operation
    assert (probe.counts["allowed"], probe.counts["refused"], probe.counts["cannot tell"]) == (5, 0, 22)


def planned(probe):
    return {call.operation.id for call in probe.plan.calls}


def test_a_challenge_that_says_invalid_token_ends_the_probe_without_a_further_call():
    first = plan_probe(contract(), KeyType.BUSINESS_API_KEY).calls
    server = Server(
        {f"{first[2].operation.id}": challenge('error="invalid_token", error_description="It has expired"')}
    )
    probe = probed(server)
    assert len(server.calls) == 3
    seen = probe.observations[first[2].operation.id]
    assert (seen.outcome, seen.status) == ("cannot tell", 401)
    assert "It has expired" in seen.words


def test_a_401_to_one_call_is_a_refusal_where_the_credential_is_still_accepted():
    server = Server({"GET /tags": challenge(), "GET /users/me": challenge('realm="test"')})
    probe = probed(server)
    for name in ("GET /tags", "GET /users/me"):
        assert (probe.observations[name].outcome, probe.observations[name].status) == ("refused", 401)
    first = probe.plan.calls[0].operation.id
    assert Counter(server.calls)[first] == 3  # once, and once more after each 401
    assert len(server.calls) == probe.plan.count + 2
    assert probe.stopped == ""


def test_calls_that_nobody_documented_do_not_make_a_credential_dead_but_cannot_tell_either():
    server = Server({"*": challenge()})
    probe = probed(server, key="sk_probe_test_0123456789")
    assert len(server.calls) == probe.plan.count == 27
    assert probe.counts["refused"] == 0
    assert probe.counts["cannot tell"] == 27


def test_an_open_call_does_not_show_that_a_credential_is_accepted():
    name = "GET /notifications/unread-count"
    server = Server({"GET /blog": [], name: challenge()})
    probe = probed(server, key="sk_probe_test_0123456789", revision=NEWEST, only=["GET /blog", name])
    assert server.calls == ["GET /blog", name]
    assert probe.observations["GET /blog"].outcome == "allowed"
    assert probe.observations[name].outcome == "cannot tell"


def test_a_429_ends_the_probe_because_it_asks_to_slow_down():
    server = Server({"GET /tags": refusing(429, headers={"Retry-After": "17"})})
    clock = Clock()
    probe = probed(server, clock=clock)
    assert server.calls[-1] == "GET /tags"
    assert clock.slept == []
    assert "slow down" in probe.stopped
    after = [call.operation.id for call in probe.plan.calls][len(server.calls) :]
    assert after
    assert {probe.observations[name].outcome for name in after} == {"cannot tell"}


def test_each_call_is_told_as_it_is_made_and_another_thread_can_stop_the_next_one():
    server, stop, told = Server(), threading.Event(), []

    def told_of(name, seen):
        told.append((name, seen.outcome))
        if len(told) == 3:
            stop.set()

    probe = probed(server, on_observation=told_of, stop=stop)
    assert [name for name, _ in told] == [call.operation.id for call in probe.plan.calls[:3]] == server.calls
    assert {outcome for _, outcome in told} == {"allowed"}
    assert probe.stopped == "The probe was stopped before its last call."
    assert probe.counts["allowed"] == 3
    assert {probe.observations[call.operation.id].outcome for call in probe.plan.calls[3:]} == {"cannot tell"}


def test_a_wait_for_the_limit_can_be_stopped_too():
    clock, server, stop = Clock(), Server(), threading.Event()

    def say(sentence):
        if sentence.startswith("Waiting"):
            stop.set()

    rate = lp.RateLimit(10, 60.0, monotonic=clock.now)
    probe = probed(server, clock=clock, rate=rate, say=say, stop=stop)
    assert (len(server.calls), clock.slept) == (10, [])
    assert "stopped" in probe.stopped


def test_the_calls_keep_to_the_limit_of_the_connection_and_waits_are_told():
    clock, server, said = Clock(), Server(), []
    probe = probed(server, clock=clock, rate=lp.RateLimit(10, 60.0, monotonic=clock.now), say=said.append)
    assert probe.counts["allowed"] == 27
    assert clock.slept == [60.0, 60.0]
    assert said[0].startswith("27 reads, about 122 s within the limit of 10 requests in 60 s")
    assert said[1:] == ["Waiting 60.0 s, because the limit is 10 requests in 60 s."] * 2
    assert {seen.dated for seen in probe.observations.values() if seen.at} == {
        "2026-07-05T12:00:00Z", "2026-07-05T12:01:00Z", "2026-07-05T12:02:00Z"
    }  # fmt: skip


def test_ctrl_c_ends_the_probe_and_what_was_seen_stays():
    def press(server):
        raise KeyboardInterrupt

    probe = probed(Server({"GET /tags": press}))
    assert "interrupted" in probe.stopped
    assert probe.counts["allowed"] > 5
    assert probe.observations["GET /tags"].outcome == "cannot tell"


# -- reading by id -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["intake", "Intake", "INTAKE", "intake/", "../leads/intake", "%69ntake", "a b", ".."])
def test_an_id_that_could_name_another_call_is_not_sent(id_):
    server = Server({"POST /leads/all/my": {"items": [{"id": id_}]}})
    probe = probed(server, only="leads", by_id=True)
    assert server.calls == ["POST /leads/all/my"]
    assert "could name another call" in probe.observations["GET /leads/{id}"].why
    assert probe.observations["GET /leads/{id}"].outcome == "cannot tell"


@pytest.mark.parametrize("rows", [{"items": []}, {"items": [{"id": None}]}, {"items": [{"id": 7}]}, {"items": 3}, "x"])
def test_a_list_without_an_id_leaves_what_needs_it_untried(rows):
    server = Server({"POST /leads/all/my": rows})
    seen = probed(server, only="leads", by_id=True).observations["GET /leads/{id}"]
    assert (seen.outcome, seen.at) == ("cannot tell", None)
    assert server.calls == ["POST /leads/all/my"]


def test_a_row_that_went_meanwhile_is_no_disagreement():
    server = Server({"POST /leads/all/my": {"items": [{"id": "lead_test"}]}, "GET /leads/lead_test": refusing(404)})
    probe = probed(server, only="leads", by_id=True)
    assert probe.observations["GET /leads/{id}"].outcome == "not found"
    assert probe.findings == ()


# -- beside what is documented -----------------------------------------------------------------------------------------


def test_permissions_show_the_three_kinds_of_evidence_with_their_dates():
    server = Server({"GET /tags": refusing(403, members={"detail": "Not you."})})
    probe = probed(server)
    permissions = lp.permissions(KeyType.BUSINESS_API_KEY, observed=probe)
    decision = permissions.check("GET", "/tags")
    seed, documented, observed = decision.evidence
    assert (decision.verdict, seed.says, documented.says, observed.says) == (
        "allowed",
        "undocumented",
        "allowed",
        "refused",
    )
    assert (seed.dated, documented.dated, observed.dated) == (SEED, SEED, "2026-07-05T12:00:00Z")
    assert "Not you." in observed.text
    frame = permissions.frame.set_index(["method", "path"])
    row = frame.loc[("GET", "/tags")]
    assert (row["seed"], row["contract"], row["observed"]) == ("undocumented", "allowed", "refused")
    assert row["observed_dated"] == "2026-07-05T12:00:00Z"
    assert frame.loc[("POST", "/leads"), "observed"] == "not tried"
    assert "✗ refused, 2026-07-05T12:00:00Z" in permissions._repr_html_()
    assert probe.permissions.counts == permissions.counts == lp.permissions(KeyType.BUSINESS_API_KEY).counts


def test_what_was_observed_of_another_key_type_or_revision_is_refused():
    probe = probed(Server(), only="tags")
    with pytest.raises(LeadpingError, match="observed of a business key"):
        lp.permissions(KeyType.USER_TOKEN, observed=probe)
    with pytest.raises(LeadpingError, match=NEWEST):
        lp.permissions(KeyType.BUSINESS_API_KEY, contract=contract(NEWEST), observed=probe)


def test_the_frame_has_a_row_for_each_operation_with_types_to_filter_by():
    frame = probed(Server({"GET /tags": refusing(403)})).frame
    assert list(frame["operation"]) == [operation.id for operation in contract().operations]
    row = frame.set_index("operation").loc["GET /tags"]
    assert (row["documented"], row["certainty"], row["observed"], row["status"]) == (
        "allowed",
        "inferred",
        "refused",
        403,
    )
    assert str(row["observed_at"]) == "2026-07-05 12:00:00+00:00"
    assert frame["observed_at"].isna().sum() == 121 - 27
    assert frame["observed"].cat.ordered


@pytest.mark.parametrize("only", [3, [3], ["leads", None], [[]]])
def test_what_is_no_name_is_refused(only):
    with pytest.raises(lp.LeadpingError, match="no name") as caught:
        plan_probe(contract(), KeyType.USER_TOKEN, only=only)
    assert "leads" in caught.value.hint
