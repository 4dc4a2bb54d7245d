"""Inspecting a token against the bare check of its signature and claims, in one run.

    python benchmarks/bench_tokens.py [--rounds 7] [--tokens 300]

Prints the CPU time of ``lp.inspect_token``, with its whole table of checks, as a ratio to ``jwt.decode`` of PyJWT with
its key at hand, for each algorithm.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

import leadping_nb as lp

ISSUER, CLIENT = "https://id.example", "client_example"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tokens", type=int, default=300)
    chosen = parser.parse_args()
    keys: tuple[tuple[str, Any, Any], ...] = (
        ("RS256", rsa.generate_private_key(65_537, 2_048), jwt.algorithms.RSAAlgorithm),
        ("ES256", ec.generate_private_key(ec.SECP256R1()), jwt.algorithms.ECAlgorithm),
        ("EdDSA", ed25519.Ed25519PrivateKey.generate(), jwt.algorithms.OKPAlgorithm),
    )
    print("| algorithm | lp.inspect_token ÷ jwt.decode, CPU, median (min to max) |")
    print("| --- | --- |")
    for algorithm, key, family in keys:
        jwk = {**family.to_jwk(key.public_key(), as_dict=True), "kid": "key-1", "alg": algorithm}
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": "user_example", "iat": now, "exp": now + 86_400}
        texts = [jwt.encode({**claims, "jti": str(n)}, key, algorithm, {"kid": "key-1"}) for n in range(chosen.tokens)]
        print(f"| {algorithm} | {_ratio(chosen.rounds, texts, jwk, algorithm)} |")


def _ratio(rounds: int, texts: list[str], jwk: dict[str, Any], algorithm: str) -> str:
    at_hand = jwt.PyJWK(jwk).key
    ring = lp.Keyring(lambda address: {"keys": [jwk]}, {ISSUER: f"{ISSUER}/jwks"}, audiences=[CLIENT])
    credentials = [lp.Credential.from_text(text) for text in texts]

    def ours() -> None:
        for credential in credentials:
            if lp.inspect_token(credential, discovery=ring).verdict != "valid":
                raise SystemExit("A good token was not valid.")

    def theirs() -> None:
        for text in texts:
            jwt.decode(text, at_hand, algorithms=[algorithm], audience=CLIENT, issuer=ISSUER)

    ratios = [_seconds(ours) / _seconds(theirs) for _ in range(rounds + 1)][1:]  # the first round warms up
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _seconds(run: Callable[[], None]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


if __name__ == "__main__":
    main()
