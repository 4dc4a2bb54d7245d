"""The checks of part 4, is it still good; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from leadping_nb.credential import Credential, KeyType, recognise
from leadping_nb.secret import Secret
from leadping_nb.tokens import TokenInspection, inspect_token
from leadping_nb.workshop.answers import AnswerError, Answers
from leadping_nb.workshop.matching import match_entries, match_rows
from leadping_nb.workshop.reading import entries, number, pairs, word

__all__ = ["check_failed", "check_good", "check_minutes", "check_renewed", "check_verdict"]

_VERDICTS: Final = ("valid", "invalid", "unverified")


def check_minutes(answers: Answers) -> None:
    """Ask for how long the token lives, within a minute."""
    value = answers["minutes"]
    token = inspect_token(answers.made("user", Credential), now=answers.made("now", datetime))
    seconds = token.expires_in or 0.0
    got = value.total_seconds() / 60 if isinstance(value, timedelta) else number("minutes", value)
    if abs(got - seconds / 60) < 1:
        return
    if abs(got - seconds) < 1:
        raise AnswerError("`minutes` looks like seconds.")
    if got > 1e6:
        raise AnswerError("`minutes` looks like a point in time. How long is it from `now` to there?")
    raise AnswerError("`minutes` is not how long the token lives from `now` on.")


def check_verdict(answers: Answers) -> None:
    """Ask for the verdict of an inspection without keys."""
    value = answers["verdict"]
    got = value.verdict if isinstance(value, TokenInspection) else word(value)
    if got not in _VERDICTS:
        raise AnswerError(f"`verdict` is none of {', '.join(_VERDICTS)}.")
    without_keys = inspect_token(answers.made("user", Credential), now=answers.made("now", datetime))
    if got != without_keys.verdict:
        raise AnswerError(
            "`verdict` is not what an inspection without keys says. Leave `discovery` out, give `now`, and look."
        )


def check_failed(answers: Answers) -> None:
    """Ask for a check that each token fails."""
    four, now = answers.made("four", dict), answers.made("now", datetime)
    seen = {name: inspect_token(text, discovery=answers.room.discovery, now=now) for name, text in four.items()}
    expected = {
        name: [entry.check for entry in token.results if entry.outcome == "failed"] for name, token in seen.items()
    }
    checks = [entry.check for token in seen.values() for entry in token.results]

    def same(got: object, failed: object) -> bool:
        return isinstance(failed, Sequence) and (got in failed or got == failed)

    def why(name: str, value: object) -> str:
        if value not in checks:
            return "It is not the name of a check."
        return f"Look at the `checks` of `lp.inspect_token(four[{name!r}], …)` whose outcome is `failed`."

    match_rows("failed", pairs("failed", answers["failed"], list(four)), expected, why=why, same=same)


def check_good(answers: Answers) -> None:
    """Ask for the times at which the token is valid."""
    minutes, user, now = answers.made("times", list), answers.made("user", Credential), answers.made("now", datetime)
    discovery = answers.room.discovery
    expected = [
        entry
        for entry in minutes
        if inspect_token(user, discovery=discovery, now=now + timedelta(minutes=entry)).verdict == "valid"
    ]
    why = "Inspect the token at each time, `now=now + timedelta(minutes=…)`, and look at the verdict. Mind the leeway."
    match_entries("good", entries("good", answers["good"]), expected, among=minutes, why=why)


def check_renewed(answers: Answers) -> None:
    """Ask for a token that is good by the clock of the sandbox, without leeway."""
    value, sandbox = answers["renewed"], answers.room.sandbox
    found = recognise(value) if isinstance(value, str | Secret) else value
    if isinstance(found, TokenInspection):
        raise AnswerError("`renewed` is an inspection. The token itself is asked for, as text or as a credential.")
    if not isinstance(found, Credential):
        raise AnswerError("`renewed` is no credential.")
    if found.key_type is not KeyType.USER_TOKEN:
        raise AnswerError(f"`renewed` is a {found.key_type.value}. A user token is asked for.")
    token = inspect_token(found, discovery=answers.room.discovery, now=sandbox.clock.now(), leeway=0)
    if token.verdict != "valid":
        raise AnswerError(f"`renewed` is a token, but not a good one at {sandbox.clock.now():%H:%M}. {token.summary}")
