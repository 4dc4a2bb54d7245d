import gzip
import json
import re
from collections import OrderedDict
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from leadping_nb.bodies import envelope_of
from leadping_nb.errors import LeadpingError, ResponseError
from leadping_nb.frames import decoding, reading, to_frame
from leadping_nb.frames.assembly import assemble
from leadping_nb.frames.blocks import BlockReader
from leadping_nb.frames.columns import DECIMAL
from leadping_nb.frames.joining import taken_apart
from leadping_nb.frames.packing import TEXT


def page(items, **members):
    return json.dumps({"continuationToken": None, "items": items, "pageSize": 50, **members}).encode()


def values(frame, name):
    return [None if value is pd.NA or value is pd.NaT or value != value else value for value in frame[name].tolist()]


def column(entries, **model):
    """The one column ``x`` of rows that hold the given values, with nothing known of it."""
    return to_frame([{"x": entry} for entry in entries], **model)["x"]


@pytest.mark.parametrize(
    "data",
    [
        page([{"id": "1"}, {"id": "2"}]),
        page([{"id": "1"}, {"id": "2"}]).decode(),
        b"\xef\xbb\xbf" + page([{"id": "1"}, {"id": "2"}]),
        [page([{"id": "1"}]), page([]), page(None), page([{"id": "2"}])],
        {"items": [{"id": "1"}, {"id": "2"}], "continuationToken": None},
        [{"id": "1"}, {"id": "2"}],
        b'[{"id": "1"}, {"id": "2"}]',
        memoryview(page([{"id": "1"}, {"id": "2"}])),
        ({"id": str(number)} for number in (1, 2)),
        json.dumps(json.loads(page([{"id": "1"}, {"id": "2"}])), indent=2),
    ],
)
def test_pages_and_rows_of_every_form_give_the_same_frame(data):
    assert to_frame(data)["id"].tolist() == ["1", "2"]


@pytest.mark.parametrize("data", [b"{", b"\xff", '{"items": [', page([{"id": 1}])[:-9]])
def test_a_page_that_was_cut_off_is_an_error(data):
    with pytest.raises(ResponseError, match="no JSON"):
        to_frame(data)


@pytest.mark.parametrize("data", [7, [7], {"items": [7]}, {"items": {}}, None, pd.DataFrame({"id": ["1"]})])
def test_what_is_neither_page_nor_row_is_an_error_with_a_hint(data):
    with pytest.raises(LeadpingError, match=r"neither a page nor rows|whose items"):
        to_frame(data)


def test_objects_that_come_after_texts_are_one_column_in_a_resumed_frame_too():
    reader = BlockReader.of_frame({}, "numpy_nullable")
    blocks = reader.read_page(page([{"a": {"id": "x"}, "b": 1}]))
    earlier, shape = taken_apart(to_frame(page([{"a": "text", "b": 2}])), reader.shape, {}, TEXT["numpy_nullable"])
    frame, _ = assemble([*earlier, *blocks], shape, {})
    assert frame.to_dict("list") == {"a": ["text", {"id": "x"}], "b": [2, 1]}


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
@pytest.mark.parametrize("numbers", [[2**53 + 1, 2**63], [2**63, 2**53 + 1, None], [2**64 - 1, 1], [2**63 - 1, 2**63]])
def test_whole_numbers_on_both_sides_of_int64_are_exact(numbers, backend):
    read = to_frame([{"x": number} for number in numbers], dtype_backend=backend)["x"]
    assert read.dtype == ("UInt64" if backend == "numpy_nullable" else "uint64[pyarrow]")
    assert [None if number is pd.NA else number for number in read.tolist()] == numbers


