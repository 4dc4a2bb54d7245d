"""Turning a recording into one without its people: read twice, written anew, searched, and only then put in place."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import available_timezones

from leadping_nb.arguments import Wanted, demand, path
from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.durable import held, make_folder, write_durably
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.fakes import Fakes
from leadping_nb.recording.folder import Entry, Recording
from leadping_nb.recording.json_text import Number, read_json, write_json
from leadping_nb.recording.judgement import TIME, Judge
from leadping_nb.recording.kinds import Kind
from leadping_nb.recording.report import PseudonymisationReport
from leadping_nb.recording.walking import Place, Visit, Walker

__all__ = ["pseudonymise"]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

_SEED = Wanted(
    "a text, bytes or a whole number",
    "Leave {name} out, and one is drawn by chance.",
    lambda value: isinstance(value, int | str | bytes) and not isinstance(value, bool),
)


def pseudonymise(
    folder: str | Path, *, seed: int | str | bytes | None = None, to: str | Path | None = None
) -> PseudonymisationReport:
    """Replace the people in a recording by stable stand-ins, and say of every field what became of it.

    Names, telephone numbers, addresses of every kind, ids and free text are replaced; the same original has the same
    stand-in everywhere, so that what joined goes on joining. Words of the API, numbers and times stay, but no date
    of birth; a date that no model names may be one. The result is searched for every original before it takes the place
    of what came, which is then removed.

    Parameters
    ----------
    folder
        What ``api.record`` wrote. One whose removal did not end is finished.
    seed
        Gives the same stand-ins for the same recording. Whoever knows it can find out which stand-in is whose: keep it,
        or leave it out, and one is drawn by chance and forgotten.
    to
        Another folder for the result; what came then stays where it is.

    Returns
    -------
    PseudonymisationReport
        Every field with what became of it; also in the folder, as ``report.json``.

    Raises
    ------
    LeadpingError
        If there is no recording, ``to`` holds something, an answer is gone, or an original would survive. What came
        is then as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import leadping_nb as lp
    >>> with TemporaryDirectory() as folder, lp.Sandbox(leads=50) as sandbox, lp.connect(sandbox) as api:
    ...     with api.record(f"{folder}/demo", say=lambda _: None):
    ...         _ = api.frame("leads", progress=False)
    ...     report = lp.pseudonymise(f"{folder}/demo", seed="example")
    ...     print(report.replaced > 500, report.leftovers)
    True ()
    """
    demand(_SEED.or_none, seed=seed)
    place = None if to is None else path("to", to)
    source = Recording.read(path("folder", folder))
    if source.pseudonymised:
        source.discard_originals()
        return _earlier_report(source)
    target = source.as_pseudonymised(source.folder if place is None else place)
    if target.folder != source.folder and target.folder.exists() and any(target.folder.iterdir()):
        raise LeadpingError(f"{target.folder} holds something already.", hint="Name a folder that is not there.")
    with held(source.folder, "pseudonymisation"):
        target.discard_answers()
        make_folder(target.answers)
        try:
            report = _Pseudonymising(source, target, _key(seed)).run()
        except BaseException:
            target.discard_answers()
            raise
        write_durably(target.report, lambda file: file.write(report.as_json()))
        target.begin()  # from here on the result counts
        if target.folder == source.folder:
            target.discard_originals()
    return report


def _earlier_report(recording: Recording) -> PseudonymisationReport:
    try:
        return PseudonymisationReport.of_json(recording.folder, recording.report.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LeadpingError(
            f"{recording.folder} is pseudonymised already, and its {recording.report.name} cannot be read.",
            hint="lp.Sandbox(replay=…) serves it all the same. For a report, record and pseudonymise once more.",
        ) from error


def _key(seed: int | str | bytes | None) -> bytes:
    if seed is None:
        return secrets.token_bytes(32)
    return seed if isinstance(seed, bytes) else str(seed).encode("utf-8", "surrogatepass")


class _Pseudonymising:
    """One run over one recording."""

    def __init__(self, source: Recording, target: Recording, key: bytes) -> None:
        self._source = source
        self._target = target
        self._contract = load_contract(source.revision)
        self._judge = Judge(_vocabulary(self._contract))
        self._fakes = Fakes(key, self._judge.originals)
        self._counts: Counter[tuple[str, str, str, bool]] = Counter()

    def run(self) -> PseudonymisationReport:
        """See everything, then replace it, then look for what came."""
        for _ in self._walked(self._seen, str, write=lambda _: b""):
            pass
        self._judge.settle()
        for entry, body in self._walked(self._replaced, self._renamed, write=write_json):
            self._target.add(entry, body)
        self._search()
        originals, spared = len(self._judge.originals), self._judge.spared
        return PseudonymisationReport.counted(self._target.folder, self._counts, searched=originals, spared=spared)

    def _walked(
        self, visit: Visit, rename: Callable[[str], str], *, write: Callable[[object], bytes]
    ) -> Iterator[tuple[Entry, bytes | None]]:
        """Give each request and answer as visited; an answer that is no JSON is left out."""
        walker = Walker(self._contract, visit, rename)
        for entry in self._source.entries():
            operation = self._contract.operation(entry.operation)
            body = None
            if entry.answer is not None:
                try:
                    body = write(walker.answer(operation, read_json(self._source.body(entry))))
                except ValueError:
                    self._counts[f"{operation.id} answer", "left out", "not JSON", True] = 1
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
        treatment = "left alone" if judged.kind is None else "replaced"
        self._counts[place.where, treatment, judged.why, place.field is not None] += 1
        if judged.kind is None:
            return value
        fake = self._fakes.of(judged.kind, str(value))
        return _as_number(fake) if isinstance(value, Number) else fake

    def _renamed(self, key: str) -> str:
        kind = self._judge.key(key)
        return key if kind is None else self._fakes.of(kind, key)

    def _search(self) -> None:
        """Look for every original in every text of the result; raise `LeadpingError` if one is there."""
        seen = set(self._judge.own)
        for entry in self._target.entries():
            asked = json.dumps([dict(entry.path), entry.query, entry.body])
            answered = "" if entry.answer is None else self._target.body(entry).decode()
            for found in _STRING.findall(asked + answered):
                if found in seen:
                    continue
                seen.add(found)
                text = json.loads(found)
                original = self._left(text)
                if original is not None:
                    raise LeadpingError(
                        f"A {original.value} of the original is still in answer {entry.number}, to {entry.operation}, "
                        f"in {self._where(entry.number)}, so this is not done.",
                        hint="What came is as it was. Record without this list, and report what it was.",
                    )

    def _where(self, number: int) -> str:
        """Name the first field of an entry of the result in which an original is left."""
        places: list[str] = []

        def visit(place: Place, value: object) -> object:
            if isinstance(value, str) and self._left(value) is not None:
                places.append(place.where)
            return value

        walker = Walker(self._contract, visit, str)
        for entry in (entry for entry in self._target.entries() if entry.number == number):
            operation = self._contract.operation(entry.operation)
            walker.path(entry.path)
            walker.query(operation, entry.query)
            walker.body(operation, _exact(entry.body))
            if entry.answer is not None:
                walker.answer(operation, read_json(self._target.body(entry)))
        named = (where for where in places if self._judge.originals.surviving(where) is None)
        return next(named, "a field whose name may be a person's")

    def _left(self, text: str) -> Kind | None:
        """Give what original a text holds; a time only as a whole, for each begins with its date."""
        originals = self._judge.originals
        if text in self._judge.own or (TIME.fullmatch(text) and text not in originals):
            return None
        survivor = originals.surviving(text)
        return None if survivor is None else originals.kind(survivor) or Kind.PERSON


def _vocabulary(contract: Contract) -> Iterator[str]:
    """Give the names and enumerations of a contract, and the names of time zones, which are nobody's."""
    yield from available_timezones()
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


def _as_number(text: str) -> Number:
    """Make a whole number of digits: JSON has none that begins with 0."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return Number(f"{sign}1{digits[1:]}" if digits.startswith("0") and "." not in digits else text)
