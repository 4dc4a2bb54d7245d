"""What a live API has otherwise than the shipped revisions is found, put in order, and said in words."""

import json
import re

import pytest
from hypothesis import given, settings, strategies as st

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.credential import KeyType
from leadping_nb.drift import check_drift, compare_contracts
from leadping_nb.drift.calls import changed_calls
from leadping_nb.drift.change import change_of
from leadping_nb.drift.fields import changed_models
from leadping_nb.drift.pairing import Pairing
from leadping_nb.drift.weights import RANKS, WEIGHTS
from leadping_nb.drift.words import Exchange, likeness, words
from leadping_nb.openapi import read_openapi
from leadping_nb.sandbox import Sandbox
from tests.any_json import JSON
from tests.published import API, AS, AUTH_MD, NEWEST, OPENAPI, PRM, SEED, SITE, checked, move, published


def drifted(change):
    """Give the rows after one change to the OpenAPI document of the seed's revision."""
    documents = published()
    change(documents[OPENAPI]["paths"], documents[OPENAPI]["components"]["schemas"])
    return [(row.severity, row.change, row.kind, row.name, row.before, row.after) for row in checked(documents)]


def parameter(paths, name):
    """Give one parameter of the list of leads."""
    return next(entry for entry in paths["/leads/all/my"]["post"]["parameters"] if entry["name"] == name)


def holding(model):
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}


# -- the published document against the contract, one change at a time --

