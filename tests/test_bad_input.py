"""Wrong arguments for everything public: each is refused at the door, with a hint, before anything is sent or written.

`ROWS` has a row for each argument: how it is given, and which of the things in `Pool` it may well be. All others must
be refused. A public function, or an argument of one, without a row makes a test fail.
"""

import inspect
import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import leadping_nb as lp
from leadping_nb.list_options import Query

SECRET = "lp_src_test0123example456789XYZ"

NONE = {"none"}
TEXT = {"empty", "digits", "word", "no scheme", "http", "broken address", "port", "secret", "NUL"}
NUMBER = {"zero", "minus", "fraction", "numpy", "huge"}
MOMENT = {"zero", "minus", "fraction", "numpy", "time"}  # huge is beyond the calendar
DICT = {"dict", "odd dict", "numbered dict"}
FLAG = {"true"}
FUNCTION = {"class", "function"}
PATH = {"digits", "word", "no scheme", "http", "broken address", "port", "path", "folder", "file"}
ANYTHING = None
"""What is looked at in no way, or by Python's own rules; each such row says why."""


def pool(folder: Path, sandbox: lp.Sandbox) -> dict[str, object]:
    """Give one of everything that somebody may hand over."""
    return {
        "none": None,
        "empty": "",
        "digits": "250",
        "word": "nonsense",
        "no scheme": "api.leadping.ai",
        "http": "http://api.leadping.ai",
        "broken address": "https://[::1",
        "port": "http://127.0.0.1:99999",
        "secret": SECRET,
        "NUL": "a\0b",
        "half": "\ud800",
        "bytes": b"x",
        "no bytes": b"",
        "zero": 0,
        "minus": -1,
        "fraction": 1.5,
        "NaN": math.nan,
        "infinity": math.inf,
        "huge": 10**30,
        "true": True,
        "numpy": np.int64(5),
        "complex": 1j,
        "list": [],
        "texts": ["x"],
        "tuple": (1, 2),
        "set": {1},
        "dict": {},
        "odd dict": {"x": object()},
        "numbered dict": {1: 2},
        "path": folder / "missing" / "file",
        "folder": folder,
        "file": folder / "no-utf-8.json",
        "naive": datetime(2026, 7, 5),
        "date": date(2026, 7, 5),
        "time": pd.Timestamp("2026-07-05", tz="UTC"),
        "NaT": pd.NaT,
        "sandbox": sandbox,
        "object": object(),
        "class": int,
        "function": lambda *given: None,
        "frame": pd.DataFrame({"a": [1]}),
        "empty frame": pd.DataFrame(),
    }


@dataclass(frozen=True)
class Row:
    """One argument of one call."""

    call: str
    argument: str
    give: Callable[[SimpleNamespace, object], object]
    fine: set[str] | None = frozenset()

    def __str__(self) -> str:
        return f"{self.call}({self.argument})"


LEAD = {"firstName": "Ada", "phone": "(212) 555-0100"}
LEADS = pd.DataFrame([LEAD])


def rows_of(call: str, give: Callable[..., object], **arguments: set[str] | None) -> list[Row]:
    """Give a row for each argument of a call that takes them by name; the world comes first."""

    def giving(argument: str) -> Callable[[SimpleNamespace, object], object]:
        return lambda world, value: give(world, **{argument: value})

    return [Row(call, argument, giving(argument), fine) for argument, fine in arguments.items()]


def closed_sandbox(world: SimpleNamespace, **given: object) -> None:
    lp.Sandbox(**{"leads": 1, **given}).close()


def listed(**more: set[str] | None) -> dict[str, set[str] | None]:
    """Give the options that lists have."""
    return {
        "page_size": NONE | {"numpy"},
        "filters": NONE | {"dict"},
        "ranges": NONE | {"dict"},
        "order_by": NONE | {"list", "empty"},
        "search": NONE | TEXT,
        "search_fields": NONE | {"list"},
        "params": NONE | {"dict"},
        "path": NONE | {"dict"},
        **more,
    }


