"""Records as nobody would think them up, pseudonymised: whatever a field holds, nobody is left in the result."""

import base64
import json
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from leftovers import Comparison, plain
from test_recording import answering, quiet

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.recording import recorder
from leadping_nb.recording.folder import Recording

WORDS = ("contacted", "No answer", "sold", "hot_lead", "US", "in-progress", "Sold by a partner", "v1.2", "#aabbcc")
SHORT = ("A", "7", "x", "é", "OK", "CA", "TX", "NY", "王", " y ", "42", "-", "…", "[1]", "{}", "0", "007", "true")


@dataclass(frozen=True)
class Someone:
    first: str
    last: str
    phone: str
    email: str
    id: str
    born: str
    state: str
    town: str
    zip: str

    def midnight(self):
        """The birth as JavaScript writes it in a zone east of Greenwich: on the day before."""
        return f"{date.fromisoformat(self.born) - timedelta(days=1)}T23:00:00.000Z"

    def sayings(self):
        """What people, forms and programs make of somebody in a text."""
        number = self.phone
        return (
            self.last,
            self.last.upper(),
            self.first.lower(),
            f"{self.first} {self.last}",
            f"{self.last}, {self.first}",
            f"{self.last}-{self.town}",
            f"Call {self.last} back",
            f"CALL {self.first.upper()}",
            f"({number[:3]}) {number[3:6]}-{number[6:]}",
            f"{number[:3]}.{number[3:6]}.{number[6:]}",
            f"call {number[:3]} {number[3:6]} {number[6:]}",
            f"1{number}",
            f"+1{number}.0",
            self.email.upper(),
            f"mail <{self.email}>",
            f"https://crm.test/people/{self.id}?mail={quote(self.email)}&name={quote(self.last)}",
            f"/people/{self.id}",
            json.dumps({"name": self.last, self.last: [self.email], "cell": int(f"1{number}")}),
            json.dumps(json.dumps([self.last])),
            base64.b64encode(self.email.encode()).decode(),
            base64.b64encode(f"{self.first} {self.last}".encode()).decode().rstrip("="),
            self.last.encode().hex(),
            quote(f"{self.last} ({self.town})"),
            f"lead_{self.id}",
            self.state,
            self.state.lower(),
            self.town,
            self.born,
            f"{self.born}T00:00:00Z",
            f"{self.born[5:7]}/{self.born[8:]}/{self.born[:4]}",
            self.born[:4],
            f"{self.born}T05:00:00.000Z",
            f"{self.born} 05:00",
            self.midnight(),
            f"{bare(self.last)} plan",
            f"{self.first}{self.last} web".lower(),
            f"ask {self.first}",
            self.zip,
            f"{self.zip}-0001",
        )

    def numbers(self):
        """The same of a number."""
        return (int(f"1{self.phone}"), float(f"1{self.phone}"), int(self.born.replace("-", "")), int(self.born[:4]))

    def row(self):
        """What a list says of them."""
        return {
            "id": self.id,
            "firstName": self.first,
            "lastName": self.last,
            "email": self.email,
            "phone": f"+1{self.phone}",
        }

    def traces(self):
        """What must be nowhere in the result, in any reading."""
        names = {name for name in (self.first, self.last) if len(name) > 3}
        return {plain(text) for text in (*names, self.email, self.id)} | {self.phone}


def bare(name):
    """A name as it is typed where the keyboard has no accents."""
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", name)))


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"], codec="utf-8"), min_size=1, max_size=9) | st.sampled_from(
    (
        "O'Brien",
        "Müller-Lüdenscheidt",
        "Nguyễn",
        "Do",
        "Le",
        "王小明",
        "van der Berg",
        "ẞtraße",
        "İpek",
        "Al",
        "José",
        "Jose",
        "Müller",
        "Bo",
        "Lee",
        "Kim",
    )
)
PEOPLE = st.builds(
    Someone,
    NAMES,
    NAMES,
    st.from_regex(r"[2-9][0-8][0-9][2-9][1-9]{6}", fullmatch=True),
    st.from_regex(r"[a-z]{2,9}\.[a-z]{2,9}@[a-z]{3,8}\.(com|org)", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9]{7}|[1-9]{7}", fullmatch=True),
    st.dates(date(1930, 1, 1), date(2006, 1, 1)).map(str),
    st.sampled_from(("CA", "NY", "TX", "HI", "AZ", "ON")),
    NAMES,
    st.from_regex(r"[0-9]{5}", fullmatch=True),
)


