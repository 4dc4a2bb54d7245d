"""A credential is recognised in whatever form it is pasted, and never shown."""

from __future__ import annotations

import base64
import copy
import dataclasses
import getpass
import io
import json
import logging
import pickle
import pprint
import sys
import time
import traceback
import warnings
from pathlib import Path

import pytest
import rich
from hypothesis import given, settings, strategies as st
from IPython.core.error import StdinNotImplementedError
from IPython.core.ultratb import VerboseTB
from leak_views import of_error
from rich.console import Console
from rich.traceback import Traceback

import leadping_nb
import leadping_nb as lp
from leadping_nb import anatomy
from leadping_nb.anatomy import Refusal
from leadping_nb.credential import VARIABLES, Credential, KeyType, recognise
from leadping_nb.errors import CredentialError
from leadping_nb.leaks.fixing import plan_fixes
from leadping_nb.secret import Secret

BUSINESS_KEY = "lp_test0123example456789ABCdef"
SOURCE_KEY = "lp_src_test0123example456789XYZ"
ORGANIZATION_KEY = "sk_example0123test456789abc"
OURS = str(Path(leadping_nb.__path__[0]))


def b64(data: bytes | str | dict) -> str:
    data = json.dumps(data) if isinstance(data, dict) else data
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(header: object = None, payload: object = None, signature: bytes = b"\x5a" * 256) -> str:
    header = {"alg": "RS256", "kid": "sandbox-test-example"} if header is None else header
    payload = {"sub": "user_test_example", "iss": "https://sandbox.example"} if payload is None else payload
    return f"{b64(header)}.{b64(payload)}.{b64(signature)}"


TOKEN = token()
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
CORES = {
    BUSINESS_KEY: KeyType.BUSINESS_API_KEY,
    SOURCE_KEY: KeyType.SOURCE_KEY,
    ORGANIZATION_KEY: KeyType.ORGANIZATION_API_KEY,
    TOKEN: KeyType.USER_TOKEN,
}


def refusal(text: object) -> CredentialError:
    with pytest.raises(CredentialError) as raised:
        Credential.from_text(text)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    return raised.value


# -- what is recognised ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("core", "key_type"), CORES.items(), ids=lambda value: getattr(value, "name", ""))
@pytest.mark.parametrize(
    "paste",
    [
        "{}",
        "Bearer {}",
        "bearer {}",
        "BEARER   {}",
        "Bearer\u00a0{}",
        "Bearer\u200b{}",
        "Bearer: {}",
        "Bearer Bearer {}",
        "Authorization: Bearer {}",
        "authorization:bearer {}",
        "AUTHORIZATION : {}",
        "Authorization=Bearer {}",
        "Authorization Bearer {}",
        "HTTP_AUTHORIZATION=Bearer {}",
        "X-Leadping-Api-Key: {}",
        '"{}"',
        "'{}'",
        "`{}`",
        "```\n{}\n```",
        "“{}”",
        "«{}»",
        '"""{}"""',
        '"{}',
        "b'{}'",
        'f"Bearer {}"',
        "  {}\t",
        "\r\n{}\r\n",
        "\ufeff{}",
        "\u200b\u2060{}\u200d\u200e",
        "{},",
        "{};",
        "{}  # from the api-keys page",
        "LEADPING_API_KEY={}",
        "LEADPING_API_KEY = {}",
        'export LEADPING_API_KEY="{}"',
        "export LEADPING_API_KEY='{}'  # ours, example",
        "LEADPING_API_KEY={}  # comment",
        "LEADPING_API_KEY={}\n",
        "set LEADPING_API_KEY={}",
        'set "LEADPING_API_KEY={}"',
        'setx LEADPING_API_KEY "{}"',
        '$env:LEADPING_API_KEY = "{}"',
        "ENV LEADPING_API_KEY={}",
        "-e LEADPING_API_KEY={}",
        'os.environ["LEADPING_API_KEY"] = "{}"',
        "leadping_api_key: {}",
        '"Authorization": "Bearer {}"',
        '"Authorization": "Bearer {}",',
        '{{"Authorization": "Bearer {}"}}',
        'headers = {{"Authorization": "Bearer {}"}}',
        '{{"access_token": "{}"}}',
        "'Authorization' => 'Bearer {}'",
        '-H "Authorization: Bearer {}"',
        "-H 'authorization: bearer {}' \\",
        '-H"Authorization: Bearer {}"',
        "-HAuthorization:{}",
        '--header "Authorization: Bearer {}"',
        '--header="Authorization: Bearer {}"',
        "--header 'Authorization: Bearer {}'",
        "-H Authorization:{}",
        "-H Authorization:\\ Bearer\\ {} https://api.leadping.ai/leads",
        "--oauth2-bearer {}",
        "curl https://api.leadping.ai/leads -H 'Authorization: Bearer {}'",
        "$ curl -X POST \\\n  https://api.leadping.ai/leads \\\n  -H 'Authorization: Bearer {}' \\\n  -d '{{}}'",
        'curl -H "Accept: application/json" -H "Authorization: Bearer {}" https://api.leadping.ai/leads',
        'curl.exe -H ^"Authorization: Bearer {}^" https://api.leadping.ai/leads',
        "curl --oauth2-bearer '{}' https://api.leadping.ai/leads",
        "curl -H 'Proxy-Authorization: Basic test' -H 'Authorization: Bearer {}' https://api.leadping.ai",
    ],
)
def test_what_people_paste_is_recognised(paste, core, key_type):
    credential = Credential.from_text(paste.format(core))
    assert credential.key_type is key_type
    assert credential.reveal() == core
    assert credential.origin == "text"


