"""The eight places that leads come from, each with its price, volume, quality and speed of answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.moments import MINUTE

__all__ = ["BLOCK", "SOURCES", "Source", "answer_delay", "leads_of", "source_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that leads come from."""

    id: str
    """Its id."""
    name: str
    """Its name."""
    share: int
    """How many of 64 leads are its own."""
    price: float | None
    """What a lead costs, or None where nothing is paid."""
    converted: float
    """The share of well-worked leads that buy."""
    qualified: float
    """The share that gets as far as a quote or an appointment."""
    invalid: float
    """The share that is no lead at all."""
    answer: float
    """The middle first answer, in minutes."""
    medium: str
    """Its ``utm_medium``."""
    description: str
    """A sentence about it."""


SOURCES = tuple(
    Source(f"src_sandbox_{number:02}", *facts)
    for number, facts in enumerate(
        (
            ("facebook", 18, 18.50, 0.09, 0.22, 0.09, 9.0, "paid-social", "Lead forms on Facebook and Instagram."),
            ("google", 12, 42.00, 0.19, 0.30, 0.04, 4.0, "cpc", "Search advertisements with a call extension."),
            ("website", 9, None, 0.24, 0.31, 0.05, 6.0, "organic", "The quote form of our own website."),
            ("comparison", 8, 64.00, 0.15, 0.35, 0.02, 2.5, "partner", "Exclusive leads of a comparison portal."),
            ("tiktok", 7, 9.25, 0.04, 0.13, 0.17, 14.0, "paid-social", "Short videos, many clicks, few intentions."),
            ("marketplace", 5, 27.00, 0.07, 0.18, 0.12, 1.5, "ping-post", "Shared leads, bought by ping and post."),
            ("referral", 3, None, 0.38, 0.33, 0.01, 45.0, "referral", "Customers who were sent by customers."),
            ("direct mail", 2, 31.40, 0.13, 0.24, 0.03, 150.0, "offline", "Reply cards, typed in once a day."),
        ),
        start=1,
    )
)
"""The sources, by share; ``SOURCES[0]`` is where new leads come in unless another is named."""

BLOCK = 64
"""In every run of so many leads each source has its share."""
_SLOTS = tuple(at for at, source in enumerate(SOURCES) for _ in range(source.share))
_TURN = 29  # odd: spreads the slots over a block


def source_of(seed: int, number: int) -> int:
    """Give the position in `SOURCES` of a lead's source."""
    return _SLOTS[(number * _TURN + mix(seed, number // BLOCK, 1)) & 63]


def leads_of(seed: int, source: int, count: int) -> int:
    """Count the leads of a source among the first ones, without looking at more than one block."""
    blocks, rest = divmod(count, BLOCK)
    start = blocks * BLOCK
    return blocks * SOURCES[source].share + sum(
        source_of(seed, number) == source for number in range(start, start + rest)
    )


def answer_delay(source: int, bits: int) -> int:
    """Give the ticks until a lead is first answered: log-normal around the source's middle."""
    return _delays(source)[bits & 255]


@cache
def _delays(source: int) -> tuple[int, ...]:
    quantile = NormalDist().inv_cdf
    middle = SOURCES[source].answer
    return tuple(int(MINUTE * middle * math.exp(0.85 * quantile((step + 0.5) / 256))) for step in range(256))
