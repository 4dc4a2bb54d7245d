"""The bridge to the official SDK: what it lets pass, how it fails, and the frames it makes of what the SDK read."""

import asyncio
import copy
import pickle
import subprocess
import sys

import httpx
import pytest
from kiota_abstractions.api_error import APIError
from leadping.leadping_open_api_client import LeadpingOpenApiClient
from leadping.models.lead_intake_request import LeadIntakeRequest
from leadping.models.lead_table_row import LeadTableRow
from leadping.models.paged_result_of_lead_table_row import PagedResultOfLeadTableRow
from leadping.models.request_data_options import RequestDataOptions
from leadping.models.tag_response import TagResponse

import leadping_nb as lp
from leadping_nb.sandbox import Sandbox
from leadping_nb.sdk.client import GuardedAdapter
from leadping_nb.session.guarded import guarded_client

OCTOBER = "2026-10-26"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(leads=60, rate_limit=None) as started:
        yield started


def official(sandbox, key="user_token", **how):
    credential = lp.Credential.from_text(getattr(sandbox, key))
    return lp.official_sdk(credential, base_url=sandbox.url, **how)


async def all_leads(client, size=25):
    pages, cursor = [], None
    while True:
        pages.append(await client.leads.all.my.post(RequestDataOptions(page_size=size, continuation_token=cursor)))
        cursor = pages[-1].continuation_token
        if not cursor:
            return pages


# -- calls ------------------------------------------------------------------------------------------------------------


def test_it_is_the_official_client_and_goes_by_a_credential_a_text_or_a_sandbox(sandbox):
    for client in (
        official(sandbox),
        lp.official_sdk(sandbox.user_token, base_url=sandbox.url),
        lp.official_sdk(sandbox),
    ):
        assert isinstance(client, LeadpingOpenApiClient)
        assert asyncio.run(client.users.me.get()).id == sandbox.user_id
    assert lp.official_sdk("lp_example").request_adapter.base_url == "https://api.leadping.ai"


def test_one_client_serves_event_loops_one_after_another_and_many_calls_at_once(sandbox):
    client = official(sandbox)

    async def together():
        return await asyncio.gather(*(client.users.me.get() for _ in range(5)))

    assert {person.id for _ in range(2) for person in asyncio.run(together())} == {sandbox.user_id}


def test_an_address_with_a_slash_or_a_path_is_the_same(sandbox):
    client = lp.official_sdk(sandbox.user_token, base_url=sandbox.url + "/")
    assert asyncio.run(client.users.me.get()).id == sandbox.user_id


def test_a_source_key_reaches_no_other_route_and_nothing_is_sent(sandbox):
    client = official(sandbox, "source_key")
    before = len(sandbox.requests)
    for call in (client.users.me.get(), client.leads.all.my.post(RequestDataOptions()), client.tags.get()):
        with pytest.raises(lp.NotAllowedError, match="rejected everywhere else"):
            asyncio.run(call)
    assert len(sandbox.requests) == before


def test_no_other_host_is_called_whatever_address_a_builder_is_given(sandbox):
    builder = official(sandbox).leads.all.my.with_url("https://evil.example/leads/all/my")
    with pytest.raises(lp.NotAllowedError, match=r"evil\.example is not the API's origin"):
        asyncio.run(builder.post(RequestDataOptions()))


@pytest.mark.parametrize("name", ["intake", "Intake"])
def test_no_id_makes_a_read_a_write(sandbox, name):
    before = len(sandbox.requests)
    client = lp.official_sdk(sandbox)
    with pytest.raises(lp.NotAllowedError, match="GET /leads/intake"):
        asyncio.run(client.leads.by_id(name).get())
    assert len(sandbox.requests) == before


def test_an_example_key_goes_nowhere():
    with pytest.raises(lp.NotAllowedError, match="example key is not sent"):
        asyncio.run(lp.official_sdk("lp_example").tags.get())


def test_a_lead_is_sent_only_where_writes_are_allowed():
    lead = LeadIntakeRequest(first_name="Ada", email="ada@example.com")
    with Sandbox(leads=3, rate_limit=None) as sandbox:
        with pytest.raises(lp.NotAllowedError, match="allow_writes=True"):
            asyncio.run(official(sandbox, "source_key").leads.intake.post(lead))
        assert sandbox.requests == ()
        sent = asyncio.run(official(sandbox, "source_key", allow_writes=True).leads.intake.post(lead))
        assert [received["id"] for received in sandbox.leads_received] == [sent.id]


