"""What in a text is no secret, told in bulk: a word that only begins like one takes a fraction of a microsecond.

Names of columns, keys of a sandbox, hashes, JSON in base64: texts have tens of thousands of them. Patterns run over the
whole text here, and no Python over single words. What is left may still be none, and
:func:`leadping_nb.leaks.patterns.secrets_in` judges it. Whatever that would find, this lets through; a test holds the
two together. Every pattern goes on behind what it read, so that the time stays in proportion to the text.
"""

from __future__ import annotations

import re
from typing import Final

from leadping_nb.jose import is_json_object, is_of_sandbox
from leadping_nb.leaks.names import NAMED_HASH, OF_KEYS, SHORTEST, are_groups, reads_like_a_name

__all__ = ["MARKERS", "suspects"]

# -- words that begin like a secret, but for plain names ---------------------------------------------------------------

_BODY: Final = r"[A-Za-z0-9._~+/\\\-]"
_CONSONANT: Final = "[b-df-hj-np-tv-wz]"
_VOWEL: Final = "[aeiouxy]"
_NAME: Final = (  # words in lower case and a number; no "-", so that no UUID is one
    rf"(?:{_CONSONANT}{{0,5}}+[aeiouxy_./]++)*+{_CONSONANT}{{0,5}}+(?:(?<=[_./])[0-9]++|[0-9]{{0,4}}+)"
    r"(?![A-Za-z0-9._~+/-]|\\+(?:/|u00))"
)
_BEFORE: Final = (  # no letter or digit, unless it may be the end of an escape
    r"(?<![A-Za-z0-9]{0})",
    r"(?<=\\[nrtbfve0]{0})",
    r"(?<=[%x][0-9A-Fa-f]{{2}}{0})",
    r"(?<=u[0-9A-Fa-f]{{4}}{0})",
    r"(?<=[0-9;\[][A-Za-z]{0})",
)


def _of_keys(prefix: str, not_before: str, *, skipped: str = "", anywhere: str | None = None) -> re.Pattern[str]:
    before = "|".join([one.format(prefix) for one in _BEFORE] + ([] if anywhere is None else [anywhere]))
    return re.compile(rf"{prefix}(?:{before})(?!{not_before})(?:{_NAME}|{skipped}({_BODY}{{12,}}+=*+))")


_AFTER_BEARER: Final = r"(?:\\++[nrt]|\\++u00[0-9a-f]{2}|[\s\"'`:=,+\\]|%2[02]|&nbsp;|&quot;)++"
_JUDGED_AS_KEYS: Final = (  # prefixes, and what has the form of a token or of one part of it
    r"lp_|sk_|whsec_|eyJ[A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]*+\.[A-Za-z0-9_-]++)?+(?![A-Za-z0-9._~+/\\=-])"
)


def _of_bearer(word: str) -> re.Pattern[str]:
    return re.compile(  # with a + or more before them, 12 characters are 16
        rf"{word}(?<=[Bb]{word}){_AFTER_BEARER}(?:{_NAME}(?<!{word})"
        rf"|(?!(?={_BODY}{{16}})(?:{_JUDGED_AS_KEYS}))({_BODY}{{12,}}+(?:(?<!{word})=*+)?+))"
    )


_SANDBOX: Final = "(?:src_)?sandbox_"
_WORDS: Final = {
    "lp_": _of_keys("lp_", _SANDBOX, skipped="(?:src_)?+", anywhere="(?=src_)"),
    "sk_": _of_keys("sk_", f"{_SANDBOX}|live_|test_"),  # Stripe's
    "whsec_": _of_keys("whsec_", _SANDBOX, anywhere=""),
    "earer": _of_bearer("earer"),
    "EARER": _of_bearer("EARER"),
}
"""Gives words that begin with the marker, and nothing for plain names."""

# -- which of these read like a name or are a hash ---------------------------------------------------------------------

