import json
import signal
import threading
import time
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace

import httpx
import nbclient
import nbformat
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import leadping_nb as lp
from leadping_nb.frames import decoding
from leadping_nb.progress import Progress
from leadping_nb.sandbox import Sandbox
from leadping_nb.session.http import Session
from leadping_nb.session.rate import RateLimit
from leadping_nb.session.retry import Patience

KEY = "lp_loads_test_0123456789abcdef"
BOUND = 120.0  # seconds that one load may wait in all
LEADS = "/leads/all/my"
BACKENDS = ("numpy_nullable", "pyarrow")


def session_of(sandbox, credential=None, *, sleep=None, monotonic=None, rate=None):
    """A session whose waits pass on the sandbox's clock."""
    return Session(
        lp.Credential.from_text(credential or sandbox.user_token, origin="sandbox"),
        base_url=sandbox.url,
        contract=lp.contract(sandbox.revision),
        now=lambda: sandbox.clock.now().timestamp(),
        monotonic=monotonic or sandbox.clock.monotonic,
        sleep=sleep or sandbox.clock.advance,
        rate=rate,
        tell=lambda sentence: pytest.fail(f"A load tells of its waits itself: {sentence}"),
    )


@pytest.fixture(scope="module")
def shared():
    with Sandbox(leads=250, rate_limit=None, now="2026-07-05T12:00:00Z", monotonic=lambda: 0.0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared):
    """A sandbox whose clocks stand still unless somebody waits."""
    yield shared
    shared.faults.off()
    shared.clock.set("2026-07-05T12:00:00Z")


@pytest.fixture
def api(sandbox):
    with lp.Api(session_of(sandbox)) as connected:
        yield connected


@pytest.fixture(scope="module")
def ids(shared):
    with lp.Api(session_of(shared)) as connected:
        return [row["id"] for row in connected.rows("leads")]


@pytest.fixture
def shown(monkeypatch):
    """What a load shows of its progress."""
    events = []

    class Recording(Progress):
        def wait(self, name, seconds, reason):
            events.append(("wait", name, seconds, reason))

        def end(self, name, line):
            events.append(("end", name, line))

    monkeypatch.setattr("leadping_nb.loads.job.progress", lambda wanted: Recording())
    return events


def passport_of(frame, *secrets):
    """Give the passport of a frame, after what holds for every one."""
    passport = frame.attrs["leadping"]
    text = json.dumps(passport)
    assert not [secret for secret in (KEY, *secrets) if secret in text]
    assert passport["rows"] == len(frame)
    assert passport["complete"] is (passport["reason"] is None)
    if passport["complete"]:
        assert passport["cursor"] is None
    return passport


def cut_off(load, *, match=None):
    """Make a load that must warn that it is not whole."""
    with pytest.warns(lp.IncompleteFrameWarning, match=match) as caught:
        frame = load()
    assert caught[0].filename == __file__
    assert passport_of(frame)["complete"] is False
    return frame


# -- every fault ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """Every row comes once."""

    pages: int = 5
    """How many pages that takes, where the fault is on from the first one."""
    note: str = ""
    """Begins the passport's only note."""


@dataclass(frozen=True)
class Cut:
    """A load that fails: at the first page an error, later a frame that says why."""

    error: type[Exception]
    said: str
    waits: int = 0
    first: int = 0
    """How many rows came before it strikes for the first time."""


@dataclass(frozen=True)
class Short:
    """A load that ends, and says that something is amiss with what came."""

    rows: int
    said: str


SLOW = "429 Too Many Requests."
RETRIED = 6
EXPECTED = {
    "rate_limited": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_date": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_silent": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_hour": Cut(lp.RateLimitedError, "It asks for a wait of 3,600 s, and this may wait 120 s more."),
    "rate_limited_year": Cut(lp.RateLimitedError, "It asks for a wait of 31,53"),
    "rate_limited_past": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_fraction": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_negative": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "rate_limited_words": Cut(lp.RateLimitedError, SLOW, RETRIED),
    "unavailable": Cut(lp.ServerError, "503 Service Unavailable.", RETRIED),
    "server_error": Cut(lp.ServerError, "500 Internal Server Error."),
    "bad_gateway": Cut(lp.ServerError, "502 Bad Gateway. It answered so 7 times.", RETRIED),
    "expired_in_mid_load": Cut(
        lp.UnauthorizedError, "a new one goes on from here: lp.connect(new).resume(df).", first=50
    ),
    "forbidden_in_mid_load": Cut(lp.ForbiddenError, "The credential may not read on.", first=50),
    "forbidden_read": Cut(lp.ForbiddenError, "Your role may not read leads."),
    "redirect": Cut(lp.ResponseError, "307; no credential follows a redirect."),
    "redirect_same_origin": Cut(lp.ResponseError, "308; no credential follows a redirect."),
    "no_challenge": Whole(),
    "html_with_200": Cut(lp.ResponseError, "a web page (HTML)"),
    "foreign_charset_problem": Whole(),
    "not_json": Cut(lp.ResponseError, "not JSON"),
    "reset": Cut(lp.TransportError, "the connection broke before the answer was whole.", RETRIED),
    "reset_at_once": Cut(lp.TransportError, "the connection broke before the answer was whole.", RETRIED),
    "short_length": Cut(lp.ResponseError, "not JSON"),
    "long_length": Cut(lp.TransportError, "the connection broke before the answer was whole.", RETRIED),
    "slow_drip": Cut(lp.TransportError, "the answer was not whole after 60 s."),
    "gzip": Whole(),
    "gzip_unasked": Whole(),
    "broken_gzip": Cut(lp.TransportError, "the answer's compression is broken."),
    "wrong_charset": Whole(),
    "byte_order_mark": Whole(),
    "pretty_printed": Whole(),
    "lead_answer_lost": Whole(),  # of leads that are sent
    "lead_answer_late": Whole(),
    "repeated_cursor": Cut(lp.PagingError, "gave a cursor twice, on page 2,", first=100),
    "cursor_loop": Cut(lp.PagingError, "gave a cursor twice, on page 3,", first=150),
    "repeated_page": Cut(lp.PagingError, "gave the rows of page 2 again as page 3.", first=100),
    "empty_page": Whole(pages=6),
    "null_items": Whole(pages=6),
    "no_items": Cut(lp.ResponseError, 'not an object with a list of objects under "items"'),
    "items_of_text": Cut(lp.ResponseError, 'not an object with a list of objects under "items"'),
    "lying_count": Short(250, "The server counts 257 rows and gave 250."),
    "no_count": Whole(),
    "larger_page": Whole(pages=3),
    "smaller_page": Whole(pages=10),
    "overlapping_page": Whole(6, "5 rows came twice, by id; the later one was kept."),
    "changed_row": Whole(6, "5 rows came twice, by id, 5 of them changed; the later one was kept."),
    "missing_row": Short(249, "The server counts 250 rows and gave 249."),
    "late_key": Whole(),
    "type_change": Whole(note="firstName: some values are whole numbers, so it is object and not string."),
    "deep_json": Whole(),
    "repeated_member": Whole(),
    "lone_surrogate": Whole(note="oddText: a text holds half a character (a lone surrogate), so it is object."),
    "wide_number": Whole(note="wideNumber: no type of 64 bits holds all of its whole numbers, so it is object."),
}
CUT = [name for name, expected in EXPECTED.items() if isinstance(expected, Cut)]
WHOLE = [name for name, expected in EXPECTED.items() if isinstance(expected, Whole)]


