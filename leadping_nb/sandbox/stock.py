"""What a sandbox serves: made-up data under a contract, or those of a recording."""

from __future__ import annotations

from pathlib import Path

from leadping_nb.arguments import TEXT, demand, path, whole
from leadping_nb.contracts import REVISIONS, Contract, contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.folder import Recording
from leadping_nb.sandbox.replay import Replay
from leadping_nb.sandbox.world import World

__all__ = ["stock"]

_MOST_LEADS = 1_000_000_000


def stock(
    leads: int | None, seed: int | None, revision: str | None, replay: str | Path | None, *, allow_raw: bool
) -> tuple[Contract, World | Replay]:
    """Give the contract and the data; the parameters and errors are those of `Sandbox`.

    Examples
    --------
    >>> contract, world = stock(100, None, None, None, allow_raw=False)
    >>> contract.revision, world.leads
    ('2026-07-05', 100)
    """
    if leads is not None:
        leads = whole("leads", leads, least=0, most=_MOST_LEADS, hint="It is how many leads there are, without quotes.")
    if seed is not None:
        seed = whole("seed", seed)
    demand(TEXT.or_none, revision=revision)
    if replay is None:
        contract = load_contract(REVISIONS[0] if revision is None else revision)
        return contract, World(contract, leads=5_000 if leads is None else leads, seed=7 if seed is None else seed)
    if (leads, seed, revision) != (None, None, None):
        raise LeadpingError(
            "A replay has the leads and the revision of its recording.", hint="Leave out leads, seed and revision."
        )
    recording = Recording.read(path("replay", replay))
    if recording.holds_originals and not allow_raw:
        raise LeadpingError(
            f"The recording in {recording.folder} has its customers in it.",
            hint="Run lp.pseudonymise on it first; or say allow_raw=True if nobody else will see it.",
        )
    contract = load_contract(recording.revision)
    return contract, Replay(contract, recording)