@pytest.mark.parametrize(
    ("text", "key_type", "words"),
    [
        (SOURCE_KEY, KeyType.SOURCE_KEY, "lp_src_"),
        (BUSINESS_KEY, KeyType.BUSINESS_API_KEY, "not with lp_src_"),
        (ORGANIZATION_KEY, KeyType.ORGANIZATION_API_KEY, "another vendor"),
        (TOKEN, KeyType.USER_TOKEN, "JSON objects"),
        (token({"alg": "none"}, signature=b""), KeyType.USER_TOKEN, "unsigned"),
        (token({"alg": "none"}), KeyType.USER_TOKEN, "JSON objects"),
        (token({"alg": "ES256"}, signature=b"z" * 64), KeyType.USER_TOKEN, "JSON objects"),
        (token({"alg": "made-up-test"}, signature=b"example"), KeyType.USER_TOKEN, "JSON objects"),
        (f"{HEADER}.{PAYLOAD}.signature", KeyType.USER_TOKEN, "JSON objects"),
        ("lp_srcexample", KeyType.BUSINESS_API_KEY, "not with lp_src_"),
        ("lp_test-example._~+/9==", KeyType.BUSINESS_API_KEY, "lp_"),
    ],
)
def test_the_type_has_its_reason(text, key_type, words):
    credential = Credential.from_text(text)
    assert credential.key_type is key_type
    assert words in credential.why
    assert credential.reveal() == text


@pytest.mark.parametrize(
    "text", ["lp_example", "lp_src_example", "Bearer lp_example", "curl -H 'Authorization: lp_src_example'"]
)
def test_the_examples_of_the_documentation_are_placeholders(text):
    credential = Credential.from_text(text)
    assert credential.is_placeholder
    assert "never sent beyond loopback" in credential.why
    assert not credential.is_sandbox


@pytest.mark.parametrize("text", ["lp_example2", "lp_src_example_", "lp_sandbox_example", TOKEN, ORGANIZATION_KEY])
def test_other_credentials_are_no_placeholders(text):
    assert not Credential.from_text(text).is_placeholder
    assert "loopback" not in Credential.from_text(text).why


@pytest.mark.parametrize(
    ("text", "is_sandbox"),
    [("lp_sandbox_x1", True), ("lp_src_sandbox_x1", True), ("lp_src_x_sandbox_", False), (TOKEN, False)],
)
def test_sandbox_keys_are_known_by_their_prefix(text, is_sandbox):
    assert Credential.from_text(text).is_sandbox is is_sandbox


def test_a_credential_and_a_secret_are_taken_as_they_are():
    credential = Credential.from_text(BUSINESS_KEY)
    assert Credential.from_text(credential) is credential
    assert Credential.from_text(Secret(f"Bearer {BUSINESS_KEY}")) == credential


@pytest.mark.parametrize(
    "payload",
    [
        '{"a": ' + "9" * 5000 + "}",
        '{"a": 1e999, "b": NaN, "c": -Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        "{}",
    ],
)
def test_odd_json_objects_make_a_token(payload):
    assert Credential.from_text(token(payload=payload)).key_type is KeyType.USER_TOKEN


# -- what is refused -------------------------------------------------------------------------------------------------

