"""Pictures of loaded frames, for where people would rather look than read: leads, sources, response time, spend."""

from leadping_nb.charts.activity import response_time
from leadping_nb.charts.chart import Chart
from leadping_nb.charts.leads import funnel, leads_by, leads_over_time
from leadping_nb.charts.spend import spend

__all__ = ["Chart", "funnel", "leads_by", "leads_over_time", "response_time", "spend"]
