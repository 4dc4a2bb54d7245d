"""The API's operations as data, one contract a revision, and which of them a call means."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import unquote

from leadping_nb.arguments import TEXT, Wanted, demand, quoted, told, whole
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import split_address
from leadping_nb.lasting import Lasting
from leadping_nb.models import Field, Models, models

__all__ = [
    "CONTRACT",
    "REVISIONS",
    "SDK_RELEASES",
    "Access",
    "Contract",
    "Operation",
    "Parameter",
    "contract",
    "contract_or_seed",
    "row_columns",
    "write_meant_by",
]

REVISIONS = ("2026-07-05", "2026-10-26")
"""The revisions that ship with the package: the seed's first, the newest known last."""

SDK_RELEASES: Mapping[str, str] = {"2026-07-05": "1.0.13", "2026-10-26": "1.0.83"}
"""The release of the official SDK that each revision is tried with."""

Verdict = Literal["allowed", "denied", "undocumented"]
Certainty = Literal["stated", "inferred"]

# Which column of the contract data speaks for a key type; a type that is missing is one of another revision.
_COLUMNS: Mapping[str, tuple[KeyType | None, ...]] = {
    "2026-07-05": (KeyType.USER_TOKEN, KeyType.BUSINESS_API_KEY, KeyType.SOURCE_KEY, None),
    "2026-10-26": (KeyType.USER_TOKEN, KeyType.ORGANIZATION_API_KEY, KeyType.SOURCE_KEY, None),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What the sources say of one key type on one operation."""

    verdict: Verdict
    """``allowed``, ``denied`` or ``undocumented``."""
    certainty: Certainty
    """``stated`` where a source says so, ``inferred`` where it is read out of several."""
    basis: str
    """The sources."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter of an operation."""

    name: str
    """Its name on the wire."""
    type: str
    """Its JSON type."""
    format: str | None
    """Its format, such as ``date-time``."""
    required: bool = False
    """Whether the call is not valid without it."""


@dataclass(frozen=True, slots=True)
class Operation(Lasting):
    """One call of the API."""

    method: str
    """The method of RFC 9110, in capitals."""
    path: str
    """The path below the API's address, with its leading slash and its templates in braces."""
    group: str
    """The first part of the path, which the API groups by."""
    summary: str
    """What it does, in a sentence."""
    effect: Literal["read", "write"]
    """What the call does to the data, whatever its method."""
    scope: str
    """Whom it works for; ``Contract.scopes`` explains each."""
    response_kind: str
    """``object``, ``list``, ``paged``, ``primitive:…`` or ``none``."""
    access: Mapping[KeyType | None, Access] = field(repr=False)
    """What each key type may; None stands for a call without a credential."""
    statuses: tuple[int, ...] = ()
    """The statuses that sources name, of successes and errors; without a success where none names one."""
    note: str | None = None
    """Why the effect is what it is, where the method would mislead."""
    request_model: str | None = None
    """The model of the body, or None."""
    request_type: str | None = None
    """The media type of the body, or None where there is no body."""
    requires_body: bool = False
    """Whether the call is not valid without a body."""
    response_model: str | None = None
    """The model of the answer, or of one element where the answer is a list."""
    item_model: str | None = None
    """The model of one row, where it is paged."""
    paging_in: str | None = None
    """Where paging is asked for: ``body`` (RequestDataOptions), ``query``, or None."""
    query: tuple[Parameter, ...] = ()
    """Its query parameters."""

    def __repr__(self) -> str:
        return f"<Operation {self.id} ({self.effect}): {self.summary}>"

    @property
    def id(self) -> str:
        """Method and path, which name the operation."""
        return f"{self.method} {self.path}"

    @property
    def success(self) -> int:
        """The status of a success: 200 where no source names one."""
        return next((status for status in self.statuses if status < HTTPStatus.BAD_REQUEST), HTTPStatus.OK.value)

    @property
    def paged(self) -> bool:
        """Whether it answers page by page."""
        return self.paging_in is not None

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def row_model(self) -> str | None:
        """The model of one row of a list, paged or bare."""
        return self.item_model or (self.response_model if self.response_kind == "list" else None)

    @property
    def is_list(self) -> bool:
        """Whether it answers with rows, paged or bare."""
        return self.paged or self.response_kind == "list"


@dataclass(frozen=True, slots=True, eq=False)
class Contract(Lasting):
    """All operations of one revision."""

    revision: str
    """The revision's date."""
    base_url: str
    """The address of the real API."""
    derived_from: str
    """The source of the operations."""
    scopes: Mapping[str, str] = field(repr=False)
    """What each scope means."""
    operations: tuple[Operation, ...] = field(repr=False)
    """The operations, by group and path."""

    @property
    def models(self) -> Models:
        """The models of the same revision."""
        return models(self.revision)

    @property
    def key_types(self) -> frozenset[KeyType]:
        """The key types that this revision knows."""
        return frozenset(kind for kind in _COLUMNS[self.revision] if kind is not None)

    def operation(self, identifier: str) -> Operation:
        """Give the operation of that ``METHOD /path``; raise `LeadpingError` if there is none."""
        demand(TEXT, identifier=identifier)
        for operation in self.operations:
            if operation.id == identifier:
                return operation
        near = self.nearest(*identifier.split(" ", 1))
        raise LeadpingError(
            f"The contract of {self.revision} has no operation {told(identifier)}.",
            hint=f"Nearest: {', '.join(near)}." if near else "lp.contract().operations lists all, as METHOD /path.",
        )

    def match(self, method: str, url: str) -> Operation | None:
        """Find the operation that a call means, or None.

        Parameters
        ----------
        method
            In any case.
        url
            A path or an absolute address; query and fragment do not count. Literal parts win over templates.

        Examples
        --------
        >>> contract().match("get", "https://api.leadping.ai/leads/42?x=1").path
        '/leads/{id}'
        >>> contract().match("GET", "/leads/intake").path
        '/leads/intake'
        """
        demand(TEXT, method=method, url=url)
        parts = _parts(url)
        fitting = [
            operation
            for operation in self.operations
            if operation.method == method.upper() and _fits(parts, _parts(operation.path))
        ]
        # A literal part sorts before a template, from the left: /leads/intake before /leads/{id}.
        return min(fitting, key=lambda found: [part.startswith("{") for part in _parts(found.path)], default=None)

    def nearest(self, method: str, url: str = "", *, count: int = 3) -> tuple[str, ...]:
        """Name the operations whose method and path look most like a call that matched none."""
        demand(TEXT, method=method, url=url)
        count = whole("count", count, least=1)
        wanted = f"{method.upper()} /{'/'.join(_parts(url))}"
        same_path = [operation.id for operation in self.operations if _fits(_parts(url), _parts(operation.path))]
        close = difflib.get_close_matches(wanted, [operation.id for operation in self.operations], n=count, cutoff=0.5)
        return tuple(dict.fromkeys((*same_path[:1], *close, *same_path)))[:count]


def contract(revision: str = REVISIONS[0]) -> Contract:
    """Load the contract of a revision: the seed's unless another is named.

    Parameters
    ----------
    revision
        One of `REVISIONS`.

    Returns
    -------
    Contract
        The same object at every call.

    Raises
    ------
    LeadpingError
        If the package has no such revision.

    Examples
    --------
    >>> len(contract().operations), len(contract("2026-10-26").operations)
    (121, 150)
    """
    demand(TEXT, revision=revision)
    if revision not in REVISIONS:
        raise LeadpingError(
            f"There is no contract of revision {quoted(revision)}.", hint=f"The package has {' and '.join(REVISIONS)}."
        )
    return _contract(revision)


def contract_or_seed(given: Contract | None) -> Contract:
    """Give a contract that an argument may name: the seed's for None.

    Raises
    ------
    LeadpingError
        If it is neither.

    Examples
    --------
    >>> contract_or_seed(None).revision
    '2026-07-05'
    """
    demand(CONTRACT.or_none, contract=given)
    return contract() if given is None else given


CONTRACT: Final = Wanted.of(
    Contract, what="a contract", hint='Make one by lp.contract(), or lp.contract("2026-10-26").'
)


def row_columns(operation: Operation, contract: Contract) -> Mapping[str, Field]:
    """Give the flat columns that each row of a list has by its model; none where no model says.

    Examples
    --------
    >>> list(row_columns(contract().operation("GET /tags"), contract()))[:2]
    ['archivedAt', 'businessId']
    """
    model = operation.row_model
    return contract.models.columns(model) if model is not None and model in contract.models else {}


@cache
def _contract(revision: str) -> Contract:
    data = json.loads((files("leadping_nb") / "data" / f"contract-{revision}.json").read_text(encoding="utf-8"))
    columns, reasons = _COLUMNS[revision], data["reasons"]
    operations = tuple(
        Operation(
            method=row["method"],
            path=row["path"],
            group=row["group"],
            summary=row["summary"],
            effect=row["effect"],
            scope=row["scope"],
            response_kind=row["kind"],
            access=MappingProxyType(
                {
                    kind: Access(verdict, certainty, reasons[basis])
                    for kind, (verdict, certainty, basis) in zip(columns, row["access"], strict=True)
                }
            ),
            statuses=tuple(data["statuses"][row["statuses"]]),
            note=row.get("note"),
            request_model=row.get("request"),
            request_type=_request_type(row),
            requires_body=_request_type(row) is not None and not row.get("body_optional"),
            response_model=row.get("response"),
            item_model=row.get("item"),
            paging_in=row.get("paging"),
            query=tuple(Parameter(*entry) for entry in row.get("query", ())),
        )
        for row in data["operations"]
    )
    return Contract(
        data["revision"], data["base_url"], data["derived_from"], MappingProxyType(data["scopes"]), operations
    )


def _request_type(row: Mapping[str, str]) -> str | None:
    return row.get("media", "application/json" if "request" in row else None)


def write_meant_by(method: str, path: str) -> Operation | None:
    """Give the call that writes which a path could mean to a server, by any spelling and in any known revision.

    A server may be lenient with capitals and escapes, and older than the contract that it is judged by.

    Examples
    --------
    >>> write_meant_by("GET", "/leads/Intake").id
    'GET /leads/intake'
    >>> write_meant_by("GET", "/leads/42") is None
    True
    """
    spellings = {path, path.lower(), unquote(path), unquote(path).lower()}
    meant = (contract(revision).match(method, spelling) for revision in REVISIONS for spelling in spellings)
    return next((operation for operation in meant if operation is not None and operation.effect == "write"), None)


def _parts(url: str) -> list[str]:
    parts = split_address(url)
    return [] if parts is None else parts.path.strip("/").split("/")


def _fits(parts: list[str], template: list[str]) -> bool:
    if len(parts) != len(template) or ".." in parts or "." in parts:
        return False
    return all(
        wanted == part or (wanted.startswith("{") and part != "") for part, wanted in zip(parts, template, strict=True)
    )
