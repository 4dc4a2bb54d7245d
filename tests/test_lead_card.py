"""The lead card on the side of Python: what is judged, what is previewed, what is sent, and what is kept."""

import json

import pytest
from cards import press

import leadping_nb as lp
from leadping_nb.errors import Problem
from leadping_nb.widgets.lead_card import LeadCard
from leadping_nb.widgets.lead_form import read_lead

FIELDS = {"firstName": "Ada", "phone": "212-555-0100", "externalId": "web-1"}


def fields(**given):
    return json.dumps({"fields": FIELDS | given}).encode()


def text(value):
    return json.dumps({"text": value if isinstance(value, str) else json.dumps(value)}).encode()


@pytest.fixture
def sandbox():
    with lp.Sandbox(leads=20, now="2026-07-05T12:00:00Z") as running:
        yield running


@pytest.fixture
def card(sandbox):
    with lp.connect(sandbox.source_key, base_url=sandbox.url) as api:
        made = LeadCard(api)
        made.heard = []
        made.send = lambda content, buffers=None: made.heard.append(content)
        yield made
        made.close()


def content(card):
    return card.view["content"]


def test_without_a_credential_it_says_what_it_waits_for():
    card = LeadCard()
    assert content(card)["missing"]["sentence"] == "A credential is needed first."
    press(card, "preview", fields())
    assert card.view["error"]["sentence"] == "A credential is needed first."


def test_what_is_typed_is_judged_and_nothing_is_sent(card, sandbox):
    press(card, "check", fields(phone="555", email="ada@"))
    assert {issue[2] for issue in content(card)["check"]["issues"] if issue[1] == "problem"} == {"phone", "email"}
    press(card, "check", text({"contact": {"phone": {"number": "+12125550100"}}, "metadata": {}}))
    assert card.check.form == "structured"
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "The page sent no lead."),
        (b"[]", "The page sent no lead."),
        (text("{"), "This is no JSON: line 1, column 2."),
        (text("[1]"), "This is JSON, but no object."),
        (text("[" * 100_000), "This is JSON, but no object."),
    ],
)
def test_what_is_no_lead_is_explained_without_being_repeated(card, sent, sentence):
    press(card, "preview", sent)
    assert card.view["error"]["sentence"] == sentence
    assert content(card)["preview"] is None


def test_only_the_fields_of_the_form_are_read():
    assert read_lead(b'{"fields": {"firstName": "Ada", "other": "x", "city": "  "}}') == {"firstName": "Ada"}


def test_a_lead_is_sent_after_a_preview_and_a_yes(card, sandbox):
    press(card, "preview", fields())
    preview = content(card)["preview"]
    assert (preview["request"], preview["can"]) == (f"POST {sandbox.url}/leads/intake", True)
    assert card.heard == [{"preview": 1, "body": '{"firstName":"Ada","phone":"+12125550100","externalId":"web-1"}'}]
    press(card, "send", fields(), confirmed=True)
    assert card.view["error"] is None
    assert card.sent.id == sandbox.leads_received[0]["id"]
    assert content(card)["sent"][0] == ["Lead", card.sent.id]
    assert content(card)["preview"] is None
    assert repr(card) == "<LeadCard: a lead was sent>"


@pytest.mark.parametrize("confirmed", [False, None, "true", 1])
def test_without_a_yes_nothing_is_sent(card, sandbox, confirmed):
    press(card, "preview", fields())
    press(card, "send", fields(), confirmed=confirmed)
    assert card.view["error"]["sentence"] == "The lead was not confirmed."
    assert sandbox.requests == ()


def test_what_was_not_previewed_is_not_sent(card, sandbox):
    press(card, "send", fields(), confirmed=True)
    press(card, "preview", fields())
    press(card, "send", fields(firstName="Eve"), confirmed=True)
    assert card.view["error"]["sentence"] == "Preview the lead first, and send what was previewed."
    press(card, "check", fields())
    press(card, "send", fields(), confirmed=True)
    assert sandbox.requests == ()


def test_a_lead_is_not_sent_twice_from_one_card(card, sandbox):
    for _ in range(2):
        press(card, "preview", fields())
        press(card, "send", fields(), confirmed=True)
    assert card.view["error"]["sentence"] == "This lead was sent already."
    press(card, "preview", fields(externalId="web-2"))
    press(card, "send", fields(externalId="web-2"), confirmed=True)
    assert len(sandbox.leads_received) == 2


def test_a_lost_answer_says_look_and_so_does_a_second_try(card, sandbox):
    with sandbox.faults.on("lead_answer_lost"):
        for _ in range(2):
            press(card, "preview", fields())
            press(card, "send", fields(), confirmed=True)
            assert "Look before you send again" in card.view["error"]["hint"]
    assert isinstance(card.error, lp.LeadpingError)
    assert len(sandbox.leads_received) == 1
    assert card.sent is None


def test_a_lead_that_was_refused_can_be_sent_later(card, sandbox):
    sandbox.set_source(enabled=False)
    press(card, "preview", fields())
    press(card, "send", fields(), confirmed=True)
    assert isinstance(card.error, lp.ForbiddenError)
    sandbox.set_source(enabled=True)
    press(card, "preview", fields())
    press(card, "send", fields(), confirmed=True)
    assert len(sandbox.leads_received) == 1


