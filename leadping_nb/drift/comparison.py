"""Two descriptions of the API against each other: what went, was renamed, changed or came."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from leadping_nb.arguments import Wanted, demand
from leadping_nb.contracts import REVISIONS, Contract, contract as load_contract
from leadping_nb.drift.calls import changed_calls
from leadping_nb.drift.change import Change
from leadping_nb.drift.fields import changed_models
from leadping_nb.drift.gaps import not_compared
from leadping_nb.drift.outlines import outline_of
from leadping_nb.drift.pairing import Pairing
from leadping_nb.drift.renames import Rename
from leadping_nb.openapi import Outline
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["changes_of_published", "compare_contracts"]

_COLUMNS = ("change", "kind", "name", "before", "after", "breaks", "rank", "evidence")

_CONTRACT = Wanted.of(
    Contract, str, what="a contract or the name of a revision", hint="Give lp.contract(), or its date."
)


def compare_contracts(a: Contract | str, b: Contract | str) -> pd.DataFrame:
    """Compare two revisions of the contract: what appeared, went, was renamed or changed from the first to the second.

    Parameters
    ----------
    a, b
        Contracts, or the dates of revisions.

    Returns
    -------
    DataFrame
        One row a change, what breaks most first: change, kind, name, before, after, breaks, rank, evidence. A rename
        that is inferred says so in ``evidence``, with the reason. What the contracts do not hold, and so was not
        compared, is in ``attrs["not compared"]``.

    Raises
    ------
    LeadpingError
        If the package has no such revision.

    Examples
    --------
    >>> compare_contracts("2026-07-05", "2026-10-26").iloc[0]["name"]
    'POST /feedback/admin/all'
    >>> len(compare_contracts("2026-07-05", "2026-07-05"))
    0
    """
    demand(_CONTRACT, a=a, b=b)
    first, second = (load_contract(given) if isinstance(given, str) else given for given in (a, b))
    before, after = outline_of(first), outline_of(second)
    found = _changes(Pairing.of(before, after), wording=True)
    frame = Table(_COLUMNS, tuple(tuple(getattr(change, name) for name in _COLUMNS) for change in found)).frame()
    frame.attrs["not compared"] = list(not_compared(before, after))
    return frame


def changes_of_published(contract: Contract, published: Outline) -> tuple[Change, ...]:
    """Compare a contract with what is published; what breaks most comes first.

    Words are not compared: the contract's are not those of the API.

    Parameters
    ----------
    contract
        What is relied on.
    published
        What there is now.
    """
    return _changes(Pairing.of(outline_of(contract), published, shipped=_shipped_renames(contract.revision)))


@cache
def _shipped_renames(revision: str) -> tuple[Rename, ...]:
    """Give the renames of calls from one revision to each other one that ships."""
    known = outline_of(load_contract(revision))
    return tuple(
        replace(rename, evidence=f"so in the contract of {other}: {rename.evidence}")
        for other in REVISIONS
        if other != revision
        for rename in Pairing.of(known, outline_of(load_contract(other))).calls.values()
    )


def _changes(pairing: Pairing, *, wording: bool = False) -> tuple[Change, ...]:
    found = (*changed_calls(pairing, wording=wording), *changed_models(pairing))
    return tuple(sorted(dict.fromkeys(found), key=lambda change: change.rank))
