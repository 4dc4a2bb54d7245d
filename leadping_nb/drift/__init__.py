"""Has it changed: what the API publishes now against the revisions that ship, ordered by what it breaks.

``outlines`` is what of a contract is compared, ``renames`` finds what has another name now, ``change`` weighs,
``comparison`` goes through calls and models, ``signing_in`` through credentials and flows, and ``checking`` puts it
together as a report.
"""

from leadping_nb.drift.change import Change
from leadping_nb.drift.checking import check_drift
from leadping_nb.drift.comparison import compare_contracts
from leadping_nb.drift.report import DriftReport

__all__ = ["Change", "DriftReport", "check_drift", "compare_contracts"]
