"""The telephone lines of the business."""

from __future__ import annotations

__all__ = ["NUMBERS", "number_of"]

NUMBERS = tuple((f"phone_sandbox_{number:02}", f"+121255501{number:02}") for number in range(1, 7))
"""The business's own telephone numbers: id and number."""


def number_of(number: int) -> tuple[str, str]:
    """Give id and number of the business's telephone that talks to a lead."""
    return NUMBERS[number % len(NUMBERS)]
