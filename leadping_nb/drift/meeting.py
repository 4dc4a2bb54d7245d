"""One call in both descriptions, and what the toolkit does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.outlines import uses
from leadping_nb.drift.pairing import Pairing
from leadping_nb.drift.sorts import Happened, Subject
from leadping_nb.openapi import Call

__all__ = ["Meeting", "Role"]

Role = Literal["list", "one", "send", "read", "write"]
Part = Literal["lock", "input", "body", "answer", "status"]

# What a part of a call is, by what the toolkit does with the call: api.frame and api.one load, api.get reads.
_SUBJECTS: Mapping[Part, Mapping[Role, Subject]] = {
    "lock": {"list": "load lock", "one": "load lock", "send": "send lock", "read": "read lock", "write": "write lock"},
    "input": {"list": "load input", "one": "load input", "send": "send input", "read": "read input",
              "write": "write input"},
    "body": {"list": "load body", "one": "load body", "send": "send body", "read": "load body", "write": "write body"},
    "answer": {"list": "load answer", "one": "read answer", "send": "send answer", "read": "read answer",
               "write": "write answer"},
    "status": {"list": "used status", "one": "used status", "send": "used status", "read": "used status",
               "write": "other status"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """A call as it was and as it is."""

    pairing: Pairing
    """The two descriptions."""
    key: str
    """Its method and path in the first, without the names in braces."""
    before: Call
    """What it was."""
    after: Call
    """What it is."""

    @property
    def role(self) -> Role:
        """What the toolkit does by it."""
        use = uses().get(self.key)
        if use is not None:
            return use.role
        return "read" if self.before.method == "GET" else "write"

    @property
    def use(self) -> str:
        """The line of Python that makes the call."""
        use = uses().get(self.key)
        if use is not None:
            return use.code
        return f'api.get("{self.before.path}")' if self.before.method == "GET" else self.before.id

    def change(
        self,
        part: Part,
        happened: Happened,
        name: str,
        *,
        before: str = "",
        after: str = "",
        columns: str = "",
        remedy: str = "",
        evidence: str = "",
    ) -> Change:
        """Give a change of one part of the call."""
        subject = _SUBJECTS[part][self.role]
        return change_of(
            subject,
            happened,
            name,
            before=before,
            after=after,
            use=self.use,
            columns=columns,
            remedy=remedy,
            evidence=evidence or self.pairing.here,
        )

    def new_name(self, model: str | None) -> str | None:
        """Give the name that a model has now."""
        return model if model is None else self.pairing.model_names.get(model, model)
