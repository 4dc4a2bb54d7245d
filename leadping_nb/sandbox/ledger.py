"""What the calls and SMS cost: usage records, transactions, the wallet, and sums over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from leadping_nb.sandbox.identifiers import event_id, lead_id, lead_number
from leadping_nb.sandbox.leads import Leads
from leadping_nb.sandbox.lines import number_of
from leadping_nb.sandbox.moments import DAY, END, START, text
from leadping_nb.sandbox.stories import CALLS, MESSAGES, STORIES, USAGE, Track, story_of
from leadping_nb.sandbox.tariff import RATES, RUN_CHARGE, charge, dollars, quantity, story_charge, story_minutes

if TYPE_CHECKING:
    from leadping_nb.sandbox.rows import Row
    from leadping_nb.sandbox.shapes import Owner, Shapes

__all__ = ["WALLET_ID", "Ledger"]

WALLET_ID = "wallet_sandbox_01"
"""The wallet of the business."""

_RUN = 256  # leads between two deposits
_DEPOSIT = RUN_CHARGE * _RUN // len(STORIES) * 21 // 20 // 250_000 * 250_000 + 250_000  # 5 % more, in steps of $25
_ROWS = _RUN + 1  # a deposit, then a debit for each of its leads


class Ledger:
    """Rows about money.

    Parameters
    ----------
    leads
        The leads.
    shapes
        The shapes of the revision's rows.
    owner
        The business.
    """

    def __init__(self, leads: Leads, shapes: Shapes, owner: Owner) -> None:
        self._leads = leads
        self._shapes = shapes
        self._owner = owner
        self.usage_track = Track(leads.seed, leads.count, USAGE)
        self.transactions = leads.count + -(-leads.count // _RUN)
        """How many transactions there are."""

    def usage(self, number: int, place: int) -> Row:
        """Give the usage record of a call or SMS."""
        lead = self._leads.get(number)
        channel, unit, rate = RATES[lead.story[place]]
        amount = quantity(lead.story, place)
        is_call = channel == "voice"
        phone_id, phone = number_of(number)
        values: Row = {
            "id": event_id(number, place).replace("evt_", "usage_"),
            "sourceEventId": event_id(number, place),
            "correlationId": event_id(number, place),
            "idempotencyKey": event_id(number, place).replace("evt_", "once_"),
            "leadId": lead.id,
            "leadName": lead.name,
            "lead": {"id": lead.id, "name": lead.name},
            "channel": channel,
            "billableUnit": unit,
            "quantity": amount,
            "unitPrice": dollars(rate),
            "customerChargeAmount": dollars(charge(lead.story, place)),
            "status": "charged",
            "isBillable": True,
            "isInternal": False,
            "description": f"{amount} {unit.replace('_', ' ')}{'s' if amount > 1 else ''}",
            "smsSegments": None if is_call else amount,
            "billableSeconds": amount * 60 if is_call else None,
            "durationSeconds": amount * 60 if is_call else None,
            "phoneNumber": phone,
            "phoneNumberId": phone_id,
            "createdAt": text(lead.times[place], lead.bits >> 7),
        }
        return self._shapes.row("UsageLedgerTableRow", values)

    def transaction(self, index: int, model: str = "TransactionTableRow") -> Row:
        """Give a transaction, newest first: a deposit comes before the debits of the leads that it pays for."""
        run, rest = divmod(self.transactions - 1 - index, _ROWS)
        return self._deposit(run, model) if rest == 0 else self._debit(run * _RUN + rest - 1, model)

    def find_transaction(self, written: str, model: str) -> Row | None:
        """Give the transaction of an id, or None."""
        if written.startswith("txn_deposit_"):
            number = lead_number(written.replace("txn_deposit_", "lead_"))
            return self._deposit(number, model) if number is not None and number * _RUN < self._leads.count else None
        number = lead_number(written.replace("txn_", "lead_", 1))
        return self._debit(number, model) if number is not None and number < self._leads.count else None

    def spent(self, until: int) -> int:
        """Sum what the leads before a number cost, in ten-thousandths of a dollar."""
        return self._sum(until, story_charge)

    def minutes(self, until: int) -> int:
        """Sum the minutes that the calls of the leads before a number are billed for."""
        return self._sum(until, story_minutes)

    def _sum(self, until: int, of: Callable[[str], int]) -> int:
        runs, rest = divmod(until, len(STORIES))
        return runs * sum(map(of, STORIES)) + sum(
            of(STORIES[story_of(self._leads.seed, number)]) for number in range(until - rest, until)
        )

    @cached_property
    def balance(self) -> int:
        """What is left in the wallet, in ten-thousandths of a dollar."""
        return -(-self._leads.count // _RUN) * _DEPOSIT - self.spent(self._leads.count)

    def wallet(self, model: str) -> Row:
        """Give the wallet."""
        values: Row = {
            "id": WALLET_ID,
            "name": f"{self._owner.business_name} wallet",
            "balance": dollars(self.balance),
            "amountPurchased": dollars(-(-self._leads.count // _RUN) * _DEPOSIT),
            "amountRemaining": dollars(self.balance),
            "balanceCalculatedAt": text(END),
            "createdAt": text(START - DAY),
            "creditStatus": "active",
            "sourceType": "purchase",
            "currency": "USD",
            "expiredCreditAmount": 0.0,
        }
        return self._shapes.row(model, values)

    def summary(self, first: int, last: int, start: int, end: int) -> Row:
        """Sum the usage of the leads from one number up to another, which arrived in a period."""
        rows: list[Row] = []
        counters: list[Row] = []
        records = units = charged = 0
        for order, (channel, unit) in enumerate(dict.fromkeys(rate[:2] for rate in RATES.values()), start=1):
            letters = frozenset(letter for letter, rate in RATES.items() if rate[1] == unit)
            count, amount, cost = (
                self._sum(last, of) - self._sum(first, of)
                for of in (
                    partial(_story_sum, letters, lambda _story, _place: 1),
                    partial(_story_sum, letters, quantity),
                    partial(_story_sum, letters, charge),
                )
            )
            records, units, charged = records + count, units + amount, charged + cost
            line: Row = {
                "channel": channel,
                "billableUnit": unit,
                "quantity": amount,
                "recordCount": count,
                "customerChargeAmount": dollars(cost),
                "status": "charged",
            }
            rows.append(self._shapes.row("UsageSummaryLine", line))
            counter: Row = {
                "key": unit,
                "label": unit.replace("_", " "),
                "sortOrder": order,
                "unit": unit,
                "value": amount,
            }
            counters.append(self._shapes.row("UsageCounterLine", counter))
        values: Row = {
            "lines": rows,
            "counters": counters,
            "billableQuantityTotal": units,
            "customerChargeTotal": dollars(charged),
            "usageRecordCount": records,
            "transactionCount": last - first,
            "billingBlockedCount": 0,
            "failedCount": 0,
            "pendingInvoiceCount": 0,
            "nonBillableInternalCount": 0,
            "periodStart": text(start),
            "periodEnd": text(end),
        }
        return self._shapes.row("UsageSummaryResponse", values)

    def _deposit(self, run: int, model: str) -> Row:
        lead = self._leads.get(run * _RUN)
        amount = dollars(_DEPOSIT)
        values: Row = {
            "id": lead_id(run).replace("lead_", "txn_deposit_"),
            "amount": amount,
            "netAmount": amount,
            "billedAmount": amount,
            "transactionType": "Deposit",
            "transactionStatus": "Confirmed",
            "description": "Automatic refill of the wallet.",
            "paymentMethodDisplay": "Visa •••• 0000",
            "createdAt": text(lead.created, lead.bits),
            "metadata": {},
        }
        return self._shapes.row(model, values)

    def _debit(self, number: int, model: str) -> Row:
        lead = self._leads.get(number)
        cost = dollars(story_charge(lead.story))
        places = [place for place, letter in enumerate(lead.story) if letter in USAGE]
        values: Row = {
            "id": lead.id.replace("lead_", "txn_"),
            "amount": -cost,
            "netAmount": -cost,
            "billedAmount": cost,
            "transactionType": "Debit",
            "transactionStatus": "Confirmed",
            "description": f"Usage for {lead.name}.",
            "leadId": lead.id,
            "leadName": lead.name,
            "lead": {"id": lead.id, "name": lead.name},
            "createdAt": text(lead.times[places[-1]], lead.bits >> 7),
            "metadata": {
                "calls": str(sum(letter in CALLS for letter in lead.story)),
                "sms": str(sum(letter in MESSAGES for letter in lead.story)),
            },
        }
        return self._shapes.row(model, values)


def _story_sum(letters: frozenset[str], of: Callable[[str, int], int], story: str) -> int:
    return sum(of(story, place) for place, letter in enumerate(story) if letter in letters)
