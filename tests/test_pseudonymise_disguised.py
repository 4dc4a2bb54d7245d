"""Originals that come again as something else: dates in other zones, numbers for texts, other spellings, other keys."""

import json
import re

import pytest
from test_pseudonymise import page, pseudonymised
from test_recording import answering, quiet

import leadping_nb as lp
from leadping_nb.contracts import contract
from leadping_nb.recording import recorder
from leadping_nb.recording.folder import Recording
from leadping_nb.recording.rewriting import Rewriting

BIRTHS = (
    "1961-03-14T05:00:00.000Z",
    "1961-03-13T23:00:00Z",
    "1961-03-15T01:00:00+09:00",
    "1961-03-14 05:00",
    "1961-03-14T00:00:00Z",
)


def one(tmp_path, **row):
    """Pseudonymise one row, and give it as it is then, and the report."""
    answer, report = pseudonymised(tmp_path, page(row))
    return answer["items"][0], report


def left_of(report):
    """Give the words that each field was left with."""
    return {entry.field: entry.words for entry in report.left_alone}


@pytest.mark.parametrize("text", BIRTHS)
@pytest.mark.parametrize("key", ["bday", "seen", "archivedAt", "processingStatusReason", "status"])
def test_a_birth_with_a_time_of_day_or_in_another_zone_is_replaced(tmp_path, key, text):
    after, report = one(tmp_path, birthDate="1961-03-14", **{key: text})
    assert "1961-03-1" not in json.dumps(after)
    assert report.spared == 0


@pytest.mark.parametrize("text", [*BIRTHS, "1961-03-14", "03/14/1961", "3/4/1961"])
@pytest.mark.parametrize("key", ["seen", "processingStatusReason", "status", "bday"])
def test_an_early_date_that_no_model_calls_a_time_is_replaced_though_nobody_is_known_to_be_born_then(
    tmp_path, key, text
):
    after, report = one(tmp_path, **{key: text})
    assert after[key] != text
    assert "1961" not in after[key]
    assert f"LeadTableRow.{key}" not in left_of(report)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("createdAt", "1961-03-14T08:00:00Z"),
        ("seen", "2026-07-05T05:00:00.000Z"),
        ("seen", "0001-01-01T05:00:00Z"),
        ("status", "2026-07-05"),
        ("processingStatusReason", "12:30"),
    ],
)
def test_other_times_stay_and_the_report_names_their_field(tmp_path, key, text):
    after, report = one(tmp_path, birthDate="1962-03-14", **{key: text})
    assert after[key] == text
    assert f"LeadTableRow.{key}" in left_of(report)


@pytest.mark.parametrize(("field", "stays"), [("createdAt", True), ("contact.createdAt", True), ("custom", False)])
def test_a_day_that_is_compared_with_a_time_stays_and_another_is_replaced(tmp_path, field, stays):
    asked = {"filters": [{"field": field, "value": "2026-07-05"}]}
    with answering(page({})) as session, recorder.record(session, tmp_path / "demo", say=quiet):
        session.read(contract().operation("POST /leads/all/my"), body=asked)
    lp.pseudonymise(tmp_path / "demo", seed="example")
    (entry,) = Recording.read(tmp_path / "demo").entries()
    assert (entry.body["filters"][0]["value"] == "2026-07-05") is stays


@pytest.mark.parametrize("key", ["number", "n", "externalRef"])
@pytest.mark.parametrize(
    ("known", "text", "number"),
    [
        ("postalCode", "90012", 90012),
        ("postalCode", "02134", 2134),
        ("postalCode", "90012-1234", 90012),
        ("externalId", "482913", 482913),
        ("externalId", "ext-48291", 48291.0),
        ("phone", "48291", -48291),
    ],
)
def test_an_original_that_is_written_as_a_number_is_replaced(tmp_path, known, text, number, key):
    after, report = one(tmp_path, **{known: text, "extra": {key: number, "nested": [[number]]}})
    assert abs(after["extra"][key]) != abs(number)
    assert after["extra"]["nested"] == [[after["extra"][key]]]
    assert not [field for field in left_of(report) if field.startswith("LeadTableRow.extra.")]


def test_a_number_has_the_stand_in_of_the_text_that_it_writes(tmp_path):
    after, _ = one(tmp_path, postalCode="90012", externalId="482913", n=90012, memberNo=482913.0)
    assert (str(after["n"]), str(after["memberNo"])) == (after["postalCode"], after["externalId"])


def test_a_number_that_counts_stays_whatever_it_writes(tmp_path):
    after, report = one(tmp_path, postalCode="90012", price=90012, score=773, archiveReason=3)
    assert (after["price"], after["score"], after["archiveReason"]) == (90012, 773, 3)
    assert {"LeadTableRow.price", "LeadTableRow.score", "LeadTableRow.archiveReason"} <= set(left_of(report))


