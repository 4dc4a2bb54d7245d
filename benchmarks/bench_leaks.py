"""The leak check beside others: its time over one pass over the bytes, what it finds, and what it only thinks it finds.

    python benchmarks/bench_leaks.py [--clean 200] [--rounds 7] [--check]

The corpus is that of ``leaks_corpus.py``: each kind of secret in each place of a notebook, and clean notebooks full of
look-alikes. One pass reads every file and counts its line breaks. Times are CPU seconds. detect-secrets looks for far
more kinds than ours, and takes so long that it gets a part of the corpus. With ``--check`` it ends with 1 if one of
ours is missed, a clean notebook is flagged, or the time is above its limit.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from leaks_corpus import Sample, corpus, disguised
from rounds import cpu_seconds, ratios, table

from leadping_nb.leaks import leak_check
from leadping_nb.leaks.files import leaks_in_bytes
from leadping_nb.leaks.known import known_secrets
from leadping_nb.leaks.patterns import digest

LIMIT = 8.0
"""The most that our median may be."""

PART = 24
"""Every so many notebooks go to those that take hours over all."""

_ONE_PATTERN = re.compile(
    rb"(?:lp_src_|lp_|sk_|whsec_)[A-Za-z0-9._~+/=-]{16,}"
    rb"|eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"
    rb"|[Bb]earer\s+[A-Za-z0-9._~+/=-]{16,}"
)


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to look for secrets."""

    name: str
    flagged: Callable[[Sequence[Path]], Iterable[Path]]
    """Gives those of some files in which it sees a secret."""
    slow: bool = False
    """Whether it gets a part of the corpus."""


def one_pass(paths: Sequence[Path]) -> list[Path]:
    """Read every file and count its line breaks."""
    return [path for path in paths if _bytes(path).count(b"\n") < 0]


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read()


def _ours(paths: Sequence[Path]) -> Iterable[Path]:
    return leak_check(paths).files


def _all_matches(paths: Sequence[Path]) -> Iterable[Path]:
    return [path for path in paths if list(_ONE_PATTERN.finditer(_bytes(path)))]


def _detect_secrets(*, entropy: bool) -> Callable[[Sequence[Path]], Iterable[Path]]:
    from detect_secrets import SecretsCollection
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    from detect_secrets.settings import transient_settings

    names = sorted(plugin.__name__ for plugin in get_mapping_from_secret_type_to_class().values())
    plugins = [{"name": name} for name in names if entropy or "Entropy" not in name]

    def flagged(paths: Sequence[Path]) -> Iterable[Path]:
        found = SecretsCollection()
        with transient_settings({"plugins_used": plugins}):
            for path in paths:
                found.scan_file(str(path))
        return {Path(name) for name in found.files}

    return flagged


def contenders() -> list[Contender]:
    """Give ours and the others that are installed."""
    found = [Contender("leadping_nb", _ours), Contender("one regular expression over the bytes", _all_matches)]
    try:
        found += [
            Contender("detect-secrets ¹", _detect_secrets(entropy=True), slow=True),
            Contender("detect-secrets without entropy ¹", _detect_secrets(entropy=False), slow=True),
        ]
    except ImportError:
        print("detect-secrets is not installed: pip install -e '.[bench]'", file=sys.stderr)
    return found


def main() -> None:
    """Measure, print, and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clean", type=int, default=200, help="how many clean notebooks")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="end with 1 if ours is not what it should be")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows, faults = measured(Path(folder), chosen.clean, chosen.rounds)
    print(table(("", "time ÷ one pass, CPU (min to max)", "planted secrets found", "clean notebooks flagged"), rows))
    print(f"\n{_known()}", f"{os.cpu_count()} cores, Python {sys.version.split()[0]}.")
    print("\n".join(faults), file=sys.stderr)
    sys.exit(1 if chosen.check and faults else 0)


def measured(folder: Path, clean: int, rounds: int) -> tuple[list[tuple[object, ...]], list[str]]:
    """Measure everybody; give the rows of the table, and what is wrong with ours."""
    samples = {}
    for sample in corpus(clean):
        path = folder / sample.name
        path.write_bytes(sample.content)
        samples[path] = Sample(sample.name, b"", sample.kind, sample.place, sample.secret)
    size = sum(path.stat().st_size for path in samples) / 1e6
    print(f"{len(samples)} notebooks, {size:.0f} MB", file=sys.stderr)
    everything = contenders()
    parts = {one.name: list(samples)[:: PART if one.slow else 1] for one in everything}
    times = {}
    for slow in (False, True):
        group = [one for one in everything if one.slow == slow]
        if group:
            part = parts[group[0].name]
            runs = {one.name: (lambda flagged=one.flagged, part=part: flagged(part)) for one in group}
            turns = 1 if slow else rounds
            times |= ratios(lambda part=part: one_pass(part), runs, rounds=turns, clock=cpu_seconds)
    rows: list[tuple[object, ...]] = []
    faults = []
    for one in everything:
        part = parts[one.name]
        planted = {path for path in part if samples[path].secret}
        flagged = set(one.flagged(part))
        found, false = len(flagged & planted), len(flagged - planted)
        rows.append((one.name, times[one.name], f"{found} of {len(planted)}", f"{false} of {len(part) - len(planted)}"))
    faults += [f"Not exactly found: {samples[path].kind} in {samples[path].place}." for path in _missed(samples)]
    if rows[0][3] != f"0 of {clean}":
        faults.append("A clean notebook is flagged.")
    if times["leadping_nb"].median > LIMIT:
        faults.append(f"Our time is {times['leadping_nb']}, and its limit {LIMIT}.")
    return rows, faults


def _missed(samples: dict[Path, Sample]) -> list[Path]:
    """Give the files for which ours does not name the very secret, and nothing else."""
    return [
        path
        for path, sample in samples.items()
        if sample.secret
        and [(leak.hash, leak.kind) for leak in leak_check(path)] != [(digest(sample.secret), sample.kind)]
    ]


def _known() -> str:
    found = total = 0
    for _, sample in disguised():
        known = known_secrets([sample.secret or ""])
        hashes = {leak.hash for leak in leaks_in_bytes(sample.content, name=sample.name, known=known)}
        total += 1
        found += digest(sample.secret or "") in hashes
    return f"With the credential at hand: {found} of {total} encoded and split forms found."


if __name__ == "__main__":
    main()
