import json
import threading

import httpx
import pytest

import leadping_nb as lp
from leadping_nb.forecast import forecast
from leadping_nb.sandbox import Sandbox
from leadping_nb.session.http import Session
from leadping_nb.session.rate import RateLimit

KEY = "lp_forecast_test_0123456789abcdef"


class Server:
    """A list of leads whose every answer takes as long as it is told, on a clock that nothing else moves."""

    def __init__(self, rows, *, latency=0.2, largest=10_000, counts=True):
        self.rows, self.latency, self.largest, self.counts = rows, latency, largest, counts
        self.seconds = 1_000.0
        self.asked = []

    def __call__(self, request):
        self.seconds += self.latency
        body = json.loads(request.content)
        self.asked.append(body)
        start = int(body.get("continuationToken") or 0)
        end = min(start + min(body["pageSize"], self.largest), self.rows)
        page = {
            "items": [{"id": f"lead_{at}", "firstName": "Ada", "tags": []} for at in range(start, end)],
            "continuationToken": str(end) if end < self.rows else None,
            "totalCount": self.rows if self.counts else None,
        }
        return httpx.Response(200, json=page)

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        self.seconds += seconds

    def session(self, credential=KEY, *, rate=None):
        return Session(
            lp.Credential.from_text(credential),
            base_url="http://127.0.0.1",
            contract=lp.contract(),
            rate=rate,
            transport=httpx.MockTransport(self),
            now=self.now,
            monotonic=self.now,
            sleep=self.sleep,
        )


@pytest.mark.parametrize("latency", [0.0, 0.05, 0.2, 1.5])
@pytest.mark.parametrize("rows", [1, 10, 299, 300, 301, 1_000])
def test_the_seconds_are_those_that_the_load_takes_then(rows, latency):
    server = Server(rows, latency=latency)
    api = lp.Api(server.session(rate=RateLimit(300, 60.0, monotonic=server.now)))
    said = api.forecast("leads", page_size=1)
    began = server.now()
    frame = api.frame("leads", page_size=1)
    assert (said.rows, said.pages) == (rows, rows) == (len(frame), frame.attrs["leadping"]["pages"])
    assert said.seconds == pytest.approx(server.now() - began, rel=0.03)


def test_without_a_limit_the_seconds_are_pages_times_latency():
    said = lp.Api(Server(1_000).session()).forecast("leads", page_size=10)
    assert (said.rows, said.pages) == (1_000, 100)
    assert said.seconds == pytest.approx(20.0)
    assert "about 20 s" in str(said)


def test_pages_are_counted_as_the_server_cuts_them():
    assert lp.Api(Server(1_000, largest=50).session()).forecast("leads", page_size=200).pages == 20


def test_a_wait_before_the_one_request_is_said_and_none_of_the_latency(capsys):
    server = Server(100)
    api = lp.Api(server.session(rate=RateLimit(1, 60.0, monotonic=server.now)))
    api.forecast("leads")
    capsys.readouterr()
    said = api.forecast("leads", page_size=50)
    assert capsys.readouterr().out.splitlines()[1] == "Waiting 60.0 s, because the limit is 1 request in 60 s."
    assert said.seconds == pytest.approx(2 * 60.4, rel=0.03)


def test_one_request_is_made_and_said_before_it_is_sent(capsys):
    server = Server(1_000)
    with server.session() as session:
        before = []
        forecast(session, "leads", {"page_size": 10}, say=lambda sentence: before.append((sentence, len(server.asked))))
        assert before == [("One request is made: POST /leads/all/my, 10 rows and the count of all.", 0)]
        assert [body["includeCount"] for body in server.asked] == [True]
        lp.Api(session).forecast("leads", page_size=10)
    assert capsys.readouterr().out.startswith("One request is made: POST /leads/all/my")
    assert len(server.asked) == 2


def test_a_request_that_is_refused_is_not_said_to_be_made(capsys):
    with lp.Sandbox(leads=1) as sandbox, lp.connect(sandbox.source_key, base_url=sandbox.url) as api:
        with pytest.raises(lp.NotAllowedError):
            api.forecast("leads")
        assert sandbox.requests == ()
    assert capsys.readouterr().out == ""


def test_whoever_asks_may_hear_the_sentence_in_the_place_of_the_standard_output(capsys):
    said = []
    lp.Api(Server(10).session()).forecast("leads", page_size=10, say=said.append)
    assert said == ["One request is made: POST /leads/all/my, 10 rows and the count of all."]
    assert capsys.readouterr() == ("", "")


