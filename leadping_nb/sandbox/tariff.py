"""What calls and SMS cost the business, in whole ten-thousandths of a dollar so that sums are exact."""

from __future__ import annotations

from functools import cache

from leadping_nb.sandbox.stories import CALLS, STORIES, USAGE

__all__ = [
    "RATES",
    "RUN_CHARGE",
    "call_minutes",
    "charge",
    "dollars",
    "message_segments",
    "quantity",
    "story_charge",
    "story_minutes",
]

# By letter: channel, unit, rate.
RATES = {
    "S": ("sms", "sms_segment", 150),
    "M": ("sms", "sms_segment", 150),
    "R": ("sms", "sms_segment", 75),
    "K": ("voice", "voice_minute", 350),
    "V": ("voice", "voice_minute", 350),
    "A": ("voice", "voice_minute", 220),
}
"""The rate of each kind of event that costs something."""


def call_minutes(story: str, place: int) -> int:
    """Give the minutes that a call is billed for."""
    letter = story[place]
    if letter in "XV":
        return 0 if letter == "X" else 1
    return 2 + (3 * place + 5 * len(story)) % 11


def message_segments(story: str, place: int) -> int:
    """Give the segments that an SMS is billed for."""
    return 2 if story[place] == "S" and len(story) % 2 else 1


def quantity(story: str, place: int) -> int:
    """Give the minutes or segments of an event that costs something."""
    return message_segments(story, place) if RATES[story[place]][0] == "sms" else call_minutes(story, place)


def charge(story: str, place: int) -> int:
    """Give what an event costs, in ten-thousandths of a dollar."""
    rate = RATES.get(story[place])
    return rate[2] * quantity(story, place) if rate else 0


@cache
def story_charge(story: str) -> int:
    """Give what all events of a story cost."""
    return sum(charge(story, place) for place, letter in enumerate(story) if letter in USAGE)


@cache
def story_minutes(story: str) -> int:
    """Give the minutes that all calls of a story are billed for."""
    return sum(call_minutes(story, place) for place, letter in enumerate(story) if letter in CALLS)


def dollars(tenthousandths: int) -> float:
    """Give an amount as JSON writes it."""
    return tenthousandths / 10_000


RUN_CHARGE = sum(story_charge(story) for story in STORIES)
"""What every sixteen leads cost together."""
