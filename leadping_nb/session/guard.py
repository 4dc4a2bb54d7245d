"""Which addresses a public document may point to: judged on what they resolve to, before anything is sent.

Discovery follows addresses that somebody else wrote. A document that points into this network, at this machine, or at
a cloud's metadata service is refused in words.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from leadping_nb.errors import NotAllowedError
from leadping_nb.identifiers import LONGEST_ADDRESS
from leadping_nb.session.firewall import Origin

__all__ = ["admissible_url", "check_resolved", "is_this_machine", "literal_of", "refusal_of"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What is not the public internet (IANA's special-purpose registries, and what clouds add); the first row that fits.
_NOT_PUBLIC = tuple(
    (ipaddress.ip_network(network), words)
    for network, words in (
        ("127.0.0.0/8", "this machine"),
        ("::1/128", "this machine"),
        ("0.0.0.0/32", "the unspecified address"),
        ("169.254.0.0/16", "a link-local address"),  # 169.254.169.254 is the metadata service of most clouds
        ("fe80::/10", "a link-local address"),
        ("100.100.100.200/32", "a cloud's metadata service"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("192.0.0.192/32", "a cloud's metadata service"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("fc00::/7", "a private address"),
        ("fec0::/10", "a private address"),
        ("100.64.0.0/10", "an address inside a carrier's network"),
        ("224.0.0.0/4", "a multicast address"),
        ("ff00::/8", "a multicast address"),
        ("192.0.2.0/24", "a documentation address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("2001:db8::/32", "a documentation address"),
        ("3fff::/20", "a documentation address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("0.0.0.0/8", "a reserved address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.88.99.0/24", "a reserved address"),
        ("240.0.0.0/4", "a reserved address"),
        ("2001::/23", "a reserved address"),
        ("::/3", "a reserved address"),
        ("4000::/2", "a reserved address"),
        ("8000::/1", "a reserved address"),
    )
)

# Where IPv6 addresses carry an IPv4 address: network, bits to the right of it, and what its bits are inverted with.
_CARRIERS = tuple(
    (ipaddress.IPv6Network(network), shift, inverted)
    for network, shift, inverted in (
        ("::ffff:0:0/96", 0, 0),  # mapped, RFC 4291
        ("64:ff9b::/96", 0, 0),  # NAT64, RFC 6052
        ("::ffff:0:0:0/96", 0, 0),  # translated, RFC 2765
        ("::/96", 0, 0),  # compatible, RFC 4291
        ("2002::/16", 80, 0),  # 6to4, RFC 3056
        ("2001::/32", 64, 0),  # Teredo's server, RFC 4380
        ("2001::/32", 0, 0xFFFF_FFFF),  # Teredo's client
    )
)
_WHOLLY_CARRIED = tuple(network for network, _, _ in _CARRIERS[:2])  # nothing but the IPv4 address is reached

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LONGEST_HOST = 253
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\^`{|}<>\"]")
_HOST_AND_PORT = re.compile(
    r"(?:\[[0-9a-f:.]+\]|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?)(?::[0-9]{1,5})?", re.IGNORECASE
)
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)

_TELL = "Tell whoever publishes the document that names it."
_HTTPS = "Only https addresses are followed."
_WRITTEN = "An address is written like https://host.example/path."


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
    leadping_nb.errors.NotAllowedError: A document is not fetched over 'file'. Only https addresses are followed.
    """
    if len(url) > LONGEST_ADDRESS or _FORBIDDEN.search(url) or not url.isascii():
        raise _refused("The address holds characters that no address has, or is too long.", _WRITTEN)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("The address cannot be read.", _WRITTEN) from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _refused(f"A document is not fetched over {parts.scheme[:20]!r}.", _HTTPS)
    if parts.username is not None or parts.password is not None:
        raise _refused("The address carries a user name or password.", "Take away everything between // and @.")
    if not _HOST_AND_PORT.fullmatch(parts.netloc) or len(host) > _LONGEST_HOST or port == 0:
        raise _refused("The address names no host and port that can be asked.", _WRITTEN)
    here = is_this_machine(host)
    if here and not loopback:
        raise _refused(f"{host} is this machine, which a public document should not point to.", _TELL)
    if parts.scheme == "http" and not here:
        raise _refused(f"{host} is named over plain http.", _HTTPS)
    literal = literal_of(host)
    if literal is None and (":" in host or _NUMERIC_HOST.fullmatch(host)):
        raise _refused(f"{host} is an unusual spelling of an address.", _TELL)
    refusal = refusal_of(host, loopback=loopback) if literal else None
    if refusal is not None:
        raise _refused(f"{host} is {refusal}, which a public document should not point to.", _TELL)
    return Origin(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme])


