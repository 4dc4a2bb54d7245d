"""The code of the permissions card: the lines that do the same without it, and each operation as a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from leadping_nb.contracts import Operation
from leadping_nb.credential import VARIABLES, Credential, KeyType
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.policy import Permissions
from leadping_nb.snippets import Caller, Kind, snippet
from leadping_nb.widgets.code import Requests, in_all_forms, on_a_sandbox

if TYPE_CHECKING:
    from leadping_nb.api import Api

__all__ = ["lines_of", "request_of", "subject_of"]

_SENDS: Final = "It changes data: each time that this code is run, it sends a lead."
_FROM_ENVIRONMENT: Final = f"""\
# {", ".join(VARIABLES[:-1])} or {VARIABLES[-1]}
credential = lp.Credential.from_env()"""
_SANDBOX_KEYS: Final[Mapping[KeyType | None, str]] = {
    KeyType.USER_TOKEN: "user_token",
    KeyType.BUSINESS_API_KEY: "business_key",
    KeyType.SOURCE_KEY: "source_key",
}
_CODE: Final = """\
import leadping_nb as lp

{note}{subject}
permissions = lp.permissions(credential, contract=lp.contract("{revision}"))
permissions.frame"""
_CODE_OBSERVED: Final = """\
import leadping_nb as lp

{note}{subject}
contract = lp.contract("{revision}")
with lp.connect(credential, base_url="{base_url}", contract=contract) as api:
    probe = api.probe(confirm=True)
permissions = lp.permissions(credential, contract=contract, observed=probe)
permissions.frame"""


def subject_of(whose: Credential | KeyType | None) -> str:
    """Give the line of code that names whose permissions they are.

    Examples
    --------
    >>> subject_of(KeyType.SOURCE_KEY)
    'credential = lp.KeyType.SOURCE_KEY'
    """
    if whose is None:
        return "credential = None  # a call without a credential"
    return f"credential = lp.KeyType.{whose.name}" if isinstance(whose, KeyType) else _FROM_ENVIRONMENT


def lines_of(shown: Permissions, subject: str, api: Api | None) -> str:
    """Give the few lines that do the same without the card.

    Parameters
    ----------
    shown
        What the card shows.
    subject
        The line that names whose permissions they are.
    api
        The connection that the card was made with.
    """
    seen = shown.observed
    address = seen.base_url if seen is not None else api.base_url if api is not None else ""
    key = _SANDBOX_KEYS.get(shown.key_type) if subject == _FROM_ENVIRONMENT else None
    note = on_a_sandbox(f"credential = lp.Credential.from_text(sandbox.{key})", address if key else None)
    code = _CODE if seen is None else _CODE_OBSERVED
    return code.format(note=note, subject=subject, revision=shown.contract.revision, base_url=address)


def request_of(name: object, shown: Permissions, api: Api | None) -> Requests:
    r"""Give an operation as a request.

    One that is documented as denied is given with a warning, because whoever looks into a 403 wants to repeat it. One
    that changes data is not given, unless it sends a lead.

    Parameters
    ----------
    name
        The operation's id, as the page sent it.
    shown
        What the card shows.
    api
        The connection whose last calls fill it in; at the contract's own address without one.

    Raises
    ------
    LeadpingError
        If there is no such operation.

    Examples
    --------
    >>> from leadping_nb.policy import permissions
    >>> print(request_of("GET /tags", permissions(KeyType.BUSINESS_API_KEY), None).forms["curl"])
    curl --silent --show-error --globoff --request GET https://api.leadping.ai/tags \
      --header "Authorization: Bearer $LEADPING_API_KEY"
    """
    found = next((pair for pair in shown if pair[0].id == name), None)
    if found is None:
        raise LeadpingError("There is no such operation.", hint="Choose one of those that the card shows.")
    operation, decision = found
    notes = [] if decision.verdict == "allowed" else [f"{decision.verdict.capitalize()}: {decision.why}"]
    try:
        forms = in_all_forms(lambda kind: _written(operation, kind, shown, api))
    except NotAllowedError as refusal:
        return Requests(operation.id, operation.effect, notes=(*notes, f"{refusal.message} {refusal.hint}"))
    notes += [_SENDS] if operation.effect == "write" else []
    return Requests(operation.id, operation.effect, forms, tuple(notes))


def _written(operation: Operation, kind: Kind, shown: Permissions, api: Api | None) -> str:
    if api is not None:
        return api.snippet(operation.method, operation.path, as_=kind)
    caller = Caller(shown.key_type, shown.contract, shown.contract.base_url)
    return snippet(caller, operation.method, operation.path, as_=kind)
