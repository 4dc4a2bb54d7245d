"""Part 6, when things go wrong: a refusal explained, a storm sat out, a load mended."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.troubles import check_cause, check_causes, check_mended, check_trusted, check_wait
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["TROUBLES"]

TROUBLES: Final = Lesson(
    number=6,
    name="when_things_go_wrong",
    title="When things go wrong",
    minutes=15,
    aims=(
        "find the likeliest cause of a 401 or a 403",
        "know how long to wait after a 429",
        "tell a whole load from one that only looks whole, and mend one that was cut off",
    ),
    blocks=(
        """\
## 1. Refused, and why

A *401* means: who are you? The API says no more than that. `lp.explain` takes the error and the credential,
looks at both, and gives causes, the likeliest first.""",
        Code("""\
discovery, now = lp.discover(sandbox.url), sandbox.clock.now()
old = lp.Credential.from_text(sandbox.issue_token(-60))
try:
    with lp.connect(old, base_url=sandbox.url) as attempt:
        attempt.get("/users/me")
except lp.UnauthorizedError as error:
    refusal = error
print(refusal.status, refusal.problem.title)"""),
        Exercise(
            names=("cause",),
            asks="""\
### Question 1

What is the likeliest cause of this `refusal` of `old`? Make `cause` its `code`, a word that `lp.explain` gives.""",
            starter="cause = ...  # a code",
            hints=(
                "`lp.explain(refusal, old, discovery=discovery, now=now)` shows all causes as a table.",
                "It has `.causes`, a tuple with the likeliest first; each has a `.code`.",
                "`lp.explain(…).causes[0].code`",
            ),
            solution="cause = lp.explain(refusal, old, discovery=discovery, now=now).causes[0].code",
            other="cause = lp.explain(refusal, old, discovery=discovery, now=now).causes[0]",
            slips=(
                Slip("cause = lp.explain(refusal, old, discovery=discovery, now=now)", "`cause` holds the whole"),
                Slip("cause = refusal.status", "`cause` is not the likeliest"),
                Slip("cause = lp.explain(refusal).causes[0].code", "`cause` is not the likeliest"),
                Slip('cause = "token-forged"', "`cause` is not the likeliest"),
            ),
            check=check_cause,
            insight="The API's answer is the same for every bad token. What is wrong with it stands in the token.",
        ),
        """\
## 2. Out of a log

`explain` also takes the pieces of a call that somebody else made: method, address, status, and the credential
if you have it.""",
        Code("""\
me, intake = f"{sandbox.url}/users/me", f"{sandbox.url}/leads/intake"
calls = {
    "dashboard": {"method": "GET", "url": me, "status": 401},
    "script": {"method": "GET", "url": me, "status": 401, "credential": "lp_example"},
    "export": {"method": "GET", "url": me, "status": 403, "credential": sandbox.source_key},
    "form": {"method": "POST", "url": intake, "status": 403, "credential": sandbox.source_key},
}"""),
        Exercise(
            names=("causes",),
            asks="""\
### Question 2

Four calls failed. Make `causes` a dict with the code of the likeliest cause of each.""",
            starter="causes = ...  # name: code",
            hints=(
                "`lp.explain(**calls['form'])` explains one of them: the two stars hand over the entries by name.",
                "`.causes[0].code` of that is what is asked for.",
                "`{name: lp.explain(**call)… for name, call in calls.items()}`",
            ),
            solution="causes = {name: lp.explain(**call).causes[0].code for name, call in calls.items()}",
            other="causes = [lp.explain(**call).causes[0] for call in calls.values()]",
            slips=(
                Slip("causes = {name: lp.explain(**call) for name, call in calls.items()}", "the whole explanation"),
                Slip('causes = {name: "key-type" for name in calls}', "causes['dashboard']"),
                Slip("causes = {'form': lp.explain(**calls['form']).causes[0].code}", "no entry for 'dashboard'"),
                Slip("causes = [call['status'] for call in calls.values()]", "causes['dashboard']"),
            ),
            check=check_causes,
            insight="A 401 is about who you are, a 403 about what you may do. The same key can earn either.",
        ),
        """\
## 3. Too many requests

A *429* says: wait. How long, stands in the answer. The toolkit waits by itself as long as that is two minutes
in all; here the API asks for more.""",
        Code("""\
api = lp.connect(sandbox)
with sandbox.faults.on("rate_limited_hour"):
    try:
        api.get("/users/me")
    except lp.RateLimitedError as error:
        storm = error
print(storm.status, storm.problem.title)"""),
        Exercise(
            names=("wait",),
            asks="""\
