"""One description may be written in many ways: what only looks otherwise is no drift."""

import copy

import pytest

from leadping_nb.contracts import contract
from leadping_nb.drift.alike import under_known_names
from leadping_nb.models import Field
from leadping_nb.openapi import Call, Outline, read_openapi
from tests.any_json import REF
from tests.published import API, NEWEST, OPENAPI, SEED, checked, move, published

LEADS = "/leads/all/my"
SCHEMAS, ROW = ("components", "schemas"), "LeadTableRow"


def within(document, *steps):
    for step in steps:
        document = document[step]
    return document


def schemas(document):
    return document["components"]["schemas"]


def schemes(document):
    return document["components"]["securitySchemes"]


def leads(document):
    return document["paths"][LEADS]["post"]


def wrapped(name, wrap):
    """Put a named schema under another name, and something that stands for it under its own."""

    def change(document):
        schemas(document)[f"{name}Base"] = schemas(document)[name]
        schemas(document)[name] = wrap({"$ref": f"{REF}{name}Base"})

    return change


def everywhere(old, new):
    """Put something else in the place of each schema or part that is alike."""

    def change(node):
        for key, value in list(node.items()) if isinstance(node, dict) else list(enumerate(node)):
            if value == old:
                node[key] = copy.deepcopy(new)
            elif isinstance(value, dict | list):
                change(value)

    return change


def elsewhere(sort, *steps):
    """Move a part to the components, and leave a reference."""

    def change(document):
        holder = within(document, *steps[:-1])
        parts = document["components"].setdefault(sort, {})
        parts["Direct"], parts["Moved"] = {"$ref": f"#/components/{sort}/Moved"}, holder[steps[-1]]
        holder[steps[-1]] = {"$ref": f"#/components/{sort}/Direct"}

    return change


def in_place(name, *, keep=True):
    """Write a named schema out wherever something refers to it."""

    def change(document):
        described = schemas(document)[name] if keep else schemas(document).pop(name)
        everywhere({"$ref": REF + name}, described)(document)

    return change


def each_field(rewrite):
    def change(document):
        for schema in schemas(document).values():
            properties = schema.get("properties", {})
            properties.update({name: rewrite(entry) for name, entry in properties.items()})

    return change


def null_beside(entry):
    kinds = entry.get("type")
    if not isinstance(kinds, list) or "enum" in entry:
        return entry
    return {"anyOf": [{"type": "null"}, {**entry, "type": next(kind for kind in kinds if kind != "null")}]}


def null_of_3_0(entry):
    kinds = entry.get("type")
    if isinstance(kinds, list):
        return {**entry, "type": next(kind for kind in kinds if kind != "null"), "nullable": True}
    if "oneOf" in entry:
        return {"allOf": [part for part in entry["oneOf"] if part != {"type": "null"}], "nullable": True}
    return entry


def constants(entry):
    if "enum" not in entry or isinstance(entry.get("type"), list):
        return entry
    return {"oneOf": [{"const": value, "description": "One of them."} for value in entry["enum"]]}


def split(document):
    """Give the fields of a model in two parts, and what must be there in a third."""
    row = schemas(document)["LeadRequest"]
    names = list(row["properties"])
    first, second = ({name: row["properties"][name] for name in part} for part in (names[:3], names[3:]))
    schemas(document)["LeadBase"] = {"type": "object", "properties": first}
    schemas(document)["LeadRequest"] = {
        "allOf": [{"$ref": REF + "LeadBase"}, {"properties": second}, {"required": row["required"]}]
    }


def required_beside(document):
    request = schemas(document)["LeadRequest"]
    schemas(document)["LeadBase"] = {key: value for key, value in request.items() if key != "required"}
    schemas(document)["LeadRequest"] = {"allOf": [{"$ref": REF + "LeadBase"}, {"required": request["required"]}]}


def charset(document):
    for item in document["paths"].values():
        for entry in item.values():
            for holder in (entry.get("requestBody", {}), *entry["responses"].values()):
                content = holder.get("content", {})
                for kind in [kind for kind in content if kind == "application/json"]:
                    move(content, kind, "Application/JSON; charset=utf-8")


def any_kind(document):
    for item in document["paths"].values():
        for entry in item.values():
            for part in entry["responses"].values():
                if "application/json" in part.get("content", {}):
                    move(part["content"], "application/json", "*/*")


def ranges(new):
    def change(document):
        for item in document["paths"].values():
            for entry in item.values():
                (success,) = [status for status in entry["responses"] if status.startswith("2")] or [None]
                if success is not None:
                    move(entry["responses"], success, new)

    return change


