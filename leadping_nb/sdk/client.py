"""The official client over our guarded httpx client, and its errors as ours."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, TypeVar

from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from leadping.leadping_open_api_client import LeadpingOpenApiClient

from leadping_nb.arguments import FLAG, TEXT, demand
from leadping_nb.contracts import CONTRACT, Contract
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError, ResponseError
from leadping_nb.sdk.release import contract_of_release, release
from leadping_nb.secret import Secret
from leadping_nb.session.answers import Answer, error_of
from leadping_nb.session.guarded import guarded_client
from leadping_nb.session.rate import RateLimit, rate_limit_of
from leadping_nb.terms import terms

if TYPE_CHECKING:
    import httpx
    from kiota_abstractions.request_information import RequestInformation
    from kiota_abstractions.serialization import ParsableFactory
    from opentelemetry.trace import Span

    from leadping_nb.terms import SandboxLike

__all__ = ["GuardedAdapter", "official_client"]

_Read = TypeVar("_Read")
_Errors = dict[str, "type[ParsableFactory[Any]]"] | None


def official_client(
    credential: Credential | SandboxLike | Secret | None,
    *,
    base_url: str | None = None,
    contract: Contract | None = None,
    allow_writes: bool = False,
    rate_limit: int | RateLimit | None = 300,
) -> LeadpingOpenApiClient:
    """Make the official client; the parameters and errors are those of `official_sdk`."""
    rate = rate_limit_of(rate_limit)
    demand(CONTRACT.or_none, contract=contract)
    demand(FLAG, allow_writes=allow_writes)
    demand(TEXT.or_none, base_url=base_url)
    if isinstance(credential, Secret):
        credential = Credential.from_text(credential)
    agreed = terms(credential, base_url=base_url, contract=contract, otherwise=contract_of_release)
    address = agreed.base_url.rstrip("/")
    guarded = guarded_client(
        agreed.credential, base_url=address, contract=agreed.contract, allow_writes=allow_writes, rate=rate
    )
    return LeadpingOpenApiClient(GuardedAdapter(guarded, address))


class GuardedAdapter(HttpxRequestAdapter):
    """Kiota's adapter, without a header of its own, whose errors are ours with Kiota's as their cause.

    Parameters
    ----------
    client
        What sends, and sets the header.
    base_url
        The API's address, without a slash at its end.
    """

    def __init__(self, client: httpx.AsyncClient, base_url: str) -> None:
        super().__init__(AnonymousAuthenticationProvider(), http_client=client)
        self.base_url = base_url

    async def get_http_response_message(
        self, request_info: RequestInformation, parent_span: Span, claims: str = ""
    ) -> httpx.Response:
        """Send, and say it where there is nothing that could be sent."""
        try:
            return await super().get_http_response_message(request_info, parent_span, claims)
        except (LeadpingError, Warning):
            raise
        except Exception as error:  # whatever Kiota and httpx make of an address or a body
            raise LeadpingError(
                f"{release()} could not make the request: {type(error).__name__}.",
                hint="Check the address and the options that its builder was given.",
            ) from error

    async def retry_cae_response_if_required(
        self, resp: httpx.Response, request_info: RequestInformation, claims: str
    ) -> httpx.Response:
        """Take a 401 as it is: Kiota would ask again with other claims, and there is one credential."""
        return resp

    async def throw_failed_responses(
        self, response: httpx.Response, error_map: _Errors, parent_span: Span, attribute_span: Span
    ) -> None:
        """Raise our error for an answer without success, and for a redirect, which Kiota takes for an answer."""
        request = response.request
        answer = Answer(
            request.method, str(request.url), response.status_code, dict(response.headers), response.content
        )
        try:
            await super().throw_failed_responses(response, error_map, parent_span, attribute_span)
        except APIError as error:
            raise error_of(answer, scrub=str, now=time.time()) from error
        if response.has_redirect_location:
            raise error_of(answer, scrub=str, now=time.time())

    async def send_async(self, request_info: RequestInformation, parsable_factory: Any, error_map: _Errors) -> Any:
        """Send, and read one object."""
        return await _read(super().send_async(request_info, parsable_factory, error_map), request_info)

    async def send_collection_async(
        self, request_info: RequestInformation, parsable_factory: Any, error_map: _Errors
    ) -> Any:
        """Send, and read a list of objects."""
        return await _read(super().send_collection_async(request_info, parsable_factory, error_map), request_info)

    async def send_primitive_async(
        self, request_info: RequestInformation, response_type: str, error_map: _Errors
    ) -> Any:
        """Send, and read a number, a text or bytes."""
        return await _read(super().send_primitive_async(request_info, response_type, error_map), request_info)


async def _read(reading: Awaitable[_Read], request_info: RequestInformation) -> _Read:
    """Await what the SDK reads, and say it where it could not."""
    try:
        return await reading
    except (LeadpingError, Warning):
        raise
    except Exception as error:  # what generated code raises over an answer has no common class
        method = request_info.http_method.value if request_info.http_method else "a call"
        raise ResponseError(
            f"{release()} could not read the answer to {method} {request_info.url}: {type(error).__name__}.",
            url=request_info.url,
            hint="The answer came. lp.connect reads the same call without the SDK: api.get, api.frame, api.one.",
        ) from error
