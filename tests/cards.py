"""What the page of a card would send, handed over as the kernel does."""

from __future__ import annotations

import json

from leadping_nb.widgets.card import Card

__all__ = ["ask", "press", "send"]


def send(card: Card, action: object, *buffers: bytes, **content: object) -> None:
    """Let a message arrive; what it begins may go on."""
    data = {"method": "custom", "content": {"action": action, **content}}
    card.comm.handle_msg({"content": {"data": data}, "buffers": [memoryview(buffer) for buffer in buffers]})


def press(card: Card, action: object, *buffers: bytes, **content: object) -> None:
    """Let a message arrive, and wait until what it began has ended."""
    send(card, action, *buffers, **content)
    assert card.wait(60)


def ask(card: Card, *buffers: bytes, **content: object) -> dict[str, object]:
    """Let the page ask for requests, as it does when "Show the code" is open, and give what it alone is told."""
    told = []
    tell, card.send = card.send, lambda content, buffers=None: told.append((content, buffers))
    try:
        send(card, "requests", *buffers, number=7, **content)
    finally:
        card.send = tell
    ((head, (body,)),) = told
    assert head == {"requests": 7}
    return json.loads(body)
