"""An inspected token as plain JSON for the page: its sentence, times, countdown, dial and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from typing import Final, NamedTuple, TypeAlias

from leadping_nb.tokens import SIGNS, VERDICT_SIGNS, Check, TokenInspection
from leadping_nb.tokens.check import is_number

__all__ = ["LEEWAY", "Dial", "advice", "dial", "doubt", "rows", "sentence", "source", "view"]

Json: TypeAlias = dict[str, object]

LEEWAY: Final = 30.0
"""Seconds by which clocks may differ, as `lp.inspect_token` has it unless told."""

_FOLLOW: Final = "Follow the discovery: it gives the keys, and says which issuer and audience the API accepts."
_UNVERIFIED: Final = " (unverified)"
_PROOFS: Final = frozenset({"key", "issuer", "audience"})
_MOST_ROWS: Final = 60
_FARTHEST: Final = 1e14  # seconds that a line can still be drawn with; whatever is further lies at its end
_LAST_OF_CALENDAR: Final = 2.5e11
_STEPS: Final = (1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 21_600, 86_400)  # seconds a key press
_MOST_STEPS: Final = 400
_LEAST_MARGIN: Final = 120  # seconds before the issue and after the end; more than the leeway
_USUAL_LIFE: Final = 3_600


class Dial(NamedTuple):
    """How far a clock can be moved around the life of a token, in whole epoch seconds."""

    first: int
    """A little before the issue."""
    last: int
    """A little after the end."""
    step: int
    """How far one key press moves it."""


def sentence(seen: TokenInspection) -> str:
    """Give the verdict in a sentence that stays true while time goes on.

    Parameters
    ----------
    seen
        What was found; a valid one says nothing of the time left, which the countdown shows.
    """
    if seen.verdict != "valid":
        return seen.summary
    if (seen.expires_in or 0) > 0:
        return "The token is valid."
    return f"The token has ended, and is still valid: clocks may differ by {LEEWAY:.0f} s."


def doubt(seen: TokenInspection) -> str:
    """Say in brackets how little its claims are to be believed, to be put behind a name; nothing if it is valid."""
    if seen.verdict == "valid":
        return ""
    signed = any(entry.check == "signature" and entry.outcome == "passed" for entry in seen.results)
    return " (of an invalid token)" if signed and seen.verdict == "invalid" else _UNVERIFIED


def advice(seen: TokenInspection, *, has_keys: bool) -> tuple[str, ...]:
    """Say what to do about the verdict, each thing once.

    Parameters
    ----------
    seen
        What was found.
    has_keys
        Whether there was a discovery to take keys from.
    """
    deciding = [entry for entry in seen.results if entry.outcome == "failed"]
    if not deciding and seen.verdict == "unverified" and has_keys:
        deciding = [entry for entry in seen.results if entry.outcome == "skipped" and entry.check in _PROOFS]
    said = [entry.todo for entry in deciding if entry.todo]
    return tuple(dict.fromkeys(said if has_keys else [*said, _FOLLOW]))


def dial(seen: TokenInspection) -> Dial | None:
    """Give the range of a dial around the life of a token, or None if it does not say when it ends."""
    end = seen.claims.get("exp")
    if not is_number(end):
        return None
    ends = float(end)  # type: ignore[arg-type]  # a number
    begins = next((at for name in ("iat", "nbf") if (at := _at(seen.claims, name)) is not None), ends - _USUAL_LIFE)
    margin = max((ends - begins) / 20, _LEAST_MARGIN)
    if not 0 <= begins - margin < ends - margin < ends + margin <= _LAST_OF_CALENDAR:
        return None
    first, span = int(begins - margin), ends - begins + 2 * margin
    step = next((size for size in _STEPS if span / size <= _MOST_STEPS), _STEPS[-1])
    return Dial(first, first + step * (int(span // step) + 1), step)


def view(seen: TokenInspection, *, now: float, ticks: bool, has_keys: bool, around: Dial | None) -> Json:
    """Give all that the page shows of a token.

    Parameters
    ----------
    seen
        What was found.
    now
        Where the clock is, in epoch seconds.
    ticks
        Whether the clock goes on by itself.
    has_keys
        Whether there was a discovery to take keys from.
    around
        The range of the dial, which the time line shares; without one it shows its own times.
    """
    judged = seen.now.timestamp()
    times = [now if entry.name == "now" else _drawn(entry.seconds + judged) for entry in seen.timeline]
    return {
        "verdict": seen.verdict,
        "sign": VERDICT_SIGNS[seen.verdict],
        "sentence": sentence(seen),
        "doubt": doubt(seen) if doubt(seen) == _UNVERIFIED else "",  # what is signed is so, also in an invalid token
        "advice": advice(seen, has_keys=has_keys),
        "now": now,
        "ticks": ticks,
        "moments": [
            {"name": entry.name, "at": at, "utc": entry.utc} for entry, at in zip(seen.timeline, times, strict=True)
        ],
        "line": _line(times, around),
        "countdown": _countdown(seen, now),
        "marks": [
            (word, _drawn(at))
            for word, name in (("issue", "iat"), ("expiry", "exp"))
            if (at := _at(seen.claims, name)) is not None
        ],
        "tables": _tables(seen),
    }


def rows(seen: TokenInspection) -> tuple[tuple[str, ...], ...]:
    """Give the checks: outcome with its sign, check, expected, got, what to do."""
    return tuple(
        (f"{SIGNS[entry.outcome]} {entry.outcome}", entry.check, entry.expected, entry.got, entry.todo)
        for entry in seen.results
    )


def source(address: object) -> str:
    """Name the standard that an address of it leads to; anything else stays as it is.

    Examples
    --------
    >>> source("https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4")
    'RFC 7519, section 4.1.4'
    """
    text = str(address)
    if not text.startswith("https://"):
        return text
    place = text.rpartition("/")[2]
    return place.replace("rfc", "RFC ").replace("#section-", ", section ") if place[:3] == "rfc" else "OpenID Connect"


def _at(claims: Mapping[str, object], name: str) -> float | None:
    value = claims.get(name)
    return float(value) if is_number(value) else None  # type: ignore[arg-type]  # a number


def _drawn(at: float) -> float:
    return round(max(-_FARTHEST, min(_FARTHEST, at)), 3)


def _line(times: Sequence[float], around: Dial | None) -> tuple[float, float]:
    if around is not None:
        return around.first, around.last
    first, last = min(times), max(times)
    margin = max(last - first, 1.0) / 20
    return first - margin, last + margin


def _countdown(seen: TokenInspection, now: float) -> Json | None:
    """Say what time alone will change next, when, and in which words."""
    ends = _at(seen.claims, "exp")
    begins = max((at for name in ("nbf", "iat") if (at := _at(seen.claims, name)) is not None), default=-inf) - LEEWAY
    changes = (
        (begins, "May be used in", "It may be used now."),
        (ends, "Expires in", "It has ended."),
        (None if ends is None else ends + LEEWAY, "Accepted after its end for another", "It is accepted no more."),
    )
    for until, label, end in changes:
        if until is not None and now < until:
            return {"label": label, "until": _drawn(until), "end": end}
    return None


def _tables(seen: TokenInspection) -> list[Json]:
    counts = Counter[str](entry.outcome for entry in seen.results)
    outcomes = ", ".join(f"{counts[name]} {name}" for name in SIGNS if counts[name])
    return [
        {
            "title": f"Checks: {outcomes}",
            "columns": ("outcome", "check", "expected", "got"),
            "rows": [_check(entry) for entry in seen.results],
        },
        {
            "title": f"Claims{doubt(seen)}",
            "columns": ("claim", "value", "meaning", "source"),
            "rows": _short(
                [
                    [_text(name), _text(value, "" if local == value else local), _text(meaning), _link(where)]
                    for name, value, local, meaning, where in seen.claims_table.rows
                ]
            ),
        },
        {
            "title": f"Header{doubt(seen)}",
            "columns": ("member", "value", "meaning", "source"),
            "rows": _short(
                [
                    [_text(name), _text(value), _text(meaning), _link(where)]
                    for name, value, meaning, where in seen.header_table.rows
                ]
            ),
        },
    ]


def _check(entry: Check) -> list[Json]:
    outcome = {**_text(f"{SIGNS[entry.outcome]} {entry.outcome}"), "mark": entry.outcome}
    return [outcome, _text(entry.check), _text(entry.expected), _text(entry.got, entry.todo)]


def _text(text: object, below: object = "") -> Json:
    return {"text": text, "below": below} if below else {"text": text}


def _link(address: object) -> Json:
    name = source(address)
    return _text(name) if name == address else {"text": name, "href": address}


def _short(table: list[list[Json]]) -> list[list[Json]]:
    more = len(table) - _MOST_ROWS
    return table if more <= 0 else [*table[:_MOST_ROWS], [_text(f"and {more} more"), *[_text("")] * 3]]
