"""What an attendee answered, read as leniently as can be, and what it is compared with.

A check raises `AnswerError` with a reason. No reason repeats a value of the attendee's, which may be a credential,
unless it is one of the names that the exercise itself gave; and none says what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from leadping_nb.api import connect
from leadping_nb.discovery import Discovery, discover
from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.sandbox import Sandbox

__all__ = ["AnswerError", "Answers", "Room", "entries", "match_entries", "match_rows", "number", "pairs", "plain"]

_MOST: Final = 10_000
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
            return api.frame("leads", page_size=500, progress=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """The variables of an attendee, and the room that they are in."""

    variables: Mapping[str, object] = field(repr=False)
    """All variables by name."""
    room: Room
    """What to compare with."""

    def __getitem__(self, name: str) -> object:
        """Give a variable, asked for or made by a cell above.

        Raises
        ------
        AnswerError
            If there is none of that name, or nothing is in it.
        """
        if name not in self.variables:
            raise AnswerError(f"There is no variable `{name}`. {_AGAIN}")
        if self.variables[name] is ...:
            raise AnswerError(f"`{name}` still holds the three dots. Put your answer in their place.")
        return self.variables[name]

    def made(self, name: str, kind: type[Any]) -> Any:
        """Give a variable that a cell of the notebook made, which must be of its type still, and not empty."""
        value = self[name]
        if not isinstance(value, kind) or value in ({}, []):
            raise AnswerError(f"`{name}` is not what the notebook made it. {_AGAIN}")
        return value


def plain(value: object) -> object:
    """Give a value as plain Python: members of an Enum by their value, numbers of numpy as numbers, texts stripped.

    Examples
    --------
    >>> from leadping_nb.credential import KeyType
    >>> plain(KeyType.SOURCE_KEY), plain(" lp "), plain([7])
    ('source key', 'lp', 7)
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, list | tuple | set | frozenset) and len(value) == 1:
        return plain(next(iter(value)))
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):  # of numpy, or a Series of one row
        return value.item()
    return value


def entries(name: str, value: object, *, column: str = "") -> list[object]:
    """Give what a list, set, Series or array holds, or the only one that was given.

    Parameters
    ----------
    name
        The variable.
    value
        What is in it.
    column
        The column to take of a DataFrame; a DataFrame of one column needs none.

    Examples
    --------
    >>> entries("names", ("a", "b")), entries("names", "a")
    (['a', 'b'], ['a'])
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        names = list(value.columns)
        if column not in names and len(names) != 1:
            raise AnswerError(f"`{name}` is a table of {len(names)} columns. Choose the one that is asked for.")
        value = value[column if column in names else names[0]]  # type: ignore[index]  # a DataFrame
    if isinstance(value, Mapping):
        value = list(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str | bytes | Enum) or not isinstance(value, Iterable):
        value = [value]
    return [plain(entry) for entry in islice(value, _MOST)]


def pairs(name: str, value: object, keys: Sequence[str]) -> dict[object, object]:
    """Give a dict or a Series as a dict; a list counts if it is as long as ``keys``, in their order.

    Examples
    --------
    >>> pairs("counts", [1, 2], ("a", "b"))
    {'a': 1, 'b': 2}
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        if len(value.columns) != 1:
            raise AnswerError(f"`{name}` is a table of {len(value.columns)} columns. Choose the one that is asked for.")
        value = value.iloc[:, 0]
    if not isinstance(value, Mapping) and hasattr(value, "to_dict"):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        found = entries(name, value)
        if len(found) != len(keys):
            raise AnswerError(_counted(name, found, keys))
        return dict(zip(keys, found, strict=True))
    raise AnswerError(f"`{name}` is of type {type(value).__name__}. A dict is asked for, with an entry for each name.")


def number(name: str, value: object) -> float:
    """Give a number of Python, numpy or pandas.

    Examples
    --------
    >>> number("count", 3)
    3.0
    """
    found = plain(value)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise AnswerError(f"`{name}` is of type {type(value).__name__}. A number is asked for.")
    return float(found)


def match_rows(
    name: str,
    got: Mapping[object, object],
    expected: Mapping[str, object],
    *,
    why: Callable[[str, object], str],
    same: Callable[[object, object], bool] = lambda one, other: one == other,
) -> None:
    """Compare row by row, and name the first row that is missing, too many or wrong.

    Parameters
    ----------
    name
        The variable.
    got, expected
        What is in it, and what should be; the names of the rows are no secret.
    why
        Says of a wrong row what to look at.
    same
        Whether two values are the same.
    """
    for row in expected:
        if row not in got:
            raise AnswerError(f"`{name}` has no entry for {row!r}.")
    if len(got) > len(expected):
        raise AnswerError(_counted(name, got, expected))
    for row, value in expected.items():
        if not same(got[row], value):
            raise AnswerError(f"`{name}[{row!r}]` is not right yet. {why(row, got[row])}")


def match_entries(
    name: str, got: Collection[object], expected: Collection[object], *, among: Collection[object], why: str
) -> None:
    """Compare without regard to order, and say what does not belong or how many are missing.

    Parameters
    ----------
    name
        The variable.
    got, expected
        What is in it, and what should be.
    among
        What the exercise gave to choose from, which may be repeated.
    why
        What to look at.
    """
    for entry in got:
        if entry not in expected:
            known = entry in among
            found = (
                f"{entry!r} does not belong in `{name}`"
                if known
                else f"`{name}` holds something else than is asked for"
            )
            raise AnswerError(f"{found}. {why}")
    missing = sum(entry not in got for entry in expected)
    if missing:
        raise AnswerError(f"`{name}` lacks {missing} that {'belongs' if missing == 1 else 'belong'} there. {why}")


def _counted(name: str, got: Collection[object], asked: Collection[object]) -> str:
    return f"`{name}` has {len(got)} {'entry' if len(got) == 1 else 'entries'}, and {len(asked)} are asked for."
