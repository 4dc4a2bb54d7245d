"""The official SDK as an independent client: what it reads from the sandbox, and where it is refused."""

import asyncio

import httpx
import pytest
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider as Bearer,
)
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from leadping.leadping_open_api_client import LeadpingOpenApiClient
from leadping.models.lead_intake_request import LeadIntakeRequest
from leadping.models.request_data_options import RequestDataOptions

import leadping_nb as lp
from leadping_nb.sandbox import Sandbox

pytestmark = [  # the July release uses what Kiota has renamed since
    pytest.mark.filterwarnings("ignore:GetQueryParameters is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning"),
]


class Token(AccessTokenProvider):
    """Hands a credential to Kiota's bearer provider."""

    def __init__(self, text):
        self._text = text

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self._text

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1"])


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(leads=130, rate_limit=None) as started:
        yield started


@pytest.fixture(scope="module")
def leads(sandbox):
    with lp.connect(sandbox) as api:
        return api.frame("leads")


def ask(sandbox, credential, question):
    """Ask the official client something, signed in with a credential."""

    async def go():
        async with httpx.AsyncClient(trust_env=False) as client:
            adapter = HttpxRequestAdapter(Bearer(Token(credential)), http_client=client)
            official = LeadpingOpenApiClient(adapter)
            adapter.base_url = sandbox.url  # the client's constructor puts the real address there
            return await question(official)

    return asyncio.run(go())


def refused(sandbox, credential, question):
    with pytest.raises(APIError) as caught:
        ask(sandbox, credential, question)
    return caught.value.response_status_code


async def all_leads(client):
    rows, cursor = [], None
    while True:
        page = await client.leads.all.my.post(RequestDataOptions(page_size=50, continuation_token=cursor))
        rows += page.items
        cursor = page.continuation_token
        if not cursor:
            return rows


async def me(client):
    return await client.users.me.get()


def intake(**fields):
    async def send(client):
        return await client.leads.intake.post(LeadIntakeRequest(**fields))

    return send


@pytest.mark.parametrize("credential", ["user_token", "business_key"])
def test_it_pages_through_all_leads_to_the_end(sandbox, leads, credential):
    rows = ask(sandbox, getattr(sandbox, credential), all_leads)
    assert [row.id for row in rows] == leads["id"].tolist()
    assert [row.created_at.replace(microsecond=0) for row in rows] == [
        moment.to_pydatetime(warn=False).replace(microsecond=0) for moment in leads["createdAt"]
    ]
    assert [row.status for row in rows] == leads["status"].tolist()


@pytest.mark.parametrize("credential", ["user_token", "business_key"])
def test_it_reads_a_source_and_a_conversation(sandbox, leads, credential):
    async def read(client):
        source = await client.sources.by_id(leads["sourceId"].iloc[0]).get()
        conversations = await client.conversations.lead.by_lead_id(leads["id"].iloc[0]).post(RequestDataOptions())
        mine = await client.conversations.my.post(RequestDataOptions(page_size=5))
        return source, conversations.items, mine.items

    source, conversations, mine = ask(sandbox, getattr(sandbox, credential), read)
    assert source.name == leads["sourceName"].iloc[0]
    assert {row.lead_id for row in conversations} == {leads["id"].iloc[0]}
    assert len(mine) == 5


def test_it_knows_the_signed_in_person_by_a_user_token(sandbox):
    assert ask(sandbox, sandbox.user_token, me).id == sandbox.user_id


def test_it_sends_a_lead_with_the_source_key_and_finds_it_with_another(sandbox):
    # Without a phone: what the July release does with one is the next test.
    sent = ask(sandbox, sandbox.source_key, intake(first_name="Ada", last_name="Example", email="ada@example.com"))
    rows = ask(sandbox, sandbox.user_token, all_leads)
    assert rows[0].id == sent.id
    assert rows[0].email == "ada@example.com"


def test_it_cannot_read_a_lead_that_has_a_phone_which_is_its_own_fault(sandbox, leads):
    async def read(client):
        return await client.leads.by_id(leads["id"].iloc[0]).get()

    with pytest.raises(ImportError, match="Phone_lookup"):
        ask(sandbox, sandbox.user_token, read)


@pytest.mark.parametrize(
    ("credential", "question", "status"),
    [
        ("source_key", all_leads, 403),
        ("source_key", me, 403),
        ("business_key", me, 403),
        ("user_token", intake(first_name="Ada"), 403),
        ("business_key", intake(first_name="Ada"), 403),
    ],
)
def test_it_is_refused_where_the_key_type_does_not_reach(sandbox, credential, question, status):
    assert refused(sandbox, getattr(sandbox, credential), question) == status


@pytest.mark.parametrize("credential", ["", "lp_sandbox_garbled_test", "lp_src_sandbox_garbled_test"])
@pytest.mark.parametrize("question", [all_leads, me])
def test_it_is_refused_without_a_credential_that_counts(sandbox, credential, question):
    assert refused(sandbox, credential, question) == 401


def test_it_is_refused_with_an_expired_token(sandbox):
    assert refused(sandbox, sandbox.issue_token(-60), me) == 401
