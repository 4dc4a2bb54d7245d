"""The door: what can be done with a credential, as a table of contents."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError, UndocumentedCallWarning
from leadping_nb.frames import load_frame
from leadping_nb.pages import ListOptions, Page, pages
from leadping_nb.policy import Permissions, permissions
from leadping_nb.resources import Resource, find_resource, resources
from leadping_nb.session.answers import json_of
from leadping_nb.session.http import Session
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Api", "SandboxLike", "connect"]


class SandboxLike(Protocol):
    """What `connect` needs of a sandbox."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def user_token(self) -> str:
        """A user token that it accepts."""

    @property
    def revision(self) -> str:
        """The revision that it serves."""


class Api:
    """Everything a credential can read; a context manager. Made by `connect`.

    Parameters
    ----------
    session
        What asks.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def credential(self) -> Credential | None:
        """The credential it calls with."""
        return self._session.credential

    @property
    def contract(self) -> Contract:
        """The contract it goes by."""
        return self._session.contract

    @property
    def permissions(self) -> Permissions:
        """What the credential may do."""
        return permissions(self.credential, contract=self.contract)

    @property
    def resources(self) -> pd.DataFrame:
        """What can be loaded: one row a list, with its operation, columns, and who may read it."""
        return Table(
            ("name", "operation", "readable", "readers", "needs", "model", "columns", "summary"),
            tuple(self._resource_row(resource) for resource in resources(self.contract).values()),
        ).frame()

    def frame(
        self,
        name: str,
        *,
        limit: int | None = None,
        page_size: int = 200,
        filters: Mapping[str, object] | None = None,
        ranges: Mapping[str, object] | None = None,
        order_by: str | Sequence[str] = (),
        search: str | None = None,
        search_fields: Sequence[str] = (),
        params: Mapping[str, object] | None = None,
        path: Mapping[str, str] | None = None,
        on_error: Literal["warn", "raise"] = "warn",
    ) -> pd.DataFrame:
        """Load a list into a DataFrame; ``attrs["leadping"]`` says whether it is whole.

        Parameters
        ----------
        name
            A name of `resources`, such as ``leads``.
        limit
            The most rows; all unless given.
        page_size
            Rows a request; the server may give fewer.
        filters
            A value that each named field must equal.
        ranges
            Bounds of each named field: ``(from, before)`` with None for open, or a dict by ``>``, ``>=``, ``<``,
            ``<=``.
        order_by
            A field or several; a leading ``-`` is descending.
        search, search_fields
            Free text, and the fields to look in.
        params
            Query parameters of the operation, such as ``{"archiveFilter": "all"}``.
        path
            A value for each name in the operation's path, such as ``{"leadId": "…"}``.
        on_error
            When a later page fails: ``warn`` and give what came, or ``raise`` with it in ``error.frame``.

        Raises
        ------
        LeadpingError
            If the name or an option is not known, or the first page fails.
        """
        options = self._options(page_size, filters, ranges, order_by, search, search_fields, params)
        operation = self._resource(name).operation
        _check_limit(limit)
        walk = pages(self._session, operation, options=options, path=path, limit=limit)
        key_type = self.credential.key_type.value if self.credential else None
        return load_frame(
            walk, operation, contract=self.contract, options=options, limit=limit, key_type=key_type, on_error=on_error
        )

    def pages(
        self,
        name: str,
        *,
        page_size: int = 200,
        filters: Mapping[str, object] | None = None,
        ranges: Mapping[str, object] | None = None,
        order_by: str | Sequence[str] = (),
        search: str | None = None,
        search_fields: Sequence[str] = (),
        params: Mapping[str, object] | None = None,
        path: Mapping[str, str] | None = None,
    ) -> Iterator[Page]:
        """Give a list page by page, each asked for when it is needed; the parameters are those of `frame`."""
        options = self._options(page_size, filters, ranges, order_by, search, search_fields, params)
        return pages(self._session, self._resource(name).operation, options=options, path=path)

    def rows(self, name: str, **options: Any) -> Iterator[Mapping[str, object]]:
        """Give a list row by row as JSON objects; the parameters are those of `pages`."""
        return (item for page in self.pages(name, **options) for item in page.items)

    def one(self, name: str, id: str) -> dict[str, object]:
        """Give one row of a resource by its id, as the API's JSON object.

        Raises
        ------
        NotFoundError
            If there is none.
        LeadpingError
            If the resource has no call for one row.
        """
        operation = self._resource(name).one
        if operation is None:
            raise LeadpingError(f"{name} has no call for one row.", hint=f"Use api.frame({name!r}) and look in it.")
        path = {operation.path_parameters[0]: id}
        return cast("dict[str, object]", self._session.read_json(operation, path=path))

    def get(self, path: str, *, params: Mapping[str, object] | None = None) -> object:
        """Make a GET of the contract and give its JSON.

        Parameters
        ----------
        path
            A path such as ``/users/me``, or a whole address of this API; its query counts.
        params
            Further query parameters.

        Raises
        ------
        NotAllowedError
            If the contract does not know it to be a read, or denies it to the key type.
        """
        operation, values, query = self._session.find("GET", path)
        answer = self._session.read(operation, path=values, query={**query, **(params or {})})
        if answer.note:
            warnings.warn(f"{operation.id} is undocumented here {answer.note}", UndocumentedCallWarning, stacklevel=2)
        return json_of(answer)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        holder = self.credential.label if self.credential else "no credential"
        return f"<Api at {self._session.base_url} with {holder}, contract {self.contract.revision}>"

    def _resource(self, name: str) -> Resource:
        return find_resource(self.contract, name)

    def _resource_row(self, resource: Resource) -> tuple[object, ...]:
        operation = resource.operation
        model = operation.row_model or ""
        columns = list(self.contract.models.columns(model)) if model in self.contract.models else []
        readers = [
            kind.value for kind, access in operation.access.items() if kind is not None and access.verdict == "allowed"
        ]
        verdict = self.permissions.check(operation.method, operation.path).verdict
        needs = list(operation.path_parameters)
        return (resource.name, operation.id, verdict, readers, needs, model, columns, operation.summary)

    @staticmethod
    def _options(
        page_size: int,
        filters: Mapping[str, object] | None,
        ranges: Mapping[str, object] | None,
        order_by: str | Sequence[str],
        search: str | None,
        search_fields: Sequence[str],
        params: Mapping[str, object] | None,
    ) -> ListOptions:
        return ListOptions(page_size, filters or {}, ranges or {}, order_by, search, search_fields, True, params or {})


def connect(
    credential: Credential | SandboxLike | str | None,
    *,
    base_url: str | None = None,
    contract: Contract | None = None,
) -> Api:
    """Connect a credential to the API, or to a sandbox with its user token.

    Parameters
    ----------
    credential
        A credential, its text, a sandbox, or None to call without.
    base_url
        The API's address: the contract's own unless given.
    contract
        What may be called: the seed's revision, or the one that the sandbox serves, unless given.

    Raises
    ------
    CredentialError
        If the text is no credential.
    LeadpingError
        If ``base_url`` is no address that a credential may go to.

    Examples
    --------
    >>> connect("lp_example")
    <Api at https://api.leadping.ai with business key · #..., contract 2026-07-05>
    """
    if isinstance(credential, str):
        credential = Credential.from_text(credential)
    if credential is None or isinstance(credential, Credential):
        known = contract or load_contract()
        return Api(Session(credential, base_url=base_url or known.base_url, contract=known))
    known = contract or load_contract(credential.revision)
    token = Credential.from_text(credential.user_token, origin="sandbox")
    return Api(Session(token, base_url=base_url or credential.url, contract=known))


def _check_limit(limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise LeadpingError(f"limit is {limit}.", hint="It is the most rows you want: 1 or more, or None for all.")
