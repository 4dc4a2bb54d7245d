"""The checks of part 3, who says so; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from leadping_nb.discovery import discover
from leadping_nb.findings import Finding
from leadping_nb.tokens import TokenInspection
from leadping_nb.workshop.answers import AnswerError, Answers
from leadping_nb.workshop.matching import match_entries
from leadping_nb.workshop.reading import entries, plain

__all__ = ["check_issuers", "check_key", "check_orphan", "check_pointer"]

_QUOTES: Final = ("'", '"')


def check_pointer(answers: Answers) -> None:
    """Ask for the address that the challenge names."""
    value, room = plain(answers["pointer"]), answers.room
    if not isinstance(value, str):
        raise AnswerError(f"`pointer` is of type {type(value).__name__}. An address is asked for, as text.")
    if " " in value or "=" in value:
        raise AnswerError("`pointer` holds more than an address. Take the challenge apart.")
    if value[:1] in _QUOTES or value[-1:] in _QUOTES:
        raise AnswerError("`pointer` has a quotation mark around it, which is no part of the address.")
    if value.rstrip("/") == room.sandbox.url:
        raise AnswerError("`pointer` is the address of the API. The challenge names a document below it.")
    if value not in [challenge.params.get("resource_metadata") for challenge in room.discovery.challenges]:
        raise AnswerError("`pointer` is not the address that the challenge names.")


def check_issuers(answers: Answers) -> None:
    """Ask for all issuers whose tokens are accepted."""
    expected = answers.room.discovery.issuers
    why = "The API's document lists the issuers under `token_issuers_supported`, and the discovery has them all."
    match_entries("issuers", entries("issuers", answers["issuers"]), expected, among=(), why=why)


def check_key(answers: Answers) -> None:
    """Ask for the key that the token names."""
    token = answers.made("token", TokenInspection)
    value = answers["key"]
    value = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
    if isinstance(value, str):
        raise AnswerError("`key` is a text. The name of a key is not the key: look for the object that has that `kid`.")
    if not isinstance(value, Mapping):
        raise AnswerError(f"`key` is of type {type(value).__name__}. A dict is asked for, one key of a set.")
    if "keys" in value:
        raise AnswerError("`key` is a whole set. Take the one key whose `kid` the token names.")
    if "kty" not in value:
        raise AnswerError("`key` has no `kty`, so it is no key. In `discovery.jwks` each issuer has its set.")
    keys = answers.room.discovery.jwks[str(token.claims["iss"])]["keys"]
    if value not in [key for key in keys if key["kid"] == token.header["kid"]]:  # type: ignore[attr-defined]  # a JWKS
        raise AnswerError("`key` is a key, but not the one that the token names.")


def check_orphan(answers: Answers) -> None:
    """Ask for the accepted issuer whose keys are lost under the fault."""
    sandbox = answers.room.sandbox
    with sandbox.faults.on("issuer_with_slash"):
        odd = discover(sandbox.url)
    expected = [issuer for issuer in odd.issuers if issuer not in odd.jwks]
    got = entries("orphan", answers["orphan"])
    if any(isinstance(entry, Finding) for entry in got):
        raise AnswerError("`orphan` is a finding. The address of an issuer is asked for.")
    if any(f"{issuer}/" in got for issuer in expected):
        raise AnswerError("`orphan` ends with a slash. Under that name there are keys, but nobody accepts that name.")
    why = "An accepted issuer is in `odd.issuers`; one with keys is in `odd.jwks`."
    match_entries("orphan", got, expected, among=(), why=why)
