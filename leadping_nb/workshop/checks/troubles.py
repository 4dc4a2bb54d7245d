"""The checks of part 6, when things go wrong; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

from typing import Any

from leadping_nb.credential import Credential
from leadping_nb.errors import RateLimitedError, UnauthorizedError
from leadping_nb.explanations import Cause, Explanation, explain
from leadping_nb.workshop.answers import AnswerError, Answers
from leadping_nb.workshop.checks.data import whole
from leadping_nb.workshop.matching import match_entries, match_rows
from leadping_nb.workshop.reading import entries, number, pairs, plain

__all__ = ["check_cause", "check_causes", "check_mended", "check_trusted", "check_wait"]


def _said(value: object) -> object:
    """Give the code of a cause, or what else it is."""
    return value.code if isinstance(value, Cause) else value


def _is_named(got: object, cause: object) -> bool:
    return isinstance(cause, Cause) and got in (cause.code, cause.what)


def check_cause(answers: Answers) -> None:
    """Ask for the likeliest cause of the refusal."""
    error, old = answers.made("refusal", UnauthorizedError), answers.made("old", Credential)
    value = plain(answers["cause"])
    if isinstance(value, Explanation):
        raise AnswerError("`cause` holds the whole explanation. Take the likeliest of its `causes`.")
    if isinstance(value, list | tuple):
        raise AnswerError(f"`cause` has {len(value)} entries. Take the likeliest cause.")
    [likeliest, *_] = explain(error, old, discovery=answers.room.discovery, now=answers.room.sandbox.clock.now()).causes
    if not _is_named(_said(value), likeliest):
        raise AnswerError(
            "`cause` is not the likeliest. Give `lp.explain` the credential too, the discovery and `now`."
        )


def check_causes(answers: Answers) -> None:
    """Ask for the likeliest cause of each refusal."""
    calls: dict[str, Any] = answers.made("calls", dict)
    expected = {name: explain(**call).causes[0] for name, call in calls.items()}
    got = {name: _said(value) for name, value in pairs("causes", answers["causes"], list(calls)).items()}

    def why(name: str, value: object) -> str:
        if isinstance(value, Explanation):
            return "It is the whole explanation. Take the `code` of its first cause."
        return f"`lp.explain(**calls[{name!r}])` has its `causes`, likeliest first."

    match_rows("causes", got, expected, why=why, same=_is_named)


def check_wait(answers: Answers) -> None:
    """Ask for how long the refusal asks to wait."""
    asked = answers.made("storm", RateLimitedError).retry_after
    if number("wait", answers["wait"]) != asked:
        raise AnswerError("`wait` is not what the API asks for. The error knows it: look at its members.")


def check_trusted(answers: Answers) -> None:
    """Ask for the names of the frames that hold all leads."""
    frames = answers.made("frames", dict)
    ids = set(answers.room.leads["id"])
    expected = [name for name, frame in frames.items() if set(frame["id"]) == ids]
    why = "No error was raised by any of them, so ask their passports."
    match_entries("trusted", entries("trusted", answers["trusted"]), expected, among=list(frames), why=why)


def check_mended(answers: Answers) -> None:
    """Ask for a frame of all leads, each once."""
    whole(answers, "mended")
