"""Completion codes: read out, typed in, believed if they are genuine; and the record that they are made from."""

import json
import random
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from leadping_nb.errors import LeadpingError
from leadping_nb.workshop import CompletionCode, completion_code, verify
from leadping_nb.workshop.record import FILE, Record

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALL = range(1, 7)
CHANCE = random.Random(7)  # noqa: S311  # the same codes in every run
SOME = [str(completion_code(CHANCE.sample(ALL, 3), word="blue", nonce=CHANCE.randrange(2**19))) for _ in range(12)]


@pytest.mark.parametrize("count", range(7))
def test_a_code_says_which_parts_are_done(count):
    for parts in combinations(ALL, count):
        found = verify(str(completion_code(parts, word="blue")), word="blue")
        assert (found.genuine, found.parts, found.parts_done) == (True, parts, count)


def test_a_code_is_three_groups_of_four_characters_that_nobody_confuses():
    for code in SOME:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(code) <= {*DIGITS, "-"}


def test_two_attendees_have_two_codes():
    assert len({str(completion_code(ALL, word="blue")) for _ in range(30)}) >= 29  # of half a million


@pytest.mark.parametrize("code", SOME)
def test_no_single_wrong_character_passes(code):
    plain = code.replace("-", "")
    for place, right in enumerate(plain):
        for wrong in set(DIGITS) - {right}:
            found = verify(plain[:place] + wrong + plain[place + 1 :], word="blue")
            assert not found.genuine
            assert "misheard" in found.why


@pytest.mark.parametrize("code", SOME)
def test_no_two_neighbours_that_are_swapped_pass(code):
    plain = code.replace("-", "")
    for place, (left, right) in enumerate(pairwise(plain)):
        if left != right:
            assert not verify(plain[:place] + right + left + plain[place + 2 :], word="blue").genuine


@pytest.mark.parametrize("code", SOME)
@pytest.mark.parametrize(
    "heard",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: f"  {code.replace('-', '')}\n",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: " – ".join(code.split("-")),
        lambda code: " ".join(code),
        *(lambda code, mark=mark: code.replace("-", mark) for mark in "\xa0\u202f\u2009\u3000\t\xad\u200b\u2060"),
        *(
            lambda code, mark=mark: code.replace("-", mark)
            for mark in "\u2010\u2011\u2012\u2015\u2212\u2043\ufe63\uff0d"
        ),
    ],
)
def test_a_code_may_be_typed_as_it_was_heard(code, heard):
    assert verify(heard(code), word="blue").genuine


@pytest.mark.parametrize("word", ["blue", "BLUE", " Blue ", "b l u e"])
def test_the_word_may_be_written_in_any_case_and_spacing(word):
    assert verify(SOME[0], word=word).genuine


@pytest.mark.parametrize(
    "make", [lambda word: verify(SOME[0], word=word), lambda word: completion_code(ALL, word=word)]
)
@pytest.mark.parametrize("word", [5, None, ..., b"blue"])
def test_a_word_that_is_no_text_is_told_so(make, word):
    with pytest.raises(LeadpingError, match=f"of type {type(word).__name__}, and a text") as caught:
        make(word)
    assert "in quotes" in caught.value.hint


@pytest.mark.parametrize("word", ["", "green", "blues"])
def test_another_word_is_told_from_a_misheard_character(word):
    found = verify(SOME[0], word=word)
    assert not found.genuine
    assert "another word" in found.why
    assert found.parts == ()


@pytest.mark.parametrize(
    "text", ["", "K7QP", "K7QP-4M2X-9TZD-0", "!!!!-!!!!-!!!!", "UUUU-UUUU-UUUU", None, 7, "½" * 12]
)
def test_what_is_no_code_is_not_genuine_and_said_to_be_none(text):
    found = verify(text, word="blue")
    assert not found.genuine
    assert "character" in found.why.lower()


def test_codes_that_are_made_up_do_not_pass():
    chance = random.Random(3)  # noqa: S311  # the same codes in every run
    made_up = ("".join(chance.choices(DIGITS, k=12)) for _ in range(20_000))
    assert not [code for code in made_up if verify(code, word="blue").genuine]


def test_numbers_that_are_no_parts_are_left_out():
    assert completion_code((0, 2, 2, 7, 99), word="").parts == (2,)


def test_a_code_and_its_verification_show_themselves_with_sign_and_word():
    code = completion_code(ALL, word="blue", nonce=1)
    assert isinstance(code, CompletionCode)
    assert repr(code) == f"{code}: 6 of 6 parts are done: 1, 2, 3, 4, 5, 6."
    assert str(code) in code._repr_html_()
    assert repr(verify(str(code), word="blue")).startswith("✓ genuine")
    assert "✗ Not genuine" in verify(str(code), word="red")._repr_html_()


def test_what_is_right_outlives_the_kernel_and_parts_know_of_each_other(tmp_path):
    file = tmp_path / FILE
    first, second = Record(file), Record(file)
    first.add((1, 1))
    second.add((2, 3))
    first.add((1, 2))
    assert Record(file).right == {(1, 1), (1, 2), (2, 3)}
    assert Record(file).here == frozenset()
    assert first.here == {(1, 1), (1, 2)}


def test_the_file_holds_numbers_and_nothing_else(tmp_path):
    record = Record(tmp_path / FILE)
    for place in [(2, 3), (1, 2), (1, 1), (1, 1)]:
        record.add(place)
    assert json.loads((tmp_path / FILE).read_text("utf-8")) == {"1": [1, 2], "2": [3]}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_nothing_is_written_before_something_is_right(tmp_path):
    assert Record(tmp_path / FILE).right == frozenset()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", "7", '{"1": 2}', '{"1": [null]}', '{"1": [1e400]}', '{"x": [1]}', "[" * 100_000, "\ud800"],
)
def test_a_file_that_is_none_of_ours_counts_for_nothing_and_is_replaced(tmp_path, content):
    file = tmp_path / FILE
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    record = Record(file)
    assert record.right == frozenset()
    record.add((3, 1))
    assert Record(file).right == {(3, 1)}


def test_where_nothing_can_be_written_the_kernel_remembers(tmp_path):
    record = Record(tmp_path / "no such folder" / FILE)
    assert record.is_kept
    record.add((1, 1))
    assert record.right == {(1, 1)}
    assert not record.is_kept


def test_listeners_are_told_of_each_addition():
    record, told = Record(None), []
    record.tell(lambda: told.append(record.right))
    record.add((1, 1))
    record.add((1, 2))
    assert told == [{(1, 1)}, {(1, 1), (1, 2)}]


def test_the_code_in_the_guide_is_genuine():
    guide = (Path(__file__).parent.parent / "docs" / "workshop.md").read_text(encoding="utf-8")
    code, word, said = re.search(r'verify\("(.+)", word="(.+)"\) +# (.+)', guide).groups()
    assert repr(verify(code, word=word)) == said
