"""What IPython keeps: the lines that it writes to its history, and the outputs that ``%notebook`` writes.

Its log of a session (``%logstart``) and the files of ``%history`` belong to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.patch import Patch

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

__all__ = ["History"]


class History:
    """The guard of what IPython writes; ``In``, ``Out`` and the cells themselves stay as they are.

    A cell that was run before its credential was recognised is in the database already.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._events: Any = shell.events
        self._manager: Any = shell.history_manager
        self._masks = NO_MASKS
        self._patches = (
            Patch(self._manager, "writeout_cache", self._wrapped),
            Patch(shell.logger, "log_write", self._logging),  # of %logstart
            Patch(import_module("IPython.core.magics.history"), "io_open", self._opening),  # of %history -f
        )

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, the history and what writes of it get their own back."""
        if masks and not self._masks:
            for patch in self._patches:
                patch.apply()
            self._events.register("pre_run_cell", self._before_cell)
        elif self._masks and not masks:
            for patch in self._patches:
                patch.undo()
            self._events.unregister("pre_run_cell", self._before_cell)
        self._masks = masks

    def _wrapped(self, write: Callable[..., None]) -> Callable[..., None]:
        def guarded(conn: Any = None) -> None:
            manager = self._manager
            if self._masks:
                # What waits to be written: tuples of a number and texts.
                with manager.db_input_cache_lock:
                    manager.db_input_cache = [self._clean_row(row) for row in manager.db_input_cache]
                with manager.db_output_cache_lock:
                    manager.db_output_cache = [self._clean_row(row) for row in manager.db_output_cache]
            write(conn)

        return guarded

    def _logging(self, write: Callable[..., None]) -> Callable[..., None]:
        def guarded(data: str, *args: Any, **named: Any) -> None:
            write(self._masks.replace(data, Counter()), *args, **named)

        return guarded

    def _opening(self, open_file: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **named: Any) -> Any:
            file = open_file(*args, **named)
            write = file.write
            file.write = lambda text: write(self._masks.replace(text, Counter()))
            return file

        return guarded

    def _clean_row(self, row: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(self._masks.replace_within(one, Counter()) for one in row)

    def _before_cell(self, info: ExecutionInfo) -> None:
        """Clean the outputs that IPython keeps for ``%notebook``; not earlier, because that would cost every cell."""
        if "notebook" not in str(info.raw_cell):
            return
        kept, errors = (getattr(self._manager, name, {}) for name in ("outputs", "exceptions"))  # new in IPython 9
        for output in (one for outputs in kept.values() for one in outputs):
            pieces = output.bundle.get("stream")
            bundle = {**output.bundle, "stream": ["".join(pieces)]} if isinstance(pieces, list) else output.bundle
            output.bundle = self._masks.replace_within(bundle, Counter())
        for number, error in errors.items():
            errors[number] = self._masks.replace_within(error, Counter())
