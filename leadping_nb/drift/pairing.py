"""Two outlines with what they have in common: which call and model of the one is which of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from leadping_nb.drift.alike import under_known_names
from leadping_nb.drift.reach import Reach
from leadping_nb.drift.renames import Rename, renamed_calls, renamed_models
from leadping_nb.drift.words import Exchange
from leadping_nb.openapi import Outline

__all__ = ["Pairing", "missing", "used_first"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A description that is relied on, and the one that holds now."""

    before: Outline
    """What is relied on."""
    after: Outline
    """What there is now."""
    models: Mapping[str, Rename] = field(repr=False)
    """The models that were renamed, by their old names."""
    calls: Mapping[str, Rename] = field(repr=False)
    """The calls that were renamed, by their old names."""
    exchange: Exchange = field(repr=False)
    """The words that those renames exchanged."""
    reach_before: Reach = field(repr=False)
    """How far each model reached."""
    reach_after: Reach = field(repr=False)
    """How far each model reaches now."""

    @classmethod
    def of(cls, before: Outline, after: Outline, *, shipped: Iterable[Rename] = ()) -> Pairing:
        """Find what was renamed between two outlines, with the renames of calls that are known to begin with."""
        after = under_known_names(before, after)
        models = renamed_models(missing(before.models, after.models), missing(after.models, before.models))
        names = {pair.before: pair.after for pair in models}
        calls = renamed_calls(
            missing(before.calls, after.calls), missing(after.calls, before.calls), names, shipped=shipped
        )
        return cls(
            before,
            after,
            {pair.before: pair for pair in models},
            {pair.before: pair for pair in calls},
            Exchange([*names.items(), *((pair.before, pair.after) for pair in calls)]),
            Reach.of(before),
            Reach.of(after),
        )

    @property
    def model_names(self) -> Mapping[str, str]:
        """The new names of renamed models."""
        return {pair.before: pair.after for pair in self.models.values()}

    @property
    def here(self) -> str:
        """Where something stands now."""
        return f"in {self.after.name}"

    @property
    def not_here(self) -> str:
        """Where something does not stand any more."""
        return f"not in {self.after.name}"


def missing(one: Mapping[str, _T], other: Mapping[str, object]) -> dict[str, _T]:
    """Give what only the first of two mappings has."""
    return {name: value for name, value in one.items() if name not in other}


def used_first(described: Mapping[str, _T], used: Mapping[str, object]) -> Iterator[tuple[str, _T]]:
    """Give the entries in the order in which the toolkit uses them, and then the others."""
    yield from ((key, described[key]) for key in used if key in described)
    yield from ((key, value) for key, value in described.items() if key not in used)
