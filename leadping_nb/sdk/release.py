"""The release of the official SDK that is installed, and the revision of the API that it is of."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from leadping.leadping_open_api_client import LeadpingOpenApiClient

from leadping_nb.contracts import Contract, contract
from leadping_nb.errors import LeadpingError

__all__ = ["contract_of_release", "release"]

_REVISION_BY_NOUN: Mapping[str, str] = {
    "organizations": "2026-10-26",  # since release 1.0.28
    "businesses": "2026-07-05",
}
"""The newest revision that a release is of, by the noun that it has for those who own leads."""


def release() -> str:
    """Name the installed release."""
    return f"leadping {version('leadping')}"


def contract_of_release() -> Contract:
    """Give the contract of the newest revision that the installed release is of.

    Examples
    --------
    >>> contract_of_release().operation("POST /leads/all/my").row_model
    'LeadTableRow'
    """
    for noun, revision in _REVISION_BY_NOUN.items():
        if hasattr(LeadpingOpenApiClient, noun):
            return contract(revision)
    raise LeadpingError(
        f"Of which revision {release()} is, nobody here knows.", hint="Say it: contract=lp.contract(…)."
    )
