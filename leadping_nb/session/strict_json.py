"""JSON by its content: read whatever bytes come, say what was unusual, and never fail."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

__all__ = ["ParsedJson", "parse_json"]

_DEEPEST = 64
_LONGEST_NUMBER = 640  # Python reads and writes so many digits whatever its settings are
_MOST_REPEATED = 20
_LONGEST_NAME = 60
_BOM = b"\xef\xbb\xbf"
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also one without an end, lest each quote in it be tried
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


@dataclass(frozen=True, slots=True)
class ParsedJson:
    """What bytes are as JSON."""

    value: object = None
    """The value; None where there is a problem."""
    quirks: tuple[str, ...] = ()
    """What a strict reader would object to, such as ``duplicate member: issuer``."""
    problem: str | None = None
    """Why the bytes are no JSON, in words; None if they are."""


def parse_json(body: bytes) -> ParsedJson:
    """Read JSON (RFC 8259) from bytes, whatever their media type promises.

    Parameters
    ----------
    body
        Any bytes.

    Examples
    --------
    >>> parse_json(b'{"issuer": "a", "issuer": "b"}')
    ParsedJson(value={'issuer': 'b'}, quirks=('duplicate member: issuer',), problem=None)
    >>> parse_json(b"<!doctype html>").problem
    'a web page (HTML)'
    """
    quirks: dict[str, None] = {}
    if body.startswith(_BOM):
        quirks["byte order mark"] = None
        body = body[len(_BOM) :]
    if not body.strip():
        return ParsedJson(problem="nothing")
    if body.lstrip()[:1] == b"<":
        return ParsedJson(problem="a web page (HTML)")
    if _too_deep(body):
        return ParsedJson(problem=f"JSON nested deeper than {_DEEPEST} levels")

    repeated: dict[str, None] = {}

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(pairs)
        if len(read) != len(pairs):
            repeated.update(dict.fromkeys(_repeated(pairs)))
        return read

    def constant(name: str) -> float:
        quirks[f"{name}, which is no JSON"] = None
        return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[name]

    def number(digits: str) -> float | int:
        if len(digits) <= _LONGEST_NUMBER and digits.lstrip("-").isdigit():
            return int(digits)
        value = float(digits)
        if math.isinf(value):
            quirks["a number beyond all bounds"] = None
        return value

    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=members,
            parse_constant=constant,
            parse_int=number,
            parse_float=number,
        )
    except UnicodeDecodeError:
        return ParsedJson(problem="not UTF-8")
    except json.JSONDecodeError as error:
        return ParsedJson(problem="JSON with more after its end" if error.msg == "Extra data" else "not JSON")
    except RecursionError:  # where whoever calls is deep in calls already
        return ParsedJson(problem="not JSON that can be read here")
    if rb"\u" in body and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        quirks["lone surrogate"] = None
        value = _whole_characters(value)
    quirks.update(dict.fromkeys(f"duplicate member: {_shown(name)}" for name in islice(repeated, _MOST_REPEATED)))
    if len(repeated) > _MOST_REPEATED:
        quirks[f"duplicate member: {len(repeated) - _MOST_REPEATED} more"] = None
    return ParsedJson(value, tuple(quirks))


def _repeated(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    seen: set[str] = set()
    return [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]  # adds


def _shown(name: str) -> str:
    """Give a member's name as text of one short line."""
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return short if short.isprintable() else ascii(short)


def _whole_characters(value: Any) -> Any:
    """Put U+FFFD for half characters, which no text can hold when it is written."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole_characters(entry) for entry in value]
    if isinstance(value, dict):
        return {_whole_characters(name): _whole_characters(entry) for name, entry in value.items()}
    return value


def _too_deep(body: bytes) -> bool:
    """Whether brackets nest too deeply, those in texts left out; pairs go level by level, from the inside."""
    brackets = _TEXT.sub(b"", body).translate(_ONE_KIND, delete=_NO_BRACKETS)
    for _ in range(_DEEPEST):
        fewer = brackets.replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    else:
        return b"[]" in brackets
    return b"[" * (_DEEPEST + 1) in brackets
