"""A call as Python with httpx, which knows nothing of this toolkit."""

from __future__ import annotations

from leadping_nb.snippets.call import Call

__all__ = ["as_httpx"]


def as_httpx(call: Call) -> str:
    """Write a request of httpx, with the credential from the environment."""
    arguments = [repr(call.operation.method), repr(call.url)]
    if call.variable is not None:
        arguments.append(f"headers={{'Authorization': f\"Bearer {{os.environ['{call.variable}']}}\"}}")
    if call.body is not None:
        arguments.append(f"json={call.body!r}")
    imports = ["import os", "", "import httpx"] if call.variable is not None else ["import httpx"]
    lines = ",\n    ".join(arguments)
    return "\n".join(
        [
            *imports,
            "",
            *call.comments,
            f"response = httpx.request(\n    {lines},\n)",
            "response.raise_for_status()",
            "print(response.text)",
        ]
    )
