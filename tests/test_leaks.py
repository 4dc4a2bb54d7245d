"""What is found in texts and in notebooks in memory, what is none, and that nothing repeats a secret."""

import base64
import hashlib
import itertools
import json
import random
import string
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given, strategies as st

import leadping_nb as lp
from leadping_nb.errors import LeadpingError
from leadping_nb.leaks import leaks_in_notebook
from leadping_nb.leaks.files import leaks_in_bytes
from leadping_nb.leaks.known import known_in, known_secrets
from leadping_nb.leaks.matches import digest
from leadping_nb.leaks.names import reads_like_a_name
from leadping_nb.leaks.patterns import secrets_in
from leadping_nb.leaks.rewriting import rewritten
from leadping_nb.leaks.sarif import to_sarif

SOURCE_KEY = "lp_src_test0123example456789XYZ"
BUSINESS_KEY = "lp_test0123example456789ABCdef"
ORGANIZATION_KEY = "sk_test" + "0123example456789abc"  # which Stripe's test keys begin with, but for the underscore
WEBHOOK_SECRET = "whsec_" + "dGVzdC1leGFtcGxlLXRlc3QtZXhhbXBsZQ=="
TOKEN = (
    "eyJhbGciOiJIUzI1NiJ9."  # {"alg": "HS256"}
    "eyJzdWIiOiJ1c2VyX3Rlc3RfZXhhbXBsZSJ9."  # {"sub": "user_test_example"}
    "dGVzdC1leGFtcGxlLXRlc3QtZXhhbXBsZS10ZXN0LWU"
)
OPAQUE = "test0123example4567ABCDEF"
SECRETS = {
    "source key": SOURCE_KEY,
    "business key": BUSINESS_KEY,
    "organization key": ORGANIZATION_KEY,
    "webhook secret": WEBHOOK_SECRET,
    "user token": TOKEN,
}


def kinds(text):
    return [match.kind.name for match in secrets_in(text)]


def cell(source="", *outputs, **more):
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}, **more}


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


