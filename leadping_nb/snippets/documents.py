"""Public documents as code for a shell and for httpx: no credential goes along, and no redirect is followed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Fetch", "fetches_as_curl", "fetches_as_httpx"]

_SECONDS: Final = 15
"""How long one document may take."""
_SAID: Final = "# No credential is sent, and no redirect followed."


@dataclass(frozen=True, slots=True)
class Fetch:
    """One document that is asked for."""

    url: str
    """Its address."""
    why: str
    """What is asked and why, on one line."""


def fetches_as_curl(fetches: Iterable[Fetch]) -> str:
    r"""Write a curl command for each document, which prints its headers too.

    Parameters
    ----------
    fetches
        The documents in their order.

    Examples
    --------
    >>> print(fetches_as_curl([Fetch("https://id.example/keys?a=1&b=2", "Which keys are there?")]))
    # No credential is sent, and no redirect followed.
    <BLANKLINE>
    # Which keys are there?
    curl --silent --show-error --globoff --include --max-time 15 \
      'https://id.example/keys?a=1&b=2'
    """
    command = f"curl --silent --show-error --globoff --include --max-time {_SECONDS}"
    return "\n\n".join([_SAID, *(f"# {fetch.why}\n{command} \\\n  {shlex.quote(fetch.url)}" for fetch in fetches)])


def fetches_as_httpx(fetches: Sequence[Fetch]) -> str:
    """Write Python with httpx that gets the documents one after another.

    Parameters
    ----------
    fetches
        The documents in their order.

    Examples
    --------
    >>> print(fetches_as_httpx([Fetch("https://id.example/keys", "Which keys are there?")]))
    import httpx
    <BLANKLINE>
    # No credential is sent, and no redirect followed.
    addresses = [
        'https://id.example/keys',  # Which keys are there?
    ]
    with httpx.Client(timeout=15) as client:
        for address in addresses:
            answer = client.get(address)
            print(address, answer.status_code, answer.headers.get('www-authenticate', ''))
            print(answer.text)
    """
    return "\n".join(
        [
            "import httpx",
            "",
            _SAID,
            "addresses = [",
            *(f"    {fetch.url!r},  # {fetch.why}" for fetch in fetches),
            "]",
            f"with httpx.Client(timeout={_SECONDS}) as client:",
            "    for address in addresses:",
            "        answer = client.get(address)",
            "        print(address, answer.status_code, answer.headers.get('www-authenticate', ''))",
            "        print(answer.text)",
        ]
    )
