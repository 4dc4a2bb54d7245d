"""``leadping-nb sandbox``: the server in the foreground."""

from __future__ import annotations

import signal
import threading

from leadping_nb.sandbox import Sandbox

__all__ = ["run_sandbox"]


def run_sandbox(*, leads: int, revision: str, port: int) -> int:
    """Serve until Ctrl-C or SIGTERM; give the exit code."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Sandbox(leads=leads, revision=revision, port=port) as sandbox:
        print(f"Leadping sandbox, contract {revision}, {leads:,} leads", flush=True)
        print(f"  API           {sandbox.url}")
        print(f"  website       {sandbox.website}")
        print(f"  user token    {sandbox.user_token}")
        print(f"  business key  {sandbox.business_key}")
        print(f"  source key    {sandbox.source_key}")
        print(f'Try: curl -H "Authorization: Bearer {sandbox.business_key}" {sandbox.url}/tags')
        print("These work here and nowhere else. Stop with Ctrl-C.", flush=True)
        stop.wait()
    print("The sandbox has stopped.", flush=True)
    return 0