def test_a_forecast_that_waits_ends_when_it_is_told_to_stop():
    server, stop = Server(100), threading.Event()
    api = lp.Api(server.session(rate=RateLimit(1, 60.0, monotonic=server.now)))
    api.forecast("leads", say=lambda _: None, stop=stop)

    def say(sentence):
        if sentence.startswith("Waiting"):
            stop.set()

    with pytest.raises(KeyboardInterrupt):
        api.forecast("leads", say=say, stop=stop)
    assert len(server.asked) == 1


def test_what_is_asked_for_is_what_is_counted(small_sandbox):
    with lp.connect(small_sandbox) as api:
        sold = api.frame("leads", filters={"status": "Sold"})
        before = len(small_sandbox.requests)
        assert api.forecast("leads", filters={"status": "Sold"}).rows == len(sold) < 250
        assert len(small_sandbox.requests) == before + 1
        assert api.forecast("leads", filters={"status": "No such status"}).rows == 0
        tags = api.forecast("tags")
        assert (tags.rows, tags.pages) == (len(api.frame("tags")), 1)


@pytest.mark.parametrize("name", ["leads", "events", "calls", "transactions"])
def test_the_memory_is_within_a_factor_of_two_of_the_frames(name):
    with Sandbox(leads=2_000, rate_limit=None) as sandbox, lp.connect(sandbox) as api:
        said = api.forecast(name).memory
        takes = api.frame(name, page_size=500).memory_usage(deep=True).sum()
    assert takes / 2 < said < takes * 2


def test_a_server_that_does_not_count_leaves_all_untold():
    said = lp.Api(Server(1_000, counts=False).session()).forecast("leads", page_size=10)
    assert (said.rows, said.pages, said.seconds, said.memory, said.warnings) == (None, None, None, None, ())
    assert str(said).count("not told") == 4
    last = lp.Api(Server(7, counts=False).session()).forecast("leads")
    assert (last.rows, last.pages) == (7, 1)


def test_a_page_without_rows_before_others_is_no_measure():
    def answer(request):
        return httpx.Response(200, json={"items": [], "continuationToken": "1", "totalCount": 1_000})

    session = Session(
        lp.Credential.from_text(KEY),
        base_url="https://api.leadping.example",
        contract=lp.contract(),
        transport=httpx.MockTransport(answer),
    )
    assert lp.Api(session).forecast("leads", page_size=100).pages == 10


@pytest.fixture
def issued():
    with Sandbox(leads=1, now="2026-07-05T12:00:00Z") as sandbox:
        yield sandbox


def forecast_with(sandbox, lifetime, *, ago=0.0):
    """Forecast a load of 19 minutes, by a token that was issued with a lifetime a while ago."""
    server = Server(5_700, latency=0.2)
    server.seconds = sandbox.clock.now().timestamp()
    token = sandbox.issue_token(lifetime)
    server.seconds += ago
    return lp.Api(server.session(token)).forecast("leads", page_size=1)


def test_a_token_that_dies_before_the_end_is_a_warning_with_both_times(issued):
    said = forecast_with(issued, 720)
    assert said.warnings == ("The token dies in 12 min, and this load needs 19 min.",)
    assert said.token_seconds == pytest.approx(720, abs=1)
    assert "The token dies in 12 min, and this load needs 19 min." in str(said)
    assert "this load needs 19 min" in said._repr_html_()
    assert said.frame.iloc[-1].tolist() == ["beware", said.warnings[0]]


def test_a_token_that_outlives_the_load_and_a_key_without_end_are_no_warning(issued):
    assert forecast_with(issued, 3_600).warnings == ()
    said = lp.Api(Server(10).session()).forecast("leads")
    assert (said.warnings, said.token_seconds) == ((), None)


def test_a_token_that_is_dead_by_our_clock_is_a_warning(issued):
    assert forecast_with(issued, 60, ago=180).warnings == ("The token died 2 min ago.",)


def test_a_token_is_judged_by_the_clock_of_the_api_and_not_by_ours():
    with Sandbox(leads=10, now="2001-01-01T12:00:00Z") as sandbox, lp.connect(sandbox) as api:
        said = api.forecast("leads")
        assert (said.warnings, said.token_seconds) == ((), pytest.approx(3_600, abs=10))
        sandbox.clock.advance(1_800)
        assert api.forecast("leads").token_seconds == pytest.approx(1_800, abs=10)
