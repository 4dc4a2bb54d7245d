"""Two descriptions of the API against each other: what went, was renamed, changed or came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.drift.calls import changed_calls
from leadping_nb.drift.change import Change
from leadping_nb.drift.fields import changed_models
from leadping_nb.drift.outlines import outline_of
from leadping_nb.drift.pairing import Pairing
from leadping_nb.openapi import Outline
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["changes", "compare_contracts"]

_COLUMNS = ("change", "kind", "name", "before", "after", "breaks", "rank", "evidence")


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
        that is inferred says so in ``evidence``, with the reason.

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
    first, second = (load_contract(given) if isinstance(given, str) else given for given in (a, b))
    found = changes(outline_of(first), outline_of(second), wording=True)
    return Table(_COLUMNS, tuple(tuple(getattr(change, name) for name in _COLUMNS) for change in found)).frame()


def changes(before: Outline, after: Outline, *, wording: bool = False) -> tuple[Change, ...]:
    """Compare two outlines; what breaks most comes first.

    Parameters
    ----------
    before, after
        What is relied on, and what there is now.
    wording
        Whether summaries count.
    """
    pairing = Pairing.of(before, after)
    found = (*changed_calls(pairing, wording=wording), *changed_models(pairing))
    return tuple(sorted(dict.fromkeys(found), key=lambda change: change.rank))
