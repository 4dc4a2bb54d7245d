"""Sending one lead: what is shown before, what leaves, and what is said when nobody knows whether it arrived."""

import json
import re
import threading

import httpx
import pytest

import leadping_nb as lp
from leadping_nb.contracts import contract
from leadping_nb.sending.looking import lines_to_look
from leadping_nb.session.exchange import Limits
from leadping_nb.session.http import Session

LEAD = {"firstName": "Ada", "phone": "(212) 555-0100", "state": "NY", "externalId": "web-1"}
SENT = {"firstName": "Ada", "phone": "+12125550100", "state": "NY", "externalId": "web-1"}
NESTED = {
    "contact": {"firstName": "Ada", "phone": {"number": "+12125550100"}},
    "customer": {},
    "metadata": {"externalId": "web-2", "trustedFormUrl": "https://cert.trustedform.com/" + "0" * 40},
    "tagIds": [],
    "tagNames": [],
}
ODD_IDS = tuple({"externalId": own} for own in ("long-" * 20, "bell\a and \x9b, \u202e", "π \N{GRINNING FACE}"))
SOURCE = "lp_src_sandbox_test"
INTAKE = contract().operation("POST /leads/intake")


@pytest.fixture
def sandbox():
    with lp.Sandbox(leads=30, now="2026-07-05T12:00:00Z") as running:
        yield running


@pytest.fixture
def api(sandbox):
    with lp.connect(sandbox.source_key, base_url=sandbox.url) as connected:
        yield connected


def session_on(handler, *, key=SOURCE, base_url="http://127.0.0.1:9", **how):
    credential = None if key is None else lp.Credential.from_text(key)
    transport = httpx.MockTransport(handler)
    return Session(credential, base_url=base_url, contract=contract(), transport=transport, **how)


class Server:
    """Answers alike, and writes down what came."""

    def __init__(self, status=201, content=b'{"id":"lead_1"}', **headers):
        self.answer = (status, content, headers)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        status, content, headers = self.answer
        return httpx.Response(status, content=content, headers=headers)


# -- the preview ------------------------------------------------------------------------------------------------------


def test_a_preview_is_the_request_that_then_leaves_but_for_the_key():
    server = Server()
    with session_on(server) as session:
        api = lp.Api(session)
        preview = api.preview_lead(LEAD)
        assert server.requests == []
        api.send_lead(LEAD, confirm=True)
        [request] = server.requests
        assert (preview.method, preview.url) == (request.method, str(request.url))
        assert preview.body.encode() == request.content
        named = dict(preview.headers)
        assert named.pop("Authorization") == f"Bearer <{api.credential.label}>"
        assert {name.lower(): value for name, value in named.items()} == {
            name: value for name, value in request.headers.items() if name != "authorization"
        }
        assert request.headers["authorization"] == f"Bearer {SOURCE}"


@pytest.mark.parametrize(
    ("payload", "how", "operation"),
    [
        (LEAD, {}, "POST /leads/intake"),
        (NESTED, {}, "POST /leads"),
        (LEAD, {"how": "intake"}, "POST /leads/intake"),
        (NESTED, {"how": "post"}, "POST /leads"),
        (NESTED, {"form": "structured"}, "POST /leads"),
        (LEAD, {"how": "query"}, "GET /leads/intake"),
    ],
)
def test_the_form_of_a_lead_decides_the_call_unless_it_is_named(api, payload, how, operation):
    assert api.preview_lead(payload, **how).operation.id == operation


def test_the_query_form_is_shown_with_what_speaks_against_it(api, sandbox):
    lead = LEAD | {"tagNames": ["a", "b"], "sourceMetadata": {"page": "1"}, "price": 2.5}
    preview = api.preview_lead(lead, how="query")
    query = httpx.URL(preview.url).params
    assert query.get_list("TagNames") == ["a", "b"]
    assert json.loads(query["SourceMetadata"]) == {"page": "1"}
    assert (query["Phone"], query["Price"], preview.body) == ("+12125550100", "2.5", "")
    said = " ".join(preview.warnings)
    for words in ("A GET that creates", "Personal data stand in the address", "not repeatable", "does not send it so"):
        assert words in said
    assert not preview.can_be_sent
    # It is the true one: the sandbox takes it in as it stands.
    httpx.get(preview.url, headers={"Authorization": f"Bearer {sandbox.source_key}"}, trust_env=False)
    [lead] = sandbox.leads_received
    assert lead["contact"]["phone"]["number"] == "+12125550100"
    assert lead["metadata"]["sourceMetadata"] == {"page": "1"}


