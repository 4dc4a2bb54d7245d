import json
import logging
import socket
import threading
import traceback
from contextlib import suppress
from itertools import count

import httpx
import pytest

from leadping_nb.contracts import contract
from leadping_nb.credential import Credential
from leadping_nb.errors import (
    ApiError,
    ForbiddenError,
    InvalidRequestError,
    LeadpingError,
    NotAllowedError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
    TransportError,
    UnauthorizedError,
)
from leadping_nb.session.answers import Answer, error_of, read_problem
from leadping_nb.session.exchange import Limits
from leadping_nb.session.firewall import is_loopback, origin_of
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience, retry_after

KEY = "lp_session_test_0123456789abcdef"
SOURCE = "lp_src_session_test_0123456789abcdef"
LEADS = contract().operation("POST /leads/all/my")
TAGS = contract().operation("GET /tags")
API = "https://api.leadping.example"


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.seconds = 1_000.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self):
        return self.seconds


class Server:
    """Answers in turn and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def answered(status=200, body=None, **headers):
    return httpx.Response(
        status, json={} if body is None else body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def session(server, key=KEY, *, base_url=API, **how):
    clock = how.pop("clock", Clock())
    credential = Credential.from_text(key) if key else None
    return Session(
        credential,
        base_url=base_url,
        contract=contract(),
        transport=httpx.MockTransport(server),
        now=clock.now,
        monotonic=clock.now,
        sleep=clock.sleep,
        **{"tell": lambda sentence: None, **how},
    )


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_read_carries_the_credential_to_its_own_api():
    server = Server(answered(body={"items": []}))
    with session(server) as open_session:
        open_session.read(LEADS, body={"pageSize": 2})
    (request,) = server.requests
    assert str(request.url) == f"{API}/leads/all/my"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(request.content) == {"pageSize": 2}


def test_nothing_above_the_socket_sees_the_header(monkeypatch):
    server = Server(answered())
    seen = []
    build = httpx.Client.build_request

    def noting(*args, **how):
        seen.append(build(*args, **how))
        return seen[-1]

    monkeypatch.setattr(httpx.Client, "build_request", noting)
    with session(server) as open_session:
        open_session.read(TAGS)
    assert "authorization" in server.requests[0].headers
    (request,) = seen
    assert "authorization" not in request.headers


def test_without_a_credential_no_header_is_sent():
    operation = contract().operation("GET /businesses/invitations/token/{token}")
    server = Server(answered())
    with session(server, key=None) as open_session:
        open_session.read(operation, path={"token": "invitation-test"})
    assert "authorization" not in server.requests[0].headers


def test_cookies_are_not_kept():
    server = Server(answered(set_cookie="track=1; Path=/"))
    with session(server) as open_session:
        open_session.read(TAGS)
        open_session.read(TAGS)
    assert "cookie" not in server.requests[1].headers


def test_path_values_are_escaped_and_demanded():
    server = Server(answered())
    operation = contract().operation("GET /leads/{id}")
    with session(server) as open_session:
        open_session.read(operation, path={"id": "a/b?c"})
        assert server.requests[0].url.raw_path == b"/leads/a%2Fb%3Fc"
        for path in ({}, {"id": ".."}, {"id": "1", "other": "2"}):
            with pytest.raises(LeadpingError):
                open_session.read(operation, path=path)
    assert len(server.requests) == 1


def test_query_lists_repeat_and_none_is_left_out():
    server = Server(answered(body={"items": []}))
    with session(server) as open_session:
        open_session.read(LEADS, query={"tagIds": ["a", "b"], "untagged": False, "archiveFilter": None}, body={})
    assert server.requests[0].url.query == b"tagIds=a&tagIds=b&untagged=false"


# -- what is refused before a socket opens -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "operation", "rule"),
    [
        (SOURCE, "POST /leads/all/my", "key type (stated)"),
        (SOURCE, "GET /users/me", "key type (stated)"),
        (KEY, "POST /leads/intake", "reads only"),
        (SOURCE, "GET /leads/intake", "reads only"),
        (KEY, "DELETE /leads/{id}", "reads only"),
        (None, "GET /users/me", "key type (stated)"),
        ("lp_example", "GET /tags", "placeholders stay on loopback"),
        ("lp_sandbox_test", "GET /tags", "sandbox keys stay on loopback"),
    ],
)
def test_a_refusal_names_the_rule_and_sends_nothing(key, operation, rule):
    server = Server(answered())
    with session(server, key=key) as open_session, pytest.raises(NotAllowedError) as caught:
        open_session.read(contract().operation(operation), path={"id": "1"} if "{id}" in operation else None)
    assert caught.value.rule.startswith(rule)
    assert caught.value.hint
    assert server.requests == []


def test_a_user_token_of_a_sandbox_stays_on_loopback_like_its_keys(small_sandbox):
    server = Server(answered(), answered())
    token = small_sandbox.user_token
    with session(server, key=token) as open_session, pytest.raises(NotAllowedError, match="user token") as caught:
        open_session.read(TAGS)
    assert (caught.value.rule, server.requests) == ("sandbox keys stay on loopback", [])
    assert token not in str(caught.value)
    with session(server, key=token, base_url="http://127.0.0.1:9") as open_session:
        assert open_session.read(TAGS).ok


def test_a_refusal_names_the_key_types_that_would_do():
    with session(Server(answered()), key=SOURCE) as open_session, pytest.raises(NotAllowedError) as caught:
        open_session.read(LEADS)
    assert caught.value.would_do == ("user token", "business key")


def test_examples_may_go_to_loopback():
    server = Server(answered())
    with session(server, key="lp_example", base_url="http://127.0.0.1:9") as open_session:
        assert open_session.read(TAGS).ok


def test_an_undocumented_call_is_tried_and_says_so():
    operation = contract().operation("GET /users/me")
    with session(Server(answered())) as open_session:
        assert "no source says" in open_session.read(operation).note
    with session(Server(answered(403))) as open_session, pytest.raises(ForbiddenError, match="no source says"):
        open_session.read(operation)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.leadping.ai",
        "ftp://api.leadping.ai",
        "api.leadping.ai",
        "https://user:example@api.leadping.ai",
        "https://",
        "https://[::1",
        "https://api.leadping.ai:port",
        "",
    ],
)
def test_no_credential_goes_to_such_an_address(url):
    with pytest.raises(LeadpingError):
        session(Server(answered()), base_url=url)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
    ],
)
def test_loopback_is_this_machine_alone(host, expected):
    assert is_loopback(host) is expected


def test_an_origin_writes_out_ports_that_are_not_the_default():
    assert str(origin_of("https://API.example:443/x")) == "https://api.example"
    assert str(origin_of("http://[::1]:8080")) == "http://[::1]:8080"


@pytest.mark.parametrize("url", ["https://host.example/tags", "http://127.0.0.1/tags", f"{API}:8443/tags"])
def test_an_address_elsewhere_is_not_asked(url):
    with session(Server(answered())) as open_session, pytest.raises(LeadpingError):
        open_session.find("GET", url)


def test_what_the_contract_does_not_know_is_not_asked():
    with session(Server(answered())) as open_session, pytest.raises(NotAllowedError, match="is not known"):
        open_session.find("GET", "/exports/all")


def test_an_address_gives_operation_path_and_query():
    with session(Server(answered())) as open_session:
        operation, path, query = open_session.find("get", f"{API}/sources/a%20b/metrics?days=7")
    assert (operation.id, path, query) == ("GET /sources/{id}/metrics", {"id": "a b"}, {"days": ["7"]})


# -- what an answer means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, InvalidRequestError),
        (410, NotFoundError),
        (418, InvalidRequestError),
        (500, ServerError),
    ],
)
def test_each_status_is_its_own_error_with_the_servers_words(status, kind):
    problem = {"title": "No.", "detail": "Not like this.", "status": status, "traceId": "trace-1"}
    with session(Server(answered(status, problem))) as open_session, pytest.raises(kind) as caught:
        open_session.read(TAGS)
    error = caught.value
    assert isinstance(error, ApiError)
    assert (error.status, error.problem.detail, error.problem.extensions) == (
        status,
        "Not like this.",
        {"traceId": "trace-1"},
    )
    assert "Not like this." in str(error)
    assert error.hint in str(error)


def test_a_call_that_is_not_offered_is_not_to_be_tried_again_in_a_minute():
    with session(Server(answered(501))) as open_session, pytest.raises(ServerError) as caught:
        open_session.read(TAGS)
    assert caught.value.hint.startswith("Leave this call out")


def test_a_401_carries_the_challenge_and_where_discovery_goes_on():
    pointer = "https://api.leadping.ai/.well-known/oauth-protected-resource"
    server = Server(answered(401, {}, WWW_Authenticate=f'Bearer resource_metadata="{pointer}"'))
    with session(server) as open_session, pytest.raises(UnauthorizedError) as caught:
        open_session.read(TAGS)
    assert caught.value.challenges[0].scheme == "Bearer"
    assert caught.value.resource_metadata == pointer
    assert pointer in caught.value.hint


def test_a_401_without_challenge_says_where_discovery_begins():
    with session(Server(answered(401))) as open_session, pytest.raises(UnauthorizedError, match="well-known") as caught:
        open_session.read(TAGS)
    assert caught.value.resource_metadata is None


@pytest.mark.parametrize("media_type", ["application/problem+json", "application/json", "text/plain", "text/html"])
def test_a_problem_is_read_by_shape_whatever_its_media_type(media_type):
    body = json.dumps({"title": "Too many requests.", "status": 429}).encode()
    assert read_problem(body).title == "Too many requests."
    response = httpx.Response(404, content=body, headers={"content-type": media_type})
    with session(Server(response)) as open_session, pytest.raises(NotFoundError, match=r"Too many requests\."):
        open_session.read(TAGS)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"plain words", "plain words"),
        (b"<html>", None),
        (b"", None),
        (b'"a text"', "a text"),
        (b"[1]", None),
        (b"\xff", "�"),
    ],
)
def test_a_body_that_is_no_problem_object_is_kept_as_far_as_it_is_words(body, detail):
    assert read_problem(body).detail == detail


def test_the_servers_text_is_scrubbed_of_the_credential():
    problem = {"title": f"Bad key {KEY}", "errors": {KEY: [f"got {KEY}"]}}
    with (
        session(Server(answered(400, problem, X_Echo=KEY))) as open_session,
        pytest.raises(InvalidRequestError) as caught,
    ):
        open_session.read(TAGS)
    error = caught.value
    shown = f"{error} {error!r} {error.problem} {error.headers} {vars(error)}"
    assert KEY not in shown
    assert Credential.from_text(KEY).label in shown


@pytest.mark.parametrize(
    ("content", "said"), [(b"<!doctype html>", "a web page"), (b"{", "not JSON"), (b"\xff\xfe", "not JSON")]
)
def test_a_success_that_is_no_json_says_what_it_is(content, said):
    with (
        session(Server(httpx.Response(200, content=content))) as open_session,
        pytest.raises(ResponseError, match=said),
    ):
        open_session.read_json(TAGS)


def test_no_content_is_none_and_a_byte_order_mark_is_no_matter():
    server = Server(httpx.Response(204), httpx.Response(200, content=b"\xef\xbb\xbf[1]"))
    with session(server) as open_session:
        assert open_session.read_json(TAGS) is None
        assert open_session.read_json(TAGS) == [1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"title": "Unauthorized", "detail": "The key has expired."}, " It says: The key has expired."),
        ({"title": "unauthorized.", "detail": "No such key"}, " It says: No such key."),
        ({"title": "Key refused", "detail": "It has expired"}, " It says: Key refused. It has expired."),
        ({"title": "Who are you?"}, " It says: Who are you?"),
        ({"title": "Unauthorized"}, ""),
        ({}, ""),
    ],
)
def test_what_the_server_says_is_whole_sentences_and_repeats_no_status(body, said):
    answer = Answer("GET", f"{API}/tags", 401, {}, json.dumps(body).encode())
    assert error_of(answer, scrub=str, now=0.0).message == f"GET {API}/tags answered 401 Unauthorized.{said}"


def test_where_no_server_listens_any_more_on_this_machine_a_sandbox_is_thought_of():
    def refuses(request):
        raise httpx.ConnectError("refused")

    hints = []
    for address in ("http://127.0.0.1:9", API):
        with session(refuses, base_url=address) as open_session, pytest.raises(TransportError) as caught:
            open_session.read(TAGS)
        hints.append(caught.value.hint)
    assert hints == [hints[0], TransportError.hint]
    assert hints[0].startswith("Nothing listens there: a sandbox ends when it is closed")


@pytest.mark.parametrize("location", ["https://host.example/", "http://[::1", "https://host:port/", "//", ""])
def test_a_redirect_is_not_followed(location):
    server = Server(answered(302, {}, Location=location))
    with session(server) as open_session, pytest.raises(ResponseError, match="redirect"):
        open_session.read(TAGS)
    assert len(server.requests) == 1


# -- patience ----------------------------------------------------------------------------------------------------------


def test_a_429_is_asked_again_after_what_it_says_and_the_wait_is_told():
    clock, told = Clock(), []
    server = Server(answered(429, {}, Retry_After="17"), answered(body={"items": []}))
    with session(server, clock=clock, tell=told.append) as open_session:
        assert open_session.read(LEADS).ok
    assert clock.slept == [17.0]
    assert told == ["Waiting 17.0 s, because the API answered 429 (retry 1 of 6)."]


def test_retry_after_may_be_a_date():
    clock = Clock()
    server = Server(answered(503, {}, Retry_After="Thu, 01 Jan 1970 00:17:00 GMT"), answered())
    with session(server, clock=clock) as open_session:
        open_session.read(TAGS)
    assert clock.slept == [20.0]


def test_the_time_is_that_of_the_api_as_its_last_answer_with_a_date_told_it():
    clock = Clock()
    hour_later = "Thu, 01 Jan 1970 01:16:40 GMT"
    refused = answered(503, {}, Date=hour_later, Retry_After="Thu, 01 Jan 1970 01:17:00 GMT")
    with session(Server(refused, answered(), answered(Date="soon")), clock=clock) as open_session:
        assert open_session.api_now() == clock.now()
        open_session.read(TAGS)
        open_session.read(TAGS)
        assert open_session.api_now() == clock.now() + 3_600
    assert clock.slept == [20.0]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_without_retry_after_the_waits_double_up_to_the_bound(status):
    clock = Clock()
    patience = Patience(retries=3, jitter=lambda: 1.0)
    with session(Server(answered(status)), clock=clock) as open_session, pytest.raises(ApiError):
        open_session.read(TAGS, patience=patience)
    assert clock.slept == [0.5, 1.0, 2.0]


def test_a_wait_that_patience_does_not_cover_is_an_error_that_says_so():
    clock = Clock()
    server = Server(answered(429, {"detail": "Slow down."}, Retry_After="3600"))
    with session(server, clock=clock) as open_session, pytest.raises(RateLimitedError, match=r"Slow down\.") as caught:
        open_session.read(TAGS)
    assert clock.slept == []
    assert caught.value.retry_after == 3600.0


def test_the_waits_of_one_load_share_one_allowance():
    clock, patience = Clock(), Patience(seconds=30)
    server = Server(answered(429, {}, Retry_After="20"), answered(), answered(429, {}, Retry_After="20"), answered())
    with session(server, clock=clock) as open_session:
        open_session.read(TAGS, patience=patience)
        with pytest.raises(RateLimitedError):
            open_session.read(TAGS, patience=patience)
    assert clock.slept == [20.0]


def test_a_500_is_not_asked_again():
    server = Server(answered(500))
    with session(server) as open_session, pytest.raises(ServerError):
        open_session.read(TAGS)
    assert len(server.requests) == 1


def test_a_broken_connection_is_asked_again():
    clock = Clock()
    server = Server(httpx.ReadError("reset"), answered())
    with session(server, clock=clock) as open_session:
        assert open_session.read(TAGS).ok
    assert len(clock.slept) == 1


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.ConnectError("refused"), "no connection"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "certificate"),
        (httpx.ConnectTimeout("slow"), "within 5 s"),
        (httpx.ReadTimeout("slow"), "within 30 s"),
        (httpx.DecodingError("gzip"), "compression"),
        (httpx.UnsupportedProtocol("what"), "UnsupportedProtocol"),
    ],
)
def test_what_could_not_be_tried_is_a_transport_error(failure, said):
    server = Server(failure)
    with session(server) as open_session, pytest.raises(TransportError, match=said):
        open_session.read(TAGS)
    assert len(server.requests) == 1


def test_nothing_is_sent_after_a_session_was_closed():
    server = Server(answered(body={"items": []}))
    with session(server) as read_from, session(server, SOURCE) as sent_to:
        pass
    with pytest.raises(LeadpingError, match="was closed"):
        read_from.read(LEADS, body={})
    with pytest.raises(LeadpingError, match="was closed"):
        sent_to.send_once(contract().operation("POST /leads/intake"), {})
    assert server.requests == []


def hinting(listening, hints):
    """Answer one request with so many hints, of 70 kB each, that an answer will come, and with no answer."""
    with listening, listening.accept()[0] as connection:
        hint = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"x" * 70_000 + b"\r\n\r\n"
        with suppress(OSError):  # the other side has enough
            for _ in range(hints):
                connection.sendall(hint)
            while connection.recv(65_536):  # to close with any of the request unread would take back what was sent
                pass


def test_an_answer_whose_headers_never_end_ends_at_the_limit():
    listening = socket.create_server(("127.0.0.1", 0))
    server = threading.Thread(target=hinting, args=(listening, 1_000))
    server.start()
    ticks = count()
    with (
        Session(
            Credential.from_text(KEY),
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
            contract=contract(),
            monotonic=lambda: next(ticks),
        ) as open_session,
        pytest.raises(TransportError, match="not whole after 60 s"),
    ):
        open_session.read(LEADS, body={})
    server.join()


def test_an_answer_in_drips_ends_at_the_limit():
    clock = Clock()

    def drip():
        for _ in range(100):
            clock.seconds += 10
            yield b"x"

    with (
        session(Server(httpx.Response(200, content=drip())), clock=clock) as open_session,
        pytest.raises(TransportError, match="not whole after 60 s"),
    ):
        open_session.read(TAGS)


def test_an_endless_answer_ends_at_its_size():
    def endless():
        while True:
            yield b"x" * 1_000

    with (
        session(Server(httpx.Response(200, content=endless())), limits=Limits(size=10_000)) as open_session,
        pytest.raises(ResponseError, match="larger than"),
    ):
        open_session.read(TAGS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("0", 0.0),
        (" 5 ", 5.0),
        ("-1", None),
        ("9" * 400, 999999999999.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_anything_else_is_nothing(value, expected):
    assert retry_after(value, now=100.0) == expected


# -- nothing leaks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), KeyboardInterrupt()])
def test_no_traceback_with_locals_holds_the_key(failure, caplog):
    caplog.set_level(logging.DEBUG)

    def failing(request):
        held = dict(request.headers)
        assert held
        raise failure

    with session(failing) as open_session, pytest.raises((TransportError, KeyboardInterrupt)) as caught:
        open_session.read(TAGS)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert KEY not in shown
    assert KEY not in caplog.text
    assert caught.value.__context__ is None


def test_no_repr_holds_the_key():
    with session(Server(answered())) as open_session:
        client = open_session._client
        shown = f"{open_session!r} {open_session} {vars(open_session)} {client!r} {vars(client)}"
    assert KEY not in shown
    assert "business key" in repr(open_session)


def test_an_unusual_status_is_still_an_error_of_ours():
    answer = Answer("GET", f"{API}/x", 599, {}, b"")
    assert isinstance(error_of(answer, scrub=str, now=0.0), ServerError)
