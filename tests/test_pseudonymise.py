"""Pseudonymised recordings: nobody is left in them, and everything that was counted or joined can be still."""

import base64
import json
import re
import shutil
import uuid
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import given, strategies as st
from test_recording import LISTS, NOW, answering, quiet, record_everything

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.durable import write_durably
from leadping_nb.recording import recorder
from leadping_nb.recording.fakes import Fakes
from leadping_nb.recording.folder import Recording
from leadping_nb.recording.json_text import read_json, write_json
from leadping_nb.recording.kinds import Kind, kind_of
from leadping_nb.recording.originals import Originals
from leadping_nb.recording.zones import STATES

# The test's own view of what is about people: the last part of a field's name, in the lists that are recorded.
ABOUT_PEOPLE = re.compile(
    r"""firstName|lastName|leadName|userName|user|actorDisplayName|createdBy|senderName|email|userEmail
    |phone|\w*[pP]honeNumber|callerId|number|smsConsentPhoneNumber|line[12]|city|postalCode|ipAddress|birthDate
    |landingPage|\w+Url|website|id|\w+Id|\w+Ids|externalId|text|summary|description|lastSnippet|details?|message
    |business|businessName|sourceName|utmCampaign|utmMedium|utmSource|apiKeyPreview|ein|domain|normalizedName
    |search|value|source|name|selectedDomain""",
    re.VERBOSE,
)
LEFT_BY_DESIGN = {"timeZoneId"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A recording as it came, the same one pseudonymised, and the report."""
    raw = tmp_path_factory.mktemp("recordings") / "raw"
    with (
        lp.Sandbox(leads=120, seed=12, now=NOW, rate_limit=None) as sandbox,
        lp.connect(sandbox, rate_limit=None) as api,
    ):
        recording, frames = record_everything(api, raw)
        row = frames["leads"].iloc[7]
        with api.record(raw, say=quiet):
            filters = {"email": row["email"]}
            api.frame("leads", filters=filters, search=row["firstName"], page_size=10, progress=False)
    report = lp.pseudonymise(raw, seed="example", to=raw.with_name("demo"))
    return recording, Recording.read(raw.with_name("demo")), report


@pytest.fixture(scope="module")
def frames(both):
    """The lists before and after, each served by a sandbox."""
    served = []
    for recording in both[:2]:
        with (
            lp.Sandbox(replay=recording.folder, allow_raw=not recording.pseudonymised, rate_limit=None) as sandbox,
            lp.connect(sandbox, rate_limit=None) as api,
        ):
            served.append({name: api.frame(name, progress=False) for name in LISTS})
    return served


def texts(value, name=""):
    """Give every text of a JSON value with the name of its field."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from texts(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry, name)
    elif isinstance(value, str):
        yield name, value


def originals_of(recording):
    """Give every text about people, but for those that also stand where nothing is about people, such as "website"."""
    found, words = set(), set()
    for entry in recording.entries():
        asked = {"path": dict(entry.path), "body": entry.body}
        for name, text in [*texts(json.loads(recording.body(entry))), *texts(asked)]:
            about = name == "continuationToken" or ABOUT_PEOPLE.fullmatch(name)
            (found if about and name not in LEFT_BY_DESIGN else words).add(text)
    shared = {text for text in words & found if not re.search(r"[\s@\d]", text)}
    assert shared <= {"website", "User"}
    return {text for text in found - shared if len(text) >= 3}


@pytest.mark.parametrize("encode", [quote, lambda text: base64.b64encode(text.encode()).decode().rstrip("=")[:-2]])
def test_no_original_is_left_in_another_writing(both, encode):
    recording, pseudonymised, _ = both
    everything = "\n".join(path.read_text() for path in pseudonymised.folder.rglob("*.json*"))
    written = {encode(text) for text in originals_of(recording) if len(text) > 8 and encode(text) != text}
    assert len(written) > 900
    assert not [form for form in written if form in everything]


@pytest.mark.parametrize("name", LISTS)
def test_frames_keep_their_shape_dtypes_and_nulls(frames, name):
    before, after = (side[name] for side in frames)
    assert after.shape == before.shape
    pd.testing.assert_series_equal(after.dtypes, before.dtypes)
    pd.testing.assert_frame_equal(after.isna(), before.isna())


@pytest.mark.parametrize("name", ["leads", "calls", "usage", "transactions"])
def test_numbers_times_and_words_are_as_they_were(frames, name):
    before, after = (side[name].select_dtypes(["number", "datetimetz", "bool"]) for side in frames)
    pd.testing.assert_frame_equal(after, before)


def test_words_of_the_api_stay_but_where_they_hold_a_name(frames):
    before, after = (side["leads"]["status"] for side in frames)
    changed = before != after
    assert set(before[changed]) == {"Sold by a partner"}  # because a campaign of the sandbox is called "partner"
    assert after.groupby(after).size().sort_values().tolist() == before.groupby(before).size().sort_values().tolist()


@pytest.mark.parametrize(
    ("left", "right", "on"),
    [
        ("leads", "events", ("id", "leadId")),
        ("leads", "calls", ("phone", "toPhoneNumber")),
        ("leads", "conversations", ("phone", "leadPhoneNumber")),
        ("sources", "leads", ("id", "sourceId")),
        ("sources", "leads", ("name", "sourceName")),
        ("events", "sms", ("id", "id")),
        ("conversations", "events", ("id", "conversationId")),
    ],
)
def test_joins_give_as_many_rows_as_before(frames, left, right, on):
    counts = [
        len(side[left].merge(side[right], left_on=on[0], right_on=on[1], suffixes=("", "_right"))) for side in frames
    ]
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("column", ["sourceName", "firstName", "lastName", "phone", "email", "id", "businessId"])
def test_groups_are_as_many_and_as_large_as_before(frames, column):
    before, after = (side["leads"].groupby(column).size().sort_values().tolist() for side in frames)
    assert after == before


def test_a_name_is_the_same_name_in_every_list(frames):
    sms, leads = frames[1]["sms"], frames[1]["leads"]
    names = dict(zip(leads["id"], leads["firstName"] + " " + leads["lastName"], strict=True))
    known = sms["leadId"].map(names).dropna()
    assert len(known) > 50
    assert (sms["leadName"][known.index] == known).all()


def test_telephone_numbers_and_mailboxes_are_nobodys(frames):
    leads = frames[1]["leads"]
    assert leads["phone"].str.fullmatch(r"\+1[2-9][0-8]\d55501\d\d").all()
    assert leads["email"].str.fullmatch(r"[a-z.]+\d+@example\.(com|net|org)").all()


def test_requests_and_cursors_are_pseudonymised_alike(both):
    before, after = ([entry.body for entry in recording.entries()] for recording in both[:2])
    leads = [row for entry in both[1].entries() if entry.operation == "POST /leads/all/my"
             for row in json.loads(both[1].body(entry))["items"]]  # fmt: skip
    asked = after[-1]
    assert asked["filters"][0]["value"] in {row["email"] for row in leads}
    assert asked["search"] in {row["firstName"] for row in leads}
    entries = list(both[1].entries())
    first, second = entries[0], entries[1]
    assert json.loads(both[1].body(first))["continuationToken"] == second.body["continuationToken"]
    assert second.body["continuationToken"] != before[1]["continuationToken"]


def test_the_same_seed_gives_the_same_and_another_gives_others(both, tmp_path):
    again = lp.pseudonymise(both[0].folder, seed="example", to=tmp_path / "again")
    other = lp.pseudonymise(both[0].folder, to=tmp_path / "other")
    same, others = Recording.read(again.folder), Recording.read(other.folder)
    entries = list(both[1].entries())
    assert list(same.entries()) == entries
    assert [same.body(entry) for entry in entries] == [both[1].body(entry) for entry in entries]
    assert all(
        others.body(entry) != both[1].body(entry) for entry in entries if entry.operation == "POST /leads/all/my"
    )


def test_the_report_names_every_field_left_alone_with_its_reason(both):
    report = both[2]
    alone = {entry.field: entry.why for entry in report.left_alone}
    assert alone["LeadTableRow.price"] == "number"
    assert alone["LeadTableRow.createdAt"] == "time"
    assert alone["LeadTableRow.status"] == "word of the API"
    assert "LeadTableRow.email" not in alone
    assert report.leftovers == ()
    frame = report.frame
    assert frame[frame["treatment"] == "replaced"]["values"].sum() == report.replaced
    assert "Nothing that was replaced is left" in str(report)
    assert "LeadTableRow.price" in report._repr_html_()


def test_in_place_what_came_is_gone_and_a_second_time_changes_nothing(small_sandbox, tmp_path):
    folder = tmp_path / "demo"
    with lp.connect(small_sandbox) as api, api.record(folder, say=quiet):
        api.frame("leads", limit=20, page_size=10, progress=False)
    report = lp.pseudonymise(folder, seed=1)
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path.parts[0] for path in files} == {"README.txt", "recording.json", "report.json", "pseudonymised"}
    assert lp.pseudonymise(folder, seed=2) == report
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files
    with (
        lp.connect(small_sandbox) as api,
        pytest.raises(lp.LeadpingError, match="pseudonymised; nothing raw"),
        api.record(folder),
    ):
        pass


