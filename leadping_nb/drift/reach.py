"""How far a model reaches: whether loaded rows hold it, loads or leads carry it, or only other calls do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from leadping_nb.drift.outlines import uses
from leadping_nb.drift.sorts import Subject
from leadping_nb.models import Field
from leadping_nb.openapi import Outline

__all__ = ["Reach"]

_MOST_LISTS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """The models of a description by what is done with them.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> from leadping_nb.drift.outlines import outline_of
    >>> reach = Reach.of(outline_of(contract()))
    >>> "leads" in reach.columns["TagSummary"], "LeadContact" in reach.leads, "RequestDataOptions" in reach.options
    (True, True, True)
    """

    columns: Mapping[str, tuple[str, ...]]
    """The lists whose rows hold a model."""
    pages: Mapping[str, tuple[str, ...]]
    """The lists whose pages are of a model."""
    options: frozenset[str]
    """What loads carry."""
    leads: frozenset[str]
    """What leads carry."""
    sent: frozenset[str]
    """What any call carries."""

    @classmethod
    def of(cls, outline: Outline) -> Reach:
        """Follow the calls of a description to all models that their bodies and answers hold."""
        calls = outline.calls
        columns: dict[str, dict[str, None]] = {}
        pages: dict[str, dict[str, None]] = {}
        options: list[str | None] = []
        leads: list[str | None] = []
        for key, use in uses().items():
            call = calls.get(key)
            if call is None:
                continue
            if use.role == "send":
                leads.append(call.request_model)
            elif use.role == "list":
                options.append(call.request_model)
                for model in _reached(outline.models, [call.row_model]):
                    columns.setdefault(model, {})[use.name] = None
                if call.response_model is not None and call.response_model != call.row_model:
                    pages.setdefault(call.response_model, {})[use.name] = None
        return cls(
            {model: tuple(names) for model, names in columns.items()},
            {model: tuple(names) for model, names in pages.items()},
            frozenset(_reached(outline.models, options)),
            frozenset(_reached(outline.models, leads)),
            frozenset(_reached(outline.models, (call.request_model for call in calls.values()))),
        )

    def met(self, model: str, name: str, *, is_row: bool) -> list[tuple[Subject, str]]:
        """Give the ways in which the toolkit meets a field of a model, each with the field in words."""
        part = f"{name} ({model})"
        ways: dict[Subject, str] = {
            "option": part if model in self.options else "",
            "paging": f"{name} of the pages of {_lists(self.pages[model])}" if model in self.pages else "",
            "column": self.column_words(model, name, is_row=is_row),
            "lead field": part if model in self.leads else "",
        }
        return [(subject, words) for subject, words in ways.items() if words] or [("field", part)]

    def sent_as(self, model: str) -> Subject | None:
        """Say what a field of a model is to whoever sends it; None if nobody does."""
        if model in self.options:
            return "option"
        return "lead field" if model in self.leads else "field" if model in self.sent else None

    def column_words(self, model: str, name: str, *, is_row: bool) -> str:
        """Name the columns that show a field; empty if none do."""
        lists = self.columns.get(model, ())
        if not lists:
            return ""
        return f"column {name} of {_lists(lists)}" if is_row else f"member {name} of each {model} in {_lists(lists)}"


def _lists(names: tuple[str, ...]) -> str:
    named = ", ".join(f'api.frame("{name}")' for name in names[:_MOST_LISTS])
    return f"{named} and {len(names) - _MOST_LISTS} more" if len(names) > _MOST_LISTS else named


def _reached(models: Mapping[str, Mapping[str, Field]], first: Iterable[str | None]) -> Iterator[str]:
    """Give some models and all that their fields hold, each once."""
    waiting = deque(dict.fromkeys(model for model in first if model is not None))
    met = set(waiting)
    while waiting:
        model = waiting.popleft()
        yield model
        for entry in models.get(model, {}).values():
            held = entry.items.model if entry.items is not None else entry.model
            if held is not None and held not in met:
                met.add(held)
                waiting.append(held)
