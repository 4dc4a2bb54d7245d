"""What state each source is in, which decides whether its leads are taken in."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from leadping_nb.errors import LeadpingError

__all__ = ["SourceState", "SourceStates"]

_CERTIFICATES = ("trustedFormUrl", "consentCertificateUrl")


@dataclass(frozen=True, slots=True)
class SourceState:
    """The state of one source."""

    enabled: bool = True
    """Whether it is switched on."""
    approved: bool = True
    """Whether Leadping has approved it."""
    requires_trusted_form: bool = False
    """Whether each of its leads needs a certificate of consent."""

    @property
    def refusal(self) -> str | None:
        """Why it takes in no lead at all, or None."""
        if not self.enabled:
            return "The source is switched off."
        return None if self.approved else "The source is not approved."

    def lacking(self, lead: Mapping[str, object], fields: Collection[str]) -> str | None:
        """Give the field that a lead would need to be taken in, by the fields that its form has; or None."""
        metadata = lead.get("metadata")
        holders = (lead, metadata if isinstance(metadata, Mapping) else {})
        has_one = any(holder.get(name) for holder in holders for name in _CERTIFICATES)
        if not self.requires_trusted_form or has_one:
            return None
        places = [f"{at}{name}" for at in ("metadata.", "") for name in _CERTIFICATES]
        return next(place for place in places if place in fields)


class SourceStates:
    """The states of all sources of a sandbox; any thread may change one.

    Parameters
    ----------
    ids
        The sources.

    Examples
    --------
    >>> states = SourceStates(["src_sandbox_01"])
    >>> states.change("src_sandbox_01", enabled=False).refusal
    'The source is switched off.'
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._states = dict.fromkeys(ids, SourceState())
        self._lock = threading.Lock()

    def of(self, source_id: str) -> SourceState:
        """Give the state of a source; raise `LeadpingError` if there is none of that id."""
        if source_id not in self._states:
            raise LeadpingError("The sandbox has no such source.", hint="sandbox.source_ids lists them.")
        return self._states[source_id]

    def change(self, source_id: str, **changes: bool) -> SourceState:
        """Change the state of a source, and give it."""
        with self._lock:
            changed = replace(self.of(source_id), **changes)
            self._states[source_id] = changed
        return changed

    @property
    def all(self) -> tuple[SourceState, ...]:
        """The states at this moment, in the order of the sources."""
        return tuple(self._states.values())
