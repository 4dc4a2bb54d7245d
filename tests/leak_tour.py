"""A tour of all that the toolkit makes of credentials, and the ways in which these come in; runs in a kernel."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import keyring
from cards import ask, press
from keyring.backend import KeyringBackend

import leadping_nb as lp
from leadping_nb.credential import VARIABLES

__all__ = ["WAYS", "tour"]

Texts = Callable[[], list[str]]
"""Gives a user token, a business key and a source key, from a file that only this module reads."""


class _Drawer(KeyringBackend):
    priority = 1

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def get_password(self, service: str, username: str) -> str:
        return self._texts()[VARIABLES.index(username)]

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def _by_widget(texts: Texts) -> list[lp.Credential]:
    cards = [lp.ask() for _ in VARIABLES]
    for card, text in zip(cards, texts(), strict=True):
        press(card, "enter", text.encode())
    return [card.credential for card in cards]


def _by_environment(texts: Texts) -> list[lp.Credential]:
    os.environ.update(zip(VARIABLES, texts(), strict=True))
    found = [lp.Credential.from_env()]
    found += [lp.Credential.from_env({name: os.environ[name]}) for name in VARIABLES[1:]]
    for name in VARIABLES:
        del os.environ[name]
    return found


def _by_prompt(texts: Texts) -> list[lp.Credential]:
    answers = iter(texts())
    return [lp.Credential.prompt(lambda _: next(answers)) for _ in VARIABLES]


def _by_keyring(texts: Texts) -> list[lp.Credential]:
    keyring.set_keyring(_Drawer(texts))
    return [lp.Credential.from_keyring(name) for name in VARIABLES]


WAYS: dict[str, Callable[[Texts], list[lp.Credential]]] = {
    "widget": _by_widget,
    "environment": _by_environment,
    "prompt": _by_prompt,
    "keyring": _by_keyring,
}
"""How a credential comes in, by name."""


def _failed(call: Callable[[], object]) -> BaseException:
    try:
        call()
    except lp.LeadpingError as error:
        return error
    raise AssertionError("It was to fail.")


def tour(credentials: list[lp.Credential], url: str, folder: Path) -> list[object]:
    """Make one of everything; give what would otherwise be gone."""
    user, _, source = credentials
    found = lp.discover(url)
    steps = [*lp.discovery_steps(url)]
    made: list[object] = [*credentials, found, steps, found.keyring(), lp.contract("2026-10-26")]
    made += [one.advice for one in credentials]
    made += [lp.permissions(one) for one in credentials]
    made += [lp.inspect_token(user, discovery=found), lp.fault_lab(), lp.to_frame([{"id": "1"}])]
    for one in credentials[:2]:
        api = lp.connect(one, base_url=url)
        leads = api.frame("leads", limit=30, progress=False)
        made += [api, leads, next(api.pages("leads")), next(iter(api.rows("leads"))), api.forecast("leads")]
        exported = folder / one.key_type.name.lower()
        made += [api.export("sources", exported, progress=False), api.permissions.frame]
        leads.to_parquet(exported / "frame.parquet")
        leads.to_csv(exported / "frame.csv")
        leads.to_pickle(exported / "frame.pickle")
        (exported / "passport.json").write_text(json.dumps(leads.attrs))
        made.append(_failed(lambda api=api: api.one("leads", "lead_of_nobody_test")))
    denied = _failed(lambda: lp.connect(source, base_url=url).frame("leads"))
    dead = lp.Credential.from_text("lp_sandbox_test_of_nobody_0123456789")
    refused = _failed(lambda: lp.connect(dead, base_url=url).frame("sources", progress=False))
    nowhere = _failed(lambda: lp.connect(user, base_url="http://127.0.0.1:9").frame("leads", progress=False))
    made += [
        denied,
        refused,
        nowhere,
        lp.explain(refused, user),
        lp.explain(credential=source, method="GET", url=f"{url}/users/me", status=403),
    ]
    odd = lp.Discovery.from_documents([{"issuer": "http://id.example/", "jwks_uri": "http://id.example/keys"}])
    made += [
        odd,
        *odd.findings,
        lp.check_drift(odd),
        *lp.check_drift(odd),
        lp.guard_outputs(False),
        lp.contract().models["LeadTableRow"],
    ]
    leads = lp.to_frame([{"phone": "(212) 555-0100", "zipp": "1"}])
    made += [lp.check_lead({"phone": "(212) 555-0100", "zipp": "1"}), lp.check_leads(leads), _leaks(credentials)]
    made += [lp.official_sdk(user, base_url=url), *map(lp.kiota_header, credentials)]
    made += [api.snippet("POST", "/leads/all/my", as_=kind) for kind in ("curl", "httpx", "sdk")]
    made += [api.probe(), api.probe(confirm=True, only=["sources"], say=made.append)]
    with api.record(folder / "demo", say=made.append) as recording:
        api.frame("sources", progress=False)
    made += [
        recording,
        lp.pseudonymise(folder / "demo", seed="example"),
        *_leads(lp.connect(source, base_url=url), folder),
    ]
    made += _cards(credentials, found, url)
    return made


def _leads(api: lp.Api, folder: Path) -> list[object]:
    lead = {"firstName": "Ada", "phone": "+12125550100", "email": "ada@example.com", "externalId": "example-1"}
    table = lp.to_frame([lead | {"externalId": "example-2"}])
    card = lp.LeadCard(api)
    typed = json.dumps({"fields": lead}).encode()
    press(card, "preview", typed)
    return [
        card,
        ask(card, typed),
        api.preview_lead(lead),
        api.preview_lead(lead, how="query"),
        api.send_lead(lead, confirm=True),
        api.send_leads(table),
        api.send_leads(table, journal=folder / "sent.jsonl", confirm=True, progress=False),
        _failed(lambda: api.send_lead({"phone": "no"}, confirm=True)),
    ]


def _leaks(credentials: list[lp.Credential]) -> lp.LeakReport:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "leaky.txt").write_text(" ".join(one.reveal() for one in credentials))
        return lp.leak_check(folder, known=credentials)


def _cards(credentials: list[lp.Credential], found: lp.Discovery, url: str) -> list[object]:
    explorer = lp.explorer(url)
    press(explorer.credential_card, "enter", credentials[0].reveal().encode())
    press(explorer.discovery_card, "all")
    data = lp.DataCard(lp.connect(credentials[0], base_url=url))
    press(data, "choose", list="sources")
    press(data, "load", form={"limit": "5", "filters": []})
    token = lp.TokenCard(credentials[0], discovery=found)
    tried = lp.PermissionsCard(lp.connect(credentials[0], base_url=url))
    press(tried, "plan")
    press(tried, "observe", plan=1, confirmed=True)
    shown = [ask(tried, operation="POST /leads/all/my"), ask(tried, operation="POST /tags")]
    return [explorer, data, token, tried, *shown, *(lp.PermissionsCard(one) for one in credentials)]
