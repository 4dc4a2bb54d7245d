"""Part 1, what is it: recognising credentials, and what is none."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.credentials import check_kinds, check_leaks, check_refused, check_twins
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["CREDENTIALS"]

CREDENTIALS: Final = Lesson(
    number=1,
    name="what_is_it",
    title="What is it?",
    minutes=12,
    aims=(
        "tell the kinds of credential apart, in whatever form somebody pasted them",
        "say of a text that it is none",
        "compare credentials without showing them",
    ),
    blocks=(
        """\
## 1. Three kinds

Five texts that people sent you, from the sandbox. A *user token* stands for a person who has signed in, a
*business key* is for programs, and a *source key* sends leads. `lp.Credential.from_text(text)` recognises a
text, with whatever was pasted around it; then `.key_type` says which kind it is, and `.why` by what it was
known.""",
        Code("""\
pasted = {
    "mail": f"Authorization: Bearer {sandbox.business_key}",
    "chat": sandbox.source_key,
    "script": f"export LEADPING_API_KEY='{sandbox.business_key}'",
    "browser": sandbox.user_token,
    "docs": "lp_src_example",
}
print(lp.Credential.from_text(pasted["docs"]).why)"""),
        Exercise(
            names=("kinds",),
            asks="""\
### Question 1

Of which kind is each of the five? Make `kinds` a dict with an entry for each name in `pasted`, such as `"docs":
lp.KeyType.SOURCE_KEY`.""",
            starter="kinds = ...  # name: kind",
            hints=(
                (
                    "Do not judge by eye: `lp_` and `lp_src_` look alike, and so does what is around them. Let the"
                    " toolkit look."
                ),
                "`lp.Credential.from_text(pasted['chat']).key_type` is the kind of one of them.",
                "A dict comprehension does all: `{name: … for name, text in pasted.items()}`.",
            ),
            solution="kinds = {name: lp.Credential.from_text(text).key_type for name, text in pasted.items()}",
            other='kinds = ["business key", "source key", "business key", "user token", "source key"]',
            slips=(
                Slip("kinds = {name: lp.KeyType.BUSINESS_API_KEY for name in pasted}", "kinds['chat']"),
                Slip('kinds = {"docs": lp.KeyType.SOURCE_KEY}', "no entry for 'mail'"),
                Slip('kinds = {name: text.partition("_")[0] for name, text in pasted.items()}', "kinds['mail']"),
                Slip("kinds = lp.KeyType.SOURCE_KEY", "A dict is asked for"),
            ),
            check=check_kinds,
            insight="The beginning decides, and `lp_src_` before `lp_`. What is around a credential does not matter.",
        ),
        """\
## 2. What is none

Much that looks like a credential opens nothing: an id, a masked copy, a placeholder, a secret for something
else. Here `from_text` raises a `CredentialError`, whose text says what it is and what to do. It never repeats
what you gave.""",
        Code("""\
found = {
    "form": "LP_SRC_EXAMPLE",
    "log": "lp_src_••••••••",
    "readme": "'lp_example',",
    "ticket": "client_sandbox_example",
    "hook": "whsec_example",
    "shell": "LEADPING_USER_TOKEN=<your token>",
}"""),
        Exercise(
            names=("refused",),
            asks="""\
### Question 2

Which of the six are no credential? Make `refused` a list of their names.""",
            starter="refused = ...  # a list of names",
            hints=(
                "Try each of them: what raises `lp.CredentialError` belongs in the list.",
                "A loop over `found.items()` with `try:` and `except lp.CredentialError:` finds them.",
                "Begin with `refused = []`, and in the `except` part say `refused.append(name)`.",
            ),
            solution="""\
refused = []
for name, text in found.items():
    try:
        lp.Credential.from_text(text)
    except lp.CredentialError:
        refused.append(name)""",
            other='refused = set(found) - {"readme"}',
            slips=(
                Slip("refused = list(found)", "'readme' does not belong"),
                Slip('refused = ["log", "ticket", "hook", "shell"]', "lacks 1"),
                Slip('refused = "readme"', "'readme' does not belong"),
                Slip("refused = []", "`refused` lacks 5"),
            ),
            check=check_refused,
            insight=(
                "Each is refused in a sentence of its own: print one, `lp.Credential.from_text(found['log'])` in a"
                " `try`."
            ),
        ),
        """\
## 3. The same, or not?

A credential is never shown. To tell two apart there is the *label*: the kind and a short hash, the same for the
same text as long as this kernel runs.""",
        Exercise(
            names=("twins",),
            asks="""\
### Question 3

Two of the five in `pasted` are one and the same credential. Make `twins` a list of their two names.""",
            starter="twins = ...  # two names",
            hints=(
                "Recognised credentials can be compared with `==`, and each has a `.label`.",
                (
                    "Make a dict of labels: `{name: lp.Credential.from_text(text).label for name, text in"
                    " pasted.items()}`."
                ),
                "Which label is there twice? `list(labels.values()).count(label)` counts.",
            ),
            solution="""\
labels = {name: lp.Credential.from_text(text).label for name, text in pasted.items()}
twins = [name for name in labels if list(labels.values()).count(labels[name]) > 1]""",
            other='twins = ("script", "mail")',
            slips=(
                Slip('twins = ["mail", "browser"]', "'browser' does not belong"),
                Slip('twins = ["mail"]', "lacks 1"),
                Slip('twins = ["chat", "docs"]', "'chat' does not belong"),
                Slip("twins = list(pasted.values())", "holds something else"),
            ),
            check=check_twins,
            insight="So you can say in a ticket which key you mean, and show nothing of it.",
        ),
        """\
## 4. Where a key would show

A key that is printed stays in the saved notebook. Here are five texts made with one.""",
        Code("""\
key = lp.Credential.from_text(pasted["mail"])
ways = {
    "print": str(key),
    "list": repr([key]),
    "f-string": f"the key is {key}",
    "header": key.masked_header,
    "reveal": f"-H {key.reveal()}",
}"""),
        Exercise(
            names=("leaks",),
            asks="""\
### Question 4

Which of the five texts in `ways` hold the key itself? Find out without printing them, and make `leaks` a list
of names.""",
            starter="leaks = ...  # a list of names",
            hints=(
                "Python's `in` says whether one text is within another: `'b' in 'abc'`.",
                "You need the key to look for. One method gives it, and its name is honest.",
                "`[name for name, text in ways.items() if key.reveal() in text]`",
            ),
            solution="leaks = [name for name, text in ways.items() if key.reveal() in text]",
            other="leaks = {name for name, text in ways.items() if sandbox.business_key in text}",
            slips=(
                Slip("leaks = list(ways)", "'print' does not belong"),
                Slip("leaks = []", "`leaks` lacks 1"),
                Slip('leaks = ["header"]', "'header' does not belong"),
                Slip("leaks = ways", "'print' does not belong"),
            ),
            check=check_leaks,
            insight=(
                "There is one way to the text, and you have to ask for it by name. Everything else shows the label."
            ),
        ),
    ),
    seen=(
        "Three kinds of credential, known by their beginnings or their form.",
        "Texts that look like credentials and open nothing, each with its reason.",
        "Labels, which tell credentials apart and show nothing.",
    ),
    further="Next comes what each kind may do: [part 2](part_2_what_may_it_do.ipynb).",
)
