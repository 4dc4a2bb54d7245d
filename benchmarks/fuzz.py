"""Coverage-guided fuzzing of what reads other people's texts: challenges, documents, rules, tokens.

    pip install atheris && python benchmarks/fuzz.py -max_total_time=60 -max_len=65536

Any exception but ours, and any input that takes longer than a second, is a finding. Further options are libFuzzer's.
"""

from __future__ import annotations

import contextlib
import sys
import time

import atheris

with atheris.instrument_imports(include=["leadping_nb"]):
    from leadping_nb.challenge import parse_www_authenticate
    from leadping_nb.credential import Credential
    from leadping_nb.errors import LeadpingError
    from leadping_nb.findings import Evidence, judge
    from leadping_nb.metadata import Document, kind_of
    from leadping_nb.session.strict_json import parse_json
    from leadping_nb.tokens import inspect_token

API, SECONDS = "https://api.example", 1.0
PLACES = (
    f"{API}/.well-known/oauth-protected-resource",
    "https://site.example/.well-known/openid-configuration",
    "https://site.example/jwks",
    "https://site.example/auth.md",
)


def look(data: bytes) -> None:
    """Read one input in every way that it could come."""
    began = time.perf_counter()
    text = data.decode("utf-8", "replace")
    challenges = tuple(parse_www_authenticate(text))
    parsed = parse_json(data)
    content = parsed.value if isinstance(parsed.value, dict) else text
    documents = {place: Document(kind_of(content, place), place, content, parsed.quirks) for place in PLACES}
    judge(Evidence(API, documents, challenges, text, 401, {}, True))
    with contextlib.suppress(LeadpingError):
        inspect_token(Credential.from_text(text)).to_json()
    if time.perf_counter() - began > SECONDS:
        raise RuntimeError("An input took longer than a second.")


if __name__ == "__main__":
    atheris.Setup(sys.argv, look)
    atheris.Fuzz()
