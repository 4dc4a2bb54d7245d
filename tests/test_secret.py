"""A secret shows its text in no form but reveal()."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback

import pytest
import rich
from rich.console import Console

from leadping_nb.errors import CredentialError
from leadping_nb.secret import Secret

TEXT = "lp_src_zebra-of-a-test"


@pytest.mark.parametrize("form", [repr, str, "{}".format, "{!r:>40}".format, "%s".__mod__, ascii, pprint.pformat, dir])
def test_no_form_shows_the_text(form):
    assert "zebra" not in str(form(Secret(TEXT)))


def test_reveal_gives_the_text():
    assert Secret(TEXT).reveal() == TEXT


def test_log_line_does_not_show_the_text(caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("got %s and %r", Secret(TEXT), Secret(TEXT))
    assert "zebra" not in caplog.text
    assert "#" in caplog.text


def test_rich_inspect_does_not_show_the_text():
    console = Console(file=io.StringIO(), width=200)
    rich.inspect(Secret(TEXT), console=console, all=True)
    assert "zebra" not in console.file.getvalue()


def test_vars_and_attributes_do_not_show_the_text():
    with pytest.raises(TypeError):
        vars(Secret(TEXT))
    assert not any("zebra" in repr(getattr(Secret(TEXT), name)) for name in dir(Secret(TEXT)) if name != "reveal")


def test_dataclass_with_a_secret_does_not_show_it():
    @dataclasses.dataclass
    class Holder:
        secret: Secret

    assert "zebra" not in repr(Holder(Secret(TEXT)))
    assert "zebra" not in repr(dataclasses.asdict(Holder(Secret(TEXT))))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused_with_a_hint(protocol):
    with pytest.raises(CredentialError) as raised:
        pickle.dumps(Secret(TEXT), protocol)
    assert "from_env" in raised.value.hint
    assert "zebra" not in str(raised.value)


def test_json_is_refused_without_echo():
    with pytest.raises(TypeError) as raised:
        json.dumps(Secret(TEXT))
    assert "zebra" not in str(raised.value)


def test_copies_are_the_secret_itself():
    secret = Secret(TEXT)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_equal_texts_are_equal_secrets():
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != Secret(TEXT + "s")
    assert Secret(TEXT) != TEXT


def test_half_characters_compare_without_an_error_that_holds_them():
    assert Secret("\ud800 example") == Secret("\ud800 example")
    assert Secret("\ud800 example") != Secret("example")


def test_secrets_have_no_order():
    with pytest.raises(TypeError):
        Secret("a") < Secret("b")  # noqa: B015 - the comparison is the test


def test_a_secret_does_not_change():
    secret = Secret(TEXT)
    with pytest.raises(AttributeError):
        secret.other = 1
    with pytest.raises(AttributeError):
        del secret.other
    assert secret.reveal() == TEXT


def test_another_object_than_a_text_is_refused_without_echo():
    with pytest.raises(CredentialError) as raised:
        Secret(TEXT.encode())
    trace = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert "zebra" not in str(raised.value)
    assert "zebra" not in str([frame.locals for frame in trace.stack if frame.name == "__init__"])
