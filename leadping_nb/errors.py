"""Every error of the toolkit, each with a hint that says what to do next.

::

    LeadpingError
    ├── CredentialError        a text that is no usable credential
    ├── NotAllowedError        refused here, before anything was sent
    ├── InvalidLeadError       a lead with problems, refused here before anything was sent
    ├── PagingError            a list that does not end as lists must
    ├── TransportError         could not try: no connection, timeout, TLS
    │   └── LeadMaybeSentError     a lead that may have arrived, or may not
    └── ResponseError          tried, and the answer is not what it should be
        └── ApiError           the API answered with an error status
            ├── UnauthorizedError      401
            ├── ForbiddenError         403
            ├── NotFoundError          404, 410
            ├── RateLimitedError       429
            ├── InvalidRequestError    other 4xx
            └── ServerError            5xx

No message holds a credential or a piece of one.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "ApiError",
    "CredentialError",
    "ForbiddenError",
    "IncompleteFrameWarning",
    "InvalidLeadError",
    "InvalidRequestError",
    "LeadMaybeSentError",
    "LeadpingError",
    "LeadsUnsentWarning",
    "NotAllowedError",
    "NotFoundError",
    "PagingError",
    "Problem",
    "RateLimitedError",
    "Reason",
    "ResponseError",
    "ServerError",
    "TransportError",
    "UnauthorizedError",
    "UndocumentedCallWarning",
]

Reason = Literal["address", "redirect", "size", "encoding", "time", "content"]
"""Why no document came from an address: an unsafe address, a redirect that is not followed, too many bytes, compression
that was not asked for or is broken, no answer in time, or content that is no document."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server said about a failure, in the members of RFC 9457."""

    type: str | None = None
    """A URI for the kind of problem."""
    title: str | None = None
    """A short sentence for the kind of problem."""
    status: int | None = None
    """The status that the body names, which may differ from the answer's own."""
    detail: str | None = None
    """A sentence about this occurrence."""
    instance: str | None = None
    """A URI for this occurrence."""
    extensions: Mapping[str, object] = field(default_factory=dict)
    """Every other member, such as ``errors`` and ``traceId`` of later revisions."""


class LeadpingError(Exception):
    """What every error of the toolkit is; catch this to catch them all.

    Parameters
    ----------
    message
        One sentence that says what happened.
    hint
        What to do next; each class has a default.
    reason
        Why no document came, as a word to compare; None where it is about anything else.

    Examples
    --------
    >>> error = LeadpingError("This is no http or https address.")
    >>> print(error.hint)
    Read the message, then run the cell again.
    """

    hint: str = "Read the message, then run the cell again."

    message: str = ""
    """What happened; empty where a subclass does not say it."""

    reason: Reason | None = None
    """Why no document came, where that is what happened."""

    frame: object = None
    """What came before a load failed, as a DataFrame, where the error ended one."""

    def __init__(self, message: str, *, hint: str | None = None, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return f"{self.message or super().__str__()} {self.hint}"

    def _render_traceback_(self) -> list[str]:
        """Say what IPython is to show: the reader's own lines and not ours."""
        from leadping_nb.tracebacks import rendered  # seldom needed

        return rendered(self)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        """Come back as it was from another process; by the message alone, which Python would give, few can be made."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # no stub has it


class CredentialError(LeadpingError):
    """A text that is no usable credential; the message never repeats it."""

    hint = "Copy the whole credential again from where it was issued."


class NotAllowedError(LeadpingError):
    """A call that was refused before anything left this machine.

    ``rule`` names the rule; ``would_do`` are the names of the key types that could make the call.
    """

    hint = "Use a credential of a type that may make this call; lp.permissions(credential) lists them."

    def __init__(
        self,
        message: str,
        *,
        rule: str,
        would_do: tuple[str, ...] = (),
        hint: str | None = None,
        reason: Reason | None = None,
    ) -> None:
        super().__init__(message, hint=hint, reason=reason)
        self.rule = rule
        self.would_do = would_do


class InvalidLeadError(LeadpingError):
    """A lead that has problems, refused before anything left this machine; ``check`` names them."""

    hint = "Mend what it names; lp.check_lead(lead) shows all of it."

    def __init__(self, message: str, *, check: object, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.check = check


class PagingError(LeadpingError):
    """A list that does not end as lists must; what came before it is not lost."""

    hint = "Load with a limit, and tell support which list it was."


class TransportError(LeadpingError):
    """The request could not be made or its answer did not arrive."""

    hint = "Check the address and the network, then run the cell again."


class LeadMaybeSentError(TransportError):
    """A lead whose answer did not come, or said nothing: it may have been taken in, and is not sent again."""

    hint = (
        "Look before you send again, with a user token or a business key: a lead that arrived is in api.frame('leads')."
    )


class ResponseError(LeadpingError):
    """An answer that is not JSON or not of the shape that was promised."""

    hint = "Check that base_url is the API's own address and not a website or a proxy."

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        url: str | None = None,
        headers: Mapping[str, str] | None = None,
        hint: str | None = None,
        reason: Reason | None = None,
    ) -> None:
        super().__init__(message, hint=hint, reason=reason)
        self.status = status
        self.url = url
        self.headers: Mapping[str, str] = dict(headers or {})


class ApiError(ResponseError):
    """The API answered ``method`` with an error status; ``problem`` is what it said, by RFC 9457."""

    hint = "Read what the server said, then change the call."

    def __init__(
        self,
        message: str,
        *,
        status: int,
        url: str,
        problem: Problem,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, status=status, url=url, headers=headers, hint=hint)
        self.method = method
        self.problem = problem


class UnauthorizedError(ApiError):
    """401: the credential is missing, unknown, expired or not for this API.

    ``challenges`` are those of ``WWW-Authenticate``; ``resource_metadata`` is where discovery would go on.
    """

    hint = "Check that the credential is whole and has not expired; lp.discover(api.base_url) shows who issues it."

    def __init__(
        self,
        message: str,
        *,
        status: int,
        url: str,
        problem: Problem,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        challenges: tuple[object, ...] = (),
        resource_metadata: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, status=status, url=url, problem=problem, method=method, headers=headers, hint=hint)
        self.challenges = challenges
        self.resource_metadata = resource_metadata


class ForbiddenError(ApiError):
    """403: the credential is known but may not do this."""

    hint = "lp.permissions(credential) says what this key type may do; roles and sources may narrow it."


class NotFoundError(ApiError):
    """404 or 410: there is nothing, or nothing any more, at this address."""

    hint = "Check the id and the path; it may also belong to another business."


class RateLimitedError(ApiError):
    """429: the API asked us to slow down; ``retry_after`` is in seconds, or None if it did not say."""

    hint = "Wait, then run the cell again; the API counts 300 requests per 60 seconds."

    def __init__(
        self,
        message: str,
        *,
        status: int,
        url: str,
        problem: Problem,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, status=status, url=url, problem=problem, method=method, headers=headers, hint=hint)
        self.retry_after = retry_after


class InvalidRequestError(ApiError):
    """Another 4xx: the API did not accept what was asked."""

    hint = "Change the call; a request that was refused with 400 should not be repeated unchanged."


class ServerError(ApiError):
    """5xx: the API failed."""

    hint = "Try again in a minute; nothing was wrong with the call as far as the answer says."


class IncompleteFrameWarning(UserWarning):
    """A frame that does not hold all that was there; its passport says why."""


class LeadsUnsentWarning(UserWarning):
    """Leads of a table that were not sent, or of which nobody knows; the frame of results says which and why."""


class UndocumentedCallWarning(UserWarning):
    """A call that no source allows or denies to the key type; it was tried."""