@pytest.fixture
def slept(sandbox):
    return []


@pytest.fixture
def faulty(sandbox, slept, request):
    """An API whose waits are kept; under a slow fault, every look at the clock takes four seconds."""

    def sleep(seconds):
        slept.append(seconds)
        sandbox.clock.advance(seconds)

    name = request.node.callspec.params.get("fault")
    ticks = count(step=4)
    slow = name is not None and sandbox.faults[name].takes
    with lp.Api(session_of(sandbox, sleep=sleep, monotonic=(lambda: next(ticks)) if slow else None)) as connected:
        yield connected
    assert all(seconds > 0 for seconds in slept)
    assert sum(slept) <= BOUND


def test_the_table_has_every_fault_of_calls(sandbox):
    assert list(EXPECTED) == [fault.name for fault in sandbox.faults if fault.area == "call"]


@pytest.mark.parametrize("fault", CUT)
def test_a_fault_at_the_first_page_raises_and_one_that_strikes_later_keeps_what_came(
    sandbox, faulty, ids, slept, fault
):
    expected = EXPECTED[fault]
    with sandbox.faults.on(fault):
        if expected.first:
            frame = cut_off(lambda: faulty.frame("leads", page_size=50))
            assert frame["id"].tolist() == ids[: expected.first]
        else:
            with pytest.raises(expected.error) as caught:
                faulty.frame("leads", page_size=50)
            assert type(caught.value) is expected.error
            assert expected.said in caught.value.message
    assert len(slept) == expected.waits


@pytest.mark.parametrize("fault", CUT)
def test_what_came_before_a_fault_is_kept_with_the_reason_and_a_resume_completes_it(sandbox, faulty, ids, slept, fault):
    expected = EXPECTED[fault]
    with sandbox.faults.on(fault, after=0 if expected.first else 2):
        frame = cut_off(lambda: faulty.frame("leads", page_size=50))
    rows = expected.first or 100
    passport = passport_of(frame, sandbox.user_token)
    assert frame["id"].tolist() == ids[:rows]
    pages = f"{rows // 50} page{'s' if rows > 50 else ''}"
    assert passport["reason"].startswith(f"The load stopped after {rows} rows in {pages}: POST ")
    assert expected.said in passport["reason"]
    assert (passport["total"], passport["dropped"]) == (250, 0)
    assert len(slept) == expected.waits
    whole = faulty.resume(frame)
    assert whole["id"].tolist() == ids
    assert passport_of(whole)["complete"]
    assert_frame_equal(whole, faulty.frame("leads"))


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("fault", WHOLE)
def test_a_fault_that_is_none_of_the_rows_leaves_a_frame_whole(sandbox, faulty, ids, slept, fault, after):
    plain = faulty.frame("leads")
    with sandbox.faults.on(fault, after=after):
        frame = faulty.frame("leads", page_size=50)
    passport = passport_of(frame, sandbox.user_token)
    assert frame["id"].tolist() == ids
    assert passport["complete"]
    assert slept == []
    if after == 0:
        assert passport["pages"] == EXPECTED[fault].pages
        assert passport["notes"][:1] == ([EXPECTED[fault].note] if EXPECTED[fault].note else [])
    changed = {"changed_row": ["status", "updatedAt"], "type_change": ["firstName", "status"]}.get(fault, [])
    assert_frame_equal(frame[plain.columns].drop(columns=changed), plain.drop(columns=changed))


