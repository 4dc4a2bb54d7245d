"""A live credential is refused on Binder and other shared hosts, unless a person says otherwise."""

from __future__ import annotations

import gc
import re
import traceback
from pathlib import Path

import pytest
from cards import send

import leadping_nb as lp
from leadping_nb.credential import VARIABLES
from leadping_nb.sandbox.forgeries import FORGERIES
from leadping_nb.sandbox.token_faults import TOKEN_FAULTS
from leadping_nb.shared_hosts import SIGNS, SharedHost, shared_host

BUSINESS_KEY = "lp_test0123example456789ABCdef"
SOURCE_KEY = "lp_src_test0123example456789XYZ"
ORGANIZATION_KEY = "sk_example0123test456789abc"
USER_TOKEN = (  # kid "example", iss https://test.example
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImV4YW1wbGUifQ.eyJpc3MiOiJodHRwczovL3Rlc3QuZXhhbXBsZSJ9."
    + "dGVzdGV4YW1wbGVz" * 21
    + "dGVzdA"
)
LIVE = {
    lp.KeyType.BUSINESS_API_KEY: BUSINESS_KEY,
    lp.KeyType.SOURCE_KEY: SOURCE_KEY,
    lp.KeyType.ORGANIZATION_API_KEY: ORGANIZATION_KEY,
    lp.KeyType.USER_TOKEN: USER_TOKEN,
}
HOSTS = {
    "Binder": {
        "BINDER_LAUNCH_HOST": "https://mybinder.org/",
        "BINDER_REQUEST": "v2/gh/OWNER/REPOSITORY/HEAD",
        "BINDER_PERSISTENT_REQUEST": "v2/gh/OWNER/REPOSITORY/0123456",
        "BINDER_REPO_URL": "https://github.com/OWNER/REPOSITORY",
        "BINDER_REF_URL": "https://github.com/OWNER/REPOSITORY/tree/0123456",
        "BINDER_SERVICE_HOST": "10.0.0.7",
    },
    "a public JupyterHub": {
        "JUPYTERHUB_PUBLIC_HUB_URL": "https://notebooks.gesis.org/",
        "JUPYTERHUB_PUBLIC_URL": "https://ada.hub-paws.wmcloud.org/user/ada/",
        "JUPYTERHUB_HOST": "https://HUB.mybinder.org",
    },
    "a shared host": {"LEADPING_SHARED_HOST": "1"},
}
SIGNED = [(host, variable, value) for host, signs in HOSTS.items() for variable, value in signs.items()]
COMPANY = {
    "JUPYTERHUB_USER": "ada",
    "JUPYTERHUB_API_TOKEN": "test-example",
    "JUPYTERHUB_API_URL": "http://10.0.0.5:8081/hub/api",
    "JUPYTERHUB_BASE_URL": "/",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
    "JUPYTERHUB_HOST": "",
    "JUPYTERHUB_PUBLIC_URL": "https://hub.company.example/user/ada/",
    "JUPYTERHUB_PUBLIC_HUB_URL": "https://hub.company.example/",
    "KUBERNETES_SERVICE_HOST": "10.0.0.1",
}


