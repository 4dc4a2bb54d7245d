"""What the API does with a call: which operation it means, whether it may, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadping_nb.intake.form import form_of
from leadping_nb.sandbox import bodies
from leadping_nb.sandbox.answers import Answer, Call, json_answer, path_values, problem, too_many
from leadping_nb.sandbox.faults import Setting
from leadping_nb.sandbox.limits import Limits, partition
from leadping_nb.sandbox.lists import InvalidOptions, read
from leadping_nb.sandbox.replay import NotRecorded

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract, Operation
    from leadping_nb.credential import KeyType
    from leadping_nb.sandbox.clock import Clock
    from leadping_nb.sandbox.documents import Addresses
    from leadping_nb.sandbox.faults import Faults
    from leadping_nb.sandbox.keys import Identity
    from leadping_nb.sandbox.log import Log
    from leadping_nb.sandbox.replay import Replay
    from leadping_nb.sandbox.world import World

__all__ = ["Operations", "may_call"]

_PAGING = ("continuationtoken", "pagesize")


class Operations:
    """Answer the operations of a contract.

    Parameters
    ----------
    contract
        The operations.
    world
        The data, made up or recorded.
    limits
        The rate limits.
    clock
        The clock.
    faults
        What may go wrong.
    log
        Where leads that came in are kept.
    addresses
        Where everything is, for challenges and redirects.
    """

    def __init__(
        self,
        contract: Contract,
        world: World | Replay,
        *,
        limits: Limits,
        clock: Clock,
        faults: Faults,
        log: Log,
        addresses: Addresses,
    ) -> None:
        self._contract = contract
        self._world = world
        self._limits = limits
        self._clock = clock
        self._faults = faults
        self._log = log
        self._addresses = addresses
        self._names_fields = "errors" in contract.models["ProblemDetails"].fields
        self._challenge = {"WWW-Authenticate": f'Bearer resource_metadata="{addresses.resource_metadata}"'}

    def find(self, call: Call) -> Operation | None:
        """Find the operation that a call means, or None."""
        return self._contract.match(call.method, self._contract.base_url + call.path)

    def answer(self, call: Call, operation: Operation, identity: Identity | None) -> Answer:
        """Answer a call: first the limit, then the credential, its type, and only then what was asked."""
        instead = self._faults.instead(call, Setting(self._clock.now(), self._addresses), is_operation=True)
        if instead is not None:
            return instead
        source = (
            None if identity is None or identity.source_id is None else self._world.source_states.of(identity.source_id)
        )
        counted = identity if source is None or source.enabled else None  # one that is off counts for its address
        wait = self._limits.wait(partition(counted, operation, call.client))
        if wait is not None:
            return too_many(retry_after=str(wait))
        refusal = self._refusal(call, operation, identity)
        if refusal is not None:
            return refusal
        try:
            if operation.scope == "source" and identity is not None and identity.source_id is not None:
                return self._take_lead(call, operation, identity.source_id)
            if operation.effect == "write":
                return problem(501, "The sandbox does not do this write; it only takes in leads.", path=call.path)
            return self._read(call, operation)
        except (bodies.BodyError, InvalidOptions) as error:
            errors = error.errors if isinstance(error, bodies.BodyError) and self._names_fields else None
            return problem(400, str(error), path=call.path, errors=errors)
        except NotRecorded as error:
            return problem(error.status, str(error), path=call.path)
        except KeyError:
            return problem(404, "There is nothing with this id in this business.", path=call.path)

    def elsewhere(self, call: Call) -> Answer:
        """Answer a call that means no operation: 405 if only the method is wrong, else 404."""
        methods = ("GET", "POST", "PUT", "PATCH", "DELETE")
        url = self._contract.base_url + call.path
        allowed = [method for method in methods if self._contract.match(method, url) is not None]
        if not allowed:
            return problem(404, "The API has nothing at this path.", path=call.path)
        allow = {"Allow": ", ".join([*allowed, "OPTIONS"])}
        if call.method == "OPTIONS":
            return Answer(204, b"", None, allow)
        return problem(405, f"This path takes {' and '.join(allowed)}.", path=call.path, headers=allow)

    def _refusal(self, call: Call, operation: Operation, identity: Identity | None) -> Answer | None:
        if may_call(None if identity is None else identity.key_type, operation):
            return None
        if identity is None:
            sent = "is not known, has expired or is not for this API" if call.authorization else "is missing"
            return problem(401, f"The credential {sent}.", path=call.path, headers=self._challenge)
        kind = identity.key_type.value
        article = "An" if kind[0] in "aeio" else "A"
        return problem(403, f"{article} {kind} may not make this call.", path=call.path)

    def _take_lead(self, call: Call, operation: Operation, source_id: str) -> Answer:
        models, source = self._contract.models, self._world.source_states.of(source_id)
        if source.refusal is not None:
            return problem(403, source.refusal, path=call.path)
        structured = operation.request_model == "LeadRequest"
        if operation.method == "GET":
            payload = bodies.payload_from_query(call.query, models)
            bodies.check(payload, "LeadIntakeRequest", models)
        else:
            payload = bodies.read_object(call.body, required=True)
            bodies.check(payload, operation.request_model, models)
        lacking = source.lacking(payload, form_of("structured" if structured else "flat", self._contract).fields)
        if lacking is not None:
            raise bodies.BodyError([f"{lacking} is needed: the source demands TrustedForm."])
        lead = self._world.add_lead(payload, structured=structured, at=self._clock.now(), source_id=source_id)
        self._log.add_lead(lead)
        return json_answer(lead, status=operation.success)

    def _read(self, call: Call, operation: Operation) -> Answer:
        path = path_values(operation, call.path)
        if operation.is_list:
            rows = self._world.rows(operation, path, call.query)
            return json_answer(self._page(call, operation, rows) if operation.paged else list(rows))
        sent: dict[str, Any] = {}
        if operation.request_model is not None:
            sent = bodies.read_object(call.body)
            bodies.check(sent, operation.request_model, self._contract.models)
        found = self._world.one(operation, path, call.query, sent)
        if operation.success == 302:
            return self._redirect(call)
        if isinstance(found, bytes):
            is_json = found[:1] in (b"{", b"[")
            return Answer(operation.success, found, "application/json" if is_json else "text/csv; charset=utf-8")
        return json_answer(found, status=operation.success)

    def _page(self, call: Call, operation: Operation, rows: Any) -> dict[str, Any]:
        models = self._contract.models
        options = bodies.options_from_query(operation, call.query, models)
        if operation.paging_in == "body":
            options = {**options, **bodies.read_object(call.body)}
        # A cursor is good for the list that gave it and no other; the query narrows the list, but for its paging.
        narrowed = sorted((name, *values) for name, values in call.query.items() if name.lower() not in _PAGING)
        signing = f"{operation.id} {call.path} {narrowed}".encode()
        reading = read(rows, options, columns=models.columns(str(operation.item_model)), signing=signing)
        return self._faults.page(reading, call.path)

    def _redirect(self, call: Call) -> Answer:
        url = f"{self._addresses.website}/downloads/export"
        if call.query.get("redirect", ("",))[-1].lower() == "false":
            return json_answer({"url": url})
        return Answer(302, b"", None, {"Location": url})


def may_call(key_type: KeyType | None, operation: Operation) -> bool:
    """Say whether the sandbox lets a key type call an operation.

    What the sources leave open is refused, but for public operations: those are open to all but source keys.

    Parameters
    ----------
    key_type
        The key type; None for no credential or one that is not known.
    operation
        The operation.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> from leadping_nb.credential import KeyType
    >>> may_call(KeyType.SOURCE_KEY, contract().operation("POST /leads"))
    True
    """
    access = operation.access.get(key_type)
    if access is not None and access.verdict != "undocumented":
        return access.verdict == "allowed"
    return operation.access[None].verdict == "allowed"