LEADS, ONE, INTAKE = "POST /leads/all/my", "GET /leads/{id}", "POST /leads/intake"
CHANGES = {
    "a list that went": (
        lambda paths, _: paths.pop("/leads/all/my"),
        ("error", "gone", "operation", LEADS, LEADS, ""),
    ),
    "a list under another name": (
        lambda paths, _: move(paths, "/leads/all/my", "/leads/all/mine"),
        ("error", "renamed", "operation", LEADS, LEADS, "POST /leads/all/mine"),
    ),
    "a list under the name that October has": (
        lambda paths, _: move(paths, "/phone-numbers/all/business", "/phone-numbers/all/organization"),
        ("error", "renamed", "operation", "POST /phone-numbers/all/business", "POST /phone-numbers/all/business",
         "POST /phone-numbers/all/organization"),
    ),
    "a call for one row that went": (
        lambda paths, _: paths["/leads/{id}"].pop("get"), ("error", "gone", "operation", ONE, ONE, ""),
    ),
    "a way to send leads that went": (
        lambda paths, _: paths["/leads/intake"].pop("post"), ("error", "gone", "operation", INTAKE, INTAKE, ""),
    ),
    "another credential for a list": (
        lambda paths, _: paths["/leads/all/my"]["post"].update(security=[{"SourceKey": []}]),
        ("error", "changed", "security", LEADS, "a user token or key", "a source key"),
    ),
    "a write that is open now": (
        lambda paths, _: paths["/tags"]["post"].update(security=[]),
        ("note", "changed", "security", "POST /tags", "a user token or key", "no credential"),
    ),
    "a field of loaded rows that went": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"].pop("price"),
        ("warning", "gone", "field", "LeadTableRow.price", "number", ""),
    ),
    "a field of loaded rows under another name": (
        lambda _, schemas: move(schemas["LeadTableRow"]["properties"], "statusTone", "statusColourTone"),
        ("warning", "renamed", "field", "LeadTableRow.statusTone", "statusTone", "statusColourTone"),
    ),
    "a field of loaded rows of another type": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"].update(price={"type": "string"}),
        ("warning", "changed", "field", "LeadTableRow.price", "number", "string"),
    ),
    "a time that is a text now": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"].update(createdAt={"type": "string"}),
        ("warning", "changed", "field", "LeadTableRow.createdAt", "string date-time", "string"),
    ),
    "rows of another model": (
        lambda _, schemas: schemas["PagedResultOfLeadTableRow"]["properties"].update(
            items={"type": "array", "items": {"$ref": "#/components/schemas/SourceTableRow"}}
        ),
        ("warning", "changed", "model", LEADS, "LeadTableRow", "SourceTableRow"),
    ),
    "a read that the toolkit only passes on": (
        lambda paths, _: paths.pop("/wallets/me"),
        ("warning", "gone", "operation", "GET /wallets/me", "GET /wallets/me", ""),
    ),
    "a write that went": (
        lambda paths, _: paths["/tags"].pop("post"),
        ("note", "gone", "operation", "POST /tags", "POST /tags", ""),
    ),
    "a field that is sent": (
        lambda _, schemas: schemas["TagRequest"]["properties"].pop("name"),
        ("note", "gone", "field", "TagRequest.name", "string", ""),
    ),
    "a new call": (
        lambda paths, _: paths.update({"/brand-new": {"get": {}}}),
        ("note", "appeared", "operation", "GET /brand-new", "", "GET /brand-new"),
    ),
    "a new column": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"].update(mood={"type": "string"}),
        ("note", "appeared", "field", "LeadTableRow.mood", "", "string"),
    ),
    "a new model": (
        lambda _, schemas: schemas.update(Mood={"properties": {}}),
        ("note", "appeared", "model", "Mood", "", "Mood"),
    ),
    "a new value": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"]["archiveReason"]["enum"].append(99),
        ("note", "changed", "field", "LeadTableRow.archiveReason", "no others", "also 99"),
    ),
    "a parameter that a list needs now": (
        lambda paths, _: paths["/leads/all/my"]["post"]["parameters"].append(
            {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        ("error", "required", "parameter", f"region of {LEADS}", "", "query parameter, string"),
    ),
    "a parameter that a read needs now": (
        lambda paths, _: paths["/tags"]["get"]["parameters"].append(
            {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        ("error", "required", "parameter", "region of GET /tags", "", "query parameter, string"),
    ),
    "a parameter of all calls below a path": (
        lambda paths, _: paths["/leads/all/my"].update(
            parameters=[{"name": "X-Region", "in": "header", "required": True, "schema": {"type": "string"}}]
        ),
        ("error", "required", "parameter", f"X-Region of {LEADS}", "", "header parameter, string"),
    ),
    "a parameter of a list that may not be left out any more": (
        lambda paths, _: parameter(paths, "archiveFilter").update(required=True),
        ("error", "required", "parameter", f"archiveFilter of {LEADS}", "may be left out",
         "query parameter, string"),
    ),
    "a parameter of a list that went": (
        lambda paths, _: paths["/leads/all/my"]["post"]["parameters"].remove(parameter(paths, "untagged")),
        ("warning", "gone", "parameter", f"untagged of {LEADS}", "boolean", ""),
    ),
    "a parameter of a list under a like name": (
        lambda paths, _: parameter(paths, "tagMatchAll").update(name="tagMatchAllOf"),
        ("warning", "renamed", "parameter", f"tagMatchAll of {LEADS}", "tagMatchAll", "tagMatchAllOf"),
    ),
    "a parameter of which only capitals differ": (
        lambda paths, _: parameter(paths, "untagged").update(name="Untagged"),
        ("note", "renamed", "parameter", f"untagged of {LEADS}", "untagged", "Untagged"),
    ),
    "a parameter of another type": (
        lambda paths, _: parameter(paths, "untagged").update(schema={"type": "string"}),
        ("warning", "changed", "parameter", f"untagged of {LEADS}", "boolean", "string"),
    ),
    "a parameter that is new and may be left out": (
        lambda paths, _: paths["/leads/all/my"]["post"]["parameters"].append(
            {"name": "region", "in": "query", "schema": {"type": "string"}}
        ),
        ("note", "appeared", "parameter", f"region of {LEADS}", "", "string"),
    ),
    "a parameter that sending a lead needs now": (
        lambda paths, _: paths["/leads/intake"]["post"]["parameters"].append(
            {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        ("error", "required", "parameter", f"region of {INTAKE}", "", "query parameter, string"),
    ),
    "a list that takes no body any more": (
        lambda paths, _: paths["/leads/all/my"]["post"].pop("requestBody"),
        ("error", "gone", "body", LEADS, "application/json", "no body"),
    ),
    "a read that needs a body now": (
        lambda paths, _: paths["/tags"]["get"].update(requestBody={"required": True, "content": {"text/csv": {}}}),
        ("error", "required", "body", "GET /tags", "no body", "text/csv"),
    ),
    "a body that may not be left out any more": (
        lambda paths, _: paths["/leads/{id}/archive"]["post"]["requestBody"].update(required=True),
        ("note", "required", "body", "POST /leads/{id}/archive", "may be left out", "required"),
    ),
    "leads in another media type": (
        lambda paths, _: move(paths["/leads/intake"]["post"]["requestBody"]["content"], "application/json", "text/xml"),
        ("error", "changed", "body", INTAKE, "application/json", "text/xml"),
    ),
    "a lead of another model": (
        lambda paths, _: paths["/leads/intake"]["post"]["requestBody"].update(content=holding("TagRequest")),
        ("error", "changed", "body", INTAKE, "LeadIntakeRequest", "TagRequest"),
    ),
    "a list that answers an object": (
        lambda paths, _: paths["/tags"]["get"]["responses"]["200"].update(content=holding("TagResponse")),
        ("error", "changed", "answer", "GET /tags", "a list", "an object"),
    ),
    "a list that is no JSON": (
        lambda paths, _: paths["/tags"]["get"]["responses"]["200"].update(content={"text/csv": {}}),
        ("error", "changed", "answer", "GET /tags", "a list", "a file"),
    ),
    "one row of another model": (
        lambda paths, _: paths["/leads/{id}"]["get"]["responses"]["200"].update(content=holding("LeadTableRow")),
        ("warning", "changed", "answer", ONE, "LeadResponse", "LeadTableRow"),
    ),
    "another status for a lead that arrived": (
        lambda paths, _: move(paths["/leads/intake"]["post"]["responses"], "201", "202"),
        ("warning", "changed", "answer", INTAKE, "201", "202"),
    ),
    "a refusal that is not named any more": (
        lambda paths, _: paths["/leads/all/my"]["post"]["responses"].pop("401"),
        ("note", "gone", "answer", "status 401", f"at {LEADS}", ""),
    ),
    "a refusal that is named now": (
        lambda paths, _: paths["/leads/all/my"]["post"]["responses"].update({"418": {}}),
        ("note", "appeared", "answer", "status 418", "", f"at {LEADS}"),
    ),
    "pages without a cursor": (
        lambda _, schemas: schemas["PagedResultOfLeadTableRow"]["properties"].pop("continuationToken"),
        ("error", "gone", "field", "PagedResultOfLeadTableRow.continuationToken", "string", ""),
    ),
    "an option of every list that went": (
        lambda _, schemas: schemas["RequestDataOptions"]["properties"].pop("continuationToken"),
        ("error", "gone", "field", "RequestDataOptions.continuationToken", "string", ""),
    ),
    "a field that every lead needs now": (
        lambda _, schemas: schemas["LeadIntakeRequest"].update(required=["phone"]),
        ("error", "required", "field", "LeadIntakeRequest.phone", "may be left out", "required"),
    ),
    "a new field that every lead needs": (
        lambda _, schemas: schemas["LeadIntakeRequest"].update(
            properties=schemas["LeadIntakeRequest"]["properties"] | {"region": {"type": "string"}}, required=["region"]
        ),
        ("error", "required", "field", "LeadIntakeRequest.region", "", "string"),
    ),
    "a field of leads that went": (
        lambda _, schemas: schemas["LeadIntakeRequest"]["properties"].pop("phone"),
        ("warning", "gone", "field", "LeadIntakeRequest.phone", "string", ""),
    ),
    "a field of leads that is never null now": (
        lambda _, schemas: schemas["LeadIntakeRequest"]["properties"]["price"].update(type="number"),
        ("warning", "changed", "field", "LeadIntakeRequest.price", "may be null", "never null"),
    ),
    "a field that need not be sent any more": (
        lambda _, schemas: schemas["LeadRequest"]["required"].remove("tagIds"),
        ("note", "changed", "field", "LeadRequest.tagIds", "required", "may be left out"),
    ),
    "a field that other calls need now": (
        lambda _, schemas: schemas["TagRequest"].update(required=["name"]),
        ("note", "required", "field", "TagRequest.name", "may be left out", "required"),
    ),
    "a field of loaded rows that need not be there": (
        lambda _, schemas: schemas["IdNamePair"].pop("required"),
        ("warning", "changed", "field", "IdNamePair.id", "required", "may be left out"),
    ),
    "a value of loaded rows that went": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"]["archiveReason"]["enum"].remove(0),
        ("warning", "changed", "field", "LeadTableRow.archiveReason", "also 0", "no others"),
    ),
    "an array of something else": (
        lambda _, schemas: schemas["LeadRequest"]["properties"]["tagIds"].update(items={"type": "integer"}),
        ("warning", "changed", "field", "LeadRequest.tagIds", "array of string", "array of integer"),
    ),
    "a number of another size": (
        lambda _, schemas: schemas["CallEventTableRow"]["properties"]["duration"].update(format="int64"),
        ("note", "changed", "field", "CallEventTableRow.duration", "int32", "int64"),
    ),
    "a field that may be null now": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"]["createdAt"].update(type=["string", "null"]),
        ("warning", "changed", "field", "LeadTableRow.createdAt", "never null", "may be null"),
    ),
    "a list that any credential may load, or none": (
        lambda paths, _: paths["/leads/all/my"]["post"].update(security=[{"Bearer": []}, {}]),
        ("note", "changed", "security", LEADS, "a user token or key", "a user token or key; or no credential"),
    ),
    "a list that a further credential may load": (
        lambda paths, _: paths["/leads/all/my"]["post"].update(security=[{"SourceKey": []}, {"Bearer": []}]),
        ("note", "changed", "security", LEADS, "a user token or key", "a source key; or a user token or key"),
    ),
    "a list that names no credential any more": (
        lambda paths, _: paths["/leads/all/my"]["post"].pop("security"),
        ("note", "changed", "security", LEADS, "a user token or key", "no credential"),
    ),
    "a list that takes two credentials at once": (
        lambda paths, _: paths["/leads/all/my"]["post"].update(security=[{"SourceKey": [], "Bearer": []}]),
        ("error", "changed", "security", LEADS, "a user token or key", "a source key, and a user token or key"),
    ),
    "a write that needs two credentials at once": (
        lambda paths, _: paths["/tags"]["post"].update(security=[{"Bearer": [], "SourceKey": []}]),
        ("note", "changed", "security", "POST /tags", "a user token or key", "a source key, and a user token or key"),
    ),
    "a cookie that a list needs now": (
        lambda paths, _: paths["/leads/all/my"]["post"]["parameters"].append(
            {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}}
        ),
        ("error", "required", "parameter", f"session of {LEADS}", "", "cookie parameter, string"),
    ),
    "a cookie that a list needs now beside a parameter of its name": (
        lambda paths, _: paths["/leads/all/my"]["post"]["parameters"].append(
            {"name": "untagged", "in": "cookie", "required": True, "schema": {"type": "string"}}
        ),
        ("error", "required", "parameter", f"untagged in the cookie of {LEADS}", "", "cookie parameter, string"),
    ),
    "a call that is to go": (
        lambda paths, _: paths["/leads/all/my"]["post"].update(deprecated=True),
        ("note", "deprecated", "operation", LEADS, "", ""),
    ),
    "a parameter that is to go": (
        lambda paths, _: parameter(paths, "untagged").update(deprecated=True),
        ("note", "deprecated", "parameter", f"untagged of {LEADS}", "", ""),
    ),
    "a parameter whose schema is to go": (
        lambda paths, _: parameter(paths, "untagged")["schema"].update(deprecated=True),
        ("note", "deprecated", "parameter", f"untagged of {LEADS}", "", ""),
    ),
    "a parameter that is to go and has a like name": (
        lambda paths, _: parameter(paths, "tagMatchAll").update(name="tagMatchAllOf", deprecated=True),
        ("note", "deprecated", "parameter", f"tagMatchAllOf of {LEADS}", "", ""),
    ),
    "a column that is to go": (
        lambda _, schemas: schemas["LeadTableRow"]["properties"]["price"].update(deprecated=True),
        ("note", "deprecated", "field", "LeadTableRow.price", "", ""),
    ),
    "a column whose named schema is to go": (
        lambda _, schemas: (
            schemas.update(Price={"type": "number", "deprecated": True}),
            schemas["LeadTableRow"]["properties"].update(price={"allOf": [{"$ref": "#/components/schemas/Price"}]}),
        ),
        ("note", "deprecated", "field", "LeadTableRow.price", "", ""),
    ),
    "a field of leads that is to go": (
        lambda _, schemas: schemas["LeadIntakeRequest"]["properties"]["phone"].update(deprecated=True),
        ("note", "deprecated", "field", "LeadIntakeRequest.phone", "", ""),
    ),
    "a field of other calls that is to go": (
        lambda _, schemas: schemas["TagRequest"]["properties"]["name"].update(deprecated=True),
        ("note", "deprecated", "field", "TagRequest.name", "", ""),
    ),
    "an option that is to go": (
        lambda _, schemas: schemas["RequestDataOptions"]["properties"]["search"].update(deprecated=True),
        ("note", "deprecated", "field", "RequestDataOptions.search", "", ""),
    ),
    "what pages go by that is to go": (
        lambda _, schemas: schemas["PagedResultOfLeadTableRow"]["properties"]["continuationToken"].update(
            deprecated=True
        ),
        ("note", "deprecated", "field", "PagedResultOfLeadTableRow.continuationToken", "", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_published_document_has_its_row(what):
    change, expected = CHANGES[what]
    assert expected in drifted(change)


def test_what_was_to_go_already_is_no_change():
    paths = {"/tags": {"get": {"deprecated": True, "parameters": [
        {"name": "all", "in": "query", "deprecated": True, "schema": {"type": "boolean"}}
    ], "responses": {"200": {"content": holding("Tag")}}}}}  # fmt: skip
    tag = {"type": "object", "properties": {"id": {"type": "string", "deprecated": True}}}
    outline = read_openapi({"openapi": "3.1.1", "paths": paths, "components": {"schemas": {"Tag": tag}}})
    assert outline.deprecated == {"Tag": {"id"}}
    assert outline.calls["GET /tags"].inputs["all"].deprecated
    pairing = Pairing.of(outline, outline)
    assert [*changed_calls(pairing), *changed_models(pairing)] == []


def test_a_model_under_another_name_is_no_change_of_its_fields():
    documents = published()
    text = json.dumps(documents[OPENAPI]).replace("SourceTableRow", "OriginTableRow")
    rows = list(checked(documents | {OPENAPI: json.loads(text)}))
    assert [(row.change, row.kind, row.name, row.after) for row in rows] == [
        ("renamed", "model", "SourceTableRow", "OriginTableRow")
    ]


def test_words_are_never_compared_with_words_of_others():
    documents = published()
    documents[OPENAPI]["paths"]["/tags"]["get"]["summary"] = "Said otherwise."
    assert list(checked(documents)) == []


def test_what_breaks_a_load_comes_before_what_changes_a_column_and_what_is_only_new():
    def several(paths, schemas):
        for name in ("a new call", "a new value", "a field of loaded rows that went", "a list that went"):
            CHANGES[name][0](paths, schemas)
        paths["/sources/all/my"]["post"]["security"] = [{"SourceKey": []}]

    order = [(row[1], row[2]) for row in drifted(several)]
    assert order[:2] == [("gone", "operation"), ("changed", "security")]
    assert order.index(("gone", "field")) < order.index(("appeared", "operation")) < order.index(("changed", "field"))


def test_what_fails_stands_above_what_may_mislead_and_loads_above_leads_in_both():
    severities = [WEIGHTS[about].severity for about in RANKS][1:]  # after the mixture of documents, which explains all
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    places = {severity: [about[0] for about in RANKS if WEIGHTS[about].severity == severity] for severity in severities}
    for severity, load, lead in (("error", "load answer", "send"), ("warning", "used status", "send input")):
        assert places[severity].index(load) < places[severity].index(lead)
    assert places["warning"].index("send answer") < places["warning"].index("key") < places["warning"].index("read")


def test_what_cannot_be_compared_is_said_once_and_is_no_change():
    documents = published()
    schemas = documents[OPENAPI]["components"]["schemas"]
    schemas["LeadIntakeRequest"]["properties"]["phone"]["maxLength"] = 20
    schemas["BusinessRequest"]["required"] = ["name"]
    documents[OPENAPI]["paths"]["/leads/{id}"]["get"]["parameters"][0]["schema"] = {"type": "integer"}
    documents[OPENAPI]["paths"]["/tags"]["get"]["security"] = [{"Bearer": ["tags:read"]}]
    documents[OPENAPI]["paths"]["/leads/all/my"]["post"]["responses"]["429"] = {"description": "Too many."}
    report = checked(documents)
    assert (list(report), report.ok) == ([], True)
    said = "\n".join(report.not_compared)
    for piece in (
        "LeadIntakeRequest.phone",
        "Types of path parameters",
        "may be null",
        "Required fields of",
        "403 and 429",
        "Scopes that calls ask for, such as GET /tags",
    ):
        assert said.count(piece) == 1
        assert str(report).count(piece) == report._repr_html_().count(piece) == 1


def test_two_contracts_say_what_they_do_not_hold():
    said = compare_contracts(SEED, NEWEST).attrs["not compared"]
    assert len(said) == len(set(said)) > 4
    assert any(NEWEST in sentence for sentence in said)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("a parameter that a list needs now", "No call of the toolkit gives it yet"),
        ("a parameter of a list that may not be left out any more", 'Give it: params={"archiveFilter": …}.'),
        ("a parameter that a read needs now", 'Read it with api.get("/tags", params={"region": …}).'),
    ],
)
def test_what_a_call_needs_now_comes_with_a_way_to_give_it_where_there_is_one(change, hint):
    documents = published()
    CHANGES[change][0](documents[OPENAPI]["paths"], documents[OPENAPI]["components"]["schemas"])
    (row,) = [row for row in checked(documents) if row.change == "required"]
    assert row.hint.startswith(hint)


def test_fields_of_one_model_stand_together_and_notes_take_a_line_a_sort():
    def several(_, schemas):
        for name in ("price", "createdAt", "phone"):
            schemas["LeadTableRow"]["properties"].pop(name, None)
        for number in range(30):
            schemas[f"Mood{number}"] = {"properties": {}}

    documents = published()
    several(None, documents[OPENAPI]["components"]["schemas"])
    report = checked(documents)
    lines = str(report).splitlines()
    gone = [row.name.removeprefix("LeadTableRow.") for row in report if row.change == "gone"]
    assert len(gone) > 1
    at = lines.index(f"! {len(gone)} fields gone")
    assert lines[at + 1] == "    The column … may stay empty. → Leave it out, or take another."
    assert lines[at + 2] == f"    {', '.join(gone)} in LeadTableRow (leads)"
    (note,) = [line for line in lines if line.startswith("·")]
    assert note == "· Nothing: new models break nothing. 30 models appeared, such as Mood0, Mood1, Mood2."
    assert "    Mood0, Mood1, Mood2, Mood3," in report.full


@pytest.fixture(scope="module")
def newest():
    """The report of October's documents against July's contract."""
    return checked(published(NEWEST))


def test_the_report_of_a_revision_says_what_fails_then_what_changes_data_then_what_is_new(newest):
    lines = str(newest).splitlines()
    headings = ["What fails:", "What may give other data, or fail beside loads and leads:"]
    headings.append("What breaks nothing here, and what is new:")
    assert [line for line in lines if line in headings] == headings
    signs = [line[0] for line in lines if line[0] in "✗!·"]
    assert signs == sorted(signs, key="✗!·".index)


def test_a_call_that_moved_and_a_field_that_was_renamed_in_many_models_are_said_once_with_one_hint(newest):
    lines = str(newest).splitlines()
    at = lines.index("✗ 7 operations renamed")
    assert lines[at + 1].endswith('Connect with contract=lp.contract("2026-10-26"), and use api.frame("…").')
    assert (
        '    api.frame("users") → api.frame("members"): GET /businesses/me/users → GET /organizations/me/members'
        in lines
    )
    said = next(
        line for line in lines if line.startswith("    businessId → organizationId in SourceTableRow (sources)")
    )
    assert "TagResponse (tags)" in said
    for hint in ("Leave it out, or take another.", "Leave it out, and look at one lead that arrived.",
                 "Take the new name."):  # fmt: skip
        assert "\n".join(lines).count(hint) == 1


def test_the_report_of_a_revision_is_short_and_loses_nothing(newest):
    report, full = newest, newest.full
    assert str(report).count("\n") < 100
    for row in report:
        assert all(part in full for part in re.split(r"(?<=\w)\.| of ", row.name)), row.name
    assert all(row.after in full for row in report if row.change == "renamed")
    said = json.loads(report.as_json())
    assert [tuple(row.values()) for row in said["rows"]] == list(report.table.rows)
    assert (said["in use"], said["nearest"], said["not compared"]) == (SEED, NEWEST, list(report.not_compared))
    assert "<details><summary>All 865 rows" in report._repr_html_()
    assert "LeadTableRow.adminEnablementOverride" not in str(report)


def test_a_report_whose_rows_are_all_said_offers_no_more_of_them():
    documents = published()
    documents[OPENAPI]["components"]["schemas"]["LeadTableRow"]["properties"].pop("price")
    report = checked(documents)
    assert len(report) == 1
    assert ".full" not in str(report) + report._repr_html_()


def test_what_fails_only_under_the_nearest_revision_stands_apart():
    documents = published(NEWEST)
    documents[OPENAPI]["paths"].pop("/leads/{id}/status-history")
    text = str(checked(documents))
    before, _, after = text.partition("Under 2026-10-26 these would fail:\n")
    assert "against 2026-07-05, the revision in use." in before
    assert after.startswith("✗ operation GET /leads/{id}/status-history gone")


def test_a_status_that_many_calls_name_otherwise_is_one_row():
    def nowhere(paths, _):
        for item in paths.values():
            for entry in item.values():
                entry["responses"].pop("401", None)

    (row,) = drifted(nowhere)
    assert row[3] == "status 401"
    assert row[4].endswith("more")


def test_a_status_that_a_wider_one_covers_is_not_gone():
    def covered(paths, _):
        move(paths["/leads/all/my"]["post"]["responses"], "401", "4XX")
        move(paths["/sources/all/my"]["post"]["responses"], "401", "default")
        move(paths["/tags"]["get"]["responses"], "200", "2XX")

    assert drifted(covered) == []


def test_a_body_may_come_in_further_media_types():
    def wider(paths, _):
        paths["/leads/intake"]["post"]["requestBody"]["content"]["text/json"] = {}
        move(paths["/leads"]["post"]["requestBody"]["content"], "application/json", "application/*")

    assert drifted(wider) == []


def test_renames_say_whether_they_are_inferred_and_from_what():
    documents = published()
    move(documents[OPENAPI]["paths"], "/phone-numbers/all/business", "/phone-numbers/all/organization")
    move(documents[OPENAPI]["paths"], "/leads/all/my", "/leads/all/mine")
    evidence = {row.name: row.evidence for row in checked(documents) if row.change == "renamed"}
    assert evidence["POST /phone-numbers/all/business"] == 'stated: both are api.frame("phone_numbers")'
    assert evidence[LEADS].startswith("inferred: the same method")


def test_a_rename_between_shipped_revisions_is_known_again_where_both_names_are_published():
    documents = published()
    paths, newest = documents[OPENAPI]["paths"], published(NEWEST)[OPENAPI]["paths"]
    del paths["/dispositions/lead/{leadId}"]
    paths["/leads/{id}/status-history"] = {"get": {"summary": newest["/leads/{id}/status-history"]["get"]["summary"]}}
    (row,) = [row for row in checked(documents) if row.name == "GET /dispositions/lead/{leadId}"]
    assert (row.change, row.after) == ("renamed", "GET /leads/{id}/status-history")
    assert row.evidence.startswith("inferred: so in the contract of 2026-10-26")


def test_what_fits_two_names_equally_well_is_not_called_renamed():
    def split(paths, _):
        entry = paths.pop("/leads/all/my")
        paths["/leads/all/mine"] = paths["/leads/all/ours"] = entry

    assert CHANGES["a list that went"][1] in drifted(split)


def test_the_hint_of_a_rename_names_the_contract_and_the_call_that_know_it():
    documents = published()
    move(documents[OPENAPI]["paths"], "/businesses/me/users", "/organizations/me/members")
    (row,) = [row for row in checked(documents) if row.name == "GET /businesses/me/users"]
    assert row.breaks.startswith('api.frame("users")')
    assert row.hint == 'Connect with contract=lp.contract("2026-10-26"), and use api.frame("members").'


# -- signing in --


@pytest.mark.parametrize(
    ("place", "change", "expected"),
    [
        (PRM, {"bearer_methods_supported": ["header", "query"]},
         ("warning", "changed", "credential", "bearer methods", "header", "header, query")),
        (AS, {"code_challenge_methods_supported": []},
         ("warning", "gone", "flow", "PKCE (S256)", "offered by the seed of 2026-07-05 and the metadata of July",
          "not offered")),
        (AS, {"grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"]},
         ("note", "appeared", "flow", "client credentials",
          "not offered by the seed of 2026-07-05 and the metadata of July", "offered")),
        (AS, {"grant_types_supported": ["refresh_token"]},
         ("warning", "gone", "flow", "authorization code",
          "offered by the seed of 2026-07-05 and the metadata of July", "not offered")),
        (AS, {"agent_auth": {"credential_types_supported": ["access_token"]}},
         ("warning", "gone", "credential", "api_key", "api_key", "")),
        (AS, {"agent_auth": {"credential_types_supported": ["access_token", "api_key", "passkey"]}},
         ("note", "appeared", "credential", "passkey", "", "passkey")),
    ],
)  # fmt: skip
def test_a_change_of_the_metadata_has_its_row(place, change, expected):
    documents = published()
    documents[place] = {**documents[place], **change}
    rows = [(row.severity, row.change, row.kind, row.name, row.before, row.after) for row in checked(documents)]
    assert rows == [expected]


@pytest.mark.parametrize(
    ("sentence", "name", "after"),
    [
        ("The device flow is on offer.", "device flow", "offered in auth.md"),
        ("Send the sk_ key of your organization.", "forms of credential", "source key, business key, user token"),
    ],
)
def test_auth_md_is_held_against_the_metadata_and_the_openapi_document(sentence, name, after):
    documents = published()
    documents[AUTH_MD] += sentence
    (row,) = [row for row in checked(documents) if row.change == "disagree"]
    assert (row.name, row.after) == (name, after)


def test_a_source_key_in_the_query_is_another_place():
    documents = published()
    documents[OPENAPI]["components"]["securitySchemes"]["SourceKey"] |= {"type": "apiKey", "in": "query", "name": "key"}
    rows = list(checked(documents))
    (scheme,) = [row for row in rows if row.kind == "credential"]
    assert (scheme.change, scheme.name, scheme.before) == ("changed", "security scheme SourceKey", "http, bearer")
    others = [row for row in rows if row is not scheme]
    assert {row.name for row in others} == {INTAKE, "GET /leads/intake", "POST /leads"}
    assert {(row.severity, row.after) for row in others} == {("error", "a source key in the query as key")}


@pytest.mark.parametrize(
    ("scheme", "choice", "after"),
    [
        ({"type": "apiKey", "in": "query", "name": "k"}, {"K": []}, "a key in the query as k"),
        ({"type": "apiKey", "in": "header", "name": "X-K"}, {"K": [], "Bearer": []},
         "a key in the header X-K, and a user token or key"),
        ({"type": "http", "scheme": "Basic"}, {"K": []}, "a user name and password"),
        ({"type": "mutualTLS"}, {"K": []}, "a client certificate"),
        ({"type": "brand new"}, {"K": []}, "what K asks for"),
    ],
)  # fmt: skip
def test_a_new_way_to_send_a_credential_is_no_change_of_an_old_one_and_its_calls_are_named(scheme, choice, after):
    documents = published()
    documents[OPENAPI]["components"]["securitySchemes"]["K"] = scheme
    documents[OPENAPI]["paths"]["/leads/all/my"]["post"]["security"] = [choice]
    call, way = checked(documents)
    assert (call.severity, call.kind, call.name, call.after) == ("error", "security", LEADS, after)
    assert call.breaks.startswith('api.frame("leads") may be refused')
    assert call.hint.startswith(f"It takes {after} now.")
    assert (way.severity, way.change, way.name, way.before) == ("note", "appeared", "security scheme K", "")


def test_calls_that_name_no_credential_any_more_take_one_line():
    documents = published()
    for item in documents[OPENAPI]["paths"].values():
        for entry in item.values():
            entry.pop("security")
    report = checked(documents)
    assert report.ok
    (line,) = [line for line in str(report).splitlines() if line.startswith("·")]
    assert line.startswith("· Nothing: what was sent before is still taken. 117 demands for credentials changed, such")


def test_calls_that_take_another_credential_alike_stand_together():
    documents = published()
    documents[OPENAPI]["components"]["securitySchemes"]["Bearer"] = {"type": "mutualTLS"}
    report = checked(documents)
    lines = [line for line in str(report).splitlines() if "a user token or key → a client certificate" in line]
    assert report.counts["error"] > 30
    assert [line.split()[0] for line in lines] == ["✗", "!", "·"]
    assert all("POST /leads/all/my: " not in line for line in str(report).splitlines())


def test_a_credential_that_is_not_described_is_said_to_be_unread():
    documents = published()
    documents[OPENAPI]["paths"]["/leads/all/my"]["post"]["security"] = [{"Ghost": []}]
    (row,) = checked(documents)
    assert (row.change, row.after) == ("not read", "Not read: calls whose credentials are not described (1).")


# -- the address --


@pytest.mark.parametrize(
    "servers",
    [
        [],
        7,
        [{"url": "/"}],
        [{"url": f"{API.upper()}:443/"}],
        [{"url": "https://old.example"}, {"url": API}],
        [{"url": "https://["}, {"url": API}],
        [{"url": "https://{host}", "variables": {"host": {"default": "api.example"}}}],
        [{"url": "https://api.leadping.ai"}],
    ],
)
def test_an_address_that_is_known_is_no_change_however_it_is_written(servers):
    documents = published()
    documents[OPENAPI]["servers"] = servers
    assert list(checked(documents)) == []


@pytest.mark.parametrize(
    ("server", "after"),
    [
        ("https://api2.example/v2", "https://api2.example/v2"),
        ("/v2", f"{API}/v2"),
        (f"{API}:8443", f"{API}:8443"),
        (f"{API}:eighty", f"{API}:eighty"),
    ],
)
def test_an_api_that_moved_is_a_row(server, after):
    documents = published()
    documents[OPENAPI]["servers"] = [{"url": server}]
    (row,) = checked(documents)
    assert (row.severity, row.change, row.kind, row.before, row.after) == ("warning", "changed", "address", API, after)


def test_an_address_of_a_single_call_is_said_to_be_unread():
    documents = published()
    documents[OPENAPI]["paths"]["/leads/all/my"]["servers"] = [{"url": "https://api2.example"}]
    (row,) = checked(documents)
    assert (row.change, row.after) == ("not read", "Not read: addresses of single paths or calls (1).")


def test_an_organization_key_is_what_a_business_key_was_in_words():
    report = checked(published(NEWEST))
    keys = [row for row in report if row.kind == "credential"]
    assert {(row.change, row.name, row.after) for row in keys} == {
        ("renamed", "business key", "organization key, sk_…")
    }
    (renamed,) = [row for row in keys if row.change == "renamed"]
    assert AUTH_MD in renamed.evidence
    assert OPENAPI in renamed.evidence
    newest = contract(NEWEST)
    old = lp.permissions(KeyType.BUSINESS_API_KEY, contract=newest).check("POST", "/leads/all/my")
    assert old.verdict == "undocumented"
    assert "Organization keys (sk_…) took the place of business keys (lp_…)" in old.why
    assert old.why.endswith("An organization key is allowed here.")
    assert "openapi 2026-08" in old.basis


# -- the report --


@pytest.mark.parametrize("revision", REVISIONS)
def test_documents_of_a_revision_have_no_drift_against_it(revision):
    report = checked(published(revision), contract=contract(revision))
    assert list(report) == []
    assert report.ok
    assert report.summary == "Nothing has changed."


def test_a_report_names_the_nearest_revision_beside_the_one_in_use():
    report = checked(published(NEWEST))
    assert (report.in_use, report.nearest, report.ok) == (SEED, NEWEST, False)
    assert report.summary.endswith('2026-10-26 fits in everything: lp.contract("2026-10-26").')
    assert {row.against for row in report} == {(SEED,)}


def test_rows_say_against_which_revision_they_are():
    documents = published(NEWEST)
    documents[OPENAPI]["paths"]["/brand-new"] = {"get": {}}
    against = {row.name: row.against for row in checked(documents)}
    assert against["GET /brand-new"] == (SEED, NEWEST)
    assert against["POST /phone-numbers/all/business"] == (SEED,)


def test_rows_against_the_revision_in_use_come_first():
    documents = published(NEWEST)
    documents[OPENAPI]["paths"].pop("/leads/all/my")
    in_use = [SEED in row.against for row in checked(documents)]
    assert in_use == sorted(in_use, reverse=True)


def test_missing_documents_are_rows_and_no_errors():
    rows = list(checked([]))
    assert [row.name for row in rows] == [
        "the OpenAPI document", "the resource metadata", "the server's metadata", "auth.md",
    ]  # fmt: skip
    assert {row.change for row in rows} == {"gone"}
    assert "No published operations could be compared." in checked([]).summary


def test_a_document_that_cannot_be_read_is_a_row_with_what_could_not():
    report = checked(published() | {OPENAPI: {"openapi": "3.1.1", "paths": 7}})
    (row,) = report
    assert (row.change, row.after) == ("not read", "The document holds no operations.")
    assert report.nearest is None
    assert not report.ok


def test_an_address_in_place_of_a_discovery_is_told_apart():
    with pytest.raises(lp.LeadpingError, match="no discovery") as caught:
        check_drift(API)
    assert "lp.discover" in caught.value.hint


def test_the_report_shows_itself_without_harm_and_without_hiding_a_sort():
    documents = published(NEWEST)
    documents[OPENAPI]["paths"]["/<script>\x1b[31m"] = {"get": {}}
    report = checked(documents)
    shown, page = str(report), report._repr_html_()
    assert "\x1b" not in shown + page
    assert "<script>" not in page
    assert "organization key, sk_…" in shown
    assert "fields alike" in shown
    assert report.full.count("\n") > shown.count("\n")
    assert len(report.frame) == len(report) > shown.count("\n")
    assert list(report.frame.columns[:4]) == ["severity", "change", "kind", "name"]
    assert "2026-07-05, the revision in use" in repr(report)


def test_every_sort_of_change_has_words_without_gaps():
    for subject, happened in RANKS:
        change = change_of(subject, happened, "a", before="b", after="c", use="d", columns="e", remedy="f")
        assert change.breaks
        assert change.hint
        assert "{" not in change.breaks + change.hint


def test_operations_that_are_gone_stand_above_notes_on_signing_in():
    gone = [RANKS[subject, "gone"] for subject in ("list", "send", "one", "read", "write")]
    notes = [
        RANKS[about] for about in RANKS if about[0] in ("flow", "key") and change_of(*about, "a").severity == "note"
    ]
    assert len(notes) == 4
    assert max(gone) < min(notes)


# -- two contracts --


@pytest.fixture(scope="module")
def compared():
    return compare_contracts(SEED, NEWEST)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("POST /dispositions", "PUT /leads/{id}/status"),
        ("GET /dispositions/lead/{leadId}", "GET /leads/{id}/status-history"),
        ("GET /events/{eventId}/detail", "GET /events/detail/{eventId}"),
        ("POST /phone-numbers/all/business", "POST /phone-numbers/all/organization"),
        ("DELETE /businesses/me/users/{userId}", "DELETE /organizations/me/members/{userId}"),
        ("BusinessResponse", "OrganizationResponse"),
        ("currentDisposition", "currentLeadStatus"),
        ("customer", "profile"),
    ],
)
def test_the_renames_between_july_and_october_are_found(compared, before, after):
    assert after in set(compared[(compared["change"] == "renamed") & (compared["before"] == before)]["after"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sourceId", "source.id"),
        ("sourceName", "source.name"),
        ("businessId", "organization.id"),
        ("businessName", "organization.name"),
    ],
)
def test_a_flat_column_that_is_a_member_of_a_new_object_is_renamed(compared, before, after):
    (row,) = compared[compared["name"] == f"LeadTableRow.{before}"].itertuples()
    assert (row.change, row.before, row.after) == ("renamed", before, after)
    assert row.breaks.endswith(f"its values come as {after}.")
    holder, member = after.split(".")
    assert row.evidence.startswith(f"inferred: the new {holder} is of type IdNamePair, with {member}")
    assert ("business is now organization" in row.evidence) == (holder == "organization")


