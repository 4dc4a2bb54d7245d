"""What a text says to whoever decodes it: as it is, with its escapes read, as a date, out of base64 or hex digits."""

from __future__ import annotations

import base64
import html
import re
from binascii import Error
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

from leadping_nb.recording.births import Birth

__all__ = ["readings"]

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{3,}={0,2}")
_OF_URLS = str.maketrans("-_", "+/")  # RFC 4648, section 5
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){3,}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().,/-]+(?=\d)")


def readings(text: str) -> Iterator[str]:
    """Give a text and all that it may be an encoding of.

    Examples
    --------
    >>> "Ada" in readings("QWRh"), "Ada" in readings("%41da"), "1961-03-14" in readings("3/14/1961")
    (True, True, True)
    """
    plain = html.unescape(unquote(text))
    yield from dict.fromkeys((text, plain, plain.replace("+", " "), _BETWEEN_DIGITS.sub("", plain)))
    if (birth := Birth.read(plain.strip())) is not None:
        yield birth.day.isoformat()
    for found in _HEXADECIMAL.findall(plain):
        yield from _printable(bytes.fromhex(found))
    for found in _ENCODED.findall(plain):
        signs = found.rstrip("=").translate(_OF_URLS)
        with suppress(Error):
            yield from _printable(base64.b64decode(signs + "=" * (-len(signs) % 4)))


def _printable(content: bytes) -> Iterator[str]:
    """Give bytes as a text; nothing where they were none, as when a word is read as base64."""
    with suppress(UnicodeDecodeError):
        text = content.decode()
        if text.isprintable():
            yield text
