"""What was renamed and not removed: pairs of something gone and something new, each with its evidence.

Only what the toolkit itself knows under both names is certain; every other pair is inferred, and says from what. A pair
stands only where no other fits as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.drift.outlines import uses
from leadping_nb.drift.types import comparable_type
from leadping_nb.drift.words import Exchange, likeness, words
from leadping_nb.models import Field
from leadping_nb.openapi import Call

__all__ = [
    "MOST_COMPARED",
    "Rename",
    "moved_fields",
    "renamed_calls",
    "renamed_fields",
    "renamed_models",
]

MOST_COMPARED = 400
"""The most new names of one kind that are looked through for old ones."""

_PAGE = "PagedResultOf"
_LIKE_FIELDS, _LIKE_PATH, _LIKE_NAME = 0.5, 0.5, 0.66
_FEWEST_SHARED = 2
_MEMBERS: Mapping[str, str] = {"Id": "id", "Name": "name"}  # how a flat field ends, and the member that takes its place


@dataclass(frozen=True, slots=True)
class Rename:
    """A pair of names for one thing."""

    before: str
    """The old name."""
    after: str
    """The new name."""
    evidence: str
    """Why they are taken for one."""
    certain: bool = False
    """Whether the toolkit knows both; if not, the rename is inferred."""

    def __str__(self) -> str:
        return f"{'stated' if self.certain else 'inferred'}: {self.evidence}"


def renamed_models(gone: Mapping[str, Mapping[str, Field]], new: Mapping[str, Mapping[str, Field]]) -> list[Rename]:
    """Pair models by the fields that they share, then by the words that those pairs exchanged.

    Parameters
    ----------
    gone, new
        The fields of the models that only one of the descriptions has.
    """

    def evidence(before: str, after: str) -> tuple[float, str]:
        shared = len(gone[before].keys() & new[after].keys())
        share = shared / max(1, len(gone[before].keys() | new[after].keys()))
        alike = words(before)[-1:] == words(after)[-1:] and not before.startswith(_PAGE)
        if shared < _FEWEST_SHARED or share < _LIKE_FIELDS or not alike:
            return 0.0, ""
        return share + likeness(before, after), f"{shared} of {len(gone[before])} fields have the same names"

    found = _paired(gone, new, evidence)
    exchange = Exchange((pair.before, pair.after) for pair in found)
    return found + _exchanged(gone, new, found, exchange)


def renamed_calls(
    gone: Mapping[str, Call], new: Mapping[str, Call], models: Mapping[str, str], *, shipped: Iterable[Rename] = ()
) -> list[Rename]:
    """Pair calls by what the toolkit does with them, by method, models, summary and path, and by exchanged words.

    Parameters
    ----------
    gone, new
        The calls that only one of the descriptions has, by `plain_id`.
    models
        The models that were renamed, old name to new.
    shipped
        The renames between revisions that ship, which hold for what is published where both names fit.
    """
    used = uses()
    known = [
        Rename(before, after, f"both are {used[before].code}", certain=True)
        for before in gone
        for after in new
        if before in used and used.get(after) == used[before] and used[before].role != "send"
    ]
    settled = {pair.before for pair in known}
    known += [pair for pair in shipped if pair.before in gone.keys() - settled and pair.after in new]

    def evidence(before: str, after: str) -> tuple[float, str]:
        one, other = gone[before], new[after]
        like = likeness(before.partition(" ")[2], after.partition(" ")[2])
        facts = {
            "method": one.method == other.method,
            "summary": bool(one.summary) and one.summary == other.summary,
            f"answer {other.response_model}": _same_model(one.response_model, other.response_model, models),
            f"body {other.request_model}": _same_model(one.request_model, other.request_model, models),
        }
        same = [name for name, holds in facts.items() if holds]
        enough = facts["summary"] and len(same) > 1
        if not enough and not (facts["method"] and len(same) > 1 and like >= _LIKE_PATH):
            return 0.0, ""
        return len(same) + like, f"the same {' and '.join(same)}" + (", a like path" if like >= _LIKE_PATH else "")

    taken_before, taken_after = {pair.before for pair in known}, {pair.after for pair in known}
    left = {key: call for key, call in gone.items() if key not in taken_before}
    free = {key: call for key, call in new.items() if key not in taken_after}
    found = known + _paired(left, free, evidence)
    exchange = Exchange([*models.items(), *((pair.before, pair.after) for pair in found)])
    return found + _exchanged(gone, new, found, exchange)


def renamed_fields(
    gone: Mapping[str, Field], new: Mapping[str, Field], models: Mapping[str, str], exchange: Exchange
) -> list[Rename]:
    """Pair the fields of one model by type and name.

    Parameters
    ----------
    gone, new
        The fields that only one of the descriptions has.
    models
        The models that were renamed, old name to new.
    exchange
        The words that other renames exchanged.
    """

    def evidence(before: str, after: str) -> tuple[float, str]:
        one, other = gone[before], new[after]
        if comparable_type(one, models) != comparable_type(other):
            return 0.0, ""
        if exchange.explains(before, after):
            return 3.0, f"the same type; {exchange.said(before)}"
        if one.model is not None and one.model != other.model:
            return 2.0, f"its type {one.model} is now {other.model}"
        like = likeness(before, after) if words(before)[:1] == words(after)[:1] else 0.0
        if like >= _LIKE_NAME:
            return 1.0 + like, "the same type, a like name"
        return (1.0, f"the only ones of type {other.model}") if other.model is not None else (0.0, "")

    return _paired(gone, new, evidence)


def moved_fields(
    gone: Mapping[str, Field],
    new: Mapping[str, Field],
    models: Mapping[str, Mapping[str, Field]],
    exchange: Exchange,
) -> list[Rename]:
    """Pair flat fields with the members of a new object: ``sourceId`` with ``source.id``.

    Parameters
    ----------
    gone, new
        The fields that only one of the descriptions has.
    models
        The fields of each model that there is now.
    exchange
        The words that other renames exchanged.

    Examples
    --------
    >>> new = {"source": Field("source", "object", model="Pair")}
    >>> pair = {"Pair": {"id": Field("id", "string")}}
    >>> gone = {"sourceId": Field("sourceId", "string"), "sourceName": Field("sourceName", "string")}
    >>> [found.after for found in moved_fields(gone, new, pair, Exchange([]))]
    ['source.id']
    """
    found = []
    for before, entry in gone.items():
        for ending, member in _MEMBERS.items():
            holder = before.removesuffix(ending)
            if holder in ("", before):
                continue
            fits = [name for name in new if name == holder] or [name for name in new if exchange.explains(holder, name)]
            for name in fits[:1]:
                model = new[name].model or ""
                held = models.get(model, {}).get(member)
                if held is not None and comparable_type(held) == comparable_type(entry):
                    said = "" if name == holder else f"; {exchange.said(holder)}"
                    found.append(
                        Rename(before, f"{name}.{member}", f"the new {name} is of type {model}, with {member}{said}")
                    )
    return found


def _same_model(one: str | None, other: str | None, models: Mapping[str, str]) -> bool:
    return one is not None and other is not None and models.get(one, one) == other


def _paired(gone: Iterable[str], new: Iterable[str], evidence: Callable[[str, str], tuple[float, str]]) -> list[Rename]:
    """Pair greedily, the best evidence first; what fits two things equally well is paired with neither."""
    candidates = list(new)[:MOST_COMPARED]
    scored = [(*evidence(before, after), before, after) for before in gone for after in candidates]
    scored = sorted((entry for entry in scored if entry[0] > 0), key=lambda entry: -entry[0])
    rivals = Counter(
        side for strength, _, before, after in scored for side in ((strength, before, 0), (strength, after, 1))
    )
    pairs: dict[str, Rename | None] = {}
    taken: set[str] = set()
    for strength, why, before, after in scored:
        if before in pairs or after in taken:
            continue
        if rivals[strength, before, 0] > 1 or rivals[strength, after, 1] > 1:
            pairs[before] = None
        else:
            pairs[before] = Rename(before, after, why)
            taken.add(after)
    return [pair for pair in pairs.values() if pair is not None]


def _exchanged(gone: Iterable[str], new: Iterable[str], found: Sequence[Rename], exchange: Exchange) -> list[Rename]:
    """Pair what is left by exchanged words alone."""
    befores, afters = {pair.before for pair in found}, {pair.after for pair in found}
    left = [name for name in new if name not in afters][:MOST_COMPARED]
    return [
        Rename(before, after, exchange.said(before))
        for before in gone
        if before not in befores
        for after in left
        if exchange.explains(before, after)
    ]
