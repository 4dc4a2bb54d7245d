"""Identifiers that others wrote: taken apart, compared in words, and shown without harm."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

__all__ = ["LONGEST_ADDRESS", "differences", "shown", "split_address"]

LONGEST_ADDRESS = 2_048
"""The most characters of an address; nothing longer is asked or taken apart."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


def split_address(url: str) -> SplitResult | None:
    """Give the parts of an address, or None for what cannot be one: unreadable, or longer than 2,048 characters.

    The length comes first, because Python normalises a host at a cost that can grow with the square of its length.

    Examples
    --------
    >>> split_address("https://id.example/t").netloc
    'id.example'
    >>> split_address("https://[") is None
    True
    """
    if len(url) > LONGEST_ADDRESS:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def differences(expected: str, got: str) -> str:
    """Say in words how two identifiers differ; empty if they are the same.

    Examples
    --------
    >>> differences("https://api.example", "http://api.example/")
    'http where https was expected, and a trailing slash more'
    """
    if expected == got:
        return ""
    wanted, found = split_address(expected), split_address(got)
    if wanted is None or found is None:
        return "one of them is no address"
    try:
        ports = [parts.port or _DEFAULT_PORTS.get(parts.scheme) for parts in (wanted, found)]
    except ValueError:
        return "one of them is no address"
    words = []
    if wanted.scheme != found.scheme:
        words.append(f"{found.scheme or 'no scheme'} where {wanted.scheme or 'none'} was expected")
    if (wanted.hostname or "") != (found.hostname or ""):
        words.append("another host")
    elif wanted.netloc != found.netloc:
        same_port = ports[0] == ports[1] or wanted.scheme != found.scheme
        words.append("a default port or letter case written out" if same_port else "another port")
    if wanted.path != found.path:
        if wanted.path.rstrip("/") == found.path.rstrip("/"):
            words.append(f"a trailing slash {'more' if len(found.path) > len(wanted.path) else 'less'}")
        else:
            words.append("another letter case" if wanted.path.lower() == found.path.lower() else "another path")
    if (wanted.query, wanted.fragment) != (found.query, found.fragment):
        words.append("another query")
    return ", and ".join(words) or "other characters"


def shown(text: str, longest: int = LONGEST_ADDRESS) -> str:
    r"""Shorten a text that somebody else wrote, and take out what a terminal would obey or nobody would see.

    Parameters
    ----------
    text
        Any text.
    longest
        The most characters to give; an ellipsis stands for the rest.

    Examples
    --------
    >>> shown("https://id.example/\x1b[31m" + "x" * 100, 26)
    'https://id.example/�[31mx…'
    """
    short = text if len(text) <= longest else f"{text[: longest - 1]}…"
    if short.isprintable():
        return short
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)
