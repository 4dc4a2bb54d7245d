"""The shape of rows: which keys they have and which of them are objects, learned as rows come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Optional

import msgspec

from leadping_nb.arguments import Wanted, demand
from leadping_nb.bodies import Row
from leadping_nb.models import Field

__all__ = ["Path", "Shape"]

Path = tuple[str, ...]
"""The keys that lead to a column, from the row inwards."""

_MOST_LEVELS = 250
"""How many objects are spread inside one another; what is deeper stays whole, or Python's stack would not do."""

_TYPEABLE = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*\Z')
"""Keys that msgspec takes for a member's name."""

_KEY = Wanted.of(str, what="a text", hint="Give rows as JSON has them, such as dict(zip(names, values)).")


@dataclass(slots=True)
class Shape:
    """The keys of an object; a key that holds nothing but objects has a shape of its own."""

    keys: dict[str, Shape | None] = field(default_factory=dict)
    """The shape below each key, None where it holds a single value, a list, or what is not known yet."""
    whole: set[str] = field(default_factory=set)
    """The keys that held something other than an object, or are promised to, so that objects there are not spread."""
    items: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    """The names of all members of the objects in the lists under a key; None where lists there hold other things."""
    level: int = 0
    """How many objects it lies in."""

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
        for key in dict.fromkeys(chain.from_iterable(present)):
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
        known = self.items.get(key, ())
        if known is None:
            return False
        names = dict.fromkeys(known)
        for item in chain.from_iterable(entry for entry in lists if entry.__class__ is list):
            if item.__class__ is not dict or not item:
                self.items[key] = None
                return True
            names.update(dict.fromkeys(item))
        learned = tuple(names)
        if learned == known:
            return False
        self.items[key] = learned if all(map(_TYPEABLE.match, learned)) else None
        return True

    def leaves(self, path: Path = ()) -> Iterator[Path]:
        """Give the paths that have no keys below them, in the order that they were learned."""
        for key, below in self.keys.items():
            if below is None or not below.keys:
                yield (*path, key)
            else:
                yield from below.leaves((*path, key))

    def members(self) -> list[tuple[str, Shape | None]]:
        """Give the keys that rows are decoded by, each with what is below it; rows with others are read otherwise."""
        return [(key, below) for key, below in self.keys.items() if _TYPEABLE.match(key)]

    def struct(self) -> type[msgspec.Struct]:
        """Make the type that rows of this shape are decoded to; a key that is absent is None, an unknown one fails."""
        members: list[tuple[str, Any, Any]] = []
        names: dict[str, str] = {}
        for at, (key, below) in enumerate(self.members()):
            held: Any = Any
            if below is not None:
                held = below.struct()
            elif self.items.get(key) is not None:
                held = list[_item(self.items[key])]  # type: ignore[misc,arg-type]  # a value
            members.append((f"x{at}", held if held is Any else Optional[held], None))  # noqa: UP045  # a value
            names[f"x{at}"] = key
        return msgspec.defstruct("Row", members, rename=names, forbid_unknown_fields=True, gc=False)

    def open(self, key: str) -> Shape:
        """Take a key to be an object from now on, and give the shape below it."""
        below = Shape(level=self.level + 1)
        self.keys[key] = below
        return below


def _item(names: Iterable[str]) -> type[msgspec.Struct]:
    """Make the type of objects in lists; a member that is absent is not null there."""
    renamed = {f"x{at}": name for at, name in enumerate(names)}
    members = [(member, Any, msgspec.UNSET) for member in renamed]
    return msgspec.defstruct("Item", members, rename=renamed, forbid_unknown_fields=True, gc=False)
