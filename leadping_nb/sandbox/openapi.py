"""The sandbox's OpenAPI document, written from the contract and its models."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from leadping_nb.credential import KeyType
from leadping_nb.models import Field, Models

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract, Operation

__all__ = ["openapi"]

_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
_ERRORS = {
    400: "The request is not valid.",
    401: "No usable credential came with the call.",
    403: "The credential may not make this call.",
    404: "There is no such thing.",
    410: "It was there, and is not any more.",
    429: "Too many requests in this minute.",
    500: "The server failed.",
}


def openapi(contract: Contract, address: str) -> dict[str, Any]:
    """Describe a contract's operations and models in OpenAPI 3.1.

    Parameters
    ----------
    contract
        The contract.
    address
        The address of the API.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> document = openapi(contract(), "http://127.0.0.1:8000")
    >>> document["paths"]["/leads/intake"]["get"]["operationId"]
    'get_leads_intake'
    """
    return {**_document(contract), "servers": [{"url": address}]}


@cache
def _document(contract: Contract) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in contract.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, contract.models)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Leadping API (sandbox)",
            "version": "v1",
            "description": f"Written from the contract of {contract.revision}; not a document of Leadping.",
        },
        "servers": [],
        "paths": paths,
        "components": {
            "schemas": {name: _model(name, contract.models) for name in sorted(contract.models.specs)},
            "securitySchemes": {
                "Bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"A user token (JWT), or {_key(contract)}.",
                },
                "SourceKey": {"type": "http", "scheme": "bearer", "description": "The key of a source: lp_src_…."},
            },
        },
    }


def _key(contract: Contract) -> str:
    has_businesses = KeyType.BUSINESS_API_KEY in contract.key_types
    return "the key of a business: lp_…" if has_businesses else "the key of an organization: sk_…"


def _operation(operation: Operation, models: Models) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{operation.method.lower()}{operation.path}").strip("_"),
        "summary": operation.summary,
        "tags": [operation.group],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in operation.path_parameters
        ]
        + [
            {
                "name": entry.name,
                "in": "query",
                "required": entry.required,
                "schema": _schema(Field(entry.name, entry.type, entry.format), models),
            }
            for entry in operation.query
        ],
        "responses": {
            str(operation.success): {"description": "Success.", **_content(operation, models)},
            **{
                str(status): {"description": text, "content": {"application/problem+json": {"schema": _PROBLEM}}}
                for status, text in _ERRORS.items()
                if status in operation.statuses
            },
        },
        "security": _security(operation),
    }
    if operation.request_type is not None:
        schema = _reference(operation.request_model, models)
        content = {operation.request_type: {"schema": schema}}
        entry["requestBody"] = {"required": operation.requires_body, "content": content}
    return entry


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.access[None].verdict == "allowed":
        return []
    return [{"SourceKey" if operation.access[KeyType.SOURCE_KEY].verdict == "allowed" else "Bearer": []}]


def _content(operation: Operation, models: Models) -> dict[str, Any]:
    kind = operation.response_kind
    if kind == "none":
        return {}
    if kind == "primitive:bytes":
        return {"content": {"application/octet-stream": {}}}
    schema: dict[str, Any] = {
        "primitive:int": {"type": "integer"},
        "primitive:bool": {"type": "boolean"},
    }.get(kind, _reference(operation.response_model, models))
    if kind == "list":
        schema = {"type": "array", "items": schema}
    return {"content": {"application/json": {"schema": schema}}}


def _reference(model: str | None, models: Models) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model}"} if model in models else {"type": "object"}


def _model(name: str, models: Models) -> dict[str, Any]:
    model = models[name]
    described: dict[str, Any] = {
        "type": "object",
        "properties": {key: _schema(entry, models) for key, entry in model.fields.items()},
    }
    return {**described, "required": sorted(model.required)} if model.required else described


def _schema(entry: Field, models: Models) -> dict[str, Any]:
    schema: dict[str, Any]
    if entry.type == "any":
        return {}
    if entry.type == "object":
        schema = _reference(entry.model, models)
        return {"oneOf": [schema, {"type": "null"}]} if entry.nullable else schema
    kind = "object" if entry.type == "map" else entry.type
    schema = {"type": [kind, "null"] if entry.nullable else kind}
    if entry.type == "map":
        schema["additionalProperties"] = True
    if entry.type == "array":
        schema["items"] = {} if entry.items is None else _schema(entry.items, models)
    if entry.format is not None:
        schema["format"] = entry.format
    if entry.enum:
        schema["enum"] = [*entry.enum, None] if entry.nullable else list(entry.enum)
    return schema
