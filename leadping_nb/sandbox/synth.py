"""A fitting value for any model of the contract, the same for the same key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from leadping_nb.sandbox.dice import mix, salt
from leadping_nb.sandbox.moments import DAY, END, MINUTE, START, text
from leadping_nb.sandbox.people import person, phone, place

if TYPE_CHECKING:
    from leadping_nb.models import Field, Models

__all__ = ["Synth"]

_NULLS = 5  # one of so many nullable values is null
_DEPTH = 8  # objects below objects, where a model contains itself by a detour

# What a text says, by how its field's name ends; the first that fits.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("currency", ("USD",)),
    ("timezoneid", ("America/New_York", "America/Chicago", "America/Los_Angeles")),
    ("timezone", ("America/New_York", "America/Chicago")),
    ("color", ("#2f855a", "#3182ce", "#805ad5", "#dd6b20")),
    ("tone", ("success", "warning", "neutral")),
    ("direction", ("outbound", "inbound")),
    ("last4", ("0000",)),
    ("brand", ("visa", "mastercard")),
    ("country", ("US",)),
    ("contenttype", ("text/csv",)),
    ("filename", ("sandbox.csv",)),
    ("useragent", ("Sandbox/1.0 (example)",)),
    ("ipaddress", ("192.0.2.10", "198.51.100.20", "203.0.113.30")),
    ("environment", ("sandbox",)),
    ("version", ("1.0.0",)),
    ("vertical", ("insurance", "solar", "mortgage")),
    ("product", ("auto", "home", "life")),
    ("industry", ("Insurance", "Home services")),
    ("preview", ("lp_sandbox_••••example",)),
    ("secret", ("sandbox-example",)),
    ("token", ("sandbox-example",)),
    ("ein", ("00-0000000",)),
    ("domain", ("sandbox-insurance.example",)),
    ("reason", ("As the sandbox would have it.", "Nothing out of the ordinary.")),
    ("message", ("All is well in the sandbox.", "One thing wants a look.")),
    ("label", ("Mon", "Tue", "Wed", "Thu", "Fri")),
    ("status", ("active", "pending", "completed")),
    ("role", ("Owner", "Agent")),
    ("roles", ("Owner", "Agent")),
    ("states", ("TX", "FL", "CA", "NY")),
    ("products", ("auto", "home", "life")),
    ("source", ("sandbox",)),
    ("type", ("standard", "extended")),
    ("channel", ("sms", "voice")),
    ("scope", ("business",)),
)
_INTEGERS: tuple[tuple[str, int, int], ...] = (
    ("expmonth", 1, 12),
    ("expyear", 2028, 2031),
    ("percent", 0, 100),
    ("score", 60, 100),
    ("width", 1200, 1200),
    ("height", 630, 630),
    ("sizebytes", 1_000, 90_000),
    ("version", 1, 6),
    ("windowdays", 7, 30),
)
# Earliest and latest day, by how the name of a date-time begins.
_TIMES: tuple[tuple[str, int, int], ...] = (
    ("created", 0, 60),
    ("issued", 0, 60),
    ("requested", 60, 90),
    ("started", 90, 100),
    ("start", 90, 100),
    ("expires", 200, 540),
    ("next", 182, 212),
    ("renewal", 182, 212),
    ("", 100, 181),
)
_MONEY = ("amount", "balance", "price", "cost", "fee", "trigger", "limit", "spent")


class Synth:
    """Values that fit the models of one revision.

    Parameters
    ----------
    models
        The models.
    seed
        The world; another seed gives other values.
    """

    def __init__(self, models: Models, seed: int) -> None:
        self.models = models
        self._seed = seed

    def made(self, model: str, key: str, values: Mapping[str, object] | None = None) -> dict[str, object]:
        """Make an object of a model.

        Parameters
        ----------
        model
            The model's name.
        key
            What the object is; the same key gives the same object.
        values
            What is known already; names that the model does not have are left out.
        """
        return self._object(model, key, values or {}, (model,))

    def value(self, field: Field, key: str) -> object:
        """Make a value of a field; null only where null may come."""
        return self._value(field, key, ())

    def _object(
        self, model: str, key: str, values: Mapping[str, object], parents: tuple[str, ...]
    ) -> dict[str, object]:
        return {
            name: values[name] if name in values else self._value(field, f"{key}.{name}", parents)
            for name, field in self.models[model].fields.items()
        }

    def _value(self, field: Field, key: str, parents: tuple[str, ...]) -> object:
        bits = mix(self._seed, salt(key))
        if field.nullable and not bits % _NULLS:
            return None
        bits >>= 8
        if field.enum:
            return field.enum[bits % len(field.enum)]
        match field.type:
            case "string":
                return _text(field, bits)
            case "integer":
                return _integer(field.name.lower(), bits)
            case "number":
                return round(bits % 20_000 / 100, 2)
            case "boolean":
                return bool(bits & 1)
            case "array":
                return self._array(field, key, bits, parents)
            case "object":
                return self._nested(field, key, parents)
            case "map":
                return {"origin": "sandbox"}
            case _:  # anything: a number where money is meant, which the sources leave untyped
                return round(bits % 20_000 / 100, 2) if field.name.lower().endswith(_MONEY) else None

    def _array(self, field: Field, key: str, bits: int, parents: tuple[str, ...]) -> list[object]:
        item = field.items
        if item is None or item.type == "any" or self._is_deep(item, parents):
            return []
        return [self._value(item, f"{key}[{at}]", parents) for at in range(1 + bits % 3)]

    def _nested(self, field: Field, key: str, parents: tuple[str, ...]) -> object:
        if field.model is None or field.model not in self.models:
            return {}
        if self._is_deep(field, parents) and field.nullable is not False:
            return None
        return self._object(field.model, key, {}, (*parents, field.model))

    @staticmethod
    def _is_deep(field: Field, parents: tuple[str, ...]) -> bool:
        return field.model is not None and (field.model in parents or len(parents) >= _DEPTH)


def _text(field: Field, bits: int) -> str:
    name = field.name.lower()
    match field.format:
        case "date-time":
            first, last = next((first, last) for start, first, last in _TIMES if name.startswith(start))
            if name.endswith("expiresat"):
                first, last = 200, 540
            return text(START + first * DAY + bits % ((last - first) * DAY // MINUTE) * MINUTE, bits)
        case "date":
            return (date(1960, 1, 1) + timedelta(days=bits % 14_000)).isoformat()
        case "time":
            return f"{bits % 24:02}:00:00"
        case "email":
            return person(bits % 90, bits).email
        case "uri":
            return f"https://files.example/{name}/{bits & 0xFFFFFF:06x}"
    return _plain_text(name, field.name, bits)


def _plain_text(name: str, shown: str, bits: int) -> str:
    if name.endswith("email"):
        return person(bits % 90, bits).email
    if name.endswith(("url", "website")):
        return f"https://www.example.com/{bits & 0xFFFF:04x}"
    if name.endswith(("phone", "phonenumber", "number", "e164")):
        return phone(bits % 9_000)
    if name.endswith(("firstname", "lastname", "username", "displayname", "authorname")):
        who = person(0, bits)
        return who.first if "first" in name else who.last if "last" in name else f"{who.first} {who.last}"
    if (name == "id" or shown.endswith("Id")) and name != "timezoneid":
        return f"{shown.removesuffix('Id').lower() or 'id'}_{bits & 0xFFFFFFFF:08x}"
    if shown.endswith("At"):
        return text(END - bits % 100 * DAY, bits)
    if name in ("city", "state", "zip", "postalcode"):
        town = place(bits)
        return {"city": town.city, "state": town.state}.get(name, town.zip)
    for ending, words in _WORDS:
        if name.endswith(ending):
            return words[bits % len(words)]
    return f"Sandbox {shown}"


def _integer(name: str, bits: int) -> int:
    for ending, least, most in _INTEGERS:
        if name.endswith(ending):
            return least + bits % (most - least + 1)
    return bits % 40
