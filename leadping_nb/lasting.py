"""Values that last: what is pickled and copied whole, the read-only mappings in it included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any, TypeVar, cast

__all__ = ["Lasting"]

_Kind = TypeVar("_Kind")


class Lasting:
    """A dataclass whose read-only mappings go along where it is pickled or copied, as results of other processes are.

    Python does neither with a ``MappingProxyType``, since one may be the view of a dict that somebody else changes.

    Examples
    --------
    >>> import copy
    >>> from leadping_nb.challenge import parse_www_authenticate
    >>> challenge = parse_www_authenticate("Bearer realm=leads")[0]
    >>> copy.deepcopy(challenge) == challenge
    True
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        values = {field.name: getattr(self, field.name) for field in fields(cast(Any, self))}
        views = tuple(name for name, value in values.items() if isinstance(value, MappingProxyType))
        return _made, (type(self), values | {name: dict(values[name]) for name in views}, views)


def _made(kind: type[_Kind], values: Mapping[str, Any], views: tuple[str, ...]) -> _Kind:
    made = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, MappingProxyType(value) if name in views else value)
    return made
