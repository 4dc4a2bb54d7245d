"""A case: a failed call in its pieces, wherever they come from, and what is known of its credential."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from leadping_nb.arguments import refused
from leadping_nb.challenge import Challenge
from leadping_nb.contracts import Contract
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import ApiError, Problem
from leadping_nb.identifiers import split_address
from leadping_nb.policy import Decision
from leadping_nb.session.answers import read_problem
from leadping_nb.session.firewall import is_loopback
from leadping_nb.tokens import TokenInspection

__all__ = ["Case", "Pieces", "host_of", "pieces_of", "problem_of"]


@dataclass(frozen=True, slots=True)
class Case:
    """A failed call, with what is known of its credential."""

    method: str
    """In capitals."""
    url: str
    """The address, as it was given."""
    status: int
    """The status of the answer."""
    challenges: tuple[Challenge, ...]
    """What the header ``WWW-Authenticate`` says."""
    problem: Problem
    """What the body says."""
    credential: Credential | None
    """What the call was made with; None if it was made without."""
    decision: Decision
    """What is documented of such a call."""
    token: TokenInspection | None
    """How the credential was judged, if it is a user token."""
    contract: Contract
    """What the API takes."""

    @property
    def is_live(self) -> bool:
        """Whether the credential may open something, so that it matters who saw it."""
        return self.credential is not None and self.credential.is_live

    @property
    def is_of_sandbox(self) -> bool:
        """Whether a sandbox made the credential."""
        return self.credential is not None and not self.is_live and not self.credential.is_placeholder

    @property
    def key_type(self) -> KeyType | None:
        """The type of the credential."""
        return self.credential.key_type if self.credential else None

    @property
    def holder(self) -> str:
        """What the call was made with, in words."""
        return self.key_type.value if self.key_type else "no credential"

    @property
    def words(self) -> str:
        """What the server says, in lower case."""
        said = f"{self.problem.title or ''} {self.problem.detail or ''}".lower()
        return said + " ".join(f" {found.params.get('error_description', '')}" for found in self.challenges).lower()

    @property
    def errors(self) -> frozenset[str]:
        """The errors that the challenges name."""
        return frozenset(found.params["error"] for found in self.challenges if "error" in found.params)

    @property
    def host(self) -> str | None:
        """The host of the address; None where it has none."""
        return host_of(self.url)

    @property
    def is_here(self) -> bool:
        """Whether the call stayed on this machine, as far as its address tells."""
        return self.host is None or is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a failed call says of itself."""

    method: str = "GET"
    """As it was given."""
    url: str = ""
    """The address; empty if it is not known."""
    status: int | None = None
    """The status of the answer; None if it is not known."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer."""
    problem: Problem = field(default_factory=Problem)
    """What the body says."""


def pieces_of(failure: object) -> Pieces:
    """Take a failed call apart; a response is known by its members, so that no HTTP library is needed."""
    if failure is None:
        return Pieces()
    if isinstance(failure, ApiError):
        return Pieces(failure.method, failure.url or "", failure.status, failure.headers, failure.problem)
    status, url = getattr(failure, "status_code", None), getattr(failure, "url", None)
    if not isinstance(status, int) or url is None:
        raise refused("failure", failure, "a failed call", hint="Give an ApiError, a response, or url= and status=.")
    method = getattr(getattr(failure, "request", None), "method", None) or "GET"
    content = getattr(failure, "content", b"")
    headers = dict(getattr(failure, "headers", {}))
    return Pieces(str(method), str(url), status, headers, problem_of(content if isinstance(content, bytes) else b""))


def problem_of(body: bytes | str | Mapping[str, object]) -> Problem:
    """Read the body of an answer, whether or not it is a problem detail (RFC 9457)."""
    if isinstance(body, Mapping):
        body = json.dumps(body, default=str)
    return read_problem(body if isinstance(body, bytes) else body.encode("utf-8", "replace"))


def host_of(url: str) -> str | None:
    """Give the host of an address; None where it has none."""
    parts = split_address(url)
    return None if parts is None else parts.hostname
