import gzip
import json
import socket
import socketserver
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import httpcore
import httpx
import pytest
from hypothesis import given, settings, strategies as st

from leadping_nb.errors import LeadpingError, NotAllowedError, ResponseError, TransportError
from leadping_nb.session.exchange import Limits
from leadping_nb.session.fetch import Fetcher
from leadping_nb.session.guard import admissible_url, refusal_of
from leadping_nb.session.strict_json import parse_json

SITE = "https://site.example"


def fetcher(handler, *, loopback=False, **how):
    return Fetcher(loopback=loopback, transport=httpx.MockTransport(handler), **how)


def sent(status=200, body=b"{}", **headers):
    """An answer whose body is still to be read, as from a socket."""
    return httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)


def once(answer, url=f"{SITE}/doc", **how):
    with fetcher(lambda request: answer, **how) as opened:
        return opened.fetch(url)


# -- which addresses are asked at all ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://site.example/doc",
        "file:///etc/passwd",
        "ftp://site.example/doc",
        "data:application/json,{}",
        "javascript:alert(1)",
        "//site.example/doc",
        "doc",
        "",
        "https://",
        "https:///doc",
        "https://user:example@site.example/doc",
        "https://user@site.example/doc",
        "https://site.example:0/doc",
        "https://site.example:70000/doc",
        "https://site.example:port/doc",
        "https://[fe80::1%25eth0]/doc",
        "https://[::1",
        "https://site.example/a b",
        "https://site.example/a\r\nX: y",
        "https://site.example\\@other.example/",
        "https://sité.example/doc",
        "https://2130706433/doc",
        "https://0x7f000001/doc",
        "https://0177.0.0.1/doc",
        "https://127.1/doc",
        "https://127.0.0.1./doc",
        "https://[::1].other.example/doc",
        "https://[2606:4700::1111]x/doc",
        "https://[v1.a]/doc",
        "https://[1.2.3.4]/doc",
        "https://exa%6dple.example/doc",
        "https://a..b/doc",
        "https://a,b/doc",
        "https://site.example:/doc",
        "https://site.example:+443/doc",
        "https://10.0.0.5/doc",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/doc",
        "https://[fd00::1]/doc",
        f"https://{'a' * 64}.example/doc",
        f"https://{'a.' * 130}example/doc",
        "https://" + "a" * 3_000,
    ],
)
@pytest.mark.parametrize("loopback", [False, True])
def test_an_address_that_is_no_plain_https_address_is_not_asked(url, loopback):
    with pytest.raises(NotAllowedError) as caught:
        admissible_url(url, loopback=loopback)
    assert caught.value.hint
    assert caught.value.reason == "address"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/doc",
        "https://localhost/doc",
        "https://localhost./doc",
        "https://[::1]/doc",
        "http://127.9.9.9/",
        "http://sandbox.localhost/",
    ],
)
def test_this_machine_is_asked_only_by_a_walk_that_began_here(url):
    with pytest.raises(NotAllowedError, match="this machine"):
        admissible_url(url, loopback=False)
    assert admissible_url(url, loopback=True).host in url


def test_a_private_address_is_refused_by_its_name_and_kind():
    with pytest.raises(NotAllowedError, match=r"10\.0\.0\.5 is a private address, which a public document"):
        admissible_url("https://10.0.0.5/doc", loopback=False)


