"""What cards that make calls are made with: a connection, told from what people give in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    from leadping_nb.api import Api

__all__ = ["connection", "is_connection"]

_NONE: Final = "The card is made with a connection, and this is none."


def is_connection(given: object) -> TypeGuard[Api]:
    """Whether this is what `leadping_nb.connect` gives.

    Its module is not loaded for that: it brings pandas along, which most cards do without.

    Examples
    --------
    >>> is_connection("lp_example")
    False
    """
    return hasattr(given, "preview_lead")


def connection(given: object, *, hint: str) -> Api | None:
    """Give a connection, or None for none.

    Parameters
    ----------
    given
        What the card was made with.
    hint
        How to make the card.

    Raises
    ------
    LeadpingError
        If it is anything else, which the message does not repeat: it may be a key.

    Examples
    --------
    >>> connection(None, hint="DataCard(lp.connect(credential)) makes it.")
    """
    if given is None or is_connection(given):
        return given
    raise LeadpingError(_NONE, hint=hint)
