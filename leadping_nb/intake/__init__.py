"""Leads before they are sent: checked against the contract's models and what else is known; nothing is sent here."""

from leadping_nb.intake.issue import LeadChange, LeadIssue
from leadping_nb.intake.lead import check_lead
from leadping_nb.intake.result import LeadCheck

__all__ = ["LeadChange", "LeadCheck", "LeadIssue", "check_lead"]
