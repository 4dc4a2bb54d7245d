"""Show the request: each kind of code is run, and sends exactly what was asked."""

import ast
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError
from typing import NamedTuple

import pytest
from shown_code import KEYS

import leadping_nb as lp
from leadping_nb.sandbox import Sandbox
from leadping_nb.session.addresses import address_of
from leadping_nb.snippets.release import release_at_hand

KINDS = ("curl", "httpx", "sdk")
HOSTILE = (
    "it's \"quoted\" \\ and \\' more",
    "$(touch owned) `touch owned` $LEADPING_API_KEY ${HOME} !! %PATH%",
    "two\nlines\r\n\ttabs \x00\x1b[31m",
    "@/etc/passwd; rm -rf * | & > < # -- -d {a,b} [1-2] ?*~",
    "Zoë 日本 🦄 \u202eright to left\u2028",
    "{{x}} {} %s %(x)s f'{1}' '''\"\"\"",
    "2026-07-05",
    "d2719f8e-0b5a-4f7a-9f0e-3f6f0a6f2c11",
)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(leads=40, rate_limit=None) as started:
        yield started


class Sent(NamedTuple):
    method: str
    path: str
    authorization: str | None
    body: object


@pytest.fixture
def echo():
    """A server that keeps what it was sent, and answers with a page without rows."""
    sent = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parsed = json.loads(body) if body else None
            sent.append(Sent(self.command, self.path, self.headers["Authorization"], parsed))
            page = b'{"items": [], "pageSize": 1}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_GET = do_POST = answer  # noqa: N815  # as http.server calls them

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    server.sent = sent
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def connect(sandbox, key="user_token"):
    return lp.connect(getattr(sandbox, key), base_url=sandbox.url)


# -- what is sent -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_arrives_as_it_was_and_does_nothing_on_the_way(echo, run, kind, hostile):
    body = {
        "pageSize": 3,
        "includeCount": "no",
        "search": hostile,
        "searchFields": [hostile, "email"],
        "filters": [{"field": "status", "value": hostile}, {"field": hostile, "value": None}],
        "rangeFilters": [{"field": "price", "greaterThan": 2**70, "lessThan": 0.1}],
    }
    params = {"archiveFilter": hostile, "tagIds": [hostile, "b"]}
    with lp.connect("lp_snippet_test_0123456789", base_url=echo.url) as api:
        code = api.snippet("post", "/leads/all/my", as_=kind, params=params, body=body)
        expected = address_of(api.base_url, api.contract.operation("POST /leads/all/my"), path={}, query=params)
    run(kind, code, "LEADPING_API_KEY", "lp_snippet_test_0123456789")
    (sent,) = echo.sent
    assert sent == Sent("POST", expected.removeprefix(echo.url), "Bearer lp_snippet_test_0123456789", body)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hostile", HOSTILE[:1] + HOSTILE[3:5], ids=range(3))
def test_any_value_in_a_path_arrives_as_it_was(echo, run, kind, hostile):
    with lp.connect("lp_snippet_test_0123456789", base_url=echo.url) as api:
        list(api.rows("lead_events", path={"leadId": hostile}))
        run(kind, api.snippet("POST", "/events/leads/{leadId}", as_=kind), "LEADPING_API_KEY", "lp_snippet_test_0")
    asked, shown = echo.sent
    assert (shown.path, shown.body) == (asked.path, asked.body)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_credential_no_header_is_sent(echo, run, kind):
    with lp.connect(None, base_url=echo.url) as api:
        code = api.snippet("GET", "/businesses/invitations/token/abc", as_=kind)
    run(kind, code, None, None)
    assert echo.sent == [Sent("GET", "/businesses/invitations/token/abc", None, None)]