@pytest.mark.parametrize("host", ["xn--a", "xn--", "xn--0.example"])
def test_an_international_name_that_is_none_is_refused(host):
    with pytest.raises(NotAllowedError, match="no host") as caught:
        once(sent(), f"https://{host}/doc")
    assert caught.value.reason == "address"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("10.0.0.5", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("fc00::1", "private"),
        ("127.0.0.1", "this machine"),
        ("::1", "this machine"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("0.0.0.0", "unspecified"),  # noqa: S104  # nothing is bound
        ("::", "unspecified"),
        ("100.64.0.1", "carrier"),
        ("100.100.100.200", "metadata service"),
        ("168.63.129.16", "metadata service"),
        ("192.0.0.192", "metadata service"),
        ("192.0.0.8", "reserved"),
        ("192.88.99.1", "reserved"),
        ("198.18.0.1", "benchmarking"),
        ("0.1.2.3", "reserved"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("192.0.2.1", "documentation"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("fec0::1", "private"),
        ("100::1", "reserved"),
        ("5f00::1", "reserved"),
        ("64:ff9b:1::1", "reserved"),
        ("::ffff:0:10.0.0.1", "private"),
        ("2001:0:808:808::f5ff:fffe", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:127.0.0.1", "this machine"),
        ("::ffff:169.254.169.254", "link-local"),
        ("::7f00:1", "this machine"),
        ("2002:7f00:1::", "this machine"),
        ("2002:a9fe:a9fe::", "link-local"),
        ("64:ff9b::a00:1", "private"),
        ("2001:0:a00:1::", "private"),
        ("no address", "no address"),
    ],
)
def test_an_address_that_is_not_public_is_refused_in_words(address, why):
    assert why in refusal_of(address, loopback=False)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"]
)
def test_public_addresses_are_connected_to(address):
    assert refusal_of(address, loopback=False) is None


def test_a_loopback_walk_still_does_not_reach_into_the_network():
    assert refusal_of("127.0.0.1", loopback=True) is None
    assert "private" in refusal_of("10.0.0.1", loopback=True)
    assert "this machine" in refusal_of("::ffff:127.0.0.1", loopback=True)


# -- the connection goes where the check went -------------------------------------------------------------------------


class Handler(socketserver.StreamRequestHandler):
    """Answers one document and closes."""

    def handle(self):
        self.rfile.readline()
        self.server.seen.append(1)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as started:
        started.seen = []
        thread = threading.Thread(target=started.serve_forever, args=(0.01,))
        thread.start()
        yield started
        started.shutdown()
        thread.join()


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked = []

    def resolve(host, port):
        asked.append(host)
        return next(answers)

    port = server.server_address[1]
    with Fetcher(loopback=True, resolve=resolve) as opened:
        assert opened.fetch(f"http://localhost:{port}/doc").body == b"{}"
    assert asked == ["localhost"]
    assert server.seen == [1]


class Stream(httpcore.MockStream):
    """A connection that notes what is sent, and for which name it is encrypted."""

    def __init__(self, noted):
        super().__init__([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
        self.noted = noted

    def write(self, buffer, timeout=None):
        self.noted.append(buffer)

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        self.noted.append(("TLS", server_hostname, ssl_context.check_hostname))
        return self


class Connections(httpcore.NetworkBackend):
    """Opens no connection, and notes to where one was wanted."""

    def __init__(self, closed=()):
        self.closed = closed
        self.noted = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.noted.append((host, port))
        if host in self.closed:
            raise httpcore.ConnectError("closed")
        return Stream(self.noted)


def test_a_name_that_is_rebound_does_not_move_the_connection():
    answers = iter([["8.8.8.8"], ["10.0.0.1"]])
    connections = Connections()
    with Fetcher(loopback=False, resolve=lambda host, port: next(answers), connections=connections) as opened:
        assert opened.fetch(f"{SITE}/doc").body == b"{}"
    to, tls, question = connections.noted[:3]
    assert to == ("8.8.8.8", 443)
    assert tls == ("TLS", "site.example", True)
    assert b"\r\nHost: site.example\r\n" in question
    assert next(answers) == ["10.0.0.1"]  # nobody asked again


def test_a_literal_address_is_not_looked_up_and_the_environment_names_no_proxy(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    connections = Connections()
    with Fetcher(loopback=False, resolve=None, connections=connections) as opened:
        assert opened.fetch("https://[2606:4700::1111]:8443/doc").ok
    assert connections.noted[0] == ("2606:4700::1111", 8443)


def test_the_next_address_is_tried_where_one_is_closed():
    connections = Connections(closed={"8.8.8.8"})
    with Fetcher(loopback=False, resolve=lambda host, port: ["8.8.8.8", "1.1.1.1"], connections=connections) as opened:
        assert opened.fetch(f"{SITE}/doc").ok
    assert connections.noted[:2] == [("8.8.8.8", 443), ("1.1.1.1", 443)]


@pytest.mark.parametrize(
    ("url", "address", "why"),
    [
        ("https://site.example/doc", "127.0.0.1", "this machine"),
        ("http://localhost/doc", "8.8.8.8", "not this machine"),
        ("http://localhost/doc", "10.0.0.1", "a private address"),
    ],
)
def test_in_a_loopback_walk_only_names_of_this_machine_lead_to_it_and_nowhere_else(url, address, why):
    connections = Connections()
    with (
        Fetcher(loopback=True, resolve=lambda host, port: [address], connections=connections) as opened,
        pytest.raises(NotAllowedError, match=why) as caught,
    ):
        opened.fetch(url)
    assert connections.noted == []
    assert caught.value.reason == "address"


@pytest.mark.parametrize("failure", [socket.gaierror("unknown"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_a_transport_error(failure):
    def resolve(host, port):
        raise failure

    with (
        Fetcher(loopback=False, resolve=resolve, connections=Connections()) as opened,
        pytest.raises(TransportError, match="no connection") as caught,
    ):
        opened.fetch(f"{SITE}/doc")
    assert caught.value.reason is None


def test_a_resolver_that_does_not_answer_ends_at_the_deadline():
    enough = threading.Event()

    def resolve(host, port):
        enough.wait(5)
        return ["8.8.8.8"]

    try:
        with (
            Fetcher(loopback=False, resolve=resolve, connections=Connections(), deadline_seconds=0.1) as opened,
            pytest.raises(TransportError, match=r"within 0\.1 s|not whole after 0\.1 s") as caught,
        ):
            opened.fetch(f"{SITE}/doc")
        assert caught.value.reason == "time"
    finally:
        enough.set()


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["::ffff:127.0.0.1"]])
def test_a_public_name_that_resolves_inwards_is_refused_before_connecting(addresses):
    with (
        Fetcher(loopback=False, resolve=lambda host, port: addresses) as opened,
        pytest.raises(NotAllowedError, match=r"site\.example resolves to .*, which a public document"),
    ):
        opened.fetch(f"{SITE}/doc")


def test_a_name_without_address_and_a_closed_port_are_transport_errors():
    with (
        Fetcher(loopback=True, resolve=lambda host, port: []) as opened,
        pytest.raises(TransportError, match="no connection"),
    ):
        opened.fetch("http://localhost/doc")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with Fetcher(loopback=True) as opened, pytest.raises(TransportError, match="no connection"):
            opened.fetch(f"http://127.0.0.1:{port}/doc")


class Dripping(socketserver.StreamRequestHandler):
    """Sends a byte at a time, for as long as somebody listens."""

    def handle(self):
        self.rfile.readline()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\n" + (b"" if self.server.in_headers else b"Content-Length: 100000\r\n\r\n")
        )
        try:
            while not self.server.enough.wait(0.02):
                self.wfile.write(b"X-A: b\r\n" if self.server.in_headers else b"x")
        except OSError:
            pass


@pytest.mark.parametrize("in_headers", [False, True])
def test_a_slow_drip_in_body_or_headers_ends_at_the_deadline(in_headers):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as started:
        started.in_headers, started.enough = in_headers, threading.Event()
        thread = threading.Thread(target=started.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{started.server_address[1]}/doc"
        try:
            with Fetcher(loopback=True, deadline_seconds=0.2) as opened:
                with pytest.raises(TransportError) as late:
                    opened.fetch(url)
                with pytest.raises(TransportError, match="over") as later:
                    opened.fetch(url)
            assert (late.value.reason, later.value.reason) == ("time", "time")
        finally:
            started.enough.set()
            started.shutdown()
            thread.join()


def test_the_systems_resolver_knows_this_machine(server):
    with Fetcher(loopback=True) as opened:
        assert opened.fetch(f"http://localhost:{server.server_address[1]}/doc").ok


def test_no_connection_is_opened_when_the_time_is_over():
    clock = [0.0]

    def resolve(host, port):
        clock[0] += 60
        return ["8.8.8.8"]

    connections = Connections()
    with (
        Fetcher(loopback=False, resolve=resolve, connections=connections, monotonic=lambda: clock[0]) as opened,
        pytest.raises(TransportError, match="not whole after 15 s"),
    ):
        opened.fetch(f"{SITE}/doc")
    assert connections.noted == []


def test_several_threads_share_one_fetcher(server):
    url = f"http://127.0.0.1:{server.server_address[1]}/doc"
    with Fetcher(loopback=True) as opened, ThreadPoolExecutor(6) as pool:
        bodies = [answer.body for answer in pool.map(opened.fetch, [url] * 12)]
    assert bodies == [b"{}"] * 12


# -- what is sent and followed ----------------------------------------------------------------------------------------


def test_nothing_but_the_question_is_sent():
    requests = []

    def handler(request):
        requests.append(request)
        return sent(**{"set-cookie": "track=1"})

    with fetcher(handler) as opened:
        opened.fetch(f"{SITE}/doc#part")
        opened.fetch(f"{SITE}/doc")
    for request in requests:
        assert {"authorization", "cookie", "referer"} & set(request.headers) == set()
        assert str(request.url) == f"{SITE}/doc"
        assert request.headers["accept-encoding"] == "identity"


def redirecting(*targets):
    queue = list(targets)
    seen = []

    def handler(request):
        seen.append(str(request.url))
        return sent(302, location=queue.pop(0)) if queue else sent()

    return handler, seen


def test_redirects_within_the_origin_are_followed_and_said():
    handler, seen = redirecting("/b", f"{SITE}/c", "d")
    with fetcher(handler) as opened:
        answer = opened.fetch(f"{SITE}/a")
    assert seen == [f"{SITE}/a", f"{SITE}/b", f"{SITE}/c", f"{SITE}/d"]
    assert answer.note == "after 3 redirects"
    assert answer.url == f"{SITE}/d"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://other.example/doc", "redirect"),
        ("https://site.example:8443/doc", "redirect"),
        ("//other.example/doc", "redirect"),
        ("http://site.example/doc", "address"),
        ("http://10.0.0.1/", "address"),
        ("http://169.254.169.254/latest/meta-data", "address"),
        ("file:///etc/passwd", "address"),
        ("https://user@site.example/doc", "address"),
        ("https://site.example:99999/", "address"),
    ],
)
def test_a_redirect_elsewhere_is_refused(target, reason):
    handler, seen = redirecting(target)
    with (
        fetcher(handler) as opened,
        pytest.raises(NotAllowedError, match=r"302 redirects from https://site\.example") as caught,
    ):
        opened.fetch(f"{SITE}/a")
    assert len(seen) == 1
    assert caught.value.reason == reason


def test_a_redirect_longer_than_any_address_is_not_even_joined(monkeypatch):
    monkeypatch.setattr("leadping_nb.session.fetch.urljoin", lambda url, location: pytest.fail("it was joined"))
    handler, _ = redirecting(f"/{'a' * 2_048}")
    with (
        fetcher(handler) as opened,
        pytest.raises(NotAllowedError, match=r"to an address of 2,049 characters\.") as caught,
    ):
        opened.fetch(f"{SITE}/a")
    assert caught.value.reason == "address"


def test_a_redirect_as_long_as_an_address_may_be_is_followed():
    target = f"{SITE}/".ljust(2_048, "a")
    handler, seen = redirecting(target)
    with fetcher(handler) as opened:
        assert opened.fetch(f"{SITE}/a").ok
    assert seen[1] == target


def test_an_answer_whose_redirect_is_refused_is_closed():
    closed = []

    class Noting(httpx.ByteStream):
        def close(self):
            closed.append(True)

    answer = httpx.Response(302, stream=Noting(b""), headers={"location": "https://other.example/"})
    with pytest.raises(NotAllowedError):
        once(answer)
    assert closed == [True]


@pytest.mark.parametrize(
    "target",
    [
        "//[",
        "http://[::1",
        "https:x//y",
        "https://xn--a/",
        "https://site.example\\x",
        "https://a:b/",
    ],
)
def test_a_redirect_to_what_is_no_address_is_an_error_of_ours(target):
    handler, seen = redirecting(target)
    with fetcher(handler) as opened, pytest.raises(LeadpingError, match="redirects") as caught:
        opened.fetch(f"{SITE}/a")
    assert len(seen) == 1
    assert caught.value.reason == "address"


def test_a_redirect_that_begins_with_a_colon_stays_within_its_origin():
    handler, seen = redirecting(":https://[::1#]/")
    with fetcher(handler) as opened:
        opened.fetch(f"{SITE}/a")
    assert [url.startswith(f"{SITE}/") for url in seen] == [True, True]


def test_a_refused_redirect_names_where_it_led():
    handler, _ = redirecting("https://other.example:8443/doc")
    with fetcher(handler) as opened, pytest.raises(NotAllowedError, match=r"to https://other\.example:8443, "):
        opened.fetch(f"{SITE}/a")


def test_a_fragment_of_a_redirect_is_not_sent():
    handler, seen = redirecting("/b#part")
    with fetcher(handler) as opened:
        assert opened.fetch(f"{SITE}/a").note == "after 1 redirect"
    assert seen[1] == f"{SITE}/b"


def test_a_redirect_in_circles_ends():
    handler, seen = redirecting(*["/a"] * 50)
    with fetcher(handler) as opened, pytest.raises(TransportError, match="more than 3 redirects") as caught:
        opened.fetch(f"{SITE}/a")
    assert len(seen) == 4
    assert caught.value.reason == "redirect"


# -- how much is read -------------------------------------------------------------------------------------------------


def endless():
    while True:
        yield b" " * 65_536


def test_an_endless_body_ends_at_a_mebibyte():
    with pytest.raises(ResponseError, match="larger than 1,048,576 bytes") as caught:
        once(httpx.Response(200, content=endless()))
    assert caught.value.reason == "size"


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_body_is_read_and_bounded(encoding, compress):
    def answer(body):
        return sent(200, compress(body), **{"content-encoding": encoding})

    assert once(answer(b'{"a": 1}')).body == b'{"a": 1}'
    with pytest.raises(ResponseError, match="when decompressed") as caught:
        once(answer(b" " * 50_000_000))
    assert caught.value.reason == "size"


@pytest.mark.parametrize("body", [gzip.compress(b"{}")[:-9], gzip.compress(b"{}")[:5], gzip.compress(b"{}") + b"more"])
def test_compression_that_ends_too_early_or_too_late_is_refused(body):
    with pytest.raises(ResponseError, match="compression") as caught:
        once(sent(200, body, **{"content-encoding": "gzip"}))
    assert caught.value.reason == "encoding"


def test_an_empty_body_may_be_called_compressed():
    assert once(sent(404, b"", **{"content-encoding": "gzip"})).body == b""


@pytest.mark.parametrize(("encoding", "said"), [("br", "'br'"), ("gzip, gzip", "'gzip, gzip'"), ("gzip", "broken")])
def test_other_compression_is_refused(encoding, said):
    answer = sent(200, b"not compressed", **{"content-encoding": encoding})
    with pytest.raises(ResponseError, match=said) as caught:
        once(answer)
    assert caught.value.reason == "encoding"


def test_a_document_in_drips_ends_at_its_limit():
    clock = [0.0]

    def drip():
        for _ in range(100):
            clock[0] += 5
            yield b"x"

    with pytest.raises(TransportError, match="not whole after 15 s") as caught:
        once(httpx.Response(200, content=drip()), monotonic=lambda: clock[0], limits=Limits(total=15.0))
    assert caught.value.reason == "time"


def test_all_documents_together_have_one_deadline_that_shortens_each():
    clock = [0.0]
    timeouts = []

    def handler(request):
        timeouts.append(request.extensions["timeout"])
        clock[0] += 12
        return sent()

    with fetcher(handler, monotonic=lambda: clock[0], deadline_seconds=26, limits=None) as opened:
        opened.fetch(f"{SITE}/doc")
        opened.fetch(f"{SITE}/doc")
        with pytest.raises(TransportError, match="not whole after 2 s") as late:
            opened.fetch(f"{SITE}/doc")
        with pytest.raises(TransportError, match="together had 26 s, and they are over") as later:
            opened.fetch(f"{SITE}/doc")
    assert (late.value.reason, later.value.reason) == ("time", "time")
    assert [timeout["read"] for timeout in timeouts] == [10, 10, 2]
    assert [timeout["connect"] for timeout in timeouts] == [5, 5, 2]
    assert [timeout["pool"] for timeout in timeouts] == [10, 10, 2]


def test_redirects_share_the_time_of_their_document():
    clock = [0.0]

    def handler(request):
        clock[0] += 7.5
        return sent(302, location="/again")

    with (
        fetcher(handler, monotonic=lambda: clock[0]) as opened,
        pytest.raises(TransportError, match="the seconds for the document are over") as caught,
    ):
        opened.fetch(f"{SITE}/doc")
    assert clock == [15.0]
    assert caught.value.reason == "time"


def test_a_timeout_at_the_end_of_the_time_says_so():
    clock = [0.0]

    def handler(request):
        clock[0] += 15
        raise httpx.ReadTimeout("the time is over")

    with (
        fetcher(handler, monotonic=lambda: clock[0]) as opened,
        pytest.raises(TransportError, match="not whole after 15 s"),
    ):
        opened.fetch(f"{SITE}/doc")


def test_what_does_not_come_is_a_transport_error():
    def refusing(request):
        raise httpx.ConnectError("refused")

    with fetcher(refusing) as opened, pytest.raises(TransportError, match="no connection") as caught:
        opened.fetch(f"{SITE}/doc")
    assert caught.value.reason is None


def late_body():
    yield b"{"
    raise httpx.ReadTimeout("nothing more came")


def late_answer():
    raise httpx.ReadTimeout("nothing came")


@pytest.mark.parametrize("answer", [late_answer, lambda: httpx.Response(200, content=late_body())])
def test_a_part_that_is_late_is_told_from_a_connection_that_breaks_later(answer):
    def broken():
        raise httpx.ReadError("reset")

    answers = iter([answer, broken])
    with fetcher(lambda request: next(answers)()) as opened:
        with pytest.raises(TransportError, match="no answer within 10 s") as late:
            opened.fetch(f"{SITE}/doc")
        with pytest.raises(TransportError, match="connection broke") as cut:
            opened.fetch(f"{SITE}/doc")
    assert (late.value.reason, cut.value.reason) == ("time", None)


# -- JSON by content --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "value", "quirks"),
    [
        (b'{"a": 1}', {"a": 1}, ()),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, ("byte order mark",)),
        (
            b'{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}',
            {"a": 2, "b": {"c": 2}},
            ("duplicate member: c", "duplicate member: a"),
        ),
        (b'{"a": "[[[[\\"{{{"}', {"a": '[[[["{{{'}, ()),
        (b'["\\ud800", {"\\udc00": 1}]', ["\ufffd", {"\ufffd": 1}], ("lone surrogate",)),
        (b'"\\ud83d\\ude00"', "\U0001f600", ()),
        (b"[1e999]", [float("inf")], ("a number beyond all bounds",)),
        (b"[-12, 1.5, -0]", [-12, 1.5, 0], ()),
        (b'{"\\n": 1, "\\n": 2}', {"\n": 2}, ("duplicate member: '\\n'",)),
        (b"7", 7, ()),
    ],
)
def test_json_is_read_with_what_is_unusual(body, value, quirks):
    parsed = parse_json(body)
    assert (parsed.value, parsed.quirks, parsed.problem) == (value, quirks, None)


def test_numbers_that_are_no_json_or_endless_do_no_harm():
    assert parse_json(b"[NaN, -Infinity]").quirks == ("NaN, which is no JSON", "-Infinity, which is no JSON")
    assert parse_json(b"[" + b"9" * 100_000 + b"]").value == [float("inf")]
    assert parse_json(b"9" * 640).value == 10**640 - 1


def test_quirks_stay_few_and_short_however_many_members_are_repeated():
    members = "".join(f'"{"a" * 500}{number}":1,' * 2 for number in range(500))
    quirks = parse_json(f'{{{members}"b":1}}'.encode()).quirks
    assert quirks == (f"duplicate member: {'a' * 60}…", "duplicate member: 480 more")


def test_json_is_refused_and_nothing_raised_where_calls_are_deep_already():
    def deep():
        try:
            return deep()
        except RecursionError:
            return parse_json(b"[" * 60 + b"]" * 60)

    try:
        assert deep().problem in (None, "not JSON that can be read here")
    except RecursionError:
        pytest.skip("no call at all was left")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "nothing"),
        (b" \n", "nothing"),
        (b"<!doctype html><p>hi", "a web page (HTML)"),
        (b"{", "not JSON"),
        (b"{} trailing", "JSON with more after its end"),
        (b"<?xml version='1.0'?>", "a web page (HTML)"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"[" * 65 + b"]" * 65, "JSON nested deeper than 64 levels"),
        (b"[" * 1_000_000, "JSON nested deeper than 64 levels"),
        (b'{"a":' * 200_000, "JSON nested deeper than 64 levels"),
        (b'"' + b"\\" * 1_000_001, "not JSON"),
        (b'"' + b'\\"' * 500_000, "not JSON"),
        (b"[]" * 500_000, "JSON with more after its end"),
    ],
)
def test_what_is_no_json_is_said_in_words(body, problem):
    parsed = parse_json(body)
    assert (parsed.value, parsed.problem) == (None, problem)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\n1eE+- ', max_size=200).map(str.encode))
def test_no_bytes_make_it_fail(body):
    parsed = parse_json(body)
    assert (parsed.problem is None) or parsed.value is None
    json.dumps([parsed.value, *parsed.quirks], ensure_ascii=False).encode()


@settings(deadline=None, max_examples=300)
@given(st.text() | st.from_regex(r"(https?|file)://[a-z0-9.\[\]:@%-]{0,20}(:[0-9]{1,6})?/[a-z]*", fullmatch=True))
def test_no_address_makes_the_guard_fail(url):
    try:
        origin = admissible_url(url, loopback=False)
    except LeadpingError:
        return
    assert origin.scheme == "https"