AROUND = {
    "alone": "{}",
    "in code": "key = '{}'\n",
    "a header": "Authorization: Bearer {}",
    "JSON": '{{"key": "{}"}}',
    "JSON in JSON": '{{\\"key\\": \\"{}\\"}}',
    "JSON in JSON in JSON": '\\\\\\"key\\\\\\": \\\\\\"{}\\\\\\"',
    "after an escaped line break": "first\\n{}\\nlast",
    "a URL": "https://api.leadping.ai/leads/intake?sourceKey={}&FirstName=Ada",
    "an encoded URL": "next=%2Fintake%3Fkey%3D{}%26x%3D1",
    "the end of a sentence": "It was {}.",
    "HTML": "<td>{}</td>",
    "escaped HTML": "&quot;{}&quot;",
    "colours": "\x1b[31m{}\x1b[0m",
    "escaped colours": "\\u001b[31m{}\\u001b[0m",
    "a name before": "LEADPING_KEY_{}",
    "control characters": "\0{}\0",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_whatever_stands_around_it(kind, around):
    text = around.format(SECRETS[kind])
    [match] = secrets_in(text)
    assert match.kind.name == kind
    assert match.digest == digest(SECRETS[kind])
    assert text[match.start : match.end] == SECRETS[kind]


@pytest.mark.parametrize("around", ["curl -u{}:", "KEY{}", "id7{}"])
@pytest.mark.parametrize("secret", [SOURCE_KEY, WEBHOOK_SECRET])
def test_what_no_word_goes_on_like_begins_anywhere(around, secret):
    [match] = secrets_in(around.format(secret))
    assert match.digest == digest(secret)


@pytest.mark.parametrize(
    "header", ["Bearer {}", "bearer {}", "BEARER {}", 'Bearer " + "{}', "Bearer%20{}", "Bearer\\n{}", "Bearer: {}"]
)
def test_an_opaque_text_after_bearer_is_found(header):
    [match] = secrets_in(header.format(OPAQUE))
    assert (match.kind.name, match.digest) == ("bearer header", digest(OPAQUE))


LOOK_ALIKES = (
    "", "lp_example", "lp_src_example", "lp_", "lp_src_", "lp_your_key", "lp_your_business_api_key_goes_here", "lp_xxx",
    "lp_xxxxxxxxxxxxxxxxxxxxxxxx", "lp_src_XXXXXXXXXXXXXXXXXXXX", "lp_xxxx0000xxxx0000xxxx", "lp_...", "lp_src_…",
    "sk_...",    "lp_key", "lp_solve", "lp_solve_5.5.2.11-cp311-cp311-manylinux2014_x86_64.whl", "lp_frame_of_leads",
    "lp_leads_by_source_and_week_2026_07", "lp_leads_2026-07-05T12:00:00Z", "lp_export_20260705T120000Z.parquet",
    "lp_sandbox_test0123example456789ABC", "lp_src_sandbox_test0123example456789ABC",
    "sk_sandbox_test0123example456789ABC", "sk_live_test0123example456789ABC", "sk_test_0123example456789ABCdef",
    "help_test0123example456789ABCdef", "task_0123456789abcdef0123456789abcdef", "whsec_",
    "whsec_your_signing_secret_here",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "9f86d081884c7d659a2feaa0c55ad015",
    "3f9a1c07-1234-4abc-8def-0123456789ab", "Bearer", "Bearer {token}", "Bearer <leadping_user_access_token>",
    "Bearer $LEADPING_USER_TOKEN", "Bearer ••••••••", "Bearer lp_example", "Bearer lp_your_key_goes_here",
    'Bearer resource_metadata="https://api.leadping.ai/.well-known/oauth-protected-resource"',
    "Bearer authentication is described in the documentation", "bearer_methods_supported", "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "eyJub3RqczpvbiI6.eyJub3RqczpvbiI6.dGVzdC1leGFtcGxlLXRlc3QtZXhhbXBsZQ",
)  # fmt: skip


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_like_a_secret_is_none(text):
    assert kinds(text) == []
    assert kinds(f'x = "{text}"') == []


NAMES = (
    "durchschnitt_pro_woche", "rechtschreibpruefung", "angstschweiss_pro_stunde", "herbststurm_und_selbstschutz",
    "DurchschnittKostenProLead", "geschichtsschreibung_je_abschnitt", "anrufe_pro_werktag_durchschnittlich",
    "sms_http2xx_vs_http5xx_rate", "2026W47_kw47_run03b_v12a", "LeadCallSmsMeanAgg7", "SmsSpendRateCount17",
    "leads-2026-kw47-rate-week", "00000000-0000-0000-1111",
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["lp_", "lp_src_", "sk_", "whsec_", "Bearer "])
@pytest.mark.parametrize("name", NAMES)
def test_names_of_columns_and_variables_are_no_secrets(name, prefix):
    assert kinds(f"{prefix}{name} = df.mean()") == []
    assert kinds(f"df['{prefix}{name}']") == []


MD5, SHA1, SHA256 = (hashlib.new(name, b"test").hexdigest() for name in ("md5", "sha1", "sha256"))


@pytest.mark.parametrize(
    "text",
    [
        f"lp_cache_{SHA1}", f"sk_cache_{SHA256}", f"lp_leads-{SHA1}.parquet", f"lp_cache_{MD5}",
        f"lp_cache_v2_{SHA256}",
        f"lp_src_cache_{MD5}.tar.gz", f"Bearer cache/{MD5}",
    ],
)  # fmt: skip
def test_a_hash_is_no_secret(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"lp_{MD5}", f"sk_{MD5}", f"lp_src_{MD5}", f"lp_src_{SHA256}", f"whsec_{SHA256}", f"Bearer {MD5}",
        f"lp_{MD5}.txt",
        f"lp_{SHA1}", f"lp_{SHA256}", f"Bearer {SHA256}", f"lp_live_{MD5}",
        f"lp_test_key_{SHA256}", f"lp_{SHA256[:48]}", f"lp_{SHA1.upper()}", f"lp_cache_{SHA1}00",
    ],
)  # fmt: skip
def test_what_could_be_a_key_of_hexadecimal_digits_is_found(text):
    assert len(kinds(text)) == 1


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        (f"lp_{SHA1}", True), (f"lp_src_{MD5}", True), (f"Bearer {SHA256}", True), (f"lp_{MD5}.txt", True),
        (f"lp_live_{MD5}", False), (f"lp_{SHA1.upper()}", False), (f"lp_{SHA1}00", False), (SOURCE_KEY, False),
    ],
)  # fmt: skip
def test_a_finding_that_may_be_a_hash_says_so_and_how_to_allow_it(text, doubtful):
    [leak] = leaks_in_notebook(notebook(cell(text)))
    report = lp.LeakReport((leak,), 1)
    assert leak.may_be_hash is doubtful
    assert ("may be a hash" in str(leak)) is doubtful
    for shown in (leak.what_to_do, repr(report), report._repr_html_(), json.dumps(to_sarif(report))):
        assert ("It may be a hash" in shown) is doubtful
        assert (f"put {leak.hash} with the reason on the allow-list" in shown) is doubtful


