"""A call as a command for a POSIX shell."""

from __future__ import annotations

import json
import shlex

from leadping_nb.snippets.call import Call

__all__ = ["as_curl"]


def as_curl(call: Call) -> str:
    """Write a curl command; the shell puts the credential in from its environment."""
    parts = [f"curl --silent --show-error --globoff --request {call.operation.method} {shlex.quote(call.url)}"]
    if call.variable is not None:
        parts.append(f'--header "Authorization: Bearer ${call.variable}"')
    if call.body is not None:
        parts.append("--header 'Content-Type: application/json'")
        parts.append(f"--data-raw {shlex.quote(_json(call.body))}")
    return "\n".join([*call.comments, " \\\n  ".join(parts)])


def _json(body: object) -> str:
    """Write JSON on one line; what does not print as itself is escaped."""
    text = json.dumps(body, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(body)
