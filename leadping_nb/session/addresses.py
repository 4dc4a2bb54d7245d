"""Addresses of calls: what stands in their paths and queries, written and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Integral, Number
from urllib.parse import parse_qs, quote, unquote
from uuid import UUID

import httpx

from leadping_nb.anatomy import KEY_PREFIXES
from leadping_nb.arguments import MAPPING, TEXT, Wanted, demand, told
from leadping_nb.contracts import Operation
from leadping_nb.errors import LeadpingError

__all__ = ["Query", "address_of", "fill", "pairs_of", "path_values", "query_values"]

Query = Mapping[str, object]
"""Query parameters; a sequence repeats the name."""

_STARTS = (*KEY_PREFIXES, "whsec_", "eyJ")
"""What credentials begin with, and ids do not."""

_ID = Wanted(
    "an id",
    "Give {name} as the API gave it.",
    lambda value: TEXT.holds(value) or (isinstance(value, Integral | UUID) and not isinstance(value, bool)),
)
_WRITABLE = Wanted(
    "a text, number or date",
    "Give {name} as a text, number, date, or a list of them.",
    lambda value: TEXT.holds(value) or isinstance(value, Number | date | UUID),
)


def fill(operation: Operation, values: Mapping[str, str]) -> str:
    """Put values into the path of an operation; raise `LeadpingError` where they do not fit its names."""
    demand(MAPPING, path=values)
    missing = [name for name in operation.path_parameters if not str(values.get(name, ""))]
    if missing:
        raise LeadpingError(
            f"{operation.id} needs {', '.join(missing)}.",
            hint=f"Pass path={{{', '.join(f'{name!r}: …' for name in operation.path_parameters)}}}.",
        )
    unknown = [name for name in values if name not in operation.path_parameters]
    if unknown:
        raise LeadpingError(
            f"{operation.id} has no {', '.join(map(told, map(str, unknown)))} in its path.",
            hint=f"It has {', '.join(operation.path_parameters) or 'none'}.",
        )
    filled = operation.path
    for name in operation.path_parameters:
        demand(_ID, **{name: values[name]})
        if str(values[name]).startswith(_STARTS):
            raise LeadpingError(
                f"{name} looks like a credential, and an id is expected.",
                hint="Give the id as the API gave it; nothing was sent.",
            )
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
        demand(TEXT, **{"the name of a query parameter": name})
        values: Iterable[object] = value if isinstance(value, list | tuple) else [value]
        for entry in values:
            demand(_WRITABLE.or_none, **{name: entry})
            if entry is not None:
                pairs.append((name, _query_text(entry)))
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
