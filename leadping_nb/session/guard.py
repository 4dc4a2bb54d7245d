"""Which addresses a public document may point to: judged on what they resolve to, before anything is sent.

Discovery follows addresses that somebody else wrote. A document that points into this network, at this machine, or at
a cloud's metadata service is refused in words.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from leadping_nb.errors import NotAllowedError
from leadping_nb.session.firewall import Origin

__all__ = ["admissible_url", "refusal_of"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The kinds of address that are not the public internet, in the order in which they are tried.
_KINDS: tuple[tuple[str, str], ...] = (
    ("is_loopback", "this machine"),
    ("is_unspecified", "the unspecified address"),
    ("is_link_local", "a link-local address"),
    ("is_multicast", "a multicast address"),
    ("is_private", "a private address"),
    ("is_reserved", "a reserved address"),
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST_URL = 2_048
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\^`{|}<>\"]")
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?\Z", re.IGNORECASE)


def admissible_url(url: str, *, loopback: bool) -> Origin:
    """Give the origin of an address that may be asked, or raise `NotAllowedError` that says why not.

    Parameters
    ----------
    url
        An address from a document, a header or a person.
    loopback
        Whether this machine may be asked, over http or https.

    Examples
    --------
    >>> str(admissible_url("https://id.example/jwks", loopback=False))
    'https://id.example'
    >>> admissible_url("file:///etc/hosts", loopback=True)
    Traceback (most recent call last):
        ...
    leadping_nb.errors.NotAllowedError: A document is not fetched over 'file'. Only https is followed.
    """
    if len(url) > _LONGEST_URL or _FORBIDDEN.search(url) or not url.isascii():
        raise _refused("The address holds characters that no address has, or is too long.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("The address cannot be read.") from None
    if parts.scheme not in ("https", "http"):
        raise _refused(f"A document is not fetched over {parts.scheme[:20]!r}.")
    if parts.username is not None or parts.password is not None:
        raise _refused("The address carries a user name or password.")
    if not host or "%" in host or port == 0:
        raise _refused("The address names no host that can be asked.")
    here = _is_this_machine(host)
    if here and not loopback:
        raise _refused(f"{host} is this machine, which a public document should not point to.")
    if parts.scheme == "http" and not here:
        raise _refused(f"{host} is named over plain http.")
    if _NUMERIC_HOST.match(host) and not _literal(host):
        raise _refused(f"{host} is an unusual spelling of an address.")
    return Origin(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))


def refusal_of(address: str, *, loopback: bool) -> str | None:
    """Say why a resolved address is not connected to, or give None if it may be.

    Examples
    --------
    >>> refusal_of("10.0.0.5", loopback=False)
    'a private address'
    >>> refusal_of("::ffff:169.254.169.254", loopback=False)
    'a link-local address'
    >>> refusal_of("8.8.8.8", loopback=False) is None
    True
    """
    literal = _literal(address)
    if literal is None:
        return "no address"
    for judged in (*_embedded(literal), literal):
        if loopback and judged.is_loopback:
            continue
        for attribute, words in _KINDS:
            if getattr(judged, attribute):
                return words
        if not judged.is_global and not _embedded(judged):
            return "an address that is not public"
    return None


def _refused(message: str) -> NotAllowedError:
    return NotAllowedError(message, rule="hostile addresses are not followed", hint="Only https is followed.")


def _is_this_machine(host: str) -> bool:
    literal = _literal(host)
    return host.rstrip(".").lower() == "localhost" or (literal is not None and literal.is_loopback)


def _literal(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _embedded(address: Address) -> tuple[Address, ...]:
    """Give the IPv4 addresses that an IPv6 address carries (mapped, compatible, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    carried: list[Address] = []
    if address.ipv4_mapped is not None:
        carried.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        carried.append(address.sixtofour)
    if address.teredo is not None:
        carried.extend(address.teredo)
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        carried.append(last)
    return tuple(carried)