class Crash(BaseException):
    """A process that ends, as far as files can tell."""


@pytest.mark.parametrize("at", range(1, 9))
def test_wherever_it_crashes_the_folder_never_looks_done_while_originals_are_in_it(tmp_path, monkeypatch, at):
    folder = tmp_path / "demo"
    body = page({"firstName": "Ada", "phone": "+15125550147"})
    with answering(body) as session, recorder.record(session, folder, say=quiet):
        session.read(contract().operation("POST /leads/all/my"), body={})
    steps = iter(range(1, 100))

    def crashing(function):
        def step(*arguments, **options):
            if next(steps) == at:
                raise Crash
            return function(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr("leadping_nb.recording.folder.write_durably", crashing(write_durably))
        patch.setattr("leadping_nb.recording.pseudonymising.write_durably", crashing(write_durably))
        for name in ("discard_answers", "discard_originals"):
            patch.setattr(Recording, name, crashing(getattr(Recording, name)))
        try:
            lp.pseudonymise(folder, seed="example")
            crashed = False
        except Crash:
            crashed = True
    if crashed and (folder / "raw").exists():
        with pytest.raises(lp.LeadpingError, match="has its customers in it"):
            lp.Sandbox(replay=folder)
    lp.pseudonymise(folder, seed="example")
    assert "Ada" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    lp.Sandbox(replay=folder).close()


def page(*rows, **others):
    return json.dumps({"items": rows, "continuationToken": None, "totalCount": len(rows), **others}).encode()


def pseudonymised(tmp_path, body, operation="POST /leads/all/my", **sent):
    """Record one answer, pseudonymise it, and give the answer of after and the report."""
    with (
        answering(body) as session,
        recorder.record(session, tmp_path / "demo", say=quiet) as recording,
    ):
        session.read(contract().operation(operation), body={}, **sent)
    report = lp.pseudonymise(recording.folder, seed="example")
    done = Recording.read(recording.folder)
    (entry,) = done.entries()
    return (None if entry.answer is None else json.loads(done.body(entry))), report


def test_what_no_model_knows_is_replaced_and_reported(tmp_path):
    row = {"id": "lead_0000001", "spouse": "Jane Roe", "score": 7, "cell": 15125550147, "extra": {"Jane Roe": ["x y"]}}
    answer, report = pseudonymised(tmp_path, page(row))
    (after,) = answer["items"]
    assert after["spouse"] != "Jane Roe"
    assert after["score"] == 7
    assert after["cell"] != 15125550147
    assert len(str(after["cell"])) == 11
    assert "Jane Roe" not in after["extra"]
    unknown = {entry.field: entry.treatment for entry in report.fields if not entry.known}
    assert unknown["LeadTableRow.spouse"] == "replaced"
    assert unknown["LeadTableRow.score"] == "left alone"


@pytest.mark.parametrize("name", ["DOB", "date_of_birth", "BirthDate", "born", "Date of birth", "leadDob", "started"])
def test_a_birth_date_under_any_name_is_replaced(tmp_path, name):
    row = {"createdAt": "2026-07-05T08:00:00Z", "sourceMetadata": {name: "1961-03-14"}, name: "1961-03-14"}
    answer, report = pseudonymised(tmp_path, page(row))
    (after,) = answer["items"]
    assert after["createdAt"] == row["createdAt"]
    assert "1961-03-14" not in json.dumps(answer)
    assert report.leftovers == ()


def test_a_birth_date_is_replaced_where_else_it_stands_and_another_date_is_not(tmp_path):
    row = {"createdAt": "1961-03-14", "archivedAt": "2026-07-05", "DOB": "1961-03-14", "asked": "2026-07-05"}
    answer, report = pseudonymised(tmp_path, page(row))
    (after,) = answer["items"]
    assert after["createdAt"] == after["DOB"] != "1961-03-14"
    assert after["archivedAt"] == "2026-07-05" != after["asked"]
    assert report.spared == 1


def test_a_birth_date_that_is_left_stops_it(tmp_path, monkeypatch):
    monkeypatch.setattr(Fakes, "of", lambda _self, _kind, text: text)
    with pytest.raises(lp.LeadpingError, match="date of birth of the original is still in answer 1"):
        pseudonymised(tmp_path, page({"DOB": "1961-03-14"}))


def test_a_year_with_a_birth_on_each_day_leaves_no_original(tmp_path):
    days = [str(day.date()) for day in pd.date_range("1961-01-01", "1961-12-31")]
    answer, _ = pseudonymised(tmp_path, page(*({"born": day} for day in days)))
    assert not {row[key] for row in answer["items"] for key in row} & set(days)


def test_a_word_that_holds_a_person_is_no_word(tmp_path):
    rows = [
        {"firstName": "Ada", "lastName": "Lovelace", "status": "Call Ada back"},
        {"firstName": "Ada", "lastName": "Byron", "status": "sold 15125550147"},
        {"firstName": "Eve", "lastName": "Byron", "status": "Sold"},
    ]
    answer, _ = pseudonymised(tmp_path, page(*rows))
    statuses = [row["status"] for row in answer["items"]]
    assert statuses[2] == "Sold"
    assert not {"Ada", "15125550147"} & set(re.findall(r"\w+", " ".join(statuses)))


def test_a_number_in_another_writing_stays_the_same_number(tmp_path):
    rows = [{"phone": "+15125550147"}, {"phone": "(512) 555-0147"}, {"phone": "512-555-0147"}, {"phone": "15125550147"}]
    answer, _ = pseudonymised(tmp_path, page(*rows))
    numbers = [row["phone"] for row in answer["items"]]
    assert {re.sub(r"\D", "", number)[-10:] for number in numbers} == {numbers[0][2:]}
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", numbers[1])


def test_json_in_a_text_is_walked_through(tmp_path):
    inner = json.dumps({"email": "ada@lovelace.test", "age": 36})
    answer, _ = pseudonymised(tmp_path, page({"email": "ada@lovelace.test", "rawRecordJson": inner}))
    (row,) = answer["items"]
    assert json.loads(row["rawRecordJson"]) == {"email": row["email"], "age": 36}


def test_every_number_keeps_its_digits(tmp_path):
    body = b'{"items":[{"price":18.50,"id":"lead_1"},{"price":1E+2},{"price":0.12345678901234567890}]}'
    with answering(body) as session, recorder.record(session, tmp_path / "demo", say=quiet):
        session.read(contract().operation("POST /leads/all/my"), body={})
    lp.pseudonymise(tmp_path / "demo", seed="example")
    text = (tmp_path / "demo" / "pseudonymised" / "000001.json").read_text()
    assert re.findall(r'"price":([^,}]+)', text) == ["18.50", "1E+2", "0.12345678901234567890"]


@pytest.mark.parametrize("body", [b"First,Last\nAda,Lovelace\n", b"[" * 100_000, b'{"items": [{"id": '])
def test_an_answer_that_is_no_json_is_left_out_and_reported(tmp_path, body):
    answer, report = pseudonymised(tmp_path, body, "GET /users/me")
    assert answer is None
    assert [entry.treatment for entry in report.fields if entry.why == "not JSON"] == ["left out"]
    assert not list((tmp_path / "demo" / "pseudonymised").glob("0*"))


def test_half_a_character_and_a_byte_order_mark_do_no_harm(tmp_path):
    body = b'\xef\xbb\xbf{"items": [{"firstName": "Ada\\ud83d", "status": "\\ud83d"}]}'
    answer, _ = pseudonymised(tmp_path, body)
    assert "Ada" not in answer["items"][0]["firstName"]


def test_an_original_that_would_survive_stops_it_and_is_not_repeated(tmp_path, monkeypatch):
    with answering(page({"firstName": "Zebedee"})) as session, recorder.record(session, tmp_path / "demo", say=quiet):
        session.read(contract().operation("POST /leads/all/my"), body={})
    monkeypatch.setattr(Fakes, "of", lambda *_: "of Zebedee")
    expected = "name of a person of the original is still in answer 1, to POST /leads/all/my, in LeadTableRow.firstName"
    with pytest.raises(lp.LeadpingError, match=expected) as caught:
        lp.pseudonymise(tmp_path / "demo")
    assert "Zebedee" not in str(caught.value)
    assert not (tmp_path / "demo" / "pseudonymised").exists()
    assert Recording.read(tmp_path / "demo").holds_originals


@pytest.mark.parametrize(
    "name", ["test example", "max com", "https http", "TEST EXAMPLE", "www Mozilla", "unit Browser", "evt pdf"]
)
def test_a_name_that_stands_in_every_stand_in_stops_nothing(tmp_path, name):
    first, last = name.split()
    row = {"firstName": first, "lastName": last, "email": f"{first}@{last}.test", "id": "evt_0000001"}
    answer, report = pseudonymised(
        tmp_path, page({**row, "site": "https://ada.test/a.pdf", "mail": "ADA@LOVELACE.TEST", "userAgent": "Ada/1"})
    )
    (after,) = answer["items"]
    assert {first, last}.isdisjoint({after["firstName"], after["lastName"]})
    assert report.leftovers == ()


def test_a_web_address_of_the_stand_ins_stops_nothing(tmp_path):
    answer, _ = pseudonymised(tmp_path, page({"site": "https://www.example.com/"}, {"site": "https://ada.test/"}))
    assert answer["items"][0]["site"] != "https://www.example.com/"


def test_without_its_report_a_folder_is_pseudonymised_all_the_same(tmp_path):
    pseudonymised(tmp_path, page({"firstName": "Ada"}))
    (tmp_path / "demo" / "report.json").unlink()
    with pytest.raises(lp.LeadpingError, match=r"pseudonymised already, and its report\.json cannot be read"):
        lp.pseudonymise(tmp_path / "demo")


def test_a_recording_of_nothing_becomes_a_sandbox_of_nothing(small_sandbox, tmp_path):
    with lp.connect(small_sandbox) as api, api.record(tmp_path / "demo", say=quiet):
        pass
    assert lp.pseudonymise(tmp_path / "demo").replaced == 0
    with (
        lp.Sandbox(replay=tmp_path / "demo") as sandbox,
        lp.connect(sandbox) as api,
        pytest.raises(lp.ServerError, match="was not recorded"),
    ):
        api.frame("leads", progress=False)


def test_every_list_of_every_revision_can_be_recorded_and_replayed(tmp_path):
    for revision in REVISIONS:
        folder = tmp_path / revision
        shapes = {}
        with (
            lp.Sandbox(leads=12, revision=revision, now=NOW, rate_limit=None) as sandbox,
            lp.connect(sandbox, rate_limit=None) as api,
            api.record(folder, say=quiet),
        ):
            found = api.resources
            for name in found[(found["readable"] == "allowed") & (found["needs"].str.len() == 0)]["name"]:
                shapes[name] = api.frame(name, progress=False).shape
        lp.pseudonymise(folder, seed="example")
        with lp.Sandbox(replay=folder, rate_limit=None) as sandbox, lp.connect(sandbox, rate_limit=None) as api:
            assert sandbox.revision == revision
            assert {name: api.frame(name, progress=False).shape for name in shapes} == shapes
        assert len(shapes) > 12


def test_a_target_with_something_in_it_is_refused(both):
    with pytest.raises(lp.LeadpingError, match="holds something already"):
        lp.pseudonymise(both[0].folder, to=both[1].folder)


def test_a_folder_without_a_recording_is_refused(tmp_path):
    with pytest.raises(lp.LeadpingError, match="holds no recording"):
        lp.pseudonymise(tmp_path)


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_field_that_sounds_like_a_person_counts_as_a_word(revision):
    models = contract(revision).models
    personal = re.compile(
        r"(?i).*(first|last|full|lead|user|contact)name|.*mail|.*phone(number)?|.*address|.*birth.*|.*notes?"
    )
    texts_of_people = [
        f"{name}.{field.name}"
        for name in models.specs
        for field in models[name].fields.values()
        if field.type == "string" and not field.enum and personal.fullmatch(field.name)
    ]
    assert len(texts_of_people) > 50
    assert [where for where in texts_of_people if kind_of(where) is Kind.WORD] == []


def recorded(folder, *rows):
    """Record a list of rows as it is."""
    with answering(page(*rows)) as session, recorder.record(session, folder, say=quiet):
        session.read(contract().operation("POST /leads/all/my"), body={})


def test_a_year_of_birth_goes_with_the_date_of_birth_and_says_that_it_moved(tmp_path):
    rows = [
        {"birthDate": f"{year}-03-14", "birthYear": year, "born": f"03/14/{year}", "yob": str(year)}
        for year in (1961, 1962, 1990)
    ]
    answer, report = pseudonymised(tmp_path, page(*rows))
    years = [row["birthYear"] for row in answer["items"]]
    (by,) = {after - before["birthYear"] for after, before in zip(years, rows, strict=True)}
    assert 1 <= abs(by) <= 3
    for row in answer["items"]:
        day = row["birthDate"]
        assert (row["birthYear"], row["yob"]) == (int(day[:4]), day[:4])
        assert row["born"] == f"{day[5:7]}/{day[8:]}/{day[:4]}"
    treatments = {(entry.field, entry.treatment) for entry in report.fields}
    assert {("LeadTableRow.birthYear", "moved"), ("LeadTableRow.birthDate", "replaced")} <= treatments


@pytest.mark.parametrize("cell", [15125550147, 15125550147.0, "1.5125550147E10", "15125550147.0"])
def test_a_telephone_number_that_a_table_took_for_a_number_is_replaced(tmp_path, cell):
    body = page({"phone": "+15125550147", "cell": "cell"}).replace(b'"cell": "cell"', f'"phoneNumber": {cell}'.encode())
    answer, _ = pseudonymised(tmp_path, body)
    (row,) = answer["items"]
    assert int(row["phoneNumber"]) == int(row["phone"][1:]) != 15125550147


@pytest.mark.parametrize(
    "status",
    [
        "Call ADA back",
        "sold 512 555 0147",
        "call 512.555.0147",
        base64.b64encode(b"Ada Byron").decode().rstrip("="),
        b"byron".hex(),
        "Ada-Byron",
    ],
)
def test_no_word_hides_somebody_in_another_writing(tmp_path, status):
    rows = ({"firstName": "Ada", "lastName": "Byron", "phone": "+15125550147"}, {"status": status, "note": status})
    answer, report = pseudonymised(tmp_path, page(*rows))
    assert answer["items"][1]["status"] != status
    assert "LeadTableRow.status" not in {entry.field for entry in report.left_alone}


def test_the_report_names_no_key_that_is_a_person_and_every_key_that_stays(tmp_path):
    row = {"firstName": "Zebedee", "Zebedee": "x", "sourceMetadata": {"Zebedee": 1, "score": 7}}
    _, report = pseudonymised(tmp_path, page(row))
    assert "Zebedee" not in (tmp_path / "demo" / "report.json").read_text()
    assert "LeadTableRow.sourceMetadata (key)" in {entry.field for entry in report.left_alone}


def test_all_states_of_a_clock_used_up_give_codes_of_no_state(tmp_path):
    rows = [{"state": state} for state in STATES] + [{"state": "ca"}]
    answer, _ = pseudonymised(tmp_path, page(*rows))
    states = [row["state"] for row in answer["items"]]
    assert not {state.upper() for state in states} & set(STATES)
    assert len(set(states)) == len(rows)
    assert states[-1].upper() == states[list(STATES).index("CA")]


def test_a_filter_goes_by_the_field_that_it_compares(tmp_path):
    filters = [{"field": "state", "value": "CA"}, {"field": "status", "value": "sold"}]
    with (
        answering(page({"state": "CA", "status": "sold"})) as session,
        recorder.record(session, tmp_path / "demo", say=quiet),
    ):
        session.read(contract().operation("POST /leads/all/my"), body={"filters": filters})
    lp.pseudonymise(tmp_path / "demo", seed="example")
    done = Recording.read(tmp_path / "demo")
    (entry,) = done.entries()
    (row,) = json.loads(done.body(entry))["items"]
    assert [asked["value"] for asked in entry.body["filters"]] == [row["state"], row["status"]]
    assert row["state"] != "CA"


def test_parameters_of_a_content_type_are_left_out(tmp_path):
    recorded(tmp_path / "demo", {"firstName": "Ada"})
    index = tmp_path / "demo" / "raw" / "requests.jsonl"
    entry = json.loads(index.read_text())
    index.write_text(json.dumps(entry | {"content_type": "application/json; name=Ada.json"}) + "\n")
    lp.pseudonymise(tmp_path / "demo", seed="example")
    assert [entry.content_type for entry in Recording.read(tmp_path / "demo").entries()] == ["application/json"]


@pytest.mark.parametrize(
    "what", ["nothing", "an empty folder", "a file", "no answers", "another line", "no seed", "within"]
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(tmp_path, what):
    folder, options = tmp_path / "demo", {}
    match what:
        case "an empty folder":
            folder.mkdir()
        case "a file":
            folder.write_text("mine")
        case "no answers":
            recorded(folder, {"firstName": "Ada"})
            shutil.rmtree(folder / "raw")
        case "another line":
            recorded(folder, {"firstName": "Ada"})
            (folder / "raw" / "requests.jsonl").write_text("[]\n")
        case "no seed":
            recorded(folder, {"firstName": "Ada"})
            options = {"seed": ""}
        case "within":
            recorded(folder, {"firstName": "Ada"})
            options = {"to": folder / "pseudonymised"}
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    words = {
        "no answers": "lacks its answers",
        "another line": "A line of",
        "no seed": "seed is empty",
        "within": "within",
    }
    with pytest.raises(lp.LeadpingError, match=words.get(what, "holds no recording")) as caught:
        lp.pseudonymise(folder, **options)
    assert caught.value.hint
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


def test_a_target_that_is_a_file_is_refused_and_stays(tmp_path):
    recorded(tmp_path / "demo", {"firstName": "Ada"})
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(lp.LeadpingError, match="holds something already"):
        lp.pseudonymise(tmp_path / "demo", to=tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_pseudonymised_recording_goes_to_no_other_folder(tmp_path):
    pseudonymised(tmp_path, page({"firstName": "Ada"}))
    with pytest.raises(lp.LeadpingError, match="pseudonymised already"):
        lp.pseudonymise(tmp_path / "demo", to=tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_the_folder_itself_under_another_name_is_in_place(tmp_path, monkeypatch):
    recorded(tmp_path / "demo", {"firstName": "Ada"})
    monkeypatch.chdir(tmp_path)
    lp.pseudonymise("demo", to=tmp_path / "demo")
    assert not (tmp_path / "demo" / "raw").exists()


def test_a_result_that_was_cut_off_is_no_recording_and_is_made_anew(tmp_path, monkeypatch):
    recorded(tmp_path / "demo", {"firstName": "Ada"})

    def killed(_self):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Recording, "begin", killed)
        with pytest.raises(Crash):
            lp.pseudonymise(tmp_path / "demo", seed="example", to=tmp_path / "other")
    assert (tmp_path / "other" / "report.json").exists()
    with pytest.raises(lp.LeadpingError, match="holds no recording"):
        lp.Sandbox(replay=tmp_path / "other")
    lp.pseudonymise(tmp_path / "demo", seed="example", to=tmp_path / "other")
    lp.Sandbox(replay=tmp_path / "other").close()


def test_a_full_disk_is_said_and_what_came_stays(tmp_path, monkeypatch):
    recorded(tmp_path / "demo", {"firstName": "Ada"})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Recording, "add", full)
    with pytest.raises(lp.LeadpingError, match=r"could not be written to .* No space left"):
        lp.pseudonymise(tmp_path / "demo")
    assert not (tmp_path / "demo" / "pseudonymised").exists()
    assert Recording.read(tmp_path / "demo").holds_originals


def test_the_words_in_the_folder_are_of_a_raw_one_until_nothing_raw_is_in_it(tmp_path, monkeypatch):
    recorded(tmp_path / "demo", {"firstName": "Ada"})

    def killed(_self):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Recording, "discard_originals", killed)
        with pytest.raises(Crash):
            lp.pseudonymise(tmp_path / "demo", seed="example")
    assert "as they came" in (tmp_path / "demo" / "README.txt").read_text()
    lp.pseudonymise(tmp_path / "demo")
    assert "replaced names" in (tmp_path / "demo" / "README.txt").read_text()


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)
IDS = st.from_regex(r"(lead_|evt_|)[a-z0-9]{6,20}(-[A-Z0-9]{3,8})?", fullmatch=True) | st.uuids().map(str)
PHONES = st.from_regex(r"\+1[2-9][0-9]{9}|\+4[0-9]{9,11}", fullmatch=True)
EMAILS = st.from_regex(r"[a-z.]{1,12}@[a-z]{1,8}\.(com|org)", fullmatch=True)
OF_A_KIND = [
    (Kind.PERSON, NAMES),
    (Kind.ID, IDS),
    (Kind.PHONE, PHONES),
    (Kind.EMAIL, EMAILS),
    (Kind.LABEL, NAMES),
    (Kind.TOWN, NAMES),
    (Kind.STREET, NAMES),
    (Kind.STATE, st.from_regex(r"[A-Z]{2}", fullmatch=True)),
    (Kind.CODE, st.from_regex(r"\d{5}(-\d{4})?", fullmatch=True)),
    (Kind.URL, st.from_regex(r"https://[a-z]{1,9}\.com/[a-z]{0,9}", fullmatch=True)),
    (Kind.IP, st.ip_addresses().map(str)),
    (Kind.CURSOR, st.text("abc123", min_size=4)),
]