JWE = f"{b64({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a2V5.aXY.dGV4dA.dGFn"
REFUSED: list[tuple[object, Refusal]] = [
    (None, anatomy.NOT_TEXT),
    (42, anatomy.NOT_TEXT),
    ([BUSINESS_KEY], anatomy.NOT_TEXT),
    (BUSINESS_KEY.encode(), anatomy.BYTES),
    (bytearray(b"lp_test"), anatomy.BYTES),
    ("lp_" + "e" * (anatomy.TEXT_LIMIT - 2), anatomy.TOO_LONG),
    ("", anatomy.EMPTY),
    (" \r\n\t\u200b\ufeff", anatomy.EMPTY),
    ("''", anatomy.EMPTY),
    ("Bearer ", anatomy.EMPTY),
    ("Authorization: Bearer", anatomy.EMPTY),
    ("Authorization:", anatomy.EMPTY),
    ("export LEADPING_API_KEY=", anatomy.EMPTY),
    ("LEADPING_API_KEY=''", anatomy.EMPTY),
    ("curl -H 'Authorization: Bearer '", anatomy.EMPTY),
    ("curl -H Authorization:", anatomy.EMPTY),
    ("<leadping_user_access_token>", anatomy.PLACEHOLDER),
    ("Authorization: Bearer <leadping_user_access_token>", anatomy.PLACEHOLDER),
    ("curl -H 'Authorization: Bearer <leadping_user_access_token>' https://api.leadping.ai", anatomy.PLACEHOLDER),
    ("<your_api_key>", anatomy.PLACEHOLDER),
    ("YOUR_API_KEY", anatomy.PLACEHOLDER),
    ("your api key here", anatomy.PLACEHOLDER),
    ("lp_src_your_source_key", anatomy.PLACEHOLDER),
    ("{{token}}", anatomy.PLACEHOLDER),
    ('f"Bearer {token}"', anatomy.PLACEHOLDER),
    ("${LEADPING_API_KEY}", anatomy.PLACEHOLDER),
    ("Bearer $LEADPING_API_KEY", anatomy.PLACEHOLDER),
    ("$env:LEADPING_API_KEY", anatomy.PLACEHOLDER),
    ("%LEADPING_API_KEY%", anatomy.PLACEHOLDER),
    ("$(cat key)", anatomy.PLACEHOLDER),
    ('os.environ["LEADPING_API_KEY"]', anatomy.PLACEHOLDER),
    ('os.environ.get("LEADPING_API_KEY")', anatomy.PLACEHOLDER),
    ("os.getenv('LEADPING_API_KEY')", anatomy.PLACEHOLDER),
    ("process.env.LEADPING_API_KEY", anatomy.PLACEHOLDER),
    ("LEADPING_API_KEY", anatomy.PLACEHOLDER),
    ("lp_...", anatomy.PLACEHOLDER),
    ("lp_src_…", anatomy.PLACEHOLDER),
    ("lp_xxxxxxxx", anatomy.PLACEHOLDER),
    ("None", anatomy.PLACEHOLDER),
    ("token", anatomy.PLACEHOLDER),
    ("lp_••••••••test", anatomy.MASKED),
    ("lp_src_****test", anatomy.MASKED),
    ("lp_example...test", anatomy.MASKED),
    ("curl https://api.leadping.ai/leads", anatomy.NO_HEADER),
    ("curl", anatomy.NO_HEADER),
    ("-H 'Accept: test'", anatomy.NO_HEADER),
    ("curl -H 'Authorization: Bearer lp_test1' -H 'Authorization: Bearer lp_test2'", anatomy.SEVERAL_HEADERS),
    ("Authorization: Basic dGVzdDpleGFtcGxl", anatomy.OTHER_SCHEME),
    ("lp_test\r\nX-Evil: example", anatomy.LINE_BREAK),
    ("Bearer lp_test\nAuthorization: Bearer lp_example", anatomy.LINE_BREAK),
    ("lp_test\rexample", anatomy.LINE_BREAK),
    ("lp_test\u2028example", anatomy.LINE_BREAK),
    ("lp_test\x85example", anatomy.LINE_BREAK),
    ("curl -H 'Authorization: Bearer lp_test\nX-Evil: example'", anatomy.LINE_BREAK),
    ("LEADPING_API_KEY=lp_test # one\nLEADPING_SOURCE_KEY=lp_src_test", anatomy.LINE_BREAK),
    ("lp_test\x00example", anatomy.CONTROL.about(position=8)),
    ("lp_test\x7fexample", anatomy.CONTROL.about(position=8)),
    ("\x1blp_test", anatomy.CONTROL.about(position=1)),
    ("lp_test example", anatomy.BLANK.about(position=8)),
    ("lp_test\texample", anatomy.BLANK.about(position=8)),
    ("lp_test\u00a0example", anatomy.BLANK.about(position=8)),
    ("lp _test", anatomy.BLANK.about(position=3)),
    ("Bearer " * 20 + "lp_test", anatomy.BLANK.about(position=7)),
    ("lp_test\u200bexample", anatomy.INVISIBLE.about(position=8)),
    ("lp_test\u00adexample", anatomy.INVISIBLE.about(position=8)),
    ("lp_test\U000e0041example", anatomy.INVISIBLE.about(position=8)),
    ("l\u0440_src_test", anatomy.LOOK_ALIKE.about(position=2)),
    ("\uff2c\uff30_test", anatomy.LOOK_ALIKE.about(position=1)),
    ("lp_t\u03bfst", anatomy.LOOK_ALIKE.about(position=5)),
    ("lp_\U0001d42dest", anatomy.LOOK_ALIKE.about(position=4)),
    ("lp\u2013src\u2013test", anatomy.TYPOGRAPHIC.about(position=3)),
    ("lp_test“example", anatomy.TYPOGRAPHIC.about(position=8)),
    ("lp_test\ud800", anatomy.HALF_CHARACTER.about(position=8)),
    ("lp_test\u00e9", anatomy.NOT_ASCII.about(position=8)),
    ("lp_test\u4e2d", anatomy.NOT_ASCII.about(position=8)),
    ("lp_test!example", anatomy.VISIBLE_CHARACTER.about(position=8)),
    ("lp_test=example", anatomy.VISIBLE_CHARACTER.about(position=8)),
    ("lp_src_test:example", anatomy.VISIBLE_CHARACTER.about(position=12)),
    ("sk_test{example", anatomy.VISIBLE_CHARACTER.about(position=8)),
    ("lp_", anatomy.CUT_KEY),
    ("lp", anatomy.CUT_KEY),
    ("lp_src_", anatomy.CUT_KEY),
    ("lp_src", anatomy.CUT_KEY),
    ("Bearer lp_src_", anatomy.CUT_KEY),
    ("sk_", anatomy.CUT_KEY),
    ("lp_--", anatomy.CUT_KEY),
    ("lp_src_==", anatomy.CUT_KEY),
    ("LP_test", anatomy.MISSPELT.about(spelling="lp_")),
    ("Lp_test", anatomy.MISSPELT.about(spelling="lp_")),
    ("lp-test", anatomy.MISSPELT.about(spelling="lp_")),
    ("lp-src-test", anatomy.MISSPELT.about(spelling="lp_src_")),
    ("Lp_src_test", anatomy.MISSPELT.about(spelling="lp_src_")),
    ("LP-SRC_test", anatomy.MISSPELT.about(spelling="lp_src_")),
    ("lp_SRC_test", anatomy.MISSPELT.about(spelling="lp_src_")),
    ("lp_src-test", anatomy.MISSPELT.about(spelling="lp_src_")),
    ("SK_example", anatomy.MISSPELT.about(spelling="sk_")),
    ("whsec_dGVzdC1leGFtcGxl==", anatomy.WEBHOOK_SECRET),
    ("LEADPING_WEBHOOK=whsec_test", anatomy.WEBHOOK_SECRET),
    ("https://api.leadping.ai/leads/intake?sourceKey=lp_src_test", anatomy.ADDRESS),
    ("00000000-0000-4000-8000-00000000test".replace("test", "0000"), anatomy.IDENTIFIER),
    ("client_01EXAMPLE", anatomy.IDENTIFIER),
    (JWE, anatomy.ENCRYPTED_TOKEN),
    ("eyJh.b.c.d.e", anatomy.ENCRYPTED_TOKEN),
    (HEADER, anatomy.TOKEN_WITHOUT_END),
    (HEADER[:-3], anatomy.TOKEN_WITHOUT_END),
    (f"{HEADER}.", anatomy.TOKEN_WITHOUT_END),
    (f"{HEADER}.{PAYLOAD}", anatomy.TOKEN_WITHOUT_END),
    (f"{HEADER}.{PAYLOAD}.", anatomy.TOKEN_WITHOUT_END),
    (f"{HEADER}.{PAYLOAD[:-5]}", anatomy.TOKEN_WITHOUT_END),
    (TOKEN[:-1], anatomy.TOKEN_WITHOUT_END),
    (TOKEN[:-2], anatomy.TOKEN_WITHOUT_END),
    (TOKEN[:-40], anatomy.TOKEN_WITHOUT_END),
    (token({"alg": "ES256"}, signature=b"z" * 60), anatomy.TOKEN_WITHOUT_END),
    (TOKEN[1:], anatomy.TOKEN_WITHOUT_START),
    (TOKEN[9:], anatomy.TOKEN_WITHOUT_START),
    (f".{PAYLOAD}.{SIGNATURE}", anatomy.TOKEN_WITHOUT_START),
    (f"{PAYLOAD}.{SIGNATURE}", anatomy.TOKEN_WITHOUT_START),
    *((f"{PAYLOAD[cut:]}.{SIGNATURE}", anatomy.TOKEN_WITHOUT_START) for cut in range(1, 6)),
    (f".{SIGNATURE}", anatomy.TOKEN_WITHOUT_START),
    (token({"typ": "JWT"}), anatomy.TOKEN_WITHOUT_ALG),
    (token({"alg": None}), anatomy.TOKEN_WITHOUT_ALG),
    (token({"alg": ["RS256"]}), anatomy.TOKEN_WITHOUT_ALG),
    (f"{b64({'typ': 'JWT'})}.{PAYLOAD}", anatomy.TOKEN_WITHOUT_ALG),
    (token(payload="[1]"), anatomy.TOKEN_PAYLOAD),
    (token(payload="[" * 30_000), anatomy.TOKEN_PAYLOAD),
    (token(payload='{"a":' * 8_000), anatomy.TOKEN_PAYLOAD),
    (token(payload=b'{"a": "\xff"}'), anatomy.TOKEN_PAYLOAD),
    (token(payload=b"\xef\xbb\xbf{}"), anatomy.TOKEN_PAYLOAD),
    (f"{TOKEN}.", anatomy.TOKEN_PARTS),
    (f"{TOKEN}.a.b.c", anatomy.TOKEN_PARTS),
    (f"{HEADER}==.{PAYLOAD}.{SIGNATURE}", anatomy.TOKEN_CHARACTERS),
    (f"{HEADER}.{PAYLOAD}.test+/example", anatomy.TOKEN_CHARACTERS),
    ("api.leadping.ai", anatomy.NOT_A_TOKEN),
    ("eyJ4.eyJ5.eyJ6", anatomy.NOT_A_TOKEN),
    (token(b"not json", b"no json"), anatomy.NOT_A_TOKEN),
    ("password-for-a-test", anatomy.NOT_RECOGNISED),
    ("example@example.com", anatomy.NOT_RECOGNISED),
    ("127.0.0.1", anatomy.NOT_RECOGNISED),
    ("a.b", anatomy.NOT_RECOGNISED),
    ("a.b.c.d.e", anatomy.NOT_RECOGNISED),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_each_refusal_has_its_own_sentence(text, expected):
    error = refusal(text)
    assert error.message == expected.sentence
    assert error.hint == expected.hint


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("sk_live_example", "Stripe"),
        ("sk_test_example", "Stripe"),
        ("rk_live_example", "Stripe"),
        ("pk_live_example", "Stripe"),
        ("sk-example-test", "OpenAI"),
        ("sk-proj-example", "OpenAI"),
        ("sk-ant-example", "Anthropic"),
        ("ghp_example", "GitHub"),
        ("gho_example", "GitHub"),
        ("github_pat_example", "GitHub"),
        ("glpat-example", "GitLab"),
        ("xoxb-example", "Slack"),
        ("xoxp-example", "Slack"),
        ("AKIAEXAMPLE", "Amazon"),
        ("ASIAEXAMPLE", "Amazon"),
        ("AIzaExample", "Google"),
        ("SG.example.test", "SendGrid"),
        ("hf_example", "Hugging Face"),
        ("npm_example", "npm"),
        ("pypi-example", "PyPI"),
        ("dop_v1_example", "DigitalOcean"),
        ("key-example", "Mailgun"),
        ("OPENAI_API_KEY=sk-example-test", "OpenAI"),
        ("-----BEGIN TEST KEY-----\nexample\n-----END TEST KEY-----", "PEM"),
    ],
)
def test_keys_of_other_vendors_are_refused_by_name(text, vendor):
    error = refusal(text)
    assert vendor in error.message
    assert "not of Leadping" in error.message
    assert "example" not in str(error).lower()


