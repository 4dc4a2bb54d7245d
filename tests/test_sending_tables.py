"""Sending a table of leads: row by row, with a journal, and no lead twice whatever happens on the way."""

import json
import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import httpx
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from sending_child import LEADS as CHILD_LEADS

import leadping_nb as lp
from leadping_nb.contracts import contract
from leadping_nb.progress import Progress
from leadping_nb.sending import journal as journal_module
from leadping_nb.sending.journal import Journal
from leadping_nb.session.http import Session

CHILD = Path(__file__).parent / "sending_child.py"
PHONES = [f"+1212555010{number}" for number in range(5)]
FIVE = pd.DataFrame({"phone": PHONES, "externalId": [f"web-{number}" for number in range(5)]})


@pytest.fixture
def sandbox():
    with lp.Sandbox(leads=20, now="2026-07-05T12:00:00Z", monotonic=lambda: 0.0) as running:
        yield running


@pytest.fixture
def waits():
    return []


@pytest.fixture
def api(sandbox, waits):
    def sleep(seconds):
        waits.append(seconds)
        sandbox.clock.advance(seconds)

    session = Session(
        lp.Credential.from_text(sandbox.source_key),
        base_url=sandbox.url,
        contract=contract(),
        now=lambda: sandbox.clock.now().timestamp(),
        sleep=sleep,
    )
    with lp.Api(session) as connected:
        yield connected


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "sent.jsonl"


def arrived(sandbox):
    return [lead["contact"]["phone"]["number"] for lead in sandbox.leads_received]


@pytest.fixture
def send(api, journal):
    """Send a table; a warning is part of the answer."""

    def sent(df=FIVE, **how):
        with pytest.warns(lp.LeadsUnsentWarning) if how.pop("warns", False) else nullcontext():
            return api.send_leads(df, confirm=True, journal=journal, **how)

    return sent


# -- before -----------------------------------------------------------------------------------------------------------


def test_without_confirm_it_says_how_many_and_how_long_and_shows_the_first_request(sandbox, journal):
    many = pd.DataFrame({"Phone Number": [f"212555{number:04}" for number in range(100, 200)] * 7 + ["555"]})
    many["externalId"] = [f"web-{number}" for number in range(len(many))]
    with lp.connect(sandbox.source_key, base_url=sandbox.url) as api:
        shown = api.send_leads(many, journal=journal)
    assert dict(shown.counts) == {"to send": 700, "problems": 1}
    assert shown.seconds == 120
    assert "2 min" in str(shown)
    assert shown.first.body == '{"phone":"+12125550100","externalId":"web-0"}'
    assert str(shown).startswith("Nothing was sent. api.send_leads(df, journal=…, confirm=True) sends 700 leads.")
    assert repr(shown) == "<LeadsPreview: 700 to be sent, 1 with problems; nothing was sent>"
    assert sandbox.source_key not in shown._repr_html_() + str(shown)
    assert sandbox.requests == ()
    assert not journal.exists()


def test_a_journal_is_needed_to_send(api, sandbox):
    with pytest.raises(lp.LeadpingError, match="journal is needed"):
        api.send_leads(FIVE, confirm=True)
    assert sandbox.requests == ()


def test_a_plan_that_is_refused_here_does_not_say_that_it_sends(sandbox):
    with lp.connect(sandbox.business_key, base_url=sandbox.url) as api:
        plan = api.send_leads(FIVE)
    assert plan.next_step.startswith("Nothing was sent, and with this connection nothing would be. POST /leads/intake")
    for shown in (str(plan), plan._repr_html_()):
        assert "sends 5 leads" not in shown
        assert "refused here" in shown
    assert sandbox.requests == ()


def test_a_journal_is_a_path(api):
    for confirm in (False, True):
        with pytest.raises(lp.LeadpingError, match="journal is 3, and the path of a file"):
            api.send_leads(FIVE, confirm=confirm, journal=3)


def test_another_key_is_refused_before_the_journal_is_made(sandbox, journal):
    with lp.connect(sandbox) as api, pytest.raises(lp.NotAllowedError):
        api.send_leads(FIVE, confirm=True, journal=journal)
    assert not journal.exists()


# -- a run ------------------------------------------------------------------------------------------------------------


