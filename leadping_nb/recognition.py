"""Which credential a text is, or why it is none: by how it begins, and by the form of tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from leadping_nb import anatomy
from leadping_nb.anatomy import Refusal
from leadping_nb.jose import judge_token
from leadping_nb.key_types import KeyType
from leadping_nb.secret import Secret

__all__ = ["Recognition", "judge_text"]

_TYPE_BY_PREFIX: Final = (  # longest first
    ("lp_src_", KeyType.SOURCE_KEY, "It begins with lp_src_, as source keys do."),
    ("lp_", KeyType.BUSINESS_API_KEY, "It begins with lp_ and not with lp_src_, as business keys do."),
    (
        "sk_",
        KeyType.ORGANIZATION_API_KEY,
        "It begins with sk_, as organization keys do since August 2026; it may also be another vendor's key, because"
        " several vendors begin theirs so.",
    ),
)
_WHY_PLACEHOLDER: Final = (
    " It is the documentation's own example and opens nothing, so it is never sent beyond loopback."
)
_PLACEHOLDERS: Final = frozenset({"lp_example", "lp_src_example"})
_SANDBOX_PREFIXES: Final = ("lp_sandbox_", "lp_src_sandbox_")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a text was recognised as."""

    secret: Secret
    """The credential itself, without what was pasted around it."""
    key_type: KeyType
    """Its type."""
    why: str
    """By what the type was recognised, and what to beware of."""
    is_placeholder: bool
    """Whether it is the documentation's example."""
    is_sandbox: bool
    """Whether it is a key of the sandbox; False for tokens."""


def judge_text(text: object) -> Recognition | Refusal:
    """Say which credential a text is, or why it is none; a function of its argument that raises nothing.

    Examples
    --------
    >>> judge_text("Bearer lp_example").key_type.value
    'business key'
    >>> judge_text("lp_src_").sentence
    'This is the beginning of a key with nothing after it.'
    """
    text = text.reveal() if isinstance(text, Secret) else text
    if not isinstance(text, str):
        return anatomy.BYTES if isinstance(text, bytes | bytearray | memoryview) else anatomy.NOT_TEXT
    if len(text) > anatomy.TEXT_LIMIT:
        return anatomy.TOO_LONG
    core = anatomy.unwrap(text)
    if isinstance(core, Refusal):
        return core
    for judge in (_judge_empty, anatomy.refuse_start, anatomy.refuse_characters, _judge_spelling, _judge_key):
        if (verdict := judge(core)) is not None:
            break
    else:
        form = judge_token(core)
        verdict = form if isinstance(form, Refusal) else (KeyType.USER_TOKEN, form)
    if isinstance(verdict, Refusal):
        return verdict
    key_type, why = verdict
    is_placeholder = core in _PLACEHOLDERS
    return Recognition(
        Secret(core),
        key_type,
        why + _WHY_PLACEHOLDER if is_placeholder else why,
        is_placeholder=is_placeholder,
        is_sandbox=core.startswith(_SANDBOX_PREFIXES),
    )


_Verdict: TypeAlias = tuple[KeyType, str] | Refusal


def _judge_empty(text: str) -> Refusal | None:
    return None if text else anatomy.EMPTY


def _judge_spelling(text: str) -> Refusal | None:
    plain = text[:16].lower().replace("-", "_")
    spelling = next((prefix for prefix in anatomy.KEY_PREFIXES if plain.startswith(prefix)), "")
    return None if text.startswith(spelling) else anatomy.MISSPELT.about(spelling=spelling)


_NOT_OF_A_KEY = re.compile(r"[^A-Za-z0-9\-._~+/=]|=(?=[^=])")  # RFC 6750, section 2.1: b64token
_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")


def _judge_key(text: str) -> _Verdict | None:
    for prefix, key_type, why in _TYPE_BY_PREFIX:
        if text == prefix[:-1]:
            return anatomy.CUT_KEY
        if text.startswith(prefix):
            if (match := _NOT_OF_A_KEY.search(text)) is not None:
                return anatomy.VISIBLE_CHARACTER.about(position=match.start() + 1)
            if text == "lp_src" or _LETTER_OR_DIGIT.search(text, len(prefix)) is None:
                return anatomy.CUT_KEY
            return key_type, why
    return None