@pytest.mark.parametrize("fault", ["lying_count", "missing_row"])
def test_a_count_that_disagrees_is_the_reason_and_leaves_no_place_to_go_on_from(sandbox, faulty, ids, fault):
    expected = EXPECTED[fault]
    with sandbox.faults.on(fault):
        frame = cut_off(lambda: faulty.frame("leads", page_size=50), match=f"leads: {expected.said} The frame holds")
        with pytest.raises(lp.PagingError, match=expected.said) as caught:
            faulty.frame("leads", page_size=50, on_error="raise")
    assert_frame_equal(caught.value.frame, frame)
    passport = passport_of(frame)
    assert passport["reason"] == expected.said
    assert len(frame) == expected.rows
    assert set(frame["id"]) <= set(ids)
    with pytest.raises(lp.LeadpingError, match="no place to go on from: The server counts"):
        faulty.resume(frame)


@pytest.mark.parametrize("fault", [name for name in CUT if EXPECTED[name].waits])
def test_what_strikes_once_is_waited_for_and_asked_again(sandbox, faulty, ids, slept, shown, fault):
    with sandbox.faults.on(fault, after=2, times=1):
        frame = faulty.frame("leads", page_size=50)
    assert frame["id"].tolist() == ids
    assert passport_of(frame)["complete"]
    assert len(slept) == 1
    waited, (_, _, line) = shown
    assert waited[:3] == ("wait", "leads", slept[0])
    assert waited[3].endswith("(retry 1 of 6)")
    assert line == "leads: 250 rows in 5 pages, complete."


def test_values_that_a_fault_changes_are_there_as_they_came(sandbox, api):
    with sandbox.faults.on("type_change"):
        frame = api.frame("leads", page_size=50)
    assert frame["firstName"].iloc[100:].tolist() == [7] * 150
    assert frame["status"].iloc[249] == {"value": "text", "count": 7}
    with sandbox.faults.on("late_key"):
        frame = api.frame("leads", page_size=50)
    assert frame["lateKey"].isna().tolist() == [True] * 100 + [False] * 150
    with sandbox.faults.on("wide_number"):
        assert api.frame("leads", page_size=50)["wideNumber"].iloc[50] == 10**30


# -- limits and resumes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("fault", [None, "larger_page", "smaller_page"])
def test_a_limited_frame_has_as_many_rows_as_wanted_and_a_resume_is_the_whole_load(sandbox, api, ids, fault, backend):
    if fault is not None:
        sandbox.faults.on(fault)
    how = {"page_size": 50, "dtype_backend": backend}
    part = api.frame("leads", limit=70, **how)
    assert part["id"].tolist() == ids[:70]
    assert passport_of(part)["reason"] == "It was limited to 70 of 250 rows."
    further = api.resume(part, limit=75)
    assert further["id"].tolist() == ids[:145]
    assert passport_of(further)["reason"] == "It was limited to 145 of 250 rows."
    whole = api.resume(further)
    assert passport_of(whole)["complete"]
    assert_frame_equal(whole, api.frame("leads", **how))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("fault", [None, "larger_page", "expired_in_mid_load", "repeated_cursor", "type_change"])
def test_pages_that_are_read_in_pieces_are_counted_as_pages(sandbox, api, monkeypatch, fault, backend):
    def load():
        with sandbox.faults.on(fault) if fault else nullcontext(), warnings.catch_warnings():
            warnings.simplefilter("ignore", lp.IncompleteFrameWarning)
            cut = api.frame("leads", limit=120, page_size=50, dtype_backend=backend)
            return cut, api.resume(cut), api.frame("leads", page_size=50, dtype_backend=backend)

    as_one = load()
    monkeypatch.setattr(decoding, "_PIECE", 100)
    for one, in_pieces in zip(as_one, load(), strict=True):
        assert_frame_equal(in_pieces, one)
        assert passport_of(in_pieces) == passport_of(one)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("fault", ["late_key", "type_change", "deep_json", "lone_surrogate", "wide_number"])
def test_columns_that_change_after_a_cut_are_resumed_as_they_are_loaded(sandbox, api, fault, backend):
    how = {"page_size": 50, "dtype_backend": backend}
    with sandbox.faults.on(fault):
        part = api.frame("leads", limit=100, **how)
        further = api.resume(part, limit=50)
        assert_frame_equal(api.resume(further), api.frame("leads", **how))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("oddText: holds lists beside text, so it is object.", "oddText: a text holds half a character"),
        ("oddText: objects and other values, so it is object; members", "oddText: objects and other values"),
    ],
)
def test_a_resume_says_once_why_a_column_is_object(sandbox, api, before, after):
    with sandbox.faults.on("lone_surrogate"):
        part = api.frame("leads", limit=50, page_size=50)
    part.attrs["leadping"]["notes"] = ["createdAt: 1 time without an offset was read as UTC.", before]
    first, second = api.resume(part).attrs["leadping"]["notes"]
    assert first.startswith("createdAt: ")
    assert second.startswith(after)


def test_a_chain_of_resumes_asks_for_each_row_once(sandbox, api, ids):
    before = len(sandbox.requests)
    frame = api.frame("leads", limit=50, page_size=50)
    for _ in range(3):
        frame = api.resume(frame, limit=50)
    frame = api.resume(frame)
    assert frame["id"].tolist() == ids
    assert passport_of(frame)["complete"]
    assert passport_of(frame)["pages"] == 5 == len(sandbox.requests) - before


def test_a_limit_that_is_all_there_is_leaves_a_frame_whole(api):
    assert passport_of(api.frame("leads", limit=250, page_size=50))["complete"]
    assert passport_of(api.frame("leads", limit=1_000))["complete"]


def test_a_whole_frame_is_resumed_to_itself_and_nothing_is_asked(sandbox, api):
    frame = api.frame("leads")
    before = len(sandbox.requests)
    assert api.resume(frame) is frame
    assert len(sandbox.requests) == before


