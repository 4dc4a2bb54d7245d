import json
import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import leadping_nb as lp
from leadping_nb.intake.form import form_of
from leadping_nb.intake.formats import read_email
from leadping_nb.intake.issue import CODES
from leadping_nb.intake.phones import read_phone
from leadping_nb.intake.rules import FORMS, RULES

JULY, OCTOBER = lp.contract(), lp.contract("2026-10-26")
KEY = "lp_src_test0123example456789XYZ"
SANDBOX_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0."
NOW = datetime(2026, 7, 5, tzinfo=UTC)
CERTIFICATE = f"https://cert.trustedform.com/{'0123456789' * 4}"


def flat(**fields):
    return {"phone": "+12125550100", "trustedFormUrl": CERTIFICATE, **fields}


def structured(**fields):
    contact = {"phone": {"number": "+12125550100"}, **fields.pop("contact", {})}
    metadata = {
        "trustedFormUrl": CERTIFICATE,
        "ipAddress": "203.0.113.7",
        "userAgent": "test",
        **fields.pop("meta", {}),
    }
    return {"contact": contact, "metadata": metadata, "customer": {}, "tagIds": [], "tagNames": [], **fields}


def october(**fields):
    return {
        "phone": "+12125550100",
        "consentCertificateUrl": CERTIFICATE,
        "consentCertificateType": "TrustedForm",
        "capturedAt": "2026-07-05T12:00:00Z",
        "captureIpAddress": "203.0.113.7",
        "captureUserAgent": "test",
        **fields,
    }


def check(payload, contract=JULY, **options):
    return lp.check_lead(payload, contract=contract, now=NOW, **options)


def found(payload, contract=JULY, **options):
    return [(issue.field, issue.code) for issue in check(payload, contract, **options).issues]


