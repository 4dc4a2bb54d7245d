"""A call to be shown, and the code that shows it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import KeyType

__all__ = ["VARIABLE", "Call", "Snippet"]

VARIABLE: Mapping[KeyType, str] = {
    KeyType.USER_TOKEN: "LEADPING_USER_TOKEN",
    KeyType.BUSINESS_API_KEY: "LEADPING_API_KEY",
    KeyType.ORGANIZATION_API_KEY: "LEADPING_API_KEY",
    KeyType.SOURCE_KEY: "LEADPING_SOURCE_KEY",
}
"""The environment variable that holds a credential of each type."""


class Snippet(str):
    """The code of one call: a text that shows itself as code, in a terminal and in a notebook.

    Examples
    --------
    >>> Snippet("curl --version")
    curl --version
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre><code>{html.escape(self)}</code></pre>"


@dataclass(frozen=True, slots=True)
class Call:
    """One call in all that its code needs; the credential is not in it."""

    operation: Operation
    """What is called."""
    contract: Contract
    """Where it stands."""
    base_url: str
    """The API's address."""
    path: Mapping[str, str]
    """The values in its path, by name."""
    url: str
    """Its whole address, with the query."""
    has_query: bool
    """Whether the address has a query."""
    body: object
    """What is sent as JSON; None where nothing is."""
    key_type: KeyType | None
    """The type of the credential; None for a call without."""
    remarks: tuple[str, ...] = ()
    """What whoever runs it should know, in sentences."""

    @property
    def variable(self) -> str | None:
        """The environment variable that holds the credential."""
        return None if self.key_type is None else VARIABLE[self.key_type]

    @property
    def comments(self) -> list[str]:
        """The remarks as lines of a shell or of Python."""
        return [f"# {remark}" for remark in self.remarks]
