from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.answers import Answer, Call
from leadping_nb.sandbox.wire_faults import WIRE_FAULTS

LEADS = "/leads/all/my"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(sandbox: Sandbox, client: httpx.Client) -> Iterator[Ask]:
    """Ask for leads without compression, once more at the end: connection and sandbox must be clean again."""

    def asked(accept_encoding: str = "identity") -> httpx.Response:
        headers = {"Authorization": f"Bearer {sandbox.business_key}", "Accept-Encoding": accept_encoding}
        return client.post(sandbox.url + LEADS, json={}, headers=headers)

    yield asked
    sandbox.faults.off()
    answer = asked()
    assert (answer.status_code, len(answer.json()["items"])) == (200, 50)
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def raw(sandbox: Sandbox, *, accept_encoding: str = "identity") -> bytes:
    """Ask for leads by hand, and give every byte that comes before the connection closes."""
    at = urlsplit(sandbox.url)
    with socket.create_connection((at.hostname, at.port), timeout=10) as connection:
        connection.sendall(
            f"POST {LEADS} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {sandbox.business_key}\r\n"
            f"Accept-Encoding: {accept_encoding}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode()
        )
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_half_of_the_json_arrives_as_if_it_were_whole(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("not_json"):
        answer = ask()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content == whole[: len(whole) // 2]


def test_a_reset_breaks_the_connection_and_says_nothing(
    sandbox: Sandbox, ask: Ask, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = ask().content
    with sandbox.faults.on("reset", times=1), pytest.raises(httpx.RemoteProtocolError):
        ask()
    with sandbox.faults.on("reset"):
        head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert body == whole[: len(whole) // 2]
    assert capfd.readouterr() == ("", "")


def test_a_reset_at_once_comes_before_any_byte_and_says_nothing(
    sandbox: Sandbox, ask: Ask, capfd: pytest.CaptureFixture[str]
) -> None:
    with sandbox.faults.on("reset_at_once", times=1), pytest.raises(httpx.RemoteProtocolError, match="without sending"):
        ask()
    assert sandbox.faults.active == ()
    with sandbox.faults.on("reset_at_once"):
        assert raw(sandbox) == b""
    assert capfd.readouterr() == ("", "")


def test_a_length_that_is_too_short_cuts_the_json_and_leaves_nothing_behind(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("short_length"):
        answer = ask()
        assert ask().content == answer.content  # the rest is not taken for the next answer
        head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    assert answer.status_code == 200
    assert answer.content == whole[: len(whole) // 2]
    assert f"content-length: {len(whole) // 2}".encode() in head.lower()
    assert body == whole


def test_a_length_that_is_too_long_is_missed_after_whole_json(
    sandbox: Sandbox, ask: Ask, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = ask().content
    with sandbox.faults.on("long_length", times=1), pytest.raises(httpx.RemoteProtocolError):
        ask()
    with sandbox.faults.on("long_length"):
        head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole) + 100}".encode() in head.lower()
    assert body == whole
    assert capfd.readouterr() == ("", "")


def test_a_drip_is_a_tenth_of_a_second_for_each_hundredth_of_the_body(sandbox: Sandbox) -> None:
    fault = sandbox.faults["slow_drip"]
    assert fault.answer is not None
    assert fault.takes == "ten seconds an answer"
    for size in (1, 99, 100, 101, 40_000):
        slow = fault.answer(Call("POST", LEADS), Answer(200, b"x" * size))
        assert slow.body == b"x" * size
        assert slow.pace == 0.1
        assert slow.piece == (400 if size == 40_000 else 2 if size == 101 else 1)


def test_a_drip_begins_and_ends_with_who_listens(sandbox: Sandbox, ask: Ask, client: httpx.Client) -> None:
    whole = ask().content
    headers = {"Authorization": f"Bearer {sandbox.business_key}", "Accept-Encoding": "identity"}
    with (
        sandbox.faults.on("slow_drip", times=1),
        client.stream("POST", sandbox.url + LEADS, json={}, headers=headers) as answer,
    ):
        first = next(answer.iter_raw())
    assert int(answer.headers["content-length"]) == len(whole)
    assert whole.startswith(first)
    assert 0 < len(first) < len(whole) / 2


@pytest.mark.parametrize(
    ("accepted", "comes"),
    [("gzip, br", True), ("br;q=1, GZIP;q=0.5", True), ("*", True), ("identity", False), ("gzip;q=0", False)],
)
def test_what_accepts_gzip_gets_it(accepted: str, comes: bool, sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("gzip"):
        answer = ask(accepted)
    assert answer.headers.get("content-encoding") == ("gzip" if comes else None)
    assert answer.content == whole
    assert (int(answer.headers["content-length"]) < len(whole) / 3) == comes


def test_nothing_is_packed_by_itself(ask: Ask) -> None:
    assert "content-encoding" not in ask("gzip").headers


def test_gzip_comes_unasked(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("gzip_unasked"):
        answer = ask()
        packed = raw(sandbox).partition(b"\r\n\r\n")[2]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == gzip.decompress(packed) == whole


def test_two_who_pack_do_it_once(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("gzip"), sandbox.faults.on("gzip_unasked"):
        assert len(ask("gzip").json()["items"]) == 50


def test_gzip_can_be_a_lie(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("broken_gzip"):
        with pytest.raises(httpx.DecodingError):
            ask()
        head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert body == whole[: len(whole) // 2]


def test_a_charset_can_be_a_lie(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("wrong_charset"):
        answer = ask()
    assert answer.headers["content-type"] == "application/json; charset=iso-8859-1"
    assert answer.content == whole
    assert not whole.isascii()
    assert answer.text != whole.decode()  # who believes the label reads other letters


def test_a_mark_stands_before_the_json(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask().content
    with sandbox.faults.on("byte_order_mark"):
        assert ask().content == b"\xef\xbb\xbf" + whole


def test_json_comes_over_many_lines(sandbox: Sandbox, ask: Ask) -> None:
    whole = ask()
    with sandbox.faults.on("pretty_printed"):
        answer = ask()
    assert answer.text.startswith('{\n  "items": [\n    {\n      "')
    assert answer.content.isascii()
    assert answer.json() == whole.json()


def test_what_is_no_json_is_not_printed_prettily(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("not_json"), sandbox.faults.on("pretty_printed"):
        assert ask().status_code == 200
        assert sandbox.faults.active == ("not_json", "pretty_printed")
    with sandbox.faults.on("gzip_unasked"), sandbox.faults.on("pretty_printed"), sandbox.faults.on("byte_order_mark"):
        assert ask().text.startswith('{"items"')


@pytest.mark.parametrize("name", [fault.name for fault in WIRE_FAULTS if fault.takes is None])
def test_a_fault_of_the_wire_waits_for_its_turn_and_comes_once(name: str, own: Sandbox) -> None:
    before = raw(own, accept_encoding="gzip")
    own.forget()
    own.faults.on(name, after=1, times=1)
    answers = [raw(own, accept_encoding="gzip") for _ in range(3)]
    assert [answer == before for answer in answers] == [True, False, True]
    assert own.faults.active == ()