# Revision, lead, and the only thing that is to be said of it.
CASES = [
    *((JULY, flat(price=10**digits), "price", "out-of-range") for digits in (400, 5000)),
    (JULY, flat(sourceMetadata={"page": 10**5000}), "sourceMetadata", "not-json"),
    (JULY, flat(sourceKey="any text"), "sourceKey", "credential-in-lead"),
    (OCTOBER, october(source_key="any text"), "source_key", "credential-in-lead"),
    *(
        (JULY, flat(firstName=text), "firstName", "credential-in-lead")
        for text in (KEY, f"my key: {KEY}.", "lp_src_sandbox_test", "lp_sandbox_test", SANDBOX_TOKEN, f"Bearer {KEY}")
    ),
    (JULY, flat(sourceMetadata={"note": KEY}), "sourceMetadata", "credential-in-lead"),
    (JULY, flat(tagNames=["vip", KEY]), "tagNames", "credential-in-lead"),
    (JULY, flat(note={"keys": [KEY]}), "note", "credential-in-lead"),
    (JULY, flat(**{KEY: "1"}), "<removed: credential>", "credential-in-lead"),
    (JULY, flat(firstName="lp_summer_2026"), None, None),
    (JULY, flat(firstName={"given": "Ada"}), "firstName", "wrong-type"),
    (JULY, flat(phone={"number": "+12125550100"}), "phone", "wrong-type"),
    (JULY, flat(firstName=True), "firstName", "wrong-type"),
    (JULY, flat(firstName=b"Ada"), "firstName", "wrong-type"),
    (JULY, flat(externalId=1.5), "externalId", "wrong-type"),
    (JULY, flat(externalId=2.0**53), "externalId", "wrong-type"),
    (JULY, flat(price="cheap"), "price", "wrong-type"),
    (JULY, flat(price=True), "price", "wrong-type"),
    *((JULY, flat(price=text), "price", "wrong-type") for text in ("--5", "-", "1.2.3", "1e5", "$2", "٣", "9" * 40)),
    (JULY, flat(price=math.inf), "price", "wrong-type"),
    (JULY, flat(tagNames="vip"), "tagNames", "wrong-type"),
    (JULY, flat(tagNames=["vip", {}]), "tagNames[1]", "wrong-type"),
    (JULY, flat(sourceMetadata="page=1"), "sourceMetadata", "wrong-type"),
    (JULY, flat(sourceMetadata={"page": 1}), "sourceMetadata", "wrong-type"),
    (JULY, structured(customer={"income": 1.5}), "customer.income", "wrong-type"),
    (JULY, structured(customer={"isHomeowner": "yes"}), "customer.isHomeowner", "wrong-type"),
    (JULY, structured(customer="Ada"), "customer", "wrong-type"),
    (OCTOBER, october(company="Example"), "company", "wrong-type"),
    (JULY, flat(birthDate="02/01/1990"), "birthDate", "wrong-format"),
    (JULY, flat(birthDate="1990-02-30"), "birthDate", "wrong-format"),
    (JULY, flat(birthDate="1990-02-01T00:00:00Z"), "birthDate", "wrong-format"),
    (OCTOBER, october(profile=None, email="ada@mail.example"), None, None),
    (OCTOBER, october(capturedAt="5 July 2026"), "capturedAt", "wrong-format"),
    (OCTOBER, october(capturedAt="2026-13-05T12:00:00Z"), "capturedAt", "wrong-format"),
    (
        OCTOBER,
        october(contactPreferences={"callbackWindows": [{"start": "25:00"}]}),
        "contactPreferences.callbackWindows[0].start",
        "wrong-format",
    ),
    (
        OCTOBER,
        october(contactPreferences={"callbackWindows": [{"start": "noon"}]}),
        "contactPreferences.callbackWindows[0].start",
        "wrong-format",
    ),
    (JULY, structured(customer={"income": 2**31}), "customer.income", "out-of-range"),
    (
        JULY,
        structured(contact={"coordinate": {"latitude": 91, "longitude": 0}}),
        "contact.coordinate.latitude",
        "out-of-range",
    ),
    (
        JULY,
        structured(contact={"coordinate": {"latitude": 0, "longitude": -181}}),
        "contact.coordinate.longitude",
        "out-of-range",
    ),
    (JULY, structured(customer={"gender": "male"}), "customer.gender", "unknown-value"),
    (JULY, flat(tagIds=None), "tagIds", "null"),
    (JULY, flat(tagIds=["a", None, "b"], firstName=None), None, None),
    (JULY, flat(sourceMetadata={"page": "\ud800"}), "sourceMetadata", "not-json"),
    (JULY, flat(firstName="\ud800"), "firstName", "not-json"),
    (JULY, flat(**{"\ud800": 1}), "�", "not-json"),
    (JULY, {**structured(), "tagIds": None}, "tagIds", "null"),
    (JULY, {key: value for key, value in structured().items() if key != "customer"}, "customer", "required"),
    (JULY, {key: value for key, value in structured().items() if key != "tagIds"}, "tagIds", "required"),
    (JULY, {key: value for key, value in structured().items() if key != "metadata"}, "metadata", "required"),
    (JULY, structured(meta={"trustedFormUrl": None}), "metadata.trustedFormUrl", "null"),
    (JULY, structured(metadata={}), "metadata.trustedFormUrl", "required"),
    (JULY, structured(contact={"coordinate": {"latitude": 1}}), "contact.coordinate.longitude", "required"),
    (JULY, flat(email="ada"), "email", "email-invalid"),
    (JULY, flat(email="ada@mail.example, bob@mail.example"), "email", "email-invalid"),
    (JULY, flat(phone="555"), "phone", "phone-invalid"),
    (JULY, flat(phone="call me"), "phone", "phone-invalid"),
    (JULY, flat(phone="1" * 100), "phone", "phone-invalid"),
    (
        JULY,
        structured(contact={"streetAddress": {"country": "USA"}}),
        "contact.streetAddress.country",
        "country-code",
    ),
    (OCTOBER, october(country="United States"), "country", "country-code"),
    (JULY, flat(birthDate="2026-07-06"), "birthDate", "future-birth"),
    (JULY, flat(zip="10001", postalCode="10002"), "zip", "twins-disagree"),
    (JULY, flat(dateOfBirth="1990-01-02", birthDate="1990-02-01"), "dateOfBirth", "twins-disagree"),
    (JULY, flat(sellerLeadId="a", sellerLeadIdentifier="b"), "sellerLeadIdentifier", "twins-disagree"),
    (
        OCTOBER,
        october(birthDate="1990-01-02", profile={"birthDate": "1990-02-01"}),
        "profile.birthDate",
        "twins-disagree",
    ),
    (JULY, flat(zip="10001", postalCode="10001-1234"), "zip", "twins-repeat"),
    (JULY, flat(price="2.50"), "price", "text-for-number"),
    (JULY, structured(customer={"isHomeowner": "TRUE"}), "customer.isHomeowner", "text-for-boolean"),
    (JULY, flat(zip=10001), "zip", "number-for-text"),
    (JULY, flat(externalId=17.0), "externalId", "number-for-text"),
    (JULY, structured(customer={"gender": "nonbinary"}), "customer.gender", "value-case"),
    (JULY, flat(email=" "), "email", "empty"),
    (JULY, flat(price=""), "price", "empty"),
    (JULY, structured(customer={"gender": ""}), "customer.gender", "empty"),
    (JULY, structured(customer={"isHomeowner": ""}), "customer.isHomeowner", "empty"),
    (OCTOBER, october(capturedAt="2026-07-05T12:00:00.1234567"), "capturedAt", "no-time-zone"),
    (JULY, flat(birthDate="1890-01-01"), "birthDate", "long-ago-birth"),
    (JULY, flat(phone="+15555555555"), "phone", "phone-unassigned"),
    (JULY, flat(phone="(212) 555-0100"), "phone", "phone-national"),
    (JULY, structured(contact={"phone": {"number": "2125550100"}}), "contact.phone.number", "phone-national"),
    (JULY, flat(state="Pensylvania"), "state", "state-unknown"),
    (JULY, flat(state="new york"), "state", "state-name"),
    (JULY, flat(zip="1000A"), "zip", "zip-form"),
    (JULY, flat(zip="2134"), "zip", "zip-zeros"),
    (JULY, flat(state="NY", zip="90012"), "zip", "state-zip"),
    (OCTOBER, october(captureIpAddress="localhost"), "captureIpAddress", "ip-address"),
    (JULY, structured(meta={"ipAddress": "300.1.1.1"}), "metadata.ipAddress", "ip-address"),
    (JULY, flat(trustedFormUrl="https://mail.example/1"), "trustedFormUrl", "certificate-form"),
    (OCTOBER, october(consentCertificateUrl="https://mail.example/1"), "consentCertificateUrl", "certificate-form"),
    (OCTOBER, october(consentCertificateUrl="https://m.example", consentCertificateType="Other"), None, None),
    (JULY, {"phone": "+12125550100"}, "trustedFormUrl", "consent-missing"),
    (OCTOBER, {"phone": "+12125550100"}, "consentCertificateUrl", "consent-missing"),
    (OCTOBER, october(capturedAt=None), "consentCertificateUrl", "consent-incomplete"),
    (JULY, structured(meta={"userAgent": None}), "metadata.trustedFormUrl", "consent-incomplete"),
    (OCTOBER, october(consentAttested=False), "consentAttested", "consent-not-attested"),
    (JULY, {"trustedFormUrl": CERTIFICATE}, "", "unreachable"),
    (JULY, flat(id="1"), "id", "server-kept"),
    (JULY, flat(status="New"), "status", "server-kept"),
    (JULY, flat(createdAt="2026-07-05T00:00:00Z"), "createdAt", "server-kept"),
    (JULY, structured(id="1"), "id", "server-kept"),
    (JULY, structured(meta={"smsOptedOut": True}), "metadata.smsOptedOut", "server-kept"),
    (
        JULY,
        structured(contact={"phone": {"number": "+12125550100", "lookup": {"id": "1"}}}),
        "contact.phone.lookup",
        "server-kept",
    ),
    (JULY, structured(firstName="Ada"), "firstName", "misplaced-field"),
    (JULY, flat(contact=None) | {"customer": {"gender": "M"}}, "customer", "misplaced-field"),
    (
        JULY,
        structured(contact={"streetAddress": {"address1": "1 Main St"}}),
        "contact.streetAddress.address1",
        "misplaced-field",
    ),
    (JULY, flat(frstName="Ada"), "frstName", "unknown-field"),
    (JULY, flat(consentCertificateUrl=CERTIFICATE), "consentCertificateUrl", "unknown-field"),
    (OCTOBER, october(trustedFormUrl=CERTIFICATE), "trustedFormUrl", "unknown-field"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "payload", "field", "code"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_exactly_the_one_thing_is_said(contract, payload, field, code):
    assert found(payload, contract) == ([] if code is None else [(field, code)])


def test_an_address_of_the_web_is_written_whole():
    assert ("trustedFormUrl", "wrong-format") in found(flat(trustedFormUrl="cert.trustedform.com"))
    assert ("trustedFormUrl", "wrong-format") in found(flat(trustedFormUrl="https://mail.example/a b"))
    assert ("trustedFormUrl", "wrong-format") not in found(flat(trustedFormUrl="ftp://mail.example/"))


def test_a_day_that_is_none_is_said_to_be_none():
    [issue] = check(flat(dateOfBirth="1980-02-30")).problems
    assert issue.message == "The calendar has no such day."
    [issue] = check(flat(dateOfBirth="02/01/1990")).problems
    assert issue.message == "A date is written YYYY-MM-DD."


def test_every_code_has_a_case():
    alone = {code for _, _, _, code in CASES}
    assert alone | {"phone-extension", "not-json", "nothing-in-it"} >= set(CODES)


EMPTY = [
    (None, {}),
    (None, {"firstName": "", "phone": None, "zipp": "10001"}),
    ("structured", {}),
    ("structured", {"contact": {"phone": {}}, "customer": {}, "metadata": {}, "tagIds": [], "tagNames": []}),
]


@pytest.mark.parametrize("contract", [JULY, OCTOBER])
@pytest.mark.parametrize(("form", "payload"), EMPTY)
def test_a_lead_without_any_field_of_its_own_is_a_problem(form, payload, contract):
    [issue] = [issue for issue in check(payload, contract, form=form).problems if issue.code == "nothing-in-it"]
    assert (issue.field, issue.basis) == ("", "assumed")
    assert "unreachable" not in {issue.code for issue in check(payload, contract, form=form).issues}


@pytest.mark.parametrize("filled", [{"firstName": "Ada"}, {"price": 0}, {"sourceMetadata": {"page": "1"}}])
def test_one_field_is_enough_to_be_no_empty_lead(filled):
    assert "nothing-in-it" not in {issue.code for issue in check(filled).issues}


def test_an_extension_is_said_beside_the_national_number():
    assert found(flat(phone="212-555-0100 ext. 5")) == [("phone", "phone-national"), ("phone", "phone-extension")]


def test_every_rule_is_about_a_field_that_a_revision_has():
    forms = [form_of(name, known) for name in FORMS for known in (JULY, OCTOBER)]
    applied = {(rule.kind, rule.form, name) for form in forms for rule in form.rules for name in rule.fields}
    assert applied == {(rule.kind, rule.form, name) for rule in RULES for name in rule.fields}
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize(
    ("payload", "contract"), [(flat(), JULY), (structured(), JULY), (october(), OCTOBER)], ids=["flat", "nested", "oct"]
)
def test_a_good_lead_is_good_and_goes_as_it_is(payload, contract):
    result = check(payload, contract)
    assert result.ok
    assert result.issues == result.changes == ()
    assert result.payload == payload
    assert result.payload is not payload


def test_the_structured_lead_of_october_is_good_too():
    lead = structured()
    del lead["customer"]
    lead["metadata"] = {key: value for key, value in october().items() if key != "phone"}
    assert found(lead, OCTOBER) == []


def test_problems_and_warnings_are_told_apart_and_so_are_documents_and_assumptions():
    result = check({"price": "cheap", "phone": "2125550100", "zip": "1", "tagIds": None})
    assert [issue.code for issue in result.problems] == ["wrong-type", "null"]
    assert {issue.basis for issue in result.problems} == {"documented"}
    assert {issue.code: issue.basis for issue in result.warnings} == {
        "phone-national": "assumed", "zip-form": "assumed", "consent-missing": "documented"
    }  # fmt: skip
    assert not result.ok


def test_what_can_be_mended_without_doubt_is_mended_in_the_payload_and_named():
    payload = {
        "firstName": "  Ada ",
        "phone": "(212) 555-0100",
        "email": "Ada@MAIL.example",
        "state": "new york",
        "zip": 100011234,
        "birthDate": date(1990, 2, 1),
        "price": "2.50",
        "tagNames": ("vip",),
        "gender": np.str_("x"),
        "product": float("nan"),
        "own": {"kept": Decimal("1.5"), "at": date(2026, 7, 5)},
    }
    before = dict(payload)
    result = check(payload)
    assert payload == before or math.isnan(payload["product"])
    assert result.payload == {
        "firstName": "Ada",
        "phone": "+12125550100",
        "email": "Ada@mail.example",
        "state": "NY",
        "zip": "10001-1234",
        "birthDate": "1990-02-01",
        "price": 2.5,
        "tagNames": ["vip"],
        "gender": "x",
        "product": None,
        "own": {"kept": 1.5, "at": "2026-07-05"},
    }
    changed = {change.field for change in result.changes}
    assert changed == {"firstName", "phone", "email", "state", "zip", "birthDate", "price", "product"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (pd.Timestamp("1990-02-01"), "1990-02-01"),
        (datetime(1990, 2, 1), "1990-02-01"),
        (np.datetime64("1990-02-01"), "1990-02-01"),
    ],
)
def test_dates_of_python_numpy_and_pandas_are_dates(value, written):
    assert check(flat(birthDate=value)).payload["birthDate"] == written


def test_a_moment_within_a_day_is_no_date():
    assert found(flat(birthDate=datetime(1990, 2, 1, 12))) == [("birthDate", "wrong-type")]


def test_a_moment_of_python_is_a_time_with_its_zone():
    result = check(october(capturedAt=NOW), OCTOBER)
    assert result.payload["capturedAt"] == "2026-07-05T00:00:00+00:00"
    assert result.ok


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.nan, Decimal("NaN")], ids=repr)
def test_missing_values_of_all_kinds_are_null(missing):
    result = check(flat(email=missing))
    assert result.payload["email"] is None
    assert result.issues == ()


