import pytest

from leadping_nb.sandbox import Sandbox


@pytest.fixture(scope="session")
def small_sandbox():
    """A sandbox of a few hundred leads that tests read and do not change."""
    with Sandbox(leads=250, rate_limit=None) as sandbox:
        yield sandbox
