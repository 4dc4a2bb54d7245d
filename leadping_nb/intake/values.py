"""One value against one field of a model: its type, its format, and what can be mended without doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from leadping_nb.identifiers import shown
from leadping_nb.intake.formats import FORMATS, Note
from leadping_nb.intake.plain import LARGEST, UNWRITABLE, is_text, kind_of, plain, plain_tree
from leadping_nb.intake.reading import Reading
from leadping_nb.models import Field

__all__ = ["read_value"]

_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_EXACT = 2**53  # whole numbers beyond have lost digits as floats
_LONGEST_NUMBER = 10**40
_LONGEST_NAME = 80
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)  # what a float holds, nearly to the last digit
_WORDS = {"true": True, "false": False}
_WANTED = {
    "string": "A text",
    "integer": "A whole number",
    "number": "A number",
    "boolean": "true or false",
    "array": "A list",
    "object": "An object",
    "map": "An object",
}


def read_value(reading: Reading, entry: Field, path: str, value: object) -> object:
    """Give a value as it is to be sent; what is to be said of it goes into the reading.

    Parameters
    ----------
    reading
        Where issues and changes go.
    entry
        The field.
    path
        Its place in the lead.
    value
        What was given; it comes back as it was where it cannot be read.

    Examples
    --------
    >>> from leadping_nb.models import models
    >>> reading = Reading(models("2026-07-05"))
    >>> read_value(reading, reading.models["LeadIntakeRequest"].fields["price"], "price", "2.50")
    2.5
    >>> [issue.code for issue in reading.issues]
    ['text-for-number']
    """
    found = plain(value)
    if found is None:
        if value is not None:
            reading.change(path, "a missing value became null")
        if entry.nullable is False:
            reading.say(path, "null", "null is ruled out here.")
        return None
    return _READERS[entry.type](reading, entry, path, found)


def _wrong(reading: Reading, entry: Field, path: str, value: object, hint: str | None = None) -> object:
    got = kind_of(value)
    reading.say(path, "wrong-type", f"{_WANTED[entry.type]} is expected, and this is: {got}.", hint=hint, got=got)
    written = plain_tree(value)
    return None if written is UNWRITABLE else written


def _string(reading: Reading, entry: Field, path: str, value: object) -> object:
    if isinstance(value, date | time):
        value = _dated(reading, entry, path, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not _is_whole(value) or abs(value) > _LONGEST_NUMBER or (isinstance(value, float) and abs(value) >= _EXACT):
            return _wrong(reading, entry, path, value)
        reading.say(path, "number-for-text", "A text is expected, and this is a number.", got="number")
        reading.change(path, "the number became a text")
        value = str(int(value))
    if not isinstance(value, str):
        hint = None
        if isinstance(value, Mapping):
            hint = "It is one text in this form."
        elif isinstance(value, bytes):
            hint = "Decode it, as in value.decode()."
        return _wrong(reading, entry, path, value, hint)
    if not is_text(value):
        reading.say(path, "not-json", "The text has letters that UTF-8 cannot write.")
        return None
    text = value.strip()
    if text != value:
        reading.change(path, "blanks at the ends were taken off")
    if entry.enum:
        return _one_of(reading, entry, path, text)
    return text if entry.format is None else _formatted(reading, entry, path, text)


def _dated(reading: Reading, entry: Field, path: str, value: date | time) -> object:
    """Write a date or time of Python as a text; a moment at midnight is a date where one is wanted."""
    if isinstance(value, datetime):
        if entry.format == "date":
            if value.time() != time():
                return value
            written = value.date().isoformat()
        else:
            written = datetime.isoformat(value)  # to the microsecond, also where pandas counts nanoseconds
    else:
        written = value.isoformat()
    reading.change(path, f"the {kind_of(value)} became a text")
    return written


def _one_of(reading: Reading, entry: Field, path: str, text: str) -> object:
    if text in entry.enum:
        return text
    if not text:
        return _emptied(reading, entry, path)
    same = [known for known in entry.enum if str(known).lower() == text.lower()]
    if same:
        reading.say(path, "value-case", f"The contract writes it {same[0]}.")
        reading.change(path, "letter case as in the contract")
        return same[0]
    reading.say(path, "unknown-value", f"It is none of {', '.join(map(str, entry.enum))}.")
    return text


def _formatted(reading: Reading, entry: Field, path: str, text: str) -> object:
    read = FORMATS.get(entry.format or "")
    if read is None:
        return text
    if not text:
        return _emptied(reading, entry, path)
    written, notes = read(text)
    _pass_on(reading, path, notes)
    if written is not None and written != text:
        reading.change(path, "written as is usual")
    return text if written is None else written


def _pass_on(reading: Reading, path: str, notes: tuple[Note, ...]) -> None:
    for code, message in notes:
        reading.say(path, code, message)


def _emptied(reading: Reading, entry: Field, path: str) -> object:
    reading.say(path, "empty", "The text is empty.")
    if entry.nullable is False:
        return ""
    reading.change(path, "an empty text became null")
    return None


def _number(reading: Reading, entry: Field, path: str, value: object) -> object:
    if isinstance(value, str) and is_text(value):
        return _counted(reading, entry, path, value.strip())
    if isinstance(value, int) and abs(value) > LARGEST:
        reading.say(path, "out-of-range", "No number of JSON that programs read is as large.")
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return _wrong(reading, entry, path, value)
    if entry.type == "integer":
        if not _is_whole(value):
            return _wrong(reading, entry, path, value, "Send it without a fraction.")
        value = int(value)
    low, high = _BOUNDS.get(entry.format or "", (value, value))
    if not low <= value <= high:
        reading.say(path, "out-of-range", f"A number of {entry.format} lies between {low} and {high}.")
    return value


def _counted(reading: Reading, entry: Field, path: str, text: str) -> object:
    if not text:
        return _emptied(reading, entry, path)
    if not _NUMBER.fullmatch(text):
        return _wrong(reading, entry, path, text)
    number = float(text) if "." in text else int(text)
    reading.say(path, "text-for-number", "A number is expected, and this is one in a text.", got="text")
    reading.change(path, "the text became a number")
    return _number(reading, entry, path, number)


def _boolean(reading: Reading, entry: Field, path: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value.strip().lower()
        if not text:
            return _emptied(reading, entry, path)
        if text in _WORDS:
            reading.say(path, "text-for-boolean", "true or false is expected, and this is one in a text.", got="text")
            reading.change(path, "the text became true or false")
            return _WORDS[text]
    return _wrong(reading, entry, path, value, "Send true or false, without quotes.")


def _array(reading: Reading, entry: Field, path: str, value: object) -> object:
    if not isinstance(value, list | tuple) or entry.items is None:
        hint = "Send a list, also of one." if isinstance(value, str) else None
        return _wrong(reading, entry, path, value, hint)
    return [read_value(reading, entry.items, f"{path}[{at}]", item) for at, item in enumerate(value)]


def _object(reading: Reading, entry: Field, path: str, value: object) -> object:
    """Read an object in a list; those of the lead itself are walked through, field by field."""
    if not isinstance(value, Mapping) or entry.model not in reading.models:
        return _wrong(reading, entry, path, value, "It is an object with fields of its own in this form.")
    return dict(_entries(reading, reading.models[str(entry.model)].fields, path, value))


def _entries(
    reading: Reading, fields: Mapping[str, Field], path: str, value: Mapping[Any, object]
) -> Iterator[tuple[str, object]]:
    for name, item in value.items():
        place = f"{path}.{shown(str(name), _LONGEST_NAME)}"
        if name in fields:
            yield name, read_value(reading, fields[name], place, item)
            continue
        reading.say(place, "unknown-field", "The model has no such field.")
        written = plain_tree(item)
        if isinstance(name, str) and is_text(name) and written is not UNWRITABLE:
            yield name, written
        else:
            reading.say(place, "not-json", "JSON cannot write this.")


def _map(reading: Reading, entry: Field, path: str, value: object) -> object:
    return _any(reading, entry, path, value) if isinstance(value, Mapping) else _wrong(reading, entry, path, value)


def _any(reading: Reading, _: Field, path: str, value: object) -> object:
    written = plain_tree(value)
    if written is UNWRITABLE:
        reading.say(path, "not-json", "JSON cannot write this.")
        return None
    return written


def _is_whole(value: float) -> bool:
    return isinstance(value, int) or (isfinite(value) and value == int(value))


_READERS = {
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
    "map": _map,
    "any": _any,
}