def test_the_sandbox_decides_the_contract_and_the_release_does_so_elsewhere():
    with Sandbox(leads=3, revision=OCTOBER, rate_limit=None) as october:
        client = lp.official_sdk(october)
        with pytest.raises(lp.NotAllowedError, match="contract of 2026-10-26 lacks it"):
            asyncio.run(client.businesses.me.get())
    with pytest.raises(lp.NotAllowedError, match="contract of 2026-10-26 lacks it"):
        asyncio.run(lp.official_sdk("lp_example", contract=lp.contract(OCTOBER)).businesses.me.get())
    with pytest.raises(lp.NotAllowedError, match="example key"):  # July's release, so July's contract
        asyncio.run(lp.official_sdk("lp_example").businesses.me.get())


def test_a_call_of_another_revision_is_refused_with_the_contract_and_the_release_that_have_it(sandbox):
    with pytest.raises(lp.NotAllowedError, match="contract of 2026-10-26 lacks it") as caught:
        asyncio.run(lp.official_sdk("lp_example", contract=lp.contract(OCTOBER)).businesses.me.get())
    assert caught.value.hint == (
        "The contract of 2026-07-05 has it, and leadping 1.0.13 is of that revision:"
        ' lp.official_sdk(…, contract=lp.contract("2026-07-05")), as in lp.connect.'
    )
    organizations = official(sandbox).tags.with_url(f"{sandbox.url}/organizations/me")  # what October's release asks
    with pytest.raises(lp.NotAllowedError, match="contract of 2026-07-05 lacks it") as caught:
        asyncio.run(organizations.get())
    assert "leadping 1.0.83" in caught.value.hint
    assert 'lp.official_sdk(…, contract=lp.contract("2026-10-26"))' in caught.value.hint


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "ask", "kind"),
    [
        ("garbled", lambda client: client.tags.get(), lp.UnauthorizedError),
        ("user_token", lambda client: client.leads.by_id("nothing").get(), lp.NotFoundError),
        ("user_token", lambda client: client.feedback.admin.get(), lp.ForbiddenError),
        ("user_token", lambda client: client.sources.by_id("nothing").metrics.get(), lp.NotFoundError),
    ],
)
@pytest.mark.filterwarnings("ignore::leadping_nb.errors.UndocumentedCallWarning")
def test_an_answer_without_success_is_our_error_caused_by_the_sdks_own(sandbox, key, ask, kind):
    credential = "lp_sandbox_garbled_test" if key == "garbled" else getattr(sandbox, key)
    with pytest.raises(kind) as caught:
        asyncio.run(ask(lp.official_sdk(credential, base_url=sandbox.url)))
    error = caught.value
    assert isinstance(error.__cause__, APIError)
    assert error.__cause__.response_status_code == error.status == error.problem.status
    assert error.problem.title
    if kind is lp.UnauthorizedError:
        assert error.resource_metadata == f"{sandbox.url}/.well-known/oauth-protected-resource"


def test_what_the_sdk_cannot_read_is_named_with_the_way_around_it(sandbox):
    with lp.connect(sandbox) as api:
        id_ = next(api.rows("leads"))["id"]
    with pytest.raises(
        lp.ResponseError, match=r"leadping 1\.0\.13 could not read the answer to GET .*: ImportError"
    ) as caught:
        asyncio.run(official(sandbox).leads.by_id(id_).get())
    assert "api.one" in caught.value.hint
    assert "Phone_lookup" in str(caught.value.__cause__)


def test_a_401_that_asks_for_claims_is_not_asked_again():
    asked = []

    def answer(request):
        asked.append(request)
        challenge = 'Bearer resource_metadata="https://api.leadping.example/m", claims="eyJ4IjoxfQ=="'
        return httpx.Response(401, json={"title": "No"}, headers={"WWW-Authenticate": challenge})

    guarded = guarded_client(
        lp.Credential.from_text("lp_src_claims_test_0123456789"),
        base_url="https://api.leadping.example",
        contract=lp.contract(),
        allow_writes=True,
        transport=httpx.MockTransport(answer),
    )
    client = LeadpingOpenApiClient(GuardedAdapter(guarded, "https://api.leadping.example"))
    with pytest.raises(lp.UnauthorizedError, match=r"401 Unauthorized\. It says: No") as caught:
        asyncio.run(client.leads.intake.post(LeadIntakeRequest(first_name="Ada")))
    assert caught.value.resource_metadata == "https://api.leadping.example/m"
    assert len(asked) == 1


def test_what_cannot_be_sent_is_told_apart_from_what_cannot_be_read(sandbox):
    builder = official(sandbox).leads.all.my.with_url("http://[")
    with pytest.raises(lp.LeadpingError, match="could not make the request: ") as caught:
        asyncio.run(builder.post(RequestDataOptions()))
    assert not isinstance(caught.value, lp.ResponseError)
    assert caught.value.__cause__ is not None


@pytest.mark.filterwarnings("ignore::leadping_nb.errors.UndocumentedCallWarning")
def test_a_redirect_is_our_error_and_no_answer(sandbox):
    with pytest.raises(lp.ResponseError, match="no credential follows a redirect") as caught:
        asyncio.run(official(sandbox).reports.exports.by_export_id("export_sandbox_01").download.get())
    assert caught.value.status == 302


