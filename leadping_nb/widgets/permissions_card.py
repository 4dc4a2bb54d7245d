"""The permissions card: what a credential may do, call by call, each call as a request, and what a try shows."""

from __future__ import annotations

import html
import threading
from typing import TYPE_CHECKING, Final

from leadping_nb.contracts import Contract
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.evidence import Observation, Observed
from leadping_nb.policy import SIGNS, Permissions, permissions
from leadping_nb.probe import Probe
from leadping_nb.secret import concealed
from leadping_nb.widgets import front_end, permissions_trial as trial
from leadping_nb.widgets.card import Card, Message
from leadping_nb.widgets.code import Requests
from leadping_nb.widgets.connection import is_connection
from leadping_nb.widgets.permissions_code import lines_of, request_of, subject_of
from leadping_nb.widgets.permissions_sheet import Sheet

if TYPE_CHECKING:
    from leadping_nb.api import Api

__all__ = ["PermissionsCard"]

_NO_CREDENTIAL: Final = "no credential"
_NO_SUBJECT: Final = "This is neither a connection, nor a credential, nor a key type."
_NO_SUBJECT_HINT: Final = (
    "Give lp.connect(credential), or lp.connect(sandbox) for a sandbox; a credential, which lp.Credential.from_text(…)"
    " makes of a text; or one of lp.KeyType."
)
_TWO_CONTRACTS: Final = "The connection goes by the contract of {own}, and this is another one."
_TWO_CONTRACTS_HINT: Final = "Leave out contract=, or give it to lp.connect."
_NO_API: Final = "Only a connection can try what is documented: PermissionsCard(lp.connect(credential))."
_NO_YES: Final = "The calls were not confirmed."
_NO_YES_HINT: Final = "Press Observe, look at the calls, and say yes to them. Nothing was sent."


