"""Comparing an answer with what is right, so that the reason names the row that is not, and never what would be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from leadping_nb.workshop.answers import AnswerError

__all__ = ["match_entries", "match_rows"]


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
        raise AnswerError(f"`{name}` has {len(got) - len(expected)} more than are asked for.")
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