def check_resolved(host: str, addresses: Iterable[str], *, loopback: bool) -> None:
    """Raise `NotAllowedError` unless a connection may be made to every address that a host has.

    Parameters
    ----------
    host
        The host as the document names it.
    addresses
        What it resolves to.
    loopback
        Whether a host that is this machine by its name may be one.

    Examples
    --------
    >>> check_resolved("id.example", ["8.8.8.8"], loopback=False)
    >>> check_resolved("id.example", ["8.8.8.8", "10.0.0.5"], loopback=False)
    Traceback (most recent call last):
        ...
    leadping_nb.errors.NotAllowedError: id.example resolves to 10.0.0.5, a private address, which a public document
    should not point to. Tell whoever publishes the document that names it.
    """
    here = loopback and is_this_machine(host)
    for address in addresses:
        refusal = refusal_of(address, loopback=here)
        if refusal is None and here and not is_this_machine(address):
            raise _refused(f"{host} resolves to {address}, which is not this machine.", "Check this machine's hosts.")
        if refusal is not None:
            raise _refused(
                f"{host} resolves to {address}, {refusal}, which a public document should not point to.", _TELL
            )


def refusal_of(address: str, *, loopback: bool) -> str | None:
    """Say why an address is not connected to, or give None if it may be.

    Parameters
    ----------
    address
        A literal IPv4 or IPv6 address, with or without a zone.
    loopback
        Whether this machine may be connected to.

    Examples
    --------
    >>> refusal_of("10.0.0.5", loopback=False)
    'a private address'
    >>> refusal_of("::ffff:169.254.169.254", loopback=False)
    'a link-local address'
    >>> refusal_of("8.8.8.8", loopback=False) is None
    True
    """
    literal = literal_of(address)
    if literal is None:
        return "no address"
    if loopback and is_this_machine(address):
        return None
    whole = [] if any(_within(literal, network) for network in _WHOLLY_CARRIED) else [literal]
    for judged in (*_carried(literal), *whole):
        for network, words in _NOT_PUBLIC:
            if _within(judged, network):
                return words
        if not judged.is_global:  # what a later Python knows and the table does not
            return "an address that is not public"
    return None


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its name (RFC 6761) or literal address; nothing is looked up.

    Examples
    --------
    >>> [is_this_machine(host) for host in ("localhost.", "127.9.9.9", "localhost.example")]
    [True, True, False]
    """
    literal = literal_of(host)
    if literal is not None:
        return any(_within(literal, network) for network, words in _NOT_PUBLIC if words == "this machine")
    return f".{host.removesuffix('.').lower()}".endswith(".localhost")


def literal_of(text: str) -> Address | None:
    """Give the address that a text spells in the usual way, or None.

    Examples
    --------
    >>> literal_of("127.0.0.1"), literal_of("0x7f.1")
    (IPv4Address('127.0.0.1'), None)
    """
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _refused(message: str, hint: str) -> NotAllowedError:
    return NotAllowedError(message, rule="hostile addresses are not followed", hint=hint, reason="address")


def _within(address: Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return address.version == network.version and address in network


def _carried(address: Address) -> list[Address]:
    """Give the IPv4 addresses that an IPv6 address carries."""
    return [
        ipaddress.IPv4Address((int(address) >> shift & 0xFFFF_FFFF) ^ inverted)
        for network, shift, inverted in _CARRIERS
        if _within(address, network) and not _within(address, ipaddress.IPv6Network("::1/128"))
    ]