def test_a_row_of_a_frame_is_a_lead():
    row = pd.DataFrame([flat(price=1.5)]).iloc[0]
    assert check(row).payload == flat(price=1.5)


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        ('{"phone": "1"}', "json.loads"),
        (b"{}", "json.loads"),
        ([{"phone": "1"}], "check_leads"),
        (pd.DataFrame([{"phone": "1"}]), "check_leads"),
        (None, "Give a dict"),
        (7, "Give a dict"),
    ],
    ids=["text", "bytes", "list", "frame", "none", "number"],
)
def test_what_is_no_object_is_refused_with_a_way_on(payload, hint):
    with pytest.raises(lp.LeadpingError) as caught:
        check(payload)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"form": "nested"}, "no form of that name"),
        ({"region": "USA"}, "region is no country"),
        ({"now": datetime(2026, 7, 5)}, "no time zone"),
    ],
)
def test_options_that_are_none_are_refused(options, sentence):
    with pytest.raises(lp.LeadpingError, match=sentence):
        lp.check_lead(flat(), **options)


def test_now_may_be_epoch_seconds():
    assert [issue.code for issue in lp.check_lead(flat(birthDate="1990-01-01"), now=0).problems] == ["future-birth"]


def test_a_birthday_that_has_begun_somewhere_on_earth_is_not_in_the_future():
    assert check(flat(birthDate="2026-07-05")).ok
    late = datetime(2026, 7, 5, 11, tzinfo=UTC)
    assert lp.check_lead(flat(birthDate="2026-07-06"), now=late).ok