def test_what_a_sandbox_issued_is_no_finding():
    with lp.Sandbox(leads=1) as sandbox:
        issued = (sandbox.user_token, sandbox.business_key, sandbox.source_key, f"Bearer {sandbox.user_token}")
    assert [kinds(text) for text in issued] == [[], [], [], []]
    with lp.Sandbox(leads=1, revision="2026-10-26") as sandbox:
        assert kinds(sandbox.business_key) == []


BASE62 = string.ascii_letters + string.digits
UPPER_AND_DIGITS = string.ascii_uppercase + string.digits
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = {  # the alphabet, the lengths of the groups, and how many of 2,000 may read like names
    "letters and digits": (BASE62, (32,), 1),
    "letters and digits, 20": (BASE62, (20,), 5),
    "base64url": (BASE62 + "-_", (32,), 4),
    "base64url, 20": (BASE62 + "-_", (20,), 55),
    "hexadecimal": (string.hexdigits[:16], (32,), 0),
    "hexadecimal, 20": (string.hexdigits[:16], (20,), 1),
    "Crockford": (CROCKFORD, (20,), 2),
    "four groups of five": (UPPER_AND_DIGITS, (5,) * 4, 30),
    "four groups of five, Crockford": (CROCKFORD, (5,) * 4, 20),
    "five groups of four, lower case": (UPPER_AND_DIGITS.lower(), (4,) * 5, 60),
    "four groups of six": (BASE62, (6,) * 4, 2),
}


@pytest.mark.parametrize(("alphabet", "groups", "most"), RANDOM.values(), ids=RANDOM)
def test_random_keys_are_found_and_few_read_like_a_name(alphabet, groups, most):
    chance = random.Random(5)  # noqa: S311  # the same keys every time
    keys = ["-".join("".join(chance.choices(alphabet, k=length)) for length in groups) for _ in range(2_000)]
    assert sum(map(reads_like_a_name, keys)) <= most


@given(st.text(alphabet='lpsrck_whe yJB"\\nab1.-%', max_size=300))
def test_matches_are_in_order_and_apart(text):
    matches = secrets_in(text)
    for match, following in itertools.pairwise(matches):
        assert match.start < match.end <= following.start


# -- notebooks ---------------------------------------------------------------------------------------------------------

STREAM = {"output_type": "stream", "name": "stderr", "text": ["first\n", f"{SOURCE_KEY}\n"]}
ERROR = {"output_type": "error", "ename": "E", "evalue": "401", "traceback": ["\x1b[31mE\x1b[0m", f"key={SOURCE_KEY}"]}


def shown(**data):
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {name.replace("_", "/"): it for name, it in data.items()},
    }


KEY = SOURCE_KEY
PLACES = {
    "source": (notebook(cell(["a\n", f"b = '{KEY}'"])), 1, "source", 2),
    "source as one text": (notebook(cell(f"b = '{KEY}'")), 1, "source", 1),
    "source cut anywhere": (notebook(cell([f"b = '{KEY[:12]}", KEY[12:]])), 1, "source", 1),
    "markdown": (notebook({"cell_type": "markdown", "source": KEY, "metadata": {}}), 1, "source", 1),
    "stream": (notebook(cell(), cell("", STREAM)), 2, "output 1, stderr", 2),
    "plain text": (notebook(cell("", STREAM | {"text": ""}, shown(text_plain=KEY))), 1, "output 2, text/plain", 1),
    "HTML": (notebook(cell("", shown(text_html=["<b>\n", KEY]))), 1, "output 1, text/html", 2),
    "JSON": (notebook(cell("", shown(application_json={"a": [{"b": KEY}]}))), 1, "output 1, application/json", 1),
    "JSON list": (notebook(cell("", shown(application_json=["x", KEY]))), 1, "output 1, application/json", 2),
    "JSON key": (notebook(cell("", shown(application_json={KEY: 1}))), 1, "output 1, application/json", 1),
    "SVG": (notebook(cell("", shown(**{"image_svg+xml": f"<text>{KEY}</text>"}))), 1, "output 1, image/svg+xml", 1),
    "a picture that is none": (notebook(cell("", shown(image_png=KEY))), 1, "output 1, image/png", 1),
    "output metadata": (notebook(cell("", shown() | {"metadata": {"a": KEY}})), 1, "output 1, metadata", 1),
    "traceback": (notebook(cell("", ERROR)), 1, "output 1, traceback", 2),
    "error message": (notebook(cell("", ERROR | {"evalue": KEY, "traceback": []})), 1, "output 1, error message", 1),
    "attachment": (notebook(cell(attachments={"a.txt": {"text/plain": KEY}})), 1, "attachment", 1),
    "cell metadata": (notebook(cell() | {"metadata": {"tags": [KEY]}}), 1, "cell metadata", 1),
    "unknown in a cell": (notebook(cell(invented={"x": KEY})), 1, "cell", 1),
    "notebook metadata": (notebook(title=KEY), None, "notebook metadata", 1),
    "papermill": (notebook(papermill={"parameters": {"key": KEY}}), None, "papermill parameters", 1),
    "widgets": (notebook(widgets={"state": {"a": {"state": {"value": KEY}}}}), None, "widget state", 1),
    "unknown in the notebook": (notebook() | {"invented": [{"x": KEY}]}, None, "notebook", 1),
    "nbformat 3": (
        {"worksheets": [{"cells": [cell()]}, {"cells": [{"cell_type": "code", "input": KEY, "outputs": []}]}]},
        2, "source", 1,
    ),
    "nbformat 3, HTML": (
        {"worksheets": [{"cells": [cell("", {"output_type": "pyout", "html": ["<b>", KEY]})]}]},
        1, "output 1, data", 1,
    ),
    "nbformat 3, worksheet": ({"worksheets": [{"cells": [], "metadata": {"a": KEY}}]}, None, "notebook metadata", 1),
    "cells that are none": ({"cells": {"a": KEY}, "worksheets": KEY}, None, "notebook", 1),
}  # fmt: skip


