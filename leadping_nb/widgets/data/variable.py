"""Variables of a notebook that hold loaded frames, and what a card may not overwrite."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from IPython import get_ipython

from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Variables", "check_name"]

_NOTHING: Final = object()
_GONE: Final = object()
_made: WeakValueDictionary[int, pd.DataFrame] = WeakValueDictionary()
"""The frames that any card made and somebody still has, by their identity."""


def check_name(name: str) -> None:
    """Raise `LeadpingError` for a text that should be no name of a variable.

    Examples
    --------
    >>> check_name("leads")
    >>> check_name("2leads")
    Traceback (most recent call last):
        ...
    leadping_nb.errors.LeadpingError: '2leads' is no name of a variable. Use letters, digits and _, as in leads_2.
    """
    shown = name if len(name) <= 40 else f"{name[:39]}…"
    if not name.isidentifier():
        raise LeadpingError(f"{shown!r} is no name of a variable.", hint="Use letters, digits and _, as in leads_2.")
    if keyword.iskeyword(name):
        raise LeadpingError(f"{shown} is a word of Python itself.", hint=f"Use another name, such as {name}_rows.")
    if hasattr(builtins, name):
        raise LeadpingError(f"{shown} is a built-in of Python.", hint=f"Use another name, such as {name}_rows.")
    if name.startswith("_"):
        raise LeadpingError("Names that begin with _ are Jupyter's own.", hint="Begin the name with a letter.")


class Variables:
    """The variables of the notebook that runs this; without a notebook there are none."""

    def __init__(self) -> None:
        shell = get_ipython()
        self._names: MutableMapping[str, object] | None = None if shell is None else shell.user_ns
        self._given: WeakValueDictionary[str, pd.DataFrame] = WeakValueDictionary()

    @property
    def exist(self) -> bool:
        """Whether there is a notebook that variables can be in."""
        return self._names is not None

    def is_mine(self, name: str) -> bool:
        """Whether a name is free, or still holds what was put there by this object."""
        there = self._there(name)
        return there is _NOTHING or there is self._given.get(name, _GONE)

    def free(self, name: str) -> str:
        """Give a name that is free or mine: the same, or with a number."""
        tries = (name, *(f"{name}_{number}" for number in range(2, 100)))
        return next((found for found in tries if self.is_mine(found)), name)

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Let a variable hold a frame, in the place of nothing or of a frame that a card made.

        Raises
        ------
        LeadpingError
            If the name is none, or holds something else.
        """
        check_name(name)
        there = self._there(name)
        if not self.is_mine(name) and _made.get(id(there), _GONE) is not there:
            raise LeadpingError(
                f"{name} is something else in this notebook already.",
                hint=f"Use another name, such as {self.free(name)}; nothing was overwritten.",
            )
        _made[id(frame)] = frame
        if self._names is not None:
            self._names[name] = self._given[name] = frame

    def _there(self, name: str) -> object:
        return _NOTHING if self._names is None else self._names.get(name, _NOTHING)
