"""The forgery bench: forged and broken tokens made from one good one, and the check that stops each."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization

from leadping_nb.arguments import demand
from leadping_nb.discovery import discover
from leadping_nb.errors import CredentialError
from leadping_nb.sandbox.forger import Workshop, encoded, open_workshop
from leadping_nb.sandbox.sandbox import SANDBOX, Sandbox
from leadping_nb.table import Table, html_table
from leadping_nb.tokens import KeySource, inspect_token

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Forgery", "ForgeryBench", "Refusal", "forgery_bench"]

Json = dict[str, Any]
_ATTACKER = "https://attacker.example/jwks"


@dataclass(frozen=True, slots=True)
class Forgery:
    """One way to forge or break a token."""

    name: str
    """What it is called."""
    how: str
    """How it is made."""
    stopped_by: tuple[str, ...]
    """The checks of which one must stop it."""
    make: Callable[[Workshop], str] = field(repr=False)
    """Makes it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What became of one forgery."""

    forgery: Forgery
    """The forgery."""
    stopped_by: tuple[str, ...]
    """The checks that failed; ``form`` where the text was refused as a credential."""

    @property
    def refused(self) -> bool:
        """Whether the check that should stop it did."""
        return bool(set(self.stopped_by) & set(self.forgery.stopped_by))


@dataclass(frozen=True, slots=True)
class ForgeryBench:
    """All forgeries and what became of them."""

    refusals: tuple[Refusal, ...] = field(repr=False)
    """One a forgery."""
    good: str
    """The verdict on the good token that they were made from."""

    @property
    def total(self) -> int:
        """How many forgeries there are."""
        return len(self.refusals)

    @property
    def refused(self) -> int:
        """How many were refused by the check that should."""
        return sum(refusal.refused for refusal in self.refusals)

    @property
    def table(self) -> Table:
        """The forgeries as a table."""
        return Table(
            ("outcome", "forgery", "how", "expected", "stopped by"),
            tuple(
                (
                    "refused" if refusal.refused else "NOT refused",
                    refusal.forgery.name,
                    refusal.forgery.how,
                    " or ".join(refusal.forgery.stopped_by),
                    ", ".join(refusal.stopped_by) or "nothing",
                )
                for refusal in self.refusals
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The forgeries as a DataFrame."""
        return self.table.frame()

    def __str__(self) -> str:
        return f"{self.refused} of {self.total} refused; the good token is {self.good}\n{self.table.text()}"

    def _repr_html_(self) -> str:
        shown = html_table(
            self.table.columns,
            self.table.rows,
            mark=lambda column, value: ("✓ " if value == "refused" else "✗ ") if column == "outcome" else "",
        )
        title = html.escape(f"{self.refused} of {self.total} refused; the good token is {self.good}.")
        return f"<div><strong>{title}</strong>{shown}</div>"


def forgery_bench(sandbox: Sandbox) -> ForgeryBench:
    """Make every forgery from one good token of a sandbox, and see what stops it.

    Parameters
    ----------
    sandbox
        Whose token, discovery and clock are used; nothing is sent with a forged token.

    Examples
    --------
    >>> with Sandbox(leads=1) as sandbox:
    ...     bench = forgery_bench(sandbox)
    >>> bench.refused == bench.total, bench.good
    (True, 'valid')
    """
    demand(SANDBOX, sandbox=sandbox)
    discovery, now = discover(sandbox.url), sandbox.clock.now().timestamp()
    workshop = open_workshop(sandbox, discovery.jwks[sandbox.issuer])
    refusals = tuple(Refusal(forgery, _stopped(forgery.make(workshop), discovery, now)) for forgery in FORGERIES)
    return ForgeryBench(refusals, inspect_token(workshop.token, discovery=discovery, now=now).verdict)


def _stopped(text: str, discovery: KeySource, now: float) -> tuple[str, ...]:
    try:
        seen = inspect_token(text, discovery=discovery, now=now)
    except CredentialError:
        return ("form",)
    if seen.verdict == "valid":
        return ()
    return tuple(check.check for check in seen.results if check.outcome == "failed")


def _public(encoding: serialization.Encoding) -> Callable[[Workshop], str]:
    """Take the issuer's public key for a shared secret, as a careless verifier would."""

    def make(shop: Workshop) -> str:
        key = jwt.PyJWK(dict(shop.jwk)).key
        return shop.signed(
            key=key.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo), algorithm="HS256"
        )

    return make


def _unsigned(spelling: str) -> Callable[[Workshop], str]:
    return lambda shop: f"{encoded({**shop.header, 'alg': spelling})}.{shop.parts[1]}."


def _with(algorithm: str) -> Callable[[Workshop], str]:
    return lambda shop: shop.signed(algorithm=algorithm)


def _attackers_jwk(shop: Workshop) -> Json:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(shop.own.public_key(), as_dict=True)
    return {**public, "kid": shop.header["kid"], "alg": "RS256", "use": "sig"}


def _issued(**how: Any) -> Callable[[Workshop], str]:
    return lambda shop: shop.issue(**how)