# -- against the sandbox ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["user_token", "business_key"])
def test_the_body_is_that_of_what_was_just_done(sandbox, run, kind, key):
    with connect(sandbox, key) as api:
        frame = api.frame("leads", page_size=7, filters={"status": "New"}, ranges={"createdAt": ("2026-01-01", None)})
        code = api.snippet("POST", "/leads/all/my", as_=kind)
        expected = next(
            api.pages("leads", page_size=7, filters={"status": "New"}, ranges={"createdAt": ("2026-01-01", None)})
        )
    printed = run(kind, code, KEYS[key], getattr(sandbox, key))
    rows = [row.id for row in printed.items] if kind == "sdk" else [row["id"] for row in json.loads(printed)["items"]]
    assert rows == [row["id"] for row in expected.items]
    assert rows == frame["id"].tolist()[:7]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "path", ["/users/me", "/sources/src_sandbox_01", "/sources/src_sandbox_01/metrics?days=7", "/tags", "/wallets/me"]
)
def test_reads_of_every_form_answer(sandbox, run, kind, path):
    with connect(sandbox) as api:
        code = api.snippet("GET", path, as_=kind)
        expected = api.get(path)
    printed = run(kind, code, "LEADPING_USER_TOKEN", sandbox.user_token)
    if kind != "sdk":
        assert json.loads(printed) == expected
    else:
        assert (printed[0].id if isinstance(expected, list) else printed) is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", ["POST /leads/intake", "POST /leads", "GET /leads/intake"])
