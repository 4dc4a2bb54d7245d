"""The search of a result for what came: every text, key and number of it, whatever was meant to be there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from leadping_nb.contracts import Contract
from leadping_nb.recording.folder import Entry, Recording
from leadping_nb.recording.json_text import Number, exact, read_json
from leadping_nb.recording.judgement import Judge
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.times import TIME
from leadping_nb.recording.walking import Place, Walker

__all__ = ["Leftover", "Search"]

_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')
_MOVED_NUMBERS = frozenset({Kind.BIRTH, Kind.COORDINATE})
"""Kinds of fields whose numbers are moved, so that one may be what another was."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """An original that is in the result."""

    entry: Entry
    """The request in which it is, or in whose answer."""
    kind: Kind
    """What it is."""
    where: str
    """The field."""


class Search:
    """A search by what a judge has seen.

    Parameters
    ----------
    judge
        What knows the originals.
    contract
        The contract whose models the answers fit.
    left
        Texts and keys that were left alone somewhere: words of the API may be there, and times but for births.
    free
        Texts that are nobody's: times that moved, and time zones.
    """

    def __init__(self, judge: Judge, contract: Contract, *, left: Set[str], free: Set[str]) -> None:
        self._judge = judge
        self._contract = contract
        self._left = left
        self._free = free

    def leftover(self, target: Recording) -> Leftover | None:
        """Give the first original that is in a result; None where there is none."""
        clean: set[str] = set()
        for entry in target.entries():
            asked = json.dumps([dict(entry.path), entry.query, entry.body])
            answer = None if entry.answer is None else target.body(entry)
            tokens = set(_tokens(asked + ("" if answer is None else answer.decode()))) - clean
            suspects = {token: kind for token in tokens if (kind := self._suspected(token)) is not None}
            clean |= tokens - suspects.keys()
            texts = [kind for token, kind in suspects.items() if token.startswith('"')]
            places = list(self._places(entry, answer)) if suspects else []
            if texts or places:
                named = (where for where, _ in places if self._judge.originals.surviving(where) is None)
                kind = places[0][1] if places else texts[0]
                return Leftover(entry, kind, next(named, "a field whose name may be a person's"))
        return None

    def _suspected(self, token: str) -> Kind | None:
        """Say of what kind an original is that a text holds, or that a number is where it counts nothing."""
        if token.startswith('"'):
            return self._held(json.loads(token))
        digits = Number(token).digits
        return self._judge.number(digits) or self._judge.number(digits, is_numeric=True)

    def _places(self, entry: Entry, answer: bytes | None) -> Iterator[tuple[str, Kind]]:
        """Give each field of an entry in which an original is left, and what it is."""
        found: list[tuple[str, Kind]] = []

        def visit(place: Place, value: object) -> object:
            kind = None
            if isinstance(value, Number):
                is_moved = place.kind in _MOVED_NUMBERS
                kind = None if is_moved else self._judge.number(value.digits, is_numeric=place.is_numeric)
            elif isinstance(value, str):
                kind = self._held(value)
            if kind is not None:
                found.append((place.where, kind))
            return value

        walker = Walker(self._contract, visit, lambda _, key: key)
        operation = self._contract.operation(entry.operation)
        walker.path(entry.path)
        walker.query(operation, entry.query)
        walker.body(operation, exact(entry.body))
        if answer is not None:
            walker.answer(operation, read_json(answer))
        yield from found

    def _held(self, text: str) -> Kind | None:
        """Give the kind of an original that a text holds; a time only as a whole, for each begins with its date."""
        judge = self._judge
        if text in judge.own or text in self._free:
            return None
        is_left = text in self._left
        if is_left and TIME.fullmatch(text):
            return Kind.BIRTH if judge.is_birth(text) else None
        original = judge.holds(text) if is_left else judge.originals.surviving(text)
        return None if original is None else judge.originals.kind(original) or Kind.PERSON


def _tokens(text: str) -> Iterator[str]:
    """Give each text and number of JSON as it is written, also of JSON within texts."""
    for token in _VALUE.findall(text):
        yield token
        if token.startswith(('"{', '"[')):
            yield from _tokens(json.loads(token))
