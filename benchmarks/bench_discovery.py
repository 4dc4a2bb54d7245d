"""A whole walk against its bare requests, in one run.

    python benchmarks/bench_discovery.py [--rounds 15]

Prints the wall time of ``lp.discover`` as a ratio to the same requests made one after another with a bare httpx client,
on the sandbox, with its answers delayed by nothing and by 20 ms as on a real network.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

import leadping_nb as lp


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print("| server time a request | lp.discover ÷ bare requests, wall, median (min to max) |")
    print("| --- | --- |")
    with lp.Sandbox(leads=1, rate_limit=None) as sandbox:
        urls = [step.url for step in lp.discover(sandbox.url).steps]
        bare = httpx.Client(trust_env=False)
        print(f"| none | {_ratio(rounds, lambda: lp.discover(sandbox.url), lambda: [bare.get(url) for url in urls])} |")
        with _Delayed(sandbox, 0.02) as slow:
            moved = [slow.moved(url) for url in urls]
            ratio = _ratio(rounds, lambda: lp.discover(slow.url), lambda: [bare.get(url) for url in moved])
            print(f"| 20 ms | {ratio} |")
        bare.close()


def _ratio(rounds: int, ours: Callable[[], object], theirs: Callable[[], object]) -> str:
    ratios = []
    for _ in range(rounds + 1):
        times = []
        for run in (ours, theirs):
            began = time.perf_counter()
            run()
            times.append(time.perf_counter() - began)
        ratios.append(times[0] / times[1])
    kept = ratios[1:]  # the first round warms up
    return f"{statistics.median(kept):.2f} ({min(kept):.2f} to {max(kept):.2f})"


class _Delayed:
    """Stands before a sandbox's two servers and answers as they do, later."""

    def __init__(self, sandbox: lp.Sandbox, seconds: float) -> None:
        self._client = httpx.Client(trust_env=False)
        self._fronts: dict[str, ThreadingHTTPServer] = {}
        for origin in (sandbox.url, sandbox.website):
            self._fronts[origin] = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(origin, seconds))

    @property
    def url(self) -> str:
        """The address that stands for the API's."""
        return self.moved(next(iter(self._fronts)))

    def moved(self, text: str) -> str:
        """Write the fronts' addresses in the place of the sandbox's."""
        for origin, front in self._fronts.items():
            text = text.replace(origin, f"http://127.0.0.1:{front.server_address[1]}")
        return text

    def _handler(self, origin: str, seconds: float) -> type[BaseHTTPRequestHandler]:
        delayed = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                time.sleep(seconds)
                answer = delayed._client.get(origin + self.path)
                body = delayed.moved(answer.text).encode()
                self.send_response(answer.status_code)
                for name in ("content-type", "www-authenticate"):
                    if name in answer.headers:
                        self.send_header(name, delayed.moved(answer.headers[name]))
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def __enter__(self) -> _Delayed:
        for front in self._fronts.values():
            Thread(target=front.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for front in self._fronts.values():
            front.shutdown()
            front.server_close()
        self._client.close()


if __name__ == "__main__":
    main()