def test_good_rows_are_sent_in_their_order_and_the_others_reported(send, sandbox):
    df = pd.DataFrame(
        {"Phone Number": ["212-555-0100", "555", "212-555-0101", "(212) 555-0100"]}, index=["a", "b", "c", "d"]
    )
    result = send(df)
    assert result.index.tolist() == ["a", "b", "c", "d"]
    assert result["outcome"].tolist() == ["sent", "problems", "sent", "repeated"]
    assert arrived(sandbox) == ["+12125550100", "+12125550101"]
    assert result["id"].dropna().tolist() == [lead["id"] for lead in sandbox.leads_received]
    assert result["status"].dropna().tolist() == [201, 201]
    assert "phone-invalid" in result.loc["b", "words"]
    assert "row 0" in result.loc["d", "words"]
    assert result.attrs["leadping"]["complete"]
    assert json.loads(json.dumps(result.attrs["leadping"]))["outcomes"] == {"sent": 2, "problems": 1, "repeated": 1}


def test_two_rows_with_one_external_id_are_one_lead(send, sandbox):
    df = FIVE.assign(externalId=["web-0", "web-0", "web-2", "web-3", "web-4"])
    assert send(df)["outcome"].tolist() == ["sent", "repeated", "sent", "sent", "sent"]


def test_the_journal_knows_leads_and_no_person_and_no_key(send, sandbox, journal):
    send(FIVE.assign(firstName="Ada", email="ada@mail.example"))
    text = journal.read_text()
    for secret in (sandbox.source_key, "Ada", "ada@", "web-0", "5550100"):
        assert secret not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line.get("state") for line in lines] == [None, *["sending", "sent"] * 5]
    assert os.name == "nt" or journal.stat().st_mode & 0o077 == 0


def test_every_lead_lies_in_the_journal_before_it_leaves(sandbox, journal):
    states = []

    def handler(request):
        states.append([json.loads(line).get("state") for line in journal.read_text().splitlines()][-1])
        return httpx.Response(201, content=b'{"id":"1"}')

    with lp.Api(on(handler)) as api:
        api.send_leads(FIVE, confirm=True, journal=journal)
    assert states == ["sending"] * 5


def test_a_second_run_sends_nothing_and_a_longer_table_what_is_new(send, sandbox):
    send(FIVE.head(3))
    again = send(FIVE)
    assert again["outcome"].tolist() == ["sent before"] * 3 + ["sent"] * 2
    assert again["id"].tolist() == [lead["id"] for lead in sandbox.leads_received]
    assert send(FIVE.iloc[::-1])["outcome"].tolist() == ["sent before"] * 5
    assert arrived(sandbox) == PHONES


def test_it_keeps_to_the_rate_limit(sandbox, journal, waits):
    limit = lp.RateLimit(2, 60.0, monotonic=sandbox.clock.monotonic)
    session = on(lambda request: httpx.Response(201), rate=limit, sleep=sandbox.clock.advance)
    told = []

    class Told(Progress):
        def wait(self, name, seconds, reason):
            told.append((seconds, reason))

        def end(self, name, line):
            told.append(line)

    with lp.Api(session) as api:
        api.send_leads(FIVE, confirm=True, journal=journal, progress=Told())
    reason = "the limit is 2 requests in 60 s"
    assert told == [(60.0, reason), (60.0, reason), "leads: 5 sent."]


def test_a_429_is_waited_for_because_it_says_that_the_lead_was_not_taken_in(send, sandbox, waits):
    with sandbox.faults.on("rate_limited", after=1, times=2):
        assert send()["outcome"].tolist() == ["sent"] * 5
    assert sum(waits) == 2.0
    assert arrived(sandbox) == PHONES


def test_a_429_that_asks_for_an_hour_ends_the_run_and_the_rest_is_sent_later(send, sandbox, waits):
    with sandbox.faults.on("rate_limited_hour", after=2):
        result = send(warns=True)
    assert result["outcome"].tolist() == ["sent", "sent", "refused", "not sent", "not sent"]
    assert waits == []
    assert "429" in result.attrs["leadping"]["reason"]
    assert send()["outcome"].tolist() == ["sent before"] * 2 + ["sent"] * 3


