"""Every read of a revision through the release of the official SDK that is on the path, and what became of each.

``python -m tests.sdk_child REVISION`` writes one JSON object. It is a process of its own, because a process can hold
one release.
"""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import inspect
import json
import os
import pkgutil
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version

import leadping.models
from leadping.leadping_open_api_client import LeadpingOpenApiClient
from leadping.models.request_data_options import RequestDataOptions

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS, Contract, Operation
from leadping_nb.sandbox import operations
from leadping_nb.snippets.sdk import builder, is_member, member
from tests.sandbox_ids import IDS, IDS_BY_GROUP

# What is read from the first row of a list.
LISTED = {"callEventId": "calls", "callId": "calls", "smsEventId": "sms", "eventId": "events"}
CHANGES = {"2026-07-05": ("dispositions", "lead_dispositions"), "2026-10-26": ("lead-status-changes", "status_changes")}


def ids(api: lp.Api) -> dict[str, str]:
    group, changes = CHANGES[api.contract.revision]
    path = {"leadId": IDS["leadId"]} if changes == "lead_dispositions" else None
    found = {name: next(api.rows(listed))["id"] for name, listed in LISTED.items()}
    return {**IDS, **IDS_BY_GROUP, **found, group: next(api.rows(changes, path=path))["id"]}


def outcome(client: LeadpingOpenApiClient, operation: Operation, path: Mapping[str, str], contract: Contract) -> dict:
    """Make one read, and say what came of it."""
    try:
        built = eval(f"client{builder(operation, path)}", {"client": client})  # noqa: S307  # our own code
        call = getattr(built, operation.method.lower())
    except AttributeError as error:
        return {"raised": "AttributeError", "said": str(error)}
    model = operation.request_model
    bodies = [getattr(import_module(f"leadping.models.{member(model)}"), model)()] if model else []
    try:
        value = asyncio.run(call(*bodies))
        if not operation.is_list:
            return {"raised": None, "came": value is not None}
        frame = lp.sdk_frame(value)
    except lp.LeadpingError as error:
        cause = error.__cause__ or error
        return {"raised": type(cause).__name__, "said": str(cause), "status": getattr(error, "status", None)}
    columns = contract.models.columns(str(operation.row_model))
    return {"raised": None, "came": len(frame) > 0, "columns": list(frame.columns)[: len(columns)] == list(columns)}


def lost_values(client: LeadpingOpenApiClient, api: lp.Api) -> dict[str, list[str]]:
    """Name the values of the phone numbers that the SDK leaves out, by column; raise where it changes one."""
    operation = next(entry for entry in api.contract.operations if entry.id.startswith("POST /phone-numbers/all/"))
    call = eval(f"client{builder(operation, {})}.post", {"client": client})  # noqa: S307  # our own code
    ours, through = api.frame("phone_numbers"), lp.sdk_frame(asyncio.run(call(RequestDataOptions(page_size=500))))
    lost = {}
    for column in ours.columns:
        gone = ours[column].notna() & through[column].isna()
        if gone.any():
            lost[column] = sorted(set(ours[column][gone]))
        if not through[column][~gone].equals(ours[column][~gone]):
            raise AssertionError(column)
    return lost


def broken_models() -> dict[str, str]:
    """Name the models of the release that cannot be used at all, with what they raise."""
    broken = {}
    for found in pkgutil.iter_modules(leadping.models.__path__, "leadping.models."):
        try:
            module = import_module(found.name)
        except ImportError as error:
            broken[found.name] = type(error).__name__
            continue
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == found.name and hasattr(kind, "get_field_deserializers"):
                try:
                    kind().get_field_deserializers()
                except ImportError as error:
                    broken[name] = type(error).__name__
    return broken


def missing_members(contract: Contract) -> list[str]:
    """Name what a snippet would write as a member of a body, and the release has none of."""
    missing = []
    for operation in contract.operations:
        model = operation.request_model
        if model and (operation.effect == "read" or operation.scope == "source"):
            kind = getattr(import_module(f"leadping.models.{member(model)}"), model)
            known = {field.name for field in dataclasses.fields(kind)}
            wanted = contract.models[model].fields.values()
            missing += [
                f"{model}.{field.name}" for field in wanted if is_member(field) and member(field.name) not in known
            ]
    return missing


def snippets(contract: Contract) -> dict[str, list[str]]:
    """Name the calls that are shown, those of them that the release is said to lack, and those that it lacks."""
    found: dict[str, list[str]] = {"asked": [], "refused": [], "dead": []}
    with lp.connect("lp_example", contract=contract) as api:
        for operation in contract.operations:
            if operation.effect == "read" or operation.scope == "source":
                found["asked"].append(operation.id)
                try:
                    code = ast.parse(api.snippet(operation.method, operation.path, as_="sdk"))
                except lp.LeadpingError:
                    found["refused"].append(operation.id)
                    continue
                call = code.body[-1].value.value  # of ``answer = await client.….get()``: all is run but the sending
                code.body[-1] = ast.parse("made = ()").body[0]
                code.body[-1].value = ast.Tuple([call.func, *call.args], ast.Load())
                try:
                    exec(compile(ast.fix_missing_locations(code), operation.id, "exec"), {})  # noqa: S102
                except (AttributeError, ImportError, TypeError) as error:
                    found["dead"].append(f"{operation.id}: {error}")
    return found


def main(revision: str) -> None:
    warnings.simplefilter("ignore")
    os.environ["LEADPING_API_KEY"] = "lp_example"  # what snippets take the credential from
    operations.may_call = lambda key_type, operation: True  # it is the reading that is tried, and not who may
    contract = lp.contract(revision)
    with lp.Sandbox(leads=40, revision=revision, rate_limit=None) as sandbox:
        client = lp.official_sdk(sandbox, rate_limit=None)
        with lp.connect(sandbox) as api:
            known, lost = ids(api), lost_values(client, api)
        reads = {}
        for operation in contract.operations:
            if operation.effect == "read":
                path = {name: known.get(name) or known[operation.group] for name in operation.path_parameters}
                reads[operation.id] = outcome(client, operation, path, contract)
    found = {
        "release": version("leadping"),
        "reads": reads,
        "lost": lost,
        "broken": broken_models(),
        "missing": missing_members(contract),
        "snippets": {known: snippets(lp.contract(known)) for known in REVISIONS},
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
