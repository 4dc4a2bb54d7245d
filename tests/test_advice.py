import re
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from leadping_nb import Credential, CredentialError, KeyType, NotAllowedError, Sandbox
from leadping_nb.advice import advise
from leadping_nb.credential import VARIABLES

LIVE = {
    KeyType.BUSINESS_API_KEY: "lp_testadvice0123456789",
    KeyType.SOURCE_KEY: "lp_src_testadvice0123456789",
    KeyType.ORGANIZATION_API_KEY: "sk_testadvice0123456789",
}


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self, kept, error=None):
        self.kept, self.error = kept, error

    def get_password(self, service, username):
        if self.error is not None:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def drawer():
    before, drawer = keyring.get_keyring(), Drawer({})
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


# -- advice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key_type", LIVE)
def test_a_key_has_advice_on_where_to_keep_it_and_how_to_replace_and_end_it(key_type):
    advice = Credential.from_text(LIVE[key_type]).advice
    assert [one.topic for one in advice] == ["store", "shown once", "rotate", "revoke"]
    assert "LEADPING_" in advice["store"]
    assert "from_keyring()" in advice["store"]
    assert advice.about == key_type.value
    assert LIVE[key_type] not in repr(advice) + advice._repr_html_()


def test_each_key_type_names_its_own_variable_and_place():
    stored = {key_type: Credential.from_text(text).advice["store"] for key_type, text in LIVE.items()}
    assert "LEADPING_API_KEY" in stored[KeyType.BUSINESS_API_KEY]
    assert "LEADPING_SOURCE_KEY" in stored[KeyType.SOURCE_KEY]
    rotate = {key_type: Credential.from_text(text).advice["rotate"] for key_type, text in LIVE.items()}
    assert "API keys page" in rotate[KeyType.BUSINESS_API_KEY]
    assert "open the source" in rotate[KeyType.SOURCE_KEY]
    assert "organization's API keys page" in rotate[KeyType.ORGANIZATION_API_KEY]


def test_every_key_type_has_advice():
    assert all(len(advise(key_type.value)) >= 3 for key_type in KeyType)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (59, "in 59 seconds"),
        (60, "in 1 minute,"),
        (7_199, "in 1 hour,"),
        (90_000, "in 1 day,"),
        (0.2, "in 1 second,"),
        (0, "it ended at"),
        (-5, "it ended at"),
    ],
)
def test_the_life_that_is_left_of_a_token_is_said_by_the_clock_that_is_given(left, words):
    life = advise("user token", expires=1_700_000_000 + left, now=1_700_000_000)["life"]
    assert words in life
    assert re.search(r"at 2023-11-1[45] \d\d:\d\d:\d\d UTC", life)


def test_a_time_beyond_the_calendar_is_said_to_be_one():
    assert "no calendar" in advise("user token", expires=1e300, now=0)["life"]
    assert "no calendar" in advise("user token", expires=float("nan"), now=0)["life"]


def test_a_token_of_the_sandbox_needs_no_keeping_but_ends():
    with Sandbox() as sandbox:
        topics = [one.topic for one in Credential.from_text(sandbox.user_token).advice]
    assert topics == ["store", "life"]


def test_examples_and_sandbox_keys_may_stand_anywhere():
    assert "may stand anywhere" in Credential.from_text("lp_src_example").advice["store"]
    assert "may stand anywhere" in Credential.from_text("lp_sandbox_test0123456789").advice["store"]


# -- the keyring -----------------------------------------------------------------------------------------------------


def test_the_first_name_that_the_keyring_has_is_taken(drawer):
    keyring.set_password("leadping", "LEADPING_SOURCE_KEY", LIVE[KeyType.SOURCE_KEY])
    credential = Credential.from_keyring()
    assert credential.key_type is KeyType.SOURCE_KEY
    assert credential.origin == "keyring (LEADPING_SOURCE_KEY)"
    keyring.set_password("leadping", "LEADPING_API_KEY", LIVE[KeyType.BUSINESS_API_KEY])
    assert Credential.from_keyring().key_type is KeyType.BUSINESS_API_KEY


def test_a_name_and_a_service_of_ones_own_are_looked_at_alone(drawer):
    keyring.set_password("leadping", VARIABLES[0], LIVE[KeyType.BUSINESS_API_KEY])
    keyring.set_password("acme", "source", LIVE[KeyType.SOURCE_KEY])
    assert Credential.from_keyring("source", service="acme").reveal() == LIVE[KeyType.SOURCE_KEY]


def test_an_empty_keyring_says_how_to_store_one(drawer):
    with pytest.raises(CredentialError, match="holds nothing for leadping") as caught:
        Credential.from_keyring("mine")
    assert "python -m keyring set leadping mine" in caught.value.hint


def test_what_is_no_credential_is_refused_without_a_piece_of_it(drawer):
    keyring.set_password("leadping", "mine", "hunter2 test")
    with pytest.raises(CredentialError) as caught:
        Credential.from_keyring("mine")
    assert "hunter2" not in str(caught.value) + caught.value.hint
    assert str(caught.value).startswith("What the keyring holds under mine is no credential.")


def test_a_locked_keyring_is_said_to_be_unreadable_without_its_words(drawer):
    drawer.error = KeyringLocked("lp_testadvice0123456789")
    with pytest.raises(CredentialError, match=r"could not be read \(KeyringLocked\)") as caught:
        Credential.from_keyring()
    assert "lp_test" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_on_a_shared_host_a_live_one_is_refused(drawer, monkeypatch):
    keyring.set_password("leadping", "mine", LIVE[KeyType.SOURCE_KEY])
    monkeypatch.setenv("LEADPING_SHARED_HOST", "1")
    with pytest.raises(NotAllowedError):
        Credential.from_keyring("mine")
    assert Credential.from_keyring("mine", allow_shared_host=True).key_type is KeyType.SOURCE_KEY


def test_without_the_package_the_hint_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(CredentialError, match="package keyring is missing") as caught:
        Credential.from_keyring()
    assert "leadping-nb[keyring]" in caught.value.hint