def test_equal_texts_under_other_keys_of_other_lists_stay_apart():
    row = {"tags": [{"id": "x"}], "labels": [{"name": "x"}], "marks": [{"name": "x", "kind": None}, {"kind": "x"}]}
    frame = to_frame([page([row, row]), page([row, row])])
    assert frame.to_dict("records") == [row] * 4


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (Path("leads.json"), "path.read_bytes()"),
        ("data/leads.json", "read_bytes()"),
        (b"leads.ndjson", "read_bytes()"),
        (gzip.compress(page([{"id": 1}])), "gzip.decompress(page)"),
        ('{"id": "1"}\n{"id": "2", "note": "}"}\n', "page.splitlines()"),
        (b' {"id": "1"}\r\n\r\n{"id": "2"}', "page.splitlines()"),
        ('{"id": "1"}\n{"id": "2"', "page.splitlines()"),
        ('{"id": "1",\n"tags": [{}\n', "Load that page again"),
        ("<html>leads</html>", "Load that page again"),
    ],
)
def test_files_of_other_forms_are_errors_that_say_how_to_give_them(data, hint):
    with pytest.raises(LeadpingError, match=re.escape(hint)):
        to_frame(data)


def test_lines_of_json_and_open_files_are_rows(tmp_path):
    text = '{"id": "1"}\n{"id": "2", "note": "}"}\n'
    file = tmp_path / "leads.jsonl"
    file.write_text(text, encoding="utf-8")
    with file.open("rb") as opened:
        assert to_frame(opened)["id"].tolist() == to_frame(text.splitlines())["id"].tolist() == ["1", "2"]


def test_an_unknown_model_is_an_error():
    with pytest.raises(LeadpingError, match="no model 'LeadRow'"):
        to_frame([], model="LeadRow")


def test_an_empty_result_has_all_columns_in_the_models_dtypes():
    frame = to_frame(page([]), model="LeadTableRow")
    assert len(frame) == 0
    assert (
        frame.dtypes.astype(str).to_dict().items()
        >= {
            "createdAt": "datetime64[ns, UTC]",
            "currentDisposition.changedAt": "datetime64[ns, UTC]",
            "enabled": "boolean",
            "archiveReason": "Int64",
            "price": "Float64",
            "status": "str",
            "tags": "object",
        }.items()
    )


def test_the_dtypes_are_the_same_for_no_rows_one_row_and_many():
    row = {"id": "1", "createdAt": "2026-01-02T03:04:05Z", "price": 7, "tags": [], "currentDisposition": None}
    frames = [to_frame([row] * count, model="LeadTableRow") for count in (0, 1, 3)]
    assert frames[0].dtypes.equals(frames[1].dtypes)
    assert frames[1].dtypes.equals(frames[2].dtypes)


def test_nested_objects_become_dotted_columns_also_where_all_are_null():
    frame = to_frame([{"currentDisposition": None}], model="LeadTableRow")
    assert "currentDisposition.outcome" in frame
    assert "currentDisposition" not in frame


def test_null_before_an_object_leaves_no_column_of_its_own():
    frame = to_frame([{"o": None}, {"o": {"a": 1, "b": {"c": "x"}}}, {}])
    assert list(frame.columns) == ["o.a", "o.b.c"]
    assert values(frame, "o.a") == [None, 1, None]


def test_a_key_that_comes_late_is_a_column_with_nothing_before():
    assert values(to_frame([{"a": 1}, {"a": 2, "late": "x"}]), "late") == [None, "x"]


def test_unknown_fields_are_kept_after_the_models():
    frame = to_frame([{"id": "1", "brandNew": {"x": 1}}], model="TagSummary")
    assert list(frame.columns) == ["color", "id", "name", "normalizedName", "brandNew.x"]


