"""What axe-core says of a card."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Locator

__all__ = ["violations"]

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(card: Locator) -> list[tuple[str, list[str]]]:
    """Give what axe-core finds wrong with a card: each rule, and the elements that break it, in short."""
    card.page.evaluate(_AXE)
    found = card.evaluate("async card => (await window.axe.run(card)).violations")
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]
