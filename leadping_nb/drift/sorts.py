"""The sorts of change: what each may be about, what can happen to it, and how bad that can be."""

from __future__ import annotations

from typing import Literal

__all__ = ["ChangeKind", "Happened", "Severity", "Subject"]

Happened = Literal["gone", "renamed", "required", "changed", "appeared", "deprecated", "disagree", "not read"]
"""What can happen."""
ChangeKind = Literal[
    "operation",
    "parameter",
    "body",
    "answer",
    "model",
    "field",
    "security",
    "credential",
    "flow",
    "address",
    "document",
]
"""What a change is about, as a report says it."""
Severity = Literal["error", "warning", "note"]
"""``error`` where a call of the toolkit fails, ``warning`` where results may, ``note`` where nothing does."""
Subject = Literal[
    "list", "one", "send", "read", "write",
    "load lock", "send lock", "read lock", "write lock", "lock",
    "load input", "send input", "read input", "write input", "input",
    "load body", "send body", "write body", "body",
    "load answer", "send answer", "read answer", "write answer",
    "used status", "other status", "errors",
    "rows", "paging", "option", "column", "column empty", "column values",
    "lead field", "lead null", "lead values", "field", "null", "format", "values", "model",
    "key", "place", "flow", "address", "document", "page", "use", "words",
]  # fmt: skip
"""What a change is about, by what the toolkit does with it: what it loads, sends or only passes on."""
