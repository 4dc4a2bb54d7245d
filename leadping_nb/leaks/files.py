"""Files: which are searched, how their bytes become text, and the leaks in each."""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from leadping_nb.leaks.known import Known
from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.matches import lines_of, spliced
from leadping_nb.leaks.notebook import leaks_of_pieces, matches_in
from leadping_nb.leaks.patterns import secrets_in
from leadping_nb.leaks.pieces import BETWEEN, texts_of

__all__ = ["LARGEST", "Unreadable", "as_text", "encoding_of", "files_below", "leaks_in_bytes", "masked", "read"]

LARGEST: Final = 256 * 1024 * 1024
"""The most bytes of a file that are searched."""

_NOT_SEARCHED: Final = frozenset(
    {".git", ".hg", ".svn", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}
)  # of other programs, who write nothing of ours there that is not elsewhere too
_MARK_OF_AN_ENVIRONMENT: Final = "pyvenv.cfg"  # PEP 405


class Unreadable(Exception):  # noqa: N818  # no failure of ours: it becomes a line of the report
    """Why a file could not be searched."""


def files_below(folder: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Give the files below a folder in order, hidden ones too; links are not followed.

    Left out are the folders of version control, virtual environments and caches.

    Parameters
    ----------
    folder
        The folder.
    failed
        Is told of each folder that cannot be read, and each file that cannot be reached.
    """
    for here, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not _is_left_out(os.path.join(here, name), name))  # noqa: PTH118  # as text, many times faster
        for name in sorted(names):
            path = Path(here, name)
            try:
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path
            except OSError as error:  # a folder that may be listed and not entered
                failed(error)


def _is_left_out(path: str, name: str) -> bool:
    return name in _NOT_SEARCHED or os.path.exists(os.path.join(path, _MARK_OF_AN_ENVIRONMENT))  # noqa: PTH110, PTH118  # as above


def read(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    Unreadable
        If it cannot be read, is no regular file, or is too large.
    """
    try:
        if not path.is_file():  # a pipe would never end
            raise Unreadable("It is no regular file")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                raise Unreadable(f"It is larger than {LARGEST // 1024 // 1024} MiB")
            return file.read()
    except OSError as error:
        raise Unreadable(error.strerror or "It cannot be read") from error


# -- bytes to text -----------------------------------------------------------------------------------------------------

_MARKS: Final = (  # of byte orders, longest first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_START: Final = 8192
_PICTURE: Final = re.compile(rb'"image/(?!svg)[\w.+-]+"\s*:\s*"')


def encoding_of(data: bytes) -> str | None:
    r"""Give the encoding of a text, or None for bytes that are no text.

    Examples
    --------
    >>> encoding_of(b"a\x00b") is None
    True
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    return marked or (None if b"\0" in data[:_START] else "utf-8")


def as_text(data: bytes, encoding: str) -> str:
    """Decode a text; what is no UTF-8 becomes half characters, which give the same bytes again."""
    try:
        return data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:  # a text of UTF-16 or UTF-32 that was cut
        return data.decode(encoding, "replace")


def without_pictures(data: bytes) -> bytes:
    """Cut the pictures in base64 out of a notebook's bytes, so that little is left to search and to parse.

    Examples
    --------
    >>> without_pictures(b'{"image/png": "iVBORw0KGgo=", "image/svg+xml": "<svg/>"}')
    b'{"image/png": "", "image/svg+xml": "<svg/>"}'
    """
    kept = []
    done = at = 0
    while (at := data.find(b'"image/', at)) >= 0:
        match = _PICTURE.match(data, at)
        at += 1
        if match is None:
            continue
        end = data.find(b'"', match.end())
        # Base64 has none of these, and no secret is without one of them.
        if end < 0 or any(data.find(mark, match.end(), end) >= 0 for mark in (b"_", b".", b" ")):
            continue
        kept.append(data[done : match.end()])
        done = at = end
    kept.append(data[done:])
    return b"".join(kept)


# -- leaks -------------------------------------------------------------------------------------------------------------


def leaks_in_bytes(data: bytes, *, name: str, known: tuple[Known, ...] = ()) -> tuple[Leak, ...]:
    r"""Find the leaks in the content of a file.

    Parameters
    ----------
    data
        Its bytes.
    name
        Its name, which says whether it is a notebook.
    known
        Secrets to look for in every form.

    Examples
    --------
    >>> [leak] = leaks_in_bytes(b"# ours\nLEADPING_SOURCE_KEY=lp_src_test0123example456789XYZ\n", name=".env")
    >>> leak.where
    'text, line 2'
    """
    encoding = encoding_of(data)
    if encoding is None:
        return _in_bytes(data, known)
    if not name.endswith(".ipynb"):
        return _in_text(as_text(data, encoding), known)
    text = as_text(without_pictures(data), encoding)
    # Its raw text shows whether there is anything, for a fraction of the time that parsing takes. Pieces of known
    # secrets may lie far apart in it.
    raw = secrets_in(text)
    in_full = bool(known) or _may_hide(text)
    if not in_full and not raw:
        return ()
    signs = None if in_full else {_sign(text[match.start : match.end]) for match in raw}
    try:
        notebook = json.loads(text.removeprefix("\ufeff"))
        leaks = leaks_of_pieces(notebook, known, signs=signs) if isinstance(notebook, dict) else _in_text(text, known)
    except (ValueError, RecursionError):  # no JSON, or brackets that nest too deeply
        return _in_text(text, known)
    placed = {leak.hash for leak in leaks}
    beside = [match for match in raw if match.digest not in placed]
    if not beside or not isinstance(notebook, dict):
        return leaks
    # An object with the same key twice holds a value that no parser shows. What it shows may begin with what is cut.
    parsed = BETWEEN.join(texts_of(notebook))
    hidden = {match.digest for match in beside if _sign(text[match.start : match.end]) not in parsed}
    return (*leaks, *(leak for leak in _in_text(text, ()) if leak.hash in hidden))


_LETTER: Final = re.compile(  # what keys have, and no program needs to escape
    r"\\u00(?:2[DEde]|3[0-9]|4[1-9A-Fa-f]|5[0-9AFaf]|6[1-9A-Fa-f]|7[0-9Aa])"
)
_ATTACHED: Final = re.compile(r'"attachments"\s*:\s*\{\s*"')
_NEXT: Final = r"\s*\"[A-Za-z0-9._~+/=-]"  # the next text of a list begins with what keys have
_BEGUN: Final = tuple(
    re.compile(rf'{marker}{after}(?<!\\n)",{_NEXT}')
    for marker, after in (
        *((prefix, r"[A-Za-z0-9._~+/\\-]{0,24}+") for prefix in ("lp_", "sk_", "whsec_")),  # more shows by itself
        ("eyJ", r"[A-Za-z0-9._-]*+"),
        *((word, r"[^A-Za-z\n]{0,8}[A-Za-z0-9._~+/\\-]{0,16}+") for word in ("earer", "EARER")),
    )
)
"""Markers at the end of a text of a list, with what of a secret may stand after them."""


def _cuts(marker: str) -> Iterator[str]:
    return (rf'(?<={marker[:at]}",)\s*"{marker[at:]}' for at in range(1, len(marker)))


_MARKERS: Final = ("lp_", "sk_", "whsec_", "eyJ", "bearer", "Bearer", "BEARER")
_WITHIN_A_MARKER: Final = re.compile(  # most lines of a list end with a line break, and fail at once
    rf'",(?<!\\n",)(?:{"|".join(cut for marker in _MARKERS for cut in _cuts(marker))})'
)


def _may_hide(text: str) -> bool:
    """Whether the JSON of a notebook may hold what only shows when it is parsed."""
    if '"base64"' in text or ("\\u00" in text and _LETTER.search(text)):
        return True
    if '"attachments"' in text and _ATTACHED.search(text):
        return True
    if any(_goes_on(text, match.start()) for begun in _BEGUN for match in begun.finditer(text)):
        return True
    return _WITHIN_A_MARKER.search(text) is not None


_BETWEEN_TEXTS: Final = re.compile(r'(?<!\\n)",\s*"')
_LONG_ENOUGH: Final = (512, 16_384)  # of a key and of a token, with what stands between the lines of a list


def _goes_on(text: str, at: int) -> bool:
    """Whether the texts of a list hold a secret from some place on, once they are joined."""
    start = max(at - 2, 0)
    window = text[start : start + _LONG_ENOUGH[text.startswith("eyJ", at)]]
    return bool(secrets_in(_BETWEEN_TEXTS.sub("", window)))


def _sign(written: str) -> str:
    """Give the beginning of a secret as it is both in the JSON and in the text that it stands for."""
    return written.partition("\\")[0]


_TEXT_OF_16_BITS: Final = re.compile(rb"(?:\0[\t\r\n -~]){16,}|(?:[\t\r\n -~]\0){16,}")  # UTF-16 of either order
_MARKERS_OF_16_BITS: Final = tuple(
    "\0".join(marker).encode() for marker in ("lp_", "sk_", "whsec_", "eyJ", "arer", "ARER")
)
_RUN_ON: Final = re.compile(
    r"lp_src_|whsec_|eyJ[\w-]{10,400}\.eyJ"  # no word goes on like that
    # Nor like these, unlike help_, task_ and Minsk_. What is longer is base64url, which has everything somewhere.
    r"|(?:lp_|sk_)(?<=[0-9A-Zb-df-hj-mo-tv-xz](?:lp_|sk_))(?=[A-Za-z0-9._~+/=-]{16,128}(?![A-Za-z0-9._~+/=-]))"
    r"|(?<=[0-9A-Za-z])Bearer(?=[ :])"
)
_AFTER_A_LENGTH: Final = re.compile(r"\x8c[0-9A-Za-z](?=lp_|sk_|[Bb]earer)")  # pickle's SHORT_BINUNICODE


def _in_bytes(data: bytes, known: tuple[Known, ...]) -> tuple[Leak, ...]:
    """Find the leaks in what is no text: databases, pickles, archives that are not compressed, UTF-16 without a mark.

    A database writes its columns one right after the other, and a pickle a length that may look like a letter: so what
    no word goes on like may begin anywhere.
    """
    text = data.decode("latin-1")
    text = _AFTER_A_LENGTH.sub("\0", _RUN_ON.sub(r"\0\g<0>", text))
    found = matches_in(text, known, in_pieces=False)
    marks = (*_MARKERS_OF_16_BITS, *("\0".join(form[:4]).encode() for one in known for form in one.forms))
    if any(mark in data for mark in marks):
        wide = b"\n\0\n".join(match[0].replace(b"\0", b"") for match in _TEXT_OF_16_BITS.finditer(data))
        found += matches_in(wide.decode("latin-1"), known, in_pieces=False)
    leaks = (
        Leak(kind=one.kind.name, hash=one.digest, place="bytes", encoding=one.encoding, may_be_hash=one.may_be_hash)
        for one in found
    )
    return tuple(dict.fromkeys(leaks))


def _in_text(text: str, known: tuple[Known, ...]) -> tuple[Leak, ...]:
    matches = matches_in(text, known)
    leaks = (
        Leak(
            kind=match.kind.name,
            hash=match.digest,
            place="text",
            line=line,
            encoding=match.encoding,
            may_be_hash=match.may_be_hash,
        )
        for match, line in zip(matches, lines_of(text, matches), strict=True)
    )
    return tuple(dict.fromkeys(leaks))


def masked(text: str, known: tuple[Known, ...] = ()) -> str:
    """Give a text with what to show in the place of each secret.

    Examples
    --------
    >>> masked("key of lp_src_test0123example456789XYZ")
    'key of <removed: source key #a7e350b53508>'
    """
    return spliced(text, matches_in(text, known))