def slashes(document):
    for path in list(document["paths"]):
        if path != "/":
            move(document["paths"], path, f"{path}/")


def braces(document):
    for path in list(document["paths"]):
        move(document["paths"], path, path.replace("{", "{the_"))


def security_at_the_root(document):
    document["security"] = [{"Bearer": []}]
    for item in document["paths"].values():
        for entry in item.values():
            if entry["security"] == [{"Bearer": []}]:
                del entry["security"]


def extensions(document):
    document["x-tags"] = {}
    document["paths"]["x-paths"] = {"get": {}}
    document["paths"][LEADS]["x-item"] = {"get": {}}
    leads(document)["x-call"] = leads(document)["responses"]["x-status"] = {"post": {}}
    schemes(document)["x-scheme"] = {"type": "apiKey", "in": "query", "name": "x"}
    schemas(document)[ROW]["x-row"] = {"properties": {}}


SPELLINGS = {
    "a model by a part of its own": wrapped(ROW, lambda part: {"allOf": [part]}),
    "a model by a part, with words": wrapped(ROW, lambda part: {"allOf": [part, {"description": "A row."}]}),
    "a model by one choice": wrapped(ROW, lambda part: {"oneOf": [part]}),
    "a model by any of one": wrapped(ROW, lambda part: {"anyOf": [part]}),
    "a model by a reference": wrapped(ROW, lambda part: part),
    "a page by a part of its own": wrapped("PagedResultOfLeadTableRow", lambda part: {"allOf": [part]}),
    "options by a part of their own": wrapped("RequestDataOptions", lambda part: {"allOf": [part]}),
    "a lead by a part of its own": wrapped("LeadIntakeRequest", lambda part: {"allOf": [part]}),
    "a model in parts": split,
    "what must be there beside a part": required_beside,
    "a second name": lambda document: (
        schemas(document).update(LeadRowAlias={"allOf": [{"$ref": REF + ROW}]}),
        everywhere({"$ref": REF + ROW}, {"$ref": REF + "LeadRowAlias"})(schemas(document)["PagedResultOfLeadTableRow"]),
    ),
    "a row in place": in_place(ROW),
    "a row in place, and no name any more": in_place(ROW, keep=False),
    "a page in place": in_place("PagedResultOfLeadTableRow"),
    "a page and a row in place, and no names any more": lambda document: (
        in_place(ROW, keep=False)(document), in_place("PagedResultOfLeadTableRow", keep=False)(document),
    ),
    "options in place": in_place("RequestDataOptions", keep=False),
    "a lead in place": in_place("LeadIntakeRequest", keep=False),
    "a member in place": in_place("IdNamePair", keep=False),
    "references in percent": everywhere({"$ref": REF + ROW}, {"$ref": REF + "Lead%54ableRow"}),
    "a reference with words beside it": everywhere({"$ref": REF + ROW}, {"$ref": REF + ROW, "description": "A row."}),
    "null as a part": each_field(null_beside),
    "null as in OpenAPI 3.0": each_field(null_of_3_0),
    "types as lists": each_field(
        lambda entry: entry | {"type": [entry["type"]]} if isinstance(entry.get("type"), str) else entry
    ),
    "values as constants": each_field(constants),
    "values in another order": each_field(
        lambda entry: entry | {"enum": entry["enum"][::-1]} if "enum" in entry else entry
    ),
    "a path elsewhere": elsewhere("pathItems", "paths", LEADS),
    "a path in an extension": lambda document: document.update(
        {"x-shared": {"/tags": document["paths"]["/tags"]},
         "paths": document["paths"] | {"/tags": {"$ref": "#/x-shared/~1tags"}}}
    ),
    "a parameter elsewhere": elsewhere("parameters", "paths", LEADS, "post", "parameters", 0),
    "parameters with the path": lambda document: document["paths"][LEADS].update(
        parameters=leads(document).pop("parameters")
    ),
    "a body elsewhere": elsewhere("requestBodies", "paths", LEADS, "post", "requestBody"),
    "an answer elsewhere": elsewhere("responses", "paths", LEADS, "post", "responses", "200"),
    "a scheme elsewhere": elsewhere("securitySchemes", "components", "securitySchemes", "Bearer"),
    "a scheme in capitals": lambda document: schemes(document)["Bearer"].update(scheme="Bearer"),
    "a bearer as in OpenAPI 2": lambda document: schemes(document)["Bearer"].update(
        {"type": "apiKey", "in": "header", "name": "Authorization"}
    ),
    "credentials at the root": security_at_the_root,
    "no credential as an empty choice": everywhere([], [{}]),
    "a charset": charset,
    "any media type": any_kind,
    "successes as a range": ranges("2XX"),
    "successes as what is left": ranges("default"),
    "names in braces": braces,
    "slashes at the end": slashes,
    "a slash after the address": lambda document: document.update(servers=[{"url": f"{API}/"}]),
    "an address for each path": lambda document: [
        item.update(servers=document["servers"]) for item in document["paths"].values()
    ],
    "no address": lambda document: document.pop("servers"),
    "extensions": extensions,
}  # fmt: skip