@pytest.mark.parametrize(("content", "number", "place", "line"), PLACES.values(), ids=PLACES)
def test_a_secret_is_found_in_every_place_of_a_notebook(content, number, place, line):
    [leak] = leaks_in_notebook(content)
    assert (leak.cell, leak.place, leak.line) == (number, place, line)
    assert (leak.kind, leak.hash) == ("source key", digest(SOURCE_KEY))
    assert SOURCE_KEY not in f"{leak} {leak!r} {leak.to_json()}"


IN_BASE64 = base64.b64encode(f"\0\xe9\n{KEY} ".encode()).decode()
BUFFER = {"path": ["data"], "encoding": "base64", "data": IN_BASE64}
_POINTS = [{"x": number, "y": number / 7, "s": "rate"} for number in range(50)]


@pytest.mark.parametrize(
    "row",
    [
        {"x": 1, "s": SOURCE_KEY},
        {SOURCE_KEY: 1},
        {"s": {"deep": [SOURCE_KEY]}},
        {"s": f"{'long ' * 10_000}{SOURCE_KEY}"},
        {"encoding": "base64", "data": base64.b64encode(SOURCE_KEY.encode()).decode()},
    ],
)
def test_one_row_with_a_secret_is_found_among_the_points_of_a_chart(row):
    chart = {
        "output_type": "display_data",
        "data": {"application/vnd.test+json": {"values": [*_POINTS, row, *_POINTS]}},
    }
    (leak,) = leaks_in_notebook(notebook(cell("", chart)))
    assert leak.kind == "source key"


DECODED = {
    "a buffer": (notebook(widgets={"state": {"a": {"state": {}, "buffers": [BUFFER]}}}), None, "widget state"),
    "a text": (notebook(cell(attachments={"a.txt": {"text/plain": IN_BASE64}})), 1, "attachment"),
    "in lines": (notebook(cell(attachments={"a.txt": {"text/csv": [IN_BASE64[:9], IN_BASE64[9:]]}})), 1, "attachment"),
    "a drawing": (notebook(cell(attachments={"a.svg": {"image/svg+xml": IN_BASE64}})), 1, "attachment"),
}


@pytest.mark.parametrize(("content", "number", "place"), DECODED.values(), ids=DECODED)
@pytest.mark.parametrize("known", [(), (KEY,)])
def test_what_a_notebook_has_in_base64_is_decoded_in_memory_and_in_files_and_mended(content, number, place, known):
    [leak] = leaks_in_notebook(content, known=known)
    assert (leak.cell, leak.place, leak.line, leak.encoding) == (number, place, 1, "base64")
    assert leak.hash == digest(KEY)
    data = json.dumps(content).encode()
    assert leaks_in_bytes(data, name="a.ipynb", known=known_secrets(known)) == (leak,)
    _, mended = rewritten(data, "a.ipynb", known=known_secrets(known))
    assert mended != data
    assert leaks_in_notebook(json.loads(mended), known=known) == ()


def test_what_is_no_base64_though_it_should_be_does_no_harm():
    bundles = {"a": {"text/plain": "no base64!", "text/html": 5, "text/csv": "é"}, "b": 5}
    content = notebook(cell(attachments=bundles), a={"encoding": "base64"}, b={"attachments": 5})
    assert leaks_in_notebook(content) == ()


