"""A call as Python with the official SDK, and what the SDK calls the parts of a path and the members of a body."""

from __future__ import annotations

import re
from collections.abc import Mapping

from leadping_nb.contracts import Operation
from leadping_nb.models import Field, Models
from leadping_nb.snippets.call import Call
from leadping_nb.snippets.release import release_at_hand

__all__ = ["as_sdk", "builder", "is_member", "member"]

_PARTS: Mapping[str, str] = {"options": "optionsPath"}
"""What the SDK calls a part of a path where the part is a word of Kiota's own."""

_TYPES: Mapping[str, type] = {"string": str, "boolean": bool, "integer": int}
"""The types of values that the SDK's members take."""

_PARAMETERS: Mapping[str, str] = {"/phone-numbers/{phoneNumber}/status": "phoneNumberId"}
"""What the SDK calls the value in a path where it is not the name that stands there."""

_IN_A_SCRIPT = "# A notebook awaits it as it stands. In a script: async def main() around it, and asyncio.run(main())."

_UNREAD = "# Should the SDK fail to read the answer, the lead was sent all the same: look before you run it again."


def as_sdk(call: Call) -> str:
    """Write an awaited call of the official SDK, with the credential from the environment.

    It is code for the installed release, or for the newest where none is.

    Parameters
    ----------
    call
        The call.

    Raises
    ------
    LeadpingError
        If that release has no such call.
    """
    operation, release = call.operation, release_at_hand()
    release.demand(operation, call.contract)
    model = operation.request_model
    imports = ["import leadping_nb as lp"]
    if call.body is not None and model is not None:
        imports.append(f"from leadping.models.{member(model)} import {model}")
    credential = "None"
    if call.variable is not None:
        imports = ["import os", "", *imports]
        credential = f"lp.Credential.from_text(os.environ['{call.variable}'])"
    options = [credential]
    options += [f"base_url={call.base_url!r}"] if call.base_url != call.contract.base_url else []
    options += [f'contract=lp.contract("{call.contract.revision}")'] if call.contract is not release.contract else []
    options += ["allow_writes=True"] if operation.effect == "write" else []
    chain = builder(operation, call.path) + (f".with_url({call.url!r})" if call.has_query else "")
    return "\n".join(
        [
            *imports,
            "",
            *call.comments,
            *(f"# {remark}" for remark in release.remarks(call.contract)),
            *([_UNREAD] if operation.effect == "write" else []),
            _IN_A_SCRIPT,
            f"client = lp.official_sdk({', '.join(options)})",
            f"answer = await client{chain}.{operation.method.lower()}({_body(call, release.contract.models)})",
        ]
    )


def builder(operation: Operation, path: Mapping[str, str]) -> str:
    """Give the SDK's builder of an operation, as it is written behind the client.

    Parameters
    ----------
    operation
        The operation.
    path
        A value for each name in its path.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> builder(contract().operation("GET /leads/{id}/workflow-status"), {"id": "lead_1"})
    ".leads.by_id('lead_1').workflow_status"
    """
    return "".join(
        f".by_{member(_PARAMETERS.get(operation.path, part[1:-1]))}({path[part[1:-1]]!r})"
        if part.startswith("{")
        else f".{member(_PARTS.get(part, part))}"
        for part in operation.path.strip("/").split("/")
    )


def member(name: str) -> str:
    """Give a name of the API as the SDK's Python has it.

    Examples
    --------
    >>> [member(name) for name in ("pageSize", "RequestDataOptions", "api-keys", ".well-known", "address1")]
    ['page_size', 'request_data_options', 'api_keys', 'well_known', 'address1']
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[-.]", "_", words).strip("_").lower()


def is_member(field: Field) -> bool:
    """Whether every release of the SDK has a member for a field, and writes a value of its type as it is given."""
    return field.type in _TYPES and field.format in (None, "int32") and not field.enum


def _body(call: Call, models: Models) -> str:
    """Write the body as an object of the SDK whose JSON is the body's own.

    The SDK has no members for some of it, such as the value of a filter, and rewrites some of the rest, such as dates:
    what it keeps as additional data, it writes as it was given.
    """
    model, body = call.operation.request_model, call.body
    if body is None or model is None or not isinstance(body, Mapping):
        return ""
    fields = models[model].fields if model in models else {}
    plain = {
        name: value
        for name, value in body.items()
        if name in fields and is_member(fields[name]) and type(value) is _TYPES[fields[name].type]
    }
    rest = {name: value for name, value in body.items() if name not in plain}
    arguments = [f"{member(name)}={value!r}" for name, value in plain.items()]
    arguments += [f"additional_data={rest!r}"] if rest else []
    return f"{model}({', '.join(arguments)})"
