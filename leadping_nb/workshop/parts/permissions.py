"""Part 2, what may it do: permissions by the contract, with reasons."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.permissions import check_allowed, check_creates, check_verdict, check_who
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["PERMISSIONS"]

PERMISSIONS: Final = Lesson(
    number=2,
    name="what_may_it_do",
    title="What may it do?",
    minutes=12,
    aims=(
        "ask of any call whether a credential may make it, before it is made",
        "tell a call that reads from one that writes, whatever its verb",
        "read a verdict: allowed, denied, or not documented",
    ),
    blocks=(
        """\
## 1. One call

A *contract* lists the calls of the API, each a method and a path, and which kinds of credential take them.
`lp.permissions(credential)` judges by it. Here are three credentials of the sandbox.""",
        Code("""\
user = lp.Credential.from_text(sandbox.user_token)
business = lp.Credential.from_text(sandbox.business_key)
source = lp.Credential.from_text(sandbox.source_key)
print(lp.permissions(source).check("GET", "/leads/42"))"""),
        Exercise(
            names=("verdict",),
            asks="""\
### Question 1

Leads are loaded by `POST /leads/all/my`. May the business key do that? Make `verdict` the verdict of the
contract.""",
            starter="verdict = ...  # one word",
            hints=(
                "The cell above asks such a question, of another credential and another call.",
                "`.check(method, path)` gives a decision, which has a `.verdict` and a `.why`.",
                '`lp.permissions(business).check("POST", …).verdict`',
            ),
            solution='verdict = lp.permissions(business).check("POST", "/leads/all/my").verdict',
            other='verdict = lp.permissions(lp.KeyType.BUSINESS_API_KEY).check("post", "/leads/all/my")',
            slips=(
                Slip('verdict = "denied"', "`verdict` is not what the contract says"),
                Slip("verdict = lp.permissions(business)", "Ask them about the one call"),
                Slip(
                    'verdict = lp.permissions(source).check("POST", "/leads/all/my").verdict', "`verdict` is not what"
                ),
                Slip("verdict = True", "`verdict` is none of"),
            ),
            check=check_verdict,
            insight="Every list of this API is a POST that reads. A verb says nothing about what a call does.",
        ),
        """\
## 2. A read that is none

The other way round it is worse. `.frame` has all calls as a DataFrame, and `effect` says whether a call reads
or writes.""",
        Code("""\
calls = lp.permissions(user).frame
calls[["method", "effect"]].value_counts().to_frame("calls")"""),
        Exercise(
            names=("creates",),
            asks="""\
### Question 2

One kind of `GET` in this API *writes*. Make `creates` a list of the paths of all calls with the method `GET`
and the effect `write`.""",
            starter="creates = ...  # a list of paths",
            hints=(
                'Rows of a DataFrame are chosen by a condition: `calls[calls["method"] == "GET"]`.',
                'Two conditions are joined by `&`, each in brackets: `(calls["method"] == "GET") & (…)`.',
                'Take the column `"path"` of the rows that are left, and `.tolist()`.',
            ),
            solution='creates = calls[(calls["method"] == "GET") & (calls["effect"] == "write")]["path"].tolist()',
            other="""creates = calls.query("method == 'GET' and effect == 'write'")""",
            slips=(
                Slip('creates = calls[calls["method"] == "GET"]["path"]', "does not belong"),
                Slip('creates = calls[calls["effect"] == "write"]["path"]', "does not belong"),
                Slip("creates = []", "`creates` lacks 1"),
                Slip('creates = calls[["method", "effect"]]', "is a table of 2 columns"),
            ),
            check=check_creates,
            insight=(
                "It creates a lead: who clicks such a link has sent one. The toolkit refuses it unless you send on"
                " purpose."
            ),
        ),
        """\
## 3. All calls

`.counts` says how many calls have each verdict. *Undocumented* means that no source says; it is not the same as
denied.""",
        Exercise(
            names=("allowed",),
            asks="""\
### Question 3

How many calls may each of the three make for certain? Make `allowed` a dict with three entries: `"user token"`,
`"business key"` and `"source key"`, each with how many calls are *allowed*.""",
            starter="allowed = ...  # type: how many",
            hints=(
                "`lp.permissions(user).counts` is a dict of verdicts.",
                '`lp.permissions(user).counts["allowed"]` is the number for one of them.',
                "`{one.key_type.value: … for one in (user, business, source)}`",
            ),
            solution=(
                'allowed = {one.key_type.value: lp.permissions(one).counts["allowed"] for one in (user, business,'
                " source)}"
            ),
            other="""\
frames = [lp.permissions(one).frame for one in (user, business, source)]
allowed = [(frame["verdict"] == "allowed").sum() for frame in frames]""",
            slips=(
                Slip(
                    (
                        "allowed = {one.key_type.value: len(lp.permissions(one).frame) for one in (user, business,"
                        " source)}"
                    ),
                    "how many operations there are",
                ),
                Slip(
                    'allowed = {one.key_type.value: (lp.permissions(one).frame["verdict"] != "denied").sum()'
                    " for one in (user, business, source)}",
                    "allowed['user token']",
                ),
                Slip(
                    'allowed = {one.key_type.value: lp.permissions(one).counts["denied"] for one in (user, business)}',
                    "no entry for 'source key'",
                ),
                Slip('allowed = [lp.permissions(user).counts["allowed"]]', "`allowed` has 1 entry. One for each name"),
            ),
            check=check_allowed,
            insight=(
                "A source key can do next to nothing. That is its point: who gets hold of it can send leads, and"
                " read none."
            ),
        ),
        """\
## 4. Who else?

A colleague has a business key, and `GET /users/me` fails with it. Each decision says which types of credential
would do.""",
        Exercise(
            names=("who",),
            asks="""\
### Question 4

With which type of credential does `GET /users/me` work? Make `who` that type, one of `lp.KeyType` or its name.""",
            starter="who = ...  # a type of credential",
            hints=(
                "Ask about the call with the colleague's key, and read on beyond the verdict.",
                '`lp.permissions(business).check("GET", "/users/me")` is the decision; print it, and its `.why`.',
                "The decision's member `.would_do` names the types.",
            ),
            solution='who = lp.permissions(business).check("GET", "/users/me").would_do',
            other='who = "user token"',
            slips=(
                Slip('who = "business key"', "'business key' does not belong"),
                Slip("who = list(lp.KeyType)", "does not belong in `who`"),
                Slip('who = lp.permissions(business).check("GET", "/users/me")', "`who` holds the whole decision"),
                Slip('who = "admin"', "holds something else"),
            ),
            check=check_who,
            insight="A key stands for a business and not for a person, so it cannot say who *me* is.",
        ),
    ),
    seen=(
        "Verdicts of the contract for single calls, with reasons.",
        "Verbs that say nothing about what a call does.",
        "How much each kind of credential may do, and who could do instead.",
    ),
    further="Next comes whom to believe, and why: [part 3](part_3_who_says_so.ipynb).",
)
