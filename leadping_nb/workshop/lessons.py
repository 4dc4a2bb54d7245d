"""The six parts of the workshop, in order."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.exercise import Lesson
from leadping_nb.workshop.parts.credentials import CREDENTIALS
from leadping_nb.workshop.parts.data import DATA
from leadping_nb.workshop.parts.issuers import ISSUERS
from leadping_nb.workshop.parts.permissions import PERMISSIONS
from leadping_nb.workshop.parts.tokens import TOKENS
from leadping_nb.workshop.parts.troubles import TROUBLES

__all__ = ["LESSONS"]

LESSONS: Final[tuple[Lesson, ...]] = (CREDENTIALS, PERMISSIONS, ISSUERS, TOKENS, DATA, TROUBLES)
"""The lessons; their numbers are their places."""
