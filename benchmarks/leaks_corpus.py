"""Notebooks with planted secrets in every place, and clean ones full of what only looks like a secret.

Everything is made up from a seed. The pictures are real PNG files of noise, which no compression makes smaller. A
notebook has one secret or none; the clean ones have pictures, ids, hashes, placeholders, names in code that begin like
keys, and keys and tokens of a sandbox.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

__all__ = ["FORMS", "KINDS", "PLACES", "Sample", "corpus", "disguised", "secret_of"]

Json = dict[str, object]

LETTERS_AND_DIGITS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Sample:
    """A notebook, and what is planted in it."""

    name: str
    """Its file name."""
    content: bytes
    """The file."""
    kind: str | None = None
    """The kind of the secret; None in a clean notebook."""
    place: str | None = None
    """Where it is."""
    secret: str | None = None
    """The secret."""


# -- secrets -----------------------------------------------------------------------------------------------------------


def _text(chance: random.Random, length: int, alphabet: str = LETTERS_AND_DIGITS) -> str:
    return "".join(chance.choices(alphabet, k=length))


def _part(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _token(chance: random.Random, issuer: str) -> str:
    header = {"alg": "RS256", "typ": "JWT", "kid": _text(chance, 12)}
    claims = {"iss": issuer, "sub": f"user_{_text(chance, 20)}", "exp": 1_800_000_000 + chance.randrange(10**6)}
    signature = base64.urlsafe_b64encode(chance.randbytes(256)).decode().rstrip("=")
    return f"{_part(header)}.{_part(claims)}.{signature}"


def _body(chance: random.Random) -> str:
    """Give what may come after a prefix: nobody has published of which characters it is."""
    return chance.choice(
        (
            _text(chance, chance.randrange(24, 49)),
            _text(chance, chance.randrange(32, 65), string.hexdigits[:16]),
            _text(chance, chance.randrange(32, 49), LETTERS_AND_DIGITS + "-_"),
            str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            f"live_{_text(chance, 32)}",
            f"test_{_text(chance, 32)}",
        )
    )


KINDS: Mapping[str, Callable[[random.Random], str]] = {
    "business key": lambda chance: f"lp_{_body(chance)}",
    "source key": lambda chance: f"lp_src_{_body(chance)}",
    "organization key": lambda chance: f"sk_{_text(chance, 40)}",
    "user token": lambda chance: _token(chance, "https://leadping.ai"),
    "webhook secret": lambda chance: f"whsec_{base64.b64encode(chance.randbytes(32)).decode()}",
    "bearer header": lambda chance: _text(chance, 40),
}
"""What is planted, by its kind."""


def secret_of(kind: str, chance: random.Random) -> str:
    """Make up a secret of a kind."""
    return KINDS[kind](chance)


# -- where it is planted -----------------------------------------------------------------------------------------------


def _shown(**data: object) -> Json:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _stream(name: str, line: str) -> Json:
    return {"output_type": "stream", "name": name, "text": ["Loading\n", line + "\n", "done\n"]}


def _error(message: str, *frames: str) -> Json:
    return {"output_type": "error", "ename": "HTTPError", "evalue": message, "traceback": ["\x1b[0;31m---", *frames]}


def _in_json(line: str) -> str:
    return json.dumps({"request": {"headers": line}})


def _output(make: Callable[[str], Json]) -> Callable[[Json, Json, str], None]:
    def plant(notebook: Json, cell: Json, line: str) -> None:
        cell["outputs"].append(make(line))

    return plant


def _metadata(*path: str) -> Callable[[Json, Json, str], None]:
    def plant(notebook: Json, cell: Json, line: str) -> None:
        holder = notebook["metadata"]
        for key in path[:-1]:
            holder = holder.setdefault(key, {})
        holder[path[-1]] = line

    return plant


def _source(make: Callable[[str], str]) -> Callable[[Json, Json, str], None]:
    def plant(notebook: Json, cell: Json, line: str) -> None:
        cell["source"] = [*cell["source"], make(line) + "\n"]

    return plant


def _cell(**more: object) -> Callable[[Json, Json, str], None]:
    def plant(notebook: Json, cell: Json, line: str) -> None:
        filled = json.loads(json.dumps(more).replace('"LINE"', json.dumps(line)))
        notebook["cells"].append({"metadata": {}, "source": [], **filled})

    return plant


PLACES: Mapping[str, Callable[[Json, Json, str], None]] = {
    "source": _source(lambda line: f'header = "{line}"'),
    "source, JSON in a string": _source(lambda line: f"body = {json.dumps(_in_json(line))}"),
    "source, a magic": _source(lambda line: f"%env AUTHORIZATION={line}"),
    "markdown": _cell(cell_type="markdown", source=["## Setup\n", "LINE"]),
    "raw": _cell(cell_type="raw", source="LINE"),
    "stdout": _output(lambda line: _stream("stdout", line)),
    "stderr": _output(lambda line: _stream("stderr", f"DEBUG send headers {{'Authorization': '{line}'}}")),
    "text/plain": _output(lambda line: _shown(**{"text/plain": [repr({"authorization": line})]})),
    "text/html": _output(lambda line: _shown(**{"text/html": ["<table>\n", f"<td>{line}</td>\n", "</table>"]})),
    "text/markdown": _output(lambda line: _shown(**{"text/markdown": f"`{line}`"})),
    "application/json": _output(lambda line: _shown(**{"application/json": {"a": [{"b": line}, 1]}})),
    "application/json, JSON in it": _output(
        lambda line: _shown(**{"application/json": {"a": _in_json(_in_json(line))}})
    ),
    "application/javascript": _output(lambda line: _shown(**{"application/javascript": f"send('{line}')"})),
    "image/svg+xml": _output(lambda line: _shown(**{"image/svg+xml": f"<svg><text>{line}</text></svg>"})),
    "error message": _output(lambda line: _error(f"401 for {line}")),
    "traceback": _output(lambda line: _error("401", f"\x1b[0;32m----> 1\x1b[0m get(\x1b[0;34m'{line}'\x1b[0m)")),
    "output metadata": _output(lambda line: _shown() | {"metadata": {"request": line}}),
    "attachment": _cell(cell_type="markdown", attachments={"a.txt": {"text/plain": "LINE"}}),
    "cell metadata": _cell(cell_type="code", outputs=[], execution_count=None, metadata={"tags": ["LINE"]}),
    "notebook metadata": _metadata("request"),
    "papermill parameters": _metadata("papermill", "parameters", "header"),
    "widget state": _metadata("widgets", "application/vnd.jupyter.widget-state+json", "state", "0a1b", "value"),
}
"""How a line with a secret gets into a place."""


# -- notebooks ---------------------------------------------------------------------------------------------------------

_CODE = (
    "import pandas as pd\n",
    "import leadping_nb as lp\n",
    "df = load_leads(status='New', tags=['a', 'b'])\n",
    "df.groupby('sourceName').size().sort_values(ascending=False)\n",
    "ax = df.createdAt.dt.date.value_counts().plot()\n",
    "token = os.environ['LEADPING_USER_TOKEN']\n",
    "headers = {'Authorization': f'Bearer {token}'}\n",
    "key = 'lp_example'  # or 'lp_src_example'\n",
    "key = 'lp_your_business_key_goes_here'\n",
    "key = 'lp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n",
    "headers = {'Authorization': 'Bearer <leadping_user_access_token>'}\n",
    "from lp_solve import lp_solve_55_with_bounds\n",
    "lp_frame_of_leads_by_source_and_week_2026 = df\n",
    "sk_learn_gradient_boosting_model_v2 = fit(df)\n",
    "task_0123456789abcdef0123456789abcdef = help_text\n",
    "# the api_key lives in the vault, the bearer token too\n",
)


def corpus(clean: int, *, repeat: int = 1, seed: int = 7) -> Iterator[Sample]:
    """Make clean notebooks, and as many times as told one notebook for each kind of secret in each place.

    Parameters
    ----------
    clean
        How many clean notebooks.
    repeat
        How many of each kind in each place.
    seed
        The same seed makes the same notebooks.
    """
    chance = random.Random(seed)
    for number in range(clean):
        yield Sample(f"clean {number:04}.ipynb", _written(_notebook(chance)))
    for number, (kind, place) in enumerate(product(KINDS, PLACES)):
        for turn in range(repeat):
            secret = secret_of(kind, chance)
            notebook = _notebook(chance)
            cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
            line = f"Bearer {secret}" if kind == "bearer header" or chance.random() < 0.3 else secret
            PLACES[place](notebook, chance.choice(cells), line)
            yield Sample(f"planted {number:03} {turn}.ipynb", _written(notebook), kind, place, secret)


def _written(notebook: Json) -> bytes:
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode() + b"\n"


def _notebook(chance: random.Random) -> Json:
    cells: list[Json] = [
        {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": [_CODE[0]]}
    ]
    for number in range(chance.randrange(12, 30)):
        if chance.random() < 0.25:
            source = [f"## Step {number}\n", "Leads by source, week and disposition: see the report.\n"]
            cells.append({"cell_type": "markdown", "metadata": {}, "source": source * chance.randrange(1, 6)})
            continue
        outputs = [make(chance) for make in _OUTPUTS if chance.random() < 0.25]
        source = [chance.choice(_CODE) for _ in range(chance.randrange(1, 12))]
        cells.append(
            {"cell_type": "code", "execution_count": number, "metadata": {}, "outputs": outputs, "source": source}
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _numbers(chance: random.Random) -> Json:
    lines = [f"{chance.randrange(10**6)} rows, id {chance.getrandbits(128):032x}\n" for _ in range(30)]
    return {"output_type": "stream", "name": "stdout", "text": lines}


def _table(chance: random.Random) -> Json:
    rows = [
        f"<tr><td>{uuid.UUID(int=chance.getrandbits(128))}</td><td>lead{n}@example.com</td><td>task_{n}</td></tr>\n"
        for n in range(chance.randrange(5, 60))
    ]
    return _shown(**{"text/html": ["<table>\n", *rows, "</table>"], "text/plain": ["A table"]})


def _picture(chance: random.Random) -> Json:
    return _shown(**{"image/png": base64.b64encode(_png(chance)).decode() + "\n", "text/plain": ["<Figure>"]})


def _hashes(chance: random.Random) -> Json:
    data = chance.randbytes(64)
    lines = [
        f"sha256:{hashlib.sha256(data).hexdigest()}\n",
        f"integrity sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}\n",
        f"commit {hashlib.sha1(data, usedforsecurity=False).hexdigest()}\n",
        f"lp_solve-5.5.2.11-h{_text(chance, 7, string.hexdigits[:16])}_0.tar.bz2\n",
        f"lp_export_2026{chance.randrange(10, 13)}05T120000Z.parquet\n",
    ]
    return {"output_type": "stream", "name": "stderr", "text": lines}


def _of_a_sandbox(chance: random.Random) -> Json:
    keys = [f"lp_sandbox_{_text(chance, 32)}\n", f"lp_src_sandbox_{_text(chance, 32)}\n", "Bearer ••••••••\n"]
    return {"output_type": "stream", "name": "stdout", "text": [*keys, _token(chance, "http://127.0.0.1:8000")]}


_OUTPUTS = (_numbers, _table, _picture, _picture, _hashes, _of_a_sandbox, lambda chance: _error("401", "in <module>"))


def _png(chance: random.Random) -> bytes:
    """Write a picture of noise (PNG, third edition, section 5)."""
    width, height = 120, chance.randrange(30, 200)
    rows = b"".join(b"\0" + chance.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


# -- other forms of a secret that is known -----------------------------------------------------------------------------

FORMS: Mapping[str, Callable[[str], str]] = {
    "URL-encoded": lambda text: "".join(f"%{byte:02X}" if chr(byte) in "/+=" else chr(byte) for byte in text.encode()),
    "escaped as .NET does": lambda text: text.replace("+", "\\u002B").replace("=", "\\u003D"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of user and password": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(f"{text}.".encode()).decode().rstrip("="),
    "hexadecimal": lambda text: text.encode().hex(),
    "two texts joined": lambda text: f'"{text[:9]}" + "{text[9:]}"',
    "two texts on two lines": lambda text: f"('{text[:12]}'\n    '{text[12:]}')",
    "a list of pieces": lambda text: repr([text[at : at + 8] for at in range(0, len(text), 8)]),
    "broken over lines": lambda text: "\\\n".join((text[:10], text[10:])),
    "coloured": lambda text: f"\x1b[34m{text[:10]}\x1b[0m\x1b[32m{text[10:]}\x1b[0m",
    "soft hyphens": lambda text: "\xad".join((text[:10], text[10:20], text[20:])),
}
"""Other forms of a text, by name."""


def disguised(*, every: int = 1, seed: int = 11) -> Iterator[tuple[str, Sample]]:
    """Make a notebook for each form in each place, with a business key that is known; with the form's name.

    Parameters
    ----------
    every
        Only every so many of them.
    seed
        The same seed makes the same notebooks.
    """
    chance = random.Random(seed)
    for number, (form, place) in list(enumerate(product(FORMS, PLACES)))[::every]:
        secret = f"lp_{_text(chance, 40, LETTERS_AND_DIGITS + '-_+/')}="
        notebook = _notebook(chance)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        PLACES[place](notebook, chance.choice(cells), FORMS[form](secret))
        yield form, Sample(f"disguised {number:03}.ipynb", _written(notebook), "business key", place, secret)
