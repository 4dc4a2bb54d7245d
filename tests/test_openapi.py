"""OpenAPI documents are read as calls and models, whatever they hold."""

import pytest
from hypothesis import given, strategies as st

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.models import Field
from leadping_nb.openapi import Input, Outline, plain_id, read_openapi
from leadping_nb.openapi.paths import MOST_OPERATIONS
from leadping_nb.openapi.schemas import MOST_FIELDS
from leadping_nb.sandbox.openapi import openapi
from tests.any_json import JSON, REF, WORDS


def field(schema, **schemas):
    """Read one schema as the field ``it`` of the model ``Lead``."""
    named = {"Lead": {"properties": {"it": schema}}, **schemas}
    return read_openapi({"components": {"schemas": named}}).models["Lead"]["it"]


def call(entry, **rest):
    return read_openapi({"paths": {"/leads/{id}": {"get": entry}}, **rest}).calls["GET /leads/{}"]


def answering(schema, **schemas):
    entry = {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    return call(entry, components={"schemas": schemas})


TAG, STATUS = {"properties": {"id": {"type": "string"}}}, {"type": "string", "enum": ["new", "done"]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, Field("it", "string", nullable=False)),
        ({"type": "string", "nullable": True}, Field("it", "string", nullable=True)),  # OpenAPI 3.0
        ({"type": ["null", "string"], "format": "date-time"}, Field("it", "string", "date-time", nullable=True)),
        ({"type": ["string", "integer"]}, Field("it", "any")),
        ({}, Field("it", "any")),
        ({"enum": [1, 2, None]}, Field("it", "integer", nullable=True, enum=(1, 2))),
        ({"enum": [True, False]}, Field("it", "boolean", nullable=False, enum=(True, False))),
        ({"enum": [1, "one"]}, Field("it", "any", enum=(1, "one"))),
        ({"const": "new"}, Field("it", "string", nullable=False, enum=("new",))),
        ({"oneOf": [{"const": "new", "title": "New"}, {"const": "done"}, {"const": None}]},
         Field("it", "string", nullable=True, enum=("new", "done"))),
        ({"anyOf": [{"type": "string"}, {"type": ["null"]}]}, Field("it", "string", nullable=True)),
        ({"$ref": "#/components/schemas/Tag/properties/id"}, Field("it", "string", nullable=False)),
        ({"$ref": REF + "MaybeTag"}, Field("it", "object", nullable=True, model="Tag")),
        ({"$ref": REF + "NullTag"}, Field("it", "object", nullable=True, model="NullTag")),
        ({"$ref": 7}, Field("it", "any")),
        ({"$ref": REF + "T%61g"}, Field("it", "object", nullable=False, model="Tag")),
        ({"$ref": REF + "Tag"}, Field("it", "object", nullable=False, model="Tag")),
        ({"$ref": REF + "Status"}, Field("it", "string", nullable=False, enum=("new", "done"))),
        ({"allOf": [{"$ref": REF + "Tag"}], "type": ["null", "object"]},
         Field("it", "object", nullable=True, model="Tag")),
        ({"allOf": [{"$ref": REF + "Tag"}, {"description": "A tag."}]},
         Field("it", "object", nullable=False, model="Tag")),
        ({"oneOf": [{"$ref": REF + "Tag"}, {"type": "null"}]}, Field("it", "object", nullable=True, model="Tag")),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, Field("it", "any")),
        ({"type": "array", "items": {"$ref": REF + "Tag"}},
         Field("it", "array", nullable=False, items=Field("it", "object", nullable=False, model="Tag"))),
        ({"type": "object", "additionalProperties": {"type": "string"}}, Field("it", "map", nullable=False)),
        ({"$ref": REF + "Nowhere"}, Field("it", "any")),
        ({"$ref": "https://other.example/schema.json"}, Field("it", "any")),
        (7, Field("it", "any")),
    ],
)  # fmt: skip
def test_a_schema_is_read_as_a_field(schema, expected):
    maybe, null = {"oneOf": [{"type": "null"}, {"$ref": REF + "Tag"}]}, {**TAG, "type": ["object", "null"]}
    assert field(schema, Tag=TAG, Status=STATUS, MaybeTag=maybe, NullTag=null) == expected


def test_parts_and_inherited_fields_are_one_model():
    inherited = {"allOf": [{"$ref": REF + "Tag"}, {"properties": {"name": {"type": "string"}}}]}
    models = read_openapi({"components": {"schemas": {"Tag": TAG, "Named": inherited}}}).models
    assert set(models["Named"]) == {"id", "name"}


def test_an_object_described_in_place_is_a_model_named_for_its_field():
    described = {"type": "object", "properties": {"city": {"type": "string"}}}
    models = read_openapi({"components": {"schemas": {"Lead": {"properties": {"home": described}}}}}).models
    assert models["Lead"]["home"].model == "Lead.home"
    assert models["Lead.home"]["city"].type == "string"