def test_a_resume_asks_as_the_load_did(api):
    how = {"filters": {"status": "Sold"}, "order_by": "-createdAt", "params": {"archiveFilter": "all"}, "page_size": 5}
    part = api.frame("leads", limit=7, **how)
    whole = api.frame("leads", **how)
    assert len(whole) > 12
    assert_frame_equal(api.resume(part), whole)


def test_a_list_of_one_lead_is_resumed_with_its_path(api, ids):
    whole = api.frame("lead_events", path={"leadId": ids[3]})
    part = api.frame("lead_events", path={"leadId": ids[3]}, limit=1)
    assert len(whole) > 1 == len(part)
    assert_frame_equal(api.resume(part), whole)


def test_a_list_without_pages_is_limited_and_resumed(api):
    whole = api.frame("tags")
    assert passport_of(whole)["complete"]
    part = api.frame("tags", limit=2)
    assert len(part) == 2 < len(whole)
    assert passport_of(part)["complete"] is False
    assert_frame_equal(api.resume(part), whole)


def test_a_resume_that_fails_at_once_keeps_all_that_it_was_given(sandbox, api, ids):
    part = api.frame("leads", limit=70, page_size=50)
    with sandbox.faults.on("server_error"):
        again = cut_off(lambda: api.resume(part), match="after 70 rows in 2 pages")
        assert_frame_equal(again, part)
        with pytest.raises(lp.ServerError) as caught:
            api.resume(part, on_error="raise")
    assert_frame_equal(caught.value.frame, part)
    assert api.resume(again)["id"].tolist() == ids


def test_a_frame_that_was_cut_within_a_page_keeps_its_place_also_if_the_resume_fails(sandbox, api, ids):
    with sandbox.faults.on("larger_page"):
        part = api.frame("leads", limit=70, page_size=50)
        skip = passport_of(part)["skip"]
        assert skip == 70
        with sandbox.faults.on("server_error"):
            again = cut_off(lambda: api.resume(part))
        assert passport_of(again)["skip"] == skip
        whole = api.resume(again)
    assert whole["id"].tolist() == ids
    assert passport_of(whole)["dropped"] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.head(10), "had 50 rows when it was loaded and has 10 now"),
        (lambda frame: pd.DataFrame({"id": ["1"]}), "no passport"),
        (lambda frame: frame[["id", "createdAt"]], "had a column 'adminEnablementOverride.enabled' when it was loaded"),
        (lambda frame: frame.rename(columns={"email": "mail"}), "had a column 'email' when it was loaded and has none"),
        (lambda frame: frame.set_index("id"), "had a column 'id'"),
        (lambda frame: pd.concat([frame, frame[["id"]]], axis=1), "two columns of one name"),
    ],
)
def test_a_frame_that_was_changed_or_made_by_hand_is_not_resumed(api, change, said):
    frame = change(api.frame("leads", limit=50))
    with pytest.raises(lp.LeadpingError, match=said):
        api.resume(frame)


@pytest.mark.parametrize("backend", BACKENDS)
def test_times_whose_zone_was_taken_away_keep_their_hours_in_a_resume(api, backend):
    part = api.frame("leads", limit=50, dtype_backend=backend)
    whole = api.resume(part.assign(createdAt=part["createdAt"].dt.tz_localize(None)))
    assert_frame_equal(whole, api.frame("leads", dtype_backend=backend))
    assert passport_of(whole)["notes"] == ["createdAt: 50 times without an offset were read as UTC."]


def test_a_frame_of_another_revision_is_not_resumed(api):
    frame = api.frame("leads", limit=50)
    frame.attrs["leadping"]["revision"] = "2026-10-26"
    with pytest.raises(lp.LeadpingError, match="of the contract of 2026-10-26, and this is 2026-07-05"):
        api.resume(frame)


def test_a_passport_that_went_through_json_is_as_good(api, ids):
    frame = api.frame("leads", limit=50, ranges={"createdAt": (pd.Timestamp("2020-01-01", tz="UTC"), None)})
    frame.attrs["leadping"] = json.loads(json.dumps(frame.attrs["leadping"]))
    assert api.resume(frame)["id"].tolist() == ids


def test_an_error_that_is_wanted_carries_what_came(sandbox, api, ids):
    with sandbox.faults.on("server_error", after=2), pytest.raises(lp.ServerError) as caught:
        api.frame("leads", page_size=50, on_error="raise")
    assert caught.value.frame["id"].tolist() == ids[:100]
    assert api.resume(caught.value.frame)["id"].tolist() == ids


@pytest.mark.parametrize("option", [{"on_error": "ignore"}, {"dtype_backend": "numpy"}])
def test_an_option_that_there_is_not_is_refused(api, option):
    with pytest.raises(lp.LeadpingError, match=f"{next(iter(option))} is '{next(iter(option.values()))}'"):
        api.frame("leads", **option)


# -- stopped by another thread ----------------------------------------------------------------------------------------


def test_another_thread_stops_a_load_and_it_can_be_gone_on_with(sandbox, ids):
    stop = threading.Event()

    class Watching(Progress):
        def advance(self, name, *, rows, pages, total):
            if rows == 100:  # the third page is on its way
                stop.set()

    with lp.Api(session_of(sandbox)) as api:
        with pytest.warns(lp.IncompleteFrameWarning, match="interrupted after 150 rows in 3 pages"):
            frame = api.frame("leads", page_size=50, stop=stop, progress=Watching())
        stop.clear()
        assert api.resume(frame, stop=stop)["id"].tolist() == ids


def test_a_load_that_is_stopped_before_its_first_page_gives_nothing(sandbox):
    stop = threading.Event()
    stop.set()
    sandbox.faults.on("rate_limited", times=1)
    with lp.Api(session_of(sandbox)) as api, pytest.raises(KeyboardInterrupt):
        api.frame("leads", stop=stop)


