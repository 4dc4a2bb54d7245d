"""Which reads a probe makes and in which order, and why it leaves the other operations out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from typing import Final

from leadping_nb.arguments import quoted
from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.policy import VERDICTS, Decision, decide
from leadping_nb.probe.plan import DENIED, Omission, PlannedCall, ProbePlan
from leadping_nb.resources import Resource, resources
from leadping_nb.session.rate import RateLimit

__all__ = ["plan_probe"]

_EACH: Final = 0.3
"""The seconds that one call is assumed to take, before any was made."""

_MOST: Final = 8
"""How many resources are named, where one was meant and none is known."""
_FEW: Final = 3
"""How many calls are named, where one was meant and none is known."""

# The list whose first row has the value of a path parameter, where the parameter says so by its name alone.
_LIST_OF: Mapping[str, str] = {"leadId": "leads", "conversationId": "conversations"}


def plan_probe(
    contract: Contract,
    key_type: KeyType | None,
    *,
    only: str | Collection[str] | None = None,
    by_id: bool = False,
    rate: RateLimit | None = None,
) -> ProbePlan:
    """Choose the reads that a probe makes.

    They are reads by the contract's ``effect``, whatever their method, that need nothing made up: GETs, and lists with
    one row a page. What is documented as denied is left out: nothing is sent where a source says no.

    Parameters
    ----------
    contract
        The operations.
    key_type
        Who calls.
    only
        Ids of operations such as ``GET /users/me``, or names of resources such as ``leads``; all unless given.
    by_id
        Whether to read by the ids that the first rows of lists have, too.
    rate
        The limit that the calls keep to.

    Raises
    ------
    LeadpingError
        If ``only`` names something that the contract does not have.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> plan = plan_probe(contract(), KeyType.USER_TOKEN, only=["leads", "GET /leads/intake"])
    >>> [call.operation.id for call in plan.calls]
    ['POST /leads/all/my']
    """
    wanted = _wanted(contract, only)
    calls: list[PlannedCall] = []
    left_out: list[Omission] = []
    fed = _fed(contract) if by_id else {}
    for operation in contract.operations:
        decision = decide(key_type, operation, contract)
        why = "It was not asked for." if operation.id not in wanted else _why_not(operation, decision, fed)
        if why is None:
            calls.append(PlannedCall(operation, decision, fed.get(operation.id)))
        else:
            left_out.append(Omission(operation, why))
    planned = {call.operation.id for call in calls}
    for call in [call for call in calls if call.row_of is not None and call.row_of.operation.id not in planned]:
        calls.remove(call)
        left_out.append(Omission(call.operation, "The list that would give its id is not tried."))
    order = {operation.id: number for number, operation in enumerate(contract.operations)}
    left_out.sort(key=lambda omission: order[omission.operation.id])
    seconds = len(calls) * _EACH if rate is None or not calls else rate.seconds_for(len(calls), _EACH)
    limit = "" if rate is None else f"{rate.requests:,} requests in {rate.seconds:g} s"
    return ProbePlan(key_type, contract, tuple(sorted(calls, key=_rank)), tuple(left_out), seconds, limit)


def _rank(call: PlannedCall) -> tuple[bool, int, bool]:
    """Put lists before what needs their ids; then first what is documented best, because a 401 there tells most."""
    decision = call.decision
    return call.row_of is not None, VERDICTS.index(decision.verdict), decision.certainty != "stated"


# Why an operation is not tried, the first that holds; the rest is tried.
_REASONS: tuple[tuple[Callable[[Operation, Decision, Mapping[str, Resource]], bool], str], ...] = (
    (lambda operation, decision, fed: operation.effect != "read", "It changes data, and this toolkit reads."),
    (lambda operation, decision, fed: decision.verdict == "denied", DENIED),
    (
        lambda operation, decision, fed: bool(operation.path_parameters) and operation.id not in fed,
        "Its path needs a value that is not at hand.",
    ),
    (
        lambda operation, decision, fed: operation.method != "GET" and operation.paging_in != "body",
        "It is a read that needs a body, and one would have to be made up.",
    ),
    (lambda operation, decision, fed: operation.success >= 300, "It answers with a redirect, and none is followed."),
)


def _why_not(operation: Operation, decision: Decision, fed: Mapping[str, Resource]) -> str | None:
    return next((why for holds, why in _REASONS if holds(operation, decision, fed)), None)


def _fed(contract: Contract) -> dict[str, Resource]:
    """Give the operations whose path needs one id, each with a list whose rows have it."""
    fed = {
        operation.id: _feeding(operation, contract)
        for operation in contract.operations
        if len(operation.path_parameters) == 1
    }
    return {name: resource for name, resource in fed.items() if resource is not None}


def _feeding(operation: Operation, contract: Contract) -> Resource | None:
    known = resources(contract)
    name = _LIST_OF.get(operation.path_parameters[0])
    if name is not None:
        return known[name]
    able = (found for found in known.values() if not found.operation.path_parameters)
    return next((found for found in able if found.one and _is_below(operation.path, found.one.path)), None)


def _is_below(path: str, other: str) -> bool:
    return f"{path}/".startswith(f"{other}/")


def _wanted(contract: Contract, only: str | Collection[str] | None) -> frozenset[str]:
    ids = {operation.id for operation in contract.operations}
    if only is None:
        return frozenset(ids)
    known = resources(contract)
    chosen: list[object] = list(only) if isinstance(only, list | tuple | Set) else [only]
    names: list[str] = []
    for name in chosen:
        if not isinstance(name, str):
            raise LeadpingError("only= has something that is no name.", hint=f"Try {', '.join(tuple(known)[:_MOST])}.")
        if name not in known and name not in ids:
            near = _nearest_reads(contract, name) or tuple(known)[:_MOST]
            raise LeadpingError(
                f"There is nothing to probe by the name of {quoted(name)}.", hint=f"Try {', '.join(near)}."
            )
        names.append(name)
    named = [known[name] for name in names if name in known]
    by_resource = {operation.id for found in named for operation in (found.operation, found.one) if operation}
    return frozenset({*by_resource, *(name for name in names if name in ids)})


def _nearest_reads(contract: Contract, name: str) -> tuple[str, ...]:
    """Name the reads that look most like a call that the contract does not have; a write is never proposed."""
    if " " not in name:
        return ()
    near = contract.nearest(*name.split(" ", 1), count=len(contract.operations))
    return tuple(found for found in near if contract.operation(found).effect == "read")[:_FEW]