@pytest.mark.parametrize(
    ("entries", "dtype"),
    [
        ([1, None, 2], "Int64"),
        ([2**53 + 1, None], "Int64"),
        ([2**64 - 1, 1], "UInt64"),
        ([10**30, 1], "object"),
        ([1, 2.5], "Float64"),
        ([2**53 + 1, 2.5], "object"),
        ([1, "n/a"], "object"),
        ([True, None], "boolean"),
        ([True, 1], "object"),
        (["00123", None], "str"),
        (["2026-01-02", "2026-01-03"], "str"),
        (["2026-01-02T03:04:05Z"], "str"),
        ([{"a": 1}, "none"], "object"),
        ([[], [{"n": 1}]], "object"),
        ([None, None], "object"),
        (["\ud800", "a"], "object"),
        ([{}, {}], "object"),
    ],
)
def test_unknown_columns_get_a_dtype_that_holds_every_value_unchanged(entries, dtype):
    series = column(entries)
    assert str(series.dtype) == dtype
    assert [None if value is pd.NA or value != value else value for value in series.tolist()] == entries


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([1, "a"], "x: holds text beside whole numbers, so it is object."),
        ([True, 1, None], "x: holds true or false beside whole numbers, so it is object."),
        ([[1], "a", 2.5], "x: holds fractions beside lists beside text, so it is object."),
        ([10**30], "x: no type of 64 bits holds all of its whole numbers, so it is object."),
        ([-1, 2**63], "x: no type of 64 bits holds all of its whole numbers, so it is object."),
        ([2**53 + 1, 0.5], "x: a whole number beside fractions is too large to be exact as a float, so it is object."),
        (["\ud800", "a"], "x: a text holds half a character (a lone surrogate), so it is object."),
        ([float("nan"), 1], "x: 1 value is NaN, which is not the same as missing, so it is object."),
        ([{}, {}], "x: holds objects, so it is object."),
        ([{"a": 1}, "b"], "x: holds objects beside text, so it is object."),
    ],
)
def test_a_note_says_once_why_an_unknown_column_is_object(entries, said, backend):
    frame = to_frame([{"x": entry} for entry in entries], dtype_backend=backend)
    assert str(frame["x"].dtype) == "object"
    assert frame.attrs["leadping"]["notes"] == [said]
    pages = [page([{"x": entry}]) for entry in entries]
    assert to_frame(pages, dtype_backend=backend).attrs["leadping"]["notes"] == [said]


@pytest.mark.parametrize(
    "entries", [[None, None], [1, 2.5], ["a"], [2**63], [True], ["a", None], [[1, "a"], None], [[[]]]]
)
def test_an_unknown_column_that_a_dtype_holds_or_of_lists_needs_no_note(entries):
    assert to_frame([{"x": entry} for entry in entries]).attrs["leadping"]["notes"] == []


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_an_unknown_column_that_is_named_as_a_time_and_is_none_is_noted(backend):
    texts = ["2026-01-01T00:00:00Z", "soon"]
    frame = to_frame([{"seenAt": text} for text in texts], dtype_backend=backend)
    assert frame["seenAt"].tolist() == texts
    (note,) = frame.attrs["leadping"]["notes"]
    assert note.startswith("seenAt: not every value is a time of RFC 3339, so it is str")


def test_a_key_with_a_dot_beside_an_object_is_kept_and_noted():
    frame = to_frame([{"a.b": 1, "a": {"b": 2}}])
    assert frame.loc[0].to_dict() == {"a.b": 2, "a.b (key)": 1}
    assert "a.b (key)" in frame.attrs["leadping"]["notes"][0]


def test_of_a_duplicate_key_the_last_wins():
    assert to_frame(b'{"items": [{"n": 1, "n": 9}]}')["n"].tolist() == [9]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-02t03:04:05z", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02T03:04:05.1Z", "2026-01-02 03:04:05.100000+00:00"),
        ("2026-01-02T03:04:05.1234567+00:00", "2026-01-02 03:04:05.123456700+00:00"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02 01:04:05+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02 03:04:05+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01 00:00:00+00:00"),
    ],
)
def test_times_are_exact_to_100_nanoseconds_and_in_utc(text, shown):
    frame = to_frame([{"createdAt": "2026-01-02T03:04:05Z"}, {"createdAt": text}], model="LeadTableRow")
    assert str(frame["createdAt"].iloc[1]) == shown


