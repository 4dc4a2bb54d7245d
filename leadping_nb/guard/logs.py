"""What logging writes: records as texts, just before a handler stores or sends them.

Some handlers send a record's attributes instead; those are looked at too.
"""

from __future__ import annotations

import copy
import logging
import logging.handlers
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.notice import Count
from leadping_nb.guard.patch import Patch

__all__ = ["Logs"]


class Logs:
    """The guard of what handlers make of records; the records stay as they are.

    Handlers that write texts meet in ``logging.Handler.format``, with the traceback in the text; those that send a
    record by its attributes meet in ``SocketHandler.makePickle`` and ``HTTPHandler.mapLogRecord``. A handler that does
    without them, or a subclass that replaces one, is not guarded.
    """

    def __init__(self, count: Count) -> None:
        self._count = count
        self._masks = NO_MASKS
        self._patches = (
            Patch(logging.Handler, "format", self._formatting),
            Patch(logging.handlers.SocketHandler, "makePickle", self._pickling),
            Patch(logging.handlers.HTTPHandler, "mapLogRecord", self._mapping),
        )

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, ``logging`` gets its own methods back."""
        self._masks = masks
        for patch in self._patches:
            if masks:
                patch.apply()
            else:
                patch.undo()

    def _formatting(self, format_record: Callable[..., str]) -> Callable[..., str]:
        def guarded(handler: logging.Handler, record: logging.LogRecord) -> str:
            text: str = self._clean(format_record(handler, record), self._clean_value)
            return text

        return guarded

    def _pickling(self, pickle_record: Callable[..., bytes]) -> Callable[..., bytes]:
        def guarded(handler: logging.Handler, record: logging.LogRecord) -> bytes:
            if not self._masks:
                return pickle_record(handler, record)
            values = {**vars(record), "msg": record.getMessage(), "args": None}
            values.pop("message", None)
            if record.exc_info and not record.exc_text:
                formatter = handler.formatter or logging.Formatter()
                values["exc_text"] = formatter.formatException(record.exc_info)
            sent = copy.copy(record)
            vars(sent).update({name: self._clean(value, self._clean_value) for name, value in values.items()})
            return pickle_record(handler, sent)

        return guarded

    def _mapping(self, map_record: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
        def guarded(handler: logging.Handler, record: logging.LogRecord) -> Mapping[str, Any]:
            values = map_record(handler, record)
            if not self._masks:
                return values
            return {name: self._clean(value, self._clean_shown) for name, value in values.items()}

        return guarded

    def _clean(self, value: Any, replace: Callable[[Any, Counter[str]], Any]) -> Any:
        caught: Counter[str] = Counter()
        clean = replace(value, caught)
        if not caught:
            return value
        self._count(caught)
        return clean

    def _clean_value(self, value: object, caught: Counter[str]) -> object:
        return self._masks.replace_within(value, caught)

    def _clean_shown(self, value: object, caught: Counter[str]) -> object:
        # As texts, which is what ``urlencode`` makes of values.
        return self._masks.replace_within(value if isinstance(value, bytes) else str(value), caught)
