"""The form of a load: what can be asked of a list, and what a person asked, as the options of ``api.frame``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from urllib.parse import quote

from leadping_nb.contracts import Contract
from leadping_nb.errors import LeadpingError
from leadping_nb.list_options import Query, list_options
from leadping_nb.models import Field
from leadping_nb.resources import Resource
from leadping_nb.widgets.code import on_a_sandbox

__all__ = ["DEFAULT_LIMIT", "Asked", "FormField", "blank", "fields", "read"]

DEFAULT_LIMIT: Final = 1_000
"""The most rows, unless a person says otherwise."""

_OPERATORS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "text": (("equals", "is"),),
    "choice": (("equals", "is"),),
    "number": (("equals", "is"), ("after", "is at least"), ("before", "is less than"), ("between", "is between")),
    "day": (("equals", "is"), ("after", "is on or after"), ("before", "is before"), ("between", "is between")),
    "time": (("after", "is on or after"), ("before", "is before"), ("between", "is between")),
}
"""For each kind of field: what a filter may say of it, and how that reads. Ranges hold their first value alone."""
_BLANKS = re.compile(r"[\s,_]")
_RELOAD: Final = "Reload the page, then run the cell again."
_WIDTH: Final = 88
_UNKNOWN: Final = "…"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a list's rows that a form can filter and order by."""

    name: str
    """Its name, with dots where objects are nested."""
    kind: str
    """``text``, ``choice``, ``number``, ``day`` or ``time``: how a value of it is entered."""
    choices: tuple[object, ...] = ()
    """The values to choose from, where they are known."""
    whole: bool = False
    """Whether its numbers are whole."""

    @property
    def operators(self) -> tuple[tuple[str, str], ...]:
        """What a filter may say of it, and how that reads."""
        return _OPERATORS[self.kind]

    @property
    def texts(self) -> tuple[str, ...]:
        """The values to choose from, as texts."""
        return tuple(str(choice).lower() if isinstance(choice, bool) else str(choice) for choice in self.choices)

    def value(self, text: str) -> object:
        """Read a value; raise `LeadpingError` that says what would do."""
        if self.choices:
            if text not in self.texts:
                raise LeadpingError(f"{self.name} has no such value.", hint="Choose one of the list.")
            return self.choices[self.texts.index(text)]
        if self.kind in ("day", "time"):
            return self._day(text)
        return self._number(text) if self.kind == "number" else text

    def _day(self, text: str) -> str:
        try:
            day = date.fromisoformat(text).isoformat()
        except ValueError:
            raise LeadpingError(f"{self.name} is filtered by days.", hint="Write one as 2026-07-05.") from None
        return day if self.kind == "day" else f"{day}T00:00:00Z"

    def _number(self, text: str) -> float | int:
        try:
            number = int(text) if self.whole else float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            example = "12" if self.whole else "12.5"
            raise LeadpingError(f"{self.name} is filtered by numbers.", hint=f"Write one as {example}.")
        return number


@dataclass(frozen=True, slots=True)
class Asked:
    """One load as a person asked for it."""

    resource: Resource
    """The list."""
    query: Query
    """What was asked of it."""
    limit: int | None = DEFAULT_LIMIT
    """The most rows; all if None."""

    def code(self, variable: str, *, base_url: str | None = None, revision: str | None = None) -> str:
        """Write the lines that load the same, with the credential from the environment.

        Parameters
        ----------
        variable
            The name of the frame.
        base_url
            The API's address; None where it is the contract's own.
        revision
            The contract's revision; None where it is the one that is taken unless told.
        """
        connect = ["lp.Credential.from_env()"]
        connect += [f"base_url={base_url!r}"] if base_url is not None else []
        connect += [f"contract=lp.contract({revision!r})"] if revision is not None else []
        note = on_a_sandbox("api = lp.connect(sandbox)", base_url).splitlines()
        options = {"limit": self.limit, **self.query} if self.limit is not None else {**self.query}
        load = [repr(self.resource.name), *(f"{name}={value!r}" for name, value in options.items())]
        return "\n".join(
            [
                "import leadping_nb as lp",
                "",
                *note,
                _call("api", "lp.connect", connect),
                _call(variable, "api.frame", load),
            ]
        )

    @property
    def first_request(self) -> tuple[str, Mapping[str, object], object]:
        """The path, the query parameters and the body of the first page; an id that is not known stays a template."""
        operation, options = self.resource.operation, list_options(self.query)
        path = operation.path
        for name, value in (self.query.get("path") or {}).items():
            path = path if value == _UNKNOWN else path.replace(f"{{{name}}}", quote(value, safe=""))
        size = options.page_size if self.limit is None else min(options.page_size, self.limit)
        if operation.paging_in == "body":
            return path, options.params, options.body(None, size)
        return path, {**options.params, **({"PageSize": size} if operation.paged else {})}, None


def fields(resource: Resource, contract: Contract) -> tuple[FormField, ...]:
    """Give the fields that a list can be filtered and ordered by; none where it takes neither.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> from leadping_nb.resources import find_resource
    >>> [field.kind for field in fields(find_resource(contract(), "leads"), contract()) if field.name == "createdAt"]
    ['time']
    """
    operation = resource.operation
    model = operation.item_model
    if operation.paging_in != "body" or model is None or model not in contract.models:
        return ()
    known = contract.models.columns(model).items()
    return tuple(found for name, entry in known if (found := _field(name, entry)) is not None)


