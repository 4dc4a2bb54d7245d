"""A transport that sends nothing but what is on a list, whoever asks it: the last thing before the socket."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from leadping_nb.errors import NotAllowedError

__all__ = ["Confined"]


class Confined(httpx.BaseTransport):
    """Sends what is admitted, and raises `NotAllowedError` for anything else.

    Parameters
    ----------
    inner
        What sends; it stays open when this is closed, because it is somebody else's.
    admits
        Whether a method and a path may be sent; the path as it goes over the wire, without its query.
    """

    def __init__(self, inner: httpx.BaseTransport, admits: Callable[[str, str], bool]) -> None:
        self._inner = inner
        self._admits = admits

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request that is admitted."""
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        if not self._admits(request.method, path):
            raise NotAllowedError(
                f"{request.method} {path} was not sent: it is not on the list of reads that may be made here.",
                rule="only the reads that were announced",
                hint="This is a second guard below the one that chooses calls: tell us which call met it.",
            )
        return self._inner.handle_request(request)