def test_october_has_no_query_form_and_a_key_against_doubles():
    with lp.connect("lp_src_example", contract=lp.contract("2026-10-26")) as api:
        with pytest.raises(lp.LeadpingError, match="no operation GET /leads/intake"):
            api.preview_lead(LEAD, how="query")
        assert any("not repeatable" in said for said in api.preview_lead(LEAD).warnings)
        keyed = api.preview_lead(LEAD | {"idempotencyKey": "k-1"}).warnings
        assert any("idempotencyKey may keep" in said for said in keyed)


@pytest.mark.parametrize("how", [{"how": "mail"}, {"how": "post", "form": "flat"}, {"form": "round"}])
def test_a_way_that_is_none_is_refused(api, how):
    with pytest.raises(lp.LeadpingError):
        api.preview_lead(LEAD, **how)


def test_a_lead_without_external_id_is_warned_of(api):
    assert any("Without externalId" in said for said in api.preview_lead({"phone": "+12125550100"}).warnings)
    assert not any("Without externalId" in said for said in api.preview_lead(LEAD).warnings)
    assert not any("Without externalId" in said for said in api.preview_lead(NESTED).warnings)


def test_a_preview_with_another_key_shows_the_request_and_says_that_it_would_not_do(sandbox):
    with lp.connect(sandbox) as api:
        preview = api.preview_lead(LEAD)
    assert preview.body
    assert not preview.can_be_sent
    assert "wants a source key" in preview.warnings[0]


def test_no_form_of_a_preview_or_result_holds_the_key_or_is_markup(api, sandbox):
    hostile = LEAD | {"lastName": "<img src=x>", "externalId": "<b>1</b>"}
    preview = api.preview_lead(hostile)
    sent = api.send_lead(hostile, confirm=True)
    for shown in (preview, sent):
        for text in (str(shown), repr(shown), shown._repr_html_()):
            assert sandbox.source_key not in text
        assert "<img" not in shown._repr_html_()
        assert "<b>" not in shown._repr_html_()
    assert "Ada" not in str(sent) + repr(sent)


# -- sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirm", [False, None, 1, "yes", "True"])
def test_without_confirm_true_nothing_is_sent_and_the_preview_says_so(api, sandbox, confirm):
    shown = api.send_lead(LEAD, confirm=confirm)
    assert isinstance(shown, lp.LeadPreview)
    assert str(shown).startswith("Nothing was sent. api.send_lead(lead, confirm=True) sends it.")
    assert sandbox.leads_received == ()
    assert sandbox.requests == ()


@pytest.mark.parametrize(("lead", "own"), [(LEAD, "web-1"), (NESTED, "web-2")])
def test_a_lead_that_was_sent_is_in_the_lists(api, sandbox, lead, own):
    sent = api.send_lead(lead, confirm=True)
    assert (sent.status, sent.external_id, sent.answer["id"]) == (201, own, sent.id)
    assert str(sent).startswith("Sent, and taken in.")
    with lp.connect(sandbox) as reader:
        assert reader.frame("leads", limit=1)["id"].tolist() == [sent.id]
        assert reader.one("leads", sent.id)["metadata"]["externalId"] == own


def test_a_lead_with_problems_is_refused_here_and_names_them_without_its_values(api, sandbox):
    with pytest.raises(lp.InvalidLeadError, match="phone: This cannot be a telephone number") as caught:
        api.send_lead({"phone": "5550", "email": "ada@"}, confirm=True)
    assert "5550" not in str(caught.value)
    assert {issue.field for issue in caught.value.check.problems} == {"phone", "email"}
    assert sandbox.requests == ()


@pytest.mark.parametrize("empty", [{}, {"firstName": ""}, {"zipp": "10001"}])
def test_a_lead_without_any_field_is_refused_here(api, sandbox, empty):
    with pytest.raises(lp.InvalidLeadError, match="No field of the lead has a value"):
        api.send_lead(empty, confirm=True)
    assert not api.preview_lead(empty).can_be_sent
    assert sandbox.requests == ()


def test_sending_never_keeps_a_connection_that_could_die_under_the_next_lead():
    server = Server()
    with session_on(server) as session:
        session.send_once(INTAKE, SENT)
    assert server.requests[0].headers["connection"] == "close"


@pytest.mark.parametrize(
    ("key", "operation", "rule"),
    [
        ("lp_sandbox_test", "POST /leads/intake", "key type"),
        (None, "POST /leads/intake", "key type"),
        (SOURCE, "GET /leads/intake", "a lead travels in the body of a POST"),
        (SOURCE, "POST /sms/send", "the only write is a lead"),
        (SOURCE, "POST /leads/all/my", "the only write is a lead"),
        (SOURCE, "DELETE /leads/{id}", "the only write is a lead"),
    ],
)
def test_no_other_write_and_no_other_key_passes_the_firewall(key, operation, rule):
    found = next((known for known in contract().operations if known.id == operation), None)
    found = found or next(known for known in contract().operations if known.effect == "write" and known.group == "sms")
    server = Server()
    with session_on(server, key=key) as session, pytest.raises(lp.NotAllowedError) as caught:
        session.send_once(found, SENT)
    assert caught.value.rule.startswith(rule)
    assert server.requests == []