def test_a_flat_column_that_stays_flat_is_no_member(compared):
    (row,) = compared[compared["name"] == "SourceTableRow.businessId"].itertuples()
    assert (row.change, row.after) == ("renamed", "organizationId")


def test_a_flat_column_is_no_member_of_an_object_without_it():
    def move_away(_, schemas):
        properties = schemas["LeadTableRow"]["properties"]
        del properties["sourceId"]
        properties["source"] = {"$ref": "#/components/schemas/AdminEnablementOverride"}

    row = ("warning", "gone", "field", "LeadTableRow.sourceId", "string", "")
    assert row in drifted(move_away)


def test_operations_are_each_kept_gone_renamed_or_new(compared):
    counts = compared[compared["kind"] == "operation"]["change"].value_counts()
    a, b = contract(SEED).operations, contract(NEWEST).operations
    assert counts["gone"] + counts["renamed"] == len(a) - (len(b) - counts["renamed"] - counts["appeared"])


def test_the_frame_has_the_rows_that_break_most_first(compared):
    assert list(compared.columns) == ["change", "kind", "name", "before", "after", "breaks", "rank", "evidence"]
    assert compared["rank"].is_monotonic_increasing
    assert compared.iloc[0]["kind"] == "operation"


def test_a_contract_is_equal_to_itself_and_its_mirror_swaps_gone_and_new():
    assert compare_contracts(contract(SEED), SEED).empty
    there, back = compare_contracts(SEED, NEWEST), compare_contracts(NEWEST, SEED)
    gone = set(there[(there["kind"] == "model") & (there["change"] == "gone")]["name"])
    assert gone == set(back[(back["kind"] == "model") & (back["change"] == "appeared")]["name"])