@pytest.mark.parametrize("module", ["leadping", "kiota_http"])
def test_without_the_extra_it_says_what_to_install(module):
    code = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "import leadping_nb as lp\n"
        "assert lp.kiota_header('lp_example').name == 'Authorization'\n"
        "try: lp.official_sdk('lp_example')\n"
        "except lp.LeadpingError as error: print(error.message, '|', error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    message, hint = done.stdout.strip().split(" | ")
    assert message == f"The official SDK is not installed: there is no {module}."
    assert hint == 'Run: pip install "leadping-nb[sdk]"'


# -- frames -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_a_frame_through_the_sdk_has_the_columns_and_dtypes_of_ours(sandbox, backend):
    pages = asyncio.run(all_leads(official(sandbox)))
    through = lp.sdk_frame(pages, dtype_backend=backend)
    with lp.connect(sandbox) as api:
        ours = api.frame("leads", dtype_backend=backend)
    assert list(through.columns) == list(ours.columns)
    assert through.dtypes.tolist() == ours.dtypes.tolist()
    assert len(through) == len(ours) == 60
    changed = [name for name in ours.columns if not through[name].equals(ours[name])]
    assert set(changed) <= {"updatedAt", "createdAt", "archivedAt", "currentDisposition.changedAt"}
    assert (through["updatedAt"] == ours["updatedAt"].dt.floor("us")).all()


def test_the_frame_says_what_the_sdk_may_have_changed(sandbox):
    (page, *_) = asyncio.run(all_leads(official(sandbox)))
    found = lp.sdk_frame(page).attrs["leadping"]
    assert (found["rows"], found["model"], found["revision"]) == (25, "LeadTableRow", "2026-07-05")
    assert found["notes"][0].startswith("It came through leadping 1.0.13, which keeps times to the microsecond")
    assert "also valid values" in found["notes"][0]
    assert found["notes"][1].startswith("LeadTableRow of the SDK has no members for price:")


def test_a_page_its_items_a_list_of_pages_and_one_object_all_do(sandbox):
    (page, *_) = pages = asyncio.run(all_leads(official(sandbox)))
    assert lp.sdk_frame(page).equals(lp.sdk_frame(page.items))
    assert lp.sdk_frame(pages)["id"].is_unique
    assert lp.sdk_frame(page.items[0])["id"].tolist() == [page.items[0].id]
    assert len(lp.sdk_frame(iter(page.items))) == 25


def test_an_empty_page_has_its_columns_and_an_empty_list_those_of_the_model_that_is_named():
    promised = list(lp.contract().models.columns("LeadTableRow"))
    assert list(lp.sdk_frame(PagedResultOfLeadTableRow(items=[])).columns) == promised
    assert list(lp.sdk_frame(PagedResultOfLeadTableRow()).columns) == promised
    assert list(lp.sdk_frame([], "LeadTableRow").columns) == promised
    assert lp.sdk_frame([]).shape == (0, 0)


def test_what_the_sdk_has_no_member_for_comes_with_the_rest():
    row = LeadTableRow(id="1", additional_data={"price": 7.5, "extra": {"deep": [1, 2**70]}, "external": "2026-07"})
    frame = lp.sdk_frame([row])
    assert frame["price"].tolist() == [7.5]
    assert frame["extra.deep"].tolist() == [[1, 2**70]]
    assert frame["external"].tolist() == ["2026-07"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("text", "models is a text"),
        (7, "models is 7"),
        ({"id": 1}, "models is a dict"),
        ([{"id": 1}], "something in models is a dict"),
        ([object], "something in models is the class object"),
        ([None], "something in models is None"),
        ([LeadTableRow(), TagResponse()], "The objects are of several kinds"),
    ],
)
def test_what_is_no_object_of_the_sdk_is_refused(wrong, sentence):
    with pytest.raises(lp.LeadpingError, match=sentence) as caught:
        lp.sdk_frame(wrong)
    assert caught.value.hint == "Give a page of the SDK, its items, or a list of pages."


# -- other languages --------------------------------------------------------------------------------------------------


def test_the_header_for_kiota_shows_itself_only_when_it_is_asked():
    header = lp.kiota_header(lp.Credential.from_text("lp_header_test_0123456789"))
    assert header.reveal() == "Bearer lp_header_test_0123456789"
    assert header.name == "Authorization"
    for shown in (repr(header), str(header), f"{header}", repr([header]), repr(copy.deepcopy(header))):
        assert "0123456789" not in shown
        assert "business key" in shown
    with pytest.raises(lp.CredentialError, match="not pickled"):
        pickle.dumps(header)
    with pytest.raises(lp.CredentialError):
        lp.kiota_header("nothing of the kind")
