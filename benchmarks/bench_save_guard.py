"""What the save guard costs a save: a notebook of 5 MB looked through, against writing it as JSON.

    python benchmarks/bench_save_guard.py [--rounds 15]

The notebook has pictures, tables, long outputs and code, and here and there a text that begins like a key and is none.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
from time import perf_counter
from typing import Any

from rounds import ratios, table, wall_seconds

from leadping_nb.save_guard import SaveGuard

_CELLS = 30
_LINES = "2026-07-05 12:34:56.789 INFO loaded 5,000 rows of leads\n" * 19 + "lp_leads_by_week eyJ help_me lp_example\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    content = _notebook()
    guard, model = SaveGuard(), {"type": "notebook", "content": content}

    def look() -> None:
        guard.look(model=model, path="large.ipynb", contents_manager=None)

    ratio = ratios(lambda: json.dumps(content), {"look": look}, rounds=rounds, clock=wall_seconds)["look"]
    milliseconds = sorted(_seconds(look) * 1000 for _ in range(rounds))[rounds // 2]
    size = len(json.dumps(content)) / 1e6
    print(
        table(("a notebook of", "looked through ÷ `json.dumps`, wall", "ms"), [(f"{size:.1f} MB", ratio, milliseconds)])
    )


def _seconds(look: Any) -> float:
    started = perf_counter()
    look()
    return perf_counter() - started


def _notebook() -> dict[str, Any]:
    chance = random.Random(7)
    cells = []
    for number in range(_CELLS):
        picture = base64.b64encode(chance.randbytes(60_000)).decode()
        outputs = [
            {"output_type": "display_data", "data": {"image/png": picture, "text/plain": "<Figure>"}, "metadata": {}},
            {"output_type": "stream", "name": "stdout", "text": _LINES * 30},
            {
                "output_type": "execute_result",
                "data": {"text/html": "<tr><td>lead_01234</td></tr>" * 1300},
                "metadata": {},
            },
        ]
        source = f"leads_{number} = api.frame('leads', limit={number})\n" * 20
        cells.append({"cell_type": "code", "source": source, "metadata": {}, "outputs": outputs})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


if __name__ == "__main__":
    main()