def test_an_unknown_revision_is_refused():
    with pytest.raises(lp.LeadpingError, match="no contract of revision"):
        compare_contracts(SEED, "2027-01-01")


# -- names --


def test_words_are_exchanged_only_where_several_renames_agree():
    once = Exchange([("BusinessRow", "OrganizationRow")])
    twice = Exchange([("BusinessRow", "OrganizationRow"), ("/businesses/me", "/organizations/me")])
    assert not once.explains("businessId", "organizationId")
    assert twice.explains("businessId", "organizationId")
    assert not twice.explains("leadId", "leadId")


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_that_goes_both_ways(one, other):
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert likeness(one, one) == (1 if words(one) else 0)


# -- against anything, and over HTTP --


@settings(max_examples=40)
@given(JSON, JSON, JSON)
def test_no_document_makes_the_check_fail(openapi_document, server, page):
    documents = {
        OPENAPI: {
            "openapi": "3.1.1",
            "servers": [{"url": page, "variables": server}],
            "security": page,
            "paths": {"/leads/all/my": openapi_document},
            "components": {"schemas": server},
        },
        AS: {"issuer": SITE, "agent_auth": server, "grant_types_supported": page},
        PRM: {"resource": API, "bearer_methods_supported": page},
        AUTH_MD: str(page),
    }
    report = checked(documents)
    assert str(report)
    assert report._repr_html_()


