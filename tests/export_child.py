"""Exports in a process of its own, which kills itself with SIGKILL right before or after its k-th rename.

    python tests/export_child.py ADDRESS FOLDER K (before | after)

The credential comes on standard input. It is no test, but what the tests of exports run.
"""

import os
import signal
import sys
from itertools import count

from leadping_nb.api import connect


def main(address, folder, wanted, moment):
    numbers, rename = count(1), os.replace

    def replace(source, target):
        is_wanted = next(numbers) == int(wanted)
        if is_wanted and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        rename(source, target)
        if is_wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = replace
    with connect(sys.stdin.readline().strip(), base_url=address, rate_limit=None) as api:
        api.export("leads", folder, page_size=25, rows_per_file=50)


if __name__ == "__main__":
    main(*sys.argv[1:])
