"""What happens to a lead, as a string of letters, and arithmetic over all the letters of the world.

Every sixteen leads have the sixteen stories once, in a turned order, so that the n-th call (or SMS, or event) of the
world is found without looking at those before it.
"""

from __future__ import annotations

from bisect import bisect_right

from leadping_nb.sandbox.dice import mix
from leadping_nb.sandbox.moments import DAY, HOUR, MINUTE

__all__ = ["ALL", "CALLS", "CHANGES", "DEPTH", "GAPS", "MESSAGES", "STORIES", "USAGE", "Track", "story_of"]

# L lead created   S automated SMS   M SMS of an agent   R SMS received   K call answered   X call not answered
# V voicemail left   A call received   N note   D status set   U lead updated
STORIES = (
    "LS",
    "LSD",
    "LXSD",
    "LSRKD",
    "LSRMKND",
    "LK",
    "LKD",
    "LSXV",
    "LSRMRKUND",
    "LSXXD",
    "LSRD",
    "LSRMD",
    "LXSRKDD",
    "LSRAND",
    "LSVRKDND",
    "LSD",
)
"""The stories, one letter an event, in order of time."""
DEPTH = tuple(sum(letter in "RKA" for letter in story) for story in STORIES)
"""How often each story has the lead speak: those who answer buy more."""

CALLS = frozenset("KXVA")
"""The letters that are calls."""
MESSAGES = frozenset("SMR")
"""The letters that are SMS."""
USAGE = frozenset("SMRKVA")
"""The letters that cost something."""
CHANGES = frozenset("D")
"""The letters that set a status."""
ALL = frozenset("LSMRKXVANDU")
"""Every letter."""

GAPS = {
    "M": (2 * MINUTE, 40 * MINUTE),
    "R": (1 * MINUTE, 3 * HOUR),
    "K": (10 * MINUTE, 20 * HOUR),
    "X": (5 * MINUTE, 26 * HOUR),
    "V": (1 * MINUTE, 22 * HOUR),
    "A": (15 * MINUTE, 2 * DAY),
    "N": (1 * MINUTE, 12 * MINUTE),
    "D": (2 * MINUTE, 30 * HOUR),
    "U": (1 * MINUTE, 10 * MINUTE),
    "S": (1 * MINUTE, 9 * MINUTE),
}
"""The least and the greatest time since the event before, by letter."""

_RUN = len(STORIES)


def story_of(seed: int, number: int) -> int:
    """Give the position in `STORIES` of a lead's story."""
    return (number + mix(seed, number // _RUN, 2)) % _RUN


class Track:
    """The events of some kinds over all leads, oldest lead first.

    Parameters
    ----------
    seed
        The world.
    leads
        How many leads it has.
    letters
        The kinds.
    """

    def __init__(self, seed: int, leads: int, letters: frozenset[str]) -> None:
        self._seed = seed
        self._places = tuple(tuple(at for at, letter in enumerate(story) if letter in letters) for story in STORIES)
        # One row a turn: how many events the first leads of a run have.
        self._before: list[list[int]] = []
        for turn in range(_RUN):
            before = [0]
            for at in range(_RUN):
                before.append(before[-1] + len(self._places[(at + turn) % _RUN]))
            self._before.append(before)
        self._a_run = self._before[0][-1]
        self.leads = leads
        self.count = self.until(leads)
        """How many events there are."""

    def until(self, number: int) -> int:
        """Count the events of the leads before one."""
        run, rest = divmod(number, _RUN)
        return run * self._a_run + self._before[self._turn(run)][rest]

    def locate(self, ordinal: int) -> tuple[int, int]:
        """Find the lead and the place in its story of the n-th event, oldest lead first."""
        run, rest = divmod(ordinal, self._a_run)
        turn = self._turn(run)
        before = self._before[turn]
        at = bisect_right(before, rest) - 1
        return run * _RUN + at, self._places[(at + turn) % _RUN][rest - before[at]]

    def newest(self, index: int) -> tuple[int, int]:
        """Find the n-th event, newest lead and newest event first."""
        return self.locate(self.count - 1 - index)

    def places(self, number: int) -> tuple[int, ...]:
        """Give the places in one lead's story."""
        return self._places[story_of(self._seed, number)]

    def _turn(self, run: int) -> int:
        return mix(self._seed, run, 2) % _RUN
