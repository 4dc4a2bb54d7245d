"""When leads arrive is the same on every version of Python, to the last digit of a time."""

import hashlib

from leadping_nb.sandbox.moments import END, START
from leadping_nb.sandbox.rhythm import moment


def test_every_python_gives_the_moments_that_stored_notebooks_show():
    moments = [moment(step / 100_000) for step in range(100_000)]
    assert moments[0] == START
    assert moments[-1] < END
    assert moments == sorted(moments)
    assert (
        hashlib.sha256(repr(moments).encode()).hexdigest()
        == "1abe8331a8abc3874de70f7d6fda59551c418facc30bc13d31ffdc76878874f9"
    )
