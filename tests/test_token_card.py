"""The token card on the side of Python: what it says of each credential, and how its dial moves a clock."""

import base64
import html
import inspect
import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cards import send

import leadping_nb as lp
from leadping_nb.credential import VARIABLES, Credential
from leadping_nb.sandbox.clock import Clock
from leadping_nb.widgets import token_card, token_view
from leadping_nb.widgets.token_card import TokenCard

NOON = datetime(2026, 7, 5, 12, tzinfo=UTC)
SIGNATURE = base64.urlsafe_b64encode(b"test" * 64).decode().rstrip("=")


def unsigned(**claims):
    """A token that nobody signed, which reads well enough."""
    parts = [{"alg": "RS256", "kid": "test-example"}, claims]
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return Credential.from_text(".".join((*written, SIGNATURE)))


def clocked(now=NOON):
    """What has a clock as a sandbox does, standing still."""
    return SimpleNamespace(clock=Clock(now))


def token(card):
    return card.view["content"]["token"]


def cells(card, title):
    """The rows of one of the tables, as texts."""
    [table] = [table for table in token(card)["tables"] if table["title"].startswith(title)]
    return [[cell["text"] for cell in row] for row in table["rows"]]


def everything_of(card):
    bundle, _ = card._repr_mimebundle_()
    return repr(card.get_state()) + repr(bundle) + repr(card) + repr(vars(card))


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox whose clock stands still; each test moves it back to noon."""
    with lp.Sandbox(leads=10, now=NOON) as running:
        yield running


@pytest.fixture
def discovery(sandbox):
    sandbox.clock.set(NOON)
    return lp.discover(sandbox.url)


@pytest.fixture
def credential(sandbox, discovery):
    return Credential.from_text(sandbox.issue_token())


@pytest.fixture
def card(credential, discovery, sandbox):
    return TokenCard(credential, discovery=discovery, sandbox=sandbox)


# -- what it says ----------------------------------------------------------------------------------------------------


def test_a_good_token_is_valid_by_word_and_sign_with_all_its_checks(card):
    assert card.inspection.verdict == "valid"
    shown = token(card)
    assert (shown["sign"], shown["sentence"], shown["advice"]) == ("✓", "The token is valid.", ())
    assert ["✓ passed", "signature", "made with that key", "it is"] in cells(card, "Checks: 10 passed, 1 skipped")
    assert ["exp", "2026-07-05 13:00:00 UTC", "when it ends", "RFC 7519, section 4.1.4"] in cells(card, "Claims")
    assert ["alg", "RS256", "how it says it was signed; the key decides", "RFC 7515, section 4.1.1"] in cells(
        card, "Header"
    )
    assert repr(card) == "<TokenCard: valid token>"


def test_without_a_discovery_a_token_is_unverified_everywhere_and_the_way_to_keys_is_said(credential, sandbox):
    card = TokenCard(credential, sandbox=sandbox)
    shown = token(card)
    assert shown["verdict"] == "unverified"
    assert "nothing it says is proven" in shown["sentence"]
    assert shown["advice"] == (
        "Follow the discovery: it gives the keys, and says which issuer and audience the API accepts.",
    )
    assert shown["doubt"] == " (unverified)"
    assert [table["title"] for table in shown["tables"][1:]] == ["Claims (unverified)", "Header (unverified)"]
    bundle, _ = card._repr_mimebundle_()
    for form in (bundle["text/plain"], bundle["text/html"]):
        assert form.count("unverified") >= 2
        assert "Follow the discovery" in form


def test_a_forged_token_is_refused_with_the_reason_and_what_it_says_is_unverified(credential, discovery, sandbox):
    forged = credential.reveal()[:-40] + "A" * 40
    card = TokenCard(Credential.from_text(forged), discovery=discovery, sandbox=sandbox)
    shown = token(card)
    assert shown["sentence"].startswith("The token is invalid: signature failed.")
    assert shown["advice"] == ("Do not accept it: it was changed, or somebody else made it.",)
    assert shown["tables"][1]["title"] == "Claims (unverified)"
    assert shown["doubt"] == " (unverified)"


def test_a_signed_token_that_is_invalid_says_what_its_issuer_said(sandbox, discovery):
    other = Credential.from_text(sandbox.issue_token(aud="another-test-client"))
    card = TokenCard(other, discovery=discovery, sandbox=sandbox)
    assert token(card)["sentence"] == "The token is invalid: audience failed."
    assert token(card)["tables"][1]["title"] == "Claims (of an invalid token)"
    assert token(card)["doubt"] == ""


def test_keys_that_a_discovery_lacks_are_named_as_the_reason(credential, sandbox):
    discovery = lp.Discovery.from_documents({}, start=sandbox.url)
    card = TokenCard(credential, discovery=discovery, sandbox=sandbox)
    assert token(card)["verdict"] == "unverified"
    assert "Keys are looked for only at issuers that the API accepts." in token(card)["advice"]


def test_times_lie_on_the_line_in_order_and_each_has_its_text(card, sandbox):
    sandbox.clock.advance(600)
    send(card, action="judge")
    shown = token(card)
    assert [(entry["name"], entry["at"] - NOON.timestamp(), entry["utc"]) for entry in shown["moments"]] == [
        ("issued", 0, "2026-07-05 12:00:00 UTC"),
        ("now", 600, "2026-07-05 12:10:00 UTC"),
        ("expires", 3600, "2026-07-05 13:00:00 UTC"),
    ]
    first, last = shown["line"]
    assert first < NOON.timestamp() < NOON.timestamp() + 3600 < last
    assert not shown["ticks"]  # this clock stands still


def test_a_claim_s_local_time_stands_below_it_where_it_is_another(card):
    shown = {row[0]["text"]: row[1] for row in token(card)["tables"][1]["rows"]}
    local = {name: local for name, _, local, *_ in card.inspection.claims_table.rows}
    assert shown["exp"].get("below", shown["exp"]["text"]) == local["exp"]
    assert "below" not in shown["iss"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lp_sandbox_test_example", "a business key"),
        ("lp_src_sandbox_test_example", "a source key"),
        ("sk_example0123test456789abc", "an organization key"),
    ],
)
def test_a_key_is_explained_and_not_read(text, name):
    card = TokenCard(Credential.from_text(text))
    assert card.inspection is None
    nothing = card.view["content"]["nothing"]
    assert nothing["sentence"] == f"Only user tokens can be read, and this is {name}."
    assert "It begins with" in nothing["hint"]
    assert card.error is None
    bundle, _ = card._repr_mimebundle_()
    assert nothing["sentence"] in bundle["text/plain"]
    assert nothing["sentence"] in html.unescape(bundle["text/html"])


def test_no_credential_is_no_error():
    card = TokenCard()
    assert card.view["content"]["nothing"]["sentence"] == "There is no token yet."
    assert card.view["error"] is None
    assert repr(card) == "<TokenCard: no credential>"


def test_a_token_that_cannot_be_read_is_explained(monkeypatch):
    def refuse(*_, **__):
        raise lp.CredentialError("This token is nested too deeply to be read.", hint="Ask for a new token.")

    monkeypatch.setattr(token_card, "inspect_token", refuse)
    card = TokenCard(unsigned())
    assert card.inspection is None
    assert card.view["content"]["nothing"] == {
        "sentence": "This token is nested too deeply to be read.",
        "hint": "Ask for a new token.",
    }
    assert repr(card) == "<TokenCard: user token>"


# -- what is judged changes ------------------------------------------------------------------------------------------


def test_what_is_shown_next_keeps_what_is_not_given(credential, discovery, sandbox):
    card = TokenCard(sandbox=sandbox)
    card.show(credential=credential)
    assert card.inspection.verdict == "unverified"
    card.show(discovery=discovery)
    assert card.inspection.verdict == "valid"
    card.show(credential=Credential.from_text("lp_src_example"))
    assert card.inspection is None
    card.show(credential=credential)
    assert card.inspection.verdict == "valid"
    card.show(discovery=None)
    assert card.inspection.verdict == "unverified"
    card.show(credential=None)
    assert card.view["content"]["nothing"]["sentence"] == "There is no token yet."


# -- the countdown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "label", "seconds"),
    [
        ({"exp": 200}, "Expires in", 200),
        ({"exp": -10}, "Accepted after its end for another", 20),
        ({"nbf": 100, "exp": 200}, "May be used in", 70),
        ({"iat": 100, "nbf": 90, "exp": 200}, "May be used in", 70),
    ],
)
def test_the_countdown_goes_to_what_time_alone_changes_next(claims, label, seconds):
    at = NOON.timestamp()
    card = TokenCard(unsigned(**{name: at + value for name, value in claims.items()}), sandbox=clocked())
    countdown = token(card)["countdown"]
    assert (countdown["label"], countdown["until"] - at) == (label, seconds)
    before, after = (
        [check.outcome for check in lp.inspect_token(card._credential, now=countdown["until"] + step).results]
        for step in (-0.5, 0)
    )
    assert before != after or label == "Expires in"  # an end is accepted until the leeway is over


@pytest.mark.parametrize("claims", [{}, {"exp": "soon"}, {"exp": -31}, {"exp": True}])
def test_where_time_changes_nothing_more_there_is_no_countdown(claims):
    at = NOON.timestamp()
    given = {name: at + value if type(value) is int else value for name, value in claims.items()}
    assert token(TokenCard(unsigned(**given), sandbox=clocked()))["countdown"] is None


def test_a_token_within_the_leeway_is_valid_and_said_to_have_ended(card, sandbox):
    sandbox.clock.set(NOON + timedelta(seconds=3610))
    send(card, action="judge")
    assert token(card)["sentence"] == "The token has ended, and is still valid: clocks may differ by 30 s."
    sandbox.clock.set(NOON + timedelta(seconds=3630))
    send(card, action="judge")
    assert token(card)["sentence"] == "The token is invalid: expiry failed."


def test_the_leeway_is_that_of_inspect_token():
    assert inspect.signature(lp.inspect_token).parameters["leeway"].default == token_view.LEEWAY


# -- the dial --------------------------------------------------------------------------------------------------------


def test_the_dial_goes_from_before_the_issue_to_after_the_end(card):
    dial, at = token(card)["dial"], NOON.timestamp()
    assert (dial["first"] - at, dial["step"], dial["moved"]) == (-180, 10, False)
    assert 3600 + 30 < dial["last"] - at < 3600 + 200
    assert (dial["last"] - dial["first"]) % dial["step"] == 0
    assert token(card)["marks"] == [("issue", at), ("expiry", at + 3600)]
    assert token(card)["line"] == (dial["first"], dial["last"])


def test_past_the_end_the_token_is_invalid_and_back_it_is_valid_again(card, sandbox):
    end = token(card)["dial"]["last"]
    send(card, action="move", to=end)
    assert sandbox.clock.now().timestamp() == end
    assert token(card)["sentence"] == "The token is invalid: expiry failed."
    assert token(card)["advice"] == ("Sign in again, or ask for a new token.",)
    assert token(card)["dial"]["moved"]
    assert token(card)["dial"]["asked"] == end
    sandbox.clock.advance(5)  # what passes meanwhile
    send(card, action="back")
    assert sandbox.clock.now() == NOON + timedelta(seconds=5)
    assert token(card)["sentence"] == "The token is valid."
    assert not token(card)["dial"]["moved"]


def test_before_the_issue_the_token_is_not_yet_to_be_used(card):
    send(card, action="move", to=token(card)["dial"]["first"])
    assert token(card)["sentence"] == "The token is invalid: issued at failed."


@pytest.mark.parametrize("to", [None, "now", True, 0, 1e300, float("nan"), [1]])
def test_the_dial_goes_nowhere_else(card, sandbox, to):
    send(card, action="move", to=to)
    assert card.view["error"]["sentence"] == "The dial cannot be moved there."
    assert sandbox.clock.now() == NOON
    assert token(card)["verdict"] == "valid"


def test_a_card_without_a_sandbox_moves_no_clock(credential, discovery):
    card = TokenCard(credential, discovery=discovery)
    assert token(card)["dial"] is None
    assert token(card)["ticks"]
    for action in ("move", "back"):
        send(card, action=action, to=NOON.timestamp())
        assert card.view["error"]["sentence"] == "The page asked for something that this card cannot do."


def test_where_there_is_no_token_there_is_nothing_to_move_to(sandbox):
    card = TokenCard(sandbox=sandbox)
    send(card, action="move", to=NOON.timestamp())
    assert card.view["error"]["sentence"] == "The dial cannot be moved there."


@pytest.mark.parametrize(
    "claims",
    [{}, {"exp": "soon"}, {"exp": 1e300}, {"exp": 10**299}, {"iat": 2e9, "exp": 1e9}, {"iat": -1e300, "exp": 1e300}],
)
def test_a_life_beyond_the_calendar_has_no_dial_and_is_still_shown(claims):
    card = TokenCard(unsigned(**claims), sandbox=clocked())
    assert token(card)["dial"] is None
    assert json.dumps(card.view, allow_nan=False)
    assert token(card)["line"][0] < token(card)["line"][1]


@pytest.mark.parametrize(("life", "step"), [(60, 1), (86_400, 300), (30 * 86_400, 21_600), (50 * 365 * 86_400, 86_400)])
def test_a_press_of_a_key_moves_the_dial_by_a_round_step_of_the_life(life, step):
    at = NOON.timestamp()
    card = TokenCard(unsigned(iat=at, exp=at + life), sandbox=clocked())
    assert token(card)["dial"]["step"] == step


def test_a_life_without_a_beginning_is_taken_for_an_hour():
    at = NOON.timestamp()
    card = TokenCard(unsigned(exp=at + 60), sandbox=clocked())
    assert token(card)["dial"]["first"] == at + 60 - 3600 - 180
    assert token(card)["marks"] == [("expiry", at + 60)]


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_nothing_that_the_card_synchronises_or_shows_holds_the_token_or_its_signature(card, credential):
    text = credential.reveal()
    everything = everything_of(card)
    assert text not in everything
    for part in text.split("."):
        assert part not in everything
        assert part[-30:] not in everything


HOSTILE = "<img src=x onerror=alert(1)>"


def test_what_a_token_says_is_text_in_every_form():
    card = TokenCard(unsigned(**{"iss": HOSTILE, HOSTILE: "\x1b[31m‮", "exp": NOON.timestamp()}), sandbox=clocked())
    bundle, _ = card._repr_mimebundle_()
    assert "<img" not in bundle["text/html"]
    assert html.escape(HOSTILE) in bundle["text/html"]
    for form in (*bundle.values(), json.dumps(card.view, ensure_ascii=False)):
        assert "\x1b" not in str(form)
        assert "‮" not in str(form)


def test_a_token_of_many_claims_is_cut_short_and_the_page_gets_little():
    card = TokenCard(unsigned(**{f"claim-{number}": "x" * 300 for number in range(100)}))
    assert cells(card, "Claims")[-1][0] == "and 40 more"
    assert len(json.dumps(card.get_state(), default=str)) < 100_000


def test_the_still_forms_say_what_the_card_says_and_depend_on_token_keys_and_clock_alone(card, credential, discovery):
    forms = [
        one._repr_mimebundle_()[0] for one in (card, TokenCard(credential, discovery=discovery, sandbox=clocked(NOON)))
    ]
    for kind in ("text/plain", "text/html"):
        assert forms[0][kind] == forms[1][kind]
        text = html.unescape(forms[0][kind])
        assert "✓ The token is valid; it ends in 60 minutes." in text
        assert "2026-07-05 13:00:00 UTC" in text
        assert "made with that key" in text or "✓ signature passed" in text
        assert "#" not in re.sub("# (LEADPING_USER_TOKEN|on a sandbox:)", "", text)  # no label of this process


# -- the code --------------------------------------------------------------------------------------------------------


def last_value(code):
    *lines, last = code.splitlines()
    names = {}
    exec("\n".join(lines), names)  # noqa: S102 - that it runs is what is tested
    return eval(last, names)  # noqa: S307


@pytest.fixture
def in_the_environment(monkeypatch, credential):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LEADPING_USER_TOKEN", credential.reveal())


@pytest.mark.usefixtures("in_the_environment")
def test_the_code_finds_what_the_card_found_also_at_another_time(card):
    assert last_value(card.code).to_json() == card.inspection.to_json()
    assert "\n# on a sandbox: token = lp.Credential.from_text(sandbox.user_token)\ntoken = " in card.code
    send(card, action="move", to=token(card)["dial"]["last"])
    assert "now = datetime(2026, 7, 5, 13, 3, 10, tzinfo=UTC)" in card.code
    assert last_value(card.code).to_json() == card.inspection.to_json()


@pytest.mark.usefixtures("in_the_environment")
def test_without_sandbox_and_discovery_the_code_is_as_short(credential):
    code = TokenCard(credential).code
    assert code == (
        "import leadping_nb as lp\n\ntoken = lp.Credential.from_env()  # LEADPING_USER_TOKEN\nlp.inspect_token(token)"
    )
    assert last_value(code).claims == TokenCard(credential).inspection.claims
    assert TokenCard().code == code
