"""The release of the official SDK that code is written for: the installed one, or the one that would be installed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from leadping_nb.contracts import SDK_RELEASES, Contract, Operation, contract as load_contract
from leadping_nb.errors import LeadpingError

__all__ = ["Release", "release_at_hand"]

_SINCE: Final[Mapping[str, tuple[int, ...]]] = {"2026-10-26": (1, 0, 28), "2026-07-05": ()}
"""The release that was the first of a revision, the newest first."""

_NOT_INSTALLED: Final = 'The official SDK is not installed: pip install "leadping-nb[sdk]" brings its newest release.'
_OTHER: Final = "{release} is of {own}: what it reads may lack fields that the contract of {asked} has."
_LACKING: Final = "{release} is of {own}, which has no {call}."
_OLDER: Final = "pip install leadping=={version} brings one that has it; curl and httpx do without."


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the official SDK, and what it can call."""

    installed: str | None
    """Its version; None where none is installed, and pip would bring the newest."""
    contract: Contract = field(repr=False)
    """The contract of the revision that it is of."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return "The newest release of the official SDK" if self.installed is None else f"leadping {self.installed}"

    def remarks(self, asked: Contract) -> list[str]:
        """Say what whoever runs code with it should know.

        Parameters
        ----------
        asked
            The contract that the call is of.
        """
        remarks = [] if self.installed is not None else [_NOT_INSTALLED]
        if self.contract is not asked:
            remarks.append(_OTHER.format(release=self.name, own=self.contract.revision, asked=asked.revision))
        return remarks

    def demand(self, operation: Operation, asked: Contract) -> None:
        """Raise `LeadpingError` if this release has no such call.

        Parameters
        ----------
        operation
            The call.
        asked
            The contract that it is of.
        """
        if all(found.id != operation.id for found in self.contract.operations):
            raise LeadpingError(
                _LACKING.format(release=self.name, own=self.contract.revision, call=operation.id),
                hint=_OLDER.format(version=SDK_RELEASES[asked.revision]),
            )


def release_at_hand() -> Release:
    """Give the installed release, or the newest where there is none.

    Examples
    --------
    >>> release_at_hand().contract.operation("GET /tags").id
    'GET /tags'
    """
    try:
        installed = version("leadping")
    except PackageNotFoundError:
        return Release(None, load_contract(next(iter(_SINCE))))
    numbers = tuple(int(number) for number in re.findall(r"\d+", installed))
    return Release(installed, load_contract(next(of for of, first in _SINCE.items() if numbers >= first)))
