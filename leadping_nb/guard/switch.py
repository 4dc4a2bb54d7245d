"""The switch of the output guard: on by itself with the first live credential of a notebook, off by one call."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from leadping_nb.errors import LeadpingError
from leadping_nb.guard.echo import Echo
from leadping_nb.guard.history import History
from leadping_nb.guard.logs import Logs
from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.notice import Notice
from leadping_nb.guard.outgoing import Outgoing
from leadping_nb.held import held

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["OutputGuard", "follow", "guard_outputs"]


class _Place(Protocol):
    """Where texts go out."""

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, put back what was there."""


class OutputGuard:
    """The guard of this process; get it from :func:`guard_outputs`."""

    def __init__(self) -> None:
        self._is_on = True
        self._notice = Notice()
        self._places: tuple[_Place, ...] = ()
        self._kernel: Any = None

    @property
    def is_on(self) -> bool:
        """Whether it keeps credentials out of outputs, or will as soon as there is one."""
        return self._is_on and _kernel_shell() is not None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the credentials that it looks for."""
        return tuple(held().values()) if self.is_on else ()

    @property
    def caught(self) -> Mapping[str, int]:
        """How often each was kept out so far, by label."""
        return dict(self._notice.caught)

    def _switch(self, on: bool) -> None:
        self._is_on = on
        shell = _kernel_shell()
        if shell is None:
            return
        if not self._places:
            self._kernel = shell.kernel  # type: ignore[attr-defined]  # an ipykernel has one
            self._places = (
                Outgoing(self._kernel, self._notice),
                Logs(self._count),
                History(shell),
                Echo(),
            )
        if not on:
            sys.stdout.flush()  # what was written so far was written with the guard on
            sys.stderr.flush()
        masks = Masks(held()) if on else NO_MASKS
        for place in self._places:
            place.guard(masks)

    def _count(self, caught: Counter[str]) -> None:
        self._notice.count(caught, self._kernel.get_parent().get("header", {}))

    def __repr__(self) -> str:
        if not self._is_on:
            return "<output guard: off>"
        if _kernel_shell() is None:
            return "<output guard: no notebook here>"
        labels = ", ".join(self.labels) or "no credential yet"
        return f"<output guard: on; {labels}; kept out {sum(self.caught.values()):,} times>"


_GUARD = OutputGuard()


def guard_outputs(on: bool = True) -> OutputGuard:
    """Keep held credentials out of everything that this notebook shows and stores, or no longer.

    It is on by itself, in every notebook, from the first live credential on. Each form of a credential's text, also in
    base64, hexadecimal digits or a URL, gives way to its label; at the end of the first cell where that happened, one
    line says so. In ``Out`` and in variables everything stays as it is. Keys of the sandbox and of the documentation
    are not looked for.

    Parameters
    ----------
    on
        False puts everything back that was replaced, and the guard stays off for credentials to come.

    Returns
    -------
    OutputGuard
        Says whether it is on and what it looks for. Outside of a notebook's kernel there is nothing to guard.

    Raises
    ------
    LeadpingError
        If ``on`` is neither True nor False; the guard stays as it is.

    Examples
    --------
    >>> guard_outputs(False)
    <output guard: off>
    >>> guard_outputs()
    <output guard: no notebook here>
    """
    if not isinstance(on, bool):
        state = "on" if _GUARD._is_on else "off"
        raise LeadpingError(
            f"The output guard is switched by True or False; it is {state} as before.",
            hint="Call lp.guard_outputs(False) to switch it off, lp.guard_outputs() to switch it on.",
        )
    _GUARD._switch(on)
    return _GUARD


def follow() -> None:
    """Look for a credential that was just recognised too, unless the guard was switched off."""
    if _GUARD._is_on:
        _GUARD._switch(on=True)


def _kernel_shell() -> InteractiveShell | None:
    """Give IPython's shell where it runs in a kernel of ipykernel, whose messages the guard knows."""
    ipython = sys.modules.get("IPython")
    shell: InteractiveShell | None = ipython.get_ipython() if ipython is not None else None
    sends = getattr(getattr(getattr(shell, "kernel", None), "session", None), "send", None)
    return shell if sends is not None else None