def test_a_lead_that_the_api_refuses_is_not_repeated_until_it_is_mended(send, sandbox, journal):
    sandbox.set_source(requires_trusted_form=True)
    certificate = "https://cert.trustedform.com/" + "0" * 40
    df = FIVE.assign(trustedFormUrl=[certificate, None, certificate, certificate, certificate])
    assert send(df, warns=True)["outcome"].tolist() == ["sent", "refused", "sent", "sent", "sent"]
    sandbox.forget()
    result = send(df, warns=True)
    assert result["outcome"].tolist() == ["sent before", "refused before", *["sent before"] * 3]
    assert sandbox.requests == ()
    assert send(df.fillna(certificate))["outcome"].tolist() == ["sent before", "sent", *["sent before"] * 3]


def test_what_the_settings_of_the_source_refused_can_be_sent_again_after_they_changed(send, api, sandbox, journal):
    sandbox.set_source(requires_trusted_form=True)
    assert send(warns=True)["outcome"].tolist() == ["refused"] * 5
    sandbox.set_source(requires_trusted_form=False)
    result = send(warns=True)
    assert result["outcome"].tolist() == ["refused before"] * 5
    assert "resend_refused=True" in result["words"][0]
    assert api.send_leads(FIVE, journal=journal).counts == {"refused before": 5}
    assert api.send_leads(FIVE, journal=journal, resend_refused=True).counts == {"to send": 5}
    assert send(resend_refused=True)["outcome"].tolist() == ["sent"] * 5
    assert send(resend_refused=True)["outcome"].tolist() == ["sent before"] * 5
    assert arrived(sandbox) == PHONES


def test_a_source_that_is_off_ends_the_run_at_the_first_row(send, sandbox):
    sandbox.set_source(enabled=False)
    result = send(warns=True)
    assert result["outcome"].tolist() == ["refused", *["not sent"] * 4]
    assert len(sandbox.requests) == 1
    sandbox.set_source(enabled=True)
    assert send()["outcome"].tolist() == ["sent"] * 5


def test_something_that_is_missing_for_one_lead_ends_nothing(journal):
    statuses = iter([201, 404, 201, 201, 201])
    with lp.Api(on(lambda request: httpx.Response(next(statuses)))) as api, pytest.warns(lp.LeadsUnsentWarning):
        result = api.send_leads(FIVE, confirm=True, journal=journal)
    assert result["outcome"].tolist() == ["sent", "refused", "sent", "sent", "sent"]


def test_nested_leads_are_sent_as_the_structured_form(send, sandbox):
    df = pd.DataFrame({"contact.phone.number": PHONES[:2], "metadata.externalId": ["a", "a"]})
    df["metadata.trustedFormUrl"] = "https://cert.trustedform.com/" + "0" * 40
    df = df.assign(**{"contact.firstName": "Ada", "customer.gender": "F"})
    df["tagIds"], df["tagNames"] = [[[], []], [["new"], []]]
    assert send(df)["outcome"].tolist() == ["sent", "repeated"]
    assert sandbox.requests[-1].operation == "POST /leads"
    [lead] = sandbox.leads_received
    assert (lead["contact"]["phone"]["number"], lead["customer"]["gender"]) == (PHONES[0], "F")


def test_ten_refusals_in_a_row_are_enough(api, sandbox, journal):
    sandbox.set_source(requires_trusted_form=True)
    many = pd.DataFrame({"phone": [f"+1212555{number:04}" for number in range(100, 130)]})
    with pytest.warns(lp.LeadsUnsentWarning, match="ten in a row"):
        result = api.send_leads(many, confirm=True, journal=journal)
    assert result["outcome"].value_counts().to_dict() == {"refused": 10, "not sent": 20}


# -- what nobody knows ------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_said_and_not_sent_again_unless_told(send, sandbox, journal):
    with sandbox.faults.on("lead_answer_lost", after=1, times=1):
        result = send(warns=True)
    assert result["outcome"].tolist() == ["sent", "maybe sent", "sent", "sent", "sent"]
    assert not result.attrs["leadping"]["complete"]
    assert "resend_unknown=True" in send(warns=True)["words"][1]
    assert arrived(sandbox) == PHONES
    assert send(resend_unknown=True)["outcome"].tolist() == ["sent before", "sent", *["sent before"] * 3]
    assert arrived(sandbox) == [*PHONES, PHONES[1]]