class Records:
    """Answers made of the contract's own models, by chance."""

    def __init__(self, revision, people, chance):
        self.models = contract(revision).models
        self.people = people
        self.chance = chance

    def text(self, someone, field):
        own = {"firstName": someone.first, "lastName": someone.last, "email": someone.email, "phone": someone.phone,
               "id": someone.id, "leadId": someone.id, "city": someone.town, "state": someone.state,
               "postalCode": someone.zip, "externalId": someone.id,
               "birthDate": someone.born, "number": f"+1{someone.phone}"}  # fmt: skip
        if field.name in own and self.chance.random() < 0.9:
            return own[field.name]
        if field.enum and self.chance.random() < 0.9:
            return self.chance.choice(field.enum)
        return self.chance.choice((*someone.sayings(), *SHORT, *WORDS, *WORDS, "2026-07-05T12:00:00Z", ""))

    def value(self, field, depth):
        someone = self.chance.choice(self.people)
        if self.chance.random() < 0.1:
            return None
        match field.type:
            case "array":
                return [self.value(field.items, depth) for _ in range(self.chance.randrange(3))]
            case "object" if field.model in self.models and depth < 4:
                return self.row(field.model, depth + 1)
            case "integer" | "number":
                return self.chance.choice((0, 7, 18.5, -3, 1e3, 250_000, *someone.numbers()[2:]))
            case "boolean":
                return self.chance.random() < 0.5
            case "map" | "any":
                return {self.key(someone): self.text(someone, field) for _ in range(3)}
        return self.text(someone, field)

    def key(self, someone):
        return self.chance.choice(
            (
                someone.last,
                someone.email,
                someone.id,
                someone.first,
                f"{someone.last}_{someone.first}",
                "score",
                "Favourite colour",
                "born",
                "x y",
            )
        )

    def row(self, model, depth=0):
        someone = self.chance.choice(self.people)
        fields = self.models[model].fields
        row = {name: self.value(field, depth) for name, field in fields.items()}
        cell, mobile, *_ = someone.numbers()
        more = {
            "birthYear": int(someone.born[:4]),
            "cell": cell,
            "mobile": mobile,
            "note": self.chance.choice(someone.sayings()),
            self.key(someone): self.chance.choice(someone.sayings()),
            "bday": someone.midnight(),
            "seen": f"{someone.born} 05:00",
            "postal": int(someone.zip),
            "lat": 34.05223,
            "nested": {"n": [int(someone.zip)], self.key(someone): int(someone.id) if someone.id.isdecimal() else 3},
        }
        return row | {key: value for key, value in more.items() if self.chance.random() < 0.3 and key not in row}


def readings(text):
    """Everything that a text says, as far as this test can read."""
    yield text
    for found in re.findall(r"[A-Za-z0-9+/]{4,}", text):
        try:
            yield base64.b64decode(found + "=" * (-len(found) % 4)).decode()
        except ValueError:
            continue
    for found in re.findall(r"(?:[0-9a-f]{2}){2,}", text):
        yield bytes.fromhex(found).decode("utf-8", "replace")


def strings(value):
    """Give every text, key and number of a JSON value, also of JSON within texts."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(REVISIONS), st.lists(PEOPLE, min_size=1, max_size=3), st.integers(0, 2**32), st.booleans())
def test_nobody_is_left(revision, people, chance, shift_times):
    records = Records(revision, people, Random(chance))  # noqa: S311  # nobody's secret
    leads = [records.row("LeadTableRow") | someone.row() for someone in people]
    lead = {"items": leads, "totalCount": len(leads), "pageSize": 3}
    someone = people[0]
    with tempfile.TemporaryDirectory() as place:
        raw, folder = Path(place) / "raw", Path(place) / "demo"
        for operation, answer, sent in (
            (
                "POST /leads/all/my",
                lead,
                {"body": {"search": someone.last, "filters": [{"field": "state", "value": someone.state}]}},
            ),
            ("GET /leads/{id}", records.row("LeadResponse"), {"path": {"id": someone.id}}),
            ("GET /users/me", records.row("UserResponse"), {}),
        ):
            with (
                answering(json.dumps(answer).encode(), revision=revision) as session,
                recorder.record(session, raw, say=quiet),
            ):
                session.read(contract(revision).operation(operation), **sent)
        report = lp.pseudonymise(raw, seed="example", to=folder, shift_times=shift_times)
        compared = Comparison(Recording.read(raw), Recording.read(folder), report)
        assert compared.stayed == []
        assert compared.exchanged == []
        assert compared.held == []
        assert compared.untied == []
        assert compared.numbers == []
        assert compared.births == []
        assert compared.called == []
        words = {*WORDS, *(operation.id for operation in contract(revision).operations), *records.models.specs}
        words |= {name for spec in records.models.specs.values() for name in spec}
        words |= {word for row in report.fields for word in (row.why, row.treatment)}
        ours = plain("\n".join(words))
        traces = {trace for someone in people for trace in someone.traces() if trace not in ours}
        for path in folder.rglob("*.json*"):
            for line in path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]:
                for text in strings(json.loads(line)):
                    for reading in readings(text):
                        told = plain(reading)
                        digits = re.sub(r"\D", "", told)
                        assert not {
                            trace for trace in traces if trace in told or (trace.isdecimal() and trace in digits)
                        }
