"""One sandbox of each revision and one client for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from leadping_nb.sandbox import Sandbox

NOON = "2026-07-05T12:00:00Z"


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as shared:
        yield shared


@pytest.fixture(scope="session")
def _july() -> Iterator[Sandbox]:
    with Sandbox(leads=200, rate_limit=None) as running:
        yield running


@pytest.fixture(scope="session")
def october() -> Iterator[Sandbox]:
    with Sandbox(leads=200, rate_limit=None, revision="2026-10-26") as running:
        yield running


@pytest.fixture
def sandbox(_july: Sandbox) -> Iterator[Sandbox]:
    """Give the shared sandbox of July with an empty log and no fault on."""
    _july.forget()
    _july.faults.off()
    yield _july
    _july.faults.off()


@pytest.fixture
def own() -> Iterator[Sandbox]:
    """Give a sandbox of one's own, whose clock stands still."""
    with Sandbox(leads=50, now=NOON, rate_limit=3) as running:
        yield running
