"""What stands in the small lists: automations, members, notifications and the like, with names that read well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.sandbox.leads import OUTCOMES, TAGS
from leadping_nb.sandbox.lines import NUMBERS

__all__ = ["SHELVES", "Shelf"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A small list."""

    noun: str
    """What a row is; ids begin with it."""
    paths: tuple[str, ...]
    """Where it is listed, in any revision."""
    count: int
    """How many rows it has."""
    pools: Mapping[str, Sequence[object]]
    """Values of some fields, row by row, beginning again when they run out."""


_MEMBERS = ("Ada Sandbox", "Björn Beispiel", "Chloé Exemple", "Diego Ejemplo", "Emi 例", "Farah Sample")
_MAILS = tuple(f"{name}@example.com" for name in ("ada", "bjorn", "chloe", "diego", "emi", "farah"))
_TITLES = ("Five minutes or never", "What a source is worth", "Consent, in plain words", "Calls or SMS first?")

SHELVES = (
    Shelf(
        "automation",
        ("/automations/all/my",),
        9,
        {
            "name": (
                "Answer new leads by SMS",
                "Call back missed calls",
                "Follow up after two days",
                "Tag Spanish speakers",
                "Ask for a review",
                "Quiet hours",
                "Archive invalid numbers",
                "Warn when the wallet is low",
                "Send the quote again",
            ),
            "enabled": (True, True, True, False),
            "lastRunStatus": ("Completed", "Completed", "Failed"),
            "description": ("An automation of the sandbox.",),
            "triggerSummary": ("When a lead arrives", "When a call is missed"),
            "conditionSummary": ("Always", "If consent was given"),
            "actionSummary": ("Send an SMS", "Notify the team"),
            "ruleSentence": ("When it happens, act at once.",),
            "healthSummary": ("Healthy",),
            "managementLevel": ("business",),
            "visibility": ("business",),
            "lastRunError": (None,),
        },
    ),
    Shelf(
        "key",
        ("/businesses/api-keys/my", "/organizations/api-keys/my"),
        3,
        {
            "name": ("Reporting", "Sync with the CRM", "Notebook"),
            "apiKeyPreview": ("lp_sandbox_••••example",),
            "preview": ("sk_sandbox_••••example",),
            "permissions": (["leads:read"], ["leads:read", "leads:write"]),
            "enabled": (True,),
            "accountBalance": (None,),
        },
    ),
    Shelf(
        "invitation",
        ("/businesses/me/invitations", "/organizations/me/invitations"),
        4,
        {"email": _MAILS[2:], "status": ("Pending", "Accepted", "Expired", "Revoked"), "role": ("Agent", "Admin")},
    ),
    Shelf(
        "option",
        ("/businesses/me/options", "/organizations/me/options"),
        2,
        {
            "id": ("biz_sandbox_01", "biz_sandbox_02"),
            "name": ("Sandbox Insurance", "Sandbox Solar"),
            "activationStatus": ("Active",),
            "activationSummary": ("Ready.",),
            "businessStatus": ("Active",),
            "organizationStatus": ("Active",),
            "tenDlcStatus": ("Approved",),
            "needsAdminReview": (False,),
            "readyForCustomerTraffic": (True,),
            "isCurrent": (True, False),
            "role": ("Owner", "Agent"),
        },
    ),
    Shelf(
        "member",
        ("/businesses/me/users", "/organizations/me/members"),
        6,
        {
            "userId": tuple(f"user_sandbox_{number:02}" for number in range(1, 7)),
            "userName": _MEMBERS,
            "userEmail": _MAILS,
            "user": tuple({"id": f"user_sandbox_{at:02}", "name": name} for at, name in enumerate(_MEMBERS, start=1)),
            "role": ("Owner", "Admin", "Agent", "Agent", "Agent", "Agent"),
        },
    ),
    Shelf(
        "feedback",
        ("/feedback/admin", "/feedback/admin/all"),
        18,
        {
            "message": ("Could the list remember my filters?", "The export took a while.", "Love the time line!"),
            "area": ("leads", "reports", "billing"),
        },
    ),
    Shelf(
        "announcement",
        ("/notifications/announcements",),
        5,
        {
            "name": ("New: statuses of your own", "Maintenance on Sunday", "Faster exports", "Quiet hours", "Welcome"),
            "type": ("Announcement",),
            "message": ("Read more in the documentation.",),
        },
    ),
    Shelf(
        "notification",
        ("/notifications/me",),
        24,
        {
            "name": ("New lead", "Missed call", "SMS received", "Wallet refilled", "Automation failed"),
            "type": ("Lead", "Call", "Sms", "Billing", "Warning"),
            "message": (
                "See the lead for more.",
                "Call back soon.",
                "Someone answered.",
                "All is paid.",
                "Have a look.",
            ),
            "isRead": (False, True, True),
        },
    ),
    Shelf(
        "phone",
        ("/phone-numbers/all/business", "/phone-numbers/all/organization"),
        len(NUMBERS),
        {
            "number": tuple(number for _, number in NUMBERS),
            "name": ("Main line", "Sales", "Sales 2", "Service", "Campaigns", "Spare"),
            "type": ("Local",),
            "enabled": (True,),
            "smsReady": (True,),
            "voiceReady": (True,),
            "status": ("Active",),
            "inventoryState": ("Assigned",),
            "providerLifecycleState": ("Active",),
            "providerStatus": ("active",),
            "providerReconciliationStatus": ("matched",),
            "tenDlcCampaignStatus": ("approved",),
            "healthStatus": ("Healthy",),
            "warmupState": ("Ready",),
            "ownership": ("Organization",),
            "billingAttribution": ("business",),
            "capabilities": ("SMS, voice",),
            "location": ("New York, NY",),
            "routingSummary": ("Any lead",),
            "internalTestOnly": (False,),
            "warmupOnly": (False,),
            "isMessagingProgramApproved": (True,),
        },
    ),
    Shelf(
        "suppression",
        ("/suppressions/all/my",),
        9,
        {"status": ("active", "active", "released"), "channel": ("sms",), "reason": ("opted_out", "complaint")},
    ),
    Shelf(
        "tag",
        ("/tags",),
        len(TAGS) + 1,
        {
            "name": (*(tag[1] for tag in TAGS), "Old campaign"),
            "normalizedName": (*(tag[1].casefold() for tag in TAGS), "old campaign"),
            "color": (*(tag[2] for tag in TAGS), "#a0aec0"),
            "description": (*(tag[3] for tag in TAGS), "No longer used."),
            "isArchived": (*(False for _ in TAGS), True),
            "archivedAt": (*(None for _ in TAGS), "2026-03-31T12:00:00Z"),
        },
    ),
    Shelf(
        "status",
        ("/lead-statuses",),
        len(OUTCOMES),
        {
            "name": tuple(outcome.name for outcome in OUTCOMES),
            "category": tuple(outcome.category for outcome in OUTCOMES),
            "color": tuple(outcome.color for outcome in OUTCOMES),
            "isArchived": (False,),
            "sortOrder": tuple(range(len(OUTCOMES))),
        },
    ),
    Shelf("card", ("/payment-methods",), 2, {"brand": ("visa", "mastercard"), "isDefault": (True, False)}),
    Shelf(
        "invoice",
        ("/payment-methods/invoices",),
        6,
        {"number": tuple(f"SANDBOX-{n:04}" for n in range(1, 7)), "status": ("paid",), "hasPdf": (True,)},
    ),
    Shelf(
        "article",
        ("/blog",),
        4,
        {
            "title": _TITLES,
            "seoTitle": _TITLES,
            "slug": ("five-minutes", "what-a-source-is-worth", "consent", "calls-or-sms"),
            "content": ("An article of the sandbox.",),
            "renderedHtml": ("<p>An article of the sandbox.</p>",),
            "isPublished": (True,),
            "imageProcessingError": (None,),
        },
    ),
    Shelf("export", (), 2, {"status": ("Completed", "Expired"), "fileName": ("export.zip",)}),
)
"""Every small list."""
