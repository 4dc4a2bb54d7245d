"""What could not be compared, because one of the descriptions does not hold it: said once, and no change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadping_nb.contracts import REVISIONS
from leadping_nb.drift.answers import LEFT_OUT
from leadping_nb.identifiers import shown
from leadping_nb.openapi import Outline

__all__ = ["not_compared"]

_MOST_NAMED = 3
_LONGEST = 300


def not_compared(before: Outline, after: Outline) -> tuple[str, ...]:
    """Give what could not be compared, in sentences.

    Parameters
    ----------
    before, after
        The two descriptions.
    """
    return tuple(dict.fromkeys(shown(sentence, _LONGEST) for one in (before, after) for sentence in _gaps(one)))


def _gaps(outline: Outline) -> Iterator[str]:
    if outline.name not in REVISIONS:
        if outline.limited:
            yield f"Limits of values, such as of {_some(outline.limited)}: no revision holds any."
        scoped = [call.id for call in outline.calls.values() if call.has_scopes]
        if scoped:
            yield f"Scopes that calls ask for, such as {_some(scoped)}: no revision holds any."
        return
    yield "Types of path parameters, optional headers and cookies, further media types: no revision holds any."
    yield f"Required fields and success statuses around August 2026: {outline.name} has them from a document of then."
    fields = [entry for model in outline.models.values() for entry in model.values()]
    nullable = sum(entry.nullable is None for entry in fields)
    untyped = sum(entry.type == "any" for entry in fields)
    yield f"Whether {nullable} of {len(fields):,} fields may be null, and types of {untyped}: {outline.name} is silent."
    silent = [name for name in outline.models if name not in outline.required]
    unnamed = [call.id for call in outline.calls.values() if not any(status < "4" for status in call.statuses)]
    if silent:
        yield f"Required fields of {_some(silent)}: {outline.name} does not say them."
    if unnamed:
        yield f"Success statuses of {_some(unnamed)}: {outline.name} does not say them."
    unsure = sorted(LEFT_OUT.get(outline.name, ()))
    if unsure:
        yield f"Where {' and '.join(unsure)} are named now: {outline.name} leaves them out nearly everywhere."


def _some(names: Sequence[str]) -> str:
    left = len(names) - _MOST_NAMED
    return f"{', '.join(names[:_MOST_NAMED])}{f' and {left} more' if left > 0 else ''}"