PAGE = {"properties": {"items": {"type": "array", "items": {"$ref": REF + "Tag"}}, "continuationToken": {}}}


@pytest.mark.parametrize(
    ("schema", "response", "row"),
    [
        ({"$ref": REF + "Tag"}, "Tag", None),
        ({"type": "array", "items": {"$ref": REF + "Tag"}}, "Tag", "Tag"),
        ({"$ref": REF + "Page"}, "Page", "Tag"),
        ({"type": "integer"}, None, None),
    ],
)
def test_an_answer_names_its_model_and_that_of_its_rows(schema, response, row):
    read = answering(schema, Tag=TAG, Page=PAGE)
    assert (read.response_model, read.row_model) == (response, row)


SCHEMES = {"Bearer": {"type": "http", "description": "A JWT or sk_…"}, "SourceKey": {"type": "http"}}


@pytest.mark.parametrize(
    ("entry", "rest", "takes"),
    [
        ({"security": []}, {}, ("no credential",)),
        ({"security": [{}]}, {}, ("no credential",)),
        ({"security": [{}, {"Bearer": []}]}, {}, ("no credential", "a user token or key")),
        ({"security": [{"Bearer": []}]}, {}, ("a user token or key",)),
        ({"security": [{"SourceKey": []}]}, {}, ("a source key",)),
        ({"security": [{"SourceKey": []}, {"Bearer": []}]}, {}, ("a source key", "a user token or key")),
        ({"security": [{"SourceKey": [], "Bearer": []}]}, {}, ("a source key, and a user token or key",)),
        ({}, {"security": [{"Bearer": []}]}, ("a user token or key",)),  # the document's own rule
        ({}, {}, ("no credential",)),
        ({"security": 7}, {}, ()),
        ({"security": [7]}, {}, ()),
        ({"security": [{"Bearer": []}, {"Ghost": []}]}, {}, ()),
    ],
)
def test_the_credential_that_a_call_takes_is_put_into_words(entry, rest, takes):
    assert call(entry, components={"securitySchemes": SCHEMES}, **rest).takes == takes


def test_parameters_of_the_path_and_of_the_call_are_read_and_the_calls_own_count():
    shared = [
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"$ref": "#/components/parameters/Region"},
    ]
    own = [{"name": "page", "in": "query", "required": True, "schema": {"type": "string"}}]
    left_out = [{"name": "id", "in": "path"}, {"name": "theme", "in": "cookie"}, {"name": "Accept", "in": "header"}, 7]
    region = {"name": "X-Region", "in": "header", "required": True}
    document = {
        "paths": {"/leads": {"parameters": shared, "get": {"parameters": own + left_out}}},
        "components": {"parameters": {"Region": region}},
    }
    assert read_openapi(document).calls["GET /leads"].inputs == {
        "page": Input(Field("page", "string", nullable=False), required=True),
        "X-Region": Input(Field("X-Region", "any"), "header", required=True),
        "theme": Input(Field("theme", "any"), "cookie"),
    }


@pytest.mark.parametrize(
    ("responses", "answers", "statuses"),
    [
        (
            {"200": {"content": {"application/json": {"schema": {"type": "array"}}}}, "429": {}},
            "a list",
            ("200", "429"),
        ),
        ({"200": {"content": {"application/json": {"schema": {"$ref": REF + "Page"}}}}}, "pages", ("200",)),
        ({"200": {"content": {"application/json": {"schema": {"$ref": REF + "Tag"}}}}}, "an object", ("200",)),
        ({"200": {"content": {"application/json": {"schema": {"type": "integer"}}}}}, "a number", ("200",)),
        ({"200": {"content": {"application/json": {}}}}, "", ("200",)),
        ({"200": {"content": {"text/csv": {}}}}, "a file", ("200",)),
        ({"204": {"description": "Done."}}, "nothing", ("204",)),
        ({"302": {}}, "a redirect", ("302",)),
        ({"404": {}}, "", ("404",)),
        ({"2xx": {}, "x-note": {}}, "nothing", ("2XX",)),
        ({"default": {"content": {"*/*": {"schema": {"type": "array"}}}}}, "a list", ("default",)),
        ({"default": {"content": {"application/problem+json": {}}}}, "", ("default",)),
        (7, "", ()),
    ],
)
def test_what_comes_back_is_put_into_words(responses, answers, statuses):
    read = call({"responses": responses}, components={"schemas": {"Tag": TAG, "Page": PAGE}})
    assert (read.answers, read.statuses) == (answers, statuses)


def test_a_body_says_its_media_types_and_whether_it_must_be_there():
    read = call({"requestBody": {"required": True, "content": {"application/json": {}, "text/json": {}}}})
    assert (read.request_types, read.requires_body) == (("application/json", "text/json"), True)
    assert (call({}).request_types, call({}).requires_body) == ((), False)


