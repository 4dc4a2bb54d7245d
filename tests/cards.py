"""What the page of a card would send, handed over as the kernel does."""

from __future__ import annotations

from leadping_nb.widgets.card import Card

__all__ = ["press", "send"]


def send(card: Card, action: object, *buffers: bytes, **content: object) -> None:
    """Let a message arrive; what it begins may go on."""
    data = {"method": "custom", "content": {"action": action, **content}}
    card.comm.handle_msg({"content": {"data": data}, "buffers": [memoryview(buffer) for buffer in buffers]})


def press(card: Card, action: object, *buffers: bytes, **content: object) -> None:
    """Let a message arrive, and wait until what it began has ended."""
    send(card, action, *buffers, **content)
    assert card.wait(60)
