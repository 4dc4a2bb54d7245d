import json
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import leadping_nb as lp

JULY, OCTOBER = lp.contract(), lp.contract("2026-10-26")
NOW = datetime(2026, 7, 5, tzinfo=UTC)
CERTIFICATE = f"https://cert.trustedform.com/{'0123456789' * 4}"

# Values that each field may have: good, mendable, wrong, of another type, and missing.
TEXTS = ["Ada", " Ada ", "", None, 7, True, 1.0, {"x": 1}, ["x"]]
VALUES = {
    "firstName": TEXTS,
    "phone": ["+12125550100", "(212) 555-0100", "2125550100", 2125550100, "020 7946 0958", "555", "", None, {"a": 1}],
    "email": ["ada@mail.example", "Ada@Mail.Example", "ada@", None],
    "zip": ["10001", 10001, 2134, "100011234", "90012", "K1A 0B1", "x", None],
    "postalCode": ["10001", "10001-1234", "90012", None],
    "state": ["NY", "ny", "New York", "Pensylvania", 7, None],
    "country": ["US", "gb", "Germany", None],
    "birthDate": ["1990-01-02", "2030-01-01", "02/01/1990", date(1990, 1, 2), pd.Timestamp("1990-01-02"), None],
    "dateOfBirth": ["1990-01-02", "1990-02-01", None],
    "price": [1, 1.5, "2.5", "cheap", True, "", None],
    "trustedFormUrl": [CERTIFICATE, "https://mail.example", "x", None],
    "consentCertificateUrl": [CERTIFICATE, "https://mail.example", None],
    "consentCertificateType": ["TrustedForm", "other", "x", None],
    "capturedAt": ["2026-07-05T12:00:00Z", "2026-07-05T12:00:00", "noon", None],
    "consentAttested": [True, "false", "yes", 1, None],
    "tagIds": [["a"], (), "a", [None], None],
    "sourceMetadata.page": ["a", 1, None],
    "sourceMetadata.form": ["b", None],
    "contact.phone.number": ["+12125550100", "2125550100", "555", None],
    "contact.email": ["ada@mail.example", "ada@", None],
    "contact.firstName": TEXTS,
    "contact.streetAddress.state": ["NY", "New York", "x", None],
    "contact.streetAddress.postalCode": ["10001", "90012", None],
    "contact.coordinate.latitude": [1.5, 91, "2", None],
    "contact.phone.lookup.id": ["x", None],
    "contact.nickname": ["x", {"y": 1}, None],
    "metadata.trustedFormUrl": [CERTIFICATE, "x", None],
    "metadata.ipAddress": ["203.0.113.7", "x", None],
    "metadata.smsOptedOut": [True, False, None],
    "customer.gender": ["M", "m", "male", None],
    "profile.birthDate": ["1990-01-02", None],
    "unknown": ["x", object(), None],
    "status": ["New", None],
}


def lead_of(row):
    """The lead that a row is: missing cells are left out, paths are nested."""
    lead = {}
    for path, value in row.items():
        if value is not None:
            *holders, name = path.split(".")
            holder = lead
            for part in holders:
                holder = holder.setdefault(part, {})
            holder[name] = value
    return lead


def codes_by_row(check):
    issues = pd.concat([check.bad, check.warnings])
    found = {}
    for row, field, code in zip(issues["row"], issues["field"], issues["code"], strict=True):
        found.setdefault(row, set()).add((field, code))
    return found


@st.composite
def tables(draw):
    fields = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=8, unique=True))
    rows = draw(st.integers(0, 6))
    return [{name: draw(st.sampled_from(VALUES[name])) for name in fields} for _ in range(rows)], fields


@settings(max_examples=300)
@given(tables(), st.sampled_from([JULY, OCTOBER]), st.sampled_from(["flat", "structured"]))
def test_every_row_gets_the_verdicts_that_it_would_get_alone(table, contract, form):
    rows, fields = table
    df = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in fields})
    check = lp.check_leads(df, columns={name: name for name in fields}, form=form, contract=contract, now=NOW)
    found = codes_by_row(check)
    for number, row in enumerate(rows):
        alone = lp.check_lead(lead_of(row), form=form, contract=contract, now=NOW)
        assert found.get(number, set()) == {(issue.field, issue.code) for issue in alone.issues}
        assert check.mask.iloc[number] == alone.ok
        assert check.payload(number) == alone.payload


def leads():
    return pd.DataFrame(
        {
            "Phone Number": ["(212) 555-0100", "555", "+13125550100"],
            "E-Mail": ["ada@mail.example", "bob@mail.example", None],
            "ZIP Code": ["10001", "10001", "60601"],
            "utm_source": ["search", None, "search"],
            "Notes": ["one", "two", "three"],
        },
        index=["a", "b", "c"],
    )


