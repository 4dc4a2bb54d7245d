"""While pages are read the collector of cycles looks seldom, and afterwards as often as before."""

import gc
import threading

import pytest

from leadping_nb.frames import to_frame
from leadping_nb.frames.collector import collector_eased


@pytest.fixture(autouse=True)
def _threshold():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_it_is_seldom_inside_and_as_before_afterwards():
    with collector_eased():
        with collector_eased():
            assert gc.get_threshold() == (100_000, 10, 10)
        assert gc.get_threshold() == (100_000, 10, 10)
        assert gc.isenabled()
    assert gc.get_threshold() == (700, 10, 10)


def test_an_error_inside_puts_it_back():
    with pytest.raises(ZeroDivisionError), collector_eased():
        _ = 1 / 0
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("own", [(0, 10, 10), (500_000, 5, 5)])
def test_whoever_turned_it_off_or_has_it_look_even_less_is_left_alone(own):
    gc.set_threshold(*own)
    with collector_eased():
        assert gc.get_threshold() == own
    assert gc.get_threshold() == own


def test_what_somebody_else_sets_meanwhile_stays():
    with collector_eased():
        gc.set_threshold(900, 10, 10)
    assert gc.get_threshold() == (900, 10, 10)


def test_the_last_of_several_threads_puts_it_back():
    began, done = threading.Event(), threading.Event()

    def other():
        with collector_eased():
            began.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    with collector_eased():
        thread.start()
        assert began.wait(10)
    assert gc.get_threshold() == (100_000, 10, 10)
    done.set()
    thread.join(10)
    assert gc.get_threshold() == (700, 10, 10)


def test_a_frame_leaves_it_as_it_was():
    to_frame([{"id": "1", "tags": [{"name": "a"}]}])
    assert gc.get_threshold() == (700, 10, 10)
