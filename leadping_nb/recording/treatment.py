"""What becomes of a value: replaced by a stand-in, moved a little, left alone or left out; and what the value is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from leadping_nb.recording.kinds import Kind

__all__ = ["Judgement", "Treatment"]


class Treatment(StrEnum):
    """What becomes of a value."""

    REPLACED = "replaced"
    """It is gone, and what is in its place was nobody's."""
    MOVED = "moved"
    """It is another one near to it, which may be what somebody else's was."""
    LEFT = "left alone"
    """It stays."""
    OUT = "left out"
    """It is not there any more, nor anything in its place."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a value is, and what becomes of it."""

    kind: Kind | None
    """What it is replaced or moved as; None where it is left alone."""
    why: str
    """What it is."""
    treatment: Treatment = Treatment.LEFT
    """What becomes of it."""