def test_columns_are_recognised_and_what_is_left_out_is_said():
    check = lp.check_leads(leads(), now=NOW)
    assert check.columns.set_index("column")["field"].to_dict() == {
        "Phone Number": "phone", "E-Mail": "email", "ZIP Code": "zip", "utm_source": "utmSource", "Notes": np.nan
    }  # fmt: skip
    assert list(check.columns["how"]) == ["recognised"] * 4 + ["left out"]
    assert "1 column left out" in repr(check)


def test_good_rows_and_bad_rows_keep_their_labels():
    check = lp.check_leads(leads(), now=NOW)
    assert check.mask.to_dict() == {"a": True, "b": False, "c": True}
    assert not check.ok
    assert check.good["phone"].to_dict() == {"a": "+12125550100", "c": "+13125550100"}
    assert check.bad.index.tolist() == ["b"]
    assert check.bad[["row", "field", "code"]].to_numpy().tolist() == [[1, "phone", "phone-invalid"]]
    assert set(check.warnings.columns) == set(check.bad.columns)


def test_leads_to_send_are_those_of_good_rows_without_what_is_missing():
    check = lp.check_leads(leads(), now=NOW)
    first, last = check.payloads()
    assert first == {"phone": "+12125550100", "email": "ada@mail.example", "zip": "10001", "utmSource": "search"}
    assert last == {"phone": "+13125550100", "zip": "60601", "utmSource": "search"}
    assert all(lp.check_lead(lead, now=NOW).ok for lead in check.payloads())


def test_the_summary_counts_rows_with_problems_first():
    summary = lp.check_leads(leads(), now=NOW).summary
    assert list(summary["code"]) == ["phone-invalid", "consent-missing", "phone-national"]
    assert list(summary["rows"]) == [1, 3, 1]


def test_changes_are_counted():
    changes = lp.check_leads(leads(), now=NOW).changes
    assert changes.to_dict("records") == [{"field": "phone", "what": "written in E.164", "rows": 1}]


def test_the_frame_is_not_changed():
    df = leads()
    lp.check_leads(df, now=NOW)
    pd.testing.assert_frame_equal(df, leads())


def test_a_mapping_wins_over_recognition_and_none_leaves_a_column_out():
    df = pd.DataFrame({"Phone": ["555"], "cell": ["+12125550100"], "email": ["x"]})
    check = lp.check_leads(df, columns={"cell": "phone", "email": None}, now=NOW)
    assert check.ok
    assert list(check.columns["how"]) == ["left out", "told", "left out"]
    assert check.columns["note"][0] == "another column is taken for phone"


def test_an_own_name_wins_over_one_that_is_recognised():
    check = lp.check_leads(pd.DataFrame({"Phone Number": ["555"], "phone": ["+12125550100"]}), now=NOW)
    assert check.ok


def test_a_column_that_is_told_to_be_an_unknown_field_is_sent_and_said():
    check = lp.check_leads(pd.DataFrame({"phone": ["+12125550100"], "n": ["x"]}), columns={"n": "notes"}, now=NOW)
    assert check.payload(0)["notes"] == "x"
    assert "unknown-field" in set(check.warnings["code"])


def test_the_structured_form_is_recognised_by_paths():
    df = pd.DataFrame(
        {"contact.phone.number": ["2125550100"], "metadata.trustedFormUrl": [CERTIFICATE], "zip": ["10001"]}
    )
    check = lp.check_leads(df, now=NOW)
    assert check.form == "structured"
    assert check.payload(0) == {
        "contact": {"phone": {"number": "+12125550100"}, "streetAddress": {"postalCode": "10001"}},
        "metadata": {"trustedFormUrl": CERTIFICATE},
    }


@pytest.mark.parametrize(
    "series",
    [
        pd.Series(["2.5", None], dtype="str"),
        pd.Series([2.5, None]),
        pd.Series([2.5, None], dtype="Float64"),
        pd.Series([2.5, None], dtype="float64[pyarrow]"),
        pd.Series(["2.5", None], dtype="string[pyarrow]"),
        pd.Series(["2.5", None], dtype="category"),
    ],
    ids=lambda series: str(series.dtype),
)
def test_all_dtypes_are_read(series):
    check = lp.check_leads(pd.DataFrame({"price": series, "phone": "+12125550100"}), now=NOW)
    assert [check.payload(row).get("price") for row in (0, 1)] == [2.5, None]


