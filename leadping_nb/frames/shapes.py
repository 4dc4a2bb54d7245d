"""The shape of rows: which keys they have and which of them are objects, learned as rows come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from leadping_nb.arguments import Wanted, demand
from leadping_nb.bodies import Row
from leadping_nb.frames.packing import Values, alike
from leadping_nb.models import Field

__all__ = ["TYPEABLE", "Path", "Shape"]

Path = tuple[str, ...]
"""The keys that lead to a column, from the row inwards."""

_MOST_LEVELS = 250
"""How many objects are spread inside one another; what is deeper stays whole, or Python's stack would not do."""

TYPEABLE = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*\Z')
"""Keys that msgspec takes for a member's name."""

_MOST_TEXTS = 64
"""How many different texts of a key are few; looking one up among them takes less time than making it."""
_OFTEN = 8
"""How often each must come on average in the page that they are learned from."""

_KEY = Wanted.of(str, what="a text", hint="Give rows as JSON has them, such as dict(zip(names, values)).")


@dataclass(slots=True)
class Shape:
    """The keys of an object; a key that holds nothing but objects has a shape of its own."""

    keys: dict[str, Shape | None] = field(default_factory=dict)
    """The shape below each key, None where it holds a single value, a list, or what is not known yet."""
    whole: set[str] = field(default_factory=set)
    """The keys that held something other than an object, or are promised to, so that objects there are not spread."""
    items: dict[str, Shape | None] = field(default_factory=dict)
    """The shape of the objects in the lists under a key, none of them spread; None where lists hold other things."""
    level: int = 0
    """How many objects it lies in."""
    texts: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """The texts under a key that has but few; None where they have turned out to be many, or other things too."""
    sent: tuple[str, ...] = ()
    """The keys in the order that rows had them when they were last looked at: they are decoded fastest in it."""

    @classmethod
    def promised(cls, fields: Mapping[str, Field]) -> Shape:
        """Give the shape of a model by its flat columns."""
        shape = cls()
        for name in fields:
            *parents, last = name.split(".")
            at = shape
            for parent in parents:
                at = at.keys.get(parent) or at.open(parent)
            at.whole.add(last)
            at.keys.setdefault(last, None)
        return shape

    def learn(self, rows: Iterable[Row | None]) -> bool:
        """Take in the keys of rows; say whether a key that was spread has turned out to hold other things too."""
        present = [row for row in rows if row is not None]
        has_closed = False
        keys = tuple(dict.fromkeys(chain.from_iterable(present)))
        self.sent = keys or self.sent
        for key in keys:
            demand(_KEY, **{"a key of a row": key})
            known = self.keys.setdefault(key, None)
            values = [row.get(key) for row in present]
            kinds = set(map(type, values)) - {type(None)}
            if not kinds or (known is None and key in self.whole and list not in kinds):
                continue
            if self.level < _MOST_LEVELS and key not in self.whole and all(issubclass(kind, Mapping) for kind in kinds):
                has_closed = (known or self.open(key)).learn(values) or has_closed
                continue
            has_closed = has_closed or known is not None
            self.keys[key] = None
            self.whole.add(key)
            if list in kinds:
                self.learn_items(key, values)
        return has_closed

    def learn_items(self, key: str, lists: Iterable[Any]) -> bool:
        """Take in what lists under a key hold; say whether that was not known yet."""
        known = self.items.get(key, Shape())
        if known is None:
            return False
        names = dict.fromkeys(known.keys)
        for item in chain.from_iterable(entry for entry in lists if entry.__class__ is list):
            if item.__class__ is not dict or not item:
                self.items[key] = None
                return True
            names.update(dict.fromkeys(item))
        if len(names) == len(known.keys):
            return False
        known.keys = dict.fromkeys(names)
        self.items[key] = known if all(map(TYPEABLE.match, names)) else None
        return True

    def learn_texts(self, columns: Mapping[Path, Values], path: Path = ()) -> None:
        """Take in which keys have but few texts, by a block that was read without counting on that."""
        for key, below in self.keys.items():
            here = (*path, key)
            if below is not None:
                below.learn_texts(columns, here)
            elif here not in columns:
                continue
            elif (items := self.items.get(key)) is not None:
                items.learn_texts(_of_items(columns[here]))
            elif self.texts.get(key, True):
                self.texts[key] = _few(columns[here], self.texts.get(key))

    def has_few_texts(self) -> bool:
        """Whether there is a key, here or below or in a list, that has but few texts."""
        inner = filter(None, (*self.keys.values(), *self.items.values()))
        return any(self.texts.values()) or any(shape.has_few_texts() for shape in inner)

    def leaves(self, path: Path = ()) -> Iterator[Path]:
        """Give the paths that have no keys below them, in the order that they were learned."""
        for key, below in self.keys.items():
            if below is None or not below.keys:
                yield (*path, key)
            else:
                yield from below.leaves((*path, key))

    def open(self, key: str) -> Shape:
        """Take a key to be an object from now on, and give the shape below it."""
        below = Shape(level=self.level + 1)
        self.keys[key] = below
        return below


def _few(values: Values, known: frozenset[str] | None) -> frozenset[str] | None:
    """Give the texts of a column if they are few, and none that was not known; None otherwise."""
    if not isinstance(values, pa.StringArray | pa.LargeStringArray):
        return None
    present = values.drop_null()
    if len(present[: 2 * _MOST_TEXTS].unique()) > _MOST_TEXTS:  # mostly so, and it takes less time than all
        return None
    texts = present.unique()
    if known is None:
        return frozenset(texts.to_pylist()) if len(texts) <= min(_MOST_TEXTS, len(present) // _OFTEN) else None
    return known if known.issuperset(texts.to_pylist()) else None


def _of_items(lists: Values) -> dict[Path, Values]:
    """Give the members of the objects in lists as columns."""
    if isinstance(lists, pa.ListArray):
        items = lists.flatten()
        names = [member.name for member in items.type.fields] if isinstance(items, pa.StructArray) else []
        return {(name,): items.field(at) for at, name in enumerate(names)}
    objects = list(chain.from_iterable(entry for entry in lists if entry.__class__ is list))  # others stand among them
    return {
        (name,): alike([item.get(name) for item in objects], str)
        for name in dict.fromkeys(chain.from_iterable(objects))
    }
