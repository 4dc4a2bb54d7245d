"""Many leads before they are sent: a DataFrame checked column by column, with the verdicts that each row would have."""

from leadping_nb.intake.leads.checking import check_leads
from leadping_nb.intake.leads.result import LeadsCheck

__all__ = ["LeadsCheck", "check_leads"]