# -- Ctrl-C -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_error", ["warn", "raise"])
def test_ctrl_c_in_a_wait_keeps_what_came(sandbox, ids, on_error):
    with (
        lp.Api(session_of(sandbox, sleep=lambda seconds: signal.raise_signal(signal.SIGINT))) as api,
        sandbox.faults.on("rate_limited", after=2, times=1),
    ):
        if on_error == "warn":
            frame = cut_off(lambda: api.frame("leads", page_size=50))
        else:
            with pytest.raises(KeyboardInterrupt) as caught:
                api.frame("leads", page_size=50, on_error="raise")
            frame = caught.value.frame
        assert frame["id"].tolist() == ids[:100]
        assert passport_of(frame)["reason"] == "It was interrupted after 100 rows in 2 pages."
        assert api.resume(frame)["id"].tolist() == ids


def test_ctrl_c_before_anything_came_is_ctrl_c(sandbox):
    with (
        lp.Api(session_of(sandbox, sleep=lambda seconds: signal.raise_signal(signal.SIGINT))) as api,
        sandbox.faults.on("rate_limited"),
        pytest.raises(KeyboardInterrupt),
    ):
        api.frame("leads")


def test_a_second_ctrl_c_loses_nothing(sandbox, api, ids, monkeypatch):
    class Impatient(Progress):
        struck = 0

        def advance(self, name, *, rows, pages, total):
            self.strike()

        def end(self, name, line):
            self.strike()

        def strike(self):
            Impatient.struck += 1
            if Impatient.struck >= 3:  # while the third page comes, and then again and again
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("leadping_nb.loads.job.progress", lambda wanted: Impatient())
    before = signal.getsignal(signal.SIGINT)
    frame = cut_off(lambda: api.frame("leads", page_size=50), match="interrupted after 150 rows in 3 pages")
    assert Impatient.struck == 5
    assert frame["id"].tolist() == ids[:150]
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.undo()
    assert api.resume(frame)["id"].tolist() == ids


