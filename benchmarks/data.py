"""Pages like those of the lead table, made from a seed, and what a right frame of them holds.

Each row is LeadTableRow of 2026-07-05 with its nulls sent, and what breaks readers: times as .NET writes them (0 to 7
digits, ``Z`` or an offset), whole numbers past 2^53 among nulls, whole numbers beside fractions, tags that are null,
none or a few, objects or null, a key that first appears in the last tenth of the rows, escapes in text, and a cursor
that is JSON itself. The real API's order of keys, its nulls and its compression are not known.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

__all__ = ["COLUMNS", "PAGE_ROWS", "Batch", "Truth", "batch", "column_of", "cursor", "differences"]

PAGE_ROWS = 500

COLUMNS = {
    "adminEnablementOverride.enabled": "bool",
    "adminEnablementOverride.reason": "text",
    "adminEnablementOverride.updatedAt": "time",
    "adminEnablementOverride.updatedByUserId": "text",
    "archiveReason": "int",
    "archivedAt": "time",
    "archivedByUserId": "text",
    "businessId": "text",
    "businessName": "text",
    "createdAt": "time",
    "currentDisposition.category": "text",
    "currentDisposition.changedAt": "time",
    "currentDisposition.changedByUserId": "text",
    "currentDisposition.displayName": "text",
    "currentDisposition.id": "text",
    "currentDisposition.outcome": "text",
    "currentDisposition.source": "text",
    "email": "text",
    "enabled": "bool",
    "externalRef": "int",
    "firstName": "text",
    "id": "text",
    "isArchived": "bool",
    "lastName": "text",
    "leadScore": "int",
    "note": "text",
    "phone": "text",
    "price": "float",
    "sourceId": "text",
    "sourceName": "text",
    "status": "text",
    "statusTone": "text",
    "tags": "list",
    "updatedAt": "time",
}
"""The columns of a right frame, and what each holds."""

_DTYPES = {
    "bool": re.compile(r"bool(ean)?|bool\[pyarrow\]"),
    "text": re.compile(r"str|string|(large_)?string\[pyarrow\]"),
    "time": re.compile(r"datetime64\[\w+, (Etc/)?UTC\]|timestamp\[\w+, tz=(UTC|\+00:00)\]\[pyarrow\]"),
    "int": re.compile(r"[Ii]nt64|int64\[pyarrow\]"),
    "float": re.compile(r"[Ff]loat64|double\[pyarrow\]"),
    "list": re.compile(r"object|list<.*>\[pyarrow\]"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
_DIGITS = (5, 1, 1, 10, 1, 1, 15, 66)  # how often a time has 0, 1, … 7 digits: .NET leaves zeros out at the end
_FIRST_NAMES = ("Amélie", "Bo", "Chidi", "Dörte", "Elif", "Finn", "Gösta", "Hana", "Ivo", "Jo", "Kaito", "Łucja")
_LAST_NAMES = ("Abara", "Bauer", "Costa", "d'Arc", "Eriksson", "Ferreira", "Gómez", "Horváth", "Ikeda", "Jansen")
_STATUSES = ("New", "Contacted", "Qualified", "Converted", "Lost")
_TONES = ("neutral", "info", "success", "warning", "danger")
_CATEGORIES = ("Open", "Qualified", "Converted", "Lost", "Invalid", "Duplicate")
_CHANGERS = ("User", "AI", "Automation", "System", "API")
_TAGS = tuple(
    {"color": f"#{n * 271_828 % 0xFFFFFF:06x}", "id": f"tag-{n:03}", "name": f"Tag {n}", "normalizedName": f"TAG {n}"}
    for n in range(60)
)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a right frame holds, as fingerprints of its columns."""

    rows: int
    """How many rows it has."""
    ids: Sequence[str] = field(repr=False)
    """Their ids, in order."""
    exact: Mapping[str, str] = field(repr=False)
    """The fingerprint of each column's values; times to 100 ns."""
    coarse: Mapping[str, str] = field(repr=False)
    """That of each column of times, to microseconds."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Page bodies and what they hold."""

    pages: list[bytes] = field(repr=False)
    """The bodies, in order."""
    truth: Truth = field(repr=False)
    """What a right frame of them holds."""


