"""The checks of part 2, what may it do; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

from typing import Final

from leadping_nb.contracts import contract
from leadping_nb.credential import Credential, KeyType
from leadping_nb.policy import VERDICTS, Decision, Permissions, permissions
from leadping_nb.workshop.answers import AnswerError, Answers
from leadping_nb.workshop.matching import match_entries, match_rows
from leadping_nb.workshop.reading import entries, key_type, number, pairs, word

__all__ = ["check_allowed", "check_creates", "check_verdict", "check_who"]

_LOAD: Final = ("POST", "/leads/all/my")
_WHO_AM_I: Final = ("GET", "/users/me")
_HOLDERS: Final = ("user", "business", "source")


def check_verdict(answers: Answers) -> None:
    """Ask for the contract's verdict on loading leads with a business key."""
    value = answers["verdict"]
    if isinstance(value, Permissions):
        raise AnswerError("`verdict` holds all permissions. Ask them about the one call, with `.check`.")
    got = value.verdict if isinstance(value, Decision) else word(value)
    if got not in VERDICTS:
        raise AnswerError(f"`verdict` is none of {', '.join(VERDICTS)}.")
    if got != permissions(answers.made("business", Credential)).check(*_LOAD).verdict:
        raise AnswerError("`verdict` is not what the contract says. A POST need not write: ask, and do not guess.")


def check_creates(answers: Answers) -> None:
    """Ask for the paths of every GET that writes."""
    operations = contract().operations
    expected = [each.path for each in operations if each.method == "GET" and each.effect == "write"]
    given = entries("creates", answers["creates"], column="path")
    got = [entry.removeprefix("GET ") if isinstance(entry, str) else entry for entry in given]
    why = "Only a GET whose `effect` is `write` does."
    match_entries("creates", got, expected, among=[each.path for each in operations], why=why)


def check_allowed(answers: Answers) -> None:
    """Ask for the number of calls that each credential may make."""
    holders = [answers.made(name, Credential) for name in _HOLDERS]
    counts = {one.key_type.value: permissions(one).counts for one in holders}
    given = pairs("allowed", answers["allowed"], list(counts))
    got = {key_type(name): value for name, value in given.items()}

    def why(name: str, value: object) -> str:
        found, total = number(f"allowed[{name!r}]", value), sum(counts[name].values())
        said = {
            total: "That is how many operations there are.",
            counts[name]["denied"]: "That is how many are denied.",
            total - counts[name]["denied"]: "That counts those of which no source says anything, too.",
        }
        return said.get(int(found), "`lp.permissions(…).counts` counts each verdict.")

    match_rows("allowed", got, {name: found["allowed"] for name, found in counts.items()}, why=why)


def check_who(answers: Answers) -> None:
    """Ask for the type that may call what a business key may not."""
    value = answers["who"]
    if isinstance(value, Decision):
        raise AnswerError("`who` holds the whole decision. One of its members says which types would do.")
    given = [key_type(entry) for entry in entries("who", value)]
    expected = [kind.value for kind in permissions(answers.made("business", Credential)).check(*_WHO_AM_I).would_do]
    types = [kind.value for kind in KeyType]
    match_entries(
        "who", given, expected, among=types, why="The decision for `GET /users/me` says which types would do."
    )
