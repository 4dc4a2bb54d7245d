"""The corpus of the benchmark, small: every planted secret is found where it is, and nothing else."""

import pytest

from benchmarks.leaks_corpus import KINDS, PLACES, corpus, disguised
from leadping_nb.leaks.files import leaks_in_bytes
from leadping_nb.leaks.known import known_secrets
from leadping_nb.leaks.matches import digest
from leadping_nb.leaks.rewriting import rewritten

WORDS = {
    "source, JSON in a string": "source",
    "source, a magic": "source",
    "raw": "source",
    "markdown": "source",
    "application/json, JSON in it": "application/json",
    "output metadata": "metadata",
}
"""What our reports call a place, where it is not what the corpus calls it."""

SAMPLES = list(corpus(12, seed=3))


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_secret_is_found_in_the_place_where_it_was_planted(place):
    found = {}
    for sample in SAMPLES:
        if sample.place == place:
            [leak] = leaks_in_bytes(sample.content, name=sample.name)
            found[leak.kind] = leak.hash == digest(sample.secret)
            assert WORDS.get(place, place) in leak.place
    assert found == dict.fromkeys(KINDS, True)


def test_no_clean_notebook_is_flagged():
    clean = [sample for sample in SAMPLES if sample.secret is None]
    assert len(clean) == 12
    assert [leaks_in_bytes(sample.content, name=sample.name) for sample in clean] == [()] * 12


def test_every_encoded_and_split_form_of_a_known_secret_is_found_and_can_be_removed():
    for form, sample in disguised(every=7, seed=3):  # each form, and each place
        known = known_secrets([sample.secret])
        leaks = leaks_in_bytes(sample.content, name=sample.name, known=known)
        assert digest(sample.secret) in {leak.hash for leak in leaks}, (form, sample.place)
        changes, after = rewritten(sample.content, sample.name, known=known)
        assert changes
        assert leaks_in_bytes(after, name=sample.name, known=known) == (), (form, sample.place)
