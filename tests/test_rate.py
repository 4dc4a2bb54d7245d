import threading
import time
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, strategies as st

import leadping_nb as lp
from leadping_nb.session.http import Session
from leadping_nb.session.rate import RateLimit
from leadping_nb.session.retry import Patience, retry_after


class Clock:
    """A clock that only sleeping moves; threads may share it."""

    def __init__(self):
        self.seconds = 1_000.0
        self._lock = threading.Lock()

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        with self._lock:
            self.seconds += seconds


def most_in_a_window(moments, seconds):
    """Count how many moments fall into the fullest window that holds its beginning and not its end."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


calls = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=30, allow_nan=False),  # the pause before a call
        st.floats(min_value=0, max_value=20, allow_nan=False),  # how long its request travels
        st.floats(min_value=0, max_value=20, allow_nan=False),  # how long its answer travels
    ),
    min_size=1,
    max_size=60,
)


@given(requests=st.integers(1, 7), seconds=st.floats(min_value=0.5, max_value=60), calls=calls)
def test_no_window_ever_holds_more_than_the_limit_be_it_sent_or_received(requests, seconds, calls):
    clock = Clock()
    limit = RateLimit(requests, seconds, monotonic=clock.now)
    sent, arrived = [], []
    for pause, there, back in calls:
        clock.sleep(pause)
        while (wait := limit.take()) > 0:
            clock.sleep(wait)
        sent.append(clock.now())
        clock.sleep(there)
        arrived.append(clock.now())
        clock.sleep(back)
        limit.give_back()
    assert most_in_a_window(sent, seconds) <= requests
    assert most_in_a_window(arrived, seconds) <= requests


@given(requests=st.integers(1, 7), taken=st.integers(1, 30))
def test_no_wait_is_longer_than_a_window_and_none_is_without_need(requests, taken):
    clock = Clock()
    limit = RateLimit(requests, 60.0, monotonic=clock.now)
    for number in range(taken):
        wait = limit.take()
        assert (wait == 0) is (number % requests > 0 or number == 0)
        if wait:
            assert wait == 60.0
            clock.sleep(wait)
            assert limit.take() == 0
        limit.give_back()


def test_a_request_that_is_under_way_keeps_its_token():
    clock = Clock()
    limit = RateLimit(2, 60.0, monotonic=clock.now)
    assert [limit.take(), limit.take()] == [0, 0]
    clock.sleep(100)
    assert limit.take() == 60.0
    assert limit.used == 2
    limit.give_back()
    clock.sleep(59)
    assert limit.take() == pytest.approx(1.0)
    clock.sleep(1)
    assert limit.used == 1
    assert limit.take() == 0


def test_a_slow_first_request_and_quick_later_ones_are_not_too_many_for_a_server_that_counts_arrivals():
    clock, arrived = Clock(), []
    limit = RateLimit(3, 60.0, monotonic=clock.now)
    for travel in (0.5, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01):
        while (wait := limit.take()) > 0:
            clock.sleep(wait)
        clock.sleep(travel)
        arrived.append(clock.now())
        limit.give_back()
    assert all(later - earlier >= 60 for earlier, later in zip(arrived, arrived[3:], strict=False))
    assert all(later > earlier for earlier, later in pairwise(arrived))


def test_threads_share_one_limit():
    clock, lock, moments = Clock(), threading.Lock(), []
    limit = RateLimit(5, 60.0, monotonic=clock.now)

    def work():
        for _ in range(20):
            while (wait := limit.take()) > 0:
                clock.sleep(wait)
            with lock:
                moments.append(clock.now())
            limit.give_back()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(moments) == 160
    assert clock.now() >= 1_000 + 31 * 60


def test_a_clock_that_counts_in_microseconds_ends_every_wait():
    clock = Clock()
    limit = RateLimit(1, 60.0, monotonic=clock.now)
    limit.take()
    limit.give_back()
    clock.sleep(59.9999999)
    assert limit.take() == 0.001


@pytest.mark.parametrize(("requests", "seconds"), [(0, 60.0), (-1, 60.0), (5, 0.0), (5, -1.0), (5, float("nan"))])
def test_a_limit_that_lets_nothing_through_is_refused(requests, seconds):
    with pytest.raises(lp.LeadpingError, match=r"(requests|seconds) is .* is expected"):
        RateLimit(requests, seconds)


# -- in a session -----------------------------------------------------------------------------------------------------


def session_of(clock, answer, rate):
    return Session(
        lp.Credential.from_text("lp_rate_test_0123456789abcdef"),
        base_url="https://api.leadping.example",
        contract=lp.contract(),
        rate=rate,
        transport=httpx.MockTransport(answer),
        now=clock.now,
        monotonic=clock.now,
        sleep=clock.sleep,
        tell=clock.told.append,
    )


@pytest.fixture
def clock():
    clock = Clock()
    clock.told = []
    return clock


TAGS = lp.contract().operation("GET /tags")


def test_a_session_waits_before_the_limit_is_met_and_says_so(clock):
    sent = []

    def answer(request):
        sent.append(clock.now())
        return httpx.Response(200, json=[])

    with session_of(clock, answer, RateLimit(2, 60.0, monotonic=clock.now)) as session:
        for _ in range(5):
            session.read(TAGS)
    assert sent == [1_000, 1_000, 1_060, 1_060, 1_120]
    assert clock.told == ["Waiting 60.0 s, because the limit is 2 requests in 60 s."] * 2


def test_sessions_can_share_a_limit(clock):
    rate = RateLimit(1, 60.0, monotonic=clock.now)

    def answer(request):
        return httpx.Response(200, json=[])

    with session_of(clock, answer, rate) as one, session_of(clock, answer, rate) as other:
        one.read(TAGS)
        other.read(TAGS)
    assert clock.now() == 1_060


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), KeyboardInterrupt()])
def test_a_request_that_fails_gives_its_token_back_after_a_window(clock, failure):
    rate = RateLimit(1, 60.0, monotonic=clock.now)

    def answer(request):
        raise failure

    with session_of(clock, answer, rate) as session, pytest.raises((lp.TransportError, KeyboardInterrupt)):
        session.read(TAGS)
    assert rate.used == 1
    clock.sleep(60)
    assert rate.used == 0


def test_waits_for_the_limit_are_none_of_the_patience_that_failures_may_spend(clock):
    rate = RateLimit(1, 60.0, monotonic=clock.now)
    with session_of(clock, lambda request: httpx.Response(200, json=[]), rate) as session:
        for _ in range(4):
            session.read(TAGS)
    assert clock.now() == 1_180


def test_each_retry_takes_a_token_too(clock):
    answers = iter([httpx.Response(503), httpx.Response(200, json=[])])
    rate = RateLimit(1, 60.0, monotonic=clock.now)
    with session_of(clock, lambda request: next(answers), rate) as session:
        session.read(TAGS)
    assert clock.now() == pytest.approx(1_060)


# -- what a server asks to wait ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:16:45 GMT", 5.0),
        ("Thu Jan  1 00:16:45 1970", 5.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("0.5", None),
        ("-5", None),
        ("soon", None),
    ],
)
def test_retry_after_is_read_in_every_form_of_the_standard_whatever_the_time_zone_here(monkeypatch, header, seconds):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert retry_after(header, 1_000.0) == seconds
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("told", [0.0, None])
def test_a_wait_of_nothing_is_one_of_our_own_choice(told):
    patience = Patience(jitter=lambda: 0.0)
    assert [patience.next_wait(attempt, told) for attempt in range(4)] == [0.25, 0.5, 1.0, 2.0]