@lru_cache(maxsize=2)
def batch(rows: int, *, page_rows: int = PAGE_ROWS, seed: int = 7) -> Batch:
    """Make pages of rows.

    Parameters
    ----------
    rows
        How many rows in all.
    page_rows
        How many a page has.
    seed
        The same seed makes the same bytes.
    """
    dice = random.Random(seed)
    bodies: list[bytes] = []
    values: dict[str, list[str]] = {name: [] for name in COLUMNS}
    count = -(-rows // page_rows)
    for number in range(count):
        last = min(rows, (number + 1) * page_rows)
        items = [_row(dice, index, late=index >= rows - rows // 10) for index in range(number * page_rows, last)]
        for item in items:
            for name, kind in COLUMNS.items():
                values[name].append(_text_of(_value(item, name), kind))
        page = {
            "continuationToken": cursor(number + 1) if number + 1 < count else None,
            "items": items,
            "pageSize": page_rows,
            "totalCount": rows,
        }
        bodies.append(json.dumps(page, separators=(",", ":"), ensure_ascii=False).encode())
    times = [name for name, kind in COLUMNS.items() if kind == "time"]
    truth = Truth(
        rows,
        values["id"],
        {name: _fingerprint(texts) for name, texts in values.items()},
        {name: _fingerprint(text[:-1] for text in values[name]) for name in times},
    )
    return Batch(bodies, truth)


def cursor(number: int) -> str:
    """Give the cursor of the page with a number, from 0: JSON in a text, as document stores give it."""
    return json.dumps([{"token": f"+RID:~{number:024x}#RT:{number}#FPC:AQ==", "range": {"min": "", "max": "FF"}}])


def differences(frame: pd.DataFrame, truth: Truth) -> list[str]:
    """Say in words where a frame is not right; an empty list is a right one.

    Columns are found whatever their spelling, so that libraries which rename them are judged by the values.
    """
    if len(frame) != truth.rows:
        return [f"{len(frame):,} rows and not {truth.rows:,}"]
    found: dict[str, list[str]] = {}
    ids = column_of(frame, "id")
    if ids is not None and ids.tolist() != list(truth.ids):
        found["in another order"] = ["rows"]
        places = {text: place for place, text in enumerate(truth.ids)}
        frame = frame.iloc[sorted(range(len(frame)), key=lambda at: places.get(ids.iloc[at], at))]
    for name, kind in COLUMNS.items():
        complaint = _complaint(column_of(frame, name), name, kind, truth)
        if complaint:
            found.setdefault(complaint, []).append(name)
    return [f"{_some(names)} {complaint}" for complaint, names in found.items()]


def _complaint(column: pd.Series | None, name: str, kind: str, truth: Truth) -> str | None:
    if column is None:
        return "missing"
    if not _DTYPES[kind].fullmatch(str(column.dtype)):
        return f"as {column.dtype}"
    texts = _texts(column, kind)
    if _fingerprint(texts) == truth.exact[name]:
        return None
    if kind == "time" and _fingerprint(text[:-1] for text in texts) == truth.coarse[name]:
        return "to microseconds only"
    return "changed"


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def column_of(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """Give a column by its name in the JSON, however it is spelt in the frame; None if there is none."""
    wanted = _bare(name)
    for place, known in enumerate(frame.columns):
        if _bare(str(known)) == wanted:
            return frame.iloc[:, place]
    return None


def _bare(name: str) -> str:
    """Give a name without what libraries change in it: case, dots, underscores, the SDK's place for unknown fields."""
    return re.sub(r"[^a-z0-9]", "", name.replace("additional_data.", "").lower())


def _row(dice: random.Random, index: int, *, late: bool) -> dict[str, Any]:
    first, last = dice.choice(_FIRST_NAMES), dice.choice(_LAST_NAMES)
    archived, business, source = dice.random() < 0.2, dice.randrange(25), dice.randrange(40)
    status = dice.choice(_STATUSES)
    override = {
        "enabled": dice.random() < 0.5,
        "reason": 'held: "manual review"',
        "updatedAt": _time(dice),
        "updatedByUserId": _id(dice),
    }
    disposition = {
        "category": dice.choice(_CATEGORIES),
        "changedAt": _time(dice),
        "changedByAutomationId": None,
        "changedByUserId": _id(dice),
        "displayName": f"{status} – by phone",
        "id": f"disp-{dice.randrange(30):03}",
        "outcome": _maybe(dice, 0.5, "Reached"),
        "source": dice.choice(_CHANGERS),
    }
    row = {
        "adminEnablementOverride": _maybe(dice, 0.1, override),
        "archiveReason": dice.randrange(10) if archived else None,
        "archivedAt": _time(dice) if archived else None,
        "archivedByUserId": _id(dice) if archived else None,
        "businessId": f"biz-{business:06}",
        "businessName": f"Example Business {business} Ltd",
        "createdAt": _time(dice),
        "currentDisposition": _maybe(dice, 0.6, disposition),
        "email": _maybe(dice, 0.9, f"{last.lower().replace(chr(39), '')}.{index}@mail.example"),
        "enabled": _maybe(dice, 0.98, dice.random() < 0.9),
        "externalRef": _maybe(dice, 0.7, 2**53 + 1 + 2 * dice.randrange(2**60)),
        "firstName": first,
        "id": _id(dice),
        "isArchived": archived,
        "lastName": last,
        "leadScore": _maybe(dice, 0.8, dice.randrange(1_000)),
        "note": _maybe(dice, 0.5, f'wrote "continuationToken": {index}\n\tand then — ünïcødé \\ the end'),
        "phone": f"+1555{dice.randrange(10**7):07}",
        "price": _maybe(dice, 0.8, dice.choice((dice.randrange(100), dice.randrange(10_000) / 100))),
        "sourceId": f"src-{source:04}",
        "sourceName": f"Source {source} — campaign",
        "status": status,
        "statusTone": dice.choice(_TONES),
        "tags": dice.choice((None, [], [], dice.sample(_TAGS, 1), dice.sample(_TAGS, 2), dice.sample(_TAGS, 3))),
        "updatedAt": _maybe(dice, 0.95, _time(dice)),
    }
    if not late:
        del row["leadScore"]
    return row


def _maybe(dice: random.Random, chance: float, value: Any) -> Any:
    return value if dice.random() < chance else None


def _id(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _time(dice: random.Random) -> str:
    digits = dice.choices(range(8), _DIGITS)[0]
    fraction = f"{dice.randrange(10**digits):0{digits}}".rstrip("0") if digits else ""
    second = _BEGIN + timedelta(seconds=dice.randrange(50_000_000))
    point = "." if fraction else ""
    return f"{second:%Y-%m-%dT%H:%M:%S}{point}{fraction}{dice.choice(('Z', '+00:00'))}"


def _value(row: Mapping[str, Any], name: str) -> Any:
    value: Any = row
    for key in name.split("."):
        value = None if value is None else value.get(key)
    return value


def _text_of(value: Any, kind: str) -> str:
    """Write one value of the JSON in the one way that it is compared in; null is an empty text."""
    if value is None:
        return ""
    if kind == "time":
        whole, _, fraction = value.removesuffix("Z").removesuffix("+00:00").partition(".")
        seconds = (datetime.fromisoformat(f"{whole}+00:00") - _EPOCH) // timedelta(seconds=1)
        return f"{seconds}{fraction:0<7}"
    if kind == "list":
        return f"[{','.join(entry['name'] for entry in value)}]"
    return str(float(value) if kind == "float" else value)


def _texts(column: pd.Series, kind: str) -> list[str]:
    """Write a column's values as `_text_of` writes those of the JSON."""
    absent = column.isna().tolist()
    if kind == "time":
        instants = column.astype("datetime64[ns, UTC]").dt.as_unit("ns").astype("int64")
        return ["" if null else f"{value // 100}" for null, value in zip(absent, instants.tolist(), strict=True)]
    if kind in ("list", "float"):
        return ["" if null else _text_of(value, kind) for null, value in zip(absent, column.tolist(), strict=True)]
    return ["" if null else str(value) for null, value in zip(absent, column.tolist(), strict=True)]


def _fingerprint(texts: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
