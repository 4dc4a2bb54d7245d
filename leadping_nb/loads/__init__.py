"""Loads of lists into frames: whole, several side by side, resumed, and only what is newer."""

from leadping_nb.loads.job import Manner, asked_for, explained, walk
from leadping_nb.loads.newer import load_newer
from leadping_nb.loads.resuming import resume
from leadping_nb.loads.whole import load, load_side_by_side

__all__ = ["Manner", "asked_for", "explained", "load", "load_newer", "load_side_by_side", "resume", "walk"]
