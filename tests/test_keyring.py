import threading

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from leadping_nb.errors import TransportError
from leadping_nb.keyring import Keyring
from leadping_nb.tokens import inspect_token

ISSUER, ADDRESS, CLIENT = "https://id.example", "https://id.example/jwks", "client_test"
KEY = rsa.generate_private_key(65537, 2048)
JWK = {**jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "good", "alg": "RS256"}
NOW = 1_780_000_000


class Endpoint:
    """A JWK set that counts, fails and changes as a test wants."""

    def __init__(self):
        self.fetches, self.failure, self.answer = 0, None, {"keys": [JWK]}

    def __call__(self, address):
        assert address == ADDRESS
        self.fetches += 1
        if self.failure:
            raise self.failure
        return self.answer


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def later():
    return []


@pytest.fixture
def keyring(endpoint, clock, later):
    return Keyring(endpoint, {ISSUER: ADDRESS}, audiences=(CLIENT,), now=clock, background=later.append)


def token(kid="good", key=KEY):
    claims = {"iss": ISSUER, "aud": CLIENT, "iat": NOW - 60, "exp": NOW + 3600}
    return jwt.encode(claims, key, "RS256", headers={"kid": kid})


def inspect(keyring, text):
    return inspect_token(text, discovery=keyring, now=NOW)


def key_check(result):
    return next(entry for entry in result.results if entry.check == "key")


def test_a_good_token_is_valid_and_the_check_names_the_set_and_the_kid(keyring, endpoint):
    good = token()
    assert {inspect(keyring, good).verdict for _ in range(200)} == {"valid"}
    assert endpoint.fetches == 1
    assert key_check(inspect(keyring, good)).got == f"kid good of the JWK set at {ADDRESS}"
    assert key_check(inspect(keyring, good)).todo == ""


def test_many_unknown_kids_cost_one_fetch_per_cool_down(keyring, endpoint, clock):
    forged = [token(f"forged-{number}") for number in range(20)]
    assert {inspect(keyring, text).verdict for text in forged} == {"invalid"}
    assert endpoint.fetches == 1
    clock.seconds += 29
    result = inspect(keyring, forged[0])
    assert endpoint.fetches == 1
    assert "at most every 30 s" in key_check(result).todo
    clock.seconds += 1
    assert {inspect(keyring, text).verdict for text in forged} == {"invalid"}
    assert endpoint.fetches == 2


def test_a_rotated_key_is_found_after_the_cool_down(keyring, endpoint, clock):
    assert inspect(keyring, token()).verdict == "valid"
    endpoint.answer = {"keys": [{**JWK, "kid": "new"}]}
    clock.seconds += 30
    assert inspect(keyring, token("new")).verdict == "valid"
    assert inspect(keyring, token("good")).verdict == "invalid"


def test_an_expired_set_serves_while_it_is_fetched_in_the_background(keyring, endpoint, clock, later):
    inspect(keyring, token())
    clock.seconds += 301
    result = inspect(keyring, token())
    assert (result.verdict, endpoint.fetches, len(later)) == ("valid", 1, 1)
    assert "301 s old" in key_check(result).todo
    inspect(keyring, token())
    assert len(later) == 1
    later.pop()()
    assert key_check(inspect(keyring, token())).todo == ""
    assert endpoint.fetches == 2


def test_while_the_endpoint_is_down_a_stale_set_serves_for_a_stated_time(endpoint, clock):
    keyring = Keyring(endpoint, {ISSUER: ADDRESS}, audiences=CLIENT, now=clock, background=lambda work: work())
    inspect(keyring, token())
    endpoint.failure = TransportError("There is no answer.")
    clock.seconds += 300
    results = [inspect(keyring, token()) for _ in range(20)]
    assert {result.verdict for result in results} == {"valid"}
    assert endpoint.fetches == 2
    said = key_check(results[-1]).todo
    assert "stale" in said
    assert "3600 s more" in said
    assert "There is no answer" in said
    clock.seconds += 3600
    result = inspect(keyring, token())
    assert result.verdict == "unverified"
    assert "could not be fetched" in key_check(result).todo


def test_a_failure_has_a_cool_down_and_is_forgotten_with_the_next_answer(keyring, endpoint, clock):
    endpoint.failure = OSError("secret detail")
    results = [inspect(keyring, token()) for _ in range(20)]
    assert {result.verdict for result in results} == {"unverified"}
    assert endpoint.fetches == 1
    assert "OSError" in key_check(results[0]).todo
    assert "secret detail" not in str(results[0])
    endpoint.failure = None
    clock.seconds += 30
    assert inspect(keyring, token()).verdict == "valid"
    assert endpoint.fetches == 2


@pytest.mark.parametrize("answer", [None, [], {}, {"keys": 1}, "html"])
def test_what_is_no_jwk_set_is_a_failure(keyring, endpoint, answer):
    endpoint.answer = answer
    result = inspect(keyring, token())
    assert result.verdict == "unverified"
    assert "no JWK set" in key_check(result).todo


def test_a_good_token_does_not_wait_for_a_refetch_and_threads_share_one(clock):
    begun, go_on, fetches = threading.Event(), threading.Event(), []

    def fetch(address):
        fetches.append(address)
        if len(fetches) > 1:
            begun.set()
            assert go_on.wait(10)
        return {"keys": [JWK]}

    keyring = Keyring(fetch, {ISSUER: ADDRESS}, audiences=(CLIENT,), now=clock)
    inspect(keyring, token())
    clock.seconds += 30
    forgers = [threading.Thread(target=inspect, args=(keyring, token(f"forged-{n}"))) for n in range(8)]
    for thread in forgers:
        thread.start()
    assert begun.wait(10)
    assert inspect(keyring, token()).verdict == "valid"
    assert not go_on.is_set()
    go_on.set()
    for thread in forgers:
        thread.join(10)
    assert len(fetches) == 2


def test_threads_at_the_start_share_one_fetch(clock):
    gate, fetches, verdicts = threading.Barrier(8), [], []

    def fetch(address):
        fetches.append(address)
        return {"keys": [JWK]}

    keyring = Keyring(fetch, {ISSUER: ADDRESS}, audiences=(CLIENT,), now=clock)
    good = token()

    def work():
        gate.wait(10)
        verdicts.append(inspect(keyring, good).verdict)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (verdicts, len(fetches)) == (["valid"] * 8, 1)


def test_without_a_thread_for_the_background_the_old_set_serves(endpoint, clock):
    def none_left(work):
        raise RuntimeError("can't start new thread")

    keyring = Keyring(endpoint, {ISSUER: ADDRESS}, audiences=(CLIENT,), now=clock, background=none_left)
    inspect(keyring, token())
    clock.seconds += 301
    assert inspect(keyring, token()).verdict == "valid"
    clock.seconds += 10_000
    assert inspect(keyring, token()).verdict == "valid"
    assert endpoint.fetches == 2


def test_foreign_issuers_are_never_asked_and_the_sets_at_hand_can_be_seen(keyring, endpoint):
    assert keyring.keys_for("https://evil.example", "good").keys is None
    assert (endpoint.fetches, dict(keyring.jwks)) == (0, {})
    keyring.keys_for(ISSUER, None)
    assert keyring.jwks[ISSUER] == {"keys": [JWK]}
    assert repr(keyring) == "<Keyring of 1 issuer(s)>"