def test_every_refusal_is_used_and_no_two_say_the_same():
    known = {name: value for name, value in vars(anatomy).items() if isinstance(value, Refusal)}
    assert len({refusal.sentence for refusal in known.values()}) == len(known)
    assert all(refusal.hint and refusal.sentence.endswith(".") for refusal in known.values())
    said = {expected.sentence for _, expected in REFUSED}
    fixed = {name for name, value in known.items() if "{" not in value.sentence and value is not anatomy.MISSPELT}
    assert {name for name in fixed if known[name].sentence not in said} == set()


@pytest.mark.parametrize("unit", ["x", "\u00a0", "eyJ."])
def test_a_text_over_64_kib_is_refused_at_once(unit):
    text = "lp_" + unit * 20_000_000
    start = time.perf_counter()
    assert refusal(text).message == anatomy.TOO_LONG.sentence
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize("unit", [" ", "\u200b", "Bearer ", "'", "{", "=", "A=", "a:", "[", "$", "<", ".", "eyJ.", " #",
                                  "\t#\n", "-H Authorization:", "authorization", "curl ", "your_", "lp_", "\\ ",
                                  "export ", "x ="])  # fmt: skip
@pytest.mark.parametrize("head", ["", "x", "curl ", "Bearer", "set ", "a"])
def test_long_texts_are_judged_in_linear_time(head, unit):
    text = head + unit * ((anatomy.TEXT_LIMIT - len(head) - 1) // len(unit)) + "!"
    start = time.perf_counter()
    recognise(text)
    assert time.perf_counter() - start < 1


# -- where it comes from ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "key_type", "origin"),
    [
        ({"LEADPING_USER_TOKEN": TOKEN}, KeyType.USER_TOKEN, "LEADPING_USER_TOKEN"),
        (
            {"LEADPING_SOURCE_KEY": SOURCE_KEY, "LEADPING_API_KEY": BUSINESS_KEY, "LEADPING_USER_TOKEN": TOKEN},
            KeyType.USER_TOKEN,
            "LEADPING_USER_TOKEN (passed over: LEADPING_API_KEY, LEADPING_SOURCE_KEY)",
        ),
        (
            {"LEADPING_USER_TOKEN": " ", "LEADPING_API_KEY": "", "LEADPING_SOURCE_KEY": SOURCE_KEY},
            KeyType.SOURCE_KEY,
            "LEADPING_SOURCE_KEY",
        ),
    ],
)
def test_the_environment_says_which_variable_won(environ, key_type, origin):
    credential = Credential.from_env(environ)
    assert credential.key_type is key_type
    assert credential.origin == origin


