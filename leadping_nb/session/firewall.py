"""What is refused before a socket opens, each refusal with its rule."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from leadping_nb.arguments import TEXT, demand, told
from leadping_nb.contracts import (
    REVISIONS,
    SDK_RELEASES,
    Contract,
    Operation,
    contract as load_contract,
    write_meant_by,
)
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.identifiers import split_address
from leadping_nb.policy import Decision, decide

__all__ = [
    "OWN_API_HINT",
    "Origin",
    "admit",
    "admit_lead",
    "identify",
    "is_loopback",
    "origin_of",
    "refuse_other_meaning",
    "refuse_repeated",
]

OWN_API_HINT = "Give a path, as in /users/me; for another API connect anew: lp.connect(credential, base_url=address)."
"""What to do where an address is that of another API."""

_DEFAULT_PORTS = {"https": 443, "http": 80}
_ELSEWHERE = "Make the change in Leadping itself, or with lp.official_sdk(credential, allow_writes=True)."
_SENDS_LEADS = (
    "api.preview_lead(lead) shows what would be sent, and api.send_lead(lead, confirm=True) sends it; so can"
    " lp.official_sdk(credential, allow_writes=True)."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of an address (RFC 6454), which a credential is bound to."""

    scheme: str
    """``https``, or ``http`` on loopback."""
    host: str
    """The host in lower case."""
    port: int
    """The port, also where the address leaves it out."""

    @property
    def loopback(self) -> bool:
        """Whether it is this machine."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or literal address; nothing is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> Origin:
    """Give the origin of an API address; raise `LeadpingError` if it is none that a credential may go to.

    Examples
    --------
    >>> str(origin_of("https://api.leadping.ai/leads"))
    'https://api.leadping.ai'
    """
    if not isinstance(url, str):
        raise LeadpingError("An address is a text.", hint="Give https://api.leadping.ai, or sandbox.url of a sandbox.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise LeadpingError("This is no http or https address.", hint="Use https://api.leadping.ai or a sandbox's url.")
    if parts.username is not None or parts.password is not None:
        raise LeadpingError(
            "The address carries a user name or password.", hint="Take away everything between // and @."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise LeadpingError(
            f"A credential is not sent to {host} over plain http.", hint="Use https; only loopback may do without."
        )
    return Origin(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme])


def identify(method: str, url: str, base_url: str, contract: Contract) -> tuple[Operation, str]:
    """Give the operation that a call means, and its path below the API's address.

    Parameters
    ----------
    method
        In any case.
    url
        A path, or a whole address; its query does not count.
    base_url
        The API's address.
    contract
        Whose operations are known.

    Raises
    ------
    NotAllowedError
        If the address is not the API's own, or the contract has no such operation: nobody knows what it would do.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> found, path = identify("GET", "/leads/42", "https://api.leadping.ai", contract())
    >>> found.id, path
    ('GET /leads/{id}', '/leads/42')
    """
    demand(TEXT, method=method, path=url)
    if "://" in url and origin_of(url) != origin_of(base_url):
        raise NotAllowedError(
            f"{origin_of(url)} is not the API's origin, {origin_of(base_url)}.",
            rule="a credential goes to its own API alone",
            hint=OWN_API_HINT,
        )
    parts = split_address(url)
    path = "" if parts is None else parts.path
    local = path.removeprefix(urlsplit(base_url).path.rstrip("/")) if "://" in url else path
    operation = contract.match(method, local)
    if operation is None:
        raise NotAllowedError(
            f"What {told(method).upper()} {told(local)} does is not known: "
            f"the contract of {contract.revision} lacks it.",
            rule="only what the contract knows to be a read",
            hint=_where_it_is(method, local, contract),
        )
    return operation, local


def _where_it_is(method: str, path: str, contract: Contract) -> str:
    """Say which other revision has a call that a contract lacks, or what looks like it."""
    for revision in reversed(REVISIONS):
        if load_contract(revision).match(method, path):
            return (
                f"The contract of {revision} has it, and leadping {SDK_RELEASES[revision]} is of that revision:"
                f' lp.official_sdk(…, contract=lp.contract("{revision}")), as in lp.connect.'
            )
    nearest = contract.nearest(method, path)
    return f"Nearest: {', '.join(nearest)}." if nearest else "lp.contract().operations lists all."


def refuse_other_meaning(operation: Operation, path: str) -> None:
    """Refuse the path of a read that a server could take for a call that writes, such as an id of ``intake``.

    Parameters
    ----------
    operation
        The read that is meant.
    path
        As it would be sent, below the API's address.

    Raises
    ------
    NotAllowedError
        Before anything is sent.
    """
    write = write_meant_by(operation.method, path)
    if write is not None:
        raise NotAllowedError(
            f"{operation.id} was not sent: with this id it could be taken for {write.id}, which changes data.",
            rule="a path means one call",
            hint="Give the id as the API gave it.",
        )


def refuse_repeated(credential: Credential | None, url: str, body: bytes) -> None:
    """Refuse a read that repeats its credential where servers log it and passports keep it, such as in a search.

    Parameters
    ----------
    credential
        What it would be made with.
    url, body
        As they would be sent.

    Raises
    ------
    NotAllowedError
        Before anything is sent.
    """
    if credential is not None and (credential.reveal() in url or credential.reveal().encode() in body):
        raise NotAllowedError(
            "The request repeats the credential outside of its header, so nothing was sent.",
            rule="a credential goes into the Authorization header alone",
            hint="Leave it out of search, filters, ranges, params and path.",
        )


def admit(
    credential: Credential | None,
    operation: Operation,
    origin: Origin,
    contract: Contract,
    *,
    allow_writes: bool = False,
) -> Decision:
    """Let a call pass, or raise `NotAllowedError` with the rule and the key types that would do.

    Parameters
    ----------
    credential
        What it would be made with; None is without.
    operation
        What it is.
    origin
        Where it would go.
    contract
        Which says what the key type may do.
    allow_writes
        Whether it may change data; only reads may pass unless told.

    Returns
    -------
    Decision
        Allowed or undocumented; the latter is tried, and whoever called says so.
    """
    if operation.effect == "write" and not allow_writes:
        note = f" {operation.note}" if operation.note else ""
        raise NotAllowedError(
            f"{operation.id} changes data, and this is no read.{note}",
            rule="reads only",
            hint=_SENDS_LEADS if operation.scope == "source" else _ELSEWHERE,
        )
    if credential is not None and not origin.loopback:
        _refuse_examples(credential, origin)
    decision = decide(credential.key_type if credential else None, operation, contract)
    _refuse_denied(decision, operation)
    return decision


def admit_lead(credential: Credential | None, operation: Operation, origin: Origin, contract: Contract) -> Decision:
    """Let a lead pass, the only write that there is, or raise `NotAllowedError` with the rule.

    It takes a source key, and a POST of the contract that takes in leads. The GET that would do as well is refused: it
    puts people into addresses, and whatever lies between here and there may repeat it.

    Returns
    -------
    Decision
        Allowed.
    """
    if operation not in contract.operations or operation.effect != "write" or operation.scope != "source":
        raise NotAllowedError(
            f"{operation.id} does not take in leads, and no other write is sent from here.",
            rule="the only write is a lead",
            hint=_ELSEWHERE,
        )
    if operation.method != "POST":
        raise NotAllowedError(
            f"{operation.id} is not sent from here. {operation.note}",
            rule="a lead travels in the body of a POST",
            hint="api.send_lead sends it as POST /leads/intake, which takes the same fields.",
        )
    decision = decide(credential.key_type if credential else None, operation, contract)
    _refuse_denied(decision, operation)
    if credential is None or credential.key_type is not KeyType.SOURCE_KEY:
        raise NotAllowedError(
            f"{operation.id} was not sent: leads take a source key.",
            rule="leads take a source key",
            would_do=(KeyType.SOURCE_KEY.value,),
        )
    if not origin.loopback:
        _refuse_examples(credential, origin)
    return decision


def _refuse_denied(decision: Decision, operation: Operation) -> None:
    if decision.verdict == "denied":
        would_do = tuple(kind.value for kind in decision.would_do)
        raise NotAllowedError(
            f"{operation.id} was not sent. {decision.why}",
            rule=f"key type ({decision.certainty}): {decision.basis}",
            would_do=would_do,
            hint=f"It takes: {', '.join(would_do)}." if would_do else "No key type that we know of may make this call.",
        )


def _refuse_examples(credential: Credential, origin: Origin) -> None:
    if credential.is_placeholder:
        raise NotAllowedError(
            f"The documentation's example key is not sent to {origin}.",
            rule="placeholders stay on loopback",
            hint="Put your own key in its place, or use the sandbox.",
        )
    if not credential.is_live:
        raise NotAllowedError(
            f"A sandbox's {credential.key_type.value} is not sent to {origin}.",
            rule="sandbox keys stay on loopback",
            hint="Connect to the sandbox, or use a credential of the real API.",
        )
