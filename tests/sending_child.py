"""Sends a table of leads in a process of its own, which kills itself with SIGKILL right before or after its k-th fsync.

    python tests/sending_child.py ADDRESS JOURNAL K (before | after)

The source key comes on standard input. It is no test, but what the tests of sending run.
"""

import os
import signal
import sys
from itertools import count

import pandas as pd

from leadping_nb.api import connect

LEADS = pd.DataFrame({"phone": [f"+1212555010{number}" for number in range(4)]})


def main(address, journal, wanted, moment):
    numbers, sync = count(1), os.fsync

    def fsync(file):
        is_wanted = next(numbers) == int(wanted)
        if is_wanted and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        sync(file)
        if is_wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = fsync
    with connect(sys.stdin.readline().strip(), base_url=address, rate_limit=None) as api:
        api.send_leads(LEADS, confirm=True, journal=journal)


if __name__ == "__main__":
    main(*sys.argv[1:])
