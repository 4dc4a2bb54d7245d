"""One rewriting of a recording: everything is seen, then replaced, and the result is searched for what came."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from zoneinfo import available_timezones

from leadping_nb.contracts import contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.models import Field
from leadping_nb.recording.fakes import Fakes
from leadping_nb.recording.folder import Entry, Recording
from leadping_nb.recording.json_text import Number, exact, read_json, write_json
from leadping_nb.recording.judgement import Judge, text_of
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.report import PseudonymisationReport, Row
from leadping_nb.recording.searching import Search
from leadping_nb.recording.spellings import folded
from leadping_nb.recording.told import Told
from leadping_nb.recording.treatment import Treatment
from leadping_nb.recording.vocabulary import vocabulary
from leadping_nb.recording.walking import Place, Rename, Visit, Walker

__all__ = ["Rewriting"]

_MEDIA_TYPE = re.compile(r"[a-z]+/(?:[a-z0-9]+\+)?[a-z0-9.-]{1,24}")


class Rewriting:
    """One run over one recording.

    Parameters
    ----------
    source
        The recording as it came.
    target
        Where the result goes; its folder of answers is there and empty.
    key
        The seed as bytes.
    shift_times
        Whether times move.
    also
        Words and keys that are about people.
    """

    def __init__(
        self, source: Recording, target: Recording, key: bytes, *, shift_times: bool, also: Iterable[str] = ()
    ) -> None:
        self._source = source
        self.target = target
        """The recording that the result is; once it has run, with the time at which it began as all others."""
        self._contract = load_contract(source.revision)
        self._zones = frozenset(available_timezones())
        own = frozenset(vocabulary(self._contract))
        self._told = Told(also, own=own)
        self._judge = Judge(own, zones=self._zones, shift_times=shift_times, told=self._told)
        self._fakes = Fakes(key, self._judge.originals)
        self._counts: Counter[Row] = Counter()
        self._words: defaultdict[Row, set[str]] = defaultdict(set)
        """By the row of the report, the words and keys that were left alone."""
        self._left: set[str] = set()
        """Texts and keys that were left alone somewhere."""
        self._free: set[str] = set()
        """Times that moved, and time zones."""
        self._number = 0
        """The entry that is walked through."""

    def run(self) -> PseudonymisationReport:
        """See everything, then replace it, then look for what came.

        Raises
        ------
        LeadpingError
            If an original is still there, or a text that is to be replaced was not there.
        """
        for _ in self._walked(self._seen, self._seen_key, write=lambda _: b""):
            pass
        self._told.demand_all()
        self._judge.settle()
        self._counts.clear()
        self.target = replace(self.target, began=str(self._replaced(_BEGAN, self._source.began)))
        for entry, body in self._walked(self._replaced, self._renamed, write=write_json):
            at = str(self._replaced(_REQUESTED, entry.at))
            self.target.add(replace(entry, at=at, content_type=_media_type(entry.content_type)), body)
        leftover = Search(self._judge, self._contract, left=self._left, free=self._free).leftover(self.target)
        if leftover is not None:
            self._number = leftover.entry.number
            raise self._leftover(leftover.kind.value, leftover.where)
        originals = self._judge.originals
        spared = len({folded(text) for text in self._left if text in originals})
        return PseudonymisationReport.counted(
            self.target.folder, self._counts, self._words, searched=len(originals), spared=spared
        )

    def _walked(
        self, visit: Visit, rename: Rename, *, write: Callable[[object], bytes]
    ) -> Iterator[tuple[Entry, bytes | None]]:
        """Give each request and answer as visited; an answer that is no JSON is left out."""
        walker = Walker(self._contract, visit, rename)
        for entry in self._source.entries():
            self._number = entry.number
            operation = self._contract.operation(entry.operation)
            body = None
            if entry.answer is not None:
                try:
                    answer = read_json(self._source.body(entry))
                except ValueError:
                    self._counts[f"{operation.id} answer", Treatment.OUT, "not JSON", True] += 1
                else:
                    body = write(walker.answer(operation, answer))
            yield (
                replace(
                    entry,
                    path=walker.path(entry.path),
                    query=walker.query(operation, entry.query),
                    body=json.loads(write_json(walker.body(operation, exact(entry.body)))),
                    answer=None if body is None else entry.answer,
                ),
                body,
            )

    def _seen(self, place: Place, value: object) -> object:
        if value is not None:
            self._judge.see(place, value)
        return value

    def _seen_key(self, _: str, key: str) -> str:
        self._told.meet(key)
        return key

    def _replaced(self, place: Place, value: object) -> object:
        if value is None or value == "":
            return value
        judged = self._judge.judge(place, value)
        text = text_of(value)
        fake = text if judged.kind is None else self._fakes.of(judged.kind, text)
        treatment = judged.treatment
        if folded(fake) == folded(text):
            if treatment is Treatment.REPLACED:
                raise self._leftover(judged.why, place.where)
            treatment = Treatment.LEFT
        row = (place.where, treatment, judged.why, place.field is not None)
        self._counts[row] += 1
        if isinstance(value, str) and not isinstance(value, Number):
            if judged.kind in _FREE and treatment is not Treatment.REPLACED:
                self._free.add(fake)
            elif treatment is Treatment.LEFT:
                self._left.add(text)
                if judged.why == Kind.WORD.value:
                    self._words[row].add(text)
        if treatment is Treatment.LEFT:
            return value
        return Number(fake) if isinstance(value, Number) else fake

    def _renamed(self, where: str, key: str) -> str:
        kind = self._judge.key(key)
        if kind is not None:
            return self._fakes.of(kind, key)
        row = (f"{where} (key)", Treatment.LEFT, "name of a field", False)
        self._counts[row] += 1
        self._words[row].add(key)
        self._left.add(key)
        return key

    def _leftover(self, what: str, where: str) -> LeadpingError:
        operation = next(entry.operation for entry in self._source.entries() if entry.number == self._number)
        return LeadpingError(
            f"A {what} of the original is still in answer {self._number}, to {operation}, in {where}, "
            "so this is not done.",
            hint="What came is as it was. Record without this list, and report what it was.",
        )


_BEGAN = Place("Recording.began", Field("began", "string", "date-time"), Kind.WORD)
_REQUESTED = Place("Entry.at", Field("at", "string", "date-time"), Kind.WORD)
_FREE = frozenset({Kind.TIME, Kind.ZONE})
"""Kinds that move, and to what may be somebody else's."""


def _media_type(content_type: str | None) -> str | None:
    """Give a content type without its parameters, which can be the name of a file."""
    found = _MEDIA_TYPE.match((content_type or "").lower())
    return None if found is None else found[0]