def test_three_lost_answers_in_a_row_are_enough(send, sandbox):
    with sandbox.faults.on("lead_answer_lost"):
        result = send(warns=True)
    assert result["outcome"].tolist() == [*["maybe sent"] * 3, *["not sent"] * 2]


def test_where_there_is_no_connection_nothing_is_sent_and_all_is_sent_later(send, sandbox, journal):
    def refuses(request):
        raise httpx.ConnectError("refused", request=request)

    with lp.Api(on(refuses, base_url=sandbox.url)) as api, pytest.warns(lp.LeadsUnsentWarning, match="Nothing was"):
        result = api.send_leads(FIVE, confirm=True, journal=journal)
    assert result["outcome"].tolist() == ["not sent"] * 5
    assert send()["outcome"].tolist() == ["sent"] * 5


def test_ctrl_c_keeps_what_came_and_says_of_the_lead_on_its_way_that_nobody_knows(send, sandbox, journal):
    numbers = iter(range(5))

    def interrupted(request):
        if next(numbers) == 2:
            raise KeyboardInterrupt
        return httpx.Response(201, content=b'{"id":"1"}')

    with lp.Api(on(interrupted, base_url=sandbox.url)) as api, pytest.warns(lp.LeadsUnsentWarning, match="interrupted"):
        result = api.send_leads(FIVE, confirm=True, journal=journal)
    assert result["outcome"].tolist() == ["sent", "sent", "maybe sent", "not sent", "not sent"]
    assert send(warns=True)["outcome"].tolist() == ["sent before"] * 2 + ["maybe sent"] + ["sent"] * 2


def test_ctrl_c_in_a_wait_leaves_nothing_unknown(sandbox, journal):
    def interrupted(seconds):
        raise KeyboardInterrupt

    limit = lp.RateLimit(2, 60.0, monotonic=lambda: 0.0)
    session = on(lambda request: httpx.Response(201), rate=limit, sleep=interrupted)
    with lp.Api(session) as api, pytest.warns(lp.LeadsUnsentWarning):
        result = api.send_leads(FIVE, confirm=True, journal=journal)
    assert result["outcome"].tolist() == ["sent", "sent", "not sent", "not sent", "not sent"]


def test_another_thread_can_stop_it_between_two_leads(sandbox, journal):
    stop, numbers = threading.Event(), iter(range(5))

    def handler(request):
        if next(numbers) == 1:
            stop.set()
        return httpx.Response(201)

    with lp.Api(on(handler)) as api, pytest.warns(lp.LeadsUnsentWarning):
        result = api.send_leads(FIVE, confirm=True, journal=journal, stop=stop)
    assert result["outcome"].tolist() == ["sent", "sent", "not sent", "not sent", "not sent"]


# -- the journal ------------------------------------------------------------------------------------------------------


def test_a_journal_of_another_api_or_of_nothing_is_refused(send, api, sandbox, journal):
    send()
    with lp.Api(on(lambda request: httpx.Response(201))) as other, pytest.raises(lp.LeadpingError, match="these go to"):
        other.send_leads(FIVE, confirm=True, journal=journal)
    for content in ("something else", "[]\n", '{"journal": 1}\n', journal.read_text().replace('"row"', '"rows"')):
        journal.write_text(content)
        with pytest.raises(lp.LeadpingError, match="no journal"):
            api.send_leads(FIVE, confirm=True, journal=journal)
        assert journal.read_text() == content
    assert arrived(sandbox) == PHONES


def test_two_runs_cannot_have_one_journal(api, sandbox, journal):
    if sys.platform == "win32":
        pytest.skip("Windows has no such hold.")
    with Journal.opened(journal, api.base_url), pytest.raises(lp.LeadpingError, match="Another run"):
        api.send_leads(FIVE, confirm=True, journal=journal)
    assert sandbox.requests == ()


