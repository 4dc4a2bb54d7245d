"""Compressed files: they are told by how they begin, and what is in them is not looked into."""

from __future__ import annotations

import io
import zipfile
from typing import Final

__all__ = ["is_compressed"]

_BEGINNINGS: Final = (
    b"\x1f\x8b",  # gzip (RFC 1952)
    b"BZh",  # bzip2
    b"\xfd7zXZ\0",  # xz
    b"\x28\xb5\x2f\xfd",  # Zstandard (RFC 8878)
    b"7z\xbc\xaf\x27\x1c",  # 7-Zip
)
_ZIP: Final = b"PK\3\4"


def is_compressed(data: bytes) -> bool:
    """Whether a file is a compressed one, or an archive in which something is.

    Examples
    --------
    >>> import gzip
    >>> is_compressed(gzip.compress(b"a test")), is_compressed(b"a test")
    (True, False)
    """
    if not data.startswith(_ZIP):
        return data.startswith(_BEGINNINGS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist())
    except zipfile.BadZipFile:  # it was cut, and nobody knows
        return True