def test_times_of_different_digits_stay_exact_in_one_column():
    texts = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.1234567Z", None]
    frame = to_frame([{"createdAt": text} for text in texts], model="LeadTableRow")
    assert str(frame["createdAt"].dtype) == "datetime64[ns, UTC]"
    assert frame["createdAt"].iloc[2].nanosecond == 700
    assert frame["createdAt"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("texts", "dtype", "said"),
    [
        (["0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z"], "datetime64[us, UTC]", "outside"),
        (["0001-01-01T00:00:00.0000000Z"], "datetime64[us, UTC]", "outside"),
        (["0001-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567Z"], "str", "outside"),
        (["soon", "2026-01-01T00:00:00Z"], "str", "not every value is a time"),
        (["2026-13-01T00:00:00Z"], "str", "does not exist"),
        (["0001-01-01T00:00:00+02:00"], "str", "outside"),
        (["9999-12-31T23:59:59.9999999Z"], "str", "outside"),
        (["２０２６-01-01T00:00:00Z"], "str", "not every value is a time"),  # digits that are not ASCII
        ([7, "2026-01-01T00:00:00Z"], "object", "whole numbers"),
    ],
)
def test_times_that_nanoseconds_cannot_hold_fall_back_and_are_noted(texts, dtype, said):
    frame = to_frame([{"createdAt": text} for text in texts], model="LeadTableRow")
    assert str(frame["createdAt"].dtype) == dtype
    (note,) = frame.attrs["leadping"]["notes"]
    assert note.startswith("createdAt: ")
    assert said in note


def test_times_without_an_offset_are_noted():
    frame = to_frame([{"createdAt": "2026-01-02T03:04:05"}], model="LeadTableRow")
    assert frame.attrs["leadping"]["notes"] == ["createdAt: 1 time without an offset was read as UTC."]


def test_dates_are_days_and_may_be_any_year():
    frame = to_frame(
        [{"birthDate": "1950-02-03"}, {"birthDate": None}, {"birthDate": "0001-01-01"}], model="LeadProfile"
    )
    assert frame["birthDate"].iloc[0].date() == date(1950, 2, 3)
    assert str(frame["birthDate"].dtype) == "datetime64[s]"
    assert str(to_frame([{"birthDate": "3 May"}], model="LeadProfile")["birthDate"].dtype) == "str"


def test_ledger_money_adds_up_to_the_cent():
    rows = [{"customerChargeAmount": amount} for amount in (0.1, 0.2, 0.0079, None, 3)]
    frame = to_frame(rows, model="UsageLedgerTableRow")
    assert frame["customerChargeAmount"].dtype == DECIMAL
    assert frame["customerChargeAmount"].sum() == Decimal("3.3079")


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_money_can_be_reckoned_with_and_stays_exact(backend):
    rows = [{"customerChargeAmount": 0.1}, {"customerChargeAmount": 999_999_999_999.99}]
    frame = to_frame(rows, model="UsageLedgerTableRow", dtype_backend=backend)
    charge = frame["customerChargeAmount"]
    first = [charge - charge, charge + 1, charge * 3, charge * charge, charge / 2, charge * Decimal("0.19"), -charge]
    wanted = ["0", "1.1", "0.3", "0.01", "0.05", "0.019", "-0.1"]
    assert [result[0] for result in first] == [*map(Decimal, wanted)]
    assert charge.diff()[1] == Decimal("999999999999.89")
    assert charge.sum() == Decimal("1000000000000.09")


@pytest.mark.parametrize("amount", [10**12, -(10**12), 1e12])
def test_money_beyond_twelve_digits_falls_back_and_is_noted(amount):
    frame = to_frame([{"customerChargeAmount": amount}], model="UsageLedgerTableRow")
    assert frame["customerChargeAmount"].tolist() == [amount]
    assert "twelve digits" in frame.attrs["leadping"]["notes"][0]


@pytest.mark.parametrize(
    ("model", "name", "entries", "dtype"),
    [
        ("UsageLedgerTableRow", "unitPrice", [0.12345678], "Float64"),
        ("UsageLedgerTableRow", "unitPrice", ["1.50"], "str"),
        ("UsageLedgerTableRow", "unitPrice", [12345678901.123457], "Float64"),
        ("LeadTableRow", "firstName", [{"given": "Kim"}], "object"),
        ("LeadTableRow", "tags", ["hot"], "object"),
        ("LeadTableRow", "status", [7], "Int64"),
        ("LeadTableRow", "price", [2**53 + 1], "Int64"),
        ("LeadTableRow", "price", ["7"], "str"),
        ("LeadTableRow", "archiveReason", [2**70], "object"),
        ("LeadTableRow", "archiveReason", [1.5], "Float64"),
        ("LeadTableRow", "enabled", ["yes"], "str"),
        ("LeadTableRow", "firstName", [7], "Int64"),
    ],
)
def test_a_promised_dtype_that_cannot_hold_a_value_gives_way_and_is_noted(model, name, entries, dtype):
    frame = to_frame([{name: entry} for entry in entries], model=model)
    assert str(frame[name].dtype) == dtype
    assert frame[name].tolist() == entries
    (note,) = frame.attrs["leadping"]["notes"]
    assert note.startswith(f"{name}: ")


