"""Which calls a probe may send: reads of the contract by name, and no spelling that could mean another call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from leadping_nb.contracts import Contract, Operation, write_meant_by

__all__ = ["AllowList"]


@dataclass(frozen=True, slots=True)
class AllowList:
    """The reads that may be sent, by method and path.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> allowed = AllowList.of(contract(), [contract().operation("GET /leads/{id}")])
    >>> allowed.admits("GET", "/leads/42"), allowed.admits("GET", "/leads/intake")
    (True, False)
    """

    contract: Contract = field(repr=False)
    """What a path means."""
    names: frozenset[str]
    """The ids of the operations."""

    @classmethod
    def of(cls, contract: Contract, operations: Iterable[Operation]) -> AllowList:
        """Make the list of some operations; those that write are left off."""
        return cls(contract, frozenset(operation.id for operation in operations if operation.effect == "read"))

    def admits(self, method: str, path: str) -> bool:
        """Whether a call is on the list.

        An escape, or capitals in place of small letters, could name another operation to a server that is lenient with
        them: an id of ``Intake`` would make a lead. So a path with an escape is never admitted, and both spellings of
        any other path must mean the same operation. What writes in any revision that is known is not admitted in
        another: a server may be older than the contract it is judged by.

        Parameters
        ----------
        method
            As it is sent.
        path
            As it is sent, below the API's address.
        """
        if "%" in path:
            return False
        spellings = (path, path.lower())
        meant = [_meant(self.contract, method, spelling) for spelling in spellings]
        names = {None if operation is None else operation.id for operation in meant}
        return len(names) == 1 and names <= self.names and write_meant_by(method, self.contract.base_url + path) is None


def _meant(contract: Contract, method: str, path: str) -> Operation | None:
    return contract.match(method, contract.base_url + path)