def test_a_number_that_is_no_value_of_its_enumeration_is_replaced_where_it_writes_an_id(tmp_path):
    after, _ = one(tmp_path, externalId="48291", archiveReason=48291)
    assert str(after["archiveReason"]) == after["externalId"] != "48291"


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("lat", 34.05223),
        ("lng", -118.24368),
        ("homeLon", -118.24368),
        ("coords", [34.05223, -118.24368]),
        ("dob_year", 1961),
        ("leadDob", 19610314),
        ("bday", 1961),
        ("geburtsjahr", 1961),
        ("ssnLast4", 6789),
        ("card_last_4", 6789),
        ("zip5", 90012),
        ("postal", 90012),
        ("plz", 10115),
    ],
)
def test_a_key_in_other_words_says_what_a_number_is(tmp_path, key, number):
    after, report = one(tmp_path, sourceMetadata={key: number})
    assert after["sourceMetadata"][key] != number
    assert f"LeadTableRow.sourceMetadata.{key}" not in left_of(report)


@pytest.mark.parametrize("key", ["adobe_id", "gebuehr", "coordinator", "latency", "zone", "age"])
def test_a_key_that_only_sounds_alike_says_nothing(tmp_path, key):
    after, _ = one(tmp_path, sourceMetadata={key: 1961})
    assert after["sourceMetadata"][key] == 1961


def test_the_report_names_each_key_that_a_value_stayed_under_and_none_that_is_a_person(tmp_path):
    row = {"firstName": "Zebedee", "sourceMetadata": {"score": 7, "nested": {"n": [1]}, "Zebedee": {"m": 2}}}
    _, report = one(tmp_path, **row)
    left = left_of(report)
    assert {"LeadTableRow.sourceMetadata.score", "LeadTableRow.sourceMetadata.nested.n"} <= set(left)
    assert "LeadTableRow.sourceMetadata.*.m" in left
    assert left["LeadTableRow.sourceMetadata (key)"] == ("nested", "score")
    assert "Zebedee" not in (tmp_path / "demo" / "report.json").read_text()


def test_the_report_lists_the_words_and_keys_that_stayed_so_that_a_name_among_them_is_seen(tmp_path):
    rows = [
        {"status": "new", "sourceMetadata": {"zebulon.pike": 2}},
        {"status": "Ask for Zeb O'Pike", "sourceMetadata": {"Zebulon": 3}},
    ]
    _, report = pseudonymised(tmp_path, page(*rows))
    left = left_of(report)
    assert left["LeadTableRow.status"] == ("Ask for Zeb O'Pike", "new")
    assert left["LeadTableRow.sourceMetadata (key)"] == ("Zebulon", "zebulon.pike")
    assert "Ask for Zeb O'Pike; new" in set(report.frame["words"])
    assert lp.pseudonymise(tmp_path / "demo") == report


ROWS = (
    {"status": "Okafor", "sourceMetadata": {"Okafor": 1, "okafor.notes": 2}, "firstName": "Ada", "source": "OKAFOR"},
    {"status": "Ask Okafor first", "summary": "Okafor called.", "sourceMetadata": {"plan": "okafor"}, "score": 7},
    {"status": "new", "sourceMetadata": {"plan": 3}},
)


def with_words(tmp_path, *rows, **how):
    """Pseudonymise rows into a folder of their own, so that what came stays, and give them and the report."""
    raw = tmp_path / "raw"
    if not raw.exists():
        with answering(page(*rows)) as session, recorder.record(session, raw, say=quiet):
            session.read(contract().operation("POST /leads/all/my"), body={})
    to = tmp_path / f"demo {len(list(tmp_path.iterdir()))}"
    report = lp.pseudonymise(raw, to=to, seed="example", **how)
    recording = Recording.read(to)
    (entry,) = recording.entries()
    return json.loads(recording.body(entry))["items"], report, to


def test_a_word_that_the_report_lists_is_replaced_everywhere_in_one_step(tmp_path):
    _, first, _ = with_words(tmp_path, *ROWS)
    assert "Okafor" in first.frame.to_string()
    assert "also=['…']" in str(first)
    after, report, to = with_words(tmp_path, *ROWS, also=["Okafor"])
    assert not [path for path in to.rglob("*") if path.is_file() and b"okafor" in path.read_bytes().lower()]
    stand_in = after[0]["status"]
    assert stand_in in after[0]["sourceMetadata"]
    assert (after[1]["sourceMetadata"]["plan"], after[0]["source"]) == (stand_in.lower(), stand_in.upper())
    assert (after[2]["status"], after[1]["score"], after[2]["sourceMetadata"]) == ("new", 7, {"plan": 3})
    assert left_of(report)["LeadTableRow.status"] == ("new",)
    assert left_of(report)["LeadTableRow.sourceMetadata (key)"] == ("plan",)
    assert report.searched > first.searched