def test_the_environment_of_the_process_is_read(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEADPING_API_KEY", BUSINESS_KEY)
    assert Credential.from_env().reveal() == BUSINESS_KEY


def test_an_environment_without_credential_names_the_three_variables():
    with pytest.raises(CredentialError) as raised:
        Credential.from_env({"PATH": "/test"})
    assert all(name in raised.value.hint for name in VARIABLES)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"LEADPING_API_TOKEN": BUSINESS_KEY}, " LEADPING_API_TOKEN is set, under another name."),
        (
            {"leadping_api_key": "x", "LEADPING_TOKEN": "y"},
            " leadping_api_key, LEADPING_TOKEN are set, under another name.",
        ),
        ({"LEADPING_KEY": " ", "OPENAI_API_KEY": "example", "LEADPING_URL": "a"}, ""),
    ],
)
def test_variables_whose_names_are_nearly_right_are_named_without_their_values(environ, said):
    with pytest.raises(CredentialError) as raised:
        Credential.from_env(environ)
    assert raised.value.message == f"No environment variable holds a credential.{said}"
    assert_no_echo(raised.value, BUSINESS_KEY)


def test_a_bad_variable_is_named_and_its_value_is_not_shown():
    environ = {"LEADPING_API_KEY": "password-example-0123456789", "LEADPING_SOURCE_KEY": SOURCE_KEY}
    with pytest.raises(CredentialError) as raised:
        Credential.from_env(environ)
    assert "LEADPING_API_KEY" in raised.value.message
    assert_no_echo(raised.value, environ["LEADPING_API_KEY"])
    assert_no_echo(raised.value, SOURCE_KEY)


