"""Sending leads, the only write: previewed exactly, sent once, and a table of them with a journal that forgets none."""

from leadping_nb.sending.many import send_leads
from leadping_nb.sending.plan import LeadsPreview, plan_leads
from leadping_nb.sending.preview import LeadPreview, preview_lead
from leadping_nb.sending.single import LeadSent, send_lead

__all__ = ["LeadPreview", "LeadSent", "LeadsPreview", "plan_leads", "preview_lead", "send_lead", "send_leads"]
