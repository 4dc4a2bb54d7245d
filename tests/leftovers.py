"""What is left of the originals in a pseudonymised recording: found by comparing, and excused by the report alone."""

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from leadping_nb.contracts import contract
from leadping_nb.recording.json_text import Number, read_json
from leadping_nb.recording.judgement import text_of
from leadping_nb.recording.walking import Walker

SHARED = {"free text", "browser", "date of birth", "date that no model names", "coordinate"}
WRITTEN_AS_NUMBERS = {"id", "code", "telephone number"}
CASELESS = {"name of a person", "name of a thing", "e-mail address", "town", "state", "street address"}
# What stand-ins are made of, whoever they stand for: mailboxes for examples, beginnings of ids, endings of files.
OURS = re.compile(
    r"@example\.(com|net|org)$|https?://www\.example\.com/|\.example$|\.[a-z0-9]{3,4}$|^[a-z]+_|^unit "
    r"|^mozilla/5\.0 \(example\) browser/",
    re.IGNORECASE,
)


def plain(value):
    return unicodedata.normalize("NFKC", str(value)).casefold().strip()


def spelt(text):
    """Give the ways in which people write a text with accents."""
    for form in (plain(text), plain(text).translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"}))):
        apart = unicodedata.normalize("NFD", form)
        yield form
        yield unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", apart))


def day_of(value):
    """Give the day of a date in the writings that this test knows; None for anything else."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d.*)?", str(value), re.ASCII)
    try:
        return found and date(*map(int, found.groups()))
    except ValueError:
        return None


def counts(field):
    """Say whether a model says that a number stands in a field which counts or measures."""
    return field is not None and field.type in ("integer", "number", "boolean") and not field.enum


def leaves(value):
    if isinstance(value, dict):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry)
    else:
        yield value


def keys(value):
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from keys(entry)


def walked(recording, *, places=False, keys=None, were=None):
    """Give each value of each request and answer, in order, as (entry, field, value).

    ``keys`` takes the keys that no model knows; against those of another recording in ``were``, changed ones are stars.
    """
    of = contract(recording.revision)
    found = []
    before = iter(were or ())

    def named(_, key):
        if keys is not None:
            keys.append(key)
        return key if were is None or next(before) == key else "*"

    walker = Walker(of, lambda place, value: found.append((place if places else place.where, value)) or value, named)
    for entry in recording.entries():
        operation = of.operation(entry.operation)
        walker.path(entry.path)
        walker.query(operation, entry.query)
        walker.body(operation, read_json(json.dumps(entry.body).encode()))
        if entry.answer is not None:
            walker.answer(operation, read_json(recording.body(entry)))
        for where, value in found:
            yield entry.number, where, value
        found.clear()


@dataclass
class Comparison:
    """Both recordings side by side."""

    before: object
    after: object
    report: object
    pairs: list = field(init=False)

    def __post_init__(self):
        whys = defaultdict(lambda: defaultdict(set))
        for row in self.report.fields:
            whys[row.treatment][row.field].add(row.why)
        self.left, self.moved, self.replaced = whys["left alone"], whys["moved"], whys["replaced"]
        keys = []
        olds = list(walked(self.before, keys=keys))
        both = zip(olds, walked(self.after, places=True, were=keys), strict=True)
        self.places = [(place, old, new) for (_, _, old), (_, place, new) in both if old not in (None, "")]
        self.pairs = [(place.where, old, new) for place, old, new in self.places]

    @property
    def stayed(self):
        """(a) Values that are where they were, in fields that the report does not name as left alone."""
        return [(where, old) for where, old, new in self.pairs if plain(old) == plain(new) and where not in self.left]

    def kinds(self, where):
        """Give what the values of a field are; nothing where some of them were left alone or moved."""
        return () if where in self.left or where in self.moved else self.replaced.get(where, ())

    @property
    def exchanged(self):
        """(b) Stand-ins that are as a whole what another original of their kind was, however short."""
        originals = defaultdict(set)
        for where, old, new in self.pairs:
            if plain(old) != plain(new) and where not in self.moved:
                for kind in self.replaced.get(where, ()):
                    originals[kind].add(plain(old))
        return [
            (where, new)
            for where, _, new in self.pairs
            for kind in self.kinds(where)
            if len(self.kinds(where)) == 1 and plain(new) in originals[kind]
        ]

    @property
    def originals(self):
        """Every value that the report does not say was left alone or moved."""
        return {
            plain(old)
            for where, old, new in self.pairs
            if where not in self.moved and (where not in self.left or plain(old) != plain(new))
        }

    @property
    def held(self):
        """(c) Originals of three characters and more within any value, key, query, path or file name of the result."""
        own = {name for spec in contract(self.after.revision).models.specs.values() for name in spec}
        texts = {str(new) for where, _, new in self.pairs if where not in self.left and where not in self.moved}
        texts |= {
            self.after.folder.name,
            *(path.name for path in self.after.folder.rglob("*") if path.name[0].isalpha()),
        }
        for entry in self.after.entries():
            texts.add(str(entry.content_type))
            asked = [entry.body] if entry.answer is None else [entry.body, json.loads(self.after.body(entry))]
            texts |= {key for key in keys(asked) if key not in own and key not in self.kept_keys}
        everything = "\n".join(OURS.sub("\n", plain(text)) for text in texts)
        return sorted(text for text in self.originals if len(text) >= 3 and is_in(text, everything))

    @property
    def numbers(self):
        """(d) Numbers that write an id, a code or a telephone number, where no model says that they count something."""
        written = set()
        for where, old, new in self.pairs:
            if plain(old) != plain(new) and self.kinds(where) and set(self.kinds(where)) <= WRITTEN_AS_NUMBERS:
                written |= set(re.findall(r"(?<![^\W_])0*([1-9][0-9]{4,})(?![^\W_])", plain(text_of(old))))
        return [
            (place.where, new)
            for place, _, new in self.places
            if isinstance(new, Number) and not counts(place.field) and text_of(new).lstrip("-") in written
            if place.where not in self.moved and not set(self.kinds(place.where)) & SHARED
        ]

    @property
    def births(self):
        """(e) Early dates that are where they were, unless a model calls them times and nobody was born then."""
        born = {
            day_of(old)
            for where, old, new in self.pairs
            if plain(old) != plain(new) and "date of birth" in self.replaced.get(where, ())
        }
        near = {day + timedelta(days) for day in born if day is not None and day.year > 1 for days in (-1, 0, 1)}
        return [
            (place.where, old)
            for place, old, new in self.places
            if plain(old) == plain(new) and (day := day_of(old)) is not None and 1 < day.year < 2005
            if day in near or place.field is None or place.field.format not in ("date", "date-time")
        ]

    @property
    def called(self):
        """(f) Names within words that were left alone: short ones, other spellings, and two in one."""
        models = contract(self.after.revision).models
        own = {plain(value) for values in models.enums.values() for value in values}
        own |= {plain(name) for spec in models.specs.values() for name in spec}
        names = {
            form
            for where, old, new in self.pairs
            if where.endswith((".firstName", ".lastName")) and plain(old) != plain(new)
            for form in spelt(old)
            if len(form) > 1 and re.fullmatch(r"[^\W\d_]+", form) and form not in own
        }
        words = {word for row in self.report.fields for word in row.words if plain(word) not in own}
        runs = {(word, run) for word in words for form in spelt(word) for run in re.findall(r"[^\W\d_]+", form)}
        return [
            word
            for word, run in runs
            if run in names or any(run[:at] in names and run[at:] in names for at in range(3, len(run) - 2))
        ]

    @property
    def kept_keys(self):
        """Keys that no model names and that are as they were, where the report says so."""
        if not any(where.endswith("(key)") for where in self.left):
            return set()
        both = (set(self._keys(recording)) for recording in (self.before, self.after))
        return set.intersection(*both) - self.originals

    @staticmethod
    def _keys(recording):
        for entry in recording.entries():
            if entry.answer is not None:
                yield from keys(json.loads(recording.body(entry)))

    @property
    def untied(self):
        """Originals of a kind that have two stand-ins, and stand-ins of two originals."""
        there, back = defaultdict(set), defaultdict(set)
        for where, old, new in self.pairs:
            for kind in self.kinds(where) if len(self.kinds(where)) == 1 else ():
                form = plain if kind in CASELESS else str.strip
                if kind not in SHARED and kind != "telephone number":
                    there[kind, form(text_of(old))].add(form(text_of(new)))
                    back[kind, form(text_of(new))].add(form(text_of(old)))
        return [item for item in (*there.items(), *back.items()) if len(item[1]) > 1]


def is_in(text, everything):
    """Say whether a text can be read in others: a short one as a word, a short number as no part of a longer one."""
    if text.isdecimal() and len(text) < 6:
        return re.search(rf"(?<![\w.:+-]){text}(?![\w.:-])", everything) is not None
    if len(text) > 5:
        return text in everything
    return re.search(rf"(?<![^\W\d_]){re.escape(text)}(?![^\W\d_])", everything) is not None