def test_the_form_is_recognised_by_most_names_or_chosen():
    assert check(flat()).form == "flat"
    assert check(structured()).form == "structured"
    assert check({**flat(firstName="Ada", email="a@b.example"), "metadata": {"x": 1}}).form == "flat"
    chosen = check(flat(), form="structured")
    assert (chosen.form, chosen.is_recognised) == ("structured", False)
    assert chosen.operation.id == "POST /leads"


def test_the_nearest_name_is_given_also_across_forms_and_revisions():
    def hint(payload, contract=JULY):
        (issue,) = [entry for entry in check(payload, contract).issues if "field" in entry.code]
        return issue.hint

    assert hint(flat(PhoneType="mobile")) == "Nearest: phoneType."
    assert hint(structured(zip="10001")) == "Here it is contact.streetAddress.postalCode."
    assert "form='structured'" in hint(flat(contact=None, customer={"gender": "M"}))
    assert hint(october(trustedFormUrl="x"), OCTOBER).endswith("it is consentCertificateUrl.")
    assert hint(structured(meta={"utmSuorce": "x"})) == "Nearest: metadata.utmSource."
    assert hint(flat(zzzz=1)) == CODES["unknown-field"].hint


def test_national_numbers_are_those_of_the_address_or_of_the_region():
    london = october(phone="020 7946 0958", country="gb")
    assert check(london, OCTOBER).payload["phone"] == "+442079460958"
    assert check(london, OCTOBER).payload["country"] == "GB"
    assert check(flat(phone="020 7946 0958"), region="GB").payload["phone"] == "+442079460958"


