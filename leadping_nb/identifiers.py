"""How two identifiers that should be the same differ, in words."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["differences"]


def differences(expected: str, got: str) -> str:
    """Say in words how two identifiers differ; empty if they are the same.

    Examples
    --------
    >>> differences("https://api.example", "http://api.example/")
    'http where https was expected, and a trailing slash more'
    """
    if expected == got:
        return ""
    try:
        wanted, found = urlsplit(expected), urlsplit(got)
        ports = [parts.port or {"https": 443, "http": 80}.get(parts.scheme) for parts in (wanted, found)]
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
