"""The forms in which programs write one and the same text: in URLs, JSON, HTML, base64 and hexadecimal digits."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["disguises"]


_WIDTHS: Final = (76, 64)
"""How many characters of base64 are in a line: by MIME and ``base64`` of a shell, and by PEM."""
_BETWEEN_DIGITS: Final = ("", ":", " ", "-")
_BEFORE_DIGITS: Final = (("URL-encoded", "%"), ("hexadecimal", "\\x"))


def disguises(text: str) -> dict[str, str]:
    """Give every form of a text, and how it is called, longest first so that none is taken for a part of another.

    Base64 is given at each of its three alignments, without the characters that depend on what stands around the text;
    so it is found inside of longer texts too, such as ``user:password``; in lines only where it begins with the text.

    Parameters
    ----------
    text
        A credential, or another text of ASCII that is at least eight characters long.

    Returns
    -------
    dict
        How a form is called, by the form itself. The first is not always the text.

    Examples
    --------
    >>> disguises("lp_test/1+2=")["lp_test%2F1%2B2%3D"]
    'URL-encoded'
    >>> disguises("lp_test/1+2=")["bHBfdGVzdC8xKzI9"]
    'base64'
    """
    named = {form: name for name, form in reversed([*_forms(text)]) if form}  # of two that look alike, the first
    return dict(sorted(named.items(), key=lambda item: -len(item[0])))


def _forms(text: str) -> Iterator[tuple[str, str]]:
    yield "plain", text
    for form in (quote(text, safe=""), quote(text)):
        yield "URL-encoded", form
        yield "URL-encoded", _lower_escapes(form)
    written = json.dumps(text)[1:-1]
    yield "as JSON", written
    yield "as JSON", written.replace("/", "\\/")
    yield "as JSON", "".join(one if one.isalnum() or one in "-._~" else f"\\u{ord(one):04x}" for one in text)
    yield "in HTML", html.escape(text)
    yield "in HTML", "".join(one if one.isalnum() or one in "-._~" else f"&#{ord(one)};" for one in text)
    raw = text.encode()
    for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            yield "base64", _inner(encode, raw, before)
        for width in _WIDTHS:
            yield "base64", "\n".join(_lines(_inner(encode, raw, 0), width))
    for pairs in (raw.hex(" ").split(), raw.hex(" ").upper().split()):
        for between in _BETWEEN_DIGITS:
            yield "hexadecimal", between.join(pairs)
        for name, before_each in _BEFORE_DIGITS:
            yield name, "".join(f"{before_each}{pair}" for pair in pairs)
    yield "UTF-16", "\\x00".join(text)  # as Python shows its bytes


def _lines(text: str, width: int) -> Iterator[str]:
    return (text[at : at + width] for at in range(0, len(text), width))


def _lower_escapes(form: str) -> str:
    start, *escaped = form.split("%")
    return "%".join((start, *(part[:2].lower() + part[2:] for part in escaped)))


def _inner(encode: Callable[[bytes], bytes], raw: bytes, before: int) -> str:
    """Encode with bytes before it, and leave out each character that depends on the bytes around."""
    whole = encode(bytes(before) + raw).decode()
    first = -(-before * 8 // 6)  # the first character made of bits of the text alone
    last = (before + len(raw)) * 8 // 6
    return whole[first:last]
