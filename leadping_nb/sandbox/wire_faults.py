"""Faults of the wire: answers that are cut, slow, packed or labelled as something else; one row each."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from leadping_nb.sandbox.answers import JSON, Answer, Call
from leadping_nb.sandbox.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WIRE_FAULTS"]

_PIECES = 100
_PACE = 0.1


def _of_bodies(change: Callable[[Answer], Answer]) -> Callable[[Call, Answer], Answer]:
    """Change every answer that has a body."""
    return lambda call, answer: change(answer) if answer.body else answer


def _of_json(change: Callable[[Answer], Answer]) -> Callable[[Call, Answer], Answer]:
    """Change every answer that is plain JSON."""

    def changed(call: Call, answer: Answer) -> Answer:
        return change(answer) if answer.media_type == JSON and "Content-Encoding" not in answer.headers else answer

    return changed


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _encoded(answer: Answer, body: bytes) -> Answer:
    return replace(answer, body=body, headers={**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def _gzipped(answer: Answer) -> Answer:
    if "Content-Encoding" in answer.headers:
        return answer
    return _encoded(answer, gzip.compress(answer.body, mtime=0))


def _accepts_gzip(call: Call) -> bool:
    for entry in call.accept_encoding.lower().split(","):
        coding, _, weight = entry.replace(" ", "").partition(";q=")
        if coding in ("gzip", "x-gzip", "*"):
            return not weight or weight.strip("0.") != ""
    return False


def _pretty(answer: Answer) -> Answer:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return answer
    return replace(answer, body=json.dumps(value, indent=2).encode())


WIRE_FAULTS: tuple[Fault, ...] = (
    Fault(
        "not_json",
        "Sends half of the JSON text under a Content-Length that agrees with it.",
        "A content type promises JSON; only reading it proves it.",
        "a ResponseError that says that this is no JSON",
        answer=lambda call, answer: replace(answer, body=_half(answer) or b"{"),
    ),
    Fault(
        "reset",
        "Closes the connection in the middle of the body.",
        "An answer that did not arrive is no answer.",
        "a TransportError, or another try of a read",
        answer=lambda call, answer: replace(answer, cut=len(answer.body) // 2),
    ),
    Fault(
        "reset_at_once",
        "Closes the connection before any byte of the answer.",
        "Nobody knows whether such a request was carried out; only a read may be asked again.",
        "a TransportError, or another try of a read",
        answer=lambda call, answer: replace(answer, silent=True),
    ),
    Fault(
        "short_length",
        "Announces half of the body's length; the whole body is sent, and a client sees JSON that is cut.",
        "Content-Length decides where an answer ends, right or wrong.",
        "a ResponseError that says that this is no JSON, and nothing of the rest in the next answer",
        answer=_of_bodies(lambda answer: replace(answer, length=len(answer.body) // 2)),
    ),
    Fault(
        "long_length",
        "Sends the whole body, announces a hundred bytes more, and closes the connection.",
        "JSON that looks whole is not proof that everything came.",
        "a TransportError, or another try of a read",
        answer=_of_bodies(lambda answer: replace(answer, length=len(answer.body) + 100)),
    ),
    Fault(
        "slow_drip",
        f"Sends the body in {_PIECES} pieces, one every {_PACE} seconds.",
        "A timeout of each read is none of the whole: every piece comes in time.",
        "the whole answer, or a TransportError after the client's own limit for an answer",
        answer=_of_bodies(lambda answer: replace(answer, pace=_PACE, piece=-(-len(answer.body) // _PIECES))),
        takes="ten seconds an answer",
    ),
    Fault(
        "gzip",
        "Compresses the body with gzip where the request accepts it.",
        "Lists of rows shrink to a tenth; a client that asks for it must unpack it.",
        "the same rows",
        answer=lambda call, answer: _gzipped(answer) if answer.body and _accepts_gzip(call) else answer,
    ),
    Fault(
        "gzip_unasked",
        "Compresses the body with gzip whether or not the request accepts it.",
        "Caches send what somebody else asked for; Content-Encoding says what came.",
        "the same rows, or a ResponseError that says that this is no JSON",
        answer=_of_bodies(_gzipped),
    ),
    Fault(
        "broken_gzip",
        "Announces gzip and sends half of the JSON text as it is.",
        "What is announced as packed need not be, and unpacking it can fail.",
        "a TransportError or ResponseError, or another try of a read",
        answer=_of_bodies(lambda answer: _encoded(answer, _half(answer))),
    ),
    Fault(
        "wrong_charset",
        "Says that JSON is iso-8859-1, and sends UTF-8.",
        "JSON between systems is UTF-8 (RFC 8259, section 8.1) whatever its label says.",
        "the same rows, with every letter right",
        answer=_of_json(lambda answer: replace(answer, media_type=f"{JSON}; charset=iso-8859-1")),
    ),
    Fault(
        "byte_order_mark",
        "Begins JSON with a byte order mark.",
        "A parser may ignore the mark instead of refusing it (RFC 8259, section 8.1).",
        "the same rows",
        answer=_of_json(lambda answer: replace(answer, body=b"\xef\xbb\xbf" + answer.body)),
    ),
    Fault(
        "pretty_printed",
        "Writes JSON over many lines, indented, with every letter beyond ASCII escaped.",
        "White space and escapes change nothing about JSON.",
        "the same rows",
        answer=_of_json(_pretty),
    ),
)
"""The faults of the wire."""