def test_lists_and_free_maps_stay_python_objects():
    frame = to_frame([{"tags": [{"id": "1"}]}, {"tags": None}, {}], model="LeadTableRow")
    assert frame["tags"].tolist() == [[{"id": "1"}], None, None]
    calls = to_frame([{"metadata": {"any": {"thing": 1}}}], model="CallEventTableRow")
    assert calls["metadata"].tolist() == [{"any": {"thing": 1}}]


def text(*values, key='"x"'):
    """Pages of one row each whose value is written as JSON by hand."""
    return [f'{{"items": [{{{key}: {value}}}]}}'.encode() for value in values]


NESTED = '{"x":' * 199 + "7" + "}" * 199
HUGE = "9" * 5_000

AWKWARD = {
    "a key that comes on the third page": (
        [page([{"a": 1}]), page([{"a": 1}]), page([{"a": 1, "x": 5}])],
        "x",
        [None, None, 5],
    ),
    "a key that comes late in an object": (
        [page([{"o": {"a": 1}}]), page([{"o": {"a": 1, "b": "z"}}])],
        "o.b",
        [None, "z"],
    ),
    "null, then an object": (text("null", "null", '{"a": 1}'), "x.a", [None, None, 1]),
    "no entries, then objects": (text("[]", '[{"n": 1}]'), "x", [[], [{"n": 1}]]),
    "null, then 2^53+1": (text("null", 2**53 + 1, 7), "x", [None, 2**53 + 1, 7]),
    "2^64-1": (text(1, 2, 2**64 - 1), "x", [1, 2, 2**64 - 1]),
    "2^64-1 and null": (text("null", 2**64 - 1), "x", [None, 2**64 - 1]),
    "-2^63 and 2^63": (text(-(2**63), 2**63), "x", [-(2**63), 2**63]),
    "10^30": (text(1, 2, 10**30), "x", [1, 2, 10**30]),
    "more digits than Python reads": (text(1, HUGE), "x", [1, Decimal(HUGE)]),
    "whole, then a fraction": (text(1, 2, 2.5), "x", [1, 2, 2.5]),
    "2^53+1, then a fraction": (text(2**53 + 1, 2, 2.5), "x", [2**53 + 1, 2, 2.5]),
    "a fraction beside 2^53+1": ([page([{"x": 2**53 + 1}, {"x": 2.5}])], "x", [2**53 + 1, 2.5]),
    "whole numbers and fractions, then text": ([page([{"x": 1}, {"x": 2.5}]), *text('"n/a"')], "x", [1, 2.5, "n/a"]),
    "whole, then text": (text(1, 2, '"n/a"'), "x", [1, 2, "n/a"]),
    "true, then 1": (text("true", 1), "x", [True, 1]),
    "an object, then text": (text('{"a": 1}', '{"a": 1}', '"none"'), "x", [{"a": 1}, {"a": 1}, "none"]),
    "text, then an object": (text('"none"', '{"a": 1}'), "x", ["none", {"a": 1}]),
    "an object of null, then text": (text('{"a": null}', '"none"'), "x", [{"a": None}, "none"]),
    "an object, then a list": (text('{"a": 1}', "[1]"), "x", [{"a": 1}, [1]]),
    "a list, then an object": (text("[1]", '{"a": 1}'), "x", [[1], {"a": 1}]),
    "an empty object after null": (text("null", "{}"), "x", [None, {}]),
    "an empty object, then one with keys": (text("{}", '{"a": 1}'), "x.a", [None, 1]),
    "an empty object, then one of null": (text("{}", '{"a": null}'), "x.a", [None, None]),
    "text that looks like a date": (text('"2026-01-02"', '"2026-01-03"'), "x", ["2026-01-02", "2026-01-03"]),
    "text like a date, then prose": (text('"2026-01-02"', '"soon"'), "x", ["2026-01-02", "soon"]),
    "digits as text": (text('"00123"', '"1e5"'), "x", ["00123", "1e5"]),
    "an identifier": (text('"6cad4a26-8d11-6ece-1738-f7d93d9c1724"'), "x", ["6cad4a26-8d11-6ece-1738-f7d93d9c1724"]),
    "numbers under a name of times": (text(5, 6, key='"xAt"'), "xAt", [5, 6]),
    "fractions under a name of times": (text(5.5, key='"xAt"'), "xAt", [5.5]),
    "truth under a name of times": (text("true", key='"xAt"'), "xAt", [True]),
    "prose under a name of times": (
        text('"2026-01-02T03:04:05Z"', '"soon"', key='"xAt"'),
        "xAt",
        ["2026-01-02T03:04:05Z", "soon"],
    ),
    "a date under a name of times": (text('"2026-01-02"', key='"xAt"'), "xAt", ["2026-01-02"]),
    "an empty last page": ([page([{"x": 1}]), page([{"x": 2}]), page([])], "x", [1, 2]),
    "an empty first page": ([page([]), page([{"x": 2}]), page([{"x": 2}])], "x", [2, 2]),
    "items that are null": ([page([{"x": 1}]), page(None)], "x", [1]),
    "pretty-printed pages": ([json.dumps({"items": [{"x": 1}]}, indent=1).encode()] * 3, "x", [1, 1, 1]),
    "byte order marks": ([b"\xef\xbb\xbf" + page([{"x": 1}])] * 2, "x", [1, 1]),
    "half a character": (text('"a"', '"\\ud800"'), "x", ["a", "\ud800"]),
    "a whole character in two escapes": (text('"a"', '"\\ud83d\\ude00"'), "x", ["a", "😀"]),
    "a key that comes twice": ([*text(1), b'{"items": [{"x": 1, "x": 9}]}'], "x", [1, 9]),
    "an object that comes twice": (
        [*text('{"a": 1}'), b'{"items": [{"x": {"a": 5}, "x": {"b": 2}}]}'],
        "x.a",
        [1, None],
    ),
    "a key with a dot": (text(1, 2, key='"a.b"'), "a.b", [1, 2]),
    "a key with a dot beside an object": ([b'{"items": [{"a.b": 1, "a": {"b": 2}}]}'] * 2, "a.b (key)", [1, 1]),
    "three keys that spell alike": (
        [b'{"items": [{"a.b.c": 1, "a.b": {"c": 2}, "a": {"b": {"c": 3}}}]}'],
        "a.b.c (key 2)",
        [2],
    ),
    "a key with quotes": (text(1, 2, key='"a\\"b"'), 'a"b', [1, 2]),
    "a key with a backslash and a line's end": (text(1, 2, key='"\\\\ \\n"'), "\\ \n", [1, 2]),
    "a key of half a character": (text(1, 2, key='"\\ud800"'), "\\ud800", [1, 2]),
    "an empty key": (text(1, 2, key='""'), "", [1, 2]),
    "an empty key in an object": (text('{"": 1}', '{"": 2}'), "x.", [1, 2]),
    "a key of Python's own": (text(1, 2, key='"__class__"'), "__class__", [1, 2]),
    "a very long key": (text(1, 2, key=f'"{"k" * 99_999}"'), "k" * 99_999, [1, 2]),
    "200 objects in one another": (text(NESTED, NESTED), ".".join(["x"] * 200), [7, 7]),
    "400 lists in one another": (text("[" * 400 + "]" * 400), "x", [json.loads("[" * 400 + "]" * 400)]),
    "numbers that are none": ([page([{"x": float("nan")}, {"x": None}, {"x": 1.5}])], "x", [float("nan"), None, 1.5]),
    "numbers without end": (text("-Infinity", 1.5), "x", [float("-inf"), 1.5]),
    "a number beyond floats": (text("1e400", 1.5), "x", [Decimal("1e400"), 1.5]),
    "minus nothing": (text("-0.0", 1.5), "x", [-0.0, 1.5]),
    "minus nothing, whole": (text("-0", 1), "x", [0, 1]),
    "an exponent": (text("1E5", 2.5), "x", [100000.0, 2.5]),
    "lists of truth and numbers": (text("[1.0, true]"), "x", [[1.0, True]]),
    "lists of objects with other keys": (
        text('[{"a": 1}, {}, {"a": null}, null]'),
        "x",
        [[{"a": 1}, {}, {"a": None}, None]],
    ),
    "lists of 2^53+1 and a fraction": (text(f"[{2**53 + 1}, 0.5]"), "x", [[2**53 + 1, 0.5]]),
    "lists of lists": (text("[[1], [], null]", "null"), "x", [[[1], [], None], None]),
}


