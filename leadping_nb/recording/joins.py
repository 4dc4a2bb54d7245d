"""What is known again in other fields, so that what joins by it goes on joining."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from leadping_nb.recording.forms import dialled
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.looks import NAME, TELEPHONE
from leadping_nb.recording.spellings import folded

__all__ = ["WRITTEN_ANYWHERE", "Joins"]

_JOINED = (Kind.ID, Kind.EMAIL, Kind.PHONE, Kind.PERSON, Kind.TOWN, Kind.STATE, Kind.LABEL)
"""Kinds that are known again in any such field; the surest first."""
WRITTEN_ANYWHERE = _JOINED[:4]
"""Those of them that are known again in names of things too: a source may be called as a person, and is no town."""
_PARTS: Mapping[Kind, Callable[[str], Iterable[str]]] = {Kind.PERSON: NAME.findall, Kind.PHONE: dialled}
"""What of a text of a kind is known again without the rest."""


class Joins:
    """Texts with what they were; of one that was several things, the surest.

    Examples
    --------
    >>> joins = Joins()
    >>> joins.add(Kind.PHONE, "+15125550147")
    >>> joins.kind("512 555-0147").value, joins.kind("Ada")
    ('telephone number', None)
    """

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._guessed: set[str] = set()

    def add(self, kind: Kind, text: str) -> None:
        """Know a text again; nothing happens where nobody joins by its kind."""
        if kind not in _JOINED:
            return
        parts = _PARTS[kind](text) if kind in _PARTS else ()
        for form in {folded(text), *map(folded, parts)}:
            self._kinds[form] = min(kind, self._kinds.get(form, kind), key=_JOINED.index)

    def guess(self, text: str) -> None:
        """Know a number again as an id, unless a field says that it is something else."""
        self._guessed.add(text)

    def settle(self) -> None:
        """Take for ids what was guessed, once all fields were seen."""
        for text in self._guessed:
            self._kinds.setdefault(folded(text), Kind.ID)

    def kind(self, text: str) -> Kind | None:
        """Say what a text was, a telephone number in any writing; None for one that did not come."""
        known = self._kinds.get(folded(text))
        if known is None and TELEPHONE.fullmatch(text.strip()):
            return next((Kind.PHONE for form in dialled(text) if self._kinds.get(form) is Kind.PHONE), None)
        return known
