"""Part 4, is it still good: what a token says, what is checked, and when it ends."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.tokens import check_failed, check_good, check_minutes, check_renewed, check_verdict
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["TOKENS"]

TOKENS: Final = Lesson(
    number=4,
    name="is_it_still_good",
    title="Is it still good?",
    minutes=15,
    aims=(
        "read how long a token lives",
        "say which check a bad token fails, and why reading is not checking",
        "get a new one when it has ended",
    ),
    blocks=(
        """\
## 1. How long?

A user token carries *claims*; `exp` says when it ends. `lp.inspect_token` reads them and makes every check that
it can. The clock of the sandbox stands still, so `now` is the same for everybody.""",
        Code("""\
from datetime import timedelta

user = lp.Credential.from_text(sandbox.user_token)
discovery = lp.discover(sandbox.url)
now = sandbox.clock.now()
token = lp.inspect_token(user, discovery=discovery, now=now)
token.claims_table.frame()[["claim", "meaning"]]"""),
        Exercise(
            names=("minutes",),
            asks="""\
### Question 1

How many minutes does the token live, from `now` on? Make `minutes` that number.""",
            starter="minutes = ...  # a number",
            hints=(
                "The inspection has worked it out already: look through its members with the Tab key after `token.`",
                "`token.expires_in` is in seconds.",
                "Divide by how many seconds a minute has.",
            ),
            solution="minutes = token.expires_in / 60",
            other='minutes = round((token.claims["exp"] - now.timestamp()) / 60)',
            slips=(
                Slip("minutes = token.expires_in", "`minutes` looks like seconds"),
                Slip('minutes = token.claims["exp"]', "`minutes` looks like a point in time"),
                Slip("minutes = 0", "`minutes` is not how long"),
                Slip("minutes = token", "`minutes` is of type TokenInspection"),
            ),
            check=check_minutes,
            insight="Tokens live for a short while on purpose: one that is stolen is soon worth nothing.",
        ),
        """\
## 2. Reading is not checking

Anybody can write claims. Only a signature shows who did, and it takes the issuer's keys to check one:
`discovery=discovery` brought them along.""",
        Exercise(
            names=("verdict",),
            asks="""\
### Question 2

Inspect the same token once more, at `now`, but without any keys. Make `verdict` the verdict.""",
            starter="verdict = ...  # one word",
            hints=(
                "It is one of *valid*, *invalid* and *unverified*.",
                "Call `lp.inspect_token` as above, and leave one argument out.",
                "`lp.inspect_token(user, now=now)` has a `.verdict`.",
            ),
            solution="verdict = lp.inspect_token(user, now=now).verdict",
            other="verdict = lp.inspect_token(user, now=now)",
            slips=(
                Slip("verdict = token.verdict", "`verdict` is not what an inspection without keys says"),
                Slip('verdict = "invalid"', "`verdict` is not what an inspection without keys says"),
                Slip('verdict = "good"', "`verdict` is none of"),
                Slip("verdict = token.claims", "`verdict` is none of"),
            ),
            check=check_verdict,
            insight="Websites that decode a token show what it claims. Whether that is so, they do not know.",
        ),
        """\
## 3. Four bad ones

Four tokens, each bad in one way. A fault of the sandbox makes the last: its content was changed after it was
signed.""",
        Code("""\
four = {
    "a": sandbox.issue_token(-120),
    "b": sandbox.issue_token(aud="client_other_example"),
    "c": sandbox.issue_token(iss=f"{sandbox.issuer}/"),
}
with sandbox.faults.on("token_changed"):
    four["d"] = sandbox.issue_token()"""),
        Exercise(
            names=("failed",),
            asks="""\
### Question 3

Which check does each of them fail? Make `failed` a dict with the name of one check for each of a, b, c and d.""",
            starter="failed = ...  # letter: name of a check",
            hints=(
                "`lp.inspect_token(four['a'], discovery=discovery, now=now).checks` is a DataFrame of all checks.",
                'Look for the row whose `"outcome"` is `"failed"`.',
                (
                    '`checks.loc[checks["outcome"] == "failed", "check"].iloc[0]` is its name; do this for each of the'
                    " four."
                ),
            ),
            solution="""\
