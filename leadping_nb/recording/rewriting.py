"""One rewriting of a recording: everything is seen, then replaced, and the result is searched for what came."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from zoneinfo import available_timezones

from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.fakes import Fakes
from leadping_nb.recording.folder import Entry, Recording
from leadping_nb.recording.json_text import Number, read_json, write_json
from leadping_nb.recording.judgement import Judge, text_of
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.originals import folded
from leadping_nb.recording.report import PseudonymisationReport
from leadping_nb.recording.times import TIME
from leadping_nb.recording.treatment import Treatment
from leadping_nb.recording.walking import Place, Rename, Visit, Walker

__all__ = ["Rewriting"]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
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
    """

    def __init__(self, source: Recording, target: Recording, key: bytes, *, shift_times: bool) -> None:
        self._source = source
        self.target = target
        """The recording that the result is; once it has run, with the time at which it began as all others."""
        self._contract = load_contract(source.revision)
        self._zones = frozenset(available_timezones())
        self._judge = Judge(_vocabulary(self._contract), zones=self._zones, shift_times=shift_times)
        self._fakes = Fakes(key, self._judge.originals)
        self._counts: Counter[tuple[str, str, str, bool]] = Counter()
        self._left: set[str] = set()
        """Texts and keys that were left alone somewhere, or moved."""
        self._number = 0
        """The entry that is walked through."""

    def run(self) -> PseudonymisationReport:
        """See everything, then replace it, then look for what came.

        Raises
        ------
        LeadpingError
            If an original is still there.
        """
        for _ in self._walked(self._seen, lambda _, key: key, write=lambda _: b""):
            pass
        self._judge.settle()
        self._counts.clear()
        self.target = replace(self.target, began=str(self._replaced(_BEGAN, self._source.began)))
        for entry, body in self._walked(self._replaced, self._renamed, write=write_json):
            at = str(self._replaced(_REQUESTED, entry.at))
            self.target.add(replace(entry, at=at, content_type=_media_type(entry.content_type)), body)
        self._search()
        originals = self._judge.originals
        spared = len({folded(text) for text in self._left if text in originals})
        return PseudonymisationReport.counted(self.target.folder, self._counts, searched=len(originals), spared=spared)

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
                    body=json.loads(write_json(walker.body(operation, _exact(entry.body)))),
                    answer=None if body is None else entry.answer,
                ),
                body,
            )

    def _seen(self, place: Place, value: object) -> object:
        if value is not None:
            self._judge.see(place, value)
        return value

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
        self._counts[place.where, treatment, judged.why, place.field is not None] += 1
        if treatment is not Treatment.REPLACED and judged.kind is not Kind.BIRTH and not isinstance(value, Number):
            self._left.add(fake)
        if treatment is Treatment.LEFT:
            return value
        return Number(fake) if isinstance(value, Number) else fake

    def _renamed(self, where: str, key: str) -> str:
        kind = self._judge.key(key)
        if kind is not None:
            return self._fakes.of(kind, key)
        self._counts[f"{where} (key)", Treatment.LEFT, "name of a field", False] += 1
        self._left.add(key)
        return key

    def _search(self) -> None:
        """Look for every original in every text of the result; raise `LeadpingError` if one is there."""
        seen: set[str] = set()
        for entry in self.target.entries():
            asked = json.dumps([dict(entry.path), entry.query, entry.body])
            answered = "" if entry.answer is None else self.target.body(entry).decode()
            for found in _STRING.findall(asked + answered):
                if found in seen:
                    continue
                seen.add(found)
                original = self._holds(json.loads(found))
                if original is not None:
                    kind = self._judge.originals.kind(original) or Kind.PERSON
                    self._number = entry.number
                    raise self._leftover(kind.value, self._where(entry))

    def _where(self, entry: Entry) -> str:
        """Name the first field of an entry of the result in which an original is left."""
        places: list[str] = []

        def visit(place: Place, value: object) -> object:
            if isinstance(value, str) and not isinstance(value, Number) and self._holds(value) is not None:
                places.append(place.where)
            return value

        walker = Walker(self._contract, visit, lambda _, key: key)
        operation = self._contract.operation(entry.operation)
        walker.path(entry.path)
        walker.query(operation, entry.query)
        walker.body(operation, _exact(entry.body))
        if entry.answer is not None:
            walker.answer(operation, read_json(self.target.body(entry)))
        named = (where for where in places if self._judge.originals.surviving(where) is None)
        return next(named, "a field whose name may be a person's")

    def _holds(self, text: str) -> str | None:
        """Give what original a text holds; a time only as a whole, for each begins with its date."""
        if text in self._judge.own or (text in self._left and (text in self._zones or TIME.fullmatch(text))):
            return None
        return self._judge.holds(text) if text in self._left else self._judge.originals.surviving(text)

    def _leftover(self, what: str, where: str) -> LeadpingError:
        operation = next(entry.operation for entry in self._source.entries() if entry.number == self._number)
        return LeadpingError(
            f"A {what} of the original is still in answer {self._number}, to {operation}, in {where}, "
            "so this is not done.",
            hint="What came is as it was. Record without this list, and report what it was.",
        )


_BEGAN = Place("Recording.began", None, Kind.WORD)
_REQUESTED = Place("Entry.at", None, Kind.WORD)


def _media_type(content_type: str | None) -> str | None:
    """Give a content type without its parameters, which can be the name of a file."""
    found = _MEDIA_TYPE.match((content_type or "").lower())
    return None if found is None else found[0]


def _vocabulary(contract: Contract) -> Iterator[str]:
    """Give the names and enumerations of a contract, which are nobody's."""
    for name in contract.models.specs:
        for field in contract.models[name].fields.values():
            yield field.name
            yield from (value for value in field.enum if isinstance(value, str))
            if field.items is not None:
                yield from (value for value in field.items.enum if isinstance(value, str))
    for operation in contract.operations:
        yield from operation.path_parameters
        yield from (parameter.name for parameter in operation.query)


def _exact(value: object) -> object:
    return read_json(json.dumps(value).encode())