def _duplicated(shop: Workshop) -> str:
    claims = json.dumps(shop.claims)[:-1] + ',"sub":"user_sandbox_other"}'
    part = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    return f"{shop.parts[0]}.{part}.{shop.parts[2]}"


def _rows() -> Iterator[Forgery]:
    for spelling in ("none", "None", "NONE"):
        yield Forgery(
            f"alg {spelling}",
            "the header says that it is unsigned",
            ("algorithm", "form"),
            _unsigned(spelling),
        )
    yield Forgery(
        "alg none, signature kept",
        "unsigned by its header, signed by its end",
        ("algorithm",),
        lambda shop: shop.renamed(alg="none"),
    )
    yield Forgery(
        "no alg",
        "the header names no algorithm",
        ("form",),
        lambda shop: f"{encoded({'typ': 'JWT'})}.{shop.parts[1]}.{shop.parts[2]}",
    )
    yield Forgery(
        "HS256 with the public key, PEM",
        "the public key used as a shared secret",
        ("algorithm",),
        _public(serialization.Encoding.PEM),
    )
    yield Forgery(
        "HS256 with the public key, DER",
        "the public key used as a shared secret",
        ("algorithm",),
        _public(serialization.Encoding.DER),
    )
    yield Forgery(
        "HS256 with the modulus",
        "the key's modulus used as a shared secret",
        ("algorithm",),
        lambda shop: shop.signed(key=shop.jwk["n"].encode(), algorithm="HS256"),
    )
    yield Forgery(
        "HS256 with nothing",
        "an empty shared secret",
        ("algorithm",),
        lambda shop: shop.signed(key=b"", algorithm="HS256"),
    )
    yield Forgery(
        "own key, the issuer's kid",
        "signed by the forger in the issuer's name",
        ("signature",),
        lambda shop: shop.signed(),
    )
    yield Forgery(
        "own small key", "signed with 1,024 bits", ("signature", "form"), lambda shop: shop.signed(key=shop.weak)
    )
    for algorithm in ("RS384", "RS512", "PS256"):
        yield Forgery(
            f"own key, {algorithm}",
            "another algorithm than the key's",
            ("algorithm",),
            _with(algorithm),
        )
    yield Forgery(
        "own curve, ES256",
        "another kind of key than the issuer's",
        ("algorithm",),
        lambda shop: shop.signed(key=shop.curve, algorithm="ES256"),
    )
    yield Forgery(
        "the issuer's key, RS512",
        "signed by the issuer with what its key does not allow",
        ("algorithm",),
        _issued(algorithm="RS512"),
    )
    yield Forgery(
        "signature of another token",
        "two good tokens mixed",
        ("signature",),
        lambda shop: f"{shop.parts[0]}.{shop.parts[1]}.{shop.issue(sub='user_sandbox_2').split('.')[2]}",
    )
    yield Forgery(
        "signature turned round",
        "the characters of the signature in reverse",
        ("signature", "form"),
        lambda shop: f"{shop.parts[0]}.{shop.parts[1]}.{shop.parts[2][-2::-1]}A",
    )
    yield Forgery(
        "signature of zeros",
        "as long as a real one",
        ("signature",),
        lambda shop: f"{shop.parts[0]}.{shop.parts[1]}.{'A' * len(shop.parts[2])}",
    )
    yield Forgery(
        "signature cut",
        "half of it",
        ("form", "signature"),
        lambda shop: f"{shop.parts[0]}.{shop.parts[1]}.{shop.parts[2][:170]}",
    )
    yield Forgery(
        "no signature", "nothing after the last dot", ("form",), lambda shop: f"{shop.parts[0]}.{shop.parts[1]}."
    )
    yield Forgery("two parts", "the signature and its dot taken off", ("form",), lambda shop: ".".join(shop.parts[:2]))
    yield Forgery(
        "another person",
        "sub changed after signing",
        ("signature",),
        lambda shop: shop.reclaimed(sub="user_sandbox_99"),
    )
    yield Forgery(
        "another role", "role changed after signing", ("signature",), lambda shop: shop.reclaimed(role="owner")
    )
    yield Forgery(
        "a longer life",
        "exp changed after signing",
        ("signature",),
        lambda shop: shop.reclaimed(exp=shop.claims["exp"] + 86_400),
    )
    yield Forgery("sub twice", "a second sub after the first", ("signature", "form"), _duplicated)
    yield Forgery("unknown kid", "a key that nobody publishes", ("key",), lambda shop: shop.renamed(kid="sandbox-0"))
    yield Forgery(
        "kid as a path",
        "a way out of a folder of keys",
        ("key",),
        lambda shop: shop.renamed(kid="../../../../dev/null"),
    )
    yield Forgery(
        "kid as a query", "an end of a database's text", ("key",), lambda shop: shop.renamed(kid="' OR '1'='1")
    )
    yield Forgery("empty kid", "a kid without characters", ("key",), lambda shop: shop.renamed(kid=""))
    yield Forgery("kid as a number", "a kid that is no text", ("key",), lambda shop: shop.renamed(kid=1))
    yield Forgery("kid as a list", "a kid that is no text", ("key",), lambda shop: shop.renamed(kid=["sandbox-1"]))
    yield Forgery(
        "jku", "points to the forger's keys", ("signature",), lambda shop: shop.signed(header={"jku": _ATTACKER})
    )
    yield Forgery(
        "x5u", "points to the forger's certificate", ("signature",), lambda shop: shop.signed(header={"x5u": _ATTACKER})
    )
    yield Forgery(
        "jwk",
        "brings the forger's key along",
        ("signature",),
        lambda shop: shop.signed(header={"jwk": _attackers_jwk(shop)}),
    )
    yield Forgery(
        "x5c", "brings a certificate along", ("signature",), lambda shop: shop.signed(header={"x5c": ["c2FuZGJveA=="]})
    )
    yield Forgery("expired", "signed by the issuer, ended a minute ago", ("expiry",), _issued(lifetime=-60))
    yield Forgery(
        "not valid yet", "signed by the issuer, begins in an hour", ("not before",), _issued(nbf=4_000_000_000)
    )
    yield Forgery("from the future", "issued tomorrow", ("issued at",), _issued(iat=4_000_000_000))
    yield Forgery("no end", "without exp", ("expiry",), _issued(exp=None))
    for name, value in (("a text", "4000000000"), ("true", True), ("far in the past", -(10**12)), ("a list", [1])):
        yield Forgery(f"exp is {name}", "signed by the issuer", ("expiry",), _issued(exp=value))
    yield Forgery("no issuer", "without iss", ("issuer",), _issued(iss=None))
    yield Forgery(
        "another issuer", "a good signature in another's name", ("issuer",), _issued(iss="https://other.example")
    )
    yield Forgery(
        "issuer with a slash", "one character more", ("issuer",), lambda shop: shop.issue(iss=shop.claims["iss"] + "/")
    )
    yield Forgery(
        "issuer in capitals",
        "letters of another case",
        ("issuer",),
        lambda shop: shop.issue(iss=shop.claims["iss"].upper()),
    )
    yield Forgery(
        "issuer over https",
        "another scheme",
        ("issuer",),
        lambda shop: shop.issue(iss=shop.claims["iss"].replace("http:", "https:")),
    )
    yield Forgery(
        "issuer with more behind",
        "begins as the issuer does",
        ("issuer",),
        lambda shop: shop.issue(iss=shop.claims["iss"] + ".attacker.example"),
    )
    yield Forgery(
        "issuer as a list", "the right one among others", ("issuer",), lambda shop: shop.issue(iss=[shop.claims["iss"]])
    )
    yield Forgery("no audience", "without aud", ("audience",), _issued(aud=None))
    yield Forgery(
        "another audience", "meant for another application", ("audience",), _issued(aud="client_other_example")
    )
    yield Forgery(
        "part of the audience",
        "the client id cut short",
        ("audience",),
        lambda shop: shop.issue(aud=shop.claims["aud"][:-1]),
    )
    yield Forgery("audiences without ours", "a list of others", ("audience",), _issued(aud=["client_a", "client_b"]))
    yield Forgery("critical extension", "demands what nobody knows", ("critical",), _issued(headers={"crit": ["exp"]}))
    yield Forgery(
        "unencoded payload",
        "b64 false",
        ("payload", "critical", "signature", "form"),
        lambda shop: shop.renamed(b64=False),
    )
    yield Forgery("logout token", "a token of another kind", ("type",), _issued(headers={"typ": "logout+jwt"}))
    yield Forgery(
        "ID token", "tells who signed in, and is not for calling", ("token kind",), _issued(nonce="n-example")
    )
    yield Forgery("refresh token", "to be exchanged, and not for calling", ("token kind",), _issued(typ="refresh"))
    yield Forgery(
        "padded parts",
        "base64 with its equals signs",
        ("form",),
        lambda shop: f"{shop.parts[0]}==.{shop.parts[1]}.{shop.parts[2]}",
    )
    yield Forgery(
        "a blank inside",
        "a space in the claims",
        ("form",),
        lambda shop: f"{shop.parts[0]}.{shop.parts[1][:9]} {shop.parts[1][9:]}.{shop.parts[2]}",
    )
    yield Forgery(
        "claims that are no object",
        "a list of claims",
        ("form",),
        lambda shop: f"{shop.parts[0]}.{encoded([1])}.{shop.parts[2]}",
    )
    yield Forgery(
        "empty claims", "an empty object", ("issuer",), lambda shop: f"{shop.parts[0]}.{encoded({})}.{shop.parts[2]}"
    )
    yield Forgery(
        "a token in a token",
        "the good one as the claims of another",
        ("form",),
        lambda shop: f"{shop.parts[0]}.{encoded(shop.token)}.{shop.parts[2]}",
    )
    yield Forgery("five parts", "the shape of an encrypted token", ("form",), lambda shop: f"{shop.token}.AAAA.AAAA")


FORGERIES: tuple[Forgery, ...] = tuple(_rows())
"""All forgeries, one row each."""
