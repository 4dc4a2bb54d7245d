"""The exercises: each check tells not attempted, not yet and right, whatever is handed in, and gives no answer away."""

import re
import warnings
from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import cache

import pytest

import leadping_nb as lp
from leadping_nb.errors import LeadpingError
from leadping_nb.workshop import Verdict, attendance
from leadping_nb.workshop.answers import Room
from leadping_nb.workshop.exercise import Code
from leadping_nb.workshop.lessons import LESSONS
from leadping_nb.workshop.question import Question
from leadping_nb.workshop.reading import entries, number, pairs, plain
from leadping_nb.workshop.sheets import LEADS, NOW

pytestmark = pytest.mark.filterwarnings("ignore")  # loads that are cut off warn, and that is what they are for

PLACES = [place for lesson in LESSONS for place in lesson.places]
exercises = pytest.mark.parametrize("place", PLACES, ids=lambda place: f"part {place[0]} q{place[1]}")


@dataclass
class Desk:
    """An attendee's notebook just before an exercise."""

    exercise: object
    question: Question
    variables: dict

    def say(self, code=""):
        """Run code in a copy of the notebook, and check."""
        return self.question.check(self.after(code))

    def after(self, code):
        variables = dict(self.variables)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(code, variables)  # noqa: S102  # the workshop's own code
        return variables


@cache
def desks(number):
    """Run the cells of one part, and keep the variables before each exercise."""
    lesson = LESSONS[number - 1]
    sandbox = lp.Sandbox(leads=LEADS, now=NOW)
    part = lp.workshop.part(number, sandbox, keep=None)
    variables, found, questions = {"lp": lp, "sandbox": sandbox, "workshop": part}, [], iter(part)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for block in lesson.blocks:
            if isinstance(block, Code):
                exec(block.source, variables)  # noqa: S102  # the workshop's own code
            elif not isinstance(block, str):
                found.append(Desk(block, next(questions), dict(variables)))
    return found


@pytest.fixture(scope="module", autouse=True)
def _cleared_up():
    """Close at the end what the cells opened."""
    yield
    for part in range(1, 7):
        for value in desks(part)[-1].variables.values():
            if isinstance(value, lp.Api | lp.Sandbox | Generator):
                value.close()
    desks.cache_clear()


@pytest.fixture
def desk(place):
    """The notebook before the exercise of this test."""
    return desks(place[0])[place[1] - 1]


@exercises
def test_three_dots_are_not_attempted(desk):
    said = desk.say(desk.exercise.starter)
    assert said.verdict is Verdict.NOT_ATTEMPTED
    assert all(f"`{name}`" in said.words for name in desk.exercise.names)


@exercises
def test_a_variable_that_is_not_there_is_named(desk):
    said = desk.say()
    assert said.verdict is Verdict.NOT_YET
    assert f"no variable `{desk.exercise.names[0]}`" in said.words


@exercises
def test_typical_wrong_answers_are_not_yet_with_a_reason_that_names_what_is_wrong(desk):
    assert len(desk.exercise.slips) >= 3
    for slip in desk.exercise.slips:
        said = desk.say(slip.code)
        assert said.verdict is Verdict.NOT_YET, slip
        assert slip.told in said.words, said
        assert any(f"`{name}" in said.words for name in desk.exercise.names), said
        assert "could not be compared" not in said.words, said


@exercises
def test_two_different_answers_are_right(desk):
    assert desk.exercise.solution != desk.exercise.other
    for code in (desk.exercise.solution, desk.exercise.other):
        said = desk.say(code)
        assert said.verdict is Verdict.RIGHT, said
        assert said.words == desk.exercise.insight


def leaves(value):
    """The texts and numbers in a value, as they would be written."""
    value = plain(value)
    if isinstance(value, dict):
        return {leaf for entry in value.values() for leaf in leaves(entry)}
    if isinstance(value, list | tuple | set):
        return {leaf for entry in value for leaf in leaves(entry)}
    if hasattr(value, "code") and hasattr(value, "todo"):
        return {value.code, value.what}
    return {str(value)} if isinstance(value, str | int | float) and not isinstance(value, bool) else set()