def test_a_word_is_told_in_any_case_and_only_as_it_is_listed(tmp_path):
    after, _, _ = with_words(tmp_path, *ROWS, also={"OKAFOR", "ask okafor first"})
    assert "kafor" not in json.dumps(after)


@pytest.mark.parametrize(
    ("also", "words", "hint"),
    [
        (["Okafo"], "Nothing in the recording is 'Okafo' as a whole.", "as the report lists them"),
        (["Okafor", "Called"], "Nothing in the recording is 'Called' as a whole.", "nothing was replaced"),
        (["FirstName"], "'FirstName' is a word of the API", "Leave it out"),
        ("Okafor", "also is a text, and a list of texts is expected.", "also=['…']"),
        ([""], "also is a list", "also=['…']"),
    ],
)
def test_what_is_no_word_that_stayed_is_refused_and_nothing_is_written(tmp_path, also, words, hint):
    with pytest.raises(lp.LeadpingError, match=re.escape(words)) as caught:
        with_words(tmp_path, *ROWS, also=also)
    assert hint in caught.value.hint
    assert (tmp_path / "raw" / "raw").is_dir()
    assert not [path for path in tmp_path.rglob("*.json") if "raw" not in path.parts]


def test_a_word_of_what_is_pseudonymised_already_comes_too_late(tmp_path):
    pseudonymised(tmp_path, page(*ROWS))
    before = (tmp_path / "demo" / "report.json").read_bytes()
    with pytest.raises(lp.LeadpingError, match="what came is gone") as caught:
        lp.pseudonymise(tmp_path / "demo", also=["Okafor"])
    assert "Record once more" in caught.value.hint
    assert (tmp_path / "demo" / "report.json").read_bytes() == before


def test_a_report_without_words_has_no_hint(tmp_path):
    _, report = one(tmp_path, firstName="Ada")
    assert report.hint == ""
    _, report, _ = with_words(tmp_path, {"status": "new"})
    assert report.hint.startswith("1 word or key stayed: read them in .frame")


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        ("José", "Müller", "Jose plan"),
        ("José", "Müller", "mueller_plan"),
        ("José", "Müller", "MULLER"),
        ("Jose", "Mueller", "José plan"),
        ("Jose", "Mueller", "Mu\u0308ller"),
        ("Søren", "Łukasz", "soren plan"),
        ("Søren", "Łukasz", "lukasz"),
        ("Bo", "X", "Bo X"),
        ("Bo", "X", "ask bo"),
        ("Lee", "Kim", "leekim web"),
        ("Lee", "Kim", "KimLee"),
    ],
)
def test_a_name_in_another_spelling_is_no_word_and_no_key(tmp_path, first, last, word):
    key = word.replace(" ", "_")
    after, report = one(tmp_path, firstName=first, lastName=last, status=word, extra={key: 1})
    assert after["status"] != word
    assert key not in after["extra"]
    assert "LeadTableRow.status" not in left_of(report)


@pytest.mark.parametrize("word", ["bold", "Kimono", "contacted", "Leeds"])
def test_a_word_that_only_begins_as_a_name_stays(tmp_path, word):
    names = {"firstName": "Bo", "lastName": "Lee", "user": "Kim"}
    after, _ = one(tmp_path, **names, status=word)
    assert after["status"] == word


@pytest.mark.parametrize(
    "cell", ["5125550147", "15125550147", "512 555 0147", 5125550147, "512-555-0147", "５１２５５５０１４７"]
)
def test_a_telephone_number_joins_in_every_writing(tmp_path, cell):
    after, _ = one(tmp_path, phone="+15125550147", seen=5125550147, cell=cell)
    digits = "".join(filter(str.isdigit, str(after["cell"])))
    assert digits[-10:] == after["phone"][2:] == str(after["seen"])


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"postalCode": "90012", "n": 90012}, "code"),
        ({"birthDate": "1961-03-14", "n": "1961-03-13T23:00:00Z"}, "date of birth"),
        ({"birthDate": "1961-03-14", "n": "03/14/1961"}, "date of birth"),
        ({"firstName": "Müller", "n": "mueller plan"}, "name of a person"),
        ({"firstName": "Bo", "n": "ask bo"}, "name of a person"),
    ],
)
def test_the_search_finds_what_was_left_though_it_is_another_writing(tmp_path, monkeypatch, row, kind):
    def without(method):
        def forgetful(self, place, value):
            if not place.where.endswith(".n"):
                return method(self, place, value)
            self._left.add(value)
            return value

        return forgetful

    for name in ("_seen", "_replaced"):
        monkeypatch.setattr(Rewriting, name, without(getattr(Rewriting, name)))
    with pytest.raises(lp.LeadpingError, match=rf"A {kind} of the original is still .*, in LeadTableRow\.n,"):
        one(tmp_path, **row)


def test_one_original_that_is_a_word_is_said_of_one(tmp_path):
    _, report = one(tmp_path, sourceName="website", status="website")
    assert "1 original is a word or time of those as well" in str(report)