def test_a_lead_is_sent_by_a_source_key_with_a_warning_beside_it(run, kind, call):
    with Sandbox(leads=2, rate_limit=None) as sandbox, connect(sandbox, "source_key") as api:
        code = api.snippet(*call.split(), as_=kind)
        assert "# This creates a lead, and one more each time that it is run." in code
        assert ("the lead was sent all the same" in code) == (kind == "sdk")
        assert ("personal data into an address" in code) == call.startswith("GET")
        run(kind, code, "LEADPING_SOURCE_KEY", sandbox.source_key)
        (lead,) = sandbox.leads_received
        assert lead["contact"]["email"] == "ada@example.com"


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_the_three_kinds_look_so():
    with lp.connect("lp_example") as api:
        shown = [api.snippet("POST", "/leads/all/my", as_=kind) for kind in KINDS]
    assert shown[0] == (
        "curl --silent --show-error --globoff --request POST https://api.leadping.ai/leads/all/my \\\n"
        '  --header "Authorization: Bearer $LEADPING_API_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        '  --data-raw \'{"pageSize": 200, "includeCount": true}\''
    )
    assert shown[1] == (
        "import os\n\nimport httpx\n\n"
        "response = httpx.request(\n"
        "    'POST',\n"
        "    'https://api.leadping.ai/leads/all/my',\n"
        "    headers={'Authorization': f\"Bearer {os.environ['LEADPING_API_KEY']}\"},\n"
        "    json={'pageSize': 200, 'includeCount': True},\n"
        ")\n"
        "response.raise_for_status()\n"
        "print(response.text)"
    )
    assert shown[2] == (
        "import os\n\nimport leadping_nb as lp\n"
        "from leadping.models.request_data_options import RequestDataOptions\n\n"
        "# A notebook awaits it as it stands. In a script: async def main() around it, and asyncio.run(main()).\n"
        "client = lp.official_sdk(lp.Credential.from_text(os.environ['LEADPING_API_KEY']))\n"
        "answer = await client.leads.all.my.post("
        "RequestDataOptions(page_size=200, include_count=True))"
    )


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("lp_example", "LEADPING_API_KEY"),
        ("sk_snippet_test_0123456789", "LEADPING_API_KEY"),
        ("lp_src_example", "LEADPING_SOURCE_KEY"),
        ("user_token", "LEADPING_USER_TOKEN"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_the_credential_is_a_variable_of_its_type_and_never_there(sandbox, key, variable, kind):
    text = sandbox.user_token if key == "user_token" else key
    with lp.connect(text) as api:
        code = api.snippet("POST", "/leads/all/my", as_=kind, body={"search": f"the key {text} itself"})
    assert variable in code
    assert text not in code
    assert text not in repr(code) + code._repr_html_()


OTHERS = {
    "source key": "lp_src_test0123example456789XYZ",
    "business key": "lp_test0123example456789XYZabc",
    "organization key": "sk_test0123example456789XYZabc",
    "sandbox key": "lp_src_sandbox_1",
}


@pytest.mark.parametrize("key", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_other_credential_is_repeated_wherever_it_was_put(kind, key):
    taken_out = "# A credential was taken out: none belongs into a path, a query or a body."
    body = {"search": f"who has {key}?", "filters": [{"field": key, "value": [key]}]}
    with lp.connect("lp_example") as api:
        shown = [
            api.snippet("POST", "/leads/all/my", as_=kind, body=body, params={"tagIds": [key], key: "1"}),
            api.snippet("GET", f"/leads/{key}", as_=kind),
            api.snippet("GET", f"/sources/src_1/metrics?days={key}", as_=kind),
        ]
    for code in shown:
        assert key not in code
        assert "removed" in code
        assert taken_out in code
    with lp.connect("lp_src_example") as api:
        body = {"firstName": "Ada", "sourceKey": "anything at all"}
        assert "anything at all" not in api.snippet("POST", "/leads/intake", as_=kind, body=body)
        assert "taken out" not in api.snippet("POST", "/leads/intake", as_=kind, body={"firstName": "Ada"})


@pytest.mark.parametrize("kind", KINDS)
def test_nor_is_one_that_was_searched_for(sandbox, kind):
    with connect(sandbox) as api:
        api.frame("leads", search=OTHERS["source key"], progress=False)
        code = api.snippet("POST", "/leads/all/my", as_=kind)
    assert OTHERS["source key"] not in code
    assert "'<removed: credential>'" in code or '"<removed: credential>"' in code


def test_a_snippet_shows_itself_as_code():
    with lp.connect("lp_example") as api:
        code = api.snippet("POST", "/leads/all/my", body={"search": "<b>&"})
    assert isinstance(code, lp.Snippet)
    assert repr(code) == str(code)
    assert code._repr_html_().startswith("<pre><code>curl ")
    assert "&lt;b&gt;&amp;" in code._repr_html_()


def test_a_walk_is_shown_from_its_first_page_whatever_came_after(sandbox):
    with connect(sandbox) as api:
        api.frame("leads", limit=25, page_size=10)
        code = api.snippet("POST", "/leads/all/my")
        assert '"pageSize": 10' in code
        assert "continuationToken" not in code
        api.frame("leads", page_size=30, params={"archiveFilter": "all"})
        code = api.snippet("POST", "/leads/all/my")
        assert "/leads/all/my?archiveFilter=all'" in code
        assert '"pageSize": 30' in code
        assert "archiveFilter" not in api.snippet("POST", "/leads/all/my", params={})


def test_a_resumed_walk_is_shown_from_the_beginning_too(sandbox):
    with connect(sandbox) as first:
        part = first.frame("leads", limit=10, page_size=10)
    with connect(sandbox) as api:
        api.resume(part)
        assert "continuationToken" not in api.snippet("POST", "/leads/all/my")


def test_a_template_takes_the_last_value_or_a_word_to_put_one_in_place_of(sandbox):
    with connect(sandbox) as api:
        code = api.snippet("GET", "/events/calls/{callEventId}", as_="httpx")
        assert "# Put a value in place of CALL_EVENT_ID." in code
        assert "/events/calls/CALL_EVENT_ID'" in code
        call = next(api.rows("calls"))["id"]
        api.one("calls", call)
        assert f"/events/calls/{call}'" in api.snippet("GET", "/events/calls/{callEventId}", as_="httpx")


@pytest.mark.parametrize(
    ("key", "call", "remark"),
    [
        (
            "lp_src_example",
            "GET /users/me",
            "# Denied (stated): A source key sends leads and is rejected everywhere else.",
        ),
        ("lp_example", "GET /feedback/admin", "# Undocumented (inferred): This is for operators"),
        ("lp_example", "POST /leads/intake", "# Denied (inferred): Sending leads wants a source key"),
        ("lp_example", "POST /suppressions/check", "# Fill in the body, of the model SuppressionEntryRequest: "),
    ],
)
def test_what_whoever_runs_it_should_know_is_said_in_comments(key, call, remark):
    with lp.connect(key) as api:
        for kind in KINDS:
            assert remark in api.snippet(*call.split(), as_=kind)


@pytest.fixture
def install(monkeypatch):
    """Has a release of the official SDK installed, or none."""

    def installed(release):
        def version(name):
            if release is None:
                raise PackageNotFoundError(name)
            return release

        monkeypatch.setattr("leadping_nb.snippets.release.version", version)

    return installed


def code_for_the_sdk(call, revision):
    with lp.connect("lp_example", contract=lp.contract(revision)) as api:
        return api.snippet(*call.split(), as_="sdk")


JULY, OCTOBER = "2026-07-05", "2026-10-26"


@pytest.mark.parametrize(("installed", "revision"), [("1.0.13", JULY), ("1.0.83", OCTOBER), ("1.0.28", OCTOBER)])
def test_the_code_for_the_sdk_says_nothing_of_releases_where_the_installed_one_is_of_the_contract(
    install, installed, revision
):
    install(installed)
    code = code_for_the_sdk("GET /tags", revision)
    assert "pip install" not in code
    assert " is of " not in code
    assert "contract=" not in code


@pytest.mark.parametrize(
    ("installed", "revision", "other"),
    [("1.0.83", JULY, OCTOBER), ("1.0.27", OCTOBER, JULY), ("2.0.0", JULY, OCTOBER), (None, JULY, OCTOBER)],
)
def test_a_call_that_another_release_has_too_is_written_for_it_and_keeps_to_the_contract(
    install, installed, revision, other
):
    install(installed)
    code = code_for_the_sdk("GET /tags", revision)
    release = f"leadping {installed}" if installed else "The newest release of the official SDK"
    remark = f"# {release} is of {other}: what it reads may lack fields that the contract of {revision} has."
    assert remark in code
    assert f'contract=lp.contract("{revision}")' in code
    assert ('# The official SDK is not installed: pip install "leadping-nb[sdk]"' in code) == (installed is None)


@pytest.mark.parametrize(
    ("installed", "revision", "call", "needed"),
    [
        ("1.0.83", JULY, "GET /leads/intake", "1.0.13"),
        (None, JULY, "GET /businesses/me", "1.0.13"),
        ("1.0.13", OCTOBER, "GET /organizations/me", "1.0.83"),
    ],
)
def test_a_call_that_the_release_at_hand_lacks_is_an_error_that_names_one_that_has_it(
    install, installed, revision, call, needed
):
    install(installed)
    with pytest.raises(lp.LeadpingError, match=f"which has no {call}") as caught:
        code_for_the_sdk(call, revision)
    assert f"pip install leadping=={needed}" in caught.value.hint
    with lp.connect("lp_example", contract=lp.contract(revision)) as api:
        for kind in ("curl", "httpx"):
            assert call.split()[1] in api.snippet(*call.split(), as_=kind)


@pytest.mark.parametrize(
    ("call", "kind", "body", "message"),
    [
        ("DELETE /tags/1", "curl", None, "no code is shown"),
        ("POST /tags", "curl", {}, "no code is shown"),
        ("GET /nowhere", "curl", None, "is not known"),
        ("GET https://evil.example/tags", "curl", None, "is not the API's origin"),
        ("GET /tags", "fetch", None, "as_ is 'fetch'"),
        ("GET /tags", "curl", {"a": 1}, "takes no body"),
        ("POST /leads/all/my", "sdk", [{"pageSize": 1}], "takes an object as its body"),
        ("POST /leads/all/my", "curl", "text", "takes an object as its body"),
        ("POST /leads/all/my", "curl", {"a": float("nan")}, "cannot be written as JSON"),
        ("POST /leads/all/my", "curl", {"a": object()}, "cannot be written as JSON"),
        ("POST /leads/all/my", "curl", {"a": "\ud800"}, "a text in it has half a character"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_hint(call, kind, body, message):
    with lp.connect("lp_example") as api, pytest.raises(lp.LeadpingError, match=message) as caught:
        api.snippet(*call.split(), as_=kind, body=body)
    assert caught.value.hint


@pytest.mark.parametrize("revision", ["2026-07-05", "2026-10-26"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_read_of_a_contract_can_be_shown_and_is_code(revision, kind):
    installed = {operation.id for operation in release_at_hand().contract.operations}
    with lp.connect("lp_example", contract=lp.contract(revision)) as api:
        for operation in api.contract.operations:
            if operation.effect == "read":
                if kind == "sdk" and operation.id not in installed:
                    with pytest.raises(lp.LeadpingError, match="which has no"):
                        api.snippet(operation.method, operation.path, as_=kind)
                    continue
                code = api.snippet(operation.method, operation.path, as_=kind)
                assert operation.method in code.upper()
                if kind != "curl":
                    compile(code, operation.id, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
