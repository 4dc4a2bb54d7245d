"""A transport that sets the header with the credential, below everything that could see it."""

from __future__ import annotations

import httpx

from leadping_nb.credential import Credential
from leadping_nb.errors import NotAllowedError
from leadping_nb.session.firewall import OWN_API_HINT, Origin, origin_of

__all__ = ["Authorizing"]


class Authorizing(httpx.BaseTransport):
    """Sets ``Authorization`` below httpx's hooks, and lets no frame that held it out in a traceback."""

    def __init__(self, inner: httpx.BaseTransport, credential: Credential | None, origin: Origin) -> None:
        self._inner = inner
        self._credential = credential
        self._origin = origin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with the header, to its own origin alone."""
        if self._credential is None:
            return self._inner.handle_request(request)
        if origin_of(str(request.url)) != self._origin:
            raise NotAllowedError(
                f"{request.url.host} is not the API's origin.",
                rule="a credential goes to its own API alone",
                hint=OWN_API_HINT,
            )
        authorized = httpx.Request(
            request.method,
            request.url,
            headers=[*request.headers.raw, (b"Authorization", f"Bearer {self._credential.reveal()}".encode("ascii"))],
            stream=request.stream,
            extensions=request.extensions,
        )
        try:
            return self._inner.handle_request(authorized)
        except BaseException as error:  # also Ctrl-C: the frames below hold the header in their locals
            failure = error.with_traceback(None)
            failure.__cause__ = failure.__context__ = None
        raise failure

    def close(self) -> None:
        """Close what sends."""
        self._inner.close()