@pytest.mark.parametrize(
    ("kind", "originals"), OF_A_KIND, ids=lambda value: value.name if isinstance(value, Kind) else ""
)
def test_fakes_are_stable_and_others_for_others_and_never_an_original(kind, originals):
    @given(st.lists(originals, min_size=1, max_size=12, unique_by=str.casefold))
    def holds(texts_):
        known = Originals()
        for text in texts_:
            known.add(kind, text)
        first, second = Fakes(b"example", known), Fakes(b"example", known)
        fakes = [first.of(kind, text) for text in texts_]
        assert fakes == [second.of(kind, text) for text in texts_] == [first.of(kind, text) for text in texts_]
        assert len({fake.casefold() for fake in fakes}) == len(texts_)
        assert not {text.casefold() for text in texts_} & {fake.casefold() for fake in fakes}
        assert all(fake.casefold() != text.casefold() for fake, text in zip(fakes, texts_, strict=True))

    holds()


@given(IDS)
def test_an_id_keeps_its_length_its_signs_and_its_beginning(text):
    fake = Fakes(b"example", Originals()).of(Kind.ID, text)
    assert len(fake) == len(text)
    assert [sign if not sign.isalnum() else "x" for sign in fake] == [
        sign if not sign.isalnum() else "x" for sign in text
    ]
    beginning = re.match(r"(lead|evt)_(?=.)", text)
    assert beginning is None or fake.startswith(beginning[0])


@given(st.uuids(version=4))
def test_a_uuid_stays_a_uuid_of_its_version(original):
    fake = uuid.UUID(Fakes(b"example", Originals()).of(Kind.ID, str(original)))
    assert (fake.version, fake.variant) == (original.version, original.variant)


@given(st.text(min_size=1, max_size=400).filter(str.strip))
def test_placeholder_text_is_about_as_long(text):
    fake = Fakes(b"example", Originals()).of(Kind.TEXT, text)
    assert abs(len(fake) - len(text.strip())) <= 16


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_json_is_written_as_it_was_read(value):
    text = json.dumps(value).encode()
    assert json.loads(write_json(read_json(text))) == value
