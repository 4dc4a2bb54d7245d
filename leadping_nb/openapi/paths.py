"""The paths of an OpenAPI document: which operations stand below them, wherever those are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadping_nb.openapi.references import resolved

__all__ = ["MOST_OPERATIONS", "published_operations", "unread_paths"]

MOST_OPERATIONS = 5_000
"""The most operations that are read; the API has about 150."""

_METHODS = frozenset({"get", "post", "put", "delete", "patch"})

Json = Mapping[str, object]


def published_operations(document: object) -> Iterator[tuple[str, str, Json]]:
    """Give method, path and description of each operation of a document of any shape, the first 5,000.

    What its path says for all of its operations, parameters and addresses, stands in each description.

    Examples
    --------
    >>> [(method, path) for method, path, _ in published_operations({"paths": {"/tags": {"get": {}}}})]
    [('GET', '/tags')]
    """
    given = 0
    for path, item in _items(document):
        for method, entry in item.items() if item is not None else ():
            if isinstance(method, str) and method.lower() in _METHODS:
                if given == MOST_OPERATIONS:
                    return
                given += 1
                yield method.upper(), path, _whole(item or {}, entry if isinstance(entry, Mapping) else {})


def unread_paths(document: object) -> int:
    """Count the paths that are no objects, or lead nowhere."""
    return sum(item is None for _, item in _items(document))


def _items(document: object) -> Iterator[tuple[str, Json | None]]:
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(paths, Mapping):
        return
    for path, item in paths.items():
        if isinstance(path, str) and not path.startswith("x-"):  # an extension, OpenAPI 3.1, section 4.9
            yield path, resolved(document, item)


def _whole(item: Json, entry: Json) -> Json:
    """Give what is said of an operation and, before it, of its path."""
    parameters = [*_listed(item), *_listed(entry)]
    servers = {"servers": item["servers"]} if "servers" in item else {}
    return {**servers, **entry, "parameters": parameters} if parameters or servers else entry


def _listed(holder: Json) -> list[object]:
    listed = holder.get("parameters")
    return listed if isinstance(listed, list) else []