class PermissionsCard(Card):
    """Show what a credential may do under a contract: to be searched, filtered, asked for reasons, and tried.

    Searching and filtering happen in the page. Of a credential only its type is kept. With a connection the reads that
    ``api.probe`` makes can be made from here: their plan first, and the calls after a second yes.

    Each operation can be had as a request. One that is documented as denied is shown too, with a warning, because
    whoever looks into a 403 wants to repeat it; one that changes data is not, unless it sends a lead.

    Parameters
    ----------
    credential
        A connection, a credential, a key type, or None for calls without a credential.
    contract
        The contract to judge by; the seed's revision, or the connection's, unless given.
    observed
        What ``api.probe`` observed, to stand beside what is documented.

    Raises
    ------
    LeadpingError
        If `credential` is something else, such as a text, or `observed` is of another key type or revision.

    Examples
    --------
    >>> card = PermissionsCard(KeyType.SOURCE_KEY)
    >>> card
    <PermissionsCard: source key under 2026-07-05>
    >>> card.permissions.counts
    {'allowed': 3, 'undocumented': 0, 'denied': 118}
    """

    _esm = front_end.module("permissions_card")
    _css = front_end.style_sheet("permissions_card")

    def __init__(
        self,
        credential: Api | Credential | KeyType | None = None,
        *,
        contract: Contract | None = None,
        observed: Observed | None = None,
    ) -> None:
        credential = concealed(credential)  # type: ignore[assignment]  # a text is refused, and not shown
        self._changing = threading.Lock()
        self._plans = 0
        self._take(credential, contract, observed)
        super().__init__(
            {"plan": self._make_plan, "leave": self._leave_plan, "observe": self._observe, "stop": self._stop}
        )

    @property
    def permissions(self) -> Permissions:
        """What is shown."""
        return self._permissions

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        return lines_of(self._permissions, self._subject, self._api)

    def show(self, credential: Api | Credential | KeyType | None, *, observed: Observed | None = None) -> None:
        """Show what another credential may do under the same contract; the page keeps its search and filters.

        Reads that are on their way are stopped, and what came of them is dropped.

        Parameters
        ----------
        credential
            A connection, whose contract then counts, a credential, a key type, or None for calls without a credential.
        observed
            What ``api.probe`` observed of it; nothing unless given.

        Raises
        ------
        LeadpingError
            If one of them is something else; the card then stays as it was.
        """
        known = None if is_connection(credential) else self._permissions.contract
        with self._changing:
            running = self._run
            self._take(credential, known, observed)
            if running is not None:
                running.stop.set()
        self._publish()

    def _take(
        self, given: Api | Credential | KeyType | None, contract: Contract | None, observed: Observed | None
    ) -> None:
        api = given if is_connection(given) else None
        whose = given if api is None else api.credential
        if whose is not None and not isinstance(whose, Credential | KeyType):
            raise LeadpingError(_NO_SUBJECT, hint=_NO_SUBJECT_HINT)
        if api is not None and contract not in (None, api.contract):
            raise LeadpingError(_TWO_CONTRACTS.format(own=api.contract.revision), hint=_TWO_CONTRACTS_HINT)
        known = contract if api is None else api.contract
        self._permissions = permissions(whose, contract=known, observed=observed)
        self._subject = subject_of(whose)
        self._api = api
        self._plan: Probe | None = None
        self._run: trial.Run | None = None

    # -- requests --

    @property
    def _hands_requests(self) -> bool:
        return True

    def _requests_for(self, message: Message) -> Requests:
        return request_of(message.content.get("operation"), self._permissions, self._api)

    # -- trying --

    def _make_plan(self, _: Message) -> None:
        self._plan = self._demand_api().probe(say=_quiet)
        self._plans += 1

    def _leave_plan(self, _: Message) -> None:
        self._plan = None

    def _observe(self, message: Message) -> None:
        api, plan = self._demand_api(), self._plan
        if plan is None or message.content.get("confirmed") is not True or message.content.get("plan") != self._plans:
            raise LeadpingError(_NO_YES, hint=_NO_YES_HINT)
        run = trial.Run(plan.plan.count)
        self._plan, self._run = None, run
        self._begin(lambda: self._carry_out(api, run))

    def _carry_out(self, api: Api, run: trial.Run) -> None:
        """Make the calls beside the kernel's own thread; what comes of them after `show` is dropped."""

        def tell(name: str, _: Observation) -> None:
            with self._publishing:  # so that no view that is on its way comes later and knows less
                run.done, run.observed = run.done + 1, name
                if run is self._run:
                    self.send({"run": run.content})

        try:
            probe = api.probe(confirm=True, say=_quiet, on_observation=tell, stop=run.stop)
        except Exception:
            if self._is_own(run):
                raise
        else:
            self._is_own(run, probe)

    def _is_own(self, run: trial.Run, probe: Probe | None = None) -> bool:
        """Take note that a run is over, and of what came of it; say whether it is still the card's own."""
        with self._changing:
            if run is not self._run:
                return False
            self._run = None
            if probe is not None:
                self._permissions = probe.permissions
            return True

    def _stop(self, _: Message) -> None:
        if self._run is not None:
            self._run.stop.set()

    def _demand_api(self) -> Api:
        if not self.wait(0):
            raise LeadpingError("This card is still at work.", hint="Stop it, or wait until it has ended.")
        if self._api is None:
            raise LeadpingError(_NO_API, hint="Make the card with one.")
        return self._api

    # -- what is shown --

    def _content(self) -> dict[str, object]:
        shown, probe = self._permissions, self._probe
        return {
            "subject": _name(shown.key_type),
            "revision": shown.contract.revision,
            "verdicts": [
                {"word": verdict, "sign": SIGNS[verdict], "count": count} for verdict, count in shown.counts.items()
            ],
            **Sheet.of(shown).content,
            "trial": {
                "missing": _NO_API if self._api is None else "",
                "plan": None if self._plan is None else trial.planned(self._plan, self._plans),
                "run": None if self._run is None else self._run.content,
                "found": None if probe is None else trial.found(probe),
            },
        }

    @property
    def _probe(self) -> Probe | None:
        """What was tried, where it says more than single observations."""
        seen = self._permissions.observed
        return seen if isinstance(seen, Probe) and seen.made else None

    def _text(self) -> str:
        sheet = Sheet.of(self._permissions)
        numbered = "\n".join(f"{number}. {reason}" for number, reason in enumerate(sheet.numbered, 1))
        found = [] if self._probe is None else [trial.found_text(self._probe)]
        return "\n\n".join([self._sentence(), *found, sheet.table.text(), f"Reasons, by number\n{numbered}"])

    def _html(self) -> str:
        sheet = Sheet.of(self._permissions)
        title = html.escape(self._sentence())
        numbered = "".join(f"<li>{html.escape(reason)}</li>" for reason in sheet.numbered)
        found = "" if self._probe is None else trial.found_html(self._probe)
        return (
            f"<p><strong>{title}</strong></p>{found}"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{sheet.table.html()}</div><p>Reasons, by number</p><ol>{numbered}</ol>"
        )

    def _sentence(self) -> str:
        counts = " · ".join(
            f"{SIGNS[verdict]} {count} {verdict}" for verdict, count in self._permissions.counts.items()
        )
        name = _name(self._permissions.key_type).capitalize()
        return f"{name}, contract of {self._permissions.contract.revision}: {counts}"

    def __repr__(self) -> str:
        shown = self._permissions
        return f"<PermissionsCard: {_name(shown.key_type)} under {shown.contract.revision}>"


def _name(key_type: KeyType | None) -> str:
    return _NO_CREDENTIAL if key_type is None else key_type.value


def _quiet(sentence: str) -> None:
    """Print nothing: the card says it."""
