"""Show the request: the code that makes one call, for a shell, for httpx and for the official SDK."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from leadping_nb.arguments import MAPPING, demand, member
from leadping_nb.contracts import Operation
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.leaks.misplaced import holds_credential, without_credentials
from leadping_nb.list_options import ListOptions
from leadping_nb.policy import decide
from leadping_nb.session.addresses import address_of, path_values, query_values
from leadping_nb.session.firewall import identify
from leadping_nb.session.memory import Asked
from leadping_nb.snippets.call import Call, Snippet
from leadping_nb.snippets.caller import Caller
from leadping_nb.snippets.curl import as_curl
from leadping_nb.snippets.httpx import as_httpx
from leadping_nb.snippets.sdk import as_sdk

__all__ = ["Caller", "Kind", "Snippet", "snippet"]

Kind = Literal["curl", "httpx", "sdk"]
"""What the code is for."""

_WRITERS = {"curl": as_curl, "httpx": as_httpx, "sdk": as_sdk}

_PERSON: Mapping[str, object] = {"firstName": "Ada", "lastName": "Example", "email": "ada@example.com"}
_EXAMPLES: Mapping[str, Asked] = {
    "POST /leads/intake": Asked(body=_PERSON),
    "GET /leads/intake": Asked(query={name[0].upper() + name[1:]: value for name, value in _PERSON.items()}),
    "POST /leads": Asked(body={"contact": _PERSON, "customer": {}, "metadata": {}, "tagIds": [], "tagNames": []}),
}
"""What the calls that send a lead are shown with, as long as nothing else is known."""

_CREATES = "This creates a lead, and one more each time that it is run."
_IN_THE_ADDRESS = "It puts personal data into an address, which servers and proxies log; POST does not."
_TAKEN_OUT = "A credential was taken out: none belongs into a path, a query or a body."
_TEMPLATE = re.compile(r"\{\w+\}")


def snippet(
    caller: Caller,
    method: str,
    path: str,
    *,
    as_: Kind,
    params: Mapping[str, object] | None = None,
    body: object = None,
) -> Snippet:
    """Write the code of one call.

    Parameters
    ----------
    caller
        Who calls, and where.
    method, path, as_, params, body
        As of `Api.snippet`, and so are the errors.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> print(snippet(Caller(None, contract(), "https://api.leadping.ai"), "GET", "/tags", as_="curl"))
    # Denied (stated): This needs a credential.
    curl --silent --show-error --globoff --request GET https://api.leadping.ai/tags
    """
    member("as_", as_, get_args(Kind))
    demand(MAPPING.or_none, params=params)
    operation, local = identify(method, path, caller.base_url, caller.contract)
    query = query_values(urlsplit(path).query)
    _check_effect(operation)
    known = caller.memory.last(operation) or _EXAMPLES.get(operation.id) or _blank(operation)
    given = Asked(
        path={name: _value(name, value, known.path) for name, value in path_values(operation, local).items()},
        query=known.query if params is None and not query else {**query, **(params or {})},
        body=known.body if body is None else body,
    )
    _check_body(operation, given.body)
    asked = _fit_to_show(given)
    call = Call(
        operation=operation,
        contract=caller.contract,
        base_url=caller.base_url,
        path=asked.path,
        url=address_of(caller.base_url, operation, path=asked.path, query=asked.query),
        has_query=bool(asked.query),
        body=asked.body,
        key_type=caller.key_type,
        remarks=tuple([_TAKEN_OUT] * (asked is not given) + _remarks(operation, caller, asked.path, asked.body)),
    )
    return Snippet(caller.scrub(_WRITERS[as_](call)))


def _check_effect(operation: Operation) -> None:
    if operation.effect == "write" and operation.scope != "source":
        raise NotAllowedError(
            f"{operation.id} changes data, and no code is shown that would.",
            rule="reads, and the sending of leads",
            hint="Make the change in Leadping itself.",
        )


def _check_body(operation: Operation, body: object) -> None:
    if body is None:
        return
    if operation.request_model is None:
        raise LeadpingError(f"{operation.id} takes no body.", hint="Pass params= for what stands in its query.")
    if not isinstance(body, Mapping):
        raise LeadpingError(
            f"{operation.id} takes an object as its body.",
            hint=f"Give a dict with fields of {operation.request_model}.",
        )
    try:
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        without_credentials(body)  # which goes less deep than JSON does
    except UnicodeEncodeError:
        raise LeadpingError(
            "The body cannot be written as JSON: a text in it has half a character.",
            hint="Look for \\ud800 to \\udfff in it, and write the text again from where it came.",
        ) from None
    except (TypeError, ValueError, RecursionError):
        raise LeadpingError(
            "The body cannot be written as JSON.", hint="Give dicts, lists, texts and numbers."
        ) from None


def _fit_to_show(given: Asked) -> Asked:
    """Give what is asked for without credentials, or just that where there are none."""
    whole = {"path": given.path, "query": given.query, "body": given.body}
    if not holds_credential(whole):
        return given
    return Asked(**cast("dict[str, Any]", without_credentials(whole)))


def _blank(operation: Operation) -> Asked:
    """Give what an operation is asked for by default."""
    if operation.paging_in == "body":
        options = ListOptions()
        return Asked(body=options.body(None, options.page_size))
    return Asked(body={} if operation.request_model else None)


def _value(name: str, value: str, known: Mapping[str, str]) -> str:
    """Give what stands in the path: the value, the last one, or a word to put one in place of."""
    return known.get(name, _word(name)) if _TEMPLATE.fullmatch(value) else value


def _word(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def _remarks(operation: Operation, caller: Caller, path: Mapping[str, str], body: object) -> list[str]:
    """Say what whoever runs the code should know, in sentences of our own."""
    remarks = []
    if operation.effect == "write":
        remarks.append(_CREATES)
        if operation.method == "GET":
            remarks.append(_IN_THE_ADDRESS)
    decision = decide(caller.key_type, operation, caller.contract)
    if decision.verdict != "allowed":
        remarks.append(f"{decision.verdict.capitalize()} ({decision.certainty}): {decision.why}")
    remarks += [f"Put a value in place of {value}." for name, value in path.items() if value == _word(name)]
    model = operation.request_model
    if body == {} and model in caller.contract.models:
        fields = ", ".join(caller.contract.models[model].fields)  # type: ignore[index]  # it is in them
        remarks.append(f"Fill in the body, of the model {model}: {fields}.")
    return remarks