### Question 3

How many seconds does the API ask you to wait? Make `wait` that number.""",
            starter="wait = ...  # seconds",
            hints=(
                "Print the error and read it to its end.",
                "The error has it as a number too: the name is that of the header, `Retry-After`, in small letters.",
                "`storm.retry_after`",
            ),
            solution="wait = storm.retry_after",
            other="wait = 60 * 60",
            slips=(
                Slip("wait = 120", "`wait` is not what the API asks for"),
                Slip("wait = 60", "`wait` is not what the API asks for"),
                Slip("wait = storm", "`wait` is of type RateLimitedError"),
                Slip('wait = "an hour"', "`wait` is of type str"),
            ),
            check=check_wait,
            insight="Asking again at once makes it worse. Waiting as told always ends.",
        ),
        """\
## 4. Whole, or only quiet?

Some servers fail without saying so: a bookmark that leads back, a row that is left out. Four loads, and none
raised an error.""",
        Code("""\
import warnings

warnings.simplefilter("ignore", lp.IncompleteFrameWarning)  # you are to find out
frames = {"w": api.frame("leads", page_size=100, progress=False)}
for name, fault in {"x": "missing_row", "y": "repeated_page", "z": "html_with_200"}.items():
    with sandbox.faults.on(fault, after=2 if name != "x" else 0):
        frames[name] = api.frame("leads", page_size=100, progress=False)"""),
        Exercise(
            names=("trusted",),
            asks="""\
### Question 4

Which of the four frames hold all leads? Make `trusted` a list of their letters.""",
            starter="trusted = ...  # a list of letters",
            hints=(
                (
                    "How many rows there should be, you can compare. Better: each frame says of itself whether it is"
                    " whole."
                ),
                "`frames['w'].attrs[\"leadping\"]` is a passport. It is a dict; look at its keys.",
                '`[name for name, frame in frames.items() if frame.attrs["leadping"][…]]`',
            ),
            solution='trusted = [name for name, frame in frames.items() if frame.attrs["leadping"]["complete"]]',
            other="""\
most = max(len(frame) for frame in frames.values())
trusted = {name for name, frame in frames.items() if len(frame) == most}""",
            slips=(
                Slip("trusted = list(frames)", "'x' does not belong"),
                Slip("trusted = [name for name, frame in frames.items() if len(frame) > 900]", "'x' does not belong"),
                Slip("trusted = []", "`trusted` lacks 1"),
                Slip('trusted = "y"', "'y' does not belong"),
            ),
            check=check_trusted,
            insight=(
                "One row in a thousand nobody sees by eye. Counting is the only way to notice, and each frame does it."
            ),
        ),
        """\
## 5. Cut off in the middle

A token can end while a load is under way. The rows that came are kept.""",
        Code("""\
with sandbox.faults.on("expired_in_mid_load", after=2):
    cut = api.frame("leads", page_size=250, progress=False)
print(f"{len(cut)} rows came, whole: {cut.attrs['leadping']['complete']}")"""),
        Exercise(
            names=("mended",),
            asks="""\
### Question 5

Make `mended` a frame of all leads, each once. A new token, `sandbox.issue_token()`, can go on from `cut`.""",
            starter="mended = ...  # a DataFrame",
            hints=(
                "You need a connection of your own for the new token: `lp.connect(token, base_url=sandbox.url)`.",
                "That connection's `resume` goes on with a frame that is not whole.",
                "`with lp.connect(sandbox.issue_token(), base_url=sandbox.url) as again:`, then `again.resume(…)`.",
            ),
            solution="""\
with lp.connect(sandbox.issue_token(), base_url=sandbox.url) as again:
    mended = again.resume(cut)""",
            other="""\
with lp.connect(sandbox.business_key, base_url=sandbox.url) as other:
    mended = other.resume(cut)""",
            slips=(
                Slip("mended = cut", "and not all leads"),
                Slip('mended = api.frame("leads", limit=750)', "`mended` has 750 rows"),
                Slip("mended = api", "`mended` is of type Api"),
                Slip('mended = frames["y"]', "`mended` has"),
            ),
            check=check_mended,
            insight="Whatever ended a load, the frame knows where to go on, and any credential that may read will do.",
        ),
    ),
    seen=(
        "Causes of refusals, with their evidence.",
        "A storm with a time to wait, and loads that only look whole.",
        "A load that went on with a new token.",
    ),
    further="""\
With a credential of your own: [00 start here](../00_start_here.ipynb) tells how, and every guided notebook runs
on the real API when you change one line of it.""",
)