def test_the_prompt_asks_and_recognises():
    questions = []
    credential = Credential.prompt(lambda question: questions.append(question) or f" {SOURCE_KEY}\n")
    assert credential.reveal() == SOURCE_KEY
    assert credential.origin == "prompt"
    assert len(questions) == 1


def test_the_prompt_uses_the_getpass_of_the_moment(monkeypatch):
    monkeypatch.setattr(getpass, "getpass", lambda question: BUSINESS_KEY)
    assert Credential.prompt().reveal() == BUSINESS_KEY


@pytest.mark.parametrize("error", [EOFError("test"), StdinNotImplementedError("test"), OSError("test")])
def test_a_front_end_without_prompt_leads_to_the_environment(error):
    def ask(question):
        raise error

    with pytest.raises(CredentialError) as raised:
        Credential.prompt(ask)
    assert "from_env" in raised.value.hint
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_a_prompt_that_would_show_what_is_typed_is_refused():
    def ask(question):
        warnings.warn("echo", getpass.GetPassWarning, stacklevel=1)
        return BUSINESS_KEY  # pragma: no cover

    with pytest.raises(CredentialError, match="no hidden prompt"):
        Credential.prompt(ask)


def test_a_bad_answer_is_not_shown():
    with pytest.raises(CredentialError) as raised:
        Credential.prompt(lambda question: "password-example-0123456789")
    assert_no_echo(raised.value, "password-example-0123456789")


# -- what it shows ---------------------------------------------------------------------------------------------------

ALL = pytest.mark.parametrize("core", CORES, ids=[key_type.name for key_type in CORES.values()])


def pieces(core: str, size: int = 8) -> set[str]:
    core = core.removeprefix("lp_src_").removeprefix("lp_").removeprefix("sk_")
    return {core[at : at + size] for at in range(max(1, len(core) - size + 1))}


def assert_hidden(shown: str, core: str) -> None:
    assert not [piece for piece in pieces(core) if piece in shown]


def own_traceback(error: BaseException) -> str:
    """The traceback with local variables, of the frames of this package alone."""
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in frames.stack if frame.filename.startswith(OURS)]
    assert ours
    return "\n".join(f"{frame.name} {frame.locals}" for frame in ours)


def assert_no_echo(error: CredentialError, core: str) -> None:
    assert (error.__cause__, error.__context__) == (None, None)
    notes = getattr(error, "__notes__", [])
    for shown in (error.message, error.hint, str(error), repr(error), repr(error.args), repr(vars(error)), *notes):
        assert_hidden(shown, core)
    assert_hidden(own_traceback(error), core)


