"""What is noted while values are read: issues that the models document, and changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from leadping_nb.intake.issue import CODES, LeadChange, LeadIssue
from leadping_nb.models import Models

__all__ = ["Reading"]

_NOTHING: tuple[tuple[LeadIssue, ...], tuple[LeadChange, ...]] = ((), ())


@dataclass(slots=True)
class Reading:
    """What is found while values are read."""

    models: Models
    """The models that objects in lists are of."""
    issues: list[LeadIssue] = field(default_factory=list)
    """What is to be said."""
    changes: list[LeadChange] = field(default_factory=list)
    """How the value differs from the one that was given."""

    @property
    def source(self) -> str:
        """Where types and formats are documented."""
        return f"models of {self.models.revision}"

    def say(self, path: str, code: str, message: str, *, hint: str | None = None, got: str | None = None) -> None:
        """Note an issue that the models document."""
        hint = CODES[code].hint if hint is None else hint
        self.issues.append(LeadIssue(path, code, message, "documented", self.source, hint, got))

    def take(self) -> tuple[tuple[LeadIssue, ...], tuple[LeadChange, ...]]:
        """Give what was noted so far, and begin anew."""
        if not self.issues and not self.changes:
            return _NOTHING
        noted = (tuple(self.issues), tuple(self.changes))
        self.issues.clear()
        self.changes.clear()
        return noted

    def change(self, path: str, what: str) -> None:
        """Note a change."""
        self.changes.append(LeadChange(path, what))