def test_every_write_of_every_revision_but_the_posts_of_intake_is_refused():
    for revision in ("2026-07-05", "2026-10-26"):
        known = contract(revision)
        server = Server()
        credential = lp.Credential.from_text(SOURCE)
        transport = httpx.MockTransport(server)
        with Session(credential, base_url="http://127.0.0.1:9", contract=known, transport=transport) as session:
            for operation in known.operations:
                try:
                    session.send_once(operation, {})
                except lp.NotAllowedError:
                    continue
        paths = [(request.method, request.url.path) for request in server.requests]
        assert sorted(paths) == [("POST", "/leads"), ("POST", "/leads/intake")]


@pytest.mark.parametrize(
    ("key", "rule"),
    [("lp_src_example", "placeholders stay on loopback"), (SOURCE, "sandbox keys stay on loopback")],
)
def test_example_and_sandbox_keys_send_nothing_beyond_loopback(key, rule):
    server = Server()
    session = session_on(server, key=key, base_url="https://api.leadping.ai")
    with session, pytest.raises(lp.NotAllowedError) as caught:
        lp.Api(session).send_lead(LEAD, confirm=True)
    assert caught.value.rule == rule
    assert server.requests == []


# -- what nobody knows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["lead_answer_lost", "reset", "reset_at_once", "long_length", "html_with_200", "not_json", "short_length"]
)
def test_an_answer_that_is_lost_says_look_and_the_lead_is_never_sent_again(api, sandbox, fault):
    with sandbox.faults.on(fault), pytest.raises(lp.LeadMaybeSentError) as caught:
        api.send_lead(LEAD, confirm=True)
    assert len(sandbox.leads_received) == 1
    assert [request.operation for request in sandbox.requests] == ["POST /leads/intake"]
    assert "Look before you send again" in str(caught.value)


def test_a_timeout_after_the_lead_arrived_says_look(sandbox):
    credential = lp.Credential.from_text(sandbox.source_key)
    limits = Limits(read=0.2)
    session = Session(credential, base_url=sandbox.url, contract=contract(), limits=limits)
    late = sandbox.faults.on("lead_answer_late")
    with session, late, pytest.raises(lp.LeadMaybeSentError, match="no answer within"):
        lp.Api(session).send_lead(LEAD, confirm=True)
    assert len(sandbox.leads_received) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_of_the_server_may_hide_a_lead_that_was_taken_in(status):
    server = Server(status, b"<h1>Bad Gateway</h1>")
    with session_on(server) as session, pytest.raises(lp.LeadMaybeSentError, match="may have been taken in") as caught:
        lp.Api(session).send_lead(LEAD, confirm=True)
    assert isinstance(caught.value.__cause__, lp.ServerError)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]
)
def test_whatever_breaks_after_bytes_left_is_unknown(error):
    def breaks(request):
        raise error("broken", request=request)

    with session_on(breaks) as session, pytest.raises(lp.LeadMaybeSentError):
        session.send_once(INTAKE, SENT)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_where_there_was_no_connection_nothing_was_sent_and_that_is_said(error):
    def breaks(request):
        raise error("broken", request=request)

    with session_on(breaks) as session, pytest.raises(lp.TransportError, match="Nothing was sent") as caught:
        session.send_once(INTAKE, SENT)
    assert not isinstance(caught.value, lp.LeadMaybeSentError)


def test_a_sandbox_that_is_gone_was_sent_nothing(sandbox, api):
    sandbox.close()
    with pytest.raises(lp.TransportError, match="Nothing was sent"):
        api.send_lead(LEAD, confirm=True)


def test_an_interruption_while_the_answer_is_awaited_says_look():
    def interrupts(request):
        raise KeyboardInterrupt

    with session_on(interrupts) as session, pytest.raises(lp.LeadMaybeSentError, match="interrupted") as caught:
        lp.Api(session).send_lead(LEAD, confirm=True)
    assert isinstance(caught.value.__cause__, KeyboardInterrupt)
    assert "Look before you send again" in caught.value.hint


