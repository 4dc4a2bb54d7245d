"""Make the package's contract and model data from the research files, one pair a revision.

    python tools/build_contracts.py contract-2026-07-05.json models-2026-07-05.json [...]

Each contract file is paired with the models file of the same revision. What comes out is compact
JSON in ``leadping_nb/data``: what the toolkit judges by, and no more. The notation of a field is
explained in ``leadping_nb/models.py``, which reads it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "leadping_nb" / "data"

# Fields that must add up to the cent, by the models that keep accounts. A lead's price and a source's
# cost per lead are attribution figures, which the API types as doubles and analysts divide by.
_LEDGER_MODELS = ("Transaction", "Usage", "Wallet", "SpendLimits")
_MONEY_ENDINGS = (
    "amount", "Amount", "balance", "Balance", "ChargeTotal", "CostTotal", "unitPrice",
    "dailyLimit", "dailySpent", "monthlyLimit", "monthlySpent", "autoRefillTrigger",
)  # fmt: skip

_JSON = "application/json"
_FROM_OPENAPI = "openapi 2026-08"  # how the research files mark what the document of August states
_CREDENTIALS = ("user_token", "business_api_key", "source_key", "none")


def main() -> None:
    """Read the arguments and write the data files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path, help="contract-REVISION.json and models-REVISION.json files")
    parser.add_argument("--out", type=Path, default=DATA)
    arguments = parser.parse_args()
    for path in arguments.files:
        source = json.loads(path.read_text(encoding="utf-8"))
        compact = compact_models(source) if "$defs" in source else compact_contract(source)
        target = arguments.out / path.name
        target.write_text(json.dumps(compact, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{target.name}: {target.stat().st_size / 1024:.0f} KB")


def compact_contract(source: dict[str, Any]) -> dict[str, Any]:
    """Keep what the toolkit needs of each operation; reasons and sets of statuses are stored once and pointed to."""
    reasons: list[str] = []
    statuses: list[list[int]] = []

    operations = []
    for operation in source["operations"]:
        seen = operation["openapi_2026_08"] or {}
        row: dict[str, Any] = {
            "method": operation["method"],
            "path": operation["path"],
            "group": operation["group"],
            "summary": operation["summary"],
            "effect": operation["effect"],
            "scope": operation["scope"],
            "kind": operation["response_kind"],
            "access": [
                [entry["status"], entry["certainty"], _once(reasons, entry["basis"])]
                for entry in (operation["credentials"][name] for name in _CREDENTIALS)
            ],
            "statuses": _once(statuses, sorted(map(int, {*seen.get("success", ()), *operation["error_statuses"]}))),
        }
        optional = {
            "note": operation.get("effect_note"),
            "request": operation["request_model"],
            "response": operation["response_model"],
            "item": operation.get("item_model"),
            "paging": operation.get("paging_in"),
            "media": operation["request_content_type"] if operation["request_content_type"] != _JSON else None,
            "body_optional": operation.get("request_body_optional"),
            "query": [_parameter(entry) for entry in operation["query_parameters"]],
        }
        row.update({key: value for key, value in optional.items() if value})
        operations.append(row)
    return {
        "revision": source["contract"],
        "derived_from": source["derived_from"],
        "base_url": source["base_url"],
        "scopes": source["legend"]["scopes"],
        "reasons": reasons,
        "statuses": statuses,
        "operations": operations,
    }


def _once(known: list[Any], entry: Any) -> int:
    if entry not in known:
        known.append(entry)
    return known.index(entry)


def _parameter(entry: dict[str, Any]) -> list[Any]:
    return [entry["name"], entry["type"], entry.get("format"), *[True] * entry["required"]]


def compact_models(source: dict[str, Any]) -> dict[str, Any]:
    """Write each field as one short text, each enumeration once, and which fields are required where a source says."""
    definitions: dict[str, Any] = source["$defs"]
    enums = {name: spec["enum"] for name, spec in definitions.items() if "enum" in spec}
    models: dict[str, dict[str, str]] = {}
    for name, spec in definitions.items():
        if "enum" in spec:
            continue
        fields = spec.get("properties", {})
        if not fields and spec.get("additionalProperties"):
            continue  # a free map: written as such where it is used
        models[name] = {field: _notation(name, field, value, definitions, enums) for field, value in fields.items()}
    required = {name: definitions[name].get("required_in_openapi_2026_08", []) for name in models}
    return {
        "revision": source["models"],
        "enums": enums,
        "required": {name: fields for name, fields in required.items() if fields},
        "required_unknown": [name for name in models if not required[name] and not _is_in_openapi(definitions[name])],
        "models": models,
    }


def _is_in_openapi(spec: dict[str, Any]) -> bool:
    """Whether the document of August describes the model, so that a field it does not require is not required."""
    facts = (fact for field in spec.get("properties", {}).values() for fact in field.items())
    return any(name.endswith("_basis") and str(basis).startswith(_FROM_OPENAPI) for name, basis in facts)


def _notation(
    model: str, field: str, spec: dict[str, Any], definitions: dict[str, Any], enums: dict[str, list[Any]]
) -> str:
    if "enum" in spec:
        own = f"{model}.{field}"
        enums[own] = spec["enum"]
        kind = f"#{own}"
    else:
        kind = _kind(spec, definitions)
        if kind.startswith("number") and model.startswith(_LEDGER_MODELS) and field.endswith(_MONEY_ENDINGS):
            kind = "number:decimal"
    return kind + {True: "?", False: "!", None: ""}[spec.get("nullable")]


def _kind(spec: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in spec:
        name = spec["$ref"].rsplit("/", 1)[1]
        target = definitions[name]
        if "enum" in target:
            return f"#{name}"
        return "map" if not target.get("properties") and target.get("additionalProperties") else f"@{name}"
    kind = spec.get("type", "any")
    if kind == "array":
        return f"[{_kind(spec.get('items', {}), definitions)}]"
    return f"{kind}:{spec['format']}" if "format" in spec else str(kind)


if __name__ == "__main__":
    main()
