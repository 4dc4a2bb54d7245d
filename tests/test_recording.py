"""Recordings: what is kept, what is not, and a sandbox that serves them."""

import json
import os
import stat
import uuid

import httpx
import pandas as pd
import pytest

import leadping_nb as lp
from leadping_nb.recording import recorder
from leadping_nb.recording.folder import HEADER, Recording
from leadping_nb.session.http import Session

LISTS = ("leads", "events", "calls", "sms", "conversations", "sources", "tags", "users", "usage", "transactions")
NOW = "2026-07-05T12:00:00Z"


def quiet(_sentence):
    pass


def record_everything(api, folder, page_size=40):
    """Record what a workshop would ask for: lists, single rows, and what is no list."""
    with api.record(folder, say=quiet) as recording:
        frames = {name: api.frame(name, page_size=page_size, progress=False) for name in LISTS}
        for id_ in frames["leads"]["id"][:6]:
            api.one("leads", id_)
        event = frames["sms"]["id"].iloc[0]
        api.get(f"/events/{event}/detail")
        for path in ("/users/me", "/businesses/me", "/analytics/my"):
            api.get(path)
        api.frame("phone_calls", path={"phoneNumber": frames["leads"]["phone"].iloc[0]}, progress=False)
    return recording, frames


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A recording of 120 leads that tests read and do not change, and the frames that were loaded."""
    folder = tmp_path_factory.mktemp("recordings") / "demo"
    with (
        lp.Sandbox(leads=120, seed=11, now=NOW, rate_limit=None) as sandbox,
        lp.connect(sandbox, rate_limit=None) as api,
    ):
        recording, frames = record_everything(api, folder)
    return recording, frames


@pytest.fixture(scope="module")
def replayed(recorded):
    """A connection to the raw recording."""
    with (
        lp.Sandbox(replay=recorded[0].folder, allow_raw=True, rate_limit=None) as sandbox,
        lp.connect(sandbox, rate_limit=None) as api,
    ):
        yield api


def answering(body, status=200, revision="2026-07-05"):
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    credential = lp.Credential.from_text("lp_test_0123456789abcdef")
    return Session(credential, base_url="http://127.0.0.1:1", contract=lp.contract(revision), transport=transport)


def test_every_answer_is_kept_byte_for_byte(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo", say=quiet) as recording:
        pages = list(api.pages("leads", page_size=100))
    assert [recording.body(entry) for entry in recording.entries()] == [page.body for page in pages]


def test_the_index_says_what_was_asked(recorded):
    entries = list(recorded[0].entries())
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    first, second = [entry for entry in entries if entry.operation == "POST /leads/all/my"][:2]
    assert first.body == {"pageSize": 40, "includeCount": True}
    assert second.body["continuationToken"]
    by_phone = entries[-1]
    assert (by_phone.operation, by_phone.status) == ("POST /events/calls/phone/{phoneNumber}", 200)
    assert by_phone.path["phoneNumber"].startswith("+1")


def test_no_file_holds_the_credential(tmp_path):
    text = "lp_test_0123456789abcdef"
    with (
        answering(json.dumps({"items": [{"id": text}]}).encode()) as session,
        recorder.record(session, tmp_path / "demo", say=quiet),
    ):
        session.read(lp.contract().operation("POST /leads/all/my"), body={"search": "Ada"})
    files = [path for path in (tmp_path / "demo").rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert not [path for path in files if text in path.read_text(encoding="utf-8")]


def test_an_id_that_is_no_text_is_kept_as_it_was_sent(tmp_path):
    number = uuid.UUID(int=7)
    with answering(b"{}") as session, recorder.record(session, tmp_path / "demo", say=quiet) as recording:
        session.read(lp.contract().operation("GET /leads/{id}"), path={"id": number})
    (entry,) = recording.entries()
    assert entry.path == {"id": str(number)}


def test_a_refused_read_is_noted_without_its_answer(tmp_path):
    operation = lp.contract().operation("GET /users/me")
    with (
        answering(b'{"detail": "words of the server"}', 403) as session,
        recorder.record(session, tmp_path / "demo", say=quiet) as recording,
        pytest.raises(lp.ForbiddenError),
    ):
        session.read(operation)
    (entry,) = recording.entries()
    assert (entry.status, entry.answer) == (403, None)
    assert recording.table.rows == (("GET /users/me", 0, 1),)


def test_nothing_is_kept_outside_of_the_block(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api:
        with api.record(tmp_path / "demo", say=quiet) as recording:
            api.get("/users/me")
        api.get("/users/me")
    assert len(list(recording.entries())) == 1


def test_it_says_at_the_start_that_customers_will_lie_there(small_sandbox, tmp_path, capsys):
    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo"):
        pass
    assert "customers included" in capsys.readouterr().out
    assert "real\npeople" in (tmp_path / "demo" / "README.txt").read_text()
    assert (tmp_path / "demo" / ".gitignore").read_text() == "*\n"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_others_on_the_machine_cannot_open_it(recorded):
    assert stat.S_IMODE(recorded[0].folder.stat().st_mode) == 0o700


def test_loads_side_by_side_are_all_kept(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo", say=quiet) as recording:
        api.frames("leads", "events", "calls", page_size=50, progress=False)
    entries = list(recording.entries())
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry.operation for entry in entries} == {
        "POST /leads/all/my",
        "POST /events/all/my",
        "POST /events/calls/all/my",
    }


def test_a_recording_goes_on_and_a_line_that_was_cut_off_does_not_count(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api:
        with api.record(tmp_path / "demo", say=quiet) as recording:
            api.get("/users/me")
        with (recording.answers / "requests.jsonl").open("ab") as file:
            file.write(b'{"number": 2, "operation": "GET /bus')
        assert len(list(recording.entries())) == 1
        with api.record(tmp_path / "demo", say=quiet):
            api.get("/businesses/me")
    assert [entry.operation for entry in recording.entries()] == ["GET /users/me", "GET /businesses/me"]


def test_a_folder_with_something_else_is_refused(small_sandbox, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with (
        lp.connect(small_sandbox) as api,
        pytest.raises(lp.LeadpingError, match="holds something else"),
        api.record(tmp_path),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_recording_of_another_revision_is_refused(recorded):
    with (
        lp.Sandbox(leads=1, revision="2026-10-26") as sandbox,
        lp.connect(sandbox) as api,
        pytest.raises(lp.LeadpingError, match="2026-07-05, and this connection goes by 2026-10-26"),
        api.record(recorded[0].folder),
    ):
        pass


def test_a_disk_that_takes_nothing_ends_the_read_with_words(small_sandbox, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo", say=quiet):
        monkeypatch.setattr(Recording, "add", full)
        with pytest.raises(lp.LeadpingError, match=r"could not be kept .* No space left"):
            api.get("/users/me")


@pytest.mark.parametrize("text", [None, "{", '{"format": 2}', "[]"])
def test_a_folder_without_a_recording_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / HEADER).write_text(text)
    with pytest.raises(lp.LeadpingError, match="recording"):
        lp.Sandbox(replay=tmp_path)


def test_a_raw_recording_is_not_served_by_mistake(recorded):
    with pytest.raises(lp.LeadpingError, match="has its customers in it"):
        lp.Sandbox(replay=recorded[0].folder)


def test_a_replay_takes_no_options_of_made_up_data(recorded):
    with pytest.raises(lp.LeadpingError, match="of its recording"):
        lp.Sandbox(replay=recorded[0].folder, allow_raw=True, leads=10)


@pytest.mark.parametrize("name", LISTS)
def test_a_replayed_list_is_the_list_that_was_recorded(recorded, replayed, name):
    pd.testing.assert_frame_equal(replayed.frame(name, progress=False), recorded[1][name])


def test_a_replayed_list_takes_any_page_size_filter_and_order(recorded, replayed):
    leads = recorded[1]["leads"]
    status = leads["status"].iloc[0]
    got = replayed.frame("leads", page_size=7, filters={"status": status}, order_by="price", progress=False)
    assert set(got["id"]) == set(leads[leads["status"] == status]["id"])
    assert got["price"].dropna().is_monotonic_increasing
    assert got.attrs["leadping"]["complete"]


def test_single_rows_come_from_details_and_from_lists(recorded, replayed):
    frames = recorded[1]
    assert replayed.one("leads", frames["leads"]["id"].iloc[2])["contact"]
    assert replayed.one("events", frames["events"]["id"].iloc[-1])["id"] == frames["events"]["id"].iloc[-1]


def test_the_list_of_one_lead_is_picked_out_of_the_long_one(recorded, replayed):
    events = recorded[1]["events"]
    lead = events["leadId"].iloc[0]
    got = replayed.frame("lead_events", path={"leadId": lead}, progress=False)
    assert list(got["id"]) == list(events[events["leadId"] == lead]["id"])


def test_what_was_not_recorded_is_said_to_be_so(replayed):
    with pytest.raises(lp.ServerError, match="GET /wallets/me was not recorded") as caught:
        replayed.get("/wallets/me")
    assert caught.value.status == 501
    with pytest.raises(lp.NotFoundError, match="was recorded, but not with these values"):
        replayed.one("leads", "lead_9999999")
    with pytest.raises(lp.NotFoundError, match="not with these values"):
        replayed.frame("leads", params={"archiveFilter": "archived"}, progress=False)


def test_a_list_recorded_with_a_narrower_query_is_served_so_and_counts_for_the_whole(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo", say=quiet):
        narrow = api.frame("leads", params={"archiveFilter": "archived"}, progress=False)
        api.frame("leads", limit=10, page_size=10, order_by="createdAt", progress=False)
    with lp.Sandbox(replay=tmp_path / "demo", allow_raw=True) as sandbox, lp.connect(sandbox) as api:
        pd.testing.assert_frame_equal(api.frame("leads", params={"archiveFilter": "archived"}, progress=False), narrow)
        assert len(api.frame("leads", progress=False)) == sandbox.leads >= len(narrow)


def test_the_latest_version_of_a_row_is_served(tmp_path):
    operation = lp.contract().operation("POST /leads/all/my")
    for name in ("Ada", "Grace"):
        page = {"items": [{"id": "lead_1", "firstName": name}], "continuationToken": None, "totalCount": 1}
        with (
            answering(json.dumps(page).encode()) as session,
            recorder.record(session, tmp_path / "demo", say=quiet),
        ):
            session.read(operation, body={})
    with lp.Sandbox(replay=tmp_path / "demo", allow_raw=True) as sandbox, lp.connect(sandbox) as api:
        assert [row["firstName"] for row in api.rows("leads")] == ["Grace"]


def test_faults_keys_and_discovery_of_a_replay_are_the_sandboxs_own(recorded):
    with lp.Sandbox(replay=recorded[0].folder, allow_raw=True) as sandbox:
        assert lp.inspect_token(sandbox.user_token, discovery=lp.discover(sandbox.url)).verdict == "valid"
        assert sandbox.source_ids == tuple(recorded[1]["sources"]["id"])
        with lp.connect(sandbox) as api:
            sandbox.faults.on("html_with_200", times=1)
            with pytest.raises(lp.ResponseError, match="web page"):
                api.get("/users/me")
            assert api.get("/users/me")["id"] == sandbox.user_id


def test_a_lead_that_is_sent_to_a_replay_stands_in_its_list(recorded):
    with lp.Sandbox(replay=recorded[0].folder, allow_raw=True) as sandbox, lp.connect(sandbox) as api:
        before = list(api.rows("leads"))
        sent = httpx.post(
            f"{sandbox.url}/leads/intake",
            headers={"Authorization": f"Bearer {sandbox.source_key}"},
            json={"firstName": "New", "phone": "+15125550100"},
        ).json()
        rows = list(api.rows("leads"))
        assert (rows[0]["id"], rows[1:]) == (sent["id"], before)
        assert api.one("leads", sent["id"])["contact"]["firstName"] == "New"


def test_a_recording_shows_itself(recorded):
    assert "with the customers in it" in str(recorded[0])
    assert "POST /leads/all/my" in recorded[0]._repr_html_()
    assert set(recorded[0].frame.columns) == {"operation", "answers", "refused"}
