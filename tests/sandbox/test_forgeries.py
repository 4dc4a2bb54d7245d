from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.forgeries import FORGERIES, ForgeryBench, Refusal, forgery_bench


@pytest.fixture(scope="module")
def bench() -> Iterator[ForgeryBench]:
    with Sandbox(leads=1) as sandbox:
        yield forgery_bench(sandbox)


def test_every_forgery_is_refused_and_the_good_token_is_valid(bench: ForgeryBench) -> None:
    assert bench.good == "valid"
    assert bench.refused == bench.total == len(FORGERIES) > 55, str(bench)


@pytest.mark.parametrize("number", range(len(FORGERIES)), ids=[forgery.name for forgery in FORGERIES])
def test_each_is_stopped_by_the_check_that_should(number: int, bench: ForgeryBench) -> None:
    refusal = bench.refusals[number]
    assert refusal.refused, f"{refusal.forgery.name}: {refusal.stopped_by}"


def test_names_are_unique_and_every_forgery_says_how_it_is_made() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES)
    assert all(forgery.how and forgery.stopped_by for forgery in FORGERIES)


def test_a_forgery_that_gets_through_is_counted_and_shown() -> None:
    bench = ForgeryBench((Refusal(FORGERIES[0], ()), Refusal(FORGERIES[1], ("algorithm",))), "valid")
    assert (bench.refused, bench.total) == (1, 2)
    assert "NOT refused" in str(bench)
    assert "✗ NOT refused" in bench._repr_html_()


def test_the_bench_shows_no_token(bench: ForgeryBench) -> None:
    shown = f"{bench!r} {bench} {bench._repr_html_()}"
    assert "eyJ" not in shown
    assert f"{bench.total} of {bench.total} refused" in shown
    assert list(bench.frame.columns) == ["outcome", "forgery", "how", "expected", "stopped by"]


def test_a_sandbox_that_was_closed_is_refused_in_a_sentence() -> None:
    with Sandbox(leads=1) as closed:
        pass
    with pytest.raises(LeadpingError, match="a sandbox that is not closed is expected"):
        forgery_bench(closed)