def alike(value):
    """A value in a form in which 1 is not true, 0.0 is not -0.0, and NaN is itself."""
    if isinstance(value, list):
        return [alike(entry) for entry in value]
    if isinstance(value, dict):
        return {key: alike(entry) for key, entry in value.items()}
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**53):
        return isinstance(value, bool), repr(float(value))
    return value


def kept(series):
    """The values of a series, None for what is missing."""
    if series.dtype == object:
        return series.tolist()
    return [None if gone else value for value, gone in zip(series.tolist(), series.isna(), strict=True)]


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_input_gives_the_values_that_were_sent_and_gives_them_again(case, backend):
    data, name, entries = AWKWARD[case]
    frame = to_frame(data, dtype_backend=backend)
    assert len(frame) == len(entries)
    assert alike(kept(frame[name])) == alike(entries)
    for _ in range(4):
        again = to_frame(data, dtype_backend=backend)
        assert again.dtypes.equals(frame.dtypes)
        assert [repr(kept(again[column])) for column in again] == [repr(kept(frame[column])) for column in frame]


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_input_is_the_same_in_small_pieces(case, backend, monkeypatch):
    data, name, entries = AWKWARD[case]
    frame = to_frame(data, dtype_backend=backend)
    monkeypatch.setattr(decoding, "_PIECE", 1)
    monkeypatch.setattr(reading, "_ROWS", 1)
    again = to_frame(data, dtype_backend=backend)
    assert again.dtypes.equals(frame.dtypes)
    assert alike(kept(again[name])) == alike(entries)