@ALL
@pytest.mark.parametrize(
    "form",
    [repr, str, ascii, "{}".format, "{!r}".format, "{:>60}".format, "%s %%".__mod__, pprint.pformat, dir,
     Credential._repr_html_, dataclasses.asdict, dataclasses.astuple, copy.copy, copy.deepcopy,
     lambda c: f"{c=}", lambda c: c.label, lambda c: c.why, lambda c: c.masked_header, lambda c: c.origin,
     lambda c: c.__getstate__(), lambda c: [getattr(c, name) for name in dir(c)], lambda c: {c: [c]},
     dataclasses.replace],
)  # fmt: skip
def test_no_form_shows_the_secret(core, form):
    assert_hidden(str(form(Credential.from_text(core))), core)


@ALL
def test_the_label_is_the_type_and_a_short_hash(core):
    credential = Credential.from_text(core)
    kind, digits = credential.label.split(" · #")
    assert kind == credential.key_type.value
    assert len(digits) == 8
    assert int(digits, 16) >= 0
    assert repr(credential) == f"<Credential {credential.label}>"
    assert str(credential) == f"{credential}" == credential.label == Credential.from_text(core).label


@ALL
def test_vars_has_nothing_to_show(core):
    with pytest.raises(TypeError) as raised:
        vars(Credential.from_text(core))
    assert_hidden(str(raised.value), core)


@ALL
def test_log_lines_do_not_show_the_secret(core, caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("got %s, %r", Credential.from_text(core), Credential.from_text(core))
    assert "#" in caplog.text
    assert_hidden(caplog.text, core)


@ALL
def test_rich_does_not_show_the_secret(core):
    console = Console(file=io.StringIO(), width=400)
    rich.inspect(Credential.from_text(core), console=console, all=True)
    console.print(Credential.from_text(core), {"credential": Credential.from_text(core)})
    assert "#" in console.file.getvalue()
    assert_hidden(console.file.getvalue(), core)


@ALL
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused_with_a_hint(core, protocol):
    with pytest.raises(CredentialError) as raised:
        pickle.dumps({"credential": Credential.from_text(core)}, protocol)
    assert "from_env" in raised.value.hint
    assert_hidden(str(raised.value), core)


@ALL
def test_json_is_refused_without_echo(core):
    credential = Credential.from_text(core)
    with pytest.raises(TypeError) as raised:
        json.dumps({"credential": credential})
    assert_hidden(str(raised.value), core)
    assert_hidden(json.dumps(credential, default=str), core)
    with pytest.raises(CredentialError) as refused:
        credential.to_json()
    assert "from_env" in refused.value.hint


@ALL
@pytest.mark.parametrize("cut", ["{} !", "{}\nX", "\u0440{}", "<{}>", "{}\x00", "{}\u200bx", "x{}\u00e9"])
def test_tracebacks_with_local_variables_do_not_show_a_refused_text(core, cut):
    source = [cut.format(core)]
    del core
    try:
        Credential.from_text(source.pop(), origin="planted-test")
    except CredentialError as error:
        kind, value, trace = sys.exc_info()
        console = Console(file=io.StringIO(), width=400)
        console.print(Traceback.from_exception(kind, value, trace.tb_next, show_locals=True, locals_max_string=None))
        shown = [
            console.file.getvalue(),
            "\n".join(
                VerboseTB(theme_name="nocolor", include_vars=True).structured_traceback(kind, value, trace.tb_next)
            ),
            "".join(traceback.TracebackException(kind, value, trace.tb_next, capture_locals=True).format()),
            own_traceback(error),
        ]
    assert all("planted-test" in text for text in shown)  # so these do show local variables
    for known in CORES:
        for text in shown:
            assert_hidden(text, known)


MISTYPED = f"{SOURCE_KEY} !"
"""What is recognised as nothing, and holds a credential all the same."""

DOORS = {
    "connect": lambda take: lp.connect(take()),
    "connect, another wrong": lambda take: lp.connect(take(), rate_limit="fast"),
    "official_sdk": lambda take: lp.official_sdk(take()),
    "official_sdk, another wrong": lambda take: lp.official_sdk(take(), rate_limit="fast"),
    "kiota_header": lambda take: lp.kiota_header(take()),
    "inspect_token": lambda take: lp.inspect_token(take()),
    "inspect_token, another wrong": lambda take: lp.inspect_token(take(), issuer=1),
    "permissions": lambda take: lp.permissions(take()),
    "explain": lambda take: lp.explain(method="GET", url="/users/me", status=403, credential=take()),
    "explain, another wrong": lambda take: lp.explain(method=1, credential=take()),
    "leak_check, another wrong": lambda take: lp.leak_check("nowhere", known=take()),
    "leak_check, several": lambda take: lp.leak_check(1, known=[take()]),
    "leaks_in_notebook, another wrong": lambda take: lp.leaks_in_notebook(1, known=take()),
    "plan_fixes, another wrong": lambda take: plan_fixes(lp.LeakReport(), known=take(), allow="nowhere"),
    "PermissionsCard": lambda take: lp.PermissionsCard(take()),
    "TokenCard": lambda take: lp.TokenCard(take()),
}


@pytest.mark.parametrize("door", DOORS)
def test_nor_do_those_of_whatever_takes_a_credential(door):
    with pytest.raises(lp.LeadpingError) as caught:
        DOORS[door]([MISTYPED].pop)
    trace = caught.value.__traceback__.tb_next.tb_next
    shown = of_error(caught.type, caught.value, trace)
    assert "leadping_nb" in shown
    assert_hidden(shown, SOURCE_KEY)


def test_the_card_escapes_what_it_shows():
    card = Credential.from_text(BUSINESS_KEY, origin="<script>test</script>")._repr_html_()
    assert "<script>" not in card
    assert "&lt;script&gt;" in card
    assert "business key" in card
    assert "••••••••" in card


def test_credentials_compare_by_secret_and_have_no_order():
    credential = Credential.from_text(BUSINESS_KEY)
    same = Credential.from_text(f"Bearer {BUSINESS_KEY}", origin="elsewhere")
    assert credential == same
    assert len({credential, same}) == 1
    assert credential != Credential.from_text(SOURCE_KEY)
    assert credential != BUSINESS_KEY
    with pytest.raises(TypeError):
        credential < same  # noqa: B015 - the comparison is the test


def test_copies_are_the_credential_itself():
    credential = Credential.from_text(BUSINESS_KEY)
    assert copy.copy(credential) is credential
    assert copy.deepcopy({"c": credential})["c"] is credential


def test_a_credential_does_not_change():
    credential = Credential.from_text(BUSINESS_KEY)
    with pytest.raises(AttributeError):
        credential.origin = "test"


# -- over arbitrary text ---------------------------------------------------------------------------------------------

ARBITRARY = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(codec=None)),
    st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.binary().map(lambda data: data.decode("latin-1")),
    st.text(alphabet="lpsrck_-.=:'\"{}<>$ \n#eyJBbearAuthoizn"),
)


