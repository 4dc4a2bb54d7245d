import json
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from leadping_nb.columns import DECIMAL
from leadping_nb.errors import LeadpingError, ResponseError
from leadping_nb.frames import to_frame


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


@pytest.mark.parametrize("data", [7, [7], {"items": [7]}, {"items": {}}, None])
def test_what_is_neither_page_nor_row_is_an_error_with_a_hint(data):
    with pytest.raises(LeadpingError, match=r"neither a page nor rows|whose items"):
        to_frame(data)


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


def test_a_key_with_a_dot_beside_an_object_is_kept_and_noted():
    frame = to_frame([{"a.b": 1, "a": {"b": 2}}])
    assert frame.loc[0].to_dict() == {"a.b": 2, "a.b (key)": 1}
    assert "a.b (key)" in frame.attrs["leadping"]["notes"][0]


def test_of_a_duplicate_key_the_last_wins():
    assert to_frame(b'{"items": [{"n": 1, "n": 9}]}')["n"].tolist() == [9]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
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
        (["0001-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567Z"], "str", "outside"),
        (["soon", "2026-01-01T00:00:00Z"], "str", "not every value is a time"),
        (["2026-13-01T00:00:00Z"], "str", "outside"),
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
    assert frame.attrs["leadping"]["notes"] == ["createdAt: 1 times without an offset were read as UTC."]


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


@pytest.mark.parametrize(
    ("model", "name", "entries", "dtype"),
    [
        ("UsageLedgerTableRow", "unitPrice", [0.12345678], "Float64"),
        ("UsageLedgerTableRow", "unitPrice", ["1.50"], "str"),
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