@settings(max_examples=40)
@given(JSON, JSON, JSON, JSON)
def test_no_part_of_a_call_or_a_model_makes_the_check_fail(parameters, body, responses, required):
    documents = published()
    paths, schemas = documents[OPENAPI]["paths"], documents[OPENAPI]["components"]["schemas"]
    entry = paths["/leads/all/my"]["post"] = {"parameters": [parameters], "requestBody": body, "responses": responses}
    paths["/leads/all/my"]["parameters"] = parameters
    paths["/leads/intake"]["post"] = {**entry, "parameters": parameters, "responses": {"201": responses}}
    schemas["LeadIntakeRequest"]["required"] = required
    schemas["LeadTableRow"]["properties"]["price"] = {"enum": [parameters], "type": body, "maxLength": required}
    report = checked(documents)
    assert str(report)
    assert report._repr_html_()


def test_a_report_of_a_document_that_grew_without_measure_stays_short_and_clean():
    documents = published()
    region = {"in": "query", "required": True, "schema": {"type": "string"}}
    for path, item in documents[OPENAPI]["paths"].items():
        for entry in item.values():
            entry["parameters"] = [{**region, "name": f"{path}\x1b[31m{number}"} for number in range(150)]
    limited = {f"\x1b[31m{number}" * 100: {"type": "string", "maxLength": 1} for number in range(50)}
    documents[OPENAPI]["components"]["schemas"]["LeadTableRow"]["properties"] |= limited
    report = checked(documents)
    text = str(report)
    assert len(report) > 10_000
    assert text.count("\n") < 500
    assert max(map(len, text.splitlines())) < 3_000
    assert "\x1b" not in text + report._repr_html_() + "".join(report.frame["name"])


