"""Which known revision a published OpenAPI document fits best, and what is new or gone."""

from __future__ import annotations

from dataclasses import dataclass

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.openapi import plain_id, published_operations

__all__ = ["Fit", "fit"]


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
    names = (f"{method} {path}" for method, path, _ in published_operations(openapi))
    published = {plain_id(name): name for name in names}
    fits = []
    for revision in REVISIONS:
        known = {plain_id(operation.id): operation.id for operation in contract(revision).operations}
        new = tuple(sorted(name for key, name in published.items() if key not in known))
        gone = tuple(sorted(name for key, name in known.items() if key not in published))
        fits.append(Fit(revision, len(published) - len(new), new, gone))
    return tuple(sorted(fits, key=lambda found: len(found.new) + len(found.gone)))
