"""Which known revision a published OpenAPI document fits best, and what is new or gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from leadping_nb.contracts import REVISIONS, contract

__all__ = ["Fit", "fit"]

_METHODS = frozenset({"get", "post", "put", "delete", "patch"})
_TEMPLATE = re.compile(r"\{[^{}]*\}")  # a brace that opens ends the search, so that each letter is read once


@dataclass(frozen=True, slots=True)
class Fit:
    """How one revision compares with a document."""

    revision: str
    """The revision's date."""
    shared: int
    """How many operations both have; the names in braces do not count."""
    new: tuple[str, ...]
    """What the document has and the revision has not."""
    gone: tuple[str, ...]
    """What the revision has and the document has not."""

    @property
    def exact(self) -> bool:
        """Whether both have the same operations."""
        return not self.new and not self.gone


def fit(openapi: object) -> tuple[Fit, ...]:
    """Compare an OpenAPI document with the shipped revisions, best first; any shape is read.

    Examples
    --------
    >>> fit({"paths": {"/tags": {"get": {}}}})[0].shared
    1
    """
    published = _operations(openapi)
    fits = []
    for revision in REVISIONS:
        known = {_plain(operation.id): operation.id for operation in contract(revision).operations}
        new = tuple(sorted(name for key, name in published.items() if key not in known))
        gone = tuple(sorted(name for key, name in known.items() if key not in published))
        fits.append(Fit(revision, len(published) - len(new), new, gone))
    return tuple(sorted(fits, key=lambda found: len(found.new) + len(found.gone)))


def _operations(openapi: object) -> dict[str, str]:
    paths = openapi.get("paths") if isinstance(openapi, Mapping) else None
    if not isinstance(paths, Mapping):
        return {}
    names = [
        f"{method.upper()} {path}"
        for path, item in paths.items()
        if isinstance(item, Mapping)
        for method in item
        if isinstance(method, str) and method.lower() in _METHODS
    ]
    return {_plain(name): name for name in names}


def _plain(name: str) -> str:
    return _TEMPLATE.sub("{}", name)
