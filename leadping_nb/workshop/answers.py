"""What an attendee answered, by the names of variables, and the room whose data decide what is right.

A check raises `AnswerError` with a reason. No reason repeats a value of the attendee's, which may be a credential,
unless it is one of the names that the exercise itself gave; and none says what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from leadping_nb.api import connect
from leadping_nb.discovery import Discovery, discover
from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.sandbox import Sandbox

__all__ = ["AnswerError", "Answers", "Room"]

_AGAIN: Final = "Run the cells above it again, from the top of this part."


class AnswerError(LeadpingError):
    """An answer that is not right yet; the message says why, and never what would be right."""

    hint = "Change the answer, and run the cell again."


class Room:
    """What answers are compared with: worked out from a sandbox when it is first needed.

    Parameters
    ----------
    sandbox
        The attendee's.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @cached_property
    def discovery(self) -> Discovery:
        """What the sandbox publishes."""
        return discover(self.sandbox.url)

    @cached_property
    def leads(self) -> pd.DataFrame:
        """All leads."""
        with connect(self.sandbox.business_key, base_url=self.sandbox.url) as api:
            return api.frame("leads", page_size=500, progress=False, on_error="raise")


@dataclass(frozen=True, slots=True)
class Answers:
    """The variables of an attendee, and the room that they are in."""

    variables: Mapping[str, object] = field(repr=False)
    """All variables by name."""
    room: Room
    """What to compare with."""
    asked: tuple[str, ...] = ()
    """The variables that the exercise asks for; all others a cell above makes."""

    def __getitem__(self, name: str) -> object:
        """Give a variable, asked for or made by a cell above.

        Raises
        ------
        AnswerError
            If there is none of that name, or nothing is in it.
        """
        if name not in self.variables:
            raise AnswerError(f"There is no variable `{name}`. {self._spelled(name) if name in self.asked else _AGAIN}")
        if self.variables[name] is ...:
            raise AnswerError(f"`{name}` still holds the three dots. Put your answer in their place.")
        return self.variables[name]

    def _spelled(self, name: str) -> str:
        """Ask whether a name that an exercise asks for is spelled so, and name the nearest that there is."""
        near = get_close_matches(name, [each for each in map(str, self.variables) if each[:1] != "_"], n=1, cutoff=0.75)
        return " ".join(["Is it spelled so in your cell?", *(f"There is `{each}`." for each in near)])

    def made(self, name: str, kind: type[Any]) -> Any:
        """Give a variable that a cell of the notebook made, which must be of its type still, and not empty."""
        value = self[name]
        if not isinstance(value, kind) or value in ({}, []):
            raise AnswerError(f"`{name}` is not what the notebook made it. {_AGAIN}")
        return value