def test_required_fields_are_those_of_all_parts_that_there_are():
    parts = {"allOf": [{"$ref": REF + "Tag"}, {"properties": {"name": {}}, "required": ["name", "ghost"]}]}
    tag = {**TAG, "required": ["id", 7]}
    required = read_openapi({"components": {"schemas": {"Tag": tag, "Named": parts, "Plain": TAG}}}).required
    assert required == {"Tag": {"id"}, "Named": {"id", "name"}, "Plain": set()}


def test_fields_with_limits_are_named():
    limited = {"properties": {"name": {"type": "string", "maxLength": 9}, "id": {"type": "string"}}}
    assert read_openapi({"components": {"schemas": {"Lead": limited}}}).limited == ("Lead.name",)


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_the_sandbox_writes_is_read_back_as_the_models_that_it_was_written_from(revision):
    known = contract(revision)
    read = read_openapi(openapi(known, "http://127.0.0.1:8000"))
    assert read.unread == ()
    assert set(read.models) == set(known.models.specs)
    for name in known.models.specs:
        for key, entry in known.models[name].fields.items():
            got = read.models[name][key]
            assert (got.type, got.format, got.enum, got.model) == (entry.type, entry.format, entry.enum, entry.model)
            assert entry.nullable is None or got.nullable == entry.nullable
    for operation in known.operations:
        got = read.calls[plain_id(operation.id)]
        assert (got.response_model, got.row_model) == (operation.response_model, operation.row_model), operation.id
        assert (got.requires_body, "".join(got.request_types)) == (
            operation.requires_body,
            operation.request_type or "",
        )
        assert {name: entry.required for name, entry in got.inputs.items()} == {
            entry.name: entry.required for entry in operation.query
        }
        assert [int(status) for status in got.statuses if status >= "4"] == [
            status for status in operation.statuses if status >= 400
        ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "The document is no JSON object."),
        ({"paths": 7}, "The document holds no operations."),
        ({"paths": {"/a": 7, "/b": {"$ref": "#/c"}}}, "Not read: paths that are no objects, or lead nowhere (2)."),
        ({"components": {"schemas": {"Lead": {"properties": {"it": {"$ref": "#/nowhere"}}}}}},
         "Not read: references that lead nowhere (1)."),
        ({"paths": {"/a": {"get": {"requestBody": {"$ref": "#/components/requestBodies/Gone"}}}}},
         "Not read: references that lead nowhere (1)."),
        ({"components": {"schemas": {"Lead": {"properties": {"it": 7}}}}},
         "Not read: schemas that are no objects or nest too deep (1)."),
        ({"paths": {"/a": {"get": {"parameters": [{"name": str(number), "in": "query"} for number in range(201)]}}}},
         "Not read: parameters after the first 200 of a call (1)."),
        ({"paths": {"/a": {"get": {"parameters": [{"name": "a", "in": "trailer"}, {"in": "query"}]}}}},
         "Not read: parameters without a name, or in no place that is known (2)."),
        ({"paths": {f"/{number}": {"get": {}} for number in range(MOST_OPERATIONS + 1)}},
         "Not read: operations after the first 5,000."),
        ({"components": {"schemas": {"Lead": {"properties": {str(number): {} for number in range(MOST_FIELDS + 1)}}}}},
         "Not read: models with fields beyond 20,000 in all (1)."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(document, said):
    assert said in read_openapi(document).unread


def test_circles_end():
    circles = {
        "Lead": {"properties": {"lead": {"$ref": REF + "Lead"}, "same": {"$ref": REF + "Same"}}},
        "Same": {"$ref": REF + "Same"},
        "Each": {"allOf": [{"$ref": REF + "Other"}, {"$ref": REF + "Each"}]},
        "Other": {"allOf": [{"$ref": REF + "Each"}, {"properties": {"id": {"type": "string"}}}]},
    }
    read = read_openapi({"components": {"schemas": circles}})
    assert read.models["Lead"]["lead"].model == "Lead"
    assert read.models["Lead"]["same"].type == "any"
    assert list(read.models["Each"]) == ["id"]


def test_an_object_that_holds_itself_ends():
    endless = {"type": "object", "properties": {}}
    endless["properties"]["me"] = endless
    read = read_openapi({"components": {"schemas": {"Lead": endless}}})
    assert len(read.models) < 50
    assert any("nest too deep" in sentence for sentence in read.unread)


def test_nesting_deeper_than_python_calls_is_cut():
    deep = inner = {}
    for _ in range(20_000):
        inner["items"], inner["type"] = {}, "array"
        inner = inner["items"]
    assert field(deep).type == "array"


@given(JSON, st.dictionaries(WORDS, JSON, max_size=3), st.dictionaries(WORDS, JSON, max_size=3))
def test_no_document_makes_the_reader_fail(anything, paths, schemas):
    for document in (anything, {"paths": paths, "components": {"schemas": schemas, "securitySchemes": anything}}):
        assert isinstance(read_openapi(document), Outline)
