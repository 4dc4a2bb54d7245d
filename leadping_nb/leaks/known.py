"""Credentials that are at hand, in every form in which a text may hold them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from leadping_nb.credential import Credential, recognise
from leadping_nb.disguises import disguises
from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.kinds import Kind, kind_named
from leadping_nb.leaks.matches import Match, apart, digest
from leadping_nb.leaks.pieces import BETWEEN
from leadping_nb.secret import Secret

__all__ = ["Known", "KnownSecret", "known_in", "known_secrets"]

KnownSecret: TypeAlias = Credential | Secret | str
"""What can be named as known."""

_SHORTEST: Final = 8  # a shorter text is found everywhere


@dataclass(frozen=True, slots=True)
class Known:
    """A secret that is looked for, with all of its forms, and nothing of it in its repr."""

    kind: Kind
    """What it is."""
    digest: str
    """See :func:`leadping_nb.leaks.matches.digest`."""
    forms: dict[str, str] = field(repr=False)
    """How a form is called, by the form itself, longest first."""
    bare: tuple[str, ...] = field(repr=False)
    """The forms without what may stand between their pieces."""


def known_secrets(known: KnownSecret | Iterable[KnownSecret]) -> tuple[Known, ...]:
    """Prepare what is to be looked for, one or several.

    Raises
    ------
    LeadpingError
        If one is shorter than eight characters.

    Examples
    --------
    >>> [one.kind.name for one in known_secrets(["lp_src_test0123example456789XYZ"])]
    ['source key']
    """
    several = (known,) if isinstance(known, Credential | Secret | str) else known
    known = ()  # a traceback with local variables may be shown of this frame
    if not isinstance(several, list | tuple | Set | Iterator):
        kind, several = type(several).__name__, ()
        raise LeadpingError(f"known is of type {kind}, and holds no credentials.", hint=_GIVE)
    return tuple(map(_known, several))


_GIVE = "Pass a Credential, a text, or a list of them."


def _known(secret: KnownSecret) -> Known:
    if not isinstance(secret, Credential | Secret | str):
        kind, secret = type(secret).__name__, ""
        raise LeadpingError(f"known holds a value of type {kind}, which is no credential.", hint=_GIVE)
    text = (secret if isinstance(secret, str) else secret.reveal()).strip()
    if len(text) < _SHORTEST:
        text = ""  # a traceback with local variables may be shown of this frame
        raise LeadpingError(
            "A known secret has fewer than eight characters, and would be found everywhere.",
            hint="Pass whole credentials as known.",
        )
    found = recognise(text)
    kind = kind_named(found.key_type.value if isinstance(found, Credential) else "known secret")
    forms = disguises(text)
    return Known(kind, digest(text), forms, tuple(dict.fromkeys(_BETWEEN.sub("", form) for form in forms)))


def known_in(text: str, known: Iterable[Known], *, in_pieces: bool = True) -> list[Match]:
    """Find known secrets in a text: as they are, encoded, and in pieces that code or colours keep apart.

    Without ``in_pieces`` only whole ones are found, which is fast in what is long and no text.

    Examples
    --------
    >>> wanted = known_secrets(["lp_src_test0123example456789XYZ"])
    >>> [match.encoding for match in known_in("'lp_src_test0123' + 'example456789XYZ'", wanted)]
    ['split']
    """
    known = tuple(known)
    if not known:
        return []
    whole = [match for one in known for match in _written(text, one)]
    return apart([*whole, *(_split(text, known) if in_pieces else ())])


def _written(text: str, one: Known) -> Iterator[Match]:
    for form, encoding in one.forms.items():
        at = text.find(form)
        while at >= 0:
            yield Match(at, at + len(form), one.kind, one.digest, encoding)
            at = text.find(form, at + len(form))


# -- pieces ------------------------------------------------------------------------------------------------------------

_QUOTE: Final = r"(?:\\{0,8}[\"'`]|&(?:quot|#3[49]|#x2[27]);)"
_BETWEEN: Final = re.compile(
    "|".join(
        (
            r"(?:\x1b|\\x1b|\\u001b|\\033|\\e)\[[0-9;]*[A-Za-z]",  # colours
            # "…" + "…", also on two lines, also in a list
            rf"{_QUOTE}(?:[\s+,.&()\\]|\\n){{0,200}}[bfruBFRU]{{0,2}}{_QUOTE}",
            rf"<[^<>{BETWEEN}]{{0,500}}>|&(?:shy|#173|#xad|#8203|#x200b|ZeroWidthSpace);",
            r"\\{1,8}(?:[nrt]|xad|u(?:00ad|200[b-d]|2060|feff))",
            r"[^A-Za-z0-9._~+/=\-\\\x1b\"'`<&]+|[\\\x1b\"'`<&]",  # what no bearer token has (RFC 6750, section 2.1)
        )
    )
)
_LINE_END: Final = re.compile(r"=\r?\n")
_BETWEEN_IN_MAILS: Final = re.compile(f"{_LINE_END.pattern}|{_BETWEEN.pattern}")  # quoted-printable (RFC 2045)


def _split(text: str, known: tuple[Known, ...]) -> Iterator[Match]:
    yield from _joined(text, known, _BETWEEN)
    if _LINE_END.search(text):  # = may also be the end of a key
        yield from _joined(text, known, _BETWEEN_IN_MAILS)


def _joined(text: str, known: tuple[Known, ...], between: re.Pattern[str]) -> Iterator[Match]:
    joined = between.sub("", text)
    if len(joined) == len(text):  # all of it is one piece
        return
    pieces = None  # where they are is asked for seldom, and for all hits once
    for one in known:
        for form in one.bare:
            at = joined.find(form)
            while at >= 0:
                pieces = pieces or _Pieces(text, between)
                start, end = pieces.start(at), pieces.end(at + len(form))
                if end - start > len(form):  # otherwise it is whole, and was found
                    yield Match(start, end, one.kind, one.digest, "split")
                at = joined.find(form, at + len(form))


class _Pieces:
    """Where in a text the pieces are that were joined."""

    def __init__(self, text: str, between: re.Pattern[str]) -> None:
        self._joined_at, self._text_at = [0], [0]
        for match in between.finditer(text):
            self._joined_at.append(self._joined_at[-1] + match.start() - self._text_at[-1])
            self._text_at.append(match.end())

    def start(self, joined: int) -> int:
        """Give where in the text a place of the joined one is."""
        piece = bisect_right(self._joined_at, joined) - 1
        return self._text_at[piece] + joined - self._joined_at[piece]

    def end(self, joined: int) -> int:
        """Give the same of a place behind a character, next to it."""
        return self.start(joined - 1) + 1