def given_away(right, wrong, words):
    """What of the right answer, and not of the wrong one, stands in a reason."""
    spoken = re.sub(r"is none of [^.]*\.", "", words)  # all the words that there are to choose from
    return [leaf for leaf in leaves(right) - leaves(wrong) if re.search(rf"(?<!\w){re.escape(leaf)}(?!\w)", spoken)]


@exercises
def test_no_reason_gives_the_answer_away(desk):
    name = desk.exercise.names[0]
    right = desk.after(desk.exercise.solution)[name]
    for slip in desk.exercise.slips:
        said = desk.say(slip.code)
        assert not given_away(right, desk.after(slip.code)[name], said.words), said


def test_an_answer_that_is_given_away_would_be_noticed():
    assert given_away(["mail", "script"], ["mail"], "`twins` lacks 'script'.") == ["script"]
    assert given_away(60.0, 1.0, "It is 60.0 and not more.") == ["60.0"]


class Hostile:
    """A value that fails whatever is asked of it."""

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no")

    def __getattr__(self, name):
        raise RuntimeError("no")


def odd_values(desk):
    import itertools

    import numpy as np
    import pandas as pd

    deep = []
    deep.append(deep)
    table = pd.DataFrame({"id": [1, None], "path": [pd.NA, {}]})
    yield from (None, True, -1, 10**400, float("nan"), float("inf"), 1j, "", "\0", "…" * 9999, b"lp", [], {}, set())
    yield from ([None], [[1]], [{}], {"a": {}}, {None: None}, deep, range(3), itertools.count(), (n for n in "abc"))
    yield from (object(), object, print, Hostile(), [Hostile()], lp, desk.question, desk.variables["sandbox"])
    yield from (
        np.array([1, 2]),
        np.zeros((2, 2)),
        np.float64(1),
        pd.NA,
        pd.NaT,
        pd.Series([1.0]),
        pd.Series(dtype="O"),
    )
    yield from (table, pd.DataFrame(), pd.Timestamp("2026-07-05"), lp.KeyType, lp.permissions(None), ValueError("x"))


@exercises
def test_whatever_is_handed_in_is_not_yet_and_raises_nothing(desk):
    for value in odd_values(desk):
        said = desk.question.check({**desk.variables, desk.exercise.names[0]: value})
        assert said.verdict is Verdict.NOT_YET
        assert f"`{desk.exercise.names[0]}" in said.words
        assert said._repr_html_()


@exercises
def test_no_reason_repeats_a_credential(desk):
    sandbox = desk.variables["sandbox"]
    for secret in (sandbox.business_key, sandbox.source_key, sandbox.user_token):
        for value in (secret, [secret], {secret: secret}, {"mail": secret}, (secret, 1), {"google": secret}):
            said = desk.question.check({**desk.variables, desk.exercise.names[0]: value})
            assert secret[-8:] not in repr(said) + said._repr_html_()


@exercises
def test_what_a_cell_above_made_must_be_there_and_unchanged(desk):
    made = set(desk.variables) - {"lp", "sandbox", "workshop", "__builtins__"}
    answered = desk.after(desk.exercise.solution)
    for name in made:
        without = {key: value for key, value in answered.items() if key != name}
        if not desk.question.check(without).is_right:
            assert f"`{name}`" in desk.question.check(without).words
            assert f"`{name}`" in desk.question.check({**answered, name: object()}).words
            assert not desk.question.check({**answered, name: {}}).is_right


