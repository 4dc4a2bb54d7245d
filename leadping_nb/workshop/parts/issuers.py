"""Part 3, who says so: from a refused call to the keys that tokens are signed with."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.issuers import check_issuers, check_key, check_orphan, check_pointer
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["ISSUERS"]

ISSUERS: Final = Lesson(
    number=3,
    name="who_says_so",
    title="Who says so?",
    minutes=15,
    aims=(
        "follow a refused call to the documents that it points to",
        "say whose tokens an API accepts, and find the key that a token was signed with",
        "see what one slash can do",
    ),
    blocks=(
        """\
## 1. A refusal that points somewhere

A call without a credential earns a *401*: who are you? With it comes a *challenge*, a line that names a
document about the API. Following such pointers is called *discovery*. No credential is sent on the way.""",
        Code("""\
steps = lp.discovery_steps(sandbox.url)
first = next(steps)
print(first.status, first.headers["www-authenticate"])"""),
        Exercise(
            names=("pointer",),
            asks="""\
### Question 1

Which address does the challenge name? Make `pointer` that address, as text and without anything around it.""",
            starter="pointer = ...  # an address",
            hints=(
                "`lp.parse_www_authenticate(text)` takes such a line apart and gives a list of challenges.",
                "A challenge has `.params`, a dict. Look at its keys.",
                '`lp.parse_www_authenticate(first.headers["www-authenticate"])[0].params[…]`',
            ),
            solution=(
                'challenge = lp.parse_www_authenticate(first.headers["www-authenticate"])[0]\n'
                'pointer = challenge.params["resource_metadata"]'
            ),
            other="""pointer = first.headers["www-authenticate"].split('"')[1]""",
            slips=(
                Slip('pointer = first.headers["www-authenticate"]', "`pointer` holds more than an address"),
                Slip("pointer = sandbox.url", "`pointer` is the address of the API"),
                Slip("pointer = first.url", "`pointer` is not the address that the challenge names"),
                Slip(
                    'pointer = lp.parse_www_authenticate(first.headers["www-authenticate"])',
                    "`pointer` is of type Challenge",
                ),
            ),
            check=check_pointer,
            insight="A program that knows nothing but the API's address can find its way from here. That is RFC 9728.",
        ),
        """\
## 2. Whose tokens?

`lp.discover(url)` makes all steps at once. Who signs people in and makes tokens is an *issuer*. An API may
accept several; `discovery.issuers` has them, by the documents that were found.""",
        Code("""\
discovery = lp.discover(sandbox.url)
for step in discovery.steps:
    print(f"{step.number:>2}. {step.outcome}")"""),
        Exercise(
            names=("issuers",),
            asks="""\
### Question 2

Whose tokens does this API accept? Make `issuers` a list of all their names, which are addresses.""",
            starter="issuers = ...  # a list of addresses",
            hints=(
                (
                    "There is more than one. The document that question 1 led to has two lists; only one of them is"
                    " about tokens."
                ),
                'That document is `discovery.documents[pointer].content`; look at `"token_issuers_supported"`.',
                "Or let the discovery say it: it has a member for exactly this.",
            ),
            solution="issuers = list(discovery.issuers)",
            other='issuers = set(discovery.steps[1].document.content["token_issuers_supported"])',
            slips=(
                Slip("issuers = discovery.issuers[:1]", "`issuers` lacks 1"),
                Slip("issuers = [sandbox.url]", "`issuers` holds something else"),
                Slip("issuers = [*discovery.issuers, discovery.client_id]", "`issuers` holds something else"),
                Slip(
                    'issuers = discovery.steps[1].document.content["authorization_servers"]',
                    "`issuers` lacks 1",
                ),
            ),
            check=check_issuers,
            insight="A token of anybody else is refused, however well it is signed.",
        ),
        """\
## 3. The key of a token

A token names its issuer in the *claim* `iss`, and in its header the key that signed it, `kid`. Each issuer
publishes its keys as a *JWK set*: `discovery.jwks` has the sets by issuer, and a set has its keys as a list
under `"keys"`.""",
        Code("""\
token = lp.inspect_token(sandbox.user_token)
print("issuer:", token.claims["iss"])
print("key id:", token.header["kid"])"""),
        Exercise(
            names=("key",),
            asks="""\
### Question 3

Find the key that signed this token. Make `key` that one key, a dict with `kid`, `kty` and more.""",
            starter="key = ...  # a dict",
            hints=(
                "Two steps: the issuer's set first, then in it the key with the right `kid`.",
                '`discovery.jwks[token.claims["iss"]]` is the set.',
                '`next(one for one in discovery.jwks[…]["keys"] if one["kid"] == token.header["kid"])`',
            ),
            solution="""\
keys = discovery.jwks[token.claims["iss"]]["keys"]
key = next(one for one in keys if one["kid"] == token.header["kid"])""",
            other='key = discovery.jwks[discovery.issuers[0]]["keys"][0]',
            slips=(
                Slip("key = discovery.jwks", "`key` has no `kty`"),
                Slip('key = discovery.jwks[token.claims["iss"]]', "`key` is a whole set"),
                Slip('key = token.header["kid"]', "`key` is a text"),
                Slip("key = token.header", "`key` has no `kty`"),
            ),
            check=check_key,
            insight="It is public: it can check a signature and make none. That is why a server can believe a token.",
        ),
        """\
## 4. One slash

Here the sandbox names an issuer with a slash at its end, in one document only. The standards want names to be
the same letter by letter, so a *finding* says what is odd.""",
        Code("""\
with sandbox.faults.on("issuer_with_slash") as fault:
    odd = lp.discover(sandbox.url)
print(fault.what)
print(odd.findings[0].message)"""),
        Exercise(
            names=("orphan",),
            asks="""\
### Question 4

In `odd`, one of the accepted issuers has no keys any more, so that its tokens cannot be checked. Make `orphan`
its name.""",
            starter="orphan = ...  # an address",
            hints=(
                "`odd.issuers` are the accepted ones; `odd.jwks` is a dict of those whose keys were found.",
                "Print both and compare them, letter by letter.",
                "`[issuer for issuer in odd.issuers if issuer not in …]`",
            ),
            solution="orphan = [issuer for issuer in odd.issuers if issuer not in odd.jwks]",
            other="orphan = sandbox.website",
            slips=(
                Slip('orphan = f"{sandbox.website}/"', "`orphan` ends with a slash"),
                Slip("orphan = odd.issuers", "`orphan` holds something else"),
                Slip("orphan = odd.findings[0]", "`orphan` is a finding"),
                Slip("orphan = set(odd.jwks) & set(odd.issuers)", "`orphan` holds something else"),
            ),
            check=check_orphan,
            insight=(
                "Its keys are published under a name that nobody accepts. One character, and every token of it fails."
            ),
        ),
    ),
    seen=(
        "A 401 that points to a document, and a walk from there.",
        "The issuers that an API accepts, their keys, and the key that signed a token.",
        "A slash that takes an issuer's keys away.",
    ),
    further="Next comes whether a token is still good: [part 4](part_4_is_it_still_good.ipynb).",
)
