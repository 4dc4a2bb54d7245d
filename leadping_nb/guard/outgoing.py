"""Messages on their way out of a kernel: the one place that print, displays, tracebacks and widgets all pass."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from leadping_nb.guard.masks import NO_MASKS, Masks
from leadping_nb.guard.notice import Notice, Parent, id_of
from leadping_nb.guard.patch import Patch
from leadping_nb.guard.seam import Seam

if TYPE_CHECKING:
    from ipykernel.kernelbase import Kernel

__all__ = ["Outgoing"]

Message: TypeAlias = dict[str, Any]
"""A message of Jupyter's protocol."""

_SHOWN: Final = frozenset(
    {"stream", "display_data", "update_display_data", "execute_result", "error", "comm_open", "comm_msg"}
)
"""The messages that outputs are made of; the others are guarded too, and repeat what these say or what was typed."""


class Outgoing:
    """The guard of all messages of one kernel.

    Two methods of its session are replaced. ``serialize`` sees a message as bytes, which are searched faster than
    nested values. ``send`` sees what these bytes do not hold: which pieces of a stream follow each other, and buffers.
    """

    def __init__(self, kernel: Kernel, notice: Notice) -> None:
        self._kernel: Any = kernel  # parts of which ship no types
        self._session: Any = self._kernel.session
        self._notice = notice
        self._masks = NO_MASKS
        self._begin()
        self._patches = (
            Patch(self._session, "serialize", self._wrapped_serialize),
            Patch(self._session, "send", self._wrapped_send),
        )

    def guard(self, masks: Masks) -> None:
        """Look for these secrets from now on; for none, the session gets its own methods back."""
        if masks:
            self._masks = masks
            self._running.add(id_of(self._kernel.get_parent().get("header")))
            for patch in self._patches:
                patch.apply()
            return
        if self._masks:
            self._release([*self._last])
        self._masks = masks
        self._running.clear()
        for patch in self._patches:
            patch.undo()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()  # never held while something is sent, which may wait for another thread
        self._seams: dict[str, Seam] = {}
        self._last: dict[str, tuple[Parent, Any]] = {}  # of each stream, whose output it was and what it is sent as
        self._packed: dict[str, list[bytes]] = {}  # by message, what was found clean and is on its way
        self._running: set[str] = set()

    def _wrapped_send(self, send: Callable[..., Any]) -> Callable[..., Any]:
        self._send: Callable[..., Any] = send

        def guarded(
            stream: Any,
            msg_or_type: Any,
            content: Any = None,
            parent: Any = None,
            ident: Any = None,
            buffers: Any = None,
            track: bool = False,
            header: Any = None,
            metadata: Any = None,
        ) -> Any:
            if not self._masks or not isinstance(msg_or_type, str | dict):
                return send(stream, msg_or_type, content, parent, ident, buffers, track, header, metadata)
            if os.getpid() != self._pid:
                self._begin()  # a fork: what was kept back is sent by the process that it was written in
            msg = msg_or_type
            if isinstance(msg, str):
                msg = self._session.msg(msg, content=content, parent=parent, header=header, metadata=metadata)
            if msg["header"]["msg_type"] == "stream":
                return self._send_piece(stream, msg, ident)
            self._release([*self._last])
            self._follow(msg)
            return send(stream, msg, ident=ident, buffers=self._clean(buffers or msg.get("buffers"), msg), track=track)

        return guarded

    def _wrapped_serialize(self, serialize: Callable[..., list[bytes]]) -> Callable[..., list[bytes]]:
        self._serialize: Callable[..., list[bytes]] = serialize

        def guarded(msg: Message, ident: Any = None) -> list[bytes]:
            if clean_already := self._packed.get(msg["header"]["msg_id"]):
                return clean_already
            packed = serialize(msg, ident)
            if self._is_clean(packed):
                return packed
            masks = self._masks
            caught: Counter[str] = Counter()
            clean = {name: masks.replace_within(msg[name], caught) for name in ("content", "metadata")}
            self._count(caught, msg)
            return serialize({**msg, **clean}, ident)

        return guarded

    def _send_piece(self, stream: Any, msg: Message, ident: Any) -> Message:
        """Send a piece of a stream, or as much of it as may go out already."""
        name, text, parent = msg["content"]["name"], msg["content"]["text"], msg["parent_header"]
        packed = self._serialize(msg, ident)
        is_clean = self._is_clean(packed)
        place = id_of(parent)
        moved = [other for other, (last, _) in [*self._last.items()] if other != name or id_of(last) != place]
        self._release(moved)  # what was written before is shown before
        caught: Counter[str] = Counter()
        with self._lock:
            seam = self._seams.setdefault(name, Seam())
            if name in moved:
                seam.restart()
            self._last[name] = (parent, ident)
            clean = seam.take(text, self._masks, caught, may_wait=place in self._running, is_clean=is_clean)
        self._notice.count(caught, parent)
        if clean != text:
            msg = {**msg, "content": {**msg["content"], "text": clean}}
        elif is_clean:
            self._packed[msg["header"]["msg_id"]] = packed
        try:
            if clean or not text:
                self._send(stream, msg, ident=ident)
        finally:
            self._packed.pop(msg["header"]["msg_id"], None)
        return msg

    def _is_clean(self, packed: list[bytes]) -> bool:
        """Whether a message holds no form of a secret, by its metadata and content."""
        return not self._masks or not any(map(self._masks.is_in_packed, packed[-2:]))

    def _release(self, names: Iterable[str]) -> None:
        """Send what streams keep back."""
        for name in names:
            caught: Counter[str] = Counter()
            with self._lock:
                text = self._seams[name].release(self._masks, caught)
                parent, ident = self._last[name]
            self._notice.count(caught, parent)
            if text:
                self._publish(name, text, parent, ident)

    def _follow(self, msg: Message) -> None:
        """Know which cells run, and at the end of one say what was kept out of it."""
        if msg["header"]["msg_type"] != "status":
            return
        state, cell = msg["content"].get("execution_state"), id_of(msg["parent_header"])
        if state == "busy":
            self._running.add(cell)
        elif state == "idle":
            self._running.discard(cell)
            for sentence, parent in self._notice.due(self._running):
                self._publish("stderr", sentence, parent, b"stream.stderr")

    def _clean(self, buffers: list[Any] | None, msg: Message) -> list[Any] | None:
        """Give the buffers of a message, which widgets keep bytes in."""
        masks = self._masks
        if not buffers or not any(masks.is_in_packed(bytes(one)) for one in buffers):
            return buffers
        caught: Counter[str] = Counter()
        clean = [masks.replace_bytes(bytes(one), caught) for one in buffers]
        self._count(caught, msg)
        return clean

    def _count(self, caught: Counter[str], msg: Message) -> None:
        if msg["header"]["msg_type"] in _SHOWN:
            self._notice.count(caught, msg["parent_header"])

    def _publish(self, name: str, text: str, parent: Parent, ident: Any) -> None:
        content = {"name": name, "text": text}
        self._send(self._kernel.iopub_socket, "stream", content, parent=parent, ident=ident)
