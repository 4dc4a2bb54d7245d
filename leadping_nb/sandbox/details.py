"""What each read that is no list answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from leadping_nb.sandbox.ledger import WALLET_ID
from leadping_nb.sandbox.lines import NUMBERS
from leadping_nb.sandbox.moments import END, HOUR, text
from leadping_nb.sandbox.query import Query, period
from leadping_nb.sandbox.rows import Row
from leadping_nb.sandbox.sourcebook import SourceBook
from leadping_nb.sandbox.stories import ALL, CALLS, CHANGES, MESSAGES

if TYPE_CHECKING:
    from leadping_nb.contracts import Operation
    from leadping_nb.sandbox.parts import Parts

__all__ = ["Details"]

Path = Mapping[str, str]

# Details of small lists: the noun, by the path of the read.
_SHELVED = {
    "/automations/{id}": "automation",
    "/organizations/api-keys/{id}": "key",
    "/feedback/admin/{id}": "feedback",
    "/notifications/{id}": "notification",
    "/payment-methods/{id}": "card",
    "/reports/exports/{exportId}": "export",
    "/suppressions/{id}": "suppression",
    "/phone-numbers/{phoneNumberId}": "phone",
    "/businesses/invitations/token/{token}": "invitation",
}
# What stands behind an id in the path of an answer that is made up: the noun of a small list.
_BEHIND = {
    "/automations/{id}/runs": "automation",
    "/automations/{id}/runs/{runId}": "automation",
    "/phone-numbers/{phoneNumberId}/warmup": "phone",
    "/phone-numbers/{phoneNumber}/status": "phone",
    "/payment-methods/invoices/{invoiceId}/pdf-access": "invoice",
    "/reports/exports/{exportId}/download": "export",
}
_NOTIFICATION_MODEL = "NotificationTableRow"


class Details:
    """The single answers of a world.

    Parameters
    ----------
    parts
        The world.
    sources
        Its sources.
    """

    def __init__(self, parts: Parts, sources: SourceBook) -> None:
        self._parts = parts
        self._sources = sources

    def one(self, operation: Operation, path: Path, query: Query) -> object:
        """Give an answer; raise `KeyError` for an unknown id, `InvalidOptions` for an unreadable query."""
        model = operation.response_model or ""
        if operation.path in _ANSWERS:
            return _ANSWERS[operation.path](self, path, query, model)
        if operation.path in _SHELVED:
            return self._parts.shelves.detail(_SHELVED[operation.path], next(iter(path.values())), model)
        if operation.path in _BEHIND:
            self._check_shelf(_BEHIND[operation.path], next(iter(path.values())))
        if operation.response_kind == "none":
            return None
        known = {"leadId": path.get("id"), "phoneNumberId": path.get("phoneNumberId")} | {"id": path.get("id")}
        return self._parts.shelves.made(
            model, f"{operation.path}:{sorted(path.items())}", {k: v for k, v in known.items() if v}
        )

    def lead(self, path: Path, _query: Query, _model: str) -> Row:
        """Give a whole lead."""
        arrival = self._parts.arrival(path["id"])
        return arrival.response if arrival else self._parts.leadbook.response(self._parts.lead(path["id"]))

    def workflow(self, path: Path, _query: Query, model: str) -> Row:
        """Give the automations that ran for a lead: none."""
        if self._parts.arrival(path["id"]) is None:
            self._parts.lead(path["id"])
        return self._parts.shelves.made(model, f"workflow:{path['id']}", {"leadId": path["id"], "runs": []})

    def event(self, path: Path, _query: Query, model: str) -> Row:
        """Give an event, as a row or in full."""
        for arrival in self._parts.arrivals:
            if arrival.event_id == path["eventId"]:
                return arrival.detail if model == "EventDetailResponse" else arrival.event
        return self._parts.activity.event(*self._parts.event(path["eventId"], ALL), model)

    def call(self, path: Path, _query: Query, _model: str) -> Row:
        """Give a call."""
        return self._parts.activity.call(*self._parts.event(path["callEventId"], CALLS))

    def call_status(self, path: Path, _query: Query, model: str) -> Row:
        """Give the state of a call as the telephone sees it."""
        row = self._parts.activity.call(*self._parts.event(path["callId"], CALLS))
        specs = self._parts.synth.models.specs
        shared = {
            name: row[name] for name, spec in specs["CallEventTableRow"].items() if specs[model].get(name) == spec
        }
        return self._parts.shelves.made(model, f"call:{path['callId']}", shared)

    def message(self, path: Path, _query: Query, _model: str) -> Row:
        """Give an SMS."""
        return self._parts.activity.message(*self._parts.event(path["smsEventId"], MESSAGES))

    def change(self, path: Path, _query: Query, model: str) -> Row:
        """Give a status change."""
        found = self._parts.event(path["id"].replace("change_", "evt_", 1), CHANGES)
        if not path["id"].startswith("change_"):
            raise KeyError(path["id"])
        return self._parts.statuses.change(*found, model)

    def change_export(self, path: Path, _query: Query, model: str) -> Row:
        """Give the status changes of a lead as a text of comma-separated values."""
        row_model = "DispositionExportRow" if model == "DispositionExportResponse" else "LeadStatusChangeExportRow"
        id_ = path.get("leadId") or path["id"]
        rows: list[Row] = []
        if self._parts.arrival(id_) is None:
            number = self._parts.lead(id_)
            story = self._parts.leads.get(number).story
            rows = [
                self._parts.statuses.change(number, place, row_model)
                for place, letter in enumerate(story)
                if letter in CHANGES
            ]
        values: Row = {"rows": rows, "contentType": "text/csv", "fileName": f"{id_}.csv"}
        values["csv"] = _csv(list(self._parts.synth.models.specs[row_model]), rows)
        return self._parts.shapes.row(model, values)

    def conversation(self, path: Path, _query: Query, _model: str) -> Row:
        """Give a conversation."""
        return self._parts.activity.conversation(self._parts.of_conversation(path["id"]))

    def outgoing(self, path: Path, _query: Query, model: str) -> Row:
        """Give the number from which the business would call or write."""
        at = 0
        if path:
            at = self._parts.of_conversation(next(iter(path.values()))) % len(NUMBERS)
        id_, number = NUMBERS[at]
        values: Row = {"canSend": True, "phoneNumberId": id_, "number": number, "displayNumber": number}
        values |= {"eligibleNumbers": [], "healthStatus": "Healthy", "healthWarning": None, "setupMessage": None}
        return self._parts.shelves.made(model, f"outgoing:{at}", values)

    def source(self, path: Path, _query: Query, model: str) -> Row:
        """Give a source."""
        return self._sources.row(self._sources.position(path["id"]), model)

    def source_metrics(self, path: Path, query: Query, model: str) -> Row:
        """Give a source's leads by day."""
        at = self._sources.position(path["id"])
        arrived = [arrival.ticks for arrival in self._parts.arrivals if arrival.source == path["id"]]
        now = self._parts.now
        return self._parts.analytics.source(at, period(query, now=now), arrived, model, now=now)

    def analytics(self, _path: Path, query: Query, model: str) -> Row:
        """Give the overview of the business."""
        arrived, now = [arrival.ticks for arrival in self._parts.arrivals], self._parts.now
        return self._parts.analytics.overview(period(query, now=now), arrived, model, now=now)

    def analytics_export(self, path: Path, query: Query, _model: str) -> bytes:
        """Give the leads by day as comma-separated values."""
        overview = self.analytics(path, query, "CustomerAnalyticsResponse")
        trend = overview["leadTrend"]
        points = trend["points"] if isinstance(trend, dict) else []
        rows = [{"day": point["label"], "leads": point["value"]} for point in points]
        return _csv(["day", "leads"], rows).encode()

    def transaction(self, path: Path, _query: Query, model: str) -> Row:
        """Give a transaction."""
        found = self._parts.ledger.find_transaction(path["id"], model)
        if found is None:
            raise KeyError(path["id"])
        return found

    def usage_summary(self, _path: Path, query: Query, _model: str) -> Row:
        """Sum what was used in a period."""
        over = period(query, "periodStart", "periodEnd")
        leads = self._parts.leads
        return self._parts.ledger.summary(
            leads.arrived_before(over.start), leads.arrived_before(over.end), over.start, over.end
        )

    def wallet(self, path: Path, _query: Query, model: str) -> Row:
        """Give the wallet."""
        if path and path["id"] != WALLET_ID:
            raise KeyError(path["id"])
        return self._parts.ledger.wallet(model)

    def unread(self, _path: Path, _query: Query, _model: str) -> int:
        """Count the notifications that nobody has read."""
        return sum(not row["isRead"] for row in self._parts.shelves.rows("notification", _NOTIFICATION_MODEL))

    def business(self, _path: Path, _query: Query, model: str) -> Row:
        """Give the business."""
        owner = self._parts.owner
        values: Row = {"id": owner.business_id, "name": owner.business_name, "enabled": True, "status": "Active"}
        values |= {
            "setupStep": "Complete",
            "subscriptionStatus": "Active",
            "vertical": "insurance",
            "ein": "00-0000000",
        }
        values |= {"secondaryName": None, "phone": NUMBERS[0][1], "phones": []}
        return self._parts.shelves.made(model, "business", values)

    def user(self, _path: Path, _query: Query, model: str) -> Row:
        """Give the signed-in person."""
        owner = self._parts.owner
        first, last = owner.user_name.split(" ", 1)
        values: Row = {"id": owner.user_id, "name": owner.user_name, "firstName": first, "lastName": last}
        values |= {"email": owner.user_email, "phone": NUMBERS[0][1], "personalDataDeletedAt": None}
        values |= {"personalDataDeletionReason": None, "personalDataDeletionRequestedAt": None}
        values |= {"personalDataDeletionStatus": None, "subscriptionStatus": "Active"}
        return self._parts.shelves.made(model, "user", values)

    def card(self, _path: Path, _query: Query, model: str) -> Row:
        """Give the card that pays."""
        return self._parts.shelves.detail("card", "card_sandbox_01", model)

    def article(self, path: Path, _query: Query, model: str) -> Row:
        """Give an article of the blog."""
        return self._parts.shelves.detail("article", path["slug"], model, by="slug")

    def follow_ups(self, _path: Path, _query: Query, _model: str) -> bytes:
        """Give the leads that wait for a call: none of them, since no document says what the bytes would hold."""
        return json.dumps({"items": [], "continuation": None}).encode()

    def agent_card(self, _path: Path, _query: Query, _model: str) -> bytes:
        """Give the card of the agent."""
        card = {"name": "Leadping sandbox", "description": "Reads leads.", "version": "1.0.0", "skills": []}
        return json.dumps(card).encode()

    def export_download(self, path: Path, _query: Query, model: str) -> Row | None:
        """Give where an export would be fetched, if the revision says it in a body."""
        self._check_shelf("export", path["exportId"])
        if not model:
            return None
        return self._parts.shapes.row(model, {"url": f"https://files.example/exports/{path['exportId']}.zip"})

    def invoice_access(self, path: Path, _query: Query, model: str) -> Row:
        """Give where an invoice would be fetched."""
        self._check_shelf("invoice", path["invoiceId"])
        values = {"url": f"https://files.example/{path['invoiceId']}.pdf", "expiresAt": text(END + HOUR)}
        return self._parts.shapes.row(model, values)

    def _check_shelf(self, noun: str, id_: str) -> None:
        if noun == "phone" and "+" + id_.strip().removeprefix("+") in {number for _, number in NUMBERS}:
            return
        if not self._parts.shelves.has(noun, id_):
            raise KeyError(id_)


