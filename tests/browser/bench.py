"""A card without Jupyter: its front-end module on a bare page, with a model that writes down what it is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from playwright.sync_api import Page

from leadping_nb.widgets import front_end

__all__ = ["HOSTILE", "Bench"]

HOSTILE = "<img src=x onerror='window.harmed = true'>"
"""A text that would do harm if it were taken for HTML."""
_MODEL = """view => {
    const bell = () => {
        const listeners = {};
        return {
            on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
            off: (name, listener) => listeners[name].delete(listener),
            ring: (name, ...given) => listeners[name]?.forEach(listener => listener(...given)),
            count: () => Object.values(listeners).reduce((sum, set) => sum + set.size, 0),
        };
    };
    const layout = { ...bell(), comm_live: true };
    window.sent = [];
    window.model = {
        ...bell(),
        view,
        layout,
        get: name => (name === "view" ? window.model.view : layout),
        send: (content, _, buffers) =>
            window.sent.push([JSON.stringify(content), buffers.map(buffer => new TextDecoder().decode(buffer))]),
    };
}"""

_RENDER = """async module => {
    window.module = await import(`data:text/javascript;base64,${module}`);
    window.leave = window.module.default.render({ model: window.model, el: document.querySelector("main") });
}"""


class Bench:
    """A card on a bare page, by the name of its module and what it shows at first."""

    def __init__(self, page: Page, module: str, view: Mapping[str, object]) -> None:
        self.page = page
        self.card = page.locator(".leadping-card")
        page.set_content("<!doctype html><html lang=en><title>Test</title><main></main></html>")
        page.add_style_tag(content=front_end.style_sheet(module))
        page.evaluate(_MODEL, view)
        page.evaluate(_RENDER, base64.b64encode(front_end.module(module).encode()).decode())

    def show(self, view: Mapping[str, object]) -> None:
        """Give the card something to show."""
        self.page.evaluate("view => { window.model.view = view; window.model.ring('change:view'); }", view)

    def tell(self, content: Mapping[str, object]) -> None:
        """Let the kernel say something that is kept nowhere."""
        self.page.evaluate("content => window.model.ring('msg:custom', content, [])", content)

    def hand(self, requests: Mapping[str, object], *, number: int | None = None) -> None:
        """Answer the last question for requests, or the one of a number."""
        self.page.wait_for_function("""window.sent.some(([content]) => content.includes('"requests"'))""")
        asked = [json.loads(content) for content, _ in self.sent()]
        last = [content["number"] for content in asked if content["action"] == "requests"][-1]
        self.page.evaluate(
            "([number, text]) => window.model.ring("
            "'msg:custom', { requests: number }, [new DataView(new TextEncoder().encode(text).buffer)])",
            [last if number is None else number, json.dumps(requests)],
        )

    def sent(self) -> list[tuple[str, list[str]]]:
        """What the card sent: its content, and the text of its buffers."""
        return [tuple(message) for message in self.page.evaluate("window.sent")]

    def kernel(self, *, lives: bool) -> None:
        """Let the kernel end, or be there again."""
        self.page.evaluate(
            "lives => { window.model.layout.comm_live = lives; window.model.layout.ring('comm_live_update'); }", lives
        )