ROWS = (
    *rows_of(
        "Sandbox",
        closed_sandbox,
        leads=NONE | {"zero", "numpy"},
        seed=NONE | {"zero", "minus", "numpy", "huge"},
        revision=NONE,
        now=NONE | {"naive", "time"},
        rate_limit=NONE | {"numpy", "huge"},
        port={"zero", "numpy"},
        monotonic=FUNCTION,
        replay=NONE,
        allow_raw=FLAG,
    ),
    *rows_of(
        "Sandbox.issue_token",
        lambda w, **given: w.sandbox.issue_token(**given),
        lifetime=NUMBER,
        kid=NONE | TEXT,
        key=NONE,
        algorithm=set(),
        headers=NONE | {"dict"},
        claims=ANYTHING,  # a lesson may want any claim
    ),
    *rows_of("Sandbox.rotate_keys", lambda w, **given: w.sandbox.rotate_keys(**given), keep_old=FLAG),
    *rows_of("Sandbox.rotate", lambda w, **given: w.sandbox.rotate(**given), key_type=set()),
    *rows_of("Sandbox.source_key_of", lambda w, **given: w.sandbox.source_key_of(**given), source_id=set()),
    *rows_of(
        "Sandbox.set_source",
        lambda w, **given: w.sandbox.set_source(**given),
        source_id=NONE,
        enabled=NONE | FLAG,
        approved=NONE | FLAG,
        requires_trusted_form=NONE | FLAG,
    ),
    *rows_of("Sandbox.clock.advance", lambda w, **given: w.sandbox.clock.advance(**given), by=NUMBER - {"huge"}),
    *rows_of("Sandbox.clock.set", lambda w, **given: w.sandbox.clock.set(**given), when={"naive", "time"}),
    *rows_of(
        "Sandbox.faults.on",
        lambda w, **given: w.sandbox.faults.on(**{"name": "redirect", **given}),
        name=set(),
        times=NONE | {"numpy", "huge"},
        after={"zero", "numpy", "huge"},
        path=NONE | TEXT,
    ),
    *rows_of(
        "Credential.from_text",
        lambda w, **given: lp.Credential.from_text(**{"text": "lp_example", **given}),
        text={"secret"},
        origin=TEXT,
        allow_shared_host=FLAG,
    ),
    *rows_of(
        "Credential.from_env",
        lambda w, **given: lp.Credential.from_env(**{"environ": {"LEADPING_API_KEY": "lp_example"}, **given}),
        environ=NONE,
        allow_shared_host=FLAG,
    ),
    *rows_of(
        "Credential.prompt",
        lambda w, **given: lp.Credential.prompt(**{"getpass": lambda question: "lp_example", **given}),
        getpass=NONE | FUNCTION,
        allow_shared_host=FLAG,
    ),
    *rows_of(
        "Credential.from_keyring",
        lambda w, **given: lp.Credential.from_keyring(**given),
        name=set(),
        service=set(),
        allow_shared_host=set(),
    ),
    *rows_of("contract", lambda w, **given: lp.contract(**given), revision=set()),
    *rows_of(
        "Contract.match",
        lambda w, **given: lp.contract().match(**{"method": "GET", "url": "/tags", **given}),
        method=TEXT,
        url=TEXT,
    ),
    *rows_of(
        "Contract.nearest",
        lambda w, **given: lp.contract().nearest(**{"method": "GET", **given}),
        method=TEXT,
        url=TEXT,
        count={"numpy", "huge"},
    ),
    *rows_of("Contract.operation", lambda w, **given: lp.contract().operation(**given), identifier=set()),
    *rows_of(
        "permissions",
        lambda w, **given: lp.permissions(**{"credential": None, **given}),
        credential=NONE,
        contract=NONE,
        observed=NONE,
    ),
    *rows_of(
        "Permissions.check",
        lambda w, **given: lp.permissions(None).check(**{"method": "GET", "url": "/tags", **given}),
        method=TEXT,
        url=TEXT,
    ),
    *rows_of(
        "compare_contracts",
        lambda w, **given: lp.compare_contracts(**{"a": "2026-07-05", "b": "2026-07-05", **given}),
        a=set(),
        b=set(),
    ),
    *rows_of(
        "discover",
        lambda w, **given: lp.discover(**{"url": w.sandbox.url, **given}),
        url=set(),
        now=FUNCTION,
    ),
    *rows_of(
        "discovery_steps",
        lambda w, **given: lp.discovery_steps(**{"url": w.sandbox.url, **given}),
        url=set(),
        now=FUNCTION,
    ),
    *rows_of(
        "Discovery.from_documents",
        lambda w, **given: lp.Discovery.from_documents(**{"documents": {}, **given}),
        documents={"list", "texts", "tuple", "set", *DICT, "empty frame"},  # a document may be any JSON
        start=TEXT,
    ),
    *rows_of(
        "Discovery.keyring",
        lambda w, **given: w.discovery.keyring(**given),
        ttl=NUMBER - {"minus"},
        cool_down=NUMBER - {"minus"},
        stale_for=NUMBER - {"minus"},
    ),
    *rows_of(
        "Keyring",
        lambda w, **given: lp.Keyring(**{"fetch": lambda address: {}, "addresses": {}, **given}),
        fetch=FUNCTION,
        addresses=DICT,
        audiences=ANYTHING,  # texts that are compared with aud
        ttl=NUMBER - {"minus"},
        cool_down=NUMBER - {"minus"},
        stale_for=NUMBER - {"minus"},
        now=FUNCTION,
        background=NONE | FUNCTION,
    ),
    *rows_of(
        "Keyring.keys_for",
        lambda w, **given: w.discovery.keyring().keys_for(**{"issuer": "x", "kid": None, **given}),
        issuer=TEXT,
        kid=NONE | TEXT,
    ),
    *rows_of(
        "check_drift",
        lambda w, **given: lp.check_drift(**{"discovery": w.discovery, **given}),
        discovery=set(),
        contract=NONE,
    ),
    *rows_of(
        "parse_www_authenticate",
        lambda w, **given: lp.parse_www_authenticate(**given),
        header=NONE | TEXT | {"half"},  # a text from outside never raises
    ),
    *rows_of(
        "inspect_token",
        lambda w, **given: lp.inspect_token(**{"token": w.token, **given}),
        token=set(),
        discovery=NONE,
        jwks=NONE,
        issuer=NONE | TEXT - {"empty"},
        audience=NONE | TEXT - {"empty"} | {"texts", "frame"},
        now=NONE | MOMENT,
        leeway=NUMBER - {"minus"},
        tz=NONE,
        server_date=NONE | MOMENT,
    ),
    *rows_of(
        "connect",
        lambda w, **given: lp.connect(**{"credential": "lp_example", **given}),
        credential=NONE | {"secret", "sandbox"},
        base_url=NONE,
        contract=NONE,
        rate_limit=NONE | {"numpy", "huge"},
    ),
    *rows_of(
        "RateLimit",
        lambda w, **given: lp.RateLimit(**given),
        requests={"numpy", "huge"},
        seconds=NUMBER - {"zero", "minus"},
        monotonic=FUNCTION,
    ),
    *rows_of(
        "RateLimit.seconds_for",
        lambda w, **given: lp.RateLimit().seconds_for(**{"requests": 1, "each": 1, **given}),
        requests={"zero", "numpy", "huge"},
        each=NUMBER - {"minus"},
    ),
    *rows_of(
        "Api.frame",
        lambda w, **given: w.api.frame(**{"name": "leads", **given}),
        name=set(),
        limit=NONE | {"numpy", "huge"},
        since=NONE,
        on_error=set(),
        dtype_backend=set(),
        progress=NONE | FLAG,
        stop=NONE,
        **listed(),
    ),
    *rows_of(
        "Api.frames",
        lambda w, **given: w.api.frames(given.pop("names", "leads"), **given),
        names=set(),
        limit=NONE | {"numpy", "huge"},
        progress=NONE | FLAG,
        **listed(),
    ),
    *rows_of(
        "Api.resume",
        lambda w, **given: w.api.resume(**{"frame": w.part, **given}),
        frame=set(),
        limit=NONE | {"numpy", "huge"},
        on_error=set(),
        progress=NONE | FLAG,
        stop=NONE,
    ),
    *rows_of(
        "Api.forecast",
        lambda w, **given: w.api.forecast(**{"name": "leads", **given}),
        name=set(),
        say=NONE | FUNCTION,
        stop=NONE,
        **listed(),
    ),
    *rows_of(
        "Api.export",
        lambda w, **given: w.api.export(**{"name": "leads", "folder": w.new / "export", **given}),
        name=set(),
        folder=PATH - {"folder", "file"},
        rows_per_file={"numpy", "huge"},
        progress=NONE | FLAG,
        **listed(),
    ),
    *rows_of(
        "Api.record",
        lambda w, **given: w.api.record(**{"folder": w.new / "recording", **given}).__enter__(),
        folder=PATH - {"folder", "file"},
        say=NONE | FUNCTION,
    ),
    *rows_of("Api.pages", lambda w, **given: next(w.api.pages(**{"name": "leads", **given})), name=set(), **listed()),
    *rows_of("Api.rows", lambda w, **given: next(w.api.rows(**{"name": "leads", **given})), name=set(), **listed()),
    *rows_of(
        "Api.one",
        lambda w, **given: w.api.one(**{"name": "leads", "id": "1", **given}),
        name=set(),
        id=TEXT - {"empty", "secret"} | {"zero", "minus", "numpy", "huge"},
    ),
    *rows_of(
        "Api.get",
        lambda w, **given: w.api.get(**{"path": "/tags", **given}),
        path=set(),
        params=NONE | {"dict"},
    ),
    *rows_of(
        "Api.preview_lead",
        lambda w, **given: w.source.preview_lead(**{"payload": LEAD, **given}),
        payload=DICT,
        form=NONE,
        how=NONE,
        region=set(),
    ),
    *rows_of(
        "Api.send_lead",
        lambda w, **given: w.source.send_lead(**{"payload": LEAD, **given}),
        payload=DICT,
        confirm=ANYTHING,  # only True sends, everything else is a preview
        form=NONE,
        region=set(),
    ),
    *rows_of(
        "Api.send_leads",
        lambda w, **given: w.source.send_leads(**{"df": LEADS, **given}),
        df={"frame", "empty frame"},
        confirm=ANYTHING,  # only True sends, everything else is a preview
        journal=NONE | PATH - {"folder", "file"},
        columns=NONE | {"dict"},
        form=NONE,
        region=set(),
        resend_unknown=FLAG,
        resend_refused=FLAG,
        progress=NONE | FLAG,
        stop=NONE,
    ),
    *rows_of(
        "Api.snippet",
        lambda w, **given: w.api.snippet(**{"method": "GET", "path": "/tags", **given}),
        method=set(),
        path=set(),
        as_=set(),
        params=NONE | {"dict"},
        body=NONE,
    ),
    *rows_of(
        "Api.probe",
        lambda w, **given: w.api.probe(**{"say": len, **given}),
        confirm=ANYTHING,  # only True calls, everything else is a plan
        only=NONE | {"list"},
        by_id=FLAG,
        say=NONE | FUNCTION,
        on_observation=NONE | FUNCTION,
        stop=NONE,
    ),
    *rows_of(
        "check_lead",
        lambda w, **given: lp.check_lead(**{"payload": LEAD, **given}),
        payload=DICT,
        form=NONE,
        contract=NONE,
        region=set(),
        now=NONE | MOMENT,
    ),
    *rows_of(
        "check_leads",
        lambda w, **given: lp.check_leads(**{"df": LEADS, **given}),
        df={"frame", "empty frame"},
        columns=NONE | {"dict"},
        form=NONE,
        contract=NONE,
        region=set(),
        now=NONE | MOMENT,
    ),
    *rows_of("LeadsCheck.payload", lambda w, **given: lp.check_leads(LEADS).payload(**given), row={"zero"}),
    *rows_of(
        "leak_check",
        lambda w, **given: lp.leak_check(**{"path": w.folder, **given}),
        path={"list", "folder", "file"},
        known={"list"} | TEXT - {"empty", "digits", "NUL"},
        allow=NONE | {"list", "texts", "tuple", "set"},
    ),
    *rows_of(
        "leaks_in_notebook",
        lambda w, **given: lp.leaks_in_notebook(**{"content": {}, **given}),
        content=DICT,
        known={"list"} | TEXT - {"empty", "digits", "NUL"},
    ),
    *rows_of(
        "to_frame",
        lambda w, **given: lp.to_frame(**{"data": [], **given}),
        data={"list", "dict", "odd dict", "empty frame"},
        model=NONE,
        contract=NONE,
        dtype_backend=set(),
    ),
    *rows_of("to_dask", lambda w, **given: lp.to_dask(**given), folder=set()),
    *rows_of(
        "pseudonymise",
        lambda w, **given: lp.pseudonymise(**{"folder": w.recording, **given}),
        folder=set(),
        seed=NONE | TEXT - {"empty"} | {"half", "bytes", "zero", "minus", "huge"},
        to=NONE | PATH - {"folder", "file"},
        shift_times=FLAG,
        also={"list"},
    ),
    *rows_of("Recording.read", lambda w, **given: lp.Recording.read(**given), folder=set()),
    *rows_of(
        "explain",
        lambda w, **given: lp.explain(**{"url": "/tags", "status": 403, **given}),
        failure=NONE,
        credential=NONE | {"secret"},
        method=NONE | TEXT,
        url=TEXT - {"empty"},
        status=set(),
        headers=NONE | DICT,
        body=NONE | TEXT | DICT | {"half", "bytes", "no bytes"},
        discovery=NONE,
        contract=NONE,
        now=NONE | MOMENT,
    ),
    *rows_of("guard_outputs", lambda w, **given: lp.guard_outputs(**given), on=FLAG),
    *rows_of("forgery_bench", lambda w, **given: lp.forgery_bench(**given), sandbox={"sandbox"}),
    *rows_of(
        "FaultLab.try_out",
        lambda w, **given: lp.fault_lab().try_out(**{"sandbox": w.sandbox, "name": "pkce_missing", **given}),
        sandbox={"sandbox"},
        name=set(),
    ),
    *rows_of(
        "official_sdk",
        lambda w, **given: lp.official_sdk(**{"credential": "lp_example", **given}),
        credential=NONE | {"secret", "sandbox"},
        base_url=NONE,
        contract=NONE,
        allow_writes=FLAG,
        rate_limit=NONE | {"numpy", "huge"},
    ),
    *rows_of("kiota_header", lambda w, **given: lp.kiota_header(**given), credential={"secret"}),
    *rows_of(
        "sdk_frame",
        lambda w, **given: lp.sdk_frame(**{"models": [], **given}),
        models={"list", "empty frame"},
        model=NONE,
        contract=NONE,
        dtype_backend=set(),
    ),
    *rows_of("Secret", lambda w, **given: lp.Secret(**given), text=TEXT | {"half"}),
    *rows_of(
        "charts.leads_by",
        lambda w, **given: lp.charts.leads_by(**{"leads": w.leads, **given}),
        leads=set(),
        by=set(),
    ),
    *rows_of(
        "charts.leads_over_time",
        lambda w, **given: lp.charts.leads_over_time(**{"leads": w.leads, **given}),
        leads=set(),
        every=NONE,
        by=NONE,
    ),
    *rows_of(
        "charts.funnel",
        lambda w, **given: lp.charts.funnel(**{"leads": w.leads, **given}),
        leads=set(),
        by=set(),
    ),
    *rows_of(
        "charts.Chart.save",
        lambda w, **given: lp.charts.spend(w.ledger).save(**given),
        path=PATH - {"folder", "path"},
    ),
    *rows_of(
        "charts.response_time",
        lambda w, **given: lp.charts.response_time(
            given.get("leads", w.leads), given.get("activity", w.calls), *([given["more"]] if "more" in given else [])
        ),
        leads=set(),
        activity=set(),
        more=set(),
    ),
    *rows_of(
        "charts.spend", lambda w, **given: lp.charts.spend(**{"ledger": w.ledger, **given}), ledger=set(), every=NONE
    ),
    *rows_of(
        "workshop.part",
        lambda w, **given: lp.workshop.part(**{"number": 1, "sandbox": w.sandbox, "keep": None, **given}),
        number={"numpy"},
        sandbox={"sandbox"},
        keep=NONE | PATH,
    ),
    *rows_of(
        "workshop.Part.completion_code",
        lambda w, **given: lp.workshop.part(1, w.sandbox, keep=None).completion_code(**given),
        word=ANYTHING,  # what is no text is a place that was not filled in yet, and said to be
    ),
    *rows_of(
        "workshop.completion_code",
        lambda w, **given: lp.workshop.completion_code(**{"parts": [1], **given}),
        parts={"list", "tuple", "set", "dict", "numbered dict", "empty frame"},
        word=TEXT,
        nonce=NONE | {"zero", "numpy", "huge"},
    ),
    *rows_of(
        "workshop.verify",
        lambda w, **given: lp.workshop.verify(**{"code": "000E", **given}),
        code=ANYTHING,  # what is none is found not to be genuine
        word=TEXT,
    ),
    *rows_of(
        "explorer",
        lambda w, **given: lp.explorer(**{"target": w.sandbox, **given}),
        target=NONE | {"sandbox"},
        contract=NONE,
        allow_shared_host=FLAG,
    ),
    *(
        row
        for name in ("ask", "CredentialCard")
        for row in rows_of(
            name,
            lambda w, name=name, **given: getattr(lp, name)(**given),
            on_credential=NONE | FUNCTION,
            sandbox=NONE | {"sandbox"},
            allow_shared_host=FLAG,
        )
    ),
    *rows_of("DataCard", lambda w, **given: lp.DataCard(**given), api=NONE, on_frame=NONE | FUNCTION),
    *rows_of("DataCard.show", lambda w, **given: lp.DataCard().show(**given), api=NONE),
    *rows_of(
        "DiscoveryCard", lambda w, **given: lp.DiscoveryCard(**given), url={"sandbox"}, on_discovery=NONE | FUNCTION
    ),
    *rows_of("LeadCard", lambda w, **given: lp.LeadCard(**given), api=NONE),
    *rows_of("LeadCard.show", lambda w, **given: lp.LeadCard().show(**given), api=NONE),
    *rows_of(
        "PermissionsCard", lambda w, **given: lp.PermissionsCard(**given), credential=NONE, contract=NONE, observed=NONE
    ),
    *rows_of(
        "PermissionsCard.show",
        lambda w, **given: lp.PermissionsCard().show(**{"credential": None, **given}),
        credential=NONE,
        observed=NONE,
    ),
    *rows_of(
        "TokenCard",
        lambda w, **given: lp.TokenCard(**given),
        credential=NONE,
        discovery=NONE,
        sandbox=NONE | {"sandbox"},
    ),
    *rows_of("TokenCard.show", lambda w, **given: lp.TokenCard().show(**given), credential=NONE, discovery=NONE),
)

