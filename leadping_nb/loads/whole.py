"""Lists from their beginnings: one, or several at once."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pandas as pd

from leadping_nb.errors import IncompleteFrameWarning, LeadpingError
from leadping_nb.frames.loading import uninterrupted
from leadping_nb.list_options import Query, list_options
from leadping_nb.loads.job import Job, Manner, run
from leadping_nb.progress import progress
from leadping_nb.resources import find_resource
from leadping_nb.session.addresses import fill
from leadping_nb.session.http import Session

__all__ = ["load", "load_side_by_side"]


def load(session: Session, name: str, query: Query, manner: Manner) -> pd.DataFrame:
    """Load one list; the errors are those of `frames.load_frame`."""
    return run(session, find_resource(session.contract, name), query, manner)


def load_side_by_side(session: Session, names: Sequence[str], query: Query, manner: Manner) -> dict[str, pd.DataFrame]:
    """Load several lists at once under one rate limit; one that fails gives a frame that says so."""
    found = {name: find_resource(session.contract, name) for name in names}
    if not found:
        raise LeadpingError("No list was named.", hint='Name some: api.frames("leads", "events").')
    options = list_options(query)
    for resource in found.values():
        options.check(resource.operation, session.contract)
        fill(resource.operation, query.get("path") or {})
    stop = threading.Event()
    sentences: list[str] = []
    with progress(manner.progress) as shown, ThreadPoolExecutor(len(found), thread_name_prefix="leadping") as pool:
        keep = replace(manner, on_error="keep", stop=stop)
        jobs = {name: Job(session, resource, query, keep, shown) for name, resource in found.items()}
        running = {}
        try:
            for name, job in jobs.items():
                running[name] = pool.submit(job.run, warn=sentences.append)
            while wait(running.values(), timeout=1.0).not_done:  # a wait without end hears no Ctrl-C on Windows
                pass
            frames = {name: future.result() for name, future in running.items()}
        except KeyboardInterrupt:
            stop.set()
            with uninterrupted():
                frames = {name: future.result() for name, future in running.items()}
        finally:
            stop.set()
    for sentence in sentences:
        warnings.warn(sentence, IncompleteFrameWarning, stacklevel=3)
    return frames
