"""What logging writes: records as texts, just before a handler stores or sends them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.notice import Count
from leadping_nb.guard.patch import Patch

__all__ = ["Logs"]


class Logs:
    """The guard of what handlers make of records; the records stay as they are.

    Handlers and formatters of every kind meet in ``logging.Handler.format``, with the traceback in the text.
    """

    def __init__(self, count: Count) -> None:
        self._count = count
        self._masks = NO_MASKS
        self._patch = Patch(logging.Handler, "format", self._wrapped)

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, ``logging`` gets its own method back."""
        self._masks = masks
        if masks:
            self._patch.apply()
        else:
            self._patch.undo()

    def _wrapped(self, format_record: Callable[..., str]) -> Callable[..., str]:
        def guarded(handler: logging.Handler, record: logging.LogRecord) -> str:
            text = format_record(handler, record)
            caught: Counter[str] = Counter()
            clean = self._masks.replace(text, caught) if isinstance(text, str) else text
            if caught:
                self._count(caught)
            return clean

        return guarded