@exercises
def test_hints_come_in_steps_and_the_last_one_stays(desk):
    question = Question("q1", desk.exercise, Room(desk.variables["sandbox"]), lambda: None)
    hints = desk.exercise.hints
    assert 2 <= len(hints) <= 4
    shown = [question.hint() for _ in range(len(hints) + 2)]
    assert [hint.words for hint in shown] == [*hints, hints[-1], hints[-1]]
    assert shown[0].title == f"q1, hint 1 of {len(hints)}"
    assert shown[-1].title == f"q1, hint {len(hints)} of {len(hints)}"


@exercises
def test_hints_do_not_hold_the_solution(desk):
    for hint in desk.exercise.hints:
        assert desk.exercise.solution.splitlines()[-1] not in hint


@exercises
def test_the_solution_is_shown_as_code(desk):
    assert desk.exercise.solution in repr(desk.question.solution())
    assert "<pre><code>" in desk.question.solution()._repr_html_()


def test_there_are_six_parts_of_three_to_five_exercises():
    assert [lesson.number for lesson in LESSONS] == [1, 2, 3, 4, 5, 6]
    assert all(3 <= len(lesson.exercises) <= 5 for lesson in LESSONS)
    assert all(10 <= lesson.minutes <= 15 for lesson in LESSONS)


def test_a_check_reads_the_variables_of_whoever_calls_it():
    sandbox = desks(2)[0].variables["sandbox"]
    q1, *_ = lp.workshop.part(2, sandbox, keep=None)
    notebook = {"q1": q1, **desks(2)[0].variables}
    exec("verdict = 'denied'\nsaid = q1.check()", notebook)  # noqa: S102  # a cell
    assert notebook["said"].verdict is Verdict.NOT_YET
    exec("verdict = 'allowed'\nsaid = [one.check() for one in (q1,)][0]", notebook)  # noqa: S102  # a cell
    assert notebook["said"].verdict is Verdict.RIGHT
    business, verdict = notebook["business"], "allowed"
    assert q1.check().is_right, (business, verdict)


def test_an_exercise_of_two_variables_names_the_one_that_is_open():
    desk = desks(1)[0]
    exercise = replace(desk.exercise, names=("kinds", "more"))
    question = Question("q1", exercise, Room(desk.variables["sandbox"]), lambda: None)
    assert question.check({"kinds": ..., "more": ...}).verdict is Verdict.NOT_ATTEMPTED
    said = question.check({"kinds": {}, "more": ...})
    assert (said.verdict, said.words.split()[0]) == (Verdict.NOT_YET, "`more`")


def test_a_sandbox_that_is_closed_is_not_yet():
    with lp.Sandbox(leads=10, now=NOW) as sandbox:
        _, issuers, *_ = lp.workshop.part(3, sandbox, keep=None)
    said = issuers.check({"issuers": ["x"]})
    assert said.verdict is Verdict.NOT_YET
    assert "`issuers`" in said.words


@pytest.mark.parametrize("number", [0, 7, None, "1", 1.0])
def test_there_is_no_other_part(number):
    with pytest.raises(LeadpingError, match="a whole number from 1 to 6 is expected") as caught:
        lp.workshop.part(number, desks(1)[0].variables["sandbox"])
    assert caught.value.hint == "There are parts 1 to 6."


def test_a_part_needs_a_sandbox():
    with pytest.raises(LeadpingError, match="no sandbox"):
        lp.workshop.part(1, "http://127.0.0.1")


def test_a_part_says_what_its_questions_are():
    part = desks(1)[0].variables["workshop"]
    assert repr(part) == ("Part 1 of 6: What is it? (q1, q2, q3 and q4; each has .check(), .hint() and .solution())")
    assert "<strong>Part 1 of 6: What is it?</strong>" in part._repr_html_()
    assert [question.name for question in part] == ["q1", "q2", "q3", "q4"]
    assert len(part) == 4
    assert repr(next(iter(part))) == "<Question q1 about `kinds`: .check(), .hint(), .solution()>"


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_a_sign_and_a_word_and_no_colour(verdict):
    result = lp.workshop.Result("q1", verdict, "because `a < b`")
    assert result.sign in repr(result)
    assert verdict.value in repr(result)
    assert result._repr_html_() == (
        f"<p><strong>{result.sign} q1, {verdict.value}.</strong> because <code>a &lt; b</code></p>"
    )
    assert len({lp.workshop.Result("q1", one, "").sign for one in Verdict}) == 3