MADE_BY_US = {
    "Api": "connect makes it",
    "Explorer": "explorer makes it",
    "Recording.add": "api.record writes by it",
    "Recording.as_pseudonymised": "pseudonymise writes by it",
    "Recording.body": "a sandbox reads by it",
    "PseudonymisationReport.counted": "pseudonymise makes it",
    "PseudonymisationReport.of_json": "pseudonymise makes it",
    "Document.get": "a member that is none is None",
    "Document.text": "a member that is none is None",
    "Document.texts": "a member that is none is None",
    "workshop.Part": "part makes it",
    "workshop.Record": "part makes it",
    "workshop.Record.add": "a part writes by it",
    "workshop.Record.tell": "the progress card listens by it",
}
"""What nobody calls but the toolkit, or takes whatever comes."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    (folder / "no-utf-8.json").write_bytes(b"\xff\xfe\x00\xd8 and more\x80")
    with (
        lp.Sandbox(leads=20, now="2026-07-05T12:00:00Z", rate_limit=None) as sandbox,
        lp.connect(sandbox) as api,
        lp.connect(sandbox.source_key, base_url=sandbox.url) as source,
    ):
        with api.record(folder / "recording", say=len):
            api.get("/tags")
        yield SimpleNamespace(
            folder=folder,
            new=folder / "new",
            recording=folder / "recording",
            sandbox=sandbox,
            api=api,
            source=source,
            token=sandbox.user_token,
            discovery=lp.discover(sandbox.url),
            part=api.frame("leads", limit=3, page_size=3),
            leads=api.frame("leads"),
            calls=api.frame("calls"),
            ledger=api.frame("transactions"),
            pool=pool(folder, sandbox),
        )


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Let whatever is written by a relative path lie where nobody minds."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_an_argument_cannot_be_is_refused_before_anything_is_done(row, world):
    if row.fine is ANYTHING:
        return
    wrong = []
    before = len(world.sandbox.requests), sorted(world.folder.rglob("*"))
    for kind, value in world.pool.items():
        if kind in row.fine:
            continue
        try:
            row.give(world, value)
        except lp.LeadpingError as error:
            if not error.hint or SECRET in str(error) or "object at 0x" in str(error):
                wrong.append(f"{kind}: {error}")
        except Exception as error:
            wrong.append(f"{kind}: {type(error).__name__}: {error}")
        else:
            wrong.append(f"{kind}: taken")
    after = len(world.sandbox.requests), sorted(world.folder.rglob("*"))
    assert not wrong, "\n".join(wrong)
    assert before == after, "something was sent or written"
    assert [*Path.cwd().iterdir()] == []


def members(of: type) -> dict[str, Callable[..., object]]:
    """Give the methods of a class that are ours and public."""
    return {
        name: getattr(of, name)
        for name, value in vars(of).items()
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, classmethod | staticmethod))
    }


def calls() -> dict[str, Callable[..., object]]:
    """Give all that can be called with arguments: functions, constructors that are no records, and methods."""
    found = {}
    modules = {"": lp, "charts.": lp.charts, "workshop.": lp.workshop}
    public = {prefix + name: getattr(module, name) for prefix, module in modules.items() for name in module.__all__}
    for name, value in public.items():
        if value.__module__.startswith("leadping_nb.workshop.question"):
            continue  # exercises say themselves what is no answer
        if not inspect.isclass(value):
            found[name] = value
        elif not issubclass(value, Exception):
            found |= {f"{name}.{method}": function for method, function in members(value).items()}
            if "__init__" in vars(value) and not is_dataclass(value):
                found[name] = value
    return found


def test_every_argument_of_everything_public_has_a_row():
    known = {(row.call, row.argument) for row in ROWS}
    lacking = []
    for call, function in calls().items():
        for parameter in inspect.signature(function).parameters.values():
            names = list(Query.__annotations__) if "Unpack" in str(parameter.annotation) else [parameter.name]
            lacking += [f"{call}({name})" for name in names if name != "self" and (call, name) not in known]
    assert [entry for entry in lacking if entry.partition("(")[0] not in MADE_BY_US] == []


def test_what_is_of_no_kind_is_said_of_the_members_of_a_list_too(world):
    for call in (
        lambda: world.api.frame("leads", filters={"status": math.nan}),
        lambda: world.api.frame("leads", filters={"status": object()}),
        lambda: world.api.frame("leads", ranges={"createdAt": (pd.NaT, None)}),
        lambda: world.api.frame("leads", order_by=["createdAt", 3]),
        lambda: world.api.get("/tags", params={"x": object()}),
        lambda: world.api.pages("leads", filters={"stauts": "New"}),
        lambda: world.api.one("leads", world.sandbox.source_key),
        lambda: world.api.export("leads", world.sandbox.business_key + "0123456789abcdef"),
        lambda: lp.to_frame([{"id": "1"}, {1: "2"}]),
        lambda: lp.leak_check(world.folder, known=["long enough", 12]),
        lambda: lp.leak_check(""),
    ):
        before = len(world.sandbox.requests)
        with pytest.raises(lp.LeadpingError) as caught:
            call()
        assert caught.value.hint
        assert "lp_s" not in str(caught.value)
        assert len(world.sandbox.requests) == before


@pytest.mark.parametrize("call", ["frame", "frames", "forecast", "export", "pages", "rows"])
def test_an_unknown_option_of_a_list_is_answered_with_the_nearest_ones(call, world):
    given = [world.new / "export"] if call == "export" else []
    before = len(world.sandbox.requests)
    with pytest.raises(lp.LeadpingError, match="A list takes no 'pagesize'") as caught:
        getattr(world.api, call)("leads", *given, pagesize=10)
    assert caught.value.hint.startswith("Did you mean page_size")
    assert len(world.sandbox.requests) == before


@pytest.mark.parametrize(
    ("say", "call"),
    [
        (
            "limit is a text, and a whole number of 1 or more is expected. "
            "It is the most rows you want, without quotes, or None for all.",
            lambda world: world.api.frame("leads", limit="10"),
        ),
        (
            "since is a text, and a DataFrame of the same list is expected. "
            'Give a frame as api.frame made it; for a time there is ranges={"createdAt": (time, None)}.',
            lambda world: world.api.frame("leads", since="yesterday"),
        ),
        (
            "now is a text, and a datetime or a time in ISO 8601 is expected. "
            'Write it as in now="2026-07-05T12:00:00Z".',
            lambda world: lp.Sandbox(now="yesterday"),
        ),
        (
            f"credential is a {type(Path()).__name__}, and a credential, its text, a sandbox or None is expected. "
            "Make one by lp.Credential.from_env(), or lp.Sandbox().",
            lambda world: lp.connect(Path("key.txt")),
        ),
        (
            "There is no resource 'leed'. Did you mean leads? api.resources lists them all.",
            lambda world: world.api.frame("leed"),
        ),
        (
            "There is no resource (not shown: it looks like a credential). api.resources lists them all.",
            lambda world: world.api.frame(SECRET),
        ),
    ],
    ids=["limit", "since", "now", "credential", "name", "secret"],
)
def test_a_refusal_names_the_argument_what_came_and_what_is_expected(say, call, world):
    with pytest.raises(lp.LeadpingError, match=f"^{re.escape(say)}$"):
        call(world)


def test_numbers_of_numpy_paths_and_times_of_pandas_are_taken(world, tmp_path):
    frame = world.api.frame("leads", limit=np.int64(3), page_size=np.int32(2))
    assert len(frame) == 3
    assert world.api.export("leads", SimplePath(tmp_path / "leads"), rows_per_file=np.int64(50)).rows == 20
    assert lp.to_dask(SimplePath(tmp_path / "leads")).shape[0].compute() == 20
    with lp.Sandbox(leads=np.int64(2), now=pd.Timestamp("2026-07-05T12:00Z"), rate_limit=np.int64(9)) as sandbox:
        sandbox.clock.advance(pd.Timedelta(hours=1))
        assert sandbox.clock.now().isoformat() == "2026-07-05T13:00:00+00:00"
        assert sandbox.leads == 2
    judged = lp.inspect_token(
        world.token,
        discovery=world.discovery,
        now=pd.Timestamp("2026-07-05T12:00Z"),
        leeway=np.float64(5),
        tz=ZoneInfo("Europe/London"),
    )
    assert judged.verdict == "valid"
    assert lp.check_leads(LEADS, now=np.int64(1_780_000_000)).payload(np.int64(0))["firstName"] == "Ada"
    world.api.frame("leads", limit=1, stop=threading.Event(), ranges={"createdAt": (pd.Timestamp(0, tz="UTC"), None)})


class SimplePath:
    """A path that is neither a text nor of pathlib."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return str(self._path)