_END: Final = r"(?![A-Za-z0-9])"
_NAMES: Final = "|".join(
    (
        r"(?:[^A-Za-z0-9\n-]|-(?![0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-))++",  # between words, and not in a UUID
        rf"(?:[A-Z]?+{_CONSONANT}{{0,4}}+(?:{_VOWEL}++{_CONSONANT}{{0,5}}+)*+|[A-Z]{{1,5}}+)[0-9]{{0,4}}+{_END}",
        rf"[0-9]++{_END}",
        rf"[0-9]{{8}}[Tt][0-9]{{4,9}}+[Zz]?+{_END}",
        rf"(?:(?=[A-Z][a-z]{{3}})[A-Z]{_CONSONANT}?+(?:{_VOWEL}++{_CONSONANT}{{0,3}}+)++)++[0-9]{{0,4}}+{_END}",
    )
)
_GROUPS: Final = (
    r"[A-Za-z0-9]++(?:-[A-Za-z0-9]++){2,}+[.~/+=]*+(?:\\|$)"  # of keys, where they are as long as each other
)
_SHAPES: Final = bytes.maketrans(  # what is one to these patterns: hexadecimal or not, a consonant or not, a digit
    b"123456789cdfhjklmnpqrsvweouxyCDFHJKLMNPQRSVWEOUXY",
    b"000000000bbbggggggggggggaiiiiBBBGGGGGGGGGGGGAIIII",
)
_NO_NAME: Final = re.compile(  # a name may have one part that is none, unless it is in groups
    rf"^(?:(?!{_GROUPS})(?:{_NAMES})*+(?:[A-Za-z0-9]{{1,11}}+{_END}(?:{_NAMES})*+)?+$|(?:{_NAMES})*+$|(.++))".encode(),
    re.MULTILINE,
)
_HASH_OR_OTHER: Final = re.compile(rf"^(?:{NAMED_HASH}$|(?P<other>.++))", re.MULTILINE)
_OF_NO_HASH: Final = re.compile(rf"{OF_KEYS.pattern}|lp_|sk_|whsec_")
_OF_A_UUID: Final = re.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-")
_NOT_FOR_HERE: Final = ("\neyJ", "earer", "EARER")  # after Bearer: tokens of odd forms, and what may be another


def _hold_one(words: set[str]) -> bool:
    """Whether one of these words is something else than a name or a hash."""
    ordered = ["", *words]
    lines = "\n".join(ordered)
    if any(mark in lines for mark in _NOT_FOR_HERE):
        return True
    shapes = lines.encode().translate(_SHAPES).split(b"\n")
    odd = set(filter(None, _NO_NAME.findall(b"\n".join(set(shapes)))))
    left = "\n".join([word for word, shape in zip(ordered, shapes, strict=True) if shape in odd]) if odd else ""
    return any(_is_odd(word) or _OF_NO_HASH.search(name) for name, word in set(_HASH_OR_OTHER.findall(left)))


def _is_odd(word: str) -> bool:
    # Of one that is too short the judge counts what stands before it, after Bearer, which no part of a name is.
    judged = word if len(word) >= SHORTEST else f"++++{word}"
    if not reads_like_a_name(judged) or _OF_A_UUID.search(word):
        return True
    return are_groups(word.partition("\\")[0].rstrip(".~/+="))


# -- tokens ------------------------------------------------------------------------------------------------------------

_END_OF_JSON: Final = "[09AJKNQgko]"  # the last character of base64url whose last byte is } or a blank
_TOKEN: Final = re.compile(
    rf"eyJ(?:([A-Za-z0-9_-]*+)(?<={_END_OF_JSON})\.([A-Za-z0-9_-]++)(?<={_END_OF_JSON})\.[A-Za-z0-9_-]{{20}}"
    r"|[A-Za-z0-9_-]*+)"
)


def _may_be_tokens(found: set[tuple[str, str]]) -> bool:
    """Whether one of these begins a token that no sandbox made: headers behind eyJ, and payloads."""
    sandboxes = set()
    for header, payload in found:
        if "eyJ" in header:  # another may begin within it
            return True
        if header in sandboxes:
            continue
        if not is_of_sandbox(f"eyJ{header}.{payload}"):
            if is_json_object(f"eyJ{header}"):
                return True
        elif is_of_sandbox(f"eyJ{header}."):
            sandboxes.add(header)
    return False


MARKERS: Final = (*_WORDS, "eyJ")
"""What every secret begins with or stands behind, of what is looked for by its form."""

# -- all of it ---------------------------------------------------------------------------------------------------------


def suspects(text: str) -> set[str]:
    """Give the markers behind which a text may have a secret by its form; most of all texts have none.

    Examples
    --------
    >>> suspects("lp_leads_by_week lp_src_sandbox_0123456789abcdef help_0123456789abcdef")
    set()
    >>> suspects("lp_src_test0123example456789XYZ Bearer lp_example")
    {'lp_'}
    """
    has_line = "_" in text  # one character is looked for far faster than several
    found = {
        marker
        for marker, pattern in _WORDS.items()
        if (has_line or "_" not in marker) and (words := set(filter(None, pattern.findall(text)))) and _hold_one(words)
    }
    if "J" in text and _may_be_tokens({begun for begun in _TOKEN.findall(text) if begun[1]}):
        found.add("eyJ")
    return found
