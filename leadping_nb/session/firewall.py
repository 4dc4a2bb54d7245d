"""What is refused before a socket opens, each refusal with its rule."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.policy import Decision, decide

__all__ = ["Origin", "admit", "admit_lead", "is_loopback", "origin_of"]

_DEFAULT_PORTS = {"https": 443, "http": 80}
_ELSEWHERE = "Make the change in Leadping itself or with the official SDK."
_SENDS_LEADS = "api.preview_lead(lead) shows what would be sent, and api.send_lead(lead, confirm=True) sends it."


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


def admit(credential: Credential | None, operation: Operation, origin: Origin, contract: Contract) -> Decision:
    """Let a read pass, or raise `NotAllowedError` with the rule and the key types that would do.

    Returns
    -------
    Decision
        Allowed or undocumented; the latter is tried, and whoever called says so.
    """
    if operation.effect == "write":
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
    if credential.is_sandbox:
        raise NotAllowedError(
            f"A sandbox key is not sent to {origin}.",
            rule="sandbox keys stay on loopback",
            hint="Connect to the sandbox, or use a key of the real API.",
        )
