"""What happened to the leads: one time line of events, and the calls, SMS, conversations and status changes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.sandbox.identifiers import conversation_id, event_id
from leadping_nb.sandbox.leads import Lead, Leads
from leadping_nb.sandbox.lines import number_of
from leadping_nb.sandbox.moments import MINUTE, SECOND, text
from leadping_nb.sandbox.sources import SOURCES
from leadping_nb.sandbox.statuses import Statuses, event_bits, outcome_at
from leadping_nb.sandbox.stories import CALLS, MESSAGES
from leadping_nb.sandbox.tariff import call_minutes, charge, dollars

if TYPE_CHECKING:
    from leadping_nb.sandbox.rows import Row
    from leadping_nb.sandbox.shapes import Owner, Shapes

__all__ = ["Activity"]


# By letter: event type, category, timeline type, timeline category, direction, status, what it says.
_EVENTS = {
    "L": ("lead.created", "lead", "LeadCreated", "lead", None, "Completed", "Lead received from {source}."),
    "S": ("sms.sent", "sms", "Sms", "message", "outbound", "Delivered", "Automated SMS to {first}."),
    "M": ("sms.sent", "sms", "Sms", "message", "outbound", "Delivered", "SMS to {first}."),
    "R": ("sms.received", "sms", "Sms", "message", "inbound", "Received", "SMS of {first}."),
    "K": ("call.completed", "call", "Call", "call", "outbound", "Ended", "Call with {first}."),
    "X": ("call.no_answer", "call", "Call", "call", "outbound", "Missed", "{first} did not answer."),
    "V": ("call.voicemail", "call", "Voicemail", "call", "outbound", "Voicemail", "Voicemail left for {first}."),
    "A": ("call.completed", "call", "Call", "call", "inbound", "Ended", "{first} called."),
    "N": ("note.added", "note", "Note", "note", None, "Completed", "Note about {first}."),
    "D": ("lead.status_changed", "disposition", "Disposition", "lead", None, "Completed", "Status set: {outcome}."),
    "U": ("lead.updated", "lead", "LeadUpdated", "lead", None, "Completed", "Details of {first} completed."),
}
_CALL_STATUS = {"K": "completed", "X": "no_answer", "V": "voicemail", "A": "completed"}
_TEXTS = {
    "S": (
        "Hi {first}, thanks for asking {business} for a quote. When may we call? Reply STOP to opt out.",
        "Hello {first}, this is {business}. Your quote is almost ready: is now a good time?",
    ),
    "M": (
        "Hi {first}, I just sent you the quote. Any questions?",
        "Thanks {first}, tomorrow it is. Talk soon!",
        "{first}, one thing is missing: which car is it for?",
        "Sounds good, {first}. I will call you at six.",
    ),
    "R": (
        "Yes, please call me after 5.",
        "How much would it be a month?",
        "¿Hablan español?",
        "Tomorrow morning works 👍",
        "Who is this?",
        "I already talked to someone of yours.",
        "Looks good, thank you!",
        "Can you do better than my insurer?",
    ),
}
_FAILED = 24  # one of so many automated SMS does not arrive


class Activity:
    """Rows about events.

    Parameters
    ----------
    leads
        The leads.
    shapes
        The shapes of the revision's rows.
    owner
        The business.
    statuses
        Their statuses.
    timeline
        The types of event that the revision knows.
    """

    def __init__(
        self, leads: Leads, shapes: Shapes, owner: Owner, statuses: Statuses, timeline: tuple[object, ...]
    ) -> None:
        self._leads = leads
        self._shapes = shapes
        self._owner = owner
        self._statuses = statuses
        # Later revisions speak of lead statuses where the first speaks of dispositions.
        self._change_type = "Disposition" if "Disposition" in timeline else "LeadStatusChange"

    def _bits(self, number: int, place: int) -> int:
        """Give an event's own chance."""
        return event_bits(self._leads.seed, number, place)

    def failed(self, lead: Lead, place: int) -> bool:
        """Say whether an SMS did not arrive."""
        return lead.story[place] == "S" and not self._bits(lead.number, place) % _FAILED

    def event(self, number: int, place: int, model: str = "EventTableRow") -> Row:
        """Give the row of any event in the time line."""
        lead = self._leads.get(number)
        letter = lead.story[place]
        type_, category, timeline, timeline_category, direction, status, says = _EVENTS[letter]
        values = self._common(lead, place)
        says = says.format(
            first=lead.person.first, source=SOURCES[lead.source].name, outcome=outcome_at(lead, place).name
        )
        values |= {
            "eventType": type_,
            "eventCategory": category,
            "timelineType": self._change_type if letter == "D" else timeline,
            "timelineCategory": timeline_category,
            "direction": direction,
            "status": status,
            "description": says,
            "summary": says,
            "createdBy": "system" if letter in "LSUR" else self._owner.user_name,
            "isWarmup": False,
            "trafficType": "RealLead",
            "retryCount": 0,
            "wasManuallyOverridden": False,
            "relatedEntityId": lead.id,
            "relatedEntityType": "Lead",
            "sourceId": SOURCES[lead.source].id,
            "media": [],
        }
        if letter in CALLS:
            values["billingStatus"] = "charged"
            values["billableAmount"] = dollars(charge(lead.story, place))
        elif letter in MESSAGES:
            values |= self._message(lead, place)
            values["summary"] = values["text"]
            values["status"] = "Failed" if self.failed(lead, place) else status
            if direction == "outbound":
                values["selectionReason"] = "StickyConversation"
        else:
            for name in ("fromPhoneNumber", "toPhoneNumber", "fromPhoneNumberId", "outboundPhoneNumberId"):
                values[name] = None
        if model == "EventDetailResponse":
            values["status"] = "Failed" if values["status"] == "Failed" else "Completed"
            values["modifiedAt"] = values["createdAt"]
            values["secondaryEventType"] = None
            values["userId"] = self._owner.user_id
        return self._shapes.row(model, values)

    def call(self, number: int, place: int) -> Row:
        """Give the row of a call."""
        lead = self._leads.get(number)
        letter = lead.story[place]
        values = self._common(lead, place)
        minutes = call_minutes(lead.story, place)
        bits = self._bits(number, place)
        start = lead.times[place]
        seconds = (minutes - 1) * 60 + 1 + bits % 60 if minutes else 0
        answered = start + (4 + bits % 15) * SECOND
        values |= {
            "direction": "inbound" if letter == "A" else "outbound",
            "status": _CALL_STATUS[letter],
            "answeredAt": text(answered, bits) if letter != "X" else None,
            "endedAt": text(answered + seconds * SECOND, bits >> 7)
            if letter != "X"
            else text(start + MINUTE // 2, bits),
            "duration": seconds,
            "billableSeconds": minutes * 60,
            "billableAmount": dollars(charge(lead.story, place)),
            "billingStatus": "charged" if minutes else "not_billable",
            "billingPhoneNumberId": number_of(number)[0],
            "callerId": values["fromPhoneNumber"],
            "metadata": {},
            "consoleEntries": [],
            "outboundSource": "manual",
            "providerStatus": "completed",
            "recordingUrl": f"https://files.example/recordings/{values['id']}.mp3" if letter in "KA" else None,
        }
        return self._shapes.row("CallEventTableRow", values)

    def message(self, number: int, place: int) -> Row:
        """Give the row of an SMS."""
        lead = self._leads.get(number)
        values = self._common(lead, place)
        values |= self._message(lead, place)
        outbound = lead.story[place] != "R"
        values |= {
            "direction": "outbound" if outbound else "inbound",
            "status": "failed" if self.failed(lead, place) else "delivered" if outbound else "received",
            "isAutomated": lead.story[place] == "S",
            "isWarmup": False,
            "trafficType": "RealLead",
            "outboundSource": {"S": "automation", "M": "manual"}.get(lead.story[place]),
            "senderName": self._owner.business_name if outbound else lead.name,
            "fromPhoneNumberId": number_of(number)[0] if outbound else "",
            "outboundPhoneNumberId": number_of(number)[0],
            "leadName": lead.name,
            "lead": {"id": lead.id, "name": lead.name},
            "media": [],
            "consoleEntries": [],
        }
        return self._shapes.row("SmsEventTableRow", values)

    def conversation(self, number: int) -> Row:
        """Give the row of the conversation with a lead."""
        lead = self._leads.get(number)
        talk = [at for at, letter in enumerate(lead.story) if letter in MESSAGES or letter in CALLS]
        last = talk[-1]
        letter = lead.story[last]
        bits = self._bits(number, 40)
        said = self._text(lead, last) if letter in MESSAGES else _EVENTS[letter][6].format(first=lead.person.first)
        heard = [at for at in talk if lead.story[at] in "RA"]
        phone_id, phone = number_of(number)
        values = {
            "id": conversation_id(number),
            "leadId": lead.id,
            "firstName": lead.person.first,
            "lastName": lead.person.last,
            "email": lead.person.email,
            "leadPhoneNumber": lead.phone,
            "phoneNumber": {"id": phone_id, "name": phone, "value": phone},
            "activeOutboundPhoneNumberId": phone_id,
            "status": "needs_reply" if letter == "R" else "failed" if self.failed(lead, last) else "waiting",
            "needsReply": letter == "R",
            "isUnread": letter == "R" and bits & 3 == 0,
            "isArchived": lead.archived,
            "archiveReason": 1 if lead.archived else None,
            "archivedAt": text(lead.updated, bits) if lead.archived else None,
            "lastEventAt": text(lead.times[last], self._bits(number, last)),
            "lastEventIsInternalNote": False,
            "lastSnippet": said,
            "lastInboundAt": text(lead.times[heard[-1]], self._bits(number, heard[-1])) if heard else None,
            "eventVersion": len(lead.story),
            "replyVersion": len(heard),
        }
        values |= self._statuses.current(lead)
        return self._shapes.row("ConversationResponse", values)

    def _common(self, lead: Lead, place: int) -> Row:
        number = lead.number
        phone_id, ours = number_of(number)
        inbound = lead.story[place] in "RA"
        automatic = lead.story[place] in "LSUR"
        return {
            "id": event_id(number, place),
            "leadId": lead.id,
            "leadName": lead.name,
            "conversationId": conversation_id(number),
            "createdAt": text(lead.times[place], self._bits(number, place) >> 7),
            "fromPhoneNumber": lead.phone if inbound else ours,
            "toPhoneNumber": ours if inbound else lead.phone,
            "fromPhoneNumberId": None if inbound else phone_id,
            "outboundPhoneNumberId": phone_id,
            "actorUserId": None if automatic else self._owner.user_id,
            "actorDisplayName": None if automatic else self._owner.user_name,
        }

    def _message(self, lead: Lead, place: int) -> Row:
        bits = self._bits(lead.number, place)
        start = lead.times[place]
        failed = self.failed(lead, place)
        received = lead.story[place] == "R"
        return {
            "text": self._text(lead, place),
            "queuedAt": None if received else text(start, bits >> 7),
            "sentAt": None if received else text(start + SECOND, bits >> 14),
            "deliveredAt": None if received or failed else text(start + (2 + bits % 6) * SECOND, bits >> 21),
            "failedAt": text(start + 4 * SECOND, bits >> 21) if failed else None,
            "receivedAt": text(start, bits >> 7) if received else None,
            "errorCode": "30003" if failed else None,
            "statusReason": "The handset could not be reached." if failed else None,
            "billableAmount": dollars(charge(lead.story, place)),
            "billingStatus": "charged",
        }

    def _text(self, lead: Lead, place: int) -> str:
        choices = _TEXTS[lead.story[place]]
        chosen = choices[(self._bits(lead.number, place) >> 30) % len(choices)]
        return chosen.format(first=lead.person.first, business=self._owner.business_name)