def test_right_answers_of_part_five_also_come_as_numbers_of_numpy_and_per_cent():
    import numpy as np

    _, _, rates, *_ = desks(5)
    shares = rates.after(rates.exercise.solution)["rates"]
    for same in (
        shares,
        shares.to_dict(),
        shares.to_frame(),
        100 * shares,
        {k: np.float64(v) for k, v in shares.items()},
    ):
        assert rates.question.check({**rates.variables, "rates": same}).is_right
    assert not rates.question.check({**rates.variables, "rates": shares * 1.1}).is_right


def test_reading_takes_what_numpy_and_pandas_have():
    import numpy as np
    import pandas as pd

    assert entries("x", pd.Series(["a", "b"])) == ["a", "b"]
    assert entries("x", pd.DataFrame({"path": ["a"], "other": [1]}), column="path") == ["a"]
    assert entries("x", np.array([1, 2])) == entries("x", {1: "a", 2: "b"}) == [1, 2]
    assert pairs("x", pd.Series({"a": 1}), ("a",)) == pairs("x", np.array([1]), ("a",)) == {"a": 1}
    assert number("x", np.int64(3)) == number("x", pd.Series([3])) == number("x", 3.0) == 3


def test_parts_are_done_when_all_their_questions_are_right():
    sandbox = desks(2)[0].variables["sandbox"]
    part = lp.workshop.part(2, sandbox, keep=None)
    for desk, question in zip(desks(2), part, strict=True):
        assert part.done == ()
        assert question.check(desk.after(desk.exercise.solution)).is_right
    assert part.done == (2,)
    assert isinstance(part.completion_code("blue"), lp.workshop.CompletionCode)


def test_there_is_no_code_before_a_part_is_done_or_a_word_is_put_in():
    part = lp.workshop.part(1, desks(1)[0].variables["sandbox"], keep=None)
    assert repr(part.completion_code()).startswith("No code yet: No part is done yet")
    assert repr(part.completion_code(...)).startswith("No code yet: Put the word")
    assert attendance.LESSONS is LESSONS


def test_a_fault_that_was_left_on_spoils_no_later_check():
    desk = desks(5)[1]
    sandbox = desk.variables["sandbox"]
    question = Question("q2", desk.exercise, Room(sandbox), lambda: None)
    answered = desk.after(desk.exercise.solution)
    with sandbox.faults.on("server_error", after=1):
        assert question.check(answered).verdict is Verdict.NOT_YET
    assert question.check(answered).is_right


@pytest.mark.parametrize(("place", "code"), [((5, 4), 'api.frame("leads", page_size=250)'), ((6, 5), "frames['w']")])
def test_a_frame_of_all_leads_is_right_whatever_it_was_loaded_with_and_no_question_says_otherwise(desk, code):
    assert desk.say(f"mended = {code}").is_right
    assert "Make `mended` a frame of all leads, each once. " in desk.exercise.asks
    assert not re.search("without|Go on", desk.exercise.asks)