@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"x":', "}")])
def test_what_is_nested_beyond_measure_is_an_error_that_says_so(open_, close):
    with pytest.raises(ResponseError, match="too deeply"):
        to_frame([*text(1), *text(open_ * 100_000 + "1" + close * 100_000)])


def test_what_is_nested_more_deeply_than_columns_go_stays_an_object():
    frame = to_frame(text('{"x":' * 400 + "7" + "}" * 400))
    (value,) = frame.iloc[0]
    while isinstance(value, dict):
        value = value["x"]
    assert value == 7


def test_thousands_of_keys_are_columns_in_the_order_they_came():
    row = {f"k{number}": number for number in range(5_000)}
    frame = to_frame([page([row]), page([row])])
    assert list(frame.columns) == list(row)
    assert frame.iloc[1].tolist() == list(row.values())


def test_columns_are_in_the_order_of_the_keys_also_where_the_first_page_has_no_values():
    frame = to_frame([page([{"a": 1, "b": None, "c": 1}]), page([{"a": 1, "b": 2, "c": 1}])])
    assert list(frame.columns) == ["a", "b", "c"]


@pytest.mark.parametrize("page_", [b'{"items": [{"x": "\xff"}]}', b"\xef\xbb\xbf\xef\xbb\xbf{}"])
def test_a_page_that_is_no_utf8_is_an_error_after_good_ones_as_well(page_):
    with pytest.raises(ResponseError, match="no JSON"):
        to_frame([*text('"good"'), page_])


