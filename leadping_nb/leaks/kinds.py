"""The kinds of secret that can leak, and where each is made anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["KINDS", "Kind", "kind_named"]

_KEYS_PAGE: Final = "https://leadping.ai/api-keys"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of secret.

    Examples
    --------
    >>> kind_named("source key").prefix
    'lp_src_'
    """

    name: str
    """What it is called."""
    prefix: str
    """How its text begins; empty where it has no prefix of its own."""
    rotation: str
    """How it loses its power, as one sentence."""

    @property
    def with_article(self) -> str:
        """Its name as one of them: ``a source key``, ``an organization key``."""
        return f"{'an' if self.name.startswith('o') else 'a'} {self.name}"  # "a user token"

    @property
    def what_to_do(self) -> str:
        """What to do with a leaked one, in order."""
        return (
            f"{self.rotation} Then remove it here, and read it from the environment instead. If it was ever committed, "
            "it stays in the history: rotation is what protects, git filter-repo is what cleans."
        )


KINDS: Final = (  # a longer prefix before the one it begins with
    Kind("source key", "lp_src_", "Give the source a new key in Leadping, which ends this one."),
    Kind("business key", "lp_", f"Make a new key at {_KEYS_PAGE} and revoke this one there."),
    Kind("organization key", "sk_", f"Make a new key at {_KEYS_PAGE} and revoke this one there."),
    Kind("webhook secret", "whsec_", "Make a new signing secret where the webhook is set up in Leadping."),
    Kind("user token", "eyJ", "Sign out in Leadping, which ends its session; the token itself ends at its exp."),
    Kind("bearer header", "", "Revoke it where it was issued and make a new one."),
    Kind("known secret", "", "Revoke it where it was issued and make a new one."),
)
"""Every kind; the last is a text that the caller named and nobody else knows."""

_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    """Give the kind of a name."""
    return _BY_NAME[name]
