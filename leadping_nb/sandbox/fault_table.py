"""All faults that a sandbox has: of calls, the wire and lists, of discovery, of tokens."""

from leadping_nb.sandbox.call_faults import CALL_FAULTS
from leadping_nb.sandbox.discovery_faults import DISCOVERY_FAULTS
from leadping_nb.sandbox.faults import Fault
from leadping_nb.sandbox.lead_faults import LEAD_FAULTS
from leadping_nb.sandbox.list_faults import LIST_FAULTS
from leadping_nb.sandbox.token_faults import TOKEN_FAULTS
from leadping_nb.sandbox.wire_faults import WIRE_FAULTS

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (*CALL_FAULTS, *WIRE_FAULTS, *LEAD_FAULTS, *LIST_FAULTS, *DISCOVERY_FAULTS, *TOKEN_FAULTS)
"""The faults, by area."""