def test_another_key_may_look_and_not_send(sandbox):
    with lp.connect(sandbox) as api:
        card = LeadCard(api)
        assert "wants a source key" in content(card)["refusal"]
        press(card, "preview", fields())
        assert content(card)["preview"]["can"] is False
        press(card, "send", fields(), confirmed=True)
    assert isinstance(card.error, lp.NotAllowedError)
    assert sandbox.leads_received == ()


def test_another_credential_begins_anew(card, sandbox):
    press(card, "preview", fields())
    press(card, "send", fields(), confirmed=True)
    card.show(None)
    assert (card.sent, card.check, content(card)["preview"]) == (None, None, None)


def kept(card):
    """All that a notebook could keep of a card."""
    return repr(card.get_state()) + repr(card.static_forms()) + repr(card)


@pytest.mark.parametrize(
    ("lead", "place", "typed"),
    [
        ({"ada@mail.example": 1}, "(a name that is not kept)", "ada@mail.example"),
        ({"contact": {"ada@mail.example": 1}}, "contact.(a name that is not kept)", "contact.ada@mail.example"),
    ],
)
def test_names_of_fields_that_were_typed_are_told_to_the_page_alone(card, lead, place, typed):
    press(card, "check", text(lead))
    assert "ada@mail.example" not in kept(card)
    shown = [issue[2] for issue in content(card)["check"]["issues"]]
    (told,) = card.heard
    assert told["check"] == content(card)["told"]["check"]
    assert told["fields"][shown.index(place)] == typed
    press(card, "check", fields())  # which has no such names, so that nothing is told
    assert (len(card.heard), content(card)["told"]) == (1, {})


def test_an_id_of_one_s_own_is_told_to_the_page_alone(card):
    for own in ("zeb.struct@typed.example", ""):
        card.heard.clear()
        press(card, "preview", fields(externalId=own))
        press(card, "send", fields(externalId=own), confirmed=True)
        assert "zeb.struct" not in kept(card)
        if own:
            assert card.heard[-1] == {"sent": content(card)["told"]["sent"], "external_id": own}
        else:
            assert content(card)["sent"][-1] == ["externalId", "none"]
    assert card.sent is not None


@pytest.mark.parametrize("fault", ["lead_answer_lost", "lead_echoed"])
def test_what_is_said_of_a_lead_that_failed_is_told_to_the_page_alone(card, sandbox, monkeypatch, fault):
    own = "zeb.struct@typed.example"

    def refuse(lead, **_):
        raise lp.InvalidRequestError(
            f"POST answered 400. It says: {lead['externalId']} is taken.", status=400, url="", problem=Problem()
        )

    if fault == "lead_echoed":
        monkeypatch.setattr(card._api, "send_lead", refuse)
    else:
        sandbox.faults.on(fault)
    for _ in range(2):
        press(card, "preview", fields(externalId=own))
        press(card, "send", fields(externalId=own), confirmed=True)
        assert own in str(card.error)
        assert own not in kept(card)
        assert card.view["error"]["hint"]
        told = card.heard[-1]
        assert told == {
            "failed": content(card)["told"]["failed"],
            "sentence": card.error.message,
            "hint": card.error.hint,
        }
    press(card, "check", fields())
    assert "failed" not in content(card)["told"]


def test_no_person_and_no_key_is_in_what_is_synchronised_or_shown(card, sandbox):
    lead = {"firstName": "Adalbert", "phone": "+12125550177", "email": "adalbert@mail.example"}
    for action, more in (("check", {}), ("preview", {}), ("send", {"confirmed": True})):
        press(card, action, json.dumps({"fields": lead}).encode(), **more)
        said = repr(card.get_state()) + repr(card.static_forms()) + repr(card)
        for secret in (sandbox.source_key, "Adalbert", "5550177", "adalbert@"):
            assert secret not in said
    assert card.sent is not None


def test_the_still_forms_and_the_code_say_the_same(card, sandbox):
    press(card, "check", fields(phone="555"))
    for form in card.static_forms().values():
        assert "phone-invalid" in form
        assert "Nothing was sent." in form
        assert f"base_url=&quot;{sandbox.url}" in form or f'base_url="{sandbox.url}' in form
    october = lp.contract("2026-10-26")
    with lp.connect("lp_src_example", contract=october) as api:
        assert LeadCard(api).code.count('contract=lp.contract("2026-10-26")') == 1
        assert "sandbox" not in LeadCard(api).code


def test_the_code_says_what_to_write_on_a_sandbox():
    with lp.Sandbox(leads=1) as sandbox, lp.connect(sandbox.source_key, base_url=sandbox.url) as api:
        assert "\n# on a sandbox: credential = lp.Credential.from_text(sandbox.source_key)\n" in LeadCard(api).code


def test_a_sandbox_or_a_key_in_place_of_a_connection_is_refused_with_the_way_to_make_one():
    for other in ("lp_src_example", object()):
        with pytest.raises(lp.LeadpingError, match="with a connection") as caught:
            LeadCard(other)
        assert "base_url=sandbox.url" in caught.value.hint