def blank(resource: Resource) -> Asked:
    """Give what a form asks for before anybody changed it; an ellipsis stands for each id that it needs.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> from leadping_nb.resources import find_resource
    >>> print(blank(find_resource(contract(), "leads")).code("leads"))
    import leadping_nb as lp
    <BLANKLINE>
    api = lp.connect(lp.Credential.from_env())
    leads = api.frame('leads', limit=1000)
    """
    ids = dict.fromkeys(resource.operation.path_parameters, _UNKNOWN)
    return Asked(resource, Query(path=ids) if ids else Query())


def read(form: object, resource: Resource, contract: Contract) -> Asked:
    """Read what a page sent of a form.

    Parameters
    ----------
    form
        ``path``: a text for each id. ``filters``: objects of ``field``, ``operator``, ``value``, and ``until`` for what
        lies between two values. ``order``: a field, and ``descending``. ``limit``, ``page_size``: numbers as they were
        typed, or nothing.
    resource, contract
        The list it is for, and the contract that knows its fields.

    Raises
    ------
    LeadpingError
        If something is missing, or no value of its field.
    """
    entries = _mapping(form)
    query: Query = {}
    page_size = _count(entries, "page_size", "The page size")
    if page_size is not None:
        query["page_size"] = page_size
    path = _path(_mapping(entries.get("path", {})), resource)
    if path:
        query["path"] = path
    known = {field.name: field for field in fields(resource, contract)}
    equal, ranges = _filters(entries.get("filters", ()), known)
    if equal:
        query["filters"] = equal
    if ranges:
        query["ranges"] = ranges
    order = _text(entries, "order")
    if order:
        query["order_by"] = f"-{order}" if entries.get("descending") is True else order
    return Asked(resource, query, _count(entries, "limit", "The number of rows"))


def _field(name: str, entry: Field) -> FormField | None:
    if entry.enum:
        return FormField(name, "choice", entry.enum)
    if entry.type == "boolean":
        return FormField(name, "choice", (True, False))
    if entry.type in ("integer", "number"):
        return FormField(name, "number", whole=entry.type == "integer")
    if entry.type == "string":
        return FormField(name, {"date-time": "time", "date": "day"}.get(entry.format or "", "text"))
    return None  # of lists and maps no single value can be asked for


def _filters(
    filters: object, known: Mapping[str, FormField]
) -> tuple[dict[str, object], dict[str, tuple[object, object]]]:
    equal: dict[str, object] = {}
    ranges: dict[str, tuple[object, object]] = {}
    for entry in map(_mapping, filters if isinstance(filters, Sequence) else ()):
        field, operator = known.get(_text(entry, "field")), _text(entry, "operator")
        if field is None or operator not in dict(field.operators):
            raise LeadpingError("The list has no such filter.", hint=_RELOAD)
        value = _value(field, _text(entry, "value"))
        if operator == "equals":
            if field.name in equal:
                raise _twice(field)
            equal[field.name] = value
            continue
        until = _value(field, _text(entry, "until")) if operator == "between" else value
        bounds = (None if operator == "before" else value, None if operator == "after" else until)
        ranges[field.name] = _joined(field, ranges.get(field.name, (None, None)), bounds)
    return equal, ranges


def _joined(field: FormField, one: tuple[object, object], other: tuple[object, object]) -> tuple[object, object]:
    """Join two ranges of a field that bound it on different sides."""
    if any(a is not None and b is not None for a, b in zip(one, other, strict=True)):
        raise _twice(field)
    first, until = (a if b is None else b for a, b in zip(one, other, strict=True))
    if first is not None and until is not None and not _is_before(first, until):
        raise LeadpingError(
            f"Nothing lies in the range of {field.name}.",
            hint="It must begin below its end, which is itself not in it.",
        )
    return first, until


def _is_before(first: object, until: object) -> bool:
    return cast("float", first) < cast("float", until)  # two numbers, or two days that compare as texts


def _value(field: FormField, text: str) -> object:
    if not text:
        raise LeadpingError(f"The filter of {field.name} has no value.", hint="Give it one, or remove the filter.")
    return field.value(text)


def _twice(field: FormField) -> LeadpingError:
    return LeadpingError(f"{field.name} is filtered twice in the same way.", hint="Remove one of the two filters.")


def _path(given: Mapping[str, object], resource: Resource) -> dict[str, str]:
    path = {name: _text(given, name) for name in resource.operation.path_parameters}
    for name, text in path.items():
        if not text:
            raise LeadpingError(f"{resource.name} needs a {name}.", hint="Take one from a frame of another list.")
    return path


def _count(entries: Mapping[str, object], name: str, noun: str) -> int | None:
    text = _BLANKS.sub("", _text(entries, name))
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text)):
        raise LeadpingError(f"{noun} is a whole number of 1 or more.", hint="Write one as 1000, or leave it empty.")
    return int(text)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise LeadpingError("The page sent no form that this card knows.", hint=_RELOAD)
    return value


def _text(entries: Mapping[str, object], name: str) -> str:
    value = entries.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _call(variable: str, function: str, arguments: Sequence[str]) -> str:
    line = f"{variable} = {function}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{variable} = {function}(", *(f"    {argument}," for argument in arguments), ")"])
