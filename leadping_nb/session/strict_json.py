"""JSON by its content: read whatever bytes come, say what was unusual, and never fail."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["ParsedJson", "parse_json"]

_DEEPEST = 64
_LONGEST_NUMBER = 4_000
_BOM = b"\xef\xbb\xbf"
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
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

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(pairs)
        if len(read) != len(pairs):
            quirks.update(dict.fromkeys(f"duplicate member: {name}" for name in _repeated(pairs)))
        return read

    def constant(name: str) -> float:
        quirks[f"{name}, which is no JSON"] = None
        return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[name]

    def whole(digits: str) -> float | int:
        return int(digits) if len(digits) <= _LONGEST_NUMBER else math.inf

    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=members, parse_constant=constant, parse_int=whole)
    except UnicodeDecodeError:
        return ParsedJson(problem="not UTF-8")
    except (ValueError, RecursionError):
        return ParsedJson(problem="not JSON")
    return ParsedJson(value, tuple(quirks))


def _repeated(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    seen: set[str] = set()
    return [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]  # adds


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