@pytest.mark.parametrize("revision", [SEED, NEWEST])
@pytest.mark.parametrize("how", SPELLINGS)
def test_what_is_only_written_otherwise_is_no_drift(how, revision):
    documents = published(revision)
    as_it_was = copy.deepcopy(documents[OPENAPI])
    SPELLINGS[how](documents[OPENAPI])
    assert documents[OPENAPI] != as_it_was
    rows = checked(documents, contract=contract(revision)).rows
    assert [(row.severity, row.change, row.kind, row.name, row.before, row.after) for row in rows] == []


# -- and what is otherwise is found all the same --


@pytest.mark.parametrize(
    ("how", "model", "name"),
    [
        ("a model by a part of its own", ROW, "price"),
        ("a row in place, and no name any more", ROW, "price"),
        ("a model in parts", "LeadRequest", "tagIds"),
    ],
)
def test_a_field_that_went_is_found_however_its_model_is_written(how, model, name):
    documents = published()
    schemas(documents[OPENAPI])[model]["properties"].pop(name)
    SPELLINGS[how](documents[OPENAPI])
    assert [(row.change, row.name) for row in checked(documents)] == [("gone", f"{model}.{name}")]


def test_options_in_place_are_known_again_where_the_call_has_another_name():
    documents = published()
    move(documents[OPENAPI]["paths"], "/phone-numbers/all/business", "/phone-numbers/all/organization")
    in_place("RequestDataOptions")(documents[OPENAPI])
    assert [(row.change, row.kind) for row in checked(documents)] == [("renamed", "operation")]


def test_a_model_in_place_that_fits_two_known_ones_is_neither():
    pair = {"id": Field("id", "string")}
    known = Outline("known", {}, {"Tag": pair, "Label": pair})
    new = Outline("new", {}, {**known.models, "/a.answer": pair}, in_place=frozenset({"/a.answer"}))
    assert "/a.answer" in under_known_names(known, new).models


def test_a_new_object_in_place_is_a_new_field_and_no_new_model():
    documents = published()
    schemas(documents[OPENAPI])[ROW]["properties"]["mood"] = {"properties": {"colour": {"type": "string"}}}
    assert [(row.change, row.name) for row in checked(documents)] == [("appeared", f"{ROW}.mood")]


def test_a_row_in_place_that_is_not_the_named_one_is_another_model():
    documents = published()
    described = copy.deepcopy(schemas(documents[OPENAPI])[ROW])
    described["properties"].pop("price")
    everywhere({"$ref": REF + ROW}, described)(documents[OPENAPI])
    changed = {(row.change, row.kind, row.name) for row in checked(documents)}
    assert ("changed", "model", f"POST {LEADS}") in changed


def test_models_in_place_that_differ_are_not_both_the_one_that_is_known():
    row, other = {"id": Field("id", "string")}, {"id": Field("id", "integer")}
    known = Outline("known", {key: Call("GET", key, row_model="Tag") for key in ("/a", "/b")}, {"Tag": row})
    calls = {key: Call("GET", key, row_model=f"{key}.answer") for key in ("/a", "/b")}
    new = Outline("new", calls, {"/a.answer": row, "/b.answer": other}, in_place=frozenset({"/a.answer", "/b.answer"}))
    assert list(under_known_names(known, new).models) == ["Tag", "/b.answer"]


def test_a_model_in_place_that_holds_itself_is_compared_to_its_end():
    node = {"type": "object", "properties": {"next": {"$ref": REF + "Node"}}}
    copied = {"type": "object", "properties": {"next": {"$ref": REF + "Copy"}}}
    ref = {"content": {"application/json": {"schema": {"$ref": REF + "Node"}}}}
    document = {"paths": {"/a": {"get": {"responses": {"200": ref}}}}, "components": {"schemas": {"Node": node}}}
    before = read_openapi(document)
    document["components"]["schemas"]["Copy"] = copied
    everywhere({"$ref": REF + "Node"}, {"$ref": REF + "Copy"})(document["paths"])
    after = under_known_names(before, read_openapi(document))
    assert (after.calls["GET /a"].response_model, list(after.models)) == ("Node", ["Node"])
