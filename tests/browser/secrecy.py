"""A search for a secret in every form that a program would write it in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

__all__ = ["files_with", "forms", "holds"]


def forms(secret: str) -> frozenset[bytes]:
    """Give a secret raw, URL-encoded, as JSON writes it, and in base64 at each of its three alignments."""
    raw = secret.encode()
    found = {raw, quote(secret, safe="").encode(), quote(secret).encode(), json.dumps(secret)[1:-1].encode()}
    found.add(secret.replace("/", "\\/").encode())
    for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
        found |= {_inner(encode, raw, before) for before in range(3)}
    return frozenset(found)


def _inner(encode, raw: bytes, before: int) -> bytes:
    """Encode with bytes before it, and leave out what depends on the bytes around."""
    whole = encode(bytes(before) + raw)
    first = -(-before * 4 // 3)
    return whole[first + 1 if before else 0 : (before + len(raw)) // 3 * 4]


def holds(data: bytes, secret: str) -> bool:
    """Say whether data hold a secret in any form."""
    return any(form in data for form in forms(secret))


def files_with(secret: str, folders: Iterable[Path]) -> list[str]:
    """Name the files below folders that hold a secret, in their name or in themselves."""
    return [str(path) for path in _files(folders) if holds(str(path).encode() + path.read_bytes(), secret)]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