def judge(text: object, core: str | None = None) -> None:
    try:
        credential = Credential.from_text(text)
    except CredentialError as error:
        if core is not None:
            assert_no_echo(error, core)
    else:
        assert isinstance(credential.key_type, KeyType)
        assert "\n" not in credential.reveal()
        assert credential.reveal().isascii()
        assert credential.reveal().isprintable()
        if core is not None:
            assert_hidden(f"{credential!r} {credential} {credential.why} {credential._repr_html_()}", core)


@settings(deadline=None, max_examples=400)
@given(ARBITRARY)
def test_arbitrary_text_raises_nothing_but_a_credential_error(text):
    judge(text)


@settings(deadline=None, max_examples=400)
@given(ARBITRARY, st.sampled_from(list(CORES)), ARBITRARY)
def test_arbitrary_text_around_a_secret_is_never_echoed(before, core, after):
    judge(before + core + after, core)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(list(CORES)), st.integers(0, 2**9), ARBITRARY, st.integers(0, 2**9))
def test_a_secret_with_a_hole_is_never_echoed(core, at, piece, skipped):
    judge(core[:at] + piece + core[at + skipped :], core)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))), max_size=6))
def test_arbitrary_parts_of_a_token_raise_nothing_else(parts):
    judge(".".join(b64(part) for part in parts))
    judge(".".join([HEADER, *map(b64, parts)]))


@settings(deadline=None, max_examples=100)
@given(
    st.one_of(
        st.none(), st.binary(), st.integers(), st.floats(), st.lists(st.text()), st.dictionaries(st.text(), st.text())
    )
)
def test_other_objects_are_refused(value):
    refusal(value)


@settings(deadline=None, max_examples=100)
@given(ARBITRARY, st.sampled_from(list(CORES)))
def test_the_environment_is_never_echoed(text, core):
    try:
        Credential.from_env({"LEADPING_API_KEY": core + "!" + text, "LEADPING_SOURCE_KEY": core})
    except CredentialError as error:
        assert_no_echo(error, core)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([BUSINESS_KEY, SOURCE_KEY, TOKEN]), st.integers(1, 60))
def test_a_cut_credential_is_recognised_as_cut_or_as_itself(core, cut):
    found = recognise(core[cut:])
    if core is TOKEN and cut < len(HEADER):
        assert found == anatomy.TOKEN_WITHOUT_START
    elif core is not TOKEN:
        assert not isinstance(found, Credential) or cut == 0
