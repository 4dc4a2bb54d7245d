"""Ids that a sandbox has, for the names in paths of the contract, and for ``{id}`` by the group of its operation."""

__all__ = ["IDS", "IDS_BY_GROUP"]

IDS = {
    "leadId": "lead_0000016",
    "conversationId": "conv_0000016",
    "phoneNumber": "+12125550101",
    "businessId": "biz_sandbox_01",
    "organizationId": "biz_sandbox_01",
    "token": "invitation_sandbox_01",
    "exportId": "export_sandbox_01",
    "phoneNumberId": "phone_sandbox_01",
    "invoiceId": "invoice_sandbox_01",
    "runId": "run_sandbox_01",
    "slug": "consent",
}
IDS_BY_GROUP = {
    "leads": "lead_0000016",
    "automations": "automation_sandbox_01",
    "organizations": "key_sandbox_01",
    "conversations": "conv_0000016",
    "feedback": "feedback_sandbox_01",
    "sources": "src_sandbox_01",
    "notifications": "notification_sandbox_01",
    "payment-methods": "card_sandbox_01",
    "suppressions": "suppression_sandbox_01",
    "transactions": "txn_0000016",
    "wallets": "wallet_sandbox_01",
}