def test_ctrl_c_ends_loads_side_by_side_and_each_keeps_what_came(sandbox, ids):
    def sleep(seconds):
        """Strike once, and go on when the main thread has noticed."""
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        deadline = time.monotonic() + 30
        while signal.getsignal(signal.SIGINT) is not signal.SIG_IGN and time.monotonic() < deadline:
            time.sleep(0.001)

    with (
        lp.Api(session_of(sandbox, sleep=sleep)) as api,
        sandbox.faults.on("rate_limited", after=2, path=LEADS),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        frames = api.frames("leads", "sources", page_size=50)
    assert frames["leads"]["id"].tolist() == ids[:100]
    assert passport_of(frames["leads"])["reason"] == "It was interrupted after 100 rows in 2 pages."
    assert [entry.filename for entry in caught] == [__file__] * len(caught)
    assert any("leads: It was interrupted" in str(entry.message) for entry in caught)
    with lp.Api(session_of(sandbox)) as api:
        assert api.resume(frames["leads"])["id"].tolist() == ids


# -- tokens that die --------------------------------------------------------------------------------------------------


def test_a_token_that_dies_in_mid_load_is_named_with_its_end_and_another_goes_on(sandbox, ids):
    token = sandbox.issue_token(lifetime=90)
    with (
        lp.Api(session_of(sandbox, token, sleep=lambda seconds: sandbox.clock.advance(100))) as api,
        sandbox.faults.on("rate_limited", after=2, times=1),
    ):
        frame = cut_off(lambda: api.frame("leads", page_size=50))
    passport = passport_of(frame, token)
    assert frame["id"].tolist() == ids[:100]
    assert "The token ended at 2026-07-05 12:01:30 UTC; a new one goes on from here" in passport["reason"]
    with lp.Api(session_of(sandbox, sandbox.business_key)) as api:
        whole = api.resume(frame)
    assert whole["id"].tolist() == ids
    assert passport_of(whole, token, sandbox.business_key)["complete"]


def test_a_token_that_the_server_gave_up_early_has_no_end_to_name(sandbox, api):
    with sandbox.faults.on("expired_in_mid_load"):
        frame = cut_off(lambda: api.frame("leads", page_size=50))
    assert "The token ended" not in passport_of(frame)["reason"]
    assert "The credential is not accepted any more; a new one goes on" in passport_of(frame)["reason"]


# -- lists that move --------------------------------------------------------------------------------------------------


class Shelf:
    """A list of leads that a test can change, read by offset."""

    def __init__(self, rows):
        self.rows = list(rows)
        self.asked = []
        self.before_page = lambda number: None

    def __call__(self, request):
        self.before_page(len(self.asked) + 1)
        body = json.loads(request.content)
        self.asked.append(body)
        found = [row for row in self.rows if all(self._within(row, bounds) for bounds in body.get("rangeFilters", ()))]
        start = int(body.get("continuationToken", 0))
        end = start + body["pageSize"]
        cursor = str(end) if end < len(found) else None
        page = {"items": found[start:end], "continuationToken": cursor, "totalCount": len(found)}
        return httpx.Response(200, content=json.dumps(page))

    @staticmethod
    def _within(row, bounds):
        value = row.get(bounds["field"])
        return (
            value is not None
            and value >= bounds.get("greaterThanOrEqual", "")
            and value > bounds.get("greaterThan", "")
            and value < bounds.get("lessThan", "~")
        )


def shelf_api(shelf, **how):
    return lp.Api(
        Session(
            lp.Credential.from_text(KEY),
            base_url="https://api.leadping.example",
            contract=lp.contract(),
            transport=httpx.MockTransport(shelf),
            **how,
        )
    )


def lead(number, *, minute=None, **more):
    moment = f"2026-07-01T10:{number if minute is None else minute:02d}:00Z"
    return {"id": f"lead_{number}", "createdAt": moment, "updatedAt": moment, **more}


def test_rows_that_shift_while_a_list_is_read_come_once_and_are_counted():
    shelf = Shelf(lead(number) for number in range(20))
    shelf.before_page = lambda number: number == 3 and shelf.rows.insert(0, lead(99, minute=59))
    with shelf_api(shelf) as api:
        frame = api.frame("leads", page_size=5)
    passport = passport_of(frame)
    assert frame["id"].tolist() == [f"lead_{number}" for number in range(20)]
    assert passport["dropped"] == 1
    assert passport["notes"] == [
        "1 row came twice, by id; the later one was kept.",
        "The list changed while it was loaded: from 20 to 21 rows.",
    ]


def test_a_row_that_changes_while_a_list_is_read_is_there_as_it_was_last():
    shelf = Shelf(lead(number, status="New") for number in range(20))

    def change(number):
        if number == 3:
            shelf.rows.insert(0, shelf.rows.pop(15))
            shelf.rows[10] = {**shelf.rows[10], "status": "Sold"}  # the last of page two, now the first of page three

    shelf.before_page = change
    with shelf_api(shelf) as api:
        frame = cut_off(lambda: api.frame("leads", page_size=5), match="counts 20 rows and gave 19")
    assert frame["id"].is_unique
    assert frame.set_index("id").loc["lead_9", "status"] == "Sold"
    assert passport_of(frame)["notes"][0] == "1 row came twice, by id, 1 of them changed; the later one was kept."


@pytest.mark.parametrize("rows", [[{"status": f"{at}"} for at in range(20)], [{"id": [at]} for at in range(20)]])
def test_rows_without_an_id_are_resumed_without_doubles(rows):
    shelf = Shelf(rows)
    with shelf_api(shelf) as api:
        part = api.frame("leads", limit=7, page_size=5)
        whole = api.resume(part)
        assert_frame_equal(whole, api.frame("leads", page_size=5))
    assert len(whole) == 20
    assert passport_of(whole)["complete"]


def test_a_cursor_that_leads_back_is_asked_for_anew_so_that_rows_without_an_id_come_once():
    shelf = Shelf({"status": f"{at}"} for at in range(20))
    with shelf_api(lambda request: leading_back(shelf(request), len(shelf.asked))) as api:
        part = cut_off(lambda: api.frame("leads", page_size=5), match="a cursor twice, on page 3")
    with shelf_api(shelf) as api:
        assert api.resume(part)["status"].tolist() == [f"{at}" for at in range(20)]


def leading_back(response, number):
    page = response.json()
    return httpx.Response(200, json={**page, "continuationToken": "5"}) if number == 3 else response


@pytest.mark.parametrize("backend", BACKENDS)
def test_keys_and_values_of_every_kind_are_resumed_as_they_are_loaded(backend):
    odd = [
        {
            "price": 7,
            "whole": 1,
            "mixed": 1,
            "deep": {"a": 1},
            "tags": [{"id": "t"}],
            "dotted.key": "x",
            "seenAt": None,
        },
        {"price": 7.25, "whole": 2**63, "mixed": "one", "deep": {"b": {"c": []}}, "tags": [], "dotted.key": "y"},
        {
            "price": None,
            "whole": 2**70,
            "mixed": {"a": 1},
            "deep": None,
            "tags": None,
            "seenAt": "2026-07-01T10:00:00Z",
        },
        {"price": 1e30, "whole": None, "mixed": [1], "late": True, "seenAt": "2026-07-01T10:00:00.1234567Z"},
        {"firstName": "\ud83d", "late": None, "later": {"x": 1}, "seenAt": "0001-01-01T00:00:00Z"},
    ]
    shelf = Shelf(lead(number, **row) for number, row in enumerate(odd * 2))
    with shelf_api(shelf) as api:
        whole = api.frame("leads", page_size=1, dtype_backend=backend)
        for limit in range(1, 10):
            part = api.frame("leads", page_size=1, limit=limit, dtype_backend=backend)
            resumed = api.resume(part)
            assert_frame_equal(resumed, whole)


# -- since ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS)
def test_since_a_frame_only_what_is_new_or_changed_is_given_and_counted(backend):
    shelf = Shelf(lead(number) for number in range(20))
    with shelf_api(shelf) as api:
        known = api.frame("leads", dtype_backend=backend)
        shelf.rows[3] = {**shelf.rows[3], "updatedAt": "2026-07-01T11:00:00.0000001Z", "status": "Sold"}
        shelf.rows += [lead(50), {**lead(51), "updatedAt": known["updatedAt"].max().isoformat().replace("+00:00", "Z")}]
        news = api.frame("leads", since=known, dtype_backend=backend)
        assert news["id"].tolist() == ["lead_3", "lead_50", "lead_51"]
        passport = passport_of(news)
        assert passport["complete"]
        assert passport["notes"] == ["2 rows are new and 1 changed since 2026-07-01T10:19:00Z, by updatedAt."]
        assert passport["known"] == 1
        assert shelf.asked[-1]["rangeFilters"] == [{"field": "updatedAt", "greaterThanOrEqual": "2026-07-01T10:19:00Z"}]
        assert news["id"].dtype == known["id"].dtype
        none = api.frame("leads", since=api.frame("leads", dtype_backend=backend), dtype_backend=backend)
    assert len(none) == 0
    assert passport_of(none)["complete"]
    assert passport_of(none)["notes"] == [
        "0 rows are new and 0 changed since 2026-07-01T11:00:00.0000001Z, by updatedAt."
    ]


def test_the_one_line_of_a_load_since_counts_what_is_given(shown):
    shelf = Shelf([lead(1)])
    with shelf_api(shelf) as api:
        known = api.frame("leads")
        shelf.rows.append(lead(2))
        api.frame("leads", since=known)
    assert shown[-1] == ("end", "leads", "leads: 1 row in 1 page, complete.")


def test_since_a_frame_without_rows_or_a_passport_works_by_its_columns():
    shelf = Shelf(lead(number) for number in range(3))
    with shelf_api(shelf) as api:
        by_hand = pd.DataFrame({"id": ["lead_0"], "createdAt": pd.to_datetime(["2026-07-01T10:01:00Z"])})
        assert api.frame("leads", since=by_hand)["id"].tolist() == ["lead_1", "lead_2"]
        shelf.rows, rows = [], shelf.rows
        none = api.frame("leads")
        shelf.rows = rows
        news = api.frame("leads", since=none)
    assert len(news) == 3
    assert passport_of(news)["notes"] == ["3 rows are new in all."]


def test_since_a_frame_that_is_not_complete_says_that_this_is_not_all_that_it_lacks(shown):
    shelf = Shelf(lead(number) for number in range(19, -1, -1))
    with shelf_api(shelf) as api:
        part = api.frame("leads", limit=7)
        shelf.rows.insert(0, lead(20))
        news = api.frame("leads", since=part)
    assert news["id"].tolist() == ["lead_20"]
    assert passport_of(news)["notes"] == [
        "1 row is new and 0 changed since 2026-07-01T10:19:00Z, by updatedAt.",
        "The frame of since= is not complete itself; what it lacks is not in here. See api.resume.",
    ]


def test_since_goes_together_with_other_bounds():
    shelf = Shelf(lead(number) for number in range(20))
    known = pd.DataFrame({"id": ["lead_4"], "updatedAt": pd.to_datetime(["2026-07-01T10:04:00Z"])})
    with shelf_api(shelf) as api:
        before = api.frame("leads", since=known, ranges={"updatedAt": (None, "2026-07-01T10:07:00Z")})
        assert before["id"].tolist() == ["lead_5", "lead_6"]
        later = api.frame("leads", since=known, ranges={"updatedAt": {">": "2026-07-01T10:17:00Z"}})
        assert later["id"].tolist() == ["lead_18", "lead_19"]
        earlier = api.frame("leads", since=known, ranges={"updatedAt": {">=": "2026-07-01T10:01:00Z"}})
        assert earlier["id"].iloc[0] == "lead_5"
        other = api.frame("leads", since=known, filters={"status": "Sold"}, ranges={"createdAt": {"<": "2026-07-02"}})
    assert len(other) == 15
    assert shelf.asked[-1]["filters"] == [{"field": "status", "value": "Sold"}]


def test_a_load_since_that_was_cut_goes_on_without_what_is_known():
    shelf = Shelf(lead(number) for number in range(10))
    with shelf_api(shelf) as api:
        known = api.frame("leads")
        shelf.rows = [lead(number) for number in range(30, 20, -1)] + shelf.rows
        part = api.frame("leads", since=known, limit=4)
        assert part["id"].tolist() == ["lead_30", "lead_29", "lead_28", "lead_27"]
        whole = api.resume(part)
    passport = passport_of(whole)
    assert whole["id"].tolist() == [f"lead_{number}" for number in range(30, 20, -1)]
    assert (passport["complete"], passport["known"]) == (True, 1)
    assert passport["notes"] == ["10 rows are new or changed since 2026-07-01T10:09:00Z, by updatedAt."]


def test_an_error_in_a_load_since_carries_only_what_is_new(sandbox, api):
    known = api.frame("leads", limit=1, order_by="createdAt")
    with sandbox.faults.on("server_error", after=1):
        frame = cut_off(lambda: api.frame("leads", since=known, order_by="createdAt", page_size=50))
        with sandbox.faults.on("server_error", after=1), pytest.raises(lp.ServerError) as caught:
            api.frame("leads", since=known, page_size=50, order_by="updatedAt", on_error="raise")
    assert known["id"].iloc[0] not in [*frame["id"], *caught.value.frame["id"]]


def test_a_list_that_takes_no_ranges_is_read_whole_and_sifted(api):
    tags = api.frame("tags").sort_values("createdAt")
    known = tags.iloc[:-1]
    news = api.frame("tags", since=known)
    assert news["id"].tolist() == [tags["id"].iloc[-1]]
    assert passport_of(news)["complete"]


@pytest.mark.parametrize(
    ("name", "since", "said"),
    [
        ("leads", pd.DataFrame({"id": ["1"]}), "no column of times without gaps: updatedAt or createdAt"),
        ("leads", pd.DataFrame({"createdAt": pd.to_datetime(["2026-07-01T10:04:00Z"])}), "no id"),
        ("leads", pd.DataFrame({"id": ["1"], "createdAt": ["2026-07-01T10:04:00Z"]}), "no column of times"),
        ("leads", pd.DataFrame({"id": ["1"], "createdAt": pd.to_datetime(["2026-07-01"])}), "no column of times"),
        ("conversations", pd.DataFrame({"id": ["1"]}), "no column that says when"),
    ],
)
def test_since_a_frame_that_cannot_say_when_is_an_error(api, name, since, said):
    with pytest.raises(lp.LeadpingError, match=said):
        api.frame(name, since=since)


def test_since_a_frame_of_another_list_is_an_error_that_names_both(api):
    with pytest.raises(lp.LeadpingError, match="is of POST /leads/all/my, and calls is POST /events/calls"):
        api.frame("calls", since=api.frame("leads", limit=1))


def test_where_times_have_gaps_the_next_column_is_gone_by():
    shelf = Shelf([{**lead(1), "updatedAt": None}, lead(2)])
    with shelf_api(shelf) as api:
        known = api.frame("leads")
        shelf.rows.append({**lead(3), "updatedAt": None})
        assert api.frame("leads", since=known)["id"].tolist() == ["lead_3"]


# -- side by side -----------------------------------------------------------------------------------------------------


def test_lists_side_by_side_are_what_they_are_alone(api):
    frames = api.frames("leads", "events", "sources", page_size=50)
    assert list(frames) == ["leads", "events", "sources"]
    for name, frame in frames.items():
        assert passport_of(frame)["complete"]
        assert_frame_equal(frame, api.frame(name, page_size=50))


def test_a_list_that_fails_takes_no_other_with_it_and_can_be_resumed(sandbox, api, ids):
    with (
        sandbox.faults.on("server_error", path=LEADS),
        pytest.warns(lp.IncompleteFrameWarning, match="leads: ") as caught,
    ):
        frames = api.frames("leads", "sources")
    assert [entry.filename for entry in caught] == [__file__]
    assert passport_of(frames["sources"])["complete"]
    assert passport_of(frames["leads"])["reason"].startswith("The load stopped after 0 rows in 0 pages: ")
    assert api.resume(frames["leads"])["id"].tolist() == ids


def test_side_by_side_under_one_bucket_no_429_is_ever_seen():
    with Sandbox(leads=250, rate_limit=20, now="2026-07-05T12:00:00Z", monotonic=lambda: 0.0) as sandbox:
        rate = RateLimit(20, 60.0, monotonic=sandbox.clock.monotonic)
        still = session_of(sandbox, rate=rate, monotonic=lambda: 0.0)  # one list's wait is not another's slow answer
        with lp.Api(still) as api:
            frames = api.frames("leads", "events", "calls", page_size=20)
        statuses = [request.status for request in sandbox.requests]
    assert all(passport_of(frame)["complete"] for frame in frames.values())
    assert len(statuses) > 60
    assert set(statuses) == {200}


# -- what a notebook shows --------------------------------------------------------------------------------------------

CELLS = {
    "begin": """
import leadping_nb as lp
import pandas as pd
sandbox = lp.Sandbox(leads=250, rate_limit=None)
api = lp.connect(sandbox)
frame = pd.DataFrame({"a": [1, 2]})
""",
    "before": "frame",
    "line": 'leads = api.frame("leads", page_size=50, progress=True)',
    "whole": 'leads[["firstName"]].head(2)',
    "made by hand": "frame",
    "cut": 'api.frame("leads", limit=3, progress=False)[["firstName"]]',
    "text": """
part = api.frame("leads", limit=3, progress=False)[["firstName"]]
part.attrs["leadping"]["reason"] = "<script>alert(1)</script> & more"
part
""",
    "plain": 'pd.set_option("display.notebook_repr_html", False); part',
    "options": 'pd.set_option("display.notebook_repr_html", True); pd.set_option("display.max_rows", 4); leads[["id"]]',
    "in a list": "[part]",
}


@pytest.fixture(scope="module")
def stored():
    """The outputs of the cells as a notebook stores them."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return dict(zip(CELLS, [[dict(output) for output in cell.outputs] for cell in notebook.cells], strict=True))


def shown_by(stored, cell):
    (output,) = stored[cell]
    return SimpleNamespace(html=output["data"].get("text/html"), plain=output["data"]["text/plain"])


def test_a_load_leaves_one_true_line_in_the_notebook(stored):
    assert shown_by(stored, "line").plain == "leads: 250 rows in 5 pages, complete."
    assert shown_by(stored, "line").html is None


def test_a_frame_that_is_not_whole_says_so_above_itself_in_html_and_in_text(stored):
    cut = shown_by(stored, "cut")
    assert "<strong>Not complete:</strong> It was limited to 3 of 250 rows.</p><div>" in cut.html
    assert cut.html.count("<tr>") == 3
    assert cut.plain.splitlines()[0] == "Not complete: It was limited to 3 of 250 rows."
    assert cut.plain.splitlines()[1].split() == ["firstName"]


def test_what_a_server_says_is_text_and_no_html(stored):
    text = shown_by(stored, "text")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text.html
    assert "<script" not in text.html
    assert text.plain.startswith("Not complete: <script>alert(1)</script> & more\n")


def test_frames_that_are_whole_or_none_of_ours_look_as_ever(stored):
    assert "Not complete" not in shown_by(stored, "whole").html + shown_by(stored, "whole").plain
    assert stored["made by hand"][0]["data"] == stored["before"][0]["data"]


def test_pandas_options_are_kept(stored):
    assert shown_by(stored, "plain").html is None
    assert shown_by(stored, "plain").plain.startswith("Not complete: ")
    assert "<p>250 rows × 1 columns</p>" in shown_by(stored, "options").html
    assert shown_by(stored, "options").html.count("<tr>") == 5
    assert shown_by(stored, "in a list").plain.startswith("[Not complete: ")


# -- the next page while this one is read -----------------------------------------------------------------------------


def test_a_read_tells_when_each_try_of_its_request_has_left(sandbox):
    leads, left = lp.contract().operation("POST /leads/all/my"), []
    with session_of(sandbox) as session:
        session.read(leads, body={}, patience=Patience(tell=lambda *_: None), when_sent=lambda: left.append("left"))
        assert left == ["left"]
        with sandbox.faults.on("unavailable", times=1):
            session.read(leads, body={}, patience=Patience(tell=lambda *_: None), when_sent=lambda: left.append("left"))
    assert left == ["left"] * 3
