"""Has it changed: what the API publishes now against the revisions that ship, ordered by what it breaks.

``outlines`` is what of a contract is compared, ``reach`` what the toolkit does with it, and ``pairing`` says which name
is which now by ``renames`` and ``words``. ``calls`` with their ``inputs`` and ``answers``, ``fields`` with their
``promises`` and ``signing_in`` find the changes, ``sorts`` and ``weights`` say what each breaks, ``gaps`` what could
not be compared. ``comparison`` does it for two contracts, ``checking`` for a discovery, with a ``report`` in ``parts``,
whose groups a ``digest`` makes and ``entries`` list.
"""

from leadping_nb.drift.change import Change
from leadping_nb.drift.checking import check_drift
from leadping_nb.drift.comparison import compare_contracts
from leadping_nb.drift.report import DriftReport

__all__ = ["Change", "DriftReport", "check_drift", "compare_contracts"]
