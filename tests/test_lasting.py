import copy
import pickle
from types import MappingProxyType

import pytest

import leadping_nb as lp

AGAIN = {"pickled": lambda thing: pickle.loads(pickle.dumps(thing)), "copied": copy.deepcopy}  # noqa: S301  # our own
KEPT = (
    "contract, operation, model, permissions, decision, discovery, step, token, probe, "
    "lead check, leads check, preview, sent, plan"
)


@pytest.fixture(scope="module")
def kept():
    """What people keep of a session."""
    with lp.Sandbox(leads=5, now="2026-07-05T12:00:00Z") as sandbox:
        token = lp.Credential.from_text(sandbox.user_token)
        found = lp.discover(sandbox.url)
        source = lp.connect(sandbox.source_key, base_url=sandbox.url)
        lead = {"phone": "+12125550100", "externalId": "example-1"}
        with lp.connect(sandbox) as api:
            yield {
                "contract": lp.contract(),
                "operation": lp.contract().operation("GET /leads/intake"),
                "model": lp.contract().models["LeadTableRow"],
                "permissions": lp.permissions(token),
                "decision": lp.permissions(token).check("GET", "/leads/intake"),
                "discovery": found,
                "step": found.steps[0],
                "token": lp.inspect_token(token, discovery=found, now=sandbox.clock.now()),
                "probe": api.probe(confirm=True, only=["tags"], say=lambda sentence: None),
                "lead check": lp.check_lead(lead),
                "leads check": lp.check_leads(lp.to_frame([lead])),
                "preview": source.preview_lead(lead),
                "sent": source.send_lead(lead, confirm=True),
                "plan": source.send_leads(lp.to_frame([lead])),
            }


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("name", KEPT.split(", "))
def test_what_people_keep_is_the_same_after_pickle_and_copy(kept, name, again):
    back = again(kept[name])
    assert type(back) is type(kept[name])
    assert (str(back), repr(back)) == (str(kept[name]), repr(kept[name]))
    if hasattr(back, "_repr_html_"):
        assert back._repr_html_() == kept[name]._repr_html_()


def test_all_that_is_kept_is_tried(kept):
    assert ", ".join(kept) == KEPT


def test_mappings_stay_read_only_and_work_goes_on(kept):
    found = pickle.loads(pickle.dumps(kept["discovery"]))  # noqa: S301  # our own
    assert isinstance(found.documents, MappingProxyType)
    assert found.jwks == kept["discovery"].jwks
    assert lp.permissions(lp.KeyType.SOURCE_KEY, contract=copy.deepcopy(kept["contract"])).counts["allowed"] == 3


@pytest.mark.parametrize("name", ["operation", "model", "decision", "step"])
def test_a_cell_that_ends_with_it_shows_one_line(kept, name):
    shown = repr(kept[name])
    assert shown.startswith("<")
    assert len(shown) < 200


def test_steps_and_documents_show_where_and_not_what(kept):
    assert repr(kept["step"]).endswith("/users/me → 401 with a challenge>")
    document = next(iter(kept["discovery"].documents.values()))
    assert repr(document) == f"<Document protected resource at {document.url}>"
    assert repr(lp.Discovery.from_documents([{"keys": []}]).steps[0].document) == "<Document jwks>"


def test_a_rate_limit_shows_what_it_is_and_how_much_is_used():
    limit = lp.RateLimit(2, 60.0, monotonic=lambda: 5.0)
    limit.take()
    assert repr(limit) == "<RateLimit 2 in 60 s, 1 used>"