def test_addresses_abroad_are_not_held_against_states_and_zip_codes():
    assert found(flat(state="Ontario", postalCode="K1A 0B1")) == []
    assert found(october(state="Bayern", postalCode="1", country="DE"), OCTOBER) == []


def test_nothing_that_is_said_repeats_a_value():
    payload = {
        "firstName": "Wonderland-1", "email": "wonderland-2@", "phone": "wonderland-3", "state": "wonderland-4",
        "zip": "wonderland-5", "birthDate": "wonderland-6", "price": "wonderland-7", "tagIds": "wonderland-8",
        "trustedFormUrl": "wonderland-9", "sourceMetadata": ["wonderland-10"], "gender": {"x": "wonderland-11"},
    }  # fmt: skip
    result = check(payload)
    said = [str(issue) for issue in result.issues] + [str(change) for change in result.changes]
    shown = [repr(result), str(result), result._repr_html_(), result.frame.to_csv(), *said]
    assert len(result.problems) > 5
    assert not [text for text in shown if "onderland" in text]


def test_names_of_fields_are_shown_without_harm():
    result = check(flat(**{"<script>\x1b[31m": 1}))
    assert "<script>" not in result._repr_html_()
    assert "\x1b" not in str(result)


def test_names_that_are_no_texts_are_left_out_with_a_problem():
    assert found({**flat(), 7: "x"}) == [("7", "not-json")]