SHARE = 'everything.assign(sold=everything["currentDisposition.category"] == "Converted").groupby("sourceName")["sold"]'
ORDER = 'everything["sourceName"].unique()'


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((5, 3), f"rates = {SHARE}.mean().round(2)"),
        ((5, 3), f"rates = (100 * {SHARE}.mean()).round(0)"),
        ((5, 3), f"rates = [{SHARE}.mean()[name] for name in {ORDER}]"),
        ((5, 3), f"rates = list({SHARE}.mean())"),
        ((2, 4), 'who = "USER_TOKEN"'),
        ((2, 4), "who = lp.KeyType.USER_TOKEN.name"),
        ((2, 4), 'who = "User token"'),
        ((2, 1), 'verdict = "Allowed"'),
        ((4, 2), 'verdict = "Unverified"'),
        ((1, 1), "kinds = {name: lp.Credential.from_text(text).key_type.name for name, text in pasted.items()}"),
    ],
)
def test_an_answer_in_another_form_is_right(desk, code):
    said = desk.say(code)
    assert said.is_right, said


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        ((5, 3), f"rates = {SHARE}.mean()\nrates[rates == 0] = float('nan')", "rates['direct mail']` is not right yet"),
        ((5, 3), f"rates = {SHARE}.mean()\nrates[rates == 0] = float('nan')", "It is missing."),
        ((5, 3), f"rates = {SHARE}.sum()", "It is a number of leads."),
        ((5, 3), f"rates = {SHARE}.size()", "It is a number of leads."),
        ((5, 3), f"rates = 1.1 * {SHARE}.mean()", "divided by all leads"),
        ((1, 1), 'kinds = {name: "key" for name in pasted}', "none of the types in `lp.KeyType`"),
        ((5, 1), 'leads = api.frame("leads", page_size=250).set_index("id")', "has no column `id`"),
        ((5, 1), 'leads = api.frame("leads", page_size=250)[["firstName"]]', "has no column `id`"),
        ((5, 1), 'leads = api.frame("leads", page_size=250).head()', "By its passport 1,000 were loaded"),
        ((5, 1), 'leads = api.frame("events")', "`leads` holds no leads"),
    ],
)
def test_a_reason_is_true_of_what_was_handed_in(desk, code, told):
    said = desk.say(code)
    assert said.verdict is Verdict.NOT_YET
    assert told in said.words, said


@pytest.mark.parametrize(("code", "told"), [("kind = {}", " There is `kind`."), ("pets = {}", "")])
def test_a_variable_of_another_spelling_is_named(code, told):
    assert desks(1)[0].say(code).words == f"There is no variable `kinds`. Is it spelled so in your cell?{told}"


def test_a_variable_that_a_cell_above_makes_is_to_be_run_again():
    said = desks(1)[0].say("kinds = {}\ndel pasted")
    assert said.words == "There is no variable `pasted`. Run the cells above it again, from the top of this part."


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        ((2, 1), "verdict = lp.permissions(business).frame", "`verdict` is of type DataFrame."),
        ((2, 1), "verdict = lp.permissions(business).frame", "Asked for: one word."),
        ((4, 2), "verdict = lp.inspect_token(user, now=now).checks", "`verdict` is of type DataFrame."),
        ((6, 1), "cause = lp.explain(refusal, old).frame", "Asked for: a code."),
        ((6, 4), "trusted = list(frames.values())", "`trusted` is of type list of DataFrame."),
        ((6, 4), "trusted = list(frames.values())", "Asked for: a list of letters."),
        ((6, 4), "trusted = frames['w']", "A list or one entry is asked for, and no table."),
        ((1, 1), "kinds = {name: [text, text] for name, text in pasted.items()}", "none of the types in `lp.KeyType`"),
        ((4, 3), "failed = {name: ['x', 'y'] for name in four}", "It is not the name of a check."),
        ((3, 1), 'pointer = first.headers["www-authenticate"].split("=")[1]', "has a quotation mark around it"),
    ],
)
def test_a_reason_names_what_came_and_what_is_asked_for(desk, code, told):
    said = desk.say(code)
    assert said.verdict is Verdict.NOT_YET
    assert told in said.words, said


def test_the_comment_beside_the_dots_says_what_is_asked_for():
    assert all(line.partition("#")[2] for lesson in LESSONS for one in lesson.exercises for line in [one.starter])


def test_variables_whose_names_are_no_texts_raise_nothing():
    assert "no variable `kinds`" in desks(1)[0].question.check({1: 2}).words