failed = {}
for letter, text in four.items():
    checks = lp.inspect_token(text, discovery=discovery, now=now).checks
    failed[letter] = checks.loc[checks["outcome"] == "failed", "check"].iloc[0]""",
            other='failed = ["expiry", "audience", "issuer", "signature"]',
            slips=(
                Slip('failed = dict.fromkeys("abcd", "invalid")', "failed['a']"),
                Slip('failed = {"a": "expiry", "b": "issuer", "c": "audience", "d": "signature"}', "failed['b']"),
                Slip('failed = {"a": "expiry", "b": "audience", "c": "issuer"}', "no entry for 'd'"),
                Slip('failed = "expiry"', "A dict is asked for"),
            ),
            check=check_failed,
            insight="The API's answer is the same 401 to all four. The inspection says which it was.",
        ),
        """\
## 4. When?

Clocks differ, so a check of times allows for 30 seconds, the *leeway*. `now=` says at which time to judge.""",
        Code("""\
times = [-10, 0, 30, 60, 61, 90]  # minutes from now
for minutes_from_now in times[:2]:
    then = now + timedelta(minutes=minutes_from_now)
    print(lp.inspect_token(user, discovery=discovery, now=then).summary)"""),
        Exercise(
            names=("good",),
            asks="""\
### Question 4

At which of the six `times` is the token valid? Make `good` a list of them.""",
            starter="good = ...  # some of the times",
            hints=(
                "The cell above does it for two of the times. Let it run over all.",
                'Keep a time if the `.verdict` is `"valid"`.',
                (
                    "`[m for m in times if lp.inspect_token(user, discovery=discovery, now=now +"
                    " timedelta(minutes=m)).verdict == …]`"
                ),
            ),
            solution="""\
good = []
for minutes_from_now in times:
    then = now + timedelta(minutes=minutes_from_now)
    if lp.inspect_token(user, discovery=discovery, now=then).verdict == "valid":
        good.append(minutes_from_now)""",
            other="good = tuple(m for m in times if 0 <= m * 60 <= token.expires_in + 30)",
            slips=(
                Slip("good = [m for m in times if 0 <= m < 60]", "`good` lacks 1"),
                Slip("good = [m for m in times if m <= 60]", "-10 does not belong"),
                Slip("good = times", "-10 does not belong"),
                Slip("good = 60", "`good` lacks 2"),
            ),
            check=check_good,
            insight="Not before it was made, and, thanks to the leeway, still at the very second of its end.",
        ),
        """\
## 5. An hour later

Move the clock of the sandbox by 61 minutes, and the token of the beginning has ended.""",
        Code("""\
sandbox.clock.advance(61 * 60)
try:
    with lp.connect(user, base_url=sandbox.url) as api:
        api.get("/users/me")
except lp.UnauthorizedError as error:
    print(error.status, error.problem.detail)"""),
        Exercise(
            names=("renewed",),
            asks="""\
### Question 5

In reality you would sign in again. Make `renewed` a user token that the sandbox accepts now.""",
            starter="renewed = ...  # a token",
            hints=(
                "Who gave you the first one? Ask there again.",
                "`sandbox.user_token` is always one that is good now; `sandbox.issue_token()` makes one.",
            ),
            solution="renewed = lp.Credential.from_text(sandbox.user_token)",
            other="renewed = sandbox.issue_token(600)",
            slips=(
                Slip("renewed = user", "`renewed` is a token, but not a good one"),
                Slip("renewed = sandbox.business_key", "`renewed` is a business key"),
                Slip("renewed = sandbox.issue_token(-1)", "`renewed` is a token, but not a good one"),
                Slip('renewed = four["d"]', "`renewed` is a token, but not a good one"),
                Slip('renewed = "a new one"', "`renewed` is no credential"),
            ),
            check=check_renewed,
            insight=(
                "A token that has ended cannot be mended. A new one costs a sign-in, and nothing that was loaded is"
                " lost."
            ),
        ),
    ),
    seen=(
        "Claims, and how long a token lives.",
        "What an inspection says of the same token with keys, and without.",
        "Four bad tokens, each stopped by its own check, and one that simply ended.",
    ),
    further="Next comes your data: [part 5](part_5_data_into_pandas.ipynb).",
)
