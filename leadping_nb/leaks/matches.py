"""Matches: where in a text secrets are, in which lines, and the text with others in their place.

All of it takes time in proportion to the text, however many matches there are: a log may have one in every line.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadping_nb.leaks.kinds import Kind

__all__ = ["Match", "apart", "digest", "lines_of", "spliced", "without"]


@dataclass(frozen=True, slots=True)
class Match:
    """Where in a text a secret is; never the secret."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends."""
    kind: Kind
    """What it is."""
    digest: str
    """See :func:`digest`."""
    encoding: str = "plain"
    """The form it is written in."""
    may_be_hash: bool = False
    """Whether hashes are written like that, too."""

    @property
    def placeholder(self) -> str:
        """What to put in its place; it needs no escape inside of quotes."""
        return f"<removed: {self.kind.name} #{self.digest}>"


def digest(secret: str) -> str:
    """Give twelve hexadecimal digits of the SHA-256 of a secret.

    There is no salt, so that an allow-list holds on every machine. Keys are long and random: nobody gets from the
    digits to the key but by trying all keys there could be.

    Examples
    --------
    >>> digest("lp_example")
    'b9e782500e4f'
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def apart(matches: Iterable[Match]) -> list[Match]:
    """Keep of matches that overlap the one that begins first; of those, the longest."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def without(matches: Iterable[Match], others: list[Match]) -> list[Match]:
    """Leave out the matches that overlap one of others, which are in order and apart."""
    ends = [other.end for other in others]
    beyond = len(others)
    return [
        match for match in matches if (at := bisect_right(ends, match.start)) == beyond or others[at].start >= match.end
    ]


def lines_of(text: str, matches: Iterable[Match]) -> Iterator[int]:
    r"""Give the line of each of some matches that are in order, counted from 1.

    Examples
    --------
    >>> from leadping_nb.leaks.patterns import secrets_in
    >>> text = "lp_src_test0123example456789XYZ\n\nlp_src_test0123example456789XYZ"
    >>> list(lines_of(text, secrets_in(text)))
    [1, 3]
    """
    line, at = 1, 0
    for match in matches:
        line += text.count("\n", at, match.start)
        at = match.start
        yield line


def spliced(text: str, matches: Iterable[Match], *, words: str | None = None) -> str:
    """Give a text with others in the place of some matches, which are in order and apart.

    Parameters
    ----------
    text
        The text.
    matches
        Where in it something else shall be.
    words
        What shall be there; the placeholder of each unless given.
    """
    pieces: list[str] = []
    done = 0
    for match in matches:
        pieces += (text[done : match.start], match.placeholder if words is None else words)
        done = match.end
    return "".join((*pieces, text[done:]))
