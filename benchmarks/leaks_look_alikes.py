"""Notebooks of 5 MB without a secret, each full of one kind of content that costs a search time.

Most have 50,000 different texts that begin like a key and are none, and lines of a log up to the size. Some no one has:
they are what took longest among contents that were put together by chance.
"""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

__all__ = ["CONTENTS", "notebook_of"]

SIZE: Final = 5_000_000
"""How many characters the outputs of a notebook have together."""

MANY: Final = 50_000
"""How many look-alikes there are in it."""

_CELLS: Final = 30
_LINE: Final = "2026-07-05 12:34:56.789 INFO loaded 5,000 rows of leads\n"
_WORDS: Final = (
    "lead", "source", "week", "value", "rate", "count", "total", "business", "created", "column", "campaign", "status",
    "phone", "score", "name", "first", "last", "call", "message", "spend",
)  # fmt: skip

Make = Callable[[random.Random, int], str]
"""Makes one text, by chance and its number."""


def _name(chance: random.Random, number: int) -> str:
    return f"{'_'.join(chance.sample(_WORDS, 3))}_{number}"


def _digits(chance: random.Random, length: int) -> str:
    return f"{chance.getrandbits(4 * length):0{length}x}"


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signature(chance: random.Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(64)).decode().rstrip("=")


_SANDBOX_HEADER: Final = _part({"alg": "ES256", "kid": "sandbox-1"})

LOOK_ALIKES: Final[Mapping[str, Make]] = {
    "names": lambda chance, number: f"lp_{_name(chance, number)}",
    "short names": lambda chance, number: f"lp_column_{number}",
    "examples": lambda chance, number: f"lp_src_example_{_name(chance, number)}",
    "names in camel case": lambda chance, number: (
        f"lp_{''.join(map(str.title, chance.sample(_WORDS, 4)))}{number % 999}"
    ),
    "names with dates": lambda chance, number: f"lp_export_{20260101 + number}T120000Z_{chance.choice(_WORDS)}.parquet",
    "names that go on": lambda chance, number: f"help_{_digits(chance, 32)}",
    "keys of a sandbox": lambda chance, number: f"lp_sandbox_{_digits(chance, 32)}",
    "source keys of a sandbox": lambda chance, number: f"lp_src_sandbox_{_digits(chance, 32)}",
    "keys of another vendor": lambda chance, number: f"sk_test_{_digits(chance, 24)}",
    "masked keys": lambda chance, number: f"lp_xxxxxxxxxxxxxxxx{number % 10}…{number}",
    "named hashes": lambda chance, number: f"lp_cache_{_digits(chance, 40)}",
    "versions": lambda chance, number: f"lp_solve-5.5.2.{number}-h{_digits(chance, 7)}_0.tar.bz2",
    "placeholders after Bearer": lambda chance, number: f"Bearer your_{_name(chance, number)}",
    "variables after Bearer": lambda chance, number: f"Authorization: Bearer {{token_{number}}}",
    "keys of a sandbox after Bearer": lambda chance, number: f"Bearer lp_sandbox_{_digits(chance, 32)}",
    "base64 of JSON": lambda chance, number: _part({"row": number, "name": chance.choice(_WORDS), "n": 12345})[:80],
    "two parts of a token": lambda chance, number: f"{_part({'row': number})}.{_part({'a': chance.choice(_WORDS)})}",
    "three parts of no token": lambda chance, number: (
        f"eyJ{_digits(chance, 12)}.{_digits(chance, 12)}.{_digits(chance, 24)}"
    ),
    "JSON in JSON": lambda chance, number: json.dumps(json.dumps({"k": f"lp_{_name(chance, number)}"})),
}
"""What only begins like a secret, by how it is called here."""

