"""The checks of part 1, what is it; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

from collections import Counter
from typing import Final

from leadping_nb.credential import Credential, KeyType, recognise
from leadping_nb.workshop.answers import Answers
from leadping_nb.workshop.matching import match_entries, match_rows
from leadping_nb.workshop.reading import entries, key_type, pairs, plain

__all__ = ["check_kinds", "check_leaks", "check_refused", "check_twins"]

_TYPES: Final = tuple(kind.value for kind in KeyType)


def check_kinds(answers: Answers) -> None:
    """Ask for the type of each text."""
    pasted = answers.made("pasted", dict)
    expected = {name: Credential.from_text(text).key_type.value for name, text in pasted.items()}
    given = pairs("kinds", answers["kinds"], list(pasted))
    got = {name: key_type(entry) for name, entry in given.items()}

    def why(name: str, value: object) -> str:
        if value not in _TYPES:
            return "It is none of the types in `lp.KeyType`."
        return f"Ask `lp.Credential.from_text(pasted[{name!r}])` for its `key_type`, and for `why`."

    match_rows("kinds", got, expected, why=why)


def check_refused(answers: Answers) -> None:
    """Ask for the names of the texts that are no credential."""
    found = answers.made("found", dict)
    expected = [name for name, text in found.items() if not isinstance(recognise(text), Credential)]
    why = "`lp.Credential.from_text` raises a `CredentialError` for what is none, and for nothing else."
    match_entries("refused", entries("refused", answers["refused"]), expected, among=list(found), why=why)


def check_twins(answers: Answers) -> None:
    """Ask for the names of the two texts that hold one credential."""
    pasted = {name: Credential.from_text(text) for name, text in answers.made("pasted", dict).items()}
    times = Counter(pasted.values())
    expected = [name for name, credential in pasted.items() if times[credential] > 1]
    why = "Two credentials are the same if their labels are."
    match_entries("twins", entries("twins", answers["twins"]), expected, among=list(pasted), why=why)


def check_leaks(answers: Answers) -> None:
    """Ask for the names of the texts that the key is in."""
    ways = answers.made("ways", dict)
    key = answers.made("key", Credential).reveal()
    expected = [name for name, text in ways.items() if key in text]
    why = "Ask each text whether the key is `in` it."
    match_entries("leaks", entries("leaks", plain(answers["leaks"])), expected, among=list(ways), why=why)