def test_dates_of_pandas_are_dates():
    df = pd.DataFrame({"birthDate": pd.to_datetime(["1990-02-01", None]), "phone": "+12125550100"})
    check = lp.check_leads(df, now=NOW)
    assert check.payload(0)["birthDate"] == "1990-02-01"
    assert "birthDate" not in check.payload(1)


def test_payloads_can_be_written_as_json_and_share_nothing():
    df = pd.DataFrame({"phone": ["+12125550100"] * 2, "tagIds": [("a",), ("a",)], "price": [1, 2]})
    check = lp.check_leads(df, now=NOW)
    one, two = check.payloads()
    json.dumps([one, two])
    one["tagIds"].append("b")
    assert two["tagIds"] == ["a"]
    assert check.payload(0)["tagIds"] == ["a"]


def test_true_and_one_are_told_apart_within_one_column():
    df = pd.DataFrame({"price": pd.Series([1, True, 1.0], dtype=object), "phone": "+12125550100"})
    assert lp.check_leads(df, now=NOW).mask.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("df", "options", "sentence"),
    [
        ([{"phone": "1"}], {}, "no DataFrame"),
        (pd.DataFrame([["1", "2"]], columns=["phone", "phone"]), {}, "same name"),
        (pd.DataFrame({"phone": ["1"]}), {"columns": {"fone": "phone"}}, "does not have"),
        (pd.DataFrame({"a": ["1"], "b": ["2"]}), {"columns": {"a": "phone", "b": "phone"}}, "two columns"),
        (pd.DataFrame({"a": ["1"]}), {"columns": {"a": 7}}, "something else"),
        (pd.DataFrame({"a": ["1"]}), {"columns": "x"}, "no field by column"),
        (pd.DataFrame({"contact.email": ["1"], "contact": [{"email": "x"}]}), {"form": "structured"}, "holds objects"),
        (pd.DataFrame({"phone": ["1"], "x": ["2"]}), {"columns": {"x": "phone.number"}}, "a part of it"),
        (
            pd.DataFrame({"a": ["1"], "b": ["2"]}),
            {"columns": {"a": "sourceMetadata.x", "b": "sourceMetadata.x.y"}},
            "a part of it",
        ),
        (pd.DataFrame({"phone": ["1"]}), {"form": "nested"}, "no form"),
    ],
)
def test_what_cannot_be_meant_is_refused(df, options, sentence):
    with pytest.raises(lp.LeadpingError, match=sentence):
        lp.check_leads(df, **options)


def test_cells_that_hold_objects_are_not_changed():
    cell = {"a": float("nan")}
    df = pd.DataFrame({"sourceMetadata.x": [cell], "sourceMetadata.y": ["b"], "phone": "+12125550100"})
    check = lp.check_leads(df, now=NOW)
    assert check.payload(0)["sourceMetadata"] == {"x": {"a": None}, "y": "b"}
    assert list(cell) == ["a"]
    assert cell["a"] != cell["a"]


def test_rows_without_any_field_are_problems_as_they_are_alone():
    df = pd.DataFrame({"phone": ["+12125550100", None, ""], "zipp": ["1", "2", "3"]})
    check = lp.check_leads(df, columns={"zipp": "zipp"}, now=NOW)
    assert check.mask.tolist() == [True, False, False]
    assert check.bad["code"].tolist() == ["nothing-in-it", "nothing-in-it"]


def test_empty_frames_are_checked_too():
    for df in (leads().iloc[:0], pd.DataFrame(), pd.DataFrame({"sourceMetadata.x": []})):
        check = lp.check_leads(df, now=NOW)
        assert check.ok
        assert check.bad.empty
        assert check.good.empty
        assert list(check.payloads()) == []


def test_no_verdict_repeats_a_value():
    df = pd.DataFrame({"phone": ["wonderland-1"], "email": ["wonderland-2"], "birthDate": ["wonderland-3"]})
    check = lp.check_leads(df, now=NOW)
    shown = [repr(check), str(check), check._repr_html_(), check.bad.to_csv(), check.warnings.to_csv()]
    assert len(check.bad) == 3
    assert not [text for text in shown if "onderland" in text]


def test_ten_thousand_numbers_that_are_the_same_are_judged_once(monkeypatch):
    from leadping_nb.intake import together

    asked = []
    read = together.read_phone
    monkeypatch.setattr(together, "read_phone", lambda *args: asked.append(args) or read(*args))
    check = lp.check_leads(pd.DataFrame({"phone": ["2125550100", "555"] * 5_000}), now=NOW)
    assert len(asked) == 2
    assert len(check.bad) == 5_000