@pytest.fixture(autouse=True)
def own_machine(monkeypatch):
    for name in (*(sign.variable for sign in SIGNS), *VARIABLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def binder(monkeypatch):
    for name, value in HOSTS["Binder"].items():
        monkeypatch.setenv(name, value)


def readers(text):
    """Every way in which a text becomes a credential."""
    return {
        "from_text": lambda **how: lp.Credential.from_text(f"Authorization: Bearer {text}", **how),
        "from_env": lambda **how: lp.Credential.from_env({"LEADPING_API_KEY": text}, **how),
        "prompt": lambda **how: lp.Credential.prompt(lambda question: text, **how),
    }


@pytest.mark.parametrize(("host", "variable", "value"), SIGNED)
def test_each_sign_is_enough_to_refuse_a_live_key(monkeypatch, host, variable, value):
    monkeypatch.setenv(variable, value)
    assert shared_host() == SharedHost(host, variable)
    with pytest.raises(lp.NotAllowedError, match=re.escape(f"this is {host} ({variable} is set)")):
        lp.Credential.from_text(BUSINESS_KEY)


def test_the_hosts_of_these_tests_are_those_of_the_table():
    assert {(host, variable) for host, variable, _ in SIGNED} == {(sign.host, sign.variable) for sign in SIGNS}


@pytest.mark.parametrize("way", ["from_text", "from_env", "prompt"])
@pytest.mark.parametrize("kind", LIVE, ids=lambda kind: kind.value)
def test_every_type_is_refused_in_every_way_and_taken_when_told(binder, way, kind):
    read = readers(LIVE[kind])[way]
    with pytest.raises(lp.NotAllowedError, match=f"looks like a live {kind.value}") as refused:
        read()
    assert "lp.Sandbox()" in refused.value.hint
    assert "allow_shared_host=True" in refused.value.hint
    assert refused.value.rule == "live credentials stay off shared hosts"
    assert read(allow_shared_host=True).reveal() == LIVE[kind]


@pytest.mark.parametrize("way", ["from_text", "from_env", "prompt"])
@pytest.mark.parametrize("kind", LIVE, ids=lambda kind: kind.value)
def test_nothing_of_a_refused_key_is_kept(binder, way, kind):
    read = readers(LIVE[kind])[way]
    with pytest.raises(lp.NotAllowedError) as refused:
        read()
    error = refused.value
    assert LIVE[kind][:12] not in f"{error!r} {error} {error.__dict__}"
    assert error.__cause__ is None
    ours = [
        frame for frame, _ in traceback.walk_tb(error.__traceback__) if "leadping_nb" in frame.f_globals["__name__"]
    ]
    assert ours
    held = [value for frame in ours for value in frame.f_locals.values()]
    assert not any(isinstance(value, lp.Credential | lp.Secret) or LIVE[kind] in str(value) for value in held)
    assert not [
        thing for thing in gc.get_objects() if isinstance(thing, lp.Credential) and thing.reveal() == LIVE[kind]
    ]


def test_the_variable_that_holds_a_live_key_is_named(binder, monkeypatch):
    monkeypatch.setenv("LEADPING_SOURCE_KEY", SOURCE_KEY)
    with pytest.raises(lp.NotAllowedError, match="environment variable LEADPING_SOURCE_KEY holds looks like a live"):
        lp.Credential.from_env()


def test_calls_that_take_a_text_refuse_it_too_and_take_a_credential_that_was_allowed(binder):
    for call in (lp.connect, lp.inspect_token):
        with pytest.raises(lp.NotAllowedError, match="this is Binder"):
            call(USER_TOKEN)
    allowed = lp.Credential.from_text(USER_TOKEN, allow_shared_host=True)
    with lp.connect(allowed) as api:
        assert api.credential is allowed
    assert lp.inspect_token(allowed).claims["iss"] == "https://test.example"


@pytest.mark.parametrize("issuer", ["http://127.0.0.1.test.example", "http://[::1", "https://localhost.test.example"])
def test_an_issuer_that_only_resembles_loopback_is_none_of_a_sandbox(binder, issuer):
    with lp.Sandbox(leads=1) as sandbox:
        text = sandbox.issue_token(kid="other", jti="test", iss=issuer)
    with pytest.raises(lp.NotAllowedError, match="live user token"):
        lp.Credential.from_text(text)


@pytest.mark.parametrize("text", ["lp_example", "lp_src_example", "lp_sandbox_0123", "lp_src_sandbox_0123"])
def test_examples_and_sandbox_keys_are_welcome(binder, text):
    assert lp.Credential.from_text(text).reveal() == text


def test_what_is_no_credential_is_refused_as_elsewhere(binder):
    with pytest.raises(lp.CredentialError, match="beginning of a key"):
        lp.Credential.from_text("lp_src_")


def test_a_sandbox_works_there_with_all_its_credentials(binder):
    with lp.Sandbox(leads=3) as sandbox:
        for text in (sandbox.user_token, sandbox.business_key, sandbox.source_key):
            lp.Credential.from_text(text)
        with lp.connect(sandbox) as api:
            assert len(api.frame("leads")) == 3


def test_every_forgery_and_faulty_token_of_the_sandbox_can_be_studied_there(binder):
    with lp.Sandbox(leads=1) as sandbox:
        bench = lp.forgery_bench(sandbox)
        assert (bench.refused, bench.good) == (len(FORGERIES), "valid")
        for fault in TOKEN_FAULTS:
            sandbox.faults.on(fault.name)
            assert lp.Credential.from_text(sandbox.issue_token()).key_type is lp.KeyType.USER_TOKEN
            sandbox.faults.off()
        foreign = sandbox.issue_token(kid="other", iss="https://other.example")
        assert lp.Credential.from_text(foreign).key_type is lp.KeyType.USER_TOKEN


def test_the_prompt_says_so_before_anything_is_typed(binder):
    asked = []
    lp.Credential.prompt(lambda question: asked.append(question) or "lp_example")
    lp.Credential.prompt(lambda question: asked.append(question) or "lp_example", allow_shared_host=True)
    assert asked == [
        "Leadping credential (hidden; this is Binder: only the sandbox's): ",
        "Leadping credential (hidden): ",
    ]


def warning(card):
    return card.view["content"]["warning"]


@pytest.mark.parametrize("way", ["enter", "environment"])
def test_the_card_refuses_a_live_key_and_says_so_before(binder, monkeypatch, way):
    monkeypatch.setenv("LEADPING_API_KEY", BUSINESS_KEY)
    card = lp.ask()
    assert warning(card).startswith("This is Binder")
    send(card, way, BUSINESS_KEY.encode())
    assert card.credential is None
    assert "looks like a live business key" in card.view["error"]["sentence"]
    assert BUSINESS_KEY not in f"{card.view} {vars(card.error)}"
    card = lp.ask(allow_shared_host=True)
    assert warning(card) == ""
    send(card, way, BUSINESS_KEY.encode())
    assert card.credential.reveal() == BUSINESS_KEY


def test_the_explorer_passes_the_word_on_to_its_card(binder):
    refusing = lp.explorer("https://api.leadping.ai")
    send(refusing.credential_card, "enter", BUSINESS_KEY.encode())
    assert refusing.credential is None
    allowing = lp.explorer("https://api.leadping.ai", allow_shared_host=True)
    send(allowing.credential_card, "enter", BUSINESS_KEY.encode())
    assert allowing.credential.reveal() == BUSINESS_KEY


def test_a_hub_of_a_company_is_no_shared_host(monkeypatch):
    for name, value in COMPANY.items():
        monkeypatch.setenv(name, value)
    assert shared_host() is None
    assert lp.Credential.from_text(BUSINESS_KEY).reveal() == BUSINESS_KEY
    assert warning(lp.ask()) == ""


def test_a_hub_that_says_it_is_shared_is_believed(monkeypatch):
    for name, value in {**COMPANY, "LEADPING_SHARED_HOST": "yes"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(lp.NotAllowedError, match="this is a shared host"):
        lp.Credential.from_text(BUSINESS_KEY)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LEADPING_SHARED_HOST": "0"},
        {"LEADPING_SHARED_HOST": "False"},
        {"BINDER_LAUNCH_HOST": " "},
        {"JUPYTERHUB_HOST": "https://mybinder.org.company.example"},
        {"JUPYTERHUB_HOST": "https://notmybinder.org"},
        {"JUPYTERHUB_HOST": "https://[::1"},
        {"COLAB_RELEASE_TAG": "release-colab", "CODESPACES": "true"},
    ],
)
def test_what_only_resembles_a_sign_is_none(environ):
    assert shared_host(environ) is None


def test_every_sign_is_documented_and_no_other():
    page = (Path(__file__).parent.parent / "docs" / "shared_hosts.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert documented == {sign.variable for sign in SIGNS}
    assert all(f"`{domain}`" in page for sign in SIGNS for domain in sign.domains)