FILLING: Final[Mapping[str, Make]] = {
    "a log": lambda chance, number: _LINE.rstrip(),
    "ids": lambda chance, number: f"{uuid.UUID(int=chance.getrandbits(128))} {number}",
    "base64": lambda chance, number: base64.b64encode(chance.randbytes(57)).decode(),
    "a table": lambda chance, number: (
        f"    <tr>\n      <th>{number}</th>\n      <td>{uuid.UUID(int=chance.getrandbits(128))}</td>\n"
        f"      <td>lead{number}@example.com</td>\n      <td>{chance.choice(_WORDS)}</td>\n    </tr>"
    ),
    "prefixes within words": lambda chance, number: f"xlp_a-A1_sk_{number}-" * 5,
    "escapes": lambda chance, number: f"\\\\nlp_A{number % 7}\\\\u002b" * 5,
    "markers alone": lambda chance, number: "lp_" * 20,
    "Bearer alone": lambda chance, number: "Bearer " * 10,
    "eyJ alone": lambda chance, number: "eyJ" * 25,
}
"""What fills a whole notebook, by how it is called here."""


def _texts(make: Make, chance: random.Random, *, many: int | None) -> Iterator[str]:
    """Give the text of each output: look-alikes if their number is told, then the log; or the same up to the size."""
    size, number = SIZE // _CELLS, 0
    for cell in range(_CELLS):
        lines, length = [f"output {cell}\n"], 0  # no two are the same
        last = SIZE if many is None else number + many // _CELLS
        while length < size and number < last:
            lines.append(make(chance, number) + "\n")
            length += len(lines[-1])
            number += 1
        yield "".join(lines) + _LINE * ((size - length) // len(_LINE))


def _streams(texts: Iterator[str]) -> dict[str, Any]:
    return _notebook({"output_type": "stream", "name": "stdout", "text": text} for text in texts)


def _everything(chance: random.Random) -> dict[str, Any]:
    """Make pictures, tables, long outputs and code, and here and there a text that begins like a key and is none."""
    log = _LINE * 19 + "lp_leads_by_week eyJ help_me lp_example\n"
    cells = []
    for number in range(_CELLS):
        picture = base64.b64encode(chance.randbytes(60_000)).decode()
        outputs = [
            _shown(**{"image/png": picture, "text/plain": "<Figure>"}),
            {"output_type": "stream", "name": "stdout", "text": f"output {number}\n" + log * 30},
            _shown(**{"text/html": f"<tr><td>lead_{number}</td></tr>" * 1300}),
        ]
        source = f"leads_{number} = api.frame('leads', limit={number})\n" * 20
        cells.append({"cell_type": "code", "source": source, "metadata": {}, "outputs": outputs})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _pictures(chance: random.Random) -> dict[str, Any]:
    size = SIZE // _CELLS * 3 // 4
    return _notebook(_shown(**{"image/png": base64.b64encode(chance.randbytes(size)).decode()}) for _ in range(_CELLS))


def _chart(chance: random.Random) -> dict[str, Any]:
    """Make points of a chart, as Vega has them."""
    points = [{"x": number, "y": chance.random(), "s": chance.choice(_WORDS)} for number in range(SIZE // _CELLS // 48)]
    spec = {"data": {"values": points}, "mark": "point"}
    return _notebook(_shown(**{"application/vnd.vegalite.v5+json": spec}) for _ in range(_CELLS))


def _lines(chance: random.Random) -> dict[str, Any]:
    """Make lists of lines, as a file has them."""
    texts = _texts(LOOK_ALIKES["names"], chance, many=MANY)
    return _notebook(
        {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)} for text in texts
    )


def _shown(**data: object) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _notebook(outputs: Iterator[dict[str, Any]]) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "source": "df.plot()\n" * 10, "metadata": {}, "outputs": [output], "execution_count": 1}
        for output in outputs
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


CONTENTS: Final[Mapping[str, Callable[[random.Random], dict[str, Any]]]] = {
    "a bit of everything": _everything,
    **{name: lambda chance, make=make: _streams(_texts(make, chance, many=None)) for name, make in FILLING.items()},
    "pictures": _pictures,
    "points of a chart": _chart,
    "names in lists of lines": _lines,
    **{
        f"50,000 {name}": lambda chance, make=make: _streams(_texts(make, chance, many=MANY))
        for name, make in LOOK_ALIKES.items()
    },
}
"""What makes a notebook of 5 MB, by what it is full of."""


def notebook_of(name: str, *, seed: int = 7) -> dict[str, Any]:
    """Make the notebook of a name; the same seed makes the same one."""
    return CONTENTS[name](random.Random(seed))
