"""Secrets in a text by what they look like, and what only looks like one.

What is a finding:

- A key or webhook secret: its prefix (``lp_src_``, ``lp_``, ``sk_``, ``whsec_``), and after it at least 16 characters
  of those that bearer tokens have, which read like no name. Between separators (``_ - . /``) a name has words, numbers,
  times, weeks, and words with up to four digits after them; what can be said is a word, in German too. Parts that are
  otherwise make a key when they have 12 characters or more together, but that identifiers may have short ones with
  digits (``http5xx``); and so does a UUID, and one such part among three or more groups of the same length with ``-``
  between. So ``lp_solve_5.5.2`` and ``lp_durchschnitt_pro_woche`` are names. How long keys are, and of which
  characters, is documented nowhere; ``SECURITY.md`` says how many random ones read like names. That a word stands where
  code assigns a value makes it no name: outputs and tracebacks repeat it where no grammar tells.
- A user token: three parts of base64url, of which header and payload are JSON objects, and a signature of 20 characters
  or more.
- Another text of 16 characters or more after ``Bearer``, which reads like no name.

What is none: placeholders (``lp_example``, ``lp_your_key``, ``lp_xxx``, ``lp_...``), keys and tokens that say that a
sandbox made them, the keys of other vendors that begin with ``sk_``, hashes, and what goes on from another word
(``help_…``). A hash is 32, 40, 64 or 128 lower-case hexadecimal digits, and maybe a file's suffix, after a name without
a word of keys (``lp_cache_…``, but not ``lp_live_…``). Right after a prefix or ``Bearer`` such digits are a finding:
neither the alphabet nor the length of keys is published, the digits of a random key are no other than those of a hash,
and a key that is missed costs more than a hash that is looked at. A report says that it may be a hash, and how to
allow it.

Keys with the word ``test`` in them are findings: only an allow-list can tell them from live ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from leadping_nb import anatomy
from leadping_nb.jose import is_of_sandbox, judge_token
from leadping_nb.leaks.kinds import KINDS, Kind, kind_named
from leadping_nb.leaks.matches import Match, apart, digest
from leadping_nb.leaks.names import SHORTEST, is_hash, may_be_hash, reads_like_a_name
from leadping_nb.leaks.sieve import suspects

__all__ = ["secrets_in"]


# RFC 6750, section 2.1, and / + = ~ as JSON may escape them
_ESCAPED: Final = r"\\+/|\\+u00(?:2[Bb]|2[Ff]|3[Dd]|7[Ee])"


def _body(character: str) -> str:
    return rf"(?:{character}|{_ESCAPED}){{{SHORTEST},}}(?:=|\\+u003[Dd])*"


_END_OF_A_SENTENCE: Final = ".~/+"
_AFTER_BEARER: Final = (  # escapes in JSON only of what could stand there itself
    r"(?:\\+[nrt]|\\+u00(?:[01][0-9a-f]|2[027bc]|3[ad]|60|a0)|[\s\"'`:=,+]|\\+(?![\\nrt]|u00)|%2[02]|&nbsp;|&quot;)+"
)
_UNFINISHED_ESCAPE: Final = re.compile(  # what may stand right before a secret though it ends with a letter or digit
    r"(?:\\[nrtbfve0]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|(?:\x1b|\\x1b|\\u001b|\\033|\\e)\[[0-9;]*[A-Za-z])\Z"
)
_LONGEST_ESCAPE: Final = 32
_BEGIN_ANYWHERE: Final = ("lp_src_", "whsec_")  # no word goes on like that


@dataclass(frozen=True, slots=True)
class _Form:
    marker: str
    """A literal that each such secret has: looking for it is some forty times as fast as a pattern."""
    before: int
    """How many characters of the pattern stand before the marker."""
    probe: re.Pattern[str]
    """What follows the marker, of bounded length: most that have the marker fail here."""
    pattern: re.Pattern[str]
    """The secret is the group of that name; a match without it is passed over."""
    is_secret: Callable[[str], bool]
    kind: Kind | None = None
    """None for keys, whose prefix says it."""


def _is_key(text: str) -> bool:
    if text.startswith("sk_") and anatomy.refuse_start(text) is not None:
        return False
    body = text[len(_kind_by_prefix(text).prefix) :]
    return not reads_like_a_name(body) and not is_hash(body)


def _is_token(text: str) -> bool:
    if is_of_sandbox(text):
        return False
    form = judge_token(text)
    # A signature that is cut, or of a length that its algorithm never has, still shows most of a token.
    return isinstance(form, str) or form is anatomy.TOKEN_WITHOUT_END


def _is_opaque(text: str) -> bool:
    if text.startswith(tuple(kind.prefix for kind in KINDS if kind.prefix)):
        return "." in text and text.startswith("eyJ") and text.count(".") != 2 and not is_of_sandbox(text)
    return not reads_like_a_name(text) and not is_hash(text)


def _kind_by_prefix(text: str) -> Kind:
    return next(kind for kind in KINDS if text.startswith(kind.prefix))


_TOKEN: Final = re.compile(
    r"(?P<secret>eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{20,})"
    r"|eyJ[A-Za-z0-9_-]*"  # no token, and none begins within it: so the time stays in proportion to the text
)
_AFTER_BEARER_PROBE: Final = re.compile(_AFTER_BEARER.removesuffix("+"))
_TO_BEARER: Final = (  # what follows may be a name, and end with another Bearer, whose secret it must not hide
    rf"[AC-Zac-z0-9._~+/\-]|[Bb](?!(?:earer|EARER){_AFTER_BEARER_PROBE.pattern})"
)
_BEARER: Final = re.compile(rf"[Bb](?:earer|EARER){_AFTER_BEARER}(?P<secret>{_body(_TO_BEARER)})")
_PROBE: Final = re.compile(rf"(?!(?:src_)?sandbox_)[A-Za-z0-9._~+/\\\-]{{{SHORTEST}}}")
_FORMS: Final = (
    *(
        _Form(prefix, 0, _PROBE, re.compile(rf"(?P<secret>{prefix}{_body(r'[A-Za-z0-9._~+/-]')})"), _is_key)
        for prefix in ("lp_", "sk_", "whsec_")
    ),
    _Form("eyJ", 0, _PROBE, _TOKEN, _is_token, kind_named("user token")),
    _Form("earer", 1, _AFTER_BEARER_PROBE, _BEARER, _is_opaque, kind_named("bearer header")),
    _Form("EARER", 1, _AFTER_BEARER_PROBE, _BEARER, _is_opaque, kind_named("bearer header")),
)


def secrets_in(text: str) -> list[Match]:
    """Find the secrets of a text, in order; none overlaps another.

    Examples
    --------
    >>> [(match.start, match.kind.name) for match in secrets_in("key = 'lp_src_test0123example456789XYZ'")]
    [(7, 'source key')]
    >>> secrets_in("lp_solve_5.5.2.11 lp_example Bearer lp_your_key_goes_here")
    []
    """
    markers = suspects(text)
    return apart(match for form in _FORMS if form.marker in markers for match in _of_form(form, text))


def _of_form(form: _Form, text: str) -> Iterator[Match]:
    judged: dict[str, bool] = {}  # the same names come again and again
    length = len(form.marker)
    at = text.find(form.marker)
    while at >= 0:
        start = at - form.before
        match = None
        if form.probe.match(text, at + length) and start >= 0 and _begins(text, start):
            match = form.pattern.match(text, start)
        if match is not None:
            at = match.end() - 1
            written = (match["secret"] or "").rstrip(_END_OF_A_SENTENCE)
            secret = _unescaped(written)
            if written and secret not in judged:
                judged[secret] = form.is_secret(secret)
            if judged.get(secret):
                first = match.start("secret")
                kind = form.kind or _kind_by_prefix(secret)
                doubtful = may_be_hash(secret.removeprefix(kind.prefix))
                yield Match(first, first + len(written), kind, digest(secret), may_be_hash=doubtful)
        at = text.find(form.marker, at + 1)


def _begins(text: str, at: int) -> bool:
    """Whether a secret may begin here: not in the middle of a word that may go on like it."""
    if (
        at == 0
        or text.startswith(_BEGIN_ANYWHERE, at)
        or not (before := text[at - 1]).isalnum()
        or not before.isascii()
    ):
        return True
    return _UNFINISHED_ESCAPE.search(text, max(0, at - _LONGEST_ESCAPE), at) is not None


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\+u00([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), re.sub(r"\\+/", "/", text))