@pytest.fixture(scope="module", params=REVISIONS)
def live(request):
    with Sandbox(leads=1, revision=request.param, rate_limit=None) as sandbox:
        yield sandbox


def test_a_sandbox_of_a_revision_has_no_drift_against_it(live):
    report = lp.check_drift(lp.discover(live.url), contract=contract(live.revision))
    assert (list(report), report.ok, report.nearest) == ([], True, live.revision)


@pytest.mark.parametrize("fault", ["openapi_mixed", "metadata_mixed"])
def test_a_mixture_of_revisions_is_told_first(live, fault):
    with live.faults.on(fault):
        report = lp.check_drift(lp.discover(live.url), contract=contract(live.revision))
    first = report.rows[0]
    assert (first.change, first.name) == ("disagree", "the revisions of the documents")
    other = next(revision for revision in REVISIONS if revision != live.revision)
    said = {"openapi_mixed": first.after, "metadata_mixed": first.before}[fault]
    assert other in said
    assert not report.ok


def test_a_document_that_did_not_come_says_why(live):
    with live.faults.on("authmd_missing"):
        report = lp.check_drift(lp.discover(live.url), contract=contract(live.revision))
    (row,) = report
    assert (row.name, row.severity, report.ok) == ("auth.md", "note", True)
    assert "404" in row.evidence


@pytest.mark.parametrize("other", [None, 3, {}])
def test_what_is_no_discovery_is_refused(other):
    with pytest.raises(lp.LeadpingError, match="no discovery"):
        lp.check_drift(other)