@pytest.mark.parametrize("entry", ["none", ["none"], 7])
def test_what_stands_where_the_model_has_an_object_is_kept_and_noted(entry):
    rows = [{"currentDisposition": {"outcome": "Reached"}}, {"currentDisposition": entry}]
    frame = to_frame([page([row]) for row in rows], model="LeadTableRow")
    assert frame["currentDisposition"].tolist() == [{"outcome": "Reached"}, entry]
    assert frame["currentDisposition.outcome"].isna().all()
    (note,) = frame.attrs["leadping"]["notes"]
    assert note.startswith("currentDisposition: ")


def test_numbers_that_are_none_are_not_taken_for_missing_and_are_noted():
    frame = to_frame(b'{"items": [{"price": NaN}, {"price": null}]}', model="LeadTableRow")
    assert str(frame["price"].tolist()) == "[nan, None]"
    assert "NaN" in frame.attrs["leadping"]["notes"][0]
    assert "NaN" in to_frame(b'[{"x": NaN}]').attrs["leadping"]["notes"][0]


TAG = {"color": None, "id": "1", "name": "hot", "normalizedName": "HOT"}


@pytest.mark.parametrize(
    "rows", [[], [{}], [{"tags": []}], [{"tags": [TAG]}], [{"tags": [{"id": "1"}, None]}, {"tags": None}]]
)
def test_arrows_lists_have_the_models_dtype_whatever_they_hold(rows):
    frame = to_frame(rows, model="LeadTableRow", dtype_backend="pyarrow")
    texts = "color: string, id: string, name: string, normalizedName: string"
    assert str(frame["tags"].dtype) == f"list<item: struct<{texts}>>[pyarrow]"


@pytest.mark.parametrize(
    ("entries", "dtype"),
    [
        ([{"id": 1}], "list<item: struct<id: int64>>[pyarrow]"),
        ([{"new": "x"}], "list<item: struct<new: string>>[pyarrow]"),
        ("x", "object"),
    ],
)
def test_arrows_lists_that_are_not_as_promised_are_noted(entries, dtype):
    frame = to_frame([{"tags": entries}], model="LeadTableRow", dtype_backend="pyarrow")
    assert str(frame["tags"].dtype) == dtype
    assert frame["tags"].tolist() == [entries]
    (note,) = frame.attrs["leadping"]["notes"]
    assert note.startswith("tags: ")


def test_arrows_texts_have_one_dtype_however_they_were_read():
    frames = [to_frame([{"x": "a"}, {"x": last}], dtype_backend="pyarrow") for last in ("b", None)]
    times = to_frame([{"xAt": "soon"}], dtype_backend="pyarrow")
    assert {str(frame.dtypes.iloc[0]) for frame in (*frames, times)} == {"string[pyarrow]"}


def test_the_callers_rows_and_pages_stay_as_they_are():
    rows = [{"o": "x", "tags": [{"id": "1"}]}, {"o": {"a": {}}}, {"o": {"a": {"b": 1}}}, {"o": {}}]
    before = json.dumps(rows)
    to_frame(rows)
    to_frame({"items": rows})
    to_frame([{"items": rows[:2]}, {"items": rows[2:]}], dtype_backend="pyarrow")
    assert json.dumps(rows) == before


def test_mappings_of_every_kind_are_objects():
    frame = to_frame([OrderedDict(x=OrderedDict(a=1)), MappingProxyType({"x": MappingProxyType({"a": 2})})])
    assert frame["x.a"].tolist() == [1, 2]
    assert list(frame.columns) == ["x.a"]


def test_blocks_that_cannot_be_read_again_keep_what_is_there_and_say_what_is_left_out():
    reader = BlockReader({})
    blocks = [reader.read(body) for body in text('{"a": 1, "b": {"c": 2, "d": null}}', "{}", "null", '"none"')]
    frame, notes = assemble(blocks, reader.shape, {})
    assert reader.has_closed
    assert list(frame.columns) == ["x"]
    assert frame["x"].tolist() == [{"a": 1, "b": {"c": 2}}, None, None, "none"]
    assert notes == ["x: objects and other values, so it is object; members that are null are left out."]


def test_an_envelope_that_is_no_utf8_is_none():
    assert envelope_of(b'{"items": [], "continuationToken": "\xff"}') is None
