"""What ``auth.md`` tells agents in words: credential forms, addresses, flows on offer and not on offer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["AuthMd", "forms_named", "read_auth_md"]

_FORMS: Mapping[str, re.Pattern[str]] = {
    "source key": re.compile(r"\blp_src_"),
    "business key": re.compile(r"\blp_(?!src_)"),
    "organization key": re.compile(r"\bsk_"),
    "user token": re.compile(r"\buser(?: access)? token\b|\bJWT\b|\baccess token\b", re.IGNORECASE),
}
_FLOWS: Mapping[str, re.Pattern[str]] = {
    "anonymous registration": re.compile(r"\banonymous\b", re.IGNORECASE),
    "identity assertion": re.compile(r"\bidentity assertions?\b|\bid[-_]?jag\b", re.IGNORECASE),
    "token exchange": re.compile(r"\btoken exchange\b|\bcross[- ]app\b", re.IGNORECASE),
    "device flow": re.compile(r"\bdevice (?:flow|code|authorization)\b", re.IGNORECASE),
    "dynamic client registration": re.compile(r"\bdynamic client registration\b", re.IGNORECASE),
    "client credentials": re.compile(r"\bclient[ _]credentials\b", re.IGNORECASE),
}
_DENIAL = re.compile(r"\b(?:not|no|never|unsupported|cannot|without|don't|doesn't)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]`\"']+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST = 65_536  # characters; a page of instructions is a tenth of that


@dataclass(frozen=True, slots=True)
class AuthMd:
    """What the page says."""

    credential_forms: tuple[str, ...]
    """The forms of credential that it names."""
    addresses: tuple[str, ...]
    """The addresses that it names."""
    offered: tuple[str, ...]
    """The flows that it offers."""
    not_offered: tuple[str, ...]
    """The flows that it says are not on offer."""
    whole: bool
    """Whether all of it was read: what lies beyond 65,536 characters is not."""


def read_auth_md(text: str) -> AuthMd:
    """Read the page by the words that it uses, as far as 65,536 characters; what it does not say is left out.

    Examples
    --------
    >>> page = read_auth_md("Send `lp_src_...` keys. Not on offer: anonymous registration. The device flow works.")
    >>> page.credential_forms, page.offered, page.not_offered
    (('source key',), ('device flow',), ('anonymous registration',))
    """
    whole = len(text) <= _LONGEST
    text = text[:_LONGEST]
    offered: dict[str, None] = {}
    denied: dict[str, None] = {}
    for sentence in _SENTENCE.split(text):
        for name, pattern in _FLOWS.items():
            if pattern.search(sentence):
                (denied if _DENIAL.search(sentence) else offered)[name] = None
    addresses = dict.fromkeys(found.rstrip(".,;:!") for found in _ADDRESS.findall(text))
    flows = tuple(name for name in offered if name not in denied)
    return AuthMd(forms_named(text), tuple(addresses), flows, tuple(denied), whole)


def forms_named(text: str) -> tuple[str, ...]:
    """Give the forms of credential that a text names, as far as 65,536 characters.

    Examples
    --------
    >>> forms_named("A JWT, or a key that begins with sk_.")
    ('organization key', 'user token')
    """
    return tuple(name for name, pattern in _FORMS.items() if pattern.search(text[:_LONGEST]))