_ANSWERS: Mapping[str, Callable[[Details, Path, Query, str], object]] = {
    "/leads/{id}": Details.lead,
    "/leads/{id}/workflow-status": Details.workflow,
    "/leads/{id}/status-history/export": Details.change_export,
    "/dispositions/lead/{leadId}/export": Details.change_export,
    "/dispositions/{id}": Details.change,
    "/lead-status-changes/{id}": Details.change,
    "/leads/follow-ups": Details.follow_ups,
    "/events/{eventId}": Details.event,
    "/events/{eventId}/detail": Details.event,
    "/events/detail/{eventId}": Details.event,
    "/events/calls/{callEventId}": Details.call,
    "/events/sms/{smsEventId}": Details.message,
    "/phone-call/{callId}/status": Details.call_status,
    "/conversations/{id}": Details.conversation,
    "/conversations/{id}/outbound-readiness": Details.outgoing,
    "/phone-numbers/outgoing/conversation/{conversationId}": Details.outgoing,
    "/phone-numbers/outgoing/new": Details.outgoing,
    "/phone-numbers/outgoing/manual-override": Details.outgoing,
    "/sources/{id}": Details.source,
    "/sources/{id}/metrics": Details.source_metrics,
    "/analytics/my": Details.analytics,
    "/analytics/my/export": Details.analytics_export,
    "/transactions/{id}": Details.transaction,
    "/usage/summary/my": Details.usage_summary,
    "/wallets/me": Details.wallet,
    "/wallets/{id}": Details.wallet,
    "/notifications/unread-count": Details.unread,
    "/businesses/me": Details.business,
    "/organizations/me": Details.business,
    "/users/me": Details.user,
    "/users/me/paymentmethod": Details.card,
    "/blog/{slug}": Details.article,
    "/.well-known/agent-card.json": Details.agent_card,
    "/reports/exports/{exportId}/download": Details.export_download,
    "/payment-methods/invoices/{invoiceId}/pdf-access": Details.invoice_access,
}


def _csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
