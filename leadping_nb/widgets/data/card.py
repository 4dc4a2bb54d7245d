"""The data card: choose a list, say what of it is wanted, and get it as a DataFrame in a variable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, cast

from leadping_nb.arguments import FUNCTION, demand
from leadping_nb.contracts import contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.policy import Decision, decide
from leadping_nb.resources import Resource, resources
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card, Message
from leadping_nb.widgets.code import in_all_forms
from leadping_nb.widgets.connection import connection
from leadping_nb.widgets.data import form as data_form, view as data_view
from leadping_nb.widgets.data.form import DEFAULT_LIMIT, Asked
from leadping_nb.widgets.data.load import Loaded, Run, go_on, load
from leadping_nb.widgets.data.progress import CardProgress
from leadping_nb.widgets.data.variable import Variables

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.api import Api
    from leadping_nb.forecast import Forecast

__all__ = ["DataCard"]

_NO_API: Final = "A credential is needed first."
_NO_API_HINT: Final = "Enter one in the credential card, or make this card with one: DataCard(lp.connect(credential))."
_NO_CONNECTION_HINT: Final = "DataCard(lp.connect(credential)) makes it; for a sandbox, DataCard(lp.connect(sandbox))."
_HOW: Final = "Run this cell in JupyterLab, Notebook 7 or Voila to load it here. The same without the card:"
_NO_NOTEBOOK: Final = "There is no notebook to put a variable in: the frame is card.frame."
_BLANK: Final[Mapping[str, object]] = {"limit": str(DEFAULT_LIMIT)}


class DataCard(Card):
    """Choose a list, filter it, see what a load would take, load it, and have it as a DataFrame.

    A load runs beside the kernel's own thread, so that other cells run meanwhile; it can be stopped and gone on with.

    Parameters
    ----------
    api
        What loads; without one, the card says that a credential is needed.
    on_frame
        Called with the name of the variable and the frame each time that a frame is put into a variable, which after
        a load happens by itself where the list's name is free: then in the thread of the load. What it raises is
        shown in the card.

    Examples
    --------
    >>> card = DataCard()
    >>> card
    <DataCard: no credential>
    >>> card.frame is None
    True
    """

    _esm = front_end.module("data_card")
    _css = front_end.style_sheet("data_card")

    def __init__(
        self, api: Api | None = None, *, on_frame: Callable[[str, pd.DataFrame], object] | None = None
    ) -> None:
        demand(FUNCTION.or_none, on_frame=on_frame)
        self._on_frame = on_frame
        self._variables = Variables()
        self._has_preview = True
        self._changing = threading.Lock()
        self._take(api)
        super().__init__(
            {
                "choose": self._choose,
                "forecast": self._forecast,
                "load": self._load,
                "stop": self._stop,
                "go on": self._go_on,
                "preview": self._switch_preview,
                "use": self._use,
            }
        )

    @property
    def frame(self) -> pd.DataFrame | None:
        """What was loaded last, whole or not; None as long as nothing was."""
        return None if self._loaded is None else self._loaded.frame

    @property
    def name(self) -> str | None:
        """The variable that the frame is in; None as long as it is in none."""
        return self._name

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        contract, usual = self._contract, load_contract()
        return self._asked.code(
            self._name or self._asked.resource.name,
            base_url=self._api.base_url if self._api is not None and self._api.base_url != contract.base_url else None,
            revision=contract.revision if contract.revision != usual.revision else None,
        )

    @property
    def requests(self) -> Mapping[str, str]:
        """The request of the first page, for curl, for httpx and for the official SDK."""
        if self._api is None:
            return {}
        method, (path, params, body) = self._asked.resource.operation.method, self._asked.first_request
        api = self._api
        return in_all_forms(lambda kind: api.snippet(method, path, as_=kind, params=params, body=body))

    def show(self, api: Api | None) -> None:
        """Begin anew with another credential, or with none; a load that runs is stopped and what came of it dropped.

        Parameters
        ----------
        api
            What loads from now on.
        """
        with self._changing:
            if self._run is not None:
                self._run.stop.set()
            self._take(api)
        self.error = None
        self._publish()

    def _take(self, api: Api | None) -> None:
        self._api = api = connection(api, hint=_NO_CONNECTION_HINT)
        self._contract = load_contract() if api is None else api.contract
        key_type = None if api is None or api.credential is None else api.credential.key_type
        self._holder = "no credential" if key_type is None else f"a {key_type.value}"
        self._lists: Mapping[str, tuple[Resource, Decision]] = {
            name: (resource, decide(key_type, resource.operation, self._contract))
            for name, resource in resources(self._contract).items()
        }
        readable = (name for name, (_, decision) in self._lists.items() if decision.verdict != "denied")
        self._chosen = next(readable, next(iter(self._lists)))
        self._form: Mapping[str, object] = _BLANK
        self._asked = data_form.blank(self._lists[self._chosen][0])
        self._run: Run | None = None
        self._said = ""
        self._foreseen: Forecast | None = None
        self._loaded: Loaded | None = None
        self._name: str | None = None
        self._handed = ""

    def _choose(self, message: Message) -> None:
        name = message.content.get("list")
        if not isinstance(name, str) or name not in self._lists:
            raise LeadpingError("There is no such list.", hint="Choose one of those that the card shows.")
        if name != self._chosen:
            self._chosen, self._form = name, _BLANK
            self._foreseen, self._said = None, ""
            if self._loaded is None and self._run is None:
                self._asked = data_form.blank(self._lists[name][0])

    def _forecast(self, message: Message) -> None:
        api, asked = self._submitted(message)

        def work(run: Run) -> None:
            def say(sentence: str) -> None:
                run.said = sentence
                self._publish()

            foreseen = api.forecast(asked.resource.name, say=say, stop=run.stop, **asked.query)
            if run is self._run:
                self._foreseen, self._said = foreseen, run.said

        self._carry_out(Run("forecast", asked.resource.name), work)

    def _load(self, message: Message) -> None:
        api, asked = self._submitted(message)
        self._loaded, self._name, self._handed = None, None, ""
        run = Run("load", asked.resource.name, CardProgress(self._publish, most=asked.limit))
        self._carry_out(run, lambda run: self._keep(run, load(api, asked, run)))

    def _go_on(self, _: Message) -> None:
        self._be_ready()
        api, loaded = self._api, self._loaded
        if api is None or loaded is None or not loaded.can_go_on:
            raise LeadpingError("There is nothing to go on with.", hint="Load a list first.")
        came, more = loaded.passport.rows, loaded.more
        progress = CardProgress(self._publish, before=came, most=None if more is None else came + more)
        run = Run("load", loaded.asked.resource.name, progress)
        self._carry_out(run, lambda run: self._keep(run, go_on(api, loaded, run)))

    def _submitted(self, message: Message) -> tuple[Api, Asked]:
        """Read the form, and keep it as what was submitted last."""
        self._be_ready()
        if self._api is None:
            raise LeadpingError(_NO_API, hint=_NO_API_HINT)
        form = message.content.get("form")
        asked = data_form.read(form, self._list[0], self._contract)
        self._form = cast("Mapping[str, object]", form)
        self._asked, self._foreseen, self._said = asked, None, ""
        return self._api, asked

    def _be_ready(self) -> None:
        if not self.wait(0):
            raise LeadpingError("This card is still at work.", hint="Stop it, or wait until it has ended.")

    def _carry_out(self, run: Run, work: Callable[[Run], None]) -> None:
        """Do something beside the kernel's own thread; what comes after `show` is dropped."""

        def carry_out() -> None:
            try:
                work(run)
            except KeyboardInterrupt:
                if run is self._run:
                    self._said = f"The {run.what} was stopped before anything came."
            except LeadpingError:
                if run is self._run:
                    raise
            finally:
                if run is self._run:
                    self._run = None

        self._run = run
        self._begin(carry_out)

    def _stop(self, _: Message) -> None:
        if self._run is not None:
            self._run.stop.set()

    def _keep(self, run: Run, loaded: Loaded) -> None:
        with self._changing:
            if run is not self._run:
                return
            self._loaded, self._asked = loaded, loaded.asked
            name = self._name or loaded.asked.resource.name
            is_free = self._variables.is_mine(name)
            if is_free:
                self._put(name, loaded)
            else:
                self._name = None
                self._handed = f"{name} is something else in this notebook already. Choose a name for the frame."
        if is_free:
            self._tell(name, loaded)

    def _use(self, message: Message) -> None:
        if self._loaded is None:
            raise LeadpingError("There is no frame yet.", hint="Load a list first.")
        given = message.content.get("name")
        name = given.strip() if isinstance(given, str) else ""
        self._put(name, self._loaded)
        self._tell(name, self._loaded)

    def _put(self, name: str, loaded: Loaded) -> None:
        self._variables.put(name, loaded.frame)
        self._name, self._handed = name, ""

    def _tell(self, name: str, loaded: Loaded) -> None:
        if self._on_frame is not None:
            self._on_frame(name, loaded.frame)

    def _switch_preview(self, message: Message) -> None:
        self._has_preview = message.content.get("shown") is True

    def _content(self) -> dict[str, object]:
        run, loaded = self._run, self._loaded
        return {
            "missing": None if self._api is not None else {"sentence": _NO_API, "hint": _NO_API_HINT},
            "holder": self._holder,
            "lists": [[name, decision.verdict != "denied"] for name, (_, decision) in self._lists.items()],
            "chosen": data_view.described(*self._list, self._holder, self._contract),
            "form": self._form,
            "run": None
            if run is None
            else {
                "what": run.what,
                "name": run.name,
                "share": None if run.progress is None else run.progress.share,
                "text": run.said if run.progress is None else run.progress.text,
                "stopping": run.stop.is_set(),
            },
            "said": self._said,
            "forecast": None if self._foreseen is None else data_view.foretold(self._foreseen, self._asked.limit),
            "preview": self._has_preview,
            "loaded": None if loaded is None else data_view.told(loaded, with_preview=self._has_preview),
            "variable": {
                "name": self._name,
                "suggested": None if loaded is None else self._name or self._variables.free(loaded.asked.resource.name),
                "said": self._handed if self._variables.exist else _NO_NOTEBOOK,
                "exists": self._variables.exist,
            },
        }

    def _text(self) -> str:
        if self._api is None:
            return f"{_NO_API}\n{_NO_API_HINT}\n\n{_HOW}"
        text = data_view.text_of(*self._list, self._holder, self._loaded, with_preview=self._has_preview)
        return f"{text}\n\n{_HOW}"

    def _html(self) -> str:
        if self._api is None:
            return f"<p><strong>{_NO_API}</strong><br>{_NO_API_HINT}</p><p>{_HOW}</p>"
        parts = data_view.html_of(*self._list, self._holder, self._loaded, with_preview=self._has_preview)
        return f"{parts}<p>{_HOW}</p>"

    @property
    def _list(self) -> tuple[Resource, Decision]:
        """The chosen list, and whether it may be read."""
        return self._lists[self._chosen]

    def __repr__(self) -> str:
        if self._api is None:
            return "<DataCard: no credential>"
        return f"<DataCard: {self._chosen if self._loaded is None else self._loaded.line.rstrip('.')}>"