def test_the_lines_of_the_hint_find_the_lead_with_another_credential(api, sandbox, monkeypatch):
    monkeypatch.setenv("LEADPING_USER_TOKEN", sandbox.user_token)
    for lead in (
        LEAD,
        NESTED,
        {"email": "ada@mail.example", "externalId": 'odd "id" \\ 3'},
        {"externalId": "web-4"},
        *ODD_IDS,
    ):
        with sandbox.faults.on("lead_answer_lost", times=1), pytest.raises(lp.LeadMaybeSentError) as caught:
            api.send_lead(lead, confirm=True)
        lines = lines_to_look(lp.check_lead(lead), sandbox.url)
        assert lines in caught.value.hint
        assert "212" not in lines
        *before, last = lines.splitlines()
        names = {"lp": lp, "lead": lead}
        exec("\n".join(before), names)  # noqa: S102  # that they run is what is tested
        assert eval(last, names) == [sandbox.leads_received[-1]["id"]]  # noqa: S307
        names["api"].close()


def test_the_lines_to_look_ask_the_api_that_was_sent_to():
    first = lines_to_look(lp.check_lead(LEAD, contract=contract("2026-10-26")), "https://api.other.example").split(
        "\n"
    )[0]
    assert 'from_env(), base_url="https://api.other.example", contract=lp.contract("2026-10-26"))' in first
    assert "from_env())" in lines_to_look(lp.check_lead(LEAD), contract().base_url)


@pytest.mark.parametrize(
    "lead", [{"sourceKey": "any text"}, {"firstName": SOURCE}, {"sourceMetadata": {"sourceKey": SOURCE}}]
)
@pytest.mark.parametrize("how", ["intake", "query"])
def test_a_credential_in_a_lead_is_neither_shown_nor_sent(lead, how):
    server = Server()
    with session_on(server) as session:
        api = lp.Api(session)
        preview = api.preview_lead(LEAD | lead, how=how)
        for shown in (
            str(preview),
            repr(preview),
            preview._repr_html_(),
            preview.body,
            preview.url,
            str(preview.check),
        ):
            assert SOURCE not in shown
            assert "any text" not in shown
            assert "any+text" not in shown
            assert "any%20text" not in shown
        assert not preview.can_be_sent
        with pytest.raises(lp.InvalidLeadError, match="holds a credential"):
            api.send_lead(LEAD | lead, confirm=True)
    assert server.requests == []


# -- refusals of the API ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "lead", "field"),
    [
        ("2026-07-05", LEAD, " trustedFormUrl is needed"),
        ("2026-10-26", LEAD, " consentCertificateUrl is needed"),
        ("2026-10-26", NESTED | {"metadata": {"externalId": "web-5"}}, " metadata.consentCertificateUrl is needed"),
    ],
)
def test_a_source_that_demands_a_certificate_names_the_field_that_the_form_has(revision, lead, field):
    with lp.Sandbox(leads=5, now="2026-07-05T12:00:00Z", revision=revision) as sandbox:
        sandbox.set_source(requires_trusted_form=True)
        known = contract(revision)
        with (
            lp.connect(sandbox.source_key, base_url=sandbox.url, contract=known) as api,
            pytest.raises(lp.InvalidRequestError, match=re.escape(field)),
        ):
            api.send_lead(lead, confirm=True)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"enabled": False}, lp.ForbiddenError, "switched off"),
        ({"approved": False}, lp.ForbiddenError, "not approved"),
        ({"requires_trusted_form": True}, lp.InvalidRequestError, "demands TrustedForm"),
    ],
)
def test_a_source_that_does_not_take_the_lead_is_a_refusal(api, sandbox, change, kind, says):
    sandbox.set_source(**change)
    with pytest.raises(kind, match=says):
        api.send_lead(LEAD, confirm=True)
    assert sandbox.leads_received == ()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (307, lp.ResponseError),
        (400, lp.InvalidRequestError),
        (401, lp.UnauthorizedError),
        (429, lp.RateLimitedError),
    ],
)
def test_a_refusal_is_raised_as_it_is_and_not_tried_again(status, kind):
    server = Server(status, b'{"title":"No"}', **{"Retry-After": "1"})
    with session_on(server) as session, pytest.raises(kind) as caught:
        session.send_once(INTAKE, SENT)
    assert not isinstance(caught.value, lp.LeadMaybeSentError)
    assert len(server.requests) == 1


def test_an_answer_without_a_body_or_id_is_a_lead_that_was_taken_in():
    for content in (b"", b"{}"):
        with session_on(Server(202, content)) as session:
            sent = lp.Api(session).send_lead(LEAD, confirm=True)
        assert (sent.id, sent.status) == (None, 202)
        assert "none in the answer" in str(sent)


def test_leads_leave_one_at_a_time():
    inside, together, release = [], [], threading.Event()

    def slow(request):
        inside.append(request)
        together.append(len(inside))
        release.wait(5)
        inside.pop()
        return httpx.Response(201, content=b"{}")

    with session_on(slow) as session:
        threads = [threading.Thread(target=session.send_once, args=(INTAKE, SENT)) for _ in range(3)]
        for thread in threads:
            thread.start()
        release.set()
        for thread in threads:
            thread.join()
    assert together == [1, 1, 1]
