"""What the output guard costs: printing 10 MB in a cell of a real kernel, with the guard and without.

    python benchmarks/bench_guard.py [--rounds 21] [--packer orjson]

Prints the CPU time that the kernel takes for it, of all its threads and until the last piece was sent, and the time
that passes until a client has it, both as ratios to the same cell with the guard off. The kernel packs its messages as
Jupyter does by itself; where orjson is installed, it would pack them in a fraction of the time.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from jupyter_client.manager import start_new_kernel
from rounds import ratios, table, wall_seconds

_SETTING = """\
import base64, json, random, sys, time
import leadping_nb as lp
{credentials}
line = "2026-11-24T09:00:00.0000000Z lead_0123456789 Ada Example ada@mail.example +1 555 0100 contacted 12.50\\n"
lines = 10_000_000 // len(line)
letters = base64.b64encode(random.Random(7).randbytes(7_500_000)).decode()
dice = random.Random(3)
leads = [
    json.dumps(
        {{
            "id": f"{{dice.getrandbits(128):032x}}",
            "firstName": dice.choice(["Grace", "Quentin", "Yusuf", "Xavier", "Zoe"]),
            "email": f"jo{{dice.randrange(9999)}}.vex@mail.example",
            "createdAtUtc": "2026-11-24T09:00:00Z",
            "status": dice.choice(["Won", "Lost", "New", "Junk"]),
            "note": "Homeowner, Kyiv; Fridays before 9, Budget: USD 12,500. Replied Twice, Very interested",
        }}
    )
    for _ in range(40_000)
]
leads = leads[: 10_000_000 // len(leads[0])]
joined = "\\n".join(leads)
"""
_TOKEN = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"RS256"}', b'{"sub":"test","scope":"' + b"leads.read " * 30 + b'"}', bytes(range(256)))
)
_CREDENTIALS: Mapping[str, str] = {
    "one key": "lp.Credential.from_text('lp_src_test_8dK2vQmZr4TbW9yLxJ5nHsGc7PfA3eUo')",
    "one token": f"lp.Credential.from_text('{_TOKEN}')",
    "four keys": "[lp.Credential.from_text(f'lp_src_test_{number}dK2vQmZr4TbW9yLxJ5nHsGc') for number in range(4)]",
}
_CELLS: Mapping[str, str] = {
    "100,000 lines": "for _ in range(lines): print(line, end='')",
    "one text": "print(line * lines)",
    "digits": "print('0123456789' * 1_000_000)",
    "all letters": "print(letters)",
    "all letters, in lines": "for at in range(0, len(letters), 100): print(letters[at : at + 100])",
    "JSON": "print(joined)",
    "JSON, in lines": "for lead in leads: print(lead)",
}
_SWITCHED = """\
seconds = 0
lp.guard_outputs({on})
print("x" * 300_000)  # at the first long text the guard makes its tables, once for a set of credentials
sys.stdout.flush()
"""
_MEASURED = """\
began = time.process_time()
{cell}
sys.stdout.flush()
seconds = time.process_time() - began
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--packer", choices=["json", "orjson"], default="json", help="what packs messages")
    asked = parser.parse_args()
    rows: list[tuple[object, ...]] = []
    for held, credentials in _CREDENTIALS.items():
        with _kernel(_SETTING.format(credentials=credentials), asked.packer) as execute:
            meter = _Meter(execute)
            for name, cell in _CELLS.items():
                found = [
                    ratios(
                        meter.runs(cell, on=False), {held: meter.runs(cell, on=True)}, rounds=asked.rounds, clock=clock
                    )
                    for clock in (meter.of_kernel, meter.of_client)
                ]
                rows.append((name, held, *(f"{each[held].median:.3f}" for each in found), *found[0].values()))
    print(table(("10 MB as", "held", "÷ without, CPU", "÷ without, wall to a client", "CPU (min to max)"), rows))


class _Meter:
    """Two clocks that run while a kernel prints."""

    def __init__(self, execute: Callable[[str], float]) -> None:
        self._execute = execute
        self._kernel = self._client = 0.0

    def of_kernel(self) -> float:
        """Give the seconds of the processor, by the kernel's own account."""
        return self._kernel

    def of_client(self) -> float:
        """Give the seconds that passed until all of it was here."""
        return self._client

    def runs(self, cell: str, *, on: bool) -> Callable[[], None]:
        def run() -> None:
            self._execute(_SWITCHED.format(on=on))
            began = wall_seconds()
            self._kernel += self._execute(_MEASURED.format(cell=cell))
            self._client += wall_seconds() - began

        return run


@contextmanager
def _kernel(setting: str, packer: str) -> Iterator[Callable[[str], float]]:
    """Give what runs a cell in a kernel and returns its variable ``seconds``."""
    manager, client = start_new_kernel(extra_arguments=[f"--Session.packer={packer}"])

    def execute(code: str) -> float:
        reply = client.execute_interactive(
            code, output_hook=lambda message: None, user_expressions={"seconds": "seconds"}
        )
        if reply["content"]["status"] != "ok":
            raise RuntimeError("\n".join(reply["content"]["traceback"]))
        return float(reply["content"]["user_expressions"]["seconds"]["data"]["text/plain"])

    try:
        execute(f"seconds = 0\n{setting}")
        yield execute
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
