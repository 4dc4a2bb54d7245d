"""The sieve before the judge: whatever the judge would find is let through, and what is none takes little time."""

import random
import string

import pytest
from hypothesis import example, given, settings, strategies as st
from test_leaks import LOOK_ALIKES, MD5, SECRETS, SHA1, TOKEN

from leadping_nb.leaks.patterns import _FORMS, _of_form
from leadping_nb.leaks.sieve import suspects

UUID = "3f9a1c07-1234-4abc-8def-0123456789ab"
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
WORD = "test0123example456789XYZ"
GROUPS = "AB3DE-FGHJK-KLMNP"
PIECES = (
    "lp_", "lp_src_", "sk_", "whsec_", "eyJ", "Bearer ", "bearer", "BEARER: ", "earer", "sandbox_", "live_", "cache_",
    "key_", "a", "n", "u", "x5", "Q", "7", "12345", "name", "Rate", "CSV", "strngths", "2026", "20260705T120000Z",
    WORD[:8], WORD[8:], "0123456789abcde", MD5, SHA1, UUID, "12345678-1234-1234-1234-123456789012",
    "abcdefab-abcd-abcd-abcd-abcdefabcdef", "AB3DE", "FG5HJ-KL7MN", "-AB3DE-FG5HJ", "durchschnitt", "http5xx", "run03b",
    HEADER, PAYLOAD, SIGNATURE, "e30", "eyJ4IjowfQ", "xxxxxxxxxxxxxxxx",
    " ", "\n", "_", "-", ".", "/", "+", "=", "~", "\\", "\\\\", "\\n", "\\/", "\\u002b", "\\u002F", "\\u003d",
    "\\u0041", "\\u00e9", "\\x1b[31m", "\x1b[0;1m", "%20", "%3D", "&quot;", '"', "'", ":", ",", "é", "[", "(",
)  # fmt: skip


def found(text):
    return {form.marker for form in _FORMS if any(_of_form(form, text))}


def texts():
    return st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=3_000)
@given(texts())
@example(f"x5lp_a_lp_{SHA1}")
@example(f"xlp_{UUID}")
@example(f"help_lp_{UUID}")
@example(f"Bearer some_word_Bearer {WORD}")
@example(f"Bearer ++++{WORD[:15]}")
@example(f"Bearer eyJ4IjowfQ.{WORD[:4]}_sandbox_9")
@example(f"Bearer eyJ4IjowfQ.{WORD[:4]}_sandbox_9.")
@example(f'lp_Bearer +bearer\\u002b"~{WORD}')
@example(f"Bearer lp_src_bearer={WORD}")
@example(f"5AeyJ-{TOKEN}")
@example(f"lp_{GROUPS}")
@example(f"Bearer +{GROUPS}.")
@example(f"lp_{GROUPS}\\")
@example(f"KEYlp_src_{WORD}")
@example(f"xwhsec_{WORD}")
@example(f"Bearer a_name_with_bearer+{WORD}")
def test_whatever_the_judge_finds_is_let_through(text):
    assert found(text) <= suspects(text)


def test_random_words_of_any_alphabet_are_judged_alike():
    chance = random.Random(3)  # noqa: S311  # the same words every time
    alphabets = (
        string.ascii_letters,
        string.ascii_lowercase,
        string.ascii_letters + string.digits + "-_./",
        "bcdfg1_",
        "aB1-",
    )
    for _ in range(20_000):
        word = "".join(chance.choices(chance.choice(alphabets), k=chance.randrange(10, 44)))
        text = chance.choice(("lp_", "lp_src_", "sk_", "whsec_", "Bearer ", "\\nlp_", "eyJ")) + word
        assert found(text) <= suspects(text)


def test_random_groups_are_judged_alike():
    chance = random.Random(4)  # noqa: S311  # the same groups every time
    for _ in range(20_000):
        alphabet = chance.choice((string.ascii_uppercase + string.digits, "abcdef01", "aeiou1", "bcd12"))
        length = chance.randrange(3, 8)
        groups = ("".join(chance.choices(alphabet, k=length)) for _ in range(chance.randrange(2, 6)))
        text = (
            f"{chance.choice(('lp_', 'lp_src_', 'whsec_', 'Bearer '))}{'-'.join(groups)}{chance.choice(('', '.', '='))}"
        )
        assert found(text) <= suspects(text)


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_let_through(text):
    assert suspects(text)


@pytest.mark.parametrize(
    "text", [text for text in LOOK_ALIKES if "eyJub3Rqcz" not in text and "sk_sandbox" not in text]
)
def test_what_only_looks_like_a_secret_is_held_back(text):
    assert suspects(text) == set()