def test_what_json_cannot_write_is_null_in_the_payload():
    deep = here = {}
    for _ in range(50):
        here["x"] = here = {}
    circle = []
    circle.append(circle)
    for value in (deep, circle, {1: 2}, {"x": object()}, {"x": math.inf}):
        result = check(flat(own=value))
        assert [issue.code for issue in result.problems] == ["not-json"]
        assert result.payload["own"] is None


def test_a_check_shows_itself_as_table_text_and_html():
    result = check({"phone": "555"})
    assert repr(result) == "<LeadCheck flat (recognised), contract 2026-07-05: 1 problem, 1 warning>"
    assert str(result).splitlines()[1].startswith("✗ phone: This cannot be a telephone number.")
    assert list(result.frame["severity"]) == ["problem", "warning"]
    assert "✗ problem" in result._repr_html_()
    assert "✓ Lead" in check(flat())._repr_html_()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([*form_of("flat", OCTOBER).fields, *form_of("structured", JULY).fields]) | st.text(max_size=8)
leads = st.dictionaries(names.map(lambda name: name.partition(".")[0]), json_values, max_size=6)


@given(leads, st.sampled_from([JULY, OCTOBER]), st.sampled_from([None, *FORMS]))
def test_any_lead_gets_an_answer_and_a_payload_that_json_can_write(lead, contract, form):
    before = repr(lead)
    result = check(lead, contract, form=form)
    assert repr(lead) == before
    json.dumps(result.payload, allow_nan=False)
    kept = {issue.field for issue in result.issues if issue.code == "not-json"}
    assert len(result.payload) >= len(lead) - len(kept)
    assert {issue.code for issue in result.issues} <= set(CODES)


@given(leads, st.sampled_from([JULY, OCTOBER]))
def test_a_payload_is_not_changed_again(lead, contract):
    once = check(lead, contract)
    again = check(once.payload, contract, form=once.form)
    assert again.payload == once.payload
    assert again.changes == ()


@given(st.from_regex(r"\+?1?[ .-]?\(?[2-9][0-9]{2}\)?[ .-]?[2-9][0-9]{2}[ .-]?[0-9]{4}", fullmatch=True))
def test_ordinary_numbers_are_read_as_the_library_reads_them(text):
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        assert read_phone(text) is None
        return
    read = read_phone(text)
    if not phonenumbers.is_possible_number(parsed):
        assert read is None
        return
    assert read.number == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert read.is_assigned == phonenumbers.is_valid_number(parsed)


@given(
    st.from_regex(r"[A-Za-z0-9._+-]{1,66}@[A-Za-z0-9.-]{1,20}\.[a-z]{1,7}", fullmatch=True)
    | st.emails()
    | st.text(max_size=20)
)
def test_addresses_of_mail_are_read_as_the_library_reads_them(text):
    import email_validator

    try:
        expected = email_validator.validate_email(text, check_deliverability=False, test_environment=True).normalized
    except email_validator.EmailNotValidError:
        expected = None
    assert read_email(text)[0] == expected


def test_no_issue_of_the_table_of_rules_is_without_a_hint():
    assert all(re.match(r"[A-Z].*\.$", code.hint) for code in CODES.values())
