"""How to keep a credential: where to store it, what to do after it was seen, and when it ends; one row a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from leadping_nb.table import Table

__all__ = ["Advice", "Recommendation", "advise"]

Basis = Literal["documented", "ours"]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One thing to do with a credential, or to know of it."""

    topic: str
    """What it is about: ``store``, ``shown once``, ``rotate``, ``revoke`` or ``life``."""
    text: str
    """What to do."""
    basis: Basis
    """``documented`` where Leadping's documentation asks for it, ``ours`` where it follows from what is known."""


@dataclass(frozen=True, slots=True, repr=False)
class Advice:
    """What is to be done with one credential; iterates over its recommendations.

    Examples
    --------
    >>> advice = advise("source key")
    >>> [one.topic for one in advice]
    ['store', 'shown once', 'rotate', 'revoke']
    """

    about: str
    """The type of the credential."""
    recommendations: tuple[Recommendation, ...]
    """What to do, the first thing first."""

    @property
    def table(self) -> Table:
        """The recommendations as a table, which gives a DataFrame, HTML or text."""
        rows = tuple((one.topic, one.text, one.basis) for one in self)
        return Table(("topic", "what to do", "basis"), rows)

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.recommendations)

    def __len__(self) -> int:
        return len(self.recommendations)

    def __getitem__(self, topic: str) -> str:
        """Give what to do about a topic."""
        return {one.topic: one.text for one in self}[topic]

    def __repr__(self) -> str:
        return "\n".join((f"How to keep this {self.about}", *(f"- {one.topic}: {one.text}" for one in self)))

    def _repr_html_(self) -> str:
        return self.table.html(f"How to keep this {self.about}")


_STORE: Final = (
    "Keep it out of notebooks and source code: in the environment variable {variable}, for Credential.from_env(), or in"
    " this machine's keyring, for Credential.from_keyring()."
)
_ONCE: Final = "The whole key is shown once, when it is created. If no copy is left, create a new one."
_UNUSED: Final = "When nothing uses it any more, take it away where it was created."

_KEYS: Final[Mapping[str, tuple[Recommendation, ...]]] = {
    "business key": (
        Recommendation("store", _STORE.format(variable="LEADPING_API_KEY"), "documented"),
        Recommendation("shown once", _ONCE, "documented"),
        Recommendation(
            "rotate",
            "If anybody else may have seen it: sign in to Leadping, open the API keys page, choose the business, create"
            " a key with an expiry, put it in the place of the old one, and take the old one away. Whoever can see it"
            " in a notebook's or a repository's history has seen it.",
            "documented",
        ),
        Recommendation("revoke", _UNUSED, "documented"),
    ),
    "organization key": (
        Recommendation("store", _STORE.format(variable="LEADPING_API_KEY"), "documented"),
        Recommendation("shown once", _ONCE, "documented"),
        Recommendation(
            "rotate",
            "If anybody else may have seen it: create a new one on the organization's API keys page (POST"
            " /organizations/api-keys/{id} does it too, since October 2026), put it in the place of the old one, and"
            " take the old one away (DELETE of the same path).",
            "documented",
        ),
        Recommendation("revoke", _UNUSED, "documented"),
    ),
    "source key": (
        Recommendation("store", _STORE.format(variable="LEADPING_SOURCE_KEY"), "documented"),
        Recommendation("shown once", _ONCE, "documented"),
        Recommendation(
            "rotate",
            "If anybody else may have seen it: open the source in Leadping and have its key made anew; the old one then"
            " ends, so change it where leads are sent from. Until then others can send leads in this source's name.",
            "documented",
        ),
        Recommendation("revoke", "When the source sends no leads any more, turn it off.", "ours"),
    ),
    "user token": (
        Recommendation("store", _STORE.format(variable="LEADPING_USER_TOKEN"), "documented"),
        Recommendation(
            "rotate",
            "If anybody else may have seen it: sign out of Leadping everywhere and sign in again. It works for whoever"
            " holds it until it ends; nothing here can take it back.",
            "ours",
        ),
        Recommendation("revoke", "Sign out when you are done. Nothing here stores or refreshes it.", "documented"),
    ),
}
_EXAMPLE: Final = Recommendation(
    "store", "It is the documentation's example: it opens nothing and may stand anywhere.", "ours"
)
_SANDBOX: Final = Recommendation(
    "store", "It is a sandbox's: it opens nothing else and ends with the sandbox, so it may stand anywhere.", "ours"
)


def advise(
    key_type: str,
    *,
    is_placeholder: bool = False,
    is_sandbox: bool = False,
    expires: float | None = None,
    now: float | None = None,
) -> Advice:
    """Say how to keep a credential of a type.

    Parameters
    ----------
    key_type
        The value of a ``KeyType``.
    is_placeholder, is_sandbox
        Whether it is the documentation's example, or a sandbox's, neither of which needs to be kept safe.
    expires
        When a user token ends by its own word, in epoch seconds.
    now
        The time, in epoch seconds; without it nothing is said of what is left.

    Examples
    --------
    >>> advise("user token", expires=1_800, now=1_900)["life"]
    'By its own word it ended at 1970-01-01 00:30:00 UTC. Sign in again for another.'
    """
    if is_placeholder or is_sandbox:
        kept: tuple[Recommendation, ...] = (_EXAMPLE if is_placeholder else _SANDBOX,)
    else:
        kept = _KEYS[key_type]
    life = () if expires is None else (Recommendation("life", _life(expires, now), "ours"),)
    return Advice(key_type, (*kept, *life))


def _life(expires: float, now: float | None) -> str:
    try:
        when = f"{datetime.fromtimestamp(expires, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return "By its own word it ends at a time that no calendar has."
    if now is None:
        return f"By its own word it ends at {when}."
    if expires <= now:
        return f"By its own word it ended at {when}. Sign in again for another."
    left = _spelled(timedelta(seconds=expires - now))
    return f"By its own word it ends in {left}, at {when}. After that every call is refused: sign in again."


def _spelled(span: timedelta) -> str:
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    seconds = max(1, int(span.total_seconds()))
    size, name = next(unit for unit in units if seconds >= unit[0])
    count = seconds // size
    return f"{count:,} {name}{'' if count == 1 else 's'}"
