"""What credentials look like, what people paste around them, and what is said of a text that is none.

Facts stand in tables here and are judged in :mod:`leadping_nb.recognition`. Every function takes time
in proportion to its text and raises nothing. No sentence repeats a piece of what was given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from leadping_nb.errors import CredentialError

__all__ = [
    "KEY_PREFIXES",
    "TEXT_LIMIT",
    "Refusal",
    "refuse_characters",
    "refuse_start",
    "unwrap",
]

TEXT_LIMIT: Final = 64 * 1024
"""The longest text that is looked at, in characters."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is no credential, and what to do about it.

    Examples
    --------
    >>> EMPTY.error().hint
    'Copy the credential again and paste it here.'
    """

    sentence: str
    """What is wrong, without a piece of the text."""
    hint: str
    """What to do next."""

    def about(self, **facts: str | int) -> Refusal:
        """Fill in a position, a vendor or a spelling; never a piece of the text."""
        return Refusal(self.sentence.format(**facts), self.hint.format(**facts))

    def error(self, *, variable: str | None = None) -> CredentialError:
        """Give the error to raise, which names the environment variable if there was one."""
        where = "" if variable is None else f"The environment variable {variable} holds no usable credential. "
        return CredentialError(where + self.sentence, hint=self.hint)


_WHOLE = "Copy the whole credential again from where it was issued."
_ALONE = "Paste the credential alone, on one line."
_FORMS = "A business key begins with lp_, a source key with lp_src_, and a user token is a JSON Web Token (eyJ...)."

NOT_TEXT = Refusal("A credential is a text, and this is an object of another kind.", "Pass a str.")
BYTES = Refusal("A credential is a text, and these are bytes.", "Decode them first: data.decode('ascii').")
TOO_LONG = Refusal("This text is longer than 64 KiB, and no credential is.", "Paste the credential, not a whole file.")
EMPTY = Refusal("There is nothing here but blanks, quotes or names.", "Copy the credential again and paste it here.")
PLACEHOLDER = Refusal(
    "This is a placeholder that stands for a credential.",
    "Put the credential itself in its place, or store it in the environment and use Credential.from_env().",
)
MASKED = Refusal(
    "This is a masked or shortened form of a credential, as lists and logs show it.",
    "A key is shown in full once, when it is created; if that copy is lost, create a new key.",
)
NO_HEADER = Refusal("This command has no Authorization header.", "Paste the credential alone, or a command with it.")
SEVERAL_HEADERS = Refusal("This command has more than one Authorization header.", "Paste the one credential alone.")
OTHER_SCHEME = Refusal(
    "This header is of another scheme than Bearer, the only one that Leadping takes.",
    "Paste the key or the token itself; a user name with a password does not do.",
)
LINE_BREAK = Refusal("There is a line break inside the text, which could smuggle in a header of its own.", _ALONE)
CONTROL = Refusal("There is a control character at position {position}.", f"Type it anew or paste it plain. {_ALONE}")
BLANK = Refusal("There is a blank inside the text, at position {position}.", f"No credential has blanks. {_ALONE}")
INVISIBLE = Refusal(
    "There is an invisible character inside the text, at position {position}.",
    "Copy the credential from its source and not from a chat or a document, which put such characters in.",
)
LOOK_ALIKE = Refusal(
    "There is a letter that only looks like a Latin one, at position {position}.",
    "Copy the credential from where it was issued; retyping it in another alphabet makes another text.",
)
TYPOGRAPHIC = Refusal(
    "There is a typographic dash or quote at position {position}, where a word processor replaced a plain one.",
    "Copy the credential from its source and not from a document or an e-mail.",
)
HALF_CHARACTER = Refusal(
    "There is half a character at position {position}, left over from a wrong decoding.",
    "Read the file as UTF-8, then try again.",
)
NOT_ASCII = Refusal(
    "There is a character outside ASCII at position {position}.", f"Keys and tokens are plain ASCII. {_WHOLE}"
)
VISIBLE_CHARACTER = Refusal(
    "There is a character in this key that no bearer token may have, at position {position}.",
    "After its prefix a key has letters, digits and - . _ ~ + / only, and = at its end.",
)
CUT_KEY = Refusal("This is the beginning of a key with nothing after it.", f"The copy was cut off. {_WHOLE}")
MISSPELT = Refusal(
    "This begins like a Leadping key, but with capitals or other dashes than its prefix has.",
    "The prefix is spelled {spelling} exactly; copy the key again rather than retype it.",
)
WEBHOOK_SECRET = Refusal(
    "This is a webhook signing secret: it checks what Leadping sends and opens nothing.",
    "Keep it where the webhooks arrive, and create a business key or a source key for calls.",
)
OTHER_VENDOR = Refusal(
    "This looks like a credential of {vendor}, and not of Leadping.",
    "Nothing was sent. Look for the key among your Leadping API keys, and keep this one out of notebooks.",
)
ADDRESS = Refusal("This is a web address and not a credential.", "Pass an address as base_url, the key here.")
IDENTIFIER = Refusal(
    "This is an id, which names a thing but opens nothing.",
    "Look for the key that belongs to it: a source, for one, has an id and a source key.",
)
ENCRYPTED_TOKEN = Refusal(
    "This has the five parts of an encrypted token (JWE), which only its receiver can read.",
    "Use the signed access token, with three parts, that the sign-in gave beside it.",
)
TOKEN_WITHOUT_END = Refusal("This token is cut at the end: its signature is missing or not whole.", _WHOLE)
TOKEN_WITHOUT_START = Refusal("This token is cut at the start: its header is missing or not whole.", _WHOLE)
TOKEN_WITHOUT_ALG = Refusal(
    "This has the shape of a token, but its header names no algorithm (alg).",
    "Use the access token of the sign-in; this may be a text that was made by hand.",
)
TOKEN_PAYLOAD = Refusal(
    "The header of this token can be read, but its middle part is no JSON object.", f"It may be damaged. {_WHOLE}"
)
TOKEN_PARTS = Refusal(
    "This begins like a token, but has another number of parts than three.", f"Look for stray dots. {_WHOLE}"
)
TOKEN_CHARACTERS = Refusal(
    "This begins like a token, but there is a character in it that base64url does not have.",
    f"A token has letters, digits, - and _ in three parts, with dots between them and no padding. {_WHOLE}",
)
NOT_A_TOKEN = Refusal("This has three parts like a token, but they are not those of one.", _FORMS)
NOT_RECOGNISED = Refusal("This text is no Leadping credential that is known here.", _FORMS)

# -- what people paste around a credential ----------------------------------------------------------------------------

_BLANKS = " \t\r\n\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE = "\xad\u034f\u061c\u180e\ufeff" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
)
_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
_AROUND = _BLANKS + _INVISIBLE + _QUOTES + ",;\\^"
_B = f"[{_BLANKS}{_INVISIBLE}]"  # one blank, seen or not


@cache  # when a text is recognised first: it takes as long as half the imports of this package
def _compiled(pattern: str) -> re.Pattern[str]:
    # ASCII: otherwise the Kelvin sign is a k. Each pattern is tried at one place and backs up over one run at most.
    return re.compile(pattern.replace("~", _B), re.ASCII | re.IGNORECASE | re.DOTALL)


_PLACEHOLDER_LIMIT: Final = 128
_PLACEHOLDERS = (
    r"<(?!lp_|sk_|eyJ)[^<>]*>",
    r"\$?\{\{?[^{}\"':]*\}?\}|\[[a-z _-]+\]",
    r"\$[a-z_]\w*|\$env:\w+|\$\([^()]*\)|%\w+%",
    r"os\.(?:environ(?:\.get)?|getenv)[\[(][^=]*|(?:process\.)?env\.\w+",
    r"(?:(?:lp_(?:src_)?|sk_)?your|my|insert|paste|replace|enter)(?:[ _-][a-z]+)+",
    r"(?:lp_(?:src_)?|sk_|eyJ)?(?:x{3,}|\.{2,}|…+)",
    r"leadping_[a-z_]+|client_secret|changeme|none|null|undefined",
    r"(?:api|source|business|access|user|bearer)?[ _-]?(?:key|token)",
)

_WRAPPINGS = (
    r"\{(?P<rest>.*)\}",
    r"[bruf]{1,2}[\"'](?P<rest>.*)",
    r"setx~+\w{1,64}~+(?P<rest>.*)",
    r"(?:export|set|env|-e|--env|declare~+-x)~+[\"']?(?P<rest>\w.*)",
    r"\$env:(?P<rest>\w{1,64}~*=.*)",
    r"bearer(?:[:=]|~|\Z)(?P<rest>.*)",
    r"(?:http_)?authorization[\"'`]?(?:~*(?:=>|[:=])|~+(?=bearer)|\Z)(?P<rest>.*)",
    # NAME = value, NAME: value, "NAME": "value"; never the padding (=) of a key, nor https:
    r"(?!lp[_-]|sk[_-]|eyJ|whsec_|https?:)[a-z_][\w.\-\[\]\"']{0,63}?[\"'`]?~*(?:=>|[:=])(?!=)(?P<rest>.+)",
)
_EMPTY_ASSIGNMENT = re.compile(r"[A-Z]+(?:_[A-Z]+)+=")
_COMMAND = r"(?:[$>%!]~*)?(?:curl|wget)(?:\.exe)?(?:~|\Z)|-H|--header|--oauth2-bearer"
_HEADER_ARGUMENT = r"(?:(?<![\w-])|(?<=-H))(?:authorization~*:|--oauth2-bearer[ =])"
_ROUNDS: Final = 12


def unwrap(text: str) -> str | Refusal:
    """Take off what people paste around a credential, layer by layer.

    Examples
    --------
    >>> unwrap('export LEADPING_API_KEY="lp_example"  # ours')
    'lp_example'
    >>> unwrap("curl https://api.leadping.ai/leads -H 'Authorization: Bearer lp_example'")
    'lp_example'
    """
    for _ in range(_ROUNDS):
        core = text.strip(_AROUND)
        if len(core) <= _PLACEHOLDER_LIMIT and any(_compiled(pattern).fullmatch(core) for pattern in _PLACEHOLDERS):
            return PLACEHOLDER
        inner = _from_command(core) if _compiled(_COMMAND).match(core) else _without_wrapping(_without_comment(core))
        if isinstance(inner, Refusal) or inner == text:
            return inner
        text = inner
    return text


def _from_command(command: str) -> str | Refusal:
    headers = list(_compiled(_HEADER_ARGUMENT).finditer(command))
    if len(headers) != 1:
        return SEVERAL_HEADERS if headers else NO_HEADER
    start, end = headers[0].span()
    quote = command[start - 1 : start]
    value = command[end:].lstrip(_BLANKS)
    if quote in ("'", '"', "`"):
        return value.partition(quote)[0]
    words = value.replace("\\ ", " ").split(maxsplit=2)
    return next((word for word in words if word.lower() != "bearer"), "")


def _without_comment(line: str) -> str:
    start = min((at for at in (line.find(" #"), line.find("\t#")) if at >= 0), default=len(line))
    return line if any(mark in line[start:] for mark in "\r\n") else line[:start]


def _without_wrapping(text: str) -> str:
    if _EMPTY_ASSIGNMENT.fullmatch(text):
        return ""
    found = (_compiled(pattern).fullmatch(text) for pattern in _WRAPPINGS)
    return next((match["rest"] for match in found if match), text)


# -- what no credential has -------------------------------------------------------------------------------------------

KEY_PREFIXES: Final = ("lp_src_", "lp_", "sk_")
"""The prefixes of Leadping keys as they are spelled, longest first."""

_STARTS: tuple[tuple[str, Refusal], ...] = (
    ("http://", ADDRESS),
    ("https://", ADDRESS),
    ("client_", IDENTIFIER),
    ("whsec_", WEBHOOK_SECRET),
    *((f"{scheme} ", OTHER_SCHEME) for scheme in ("Basic", "basic", "Digest", "DPoP", "Token", "token", "ApiKey")),
    *(
        (prefix, OTHER_VENDOR.about(vendor=vendor))
        for prefix, vendor in (  # longer prefixes before those they begin with
            ("-----BEGIN", "a key file (PEM)"),
            ("sk_live_", "Stripe"),
            ("sk_test_", "Stripe"),
            ("rk_live_", "Stripe"),
            ("rk_test_", "Stripe"),
            ("pk_live_", "Stripe"),
            ("pk_test_", "Stripe"),
            ("sk-ant-", "Anthropic"),
            ("sk-or-", "OpenRouter"),
            ("sk-", "OpenAI"),
            ("ghp_", "GitHub"),
            ("gho_", "GitHub"),
            ("ghu_", "GitHub"),
            ("ghs_", "GitHub"),
            ("ghr_", "GitHub"),
            ("github_pat_", "GitHub"),
            ("glpat-", "GitLab"),
            ("xoxb-", "Slack"),
            ("xoxp-", "Slack"),
            ("xoxa-", "Slack"),
            ("xoxe", "Slack"),
            ("xapp-", "Slack"),
            ("AKIA", "Amazon Web Services"),
            ("ASIA", "Amazon Web Services"),
            ("AIza", "Google"),
            ("ya29.", "Google"),
            ("GOCSPX-", "Google"),
            ("SG.", "SendGrid"),
            ("key-", "Mailgun"),
            ("hf_", "Hugging Face"),
            ("gsk_", "Groq"),
            ("r8_", "Replicate"),
            ("npm_", "npm"),
            ("pypi-", "PyPI"),
            ("dop_v1_", "DigitalOcean"),
            ("shpat_", "Shopify"),
            ("shpss_", "Shopify"),
            ("pat-na1-", "HubSpot"),
            ("pat-eu1-", "HubSpot"),
            ("lin_api_", "Linear"),
            ("ntn_", "Notion"),
            ("PMAK-", "Postman"),
            ("dapi", "Databricks"),
            ("figd_", "Figma"),
            ("sbp_", "Supabase"),
            ("EAAC", "Meta"),
        )
    ),
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def refuse_start(text: str) -> Refusal | None:
    """Tell what a text is by its beginning, if it is something else than a Leadping credential.

    Examples
    --------
    >>> refuse_start("ghp_example").sentence
    'This looks like a credential of GitHub, and not of Leadping.'
    """
    if _UUID.fullmatch(text):
        return IDENTIFIER
    return next((refusal for prefix, refusal in _STARTS if text.startswith(prefix)), None)


_LINE_BREAK = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_VISIBLE_ASCII = re.compile(r"[^\x21-\x7e]")
_MASK = re.compile(r"[•●∙·⋅…⋯∗＊█]|\*\*|\.\.\.")
_REFUSAL_BY_CATEGORY = {
    "Cc": CONTROL,
    "Cf": INVISIBLE,
    "Cs": HALF_CHARACTER,
    "Zs": BLANK,
    "Pd": TYPOGRAPHIC,
    "Pi": TYPOGRAPHIC,
    "Pf": TYPOGRAPHIC,
}
_LOOK_ALIKE_SCRIPTS = ("CYRILLIC ", "GREEK ", "ARMENIAN ", "CHEROKEE ", "COPTIC ", "LISU ")


def refuse_characters(text: str) -> Refusal | None:
    """Find the first character that no credential has; positions count from 1.

    Examples
    --------
    >>> refuse_characters("lp_exam ple").sentence
    'There is a blank inside the text, at position 8.'
    >>> refuse_characters("lp_example") is None
    True
    """
    if _LINE_BREAK.search(text):
        return LINE_BREAK
    if _MASK.search(text):
        return MASKED
    if (match := _NOT_VISIBLE_ASCII.search(text)) is None:
        return None
    return _refusal_of(match[0]).about(position=match.start() + 1)


def _refusal_of(character: str) -> Refusal:
    if character in _BLANKS:
        return BLANK
    if character in _INVISIBLE:
        return INVISIBLE
    by_category = _REFUSAL_BY_CATEGORY.get(unicodedata.category(character))
    plain = unicodedata.normalize("NFKC", character)
    imitates = unicodedata.name(character, "").startswith(_LOOK_ALIKE_SCRIPTS) or (plain.isascii() and plain.isalnum())
    return by_category or (LOOK_ALIKE if imitates else NOT_ASCII)
