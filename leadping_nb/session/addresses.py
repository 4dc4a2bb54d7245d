"""Addresses of calls: what stands in their paths and queries, written and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, quote, unquote

import httpx

from leadping_nb.contracts import Operation
from leadping_nb.errors import LeadpingError

__all__ = ["Query", "address_of", "fill", "pairs_of", "path_values", "query_values"]

Query = Mapping[str, object]
"""Query parameters; a sequence repeats the name."""


def fill(operation: Operation, values: Mapping[str, str]) -> str:
    """Put values into the path of an operation; raise `LeadpingError` where they do not fit its names."""
    missing = [name for name in operation.path_parameters if not str(values.get(name, ""))]
    if missing:
        raise LeadpingError(
            f"{operation.id} needs {', '.join(missing)}.",
            hint=f"Pass path={{{', '.join(f'{name!r}: …' for name in operation.path_parameters)}}}.",
        )
    unknown = [name for name in values if name not in operation.path_parameters]
    if unknown:
        raise LeadpingError(
            f"{operation.id} has no {', '.join(unknown)} in its path.",
            hint=f"It has {', '.join(operation.path_parameters) or 'none'}.",
        )
    filled = operation.path
    for name in operation.path_parameters:
        part = quote(str(values[name]), safe="")
        if part in (".", ".."):
            raise LeadpingError(f"{name} cannot be {part!r}.", hint="Give the id as the API gave it.")
        filled = filled.replace(f"{{{name}}}", part)
    return filled


def address_of(base_url: str, operation: Operation, *, path: Mapping[str, str], query: Query) -> str:
    """Give the whole address of a call, written as it would be sent."""
    return str(httpx.URL(base_url + fill(operation, path), params=pairs_of(query)))


def pairs_of(query: Query) -> list[tuple[str, str | int | float | bool | None]]:
    """Give the parameters of a query one by one, as texts; None leaves one out."""
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in query.items():
        values: Iterable[object] = value if isinstance(value, list | tuple) else [value]
        pairs.extend((name, _query_text(entry)) for entry in values if entry is not None)
    return pairs


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def path_values(operation: Operation, path: str) -> dict[str, str]:
    """Read the values out of a path, by their names in the operation's."""
    parts = path.strip("/").split("/")
    template = operation.path.strip("/").split("/")
    return {wanted[1:-1]: unquote(part) for wanted, part in zip(template, parts, strict=True) if wanted.startswith("{")}


def query_values(query: str) -> dict[str, list[str]]:
    """Read a query, each parameter with all its values."""
    return parse_qs(query, keep_blank_values=True)
