"""The vocabulary of a contract: names and values of the API itself, which are nobody's."""

from __future__ import annotations

from collections.abc import Iterator

from leadping_nb.contracts import Contract

__all__ = ["vocabulary"]


def vocabulary(contract: Contract) -> Iterator[str]:
    """Give the names and enumerations of a contract.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> {"firstName", "leadId"} <= set(vocabulary(contract()))
    True
    """
    for name in contract.models.specs:
        for field in contract.models[name].fields.values():
            yield field.name
            yield from (value for value in field.enum if isinstance(value, str))
            if field.items is not None:
                yield from (value for value in field.items.enum if isinstance(value, str))
    for operation in contract.operations:
        yield from operation.path_parameters
        yield from (parameter.name for parameter in operation.query)
