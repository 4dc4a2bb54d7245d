"""An attribute of somebody else that is replaced for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Patch"]


class Patch:
    """Replace one attribute, and put it back.

    What somebody else wrapped around the replacement in the meantime is not torn off: then the replacement stays
    below it, and must pass everything through by itself.

    Parameters
    ----------
    owner, name
        An object or class, and its attribute.
    wrapped
        Makes the replacement of what is there.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> owner = SimpleNamespace(greet=str.title)
    >>> patch = Patch(owner, "greet", lambda before: lambda name: f"Hello {before(name)}")
    >>> patch.apply()
    >>> owner.greet("ada")
    'Hello Ada'
    >>> patch.undo()
    >>> owner.greet is str.title
    True
    """

    def __init__(self, owner: object, name: str, wrapped: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        self._wrapped = wrapped
        self._is_applied = False

    def apply(self) -> None:
        """Put the replacement there, if it is not there or below something else already."""
        if self._is_applied:
            return
        self._was_own = self._name in vars(self._owner)
        self._before = getattr(self._owner, self._name)
        self._replacement = self._wrapped(self._before)
        setattr(self._owner, self._name, self._replacement)
        self._is_applied = True

    def undo(self) -> None:
        """Put back what was there, unless something else stands above the replacement."""
        if not self._is_applied or vars(self._owner).get(self._name) is not self._replacement:
            return
        if self._was_own:
            setattr(self._owner, self._name, self._before)
        else:
            delattr(self._owner, self._name)
        self._is_applied = False
