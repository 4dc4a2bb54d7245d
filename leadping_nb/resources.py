"""Short names for what can be loaded: every list of the contract, and the call for one of its rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from leadping_nb.arguments import TEXT, demand, quoted
from leadping_nb.contracts import Contract, Operation, row_columns
from leadping_nb.errors import LeadpingError
from leadping_nb.table import Table

__all__ = ["Resource", "find_resource", "overview", "resources"]

# Name, the list, and the call that gives one row by its id. A revision has the rows that its contract has.
_NAMES: tuple[tuple[str, str, str | None], ...] = (
    ("leads", "POST /leads/all/my", "GET /leads/{id}"),
    ("sources", "POST /sources/all/my", "GET /sources/{id}"),
    ("events", "POST /events/all/my", "GET /events/{eventId}"),
    ("calls", "POST /events/calls/all/my", "GET /events/calls/{callEventId}"),
    ("sms", "POST /events/sms/all/my", "GET /events/sms/{smsEventId}"),
    ("conversations", "POST /conversations/my", "GET /conversations/{id}"),
    ("tags", "GET /tags", None),
    ("usage", "POST /usage/all/my", None),
    ("transactions", "POST /transactions/all/my", "GET /transactions/{id}"),
    ("automations", "POST /automations/all/my", "GET /automations/{id}"),
    ("notifications", "POST /notifications/me", "GET /notifications/{id}"),
    ("announcements", "POST /notifications/announcements", "GET /notifications/{id}"),
    ("phone_numbers", "POST /phone-numbers/all/business", "GET /phone-numbers/{phoneNumberId}"),
    ("phone_numbers", "POST /phone-numbers/all/organization", "GET /phone-numbers/{phoneNumberId}"),
    ("suppressions", "POST /suppressions/all/my", "GET /suppressions/{id}"),
    ("status_changes", "POST /lead-status-changes/all/my", "GET /lead-status-changes/{id}"),
    ("statuses", "GET /lead-statuses", None),
    ("api_keys", "POST /businesses/api-keys/my", None),
    ("api_keys", "POST /organizations/api-keys/my", "GET /organizations/api-keys/{id}"),
    ("users", "GET /businesses/me/users", None),
    ("members", "GET /organizations/me/members", None),
    ("invitations", "GET /businesses/me/invitations", None),
    ("invitations", "GET /organizations/me/invitations", None),
    ("businesses", "GET /businesses/me/options", None),
    ("organizations", "GET /organizations/me/options", None),
    ("payment_methods", "GET /payment-methods", "GET /payment-methods/{id}"),
    ("invoices", "GET /payment-methods/invoices", None),
    ("blog", "GET /blog", "GET /blog/{slug}"),
    ("feedback", "POST /feedback/admin/all", "GET /feedback/admin/{id}"),
    ("feedback_by_query", "GET /feedback/admin", "GET /feedback/admin/{id}"),
    ("lead_events", "POST /events/leads/{leadId}", "GET /events/{eventId}"),
    ("lead_calls", "POST /events/calls/lead/{leadId}", "GET /events/calls/{callEventId}"),
    ("lead_sms", "POST /events/sms/lead/{leadId}", "GET /events/sms/{smsEventId}"),
    ("lead_conversations", "POST /conversations/lead/{leadId}", "GET /conversations/{id}"),
    ("lead_dispositions", "GET /dispositions/lead/{leadId}", "GET /dispositions/{id}"),
    ("lead_status_history", "GET /leads/{id}/status-history", None),
    ("phone_calls", "POST /events/calls/phone/{phoneNumber}", "GET /events/calls/{callEventId}"),
    ("phone_sms", "POST /events/sms/phone/{phoneNumber}", "GET /events/sms/{smsEventId}"),
    ("conversation_events", "POST /events/conversations/{conversationId}", "GET /events/{eventId}"),
    ("business_events", "POST /events/businesses/{businessId}", "GET /events/{eventId}"),
    ("organization_events", "POST /events/organizations/{organizationId}", "GET /events/{eventId}"),
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A list that can be loaded by a short name."""

    name: str
    """The short name, such as ``leads``."""
    operation: Operation
    """The call that lists it."""
    one: Operation | None
    """The call that gives one row by its id, or None."""


def resources(contract: Contract) -> Mapping[str, Resource]:
    """Give every list of a contract by its short name.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> resources(contract())["leads"].operation.id
    'POST /leads/all/my'
    """
    known = {operation.id: operation for operation in contract.operations}
    return {
        name: Resource(name, known[listing], known.get(one) if one else None)
        for name, listing, one in _NAMES
        if listing in known
    }


def find_resource(contract: Contract, name: str) -> Resource:
    """Give the resource of that name; raise `LeadpingError` that names the nearest ones if there is none.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> find_resource(contract(), "lead")
    Traceback (most recent call last):
        ...
    leadping_nb.errors.LeadpingError: There is no resource 'lead'. Did you mean leads? api.resources lists them all.
    """
    demand(TEXT, name=name)
    known = resources(contract)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    question = f"Did you mean {' or '.join(near[:1])}? " if near else ""
    raise LeadpingError(f"There is no resource {quoted(name)}.", hint=f"{question}api.resources lists them all.")


def overview(contract: Contract, readable: Callable[[Operation], str]) -> Table:
    """Give the resources as a table: the call that lists each, who may make it, and the columns.

    Parameters
    ----------
    contract
        The contract.
    readable
        Gives the verdict on a call.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> overview(contract(), lambda operation: "allowed").rows[0][:4]
    ('leads', 'POST /leads/all/my', 'allowed', ['user token', 'business key'])
    """
    return Table(
        ("name", "operation", "readable", "readers", "needs", "model", "columns", "summary"),
        tuple(_row(contract, resource, readable) for resource in resources(contract).values()),
    )


def _row(contract: Contract, resource: Resource, readable: Callable[[Operation], str]) -> tuple[object, ...]:
    operation = resource.operation
    model, columns = operation.row_model or "", list(row_columns(operation, contract))
    readers = [
        kind.value for kind, access in operation.access.items() if kind is not None and access.verdict == "allowed"
    ]
    needs = list(operation.path_parameters)
    return (resource.name, operation.id, readable(operation), readers, needs, model, columns, operation.summary)
