"""The httpx client for clients that others wrote: what it refuses, sends, waits for and hides."""

import asyncio
import logging
import traceback
import zlib

import httpx
import pytest

from leadping_nb.contracts import contract
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError, NotAllowedError, ResponseError, TransportError, UndocumentedCallWarning
from leadping_nb.session.exchange import Limits
from leadping_nb.session.guarded import guarded_client
from leadping_nb.session.rate import RateLimit

KEY = "lp_guarded_test_0123456789abcdef"
SOURCE = "lp_src_guarded_test_0123456789abcdef"
API = "https://api.leadping.example"


class Server:
    """Answers in turn and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def __call__(self, request):
        await request.aread()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Clock:
    """A clock that only waiting moves."""

    def __init__(self):
        self.seconds = 1_000.0
        self.waits = []
        self.told = []

    def now(self):
        return self.seconds

    async def sleep(self, seconds):
        self.waits.append(seconds)
        self.seconds += seconds


def ask(server, method="GET", path="/tags", *, key=KEY, base_url=API, headers=None, body=None, hooks=None, **how):
    """Send one request through the guard, and give what came."""
    clock = how.pop("clock", Clock())

    async def go():
        client = guarded_client(
            Credential.from_text(key) if key else None,
            base_url=base_url,
            contract=contract(),
            transport=httpx.MockTransport(server),
            now=clock.now,
            monotonic=clock.now,
            sleep=clock.sleep,
            tell=clock.told.append,
            **how,
        )
        client.event_hooks = hooks or {}
        async with client:
            url = path if "://" in path else base_url + path
            return await client.request(method, url, headers=headers, json=body)

    return asyncio.run(go())


def test_the_header_is_set_below_all_hooks_in_place_of_any_other():
    seen, server = [], Server(httpx.Response(200, json=[]))

    async def hook(message):
        seen.append(str(getattr(message, "headers", "")) + str(getattr(message, "request", message).headers))

    answer = ask(
        server, headers={"authorization": "Bearer of somebody else"}, hooks={"request": [hook], "response": [hook]}
    )
    (sent,) = server.requests
    assert sent.headers.get_list("authorization") == [f"Bearer {KEY}"]
    assert len(seen) == 2
    assert KEY not in "".join(seen) + str(answer.request.headers) + repr(answer.request.extensions)


def test_without_a_credential_no_header_is_sent_whatever_the_request_has():
    server = Server(httpx.Response(200, json={}))
    ask(server, path="/businesses/invitations/token/abc", key=None, headers={"Authorization": "Bearer x"})
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    ("method", "path", "key", "base_url", "rule"),
    [
        ("GET", "https://evil.example/tags", KEY, API, "a credential goes to its own API alone"),
        ("GET", "https://api.leadping.example:8443/tags", KEY, API, "a credential goes to its own API alone"),
        ("GET", "/not/known", KEY, API, "only what the contract knows to be a read"),
        ("DELETE", "/tags/1", KEY, API, "reads only"),
        ("POST", "/leads/intake", SOURCE, API, "reads only"),
        ("GET", "/leads/intake", SOURCE, API, "reads only"),
        ("GET", "/tags", SOURCE, API, "key type (stated)"),
        ("GET", "/tags", "lp_example", API, "placeholders stay on loopback"),
        ("GET", "/tags", "lp_sandbox_test", API, "sandbox keys stay on loopback"),
    ],
)
def test_what_is_refused_never_reaches_the_transport(method, path, key, base_url, rule):
    server = Server(httpx.Response(200))
    with pytest.raises(NotAllowedError) as caught:
        ask(server, method, path, key=key, base_url=base_url)
    assert caught.value.rule.startswith(rule)
    assert caught.value.hint
    assert server.requests == []


def test_for_another_origin_the_hint_is_to_connect_to_it_and_no_other_key_type():
    with pytest.raises(NotAllowedError) as caught:
        ask(Server(httpx.Response(200)), path="https://evil.example/tags", base_url=API)
    assert "lp.connect(credential, base_url=address)" in caught.value.hint
    assert "type" not in caught.value.hint


def test_a_user_token_of_a_sandbox_never_reaches_the_transport(small_sandbox):
    server = Server(httpx.Response(200))
    with pytest.raises(NotAllowedError) as caught:
        ask(server, key=small_sandbox.user_token)
    assert (caught.value.rule, server.requests) == ("sandbox keys stay on loopback", [])


def test_a_credential_goes_to_no_plain_http_beyond_this_machine():
    with pytest.raises(LeadpingError, match="plain http"):
        ask(Server(httpx.Response(200)), base_url="http://api.leadping.example")


def test_writes_pass_where_they_are_allowed_for_the_key_types_that_may_make_them():
    server = Server(httpx.Response(201, json={}))
    assert ask(server, "POST", "/leads/intake", key=SOURCE, body={}, allow_writes=True).status_code == 201
    with pytest.raises(NotAllowedError, match="wants a source key"):
        ask(server, "POST", "/leads/intake", key=KEY, body={}, allow_writes=True)
    assert len(server.requests) == 1


def test_a_call_that_no_source_speaks_of_is_made_and_warned_of():
    server = Server(httpx.Response(200, json={}))
    with pytest.warns(UndocumentedCallWarning, match="GET /users/me/paymentmethod"):
        ask(server, path="/users/me/paymentmethod")
    assert len(server.requests) == 1


def test_a_read_is_asked_again_and_the_wait_is_told():
    clock = Clock()
    server = Server(
        httpx.Response(429, headers={"Retry-After": "7"}), httpx.ReadError("reset"), httpx.Response(200, json=[1])
    )
    assert ask(server, clock=clock).json() == [1]
    assert len(server.requests) == 3
    assert clock.waits[0] == 7.0
    assert clock.told[0] == "Waiting 7.0 s, because the API answered 429 (retry 1 of 6)."
    assert "the connection broke" in clock.told[1]


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.ReadError("reset")])
def test_a_write_is_never_made_twice(answer):
    server, clock = Server(answer), Clock()
    how = {"key": SOURCE, "body": {"firstName": "Ada"}, "allow_writes": True, "clock": clock}
    if isinstance(answer, Exception):
        with pytest.raises(TransportError):
            ask(server, "POST", "/leads/intake", **how)
    else:
        assert ask(server, "POST", "/leads/intake", **how).status_code == 503
    assert len(server.requests) == 1
    assert clock.waits == []


def test_requests_keep_to_the_limit_by_waiting():
    clock = Clock()
    rate = RateLimit(1, 60.0, monotonic=clock.now)
    for _ in range(2):
        ask(Server(httpx.Response(200, json=[])), rate=rate, clock=clock)
    assert clock.waits == [60.0]
    assert clock.told == ["Waiting 60.0 s, because the limit is 1 request in 60 s."]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.ConnectError("refused"), "no connection"),
        (httpx.ConnectTimeout("late"), "no answer within 5 s"),
        (httpx.ReadTimeout("late"), "no answer within 30 s"),
        (httpx.UnsupportedProtocol("odd"), "the request failed (UnsupportedProtocol)"),
    ],
)
def test_what_goes_wrong_on_the_way_is_our_error(failure, said):
    with pytest.raises(TransportError) as caught:
        ask(Server(failure))
    assert caught.value.message == f"GET {API}/tags: {said}."


def test_an_answer_that_is_too_large_or_takes_too_long_ends():
    with pytest.raises(ResponseError, match="larger than 3 bytes"):
        ask(Server(httpx.Response(200, content=b"1234")), limits=Limits(size=3))

    async def never(_):
        await asyncio.Event().wait()

    with pytest.raises(TransportError, match="the answer was not whole after 0 s"):
        ask(never, limits=Limits(total=0.0))


def packed(*pieces):
    async def stream():
        for piece in pieces:
            yield piece

    return httpx.Response(200, headers={"Content-Encoding": "deflate", "Content-Type": "text/x"}, content=stream())


def test_compression_is_taken_off_and_the_headers_of_the_wire_with_it():
    whole = zlib.compress(b"[7]")
    answer = ask(Server(packed(whole[:3], whole[3:])))
    assert answer.json() == [7]
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "text/x"
    with pytest.raises(TransportError, match="compression is broken"):
        ask(Server(packed(b"no")))


@pytest.mark.parametrize(
    "body", [f'{{"detail": "{KEY}", "more": ["{KEY}"]}}', f"<p>{KEY}</p>", f'{{"d": "\\u006c{KEY[1:]}"}}']
)
def test_an_error_that_repeats_the_credential_is_scrubbed_before_anybody_reads_it(body):
    answer = ask(Server(httpx.Response(400, text=body, headers={"X-Echo": KEY})))
    assert KEY not in answer.text + str(answer.headers)
    assert KEY not in str(answer.json() if body.startswith("{") else "")
    assert "business key" in answer.text
    assert "business key" in answer.headers["x-echo"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), RuntimeError("of the transport"), asyncio.CancelledError()])
def test_no_frame_that_held_the_header_is_in_a_traceback(failure):
    with pytest.raises(type(failure)) as caught:
        ask(Server(failure))
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "handle_async_request"
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    held = [value for frame in frames for value in frame.f_locals.values() if isinstance(value, httpx.Request)]
    assert all("authorization" not in request.headers for request in held)


def test_nothing_is_logged_of_the_credential(caplog):
    with caplog.at_level(logging.DEBUG):
        ask(Server(httpx.Response(200, json=[])))
    assert "/tags" in caplog.text
    assert KEY not in caplog.text


def test_redirects_are_not_followed_and_no_cookie_is_kept():
    there = httpx.Response(302, headers={"Location": "https://evil.example/", "Set-Cookie": "a=b"})
    server = Server(there)
    assert ask(server).status_code == 302
    assert len(server.requests) == 1
