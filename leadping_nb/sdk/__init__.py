"""The official SDK, called through our firewall, and what it reads as our frames; needs the extra ``sdk``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadping_nb.contracts import Contract
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError
from leadping_nb.sdk.header import KiotaHeader, kiota_header
from leadping_nb.secret import Secret, concealed
from leadping_nb.session.rate import RateLimit

if TYPE_CHECKING:
    import pandas as pd
    from leadping.leadping_open_api_client import LeadpingOpenApiClient

    from leadping_nb.frames import Backend
    from leadping_nb.terms import SandboxLike

__all__ = ["KiotaHeader", "kiota_header", "official_sdk", "sdk_frame"]


def official_sdk(
    credential: Credential | SandboxLike | Secret | str | None,
    *,
    base_url: str | None = None,
    contract: Contract | None = None,
    allow_writes: bool = False,
    rate_limit: int | RateLimit | None = 300,
) -> LeadpingOpenApiClient:
    """Give the official SDK's client, which sends what our firewall lets pass and raises our errors.

    The client is Kiota's: its builders follow the path, and its calls are awaited. The header is set below all that is
    Kiota's, for the API's own address alone; redirects are not followed; reads are asked again after 429, 502, 503 and
    504, writes never. The SDK's own exception is the ``__cause__`` of ours. It opens a connection for each request, so
    it needs no closing and works in any event loop.

    Parameters
    ----------
    credential
        A credential, its text, a sandbox, or None to call without.
    base_url
        The API's address: the contract's own, or the sandbox's, unless given.
    contract
        What may be called: the newest revision that the installed release is of, or the one that the sandbox serves,
        unless given.
    allow_writes
        Whether calls that change data may pass, such as sending a lead; each of them is made once.
    rate_limit
        How many requests are made in 60 s at most, as for `connect`.

    Raises
    ------
    LeadpingError
        If the extra is not installed, or ``base_url`` is no address that a credential may go to.
    CredentialError
        If the text is no credential.

    Examples
    --------
    >>> import asyncio
    >>> from leadping_nb.sandbox import Sandbox
    >>> with Sandbox(leads=5) as sandbox:
    ...     client = official_sdk(sandbox)
    ...     person = asyncio.run(client.users.me.get())  # in a notebook: await client.users.me.get()
    >>> person.email
    'ada@example.com'
    """
    credential = concealed(credential)
    return _bridge("client").official_client(
        credential, base_url=base_url, contract=contract, allow_writes=allow_writes, rate_limit=rate_limit
    )


def sdk_frame(
    models: object,
    model: str | None = None,
    *,
    contract: Contract | None = None,
    dtype_backend: Backend = "numpy_nullable",
) -> pd.DataFrame:
    """Make the frame that `to_frame` makes of JSON of what the official SDK read.

    Parameters
    ----------
    models
        A page of the SDK, its rows, a list of pages, or one object.
    model
        The model of one row; the one that is named as the SDK's class, where there is one, unless given.
    contract
        Whose models to use: the newest revision that the installed release is of, unless given.
    dtype_backend
        As for `to_frame`.

    Returns
    -------
    pandas.DataFrame
        One row an object, with the columns and dtypes of `api.frame`. ``attrs["leadping"]["notes"]`` says what the SDK
        may have changed, and which columns it has no members for.

    Raises
    ------
    LeadpingError
        If the extra is not installed, or the objects are none of the SDK's or of several kinds.

    Examples
    --------
    >>> from leadping.models.tag_response import TagResponse
    >>> sdk_frame([TagResponse(id="1", name="Hot")])[["id", "name", "createdAt"]].dtypes.astype(str).to_dict()
    {'id': 'str', 'name': 'str', 'createdAt': 'datetime64[ns, UTC]'}
    """
    frame: pd.DataFrame = _bridge("reading").frame_of(models, model, contract=contract, dtype_backend=dtype_backend)
    return frame


def _bridge(name: str) -> Any:
    """Load a module that needs the extra."""
    try:
        return import_module(f"leadping_nb.sdk.{name}")
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "leadping_nb":
            raise
        raise LeadpingError(
            f"The official SDK is not installed: there is no {package}.", hint='Run: pip install "leadping-nb[sdk]"'
        ) from error
