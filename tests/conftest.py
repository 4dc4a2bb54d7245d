import os

import pytest
from hypothesis import HealthCheck, settings
from shown_code import Runner

from leadping_nb.sandbox import Sandbox


@pytest.fixture(scope="session")
def small_sandbox():
    """A sandbox of a few hundred leads that tests read and do not change."""
    with Sandbox(leads=250, rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs code that was shown, with the credential in the environment, and gives what it printed."""
    return Runner(tmp_path, monkeypatch, capsys)


# Slow machines are not what a property is about; in CI the same examples are tried every time.
settings.register_profile(
    "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("ours")