def test_a_journal_in_no_folder_or_on_a_full_disk_sends_nothing_that_is_not_in_it(api, sandbox, tmp_path, monkeypatch):
    with pytest.raises(lp.LeadpingError, match="cannot be written"):
        api.send_leads(FIVE, confirm=True, journal=tmp_path / "none" / "sent.jsonl")
    syncs = iter(range(20))

    def full(file):
        if next(syncs) == 4:  # the head, its folder, then two lines a lead
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.warns(lp.LeadsUnsentWarning, match="No space left"):
        result = api.send_leads(FIVE, confirm=True, journal=tmp_path / "sent.jsonl")
    assert result["outcome"].tolist() == ["sent", "not sent", "not sent", "not sent", "not sent"]
    assert arrived(sandbox) == PHONES[:1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL.")
@pytest.mark.parametrize(
    ("number", "moment", "came", "outcomes"),
    [
        # The head, its folder, then a line before each lead and one after it.
        (5, "before", 1, ["sent before", "maybe sent", "sent", "sent"]),
        (5, "after", 1, ["sent before", "maybe sent", "sent", "sent"]),
        (6, "before", 2, ["sent before", "sent before", "sent", "sent"]),
        (6, "after", 2, ["sent before", "sent before", "sent", "sent"]),
    ],
)
def test_a_run_that_was_killed_goes_on_without_sending_a_lead_twice(
    send, sandbox, journal, number, moment, came, outcomes
):
    command = [sys.executable, str(CHILD), sandbox.url, str(journal), str(number), moment]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, input=sandbox.source_key, text=True, env=environment, check=False)
    assert done.returncode == -9
    assert len(arrived(sandbox)) == came
    assert send(CHILD_LEADS, warns="maybe sent" in outcomes)["outcome"].tolist() == outcomes
    assert len(set(arrived(sandbox))) == len(arrived(sandbox)) == 4 - outcomes.count("maybe sent")


class Crash(BaseException):
    """The process ends here."""


ENDS = {
    "taken in": (True, httpx.Response(201, content=b'{"id":"1"}')),
    "refused": (False, httpx.Response(400)),
    "lost": (True, httpx.ReadTimeout("")),
    "lost before": (False, httpx.ReadTimeout("")),
    "error": (True, httpx.Response(502)),
    "no connection": (False, httpx.ConnectError("")),
    "interrupted": (True, KeyboardInterrupt()),
    "killed before": (False, Crash()),
    "killed after": (True, Crash()),
}


@given(st.lists(st.sampled_from(sorted(ENDS)), max_size=12), st.lists(st.integers(1, 12), max_size=4), st.data())
@pytest.mark.filterwarnings("ignore::leadping_nb.errors.LeadsUnsentWarning")
def test_no_lead_arrives_twice_whatever_ends_each_of_many_runs(tmp_path_factory, ends, kills, data):
    path = tmp_path_factory.mktemp("journal") / "sent.jsonl"
    came, left = [], list(ends)

    def handler(request):
        arrives, end = ENDS[left.pop(0)] if left else ENDS["taken in"]
        if arrives:
            came.append(json.loads(request.content)["externalId"])
        if isinstance(end, BaseException):
            raise end
        return end

    def dies(at):
        """Let the process die in the at-th write, with a part of the line on the disk."""
        counted = iter(range(1, 1_000))

        def fsync(file):
            if next(counted) == at and os.fstat(file).st_size:
                size = os.fstat(file).st_size
                os.ftruncate(file, size - data.draw(st.integers(0, min(size, 60))))
                raise Crash

        return fsync

    result = None
    for at in [*kills, *[None] * 14]:
        if at is None and result is not None and not result["outcome"].isin(["not sent", "refused"]).any():
            break
        with pytest.MonkeyPatch.context() as patch, lp.Api(on(handler)) as api:
            patch.setattr(journal_module.os, "fsync", dies(at) if at else lambda file: None)
            patch.setattr(journal_module, "sync_folder", lambda folder: None)
            try:
                result = api.send_leads(FIVE, confirm=True, journal=path)
            except Crash:
                continue
        known = {"sent", "sent before"}
        assert {FIVE["externalId"][row] for row in result.index[result["outcome"].isin(known)]} <= set(came)
    assert len(came) == len(set(came))
    # What did not arrive in the end is refused or unknown, and is never called sent.
    missing = set(FIVE["externalId"]) - set(came)
    states = dict(zip(FIVE["externalId"], result["outcome"], strict=True))
    assert all(states[name] in ("maybe sent", "refused before") for name in missing)


def on(handler, *, base_url="http://127.0.0.1:9", **how):
    credential = lp.Credential.from_text("lp_src_sandbox_test")
    transport = httpx.MockTransport(handler)
    return Session(credential, base_url=base_url, contract=contract(), transport=transport, **how)
