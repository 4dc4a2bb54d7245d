"""The documents that a walk asked for, as requests under "Show the code"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from leadping_nb.discovery import Step
from leadping_nb.identifiers import shown
from leadping_nb.snippets.documents import Fetch, fetches_as_curl, fetches_as_httpx

__all__ = ["as_documents"]

_LONGEST: Final = 200
"""The most characters of what somebody else wrote; a longer address is left out, because half of one is none."""


def as_documents(steps: Iterable[Step]) -> dict[str, str]:
    """Give the code that asks for the documents of a walk again by what runs it; none for none.

    Steps that nobody answered are left out, because their addresses were not admitted or lead nowhere; so are
    addresses that cannot be shown as they are.

    Parameters
    ----------
    steps
        The steps.

    Examples
    --------
    >>> step = Step(1, "Which keys?", "RFC 7517", "GET", "https://id.example/keys", 200, "200, jwks document")
    >>> list(as_documents([step]))
    ['curl', 'httpx']
    >>> as_documents([])
    {}
    """
    fetches = tuple(
        Fetch(step.url, f"{step.number}. {shown(step.question, _LONGEST)} {step.spec}")
        for step in steps
        if step.status is not None and shown(step.url, _LONGEST) == step.url
    )
    return {"curl": fetches_as_curl(fetches), "httpx": fetches_as_httpx(fetches)} if fetches else {}