def test_notebooks_of_nbformat_are_read():
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"key = '{BUSINESS_KEY}'")])
    assert [leak.kind for leak in leaks_in_notebook(content)] == ["business key"]


def test_a_mime_type_that_is_named_after_a_secret_is_not_repeated():
    key = "lp_test0123example456789"
    [leak] = leaks_in_notebook(notebook(cell("", shown() | {"data": {f"text/x.{key}": "1"}})))
    assert leak.place in ("output 1", "output 1, data")


def test_a_clean_notebook_has_no_leaks():
    picture = "iVBORw0KGgo" + "eyJBbearerlp" * 50
    clean = cell("\n".join(LOOK_ALIKES), shown(image_png=picture, application_json=list(LOOK_ALIKES)))
    assert leaks_in_notebook(notebook(clean)) == ()


def test_each_line_with_a_secret_is_a_leak_and_the_same_one_once():
    source = f"{SOURCE_KEY} {SOURCE_KEY}\n{SOURCE_KEY} {BUSINESS_KEY}"
    found = [(leak.line, leak.kind) for leak in leaks_in_notebook(notebook(cell(source)))]
    assert found == [(1, "source key"), (2, "source key"), (2, "business key")]


# -- known secrets -----------------------------------------------------------------------------------------------------

SPLITS = (
    '"{0}" + "{1}"',
    "'{0}'\n'{1}'",
    "('{0}'\n    f'{1}')",
    "'{0}' \\\n  '{1}'",
    "['{0}', '{1}']",
    '"\\"{0}\\" + \\"{1}\\""',
    "{0}\n{1}",
    "{0}\\\n{1}",
    "{0}\x1b[0m\x1b[31m{1}",
    "{0}\xad{1}",
    "{0}\u200b{1}",
    "{0}</span><span class='s1'>{1}",
    "{0}&shy;{1}",
    "{0}=\n{1}",
)


@pytest.mark.parametrize("split", SPLITS)
def test_a_known_secret_is_found_in_two_pieces(split):
    text = "x " + split.format(SOURCE_KEY[:14], SOURCE_KEY[14:]) + " y"
    [match] = known_in(text, known_secrets([SOURCE_KEY]))
    assert (match.encoding, match.digest) == ("split", digest(SOURCE_KEY))
    assert text[match.start :].startswith(SOURCE_KEY[:14])
    assert text[: match.end].endswith(SOURCE_KEY[14:])


def test_a_known_secret_in_a_list_of_a_json_output_is_found():
    pieces = [SOURCE_KEY[:10], SOURCE_KEY[10:20], SOURCE_KEY[20:]]
    [leak] = leaks_in_notebook(notebook(cell("", shown(application_json=pieces))), known=[SOURCE_KEY])
    assert (leak.encoding, leak.place) == ("split", "output 1, application/json")


def test_each_encoded_form_of_a_known_secret_is_found_and_named():
    secret = "a-test/secret+of=example"
    forms = known_secrets([secret])[0].forms
    assert {"plain", "URL-encoded", "as JSON", "in HTML", "base64", "hexadecimal", "UTF-16"} == set(forms.values())
    for form, name in forms.items():
        [match] = known_in(f"({form})", known_secrets([secret]))
        assert (match.encoding, match.kind.name) == (name, "known secret")


def test_known_credentials_and_secrets_do_too_also_those_of_a_sandbox():
    credential = lp.Credential.from_text("lp_sandbox_test0123example456789ABC")
    content = notebook(cell(credential.reveal()))
    assert leaks_in_notebook(content) == ()
    for known in (credential, lp.Secret(credential.reveal()), credential.reveal()):
        [leak] = leaks_in_notebook(content, known=[known])
        assert leak.kind == "business key"


def test_a_known_secret_that_looks_like_one_is_one_leak():
    assert len(leaks_in_notebook(notebook(cell(SOURCE_KEY)), known=[SOURCE_KEY])) == 1


def test_a_known_secret_that_is_too_short_is_refused_without_echo():
    with pytest.raises(LeadpingError, match="fewer than eight characters") as refused:
        leaks_in_notebook(notebook(), known=["lp_te"])
    assert "lp_te" not in str(refused.value)
    assert "lp_te" not in repr(known_secrets([SOURCE_KEY]))


def test_the_core_loads_nothing_heavy():
    code = (
        "import sys, leadping_nb.leaks;"
        "print([name for name in ('pandas', 'numpy', 'httpx', 'jwt', 'msgspec', 'rich') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
