"""What subprocesses write: a kernel shows it, and passes it on to the terminal or the log of whoever started it."""

from __future__ import annotations

import atexit
import os
import select
import sys
import threading
from collections import Counter
from typing import Any, Final

from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.patch import Patch
from leadping_nb.guard.seam import Seam

__all__ = ["Echo"]

_COPY: Final = "_original_stdstream_copy"
"""Where ipykernel's streams keep the descriptor that they pass on to."""
_PATIENCE: Final = 0.2
"""Seconds after which an end that could begin a secret is passed on, when nothing follows; ipykernel's own interval."""


class Echo:
    """The guard of what a kernel passes on; what it shows is guarded where messages leave it."""

    def __init__(self) -> None:
        self._relays: dict[int, _Relay] = {}

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, ipykernel's streams get their own descriptors back."""
        if not masks:
            for relay in self._relays.values():
                relay.close()
            self._relays.clear()
            atexit.unregister(self.guard)
            return
        if not self._relays:
            atexit.register(self.guard, NO_MASKS)  # before ipykernel closes its streams, which is registered earlier
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, _COPY):
                if id(stream) not in self._relays:
                    self._relays[id(stream)] = _Relay(stream)
                self._relays[id(stream)].masks = masks


class _Relay:
    """A pipe and a thread between one stream and the descriptor that it passes on to."""

    def __init__(self, stream: Any) -> None:
        self.masks = NO_MASKS
        self._target = getattr(stream, _COPY)
        self._read_end, self._write_end = os.pipe()
        self._patch = Patch(stream, _COPY, lambda _: self._write_end)
        self._thread = threading.Thread(target=self._run, name="leadping_nb echo", daemon=True)
        self._thread.start()
        self._patch.apply()

    def close(self) -> None:
        """Put the descriptor back and pass on what came."""
        self._patch.undo()
        # The stream's thread may be about to write still: its descriptor now leads past the pipe, and stays open.
        os.dup2(self._target, self._write_end, inheritable=False)
        self._thread.join()
        os.close(self._read_end)

    def _run(self) -> None:
        seam, is_waiting = Seam(), False
        while True:
            if is_waiting and not select.select([self._read_end], [], [], _PATIENCE)[0]:
                clean, is_waiting = seam.release(self.masks, Counter()), False
            else:
                data = os.read(self._read_end, 65_536)
                if not data:
                    _write(self._target, seam.release(self.masks, Counter()))
                    return
                clean = seam.take(_text(data), self.masks, Counter(), may_wait=True)
                is_waiting = seam.is_waiting
            _write(self._target, clean)


def _text(data: bytes) -> str:
    return data.decode("ascii", "surrogateescape")  # whatever the bytes are, they come out as they were


def _write(target: int, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    while data:
        data = data[os.write(target, data) :]
