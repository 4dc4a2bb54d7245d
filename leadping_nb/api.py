"""The door: what can be done with a credential, as a table of contents."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Unpack, cast

from leadping_nb.arguments import EVENT, FLAG, MAPPING, PROGRESS, demand, path as file_path
from leadping_nb.contracts import CONTRACT, Contract
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError, UndocumentedCallWarning
from leadping_nb.evidence import Observation
from leadping_nb.export import Export, export
from leadping_nb.forecast import Forecast, forecast
from leadping_nb.frames import Backend
from leadping_nb.intake.leads import check_leads
from leadping_nb.list_options import Query, list_options
from leadping_nb.loads import Manner, load, load_newer, load_side_by_side, resume
from leadping_nb.pages import Page, pages
from leadping_nb.policy import Permissions, permissions
from leadping_nb.probe import Probe, probe
from leadping_nb.progress import Progress
from leadping_nb.recording.folder import Recording
from leadping_nb.recording.recorder import record
from leadping_nb.resources import Resource, find_resource, overview
from leadping_nb.secret import Secret, concealed
from leadping_nb.sending import (
    LeadPreview,
    LeadSent,
    LeadsPreview,
    plan_leads,
    preview_lead,
    send_lead,
    send_leads,
)
from leadping_nb.session.answers import json_of
from leadping_nb.session.http import Session
from leadping_nb.session.rate import RateLimit, rate_limit_of
from leadping_nb.snippets import Caller, Kind, Snippet, snippet
from leadping_nb.terms import SandboxLike, terms

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Api", "SandboxLike", "connect"]


class Api:
    """Everything a credential can read, and the leads that a source key can send; a context manager. Made by `connect`.

    Parameters
    ----------
    session
        What asks.
    owner
        What must live as long as this, such as the sandbox that is asked.
    """

    def __init__(self, session: Session, *, owner: object = None) -> None:
        self._session = session
        self._owner = owner

    @property
    def credential(self) -> Credential | None:
        """The credential it calls with."""
        return self._session.credential

    @property
    def base_url(self) -> str:
        """The address it calls."""
        return self._session.base_url

    @property
    def contract(self) -> Contract:
        """The contract it goes by."""
        return self._session.contract

    @property
    def permissions(self) -> Permissions:
        """What the credential may do."""
        return permissions(self.credential, contract=self.contract)

    def probe(
        self,
        *,
        confirm: bool = False,
        only: str | Collection[str] | None = None,
        by_id: bool = False,
        say: Callable[[str], None] | None = None,
        on_observation: Callable[[str, Observation], object] | None = None,
        stop: threading.Event | None = None,
    ) -> Probe:
        """Try a few safe reads, and put what is observed beside what is documented; without ``confirm`` only the plan.

        Nothing is sent without ``confirm=True``. Then each read of the plan is made once: GETs, and lists with one row
        a page. What is documented as denied is not tried, because nothing is sent where a source says no: a probe shows
        where a documented yes fails, and not where a documented no is out of date.

        Parameters
        ----------
        confirm
            True for yes, make the calls; anything else gives the plan.
        only
            Names of `resources`, or operations such as ``GET /users/me``; all reads unless given.
        by_id
            Whether to read also by id, such as ``GET /leads/{id}``, with the id of the first row of a list.
        say
            Is told the plan in a sentence before anything is sent, and of each wait; the standard output unless given.
        on_observation
            Is told the id of each operation that was tried, and what was seen of it.
        stop
            Ends it before the next call when another thread sets it, as Ctrl-C does; what was seen stays.

        Raises
        ------
        LeadpingError
            If ``only`` names something that the contract does not have.
        """
        return probe(
            self._session,
            confirm=confirm,
            only=only,
            by_id=by_id,
            say=say,
            on_observation=on_observation,
            stop=stop,
        )

    @property
    def resources(self) -> pd.DataFrame:
        """What can be loaded: one row a list, with its operation, columns, and who may read it."""
        check = self.permissions.check
        return overview(self.contract, lambda read: check(read.method, read.path).verdict).frame()

    def frame(
        self,
        name: str,
        *,
        limit: int | None = None,
        since: pd.DataFrame | None = None,
        on_error: Literal["warn", "raise"] = "warn",
        dtype_backend: Backend = "numpy_nullable",
        progress: bool | Progress | None = None,
        stop: threading.Event | None = None,
        **query: Unpack[Query],
    ) -> pd.DataFrame:
        """Load a list into a DataFrame; ``attrs["leadping"]`` says whether it is whole.

        Parameters
        ----------
        name
            A name of `resources`, such as ``leads``.
        limit
            The most rows; all unless given.
        since
            A frame of the same list: only what is newer by its column of times is loaded, and the notes say how much
            of it is new; further bounds in ``ranges`` hold too.
        on_error
            When a later page fails, or the server counts other than it gave: ``warn`` and give what came, or ``raise``
            with it in ``error.frame``.
        dtype_backend
            ``numpy_nullable``, or ``pyarrow`` for Arrow's dtypes throughout.
        progress
            Whether to show the progress; in a notebook or terminal, unless told. Or a `leadping_nb.progress.Progress`
            that shows it.
        stop
            Ends the load when another thread sets it, as Ctrl-C does.
        **query
            ``page_size``: rows a request, 200 unless given; the server may give fewer.
            ``filters``: a value that each named field must equal.
            ``ranges``: bounds of each named field, ``(from, before)`` with None for open, or a dict by ``>``, ``>=``,
            ``<``, ``<=``.
            ``order_by``: a field or several; a leading ``-`` is descending.
            ``search``, ``search_fields``: free text, and the fields to look in.
            ``params``: query parameters of the operation, such as ``{"archiveFilter": "all"}``.
            ``path``: a value for each name in the operation's path, such as ``{"leadId": "…"}``.

        Raises
        ------
        LeadpingError
            If the name or an option is not known, or the first page fails.
        """
        manner = Manner(limit, on_error, dtype_backend, progress, stop)
        if since is not None:
            return load_newer(self._session, name, since, query, manner)
        return load(self._session, name, query, manner)

    def frames(
        self, *names: str, limit: int | None = None, progress: bool | Progress | None = None, **query: Unpack[Query]
    ) -> dict[str, pd.DataFrame]:
        """Load several lists side by side under one rate limit, into frames by their names.

        The parameters are those of `frame`, the same for each list. A list that fails gives a frame without rows
        whose ``attrs["leadping"]`` says why, and a warning.
        """
        return load_side_by_side(self._session, names, query, Manner(limit, progress=progress))

    def resume(
        self,
        frame: pd.DataFrame,
        *,
        limit: int | None = None,
        on_error: Literal["warn", "raise"] = "warn",
        progress: bool | Progress | None = None,
        stop: threading.Event | None = None,
    ) -> pd.DataFrame:
        """Go on with a load that did not end, also with another credential; give all rows in one frame.

        Parameters
        ----------
        frame
            A frame as it was loaded; one that is whole comes back as it is.
        limit
            The most further rows.
        on_error, progress, stop
            As for `frame`.

        Raises
        ------
        LeadpingError
            If the frame has no passport, was changed since, or there is no place to go on from.
        """
        return resume(self._session, frame, Manner(limit, on_error, progress=progress, stop=stop))

    def forecast(
        self,
        name: str,
        *,
        say: Callable[[str], None] | None = None,
        stop: threading.Event | None = None,
        **query: Unpack[Query],
    ) -> Forecast:
        """Say what a load would take; one request is made, and said before: the first page, with the count.

        Parameters
        ----------
        name
            A name of `resources`.
        say
            Is told beforehand which request is made, and of each wait; the standard output unless given.
        stop
            Ends a wait with a KeyboardInterrupt when another thread sets it.
        **query
            As for `frame`.
        """
        return forecast(self._session, name, query, say=say, stop=stop)

    def export(
        self,
        name: str,
        folder: str | Path,
        *,
        rows_per_file: int = 100_000,
        progress: bool | Progress | None = None,
        **query: Unpack[Query],
    ) -> Export:
        """Write a list as a Parquet dataset, however large; call it again to go on after whatever stopped it.

        Parameters
        ----------
        name
            A name of `resources`.
        folder
            Where the files go; made if it is not there.
        rows_per_file
            How many rows a file has, rounded up to whole pages; they are in memory until it is written.
        progress, query
            As for `frame`.

        Raises
        ------
        LeadpingError
            If the folder holds something else or an export with other options, the first page of a new export fails,
            a column does not fit what was written, or the disk does not take a file.
        """
        return export(self._session, name, folder, query, rows_per_file=rows_per_file, progress=progress)

    def record(
        self, folder: str | Path, *, say: Callable[[str], None] | None = None
    ) -> AbstractContextManager[Recording]:
        """Keep the answer to every read until the block ends, for `pseudonymise` and a sandbox that replays it.

        Parameters
        ----------
        folder
            Where the answers go, as they came: customers' data until they are pseudonymised. A recording that is there
            goes on.
        say
            Is told beforehand what will lie in the folder; the standard output unless given.

        Raises
        ------
        LeadpingError
            If the folder holds something else, a recording of another revision, or one that was pseudonymised.
        """
        return record(self._session, folder, say=say)

    def pages(self, name: str, **query: Unpack[Query]) -> Iterator[Page]:
        """Give a list page by page, each asked for when it is needed; the parameters are those of `frame`."""
        options = list_options(query)
        return pages(self._session, self._resource(name).operation, options=options, path=query.get("path"))

    def rows(self, name: str, **query: Unpack[Query]) -> Iterator[Mapping[str, object]]:
        """Give a list row by row as JSON objects; the parameters are those of `frame`."""
        return (item for page in self.pages(name, **query) for item in page.items)

    def one(self, name: str, id: str) -> dict[str, object]:
        """Give one row of a resource by its id, as the API's JSON object.

        Raises
        ------
        NotFoundError
            If there is none.
        LeadpingError
            If the resource has no call for one row.
        """
        operation = self._resource(name).one
        if operation is None:
            raise LeadpingError(f"{name} has no call for one row.", hint=f"Use api.frame({name!r}) and look in it.")
        path = {operation.path_parameters[0]: id}
        return cast("dict[str, object]", self._session.read_json(operation, path=path))

    def get(self, path: str, *, params: Mapping[str, object] | None = None) -> object:
        """Make a GET of the contract and give its JSON.

        Parameters
        ----------
        path
            A path such as ``/users/me``, or a whole address of this API; its query counts.
        params
            Further query parameters.

        Raises
        ------
        NotAllowedError
            If the contract does not know it to be a read, or denies it to the key type.
        """
        demand(MAPPING.or_none, params=params)
        operation, values, query = self._session.find("GET", path)
        answer = self._session.read(operation, path=values, query={**query, **(params or {})})
        if answer.note:
            warnings.warn(f"{operation.id} is undocumented here {answer.note}", UndocumentedCallWarning, stacklevel=2)
        return json_of(answer)

    def preview_lead(
        self, payload: Mapping[str, Any], *, form: str | None = None, how: str | None = None, region: str = "US"
    ) -> LeadPreview:
        """Show the exact request that a lead would be, with what there is to know of it; nothing is sent.

        Parameters
        ----------
        payload
            The lead.
        form
            ``flat`` or ``structured``; recognised unless given.
        how
            ``intake`` for ``POST /leads/intake``, ``post`` for ``POST /leads``, ``query`` for the ``GET /leads/intake``
            that creates, which can be looked at and is never sent; by the form unless given.
        region
            As of `leadping_nb.check_lead`.

        Raises
        ------
        LeadpingError
            If this is no lead, an option is not known, or the contract does not have that call.
        """
        return preview_lead(self._session, payload, form=form, how=how, region=region)

    def send_lead(
        self, payload: Mapping[str, Any], *, confirm: bool = False, form: str | None = None, region: str = "US"
    ) -> LeadSent | LeadPreview:
        """Send a lead, once; the only write that there is. Without ``confirm=True`` it is previewed, and nothing sent.

        Parameters
        ----------
        payload
            The lead.
        confirm
            True sends it; anything else does not.
        form, region
            As of `preview_lead`.

        Returns
        -------
        LeadSent or LeadPreview
            What the API said; or what would be sent.

        Raises
        ------
        InvalidLeadError
            If the lead has problems; nothing was sent.
        NotAllowedError
            If the credential is no source key, or one that must not go there; nothing was sent.
        LeadMaybeSentError
            If no answer came, or none that says anything: look before you send again. The hint says how.
        TransportError
            If there was no connection; nothing was sent.
        ApiError
            If the API refused it.
        """
        preview = self.preview_lead(payload, form=form, region=region)
        return send_lead(self._session, preview) if confirm is True else preview

    def send_leads(
        self,
        df: pd.DataFrame,
        *,
        confirm: bool = False,
        journal: str | Path | None = None,
        columns: Mapping[object, str | None] | None = None,
        form: str | None = None,
        region: str = "US",
        resend_unknown: bool = False,
        resend_refused: bool = False,
        progress: bool | Progress | None = None,
        stop: threading.Event | None = None,
    ) -> pd.DataFrame | LeadsPreview:
        """Send the leads of a DataFrame, none of them twice; without ``confirm=True`` say what would be sent.

        The journal is written before and after each lead. Call it again with the same journal to go on after whatever
        stopped it: what was sent is passed over, and so is a lead of which nobody knows whether it arrived.

        Parameters
        ----------
        df
            One lead a row.
        confirm
            True sends them; anything else does not.
        journal
            The file that says what was sent: hashes, row numbers and ids, and no person. Needed to send.
        columns, form, region
            As of `leadping_nb.check_leads`.
        resend_unknown
            Whether leads that may have arrived are sent again; look for them first.
        resend_refused
            Whether leads that were refused with 400 are sent again unchanged; for where the source's settings were the
            reason, and are changed.
        progress, stop
            As for `frame`.

        Returns
        -------
        DataFrame or LeadsPreview
            What became of each row: ``outcome``, ``id``, ``status`` and ``words``; or what would.

        Raises
        ------
        NotAllowedError
            If the credential is no source key, or one that must not go there; nothing was sent.
        LeadpingError
            If there is no journal, or it is damaged or of another API; nothing was sent.
        """
        place = None if journal is None else file_path("journal", journal)
        demand(FLAG, resend_unknown=resend_unknown, resend_refused=resend_refused)
        demand(PROGRESS, progress=progress)
        demand(EVENT.or_none, stop=stop)
        now = self._session.now()
        check = check_leads(df, columns=columns, form=form, contract=self.contract, region=region, now=now)
        if confirm is not True:
            return plan_leads(
                self._session,
                check,
                journal=place,
                resend_unknown=resend_unknown,
                resend_refused=resend_refused,
                region=region,
            )
        if place is None:
            raise LeadpingError("A journal is needed to send leads.", hint='Name a file: journal="leads.jsonl".')
        return send_leads(
            self._session,
            check,
            journal=place,
            resend_unknown=resend_unknown,
            resend_refused=resend_refused,
            shown=progress,
            stop=stop,
        )

    def snippet(
        self,
        method: str,
        path: str,
        *,
        as_: Kind = "curl",
        params: Mapping[str, object] | None = None,
        body: object = None,
    ) -> Snippet:
        r"""Show the request: the code that makes a call, with the credential from the environment.

        Path, query and body are filled in from the last such call of this connection, if there was one. No credential
        is in them, whosever it is: words stand in its place.

        Parameters
        ----------
        method
            In any case.
        path
            A path of the contract, with its values or with its templates, or a whole address of this API.
        as_
            ``curl`` for a shell; ``httpx``, or ``sdk`` for the installed release of the official SDK, for Python.
        params, body
            Query parameters and a body to show, in place of the last ones.

        Raises
        ------
        NotAllowedError
            If the contract lacks the call, or it changes data and sends no lead.
        LeadpingError
            If the body is none that the call takes, or the release of the official SDK lacks the call.

        Examples
        --------
        >>> print(connect("lp_example").snippet("GET", "/tags"))
        curl --silent --show-error --globoff --request GET https://api.leadping.ai/tags \
          --header "Authorization: Bearer $LEADPING_API_KEY"
        """
        return snippet(Caller.of(self._session), method, path, as_=as_, params=params, body=body)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        holder = self.credential.label if self.credential else "no credential"
        return f"<Api at {self.base_url} with {holder}, contract {self.contract.revision}>"

    def _resource(self, name: str) -> Resource:
        return find_resource(self.contract, name)


def connect(
    credential: Credential | SandboxLike | Secret | str | None,
    *,
    base_url: str | None = None,
    contract: Contract | None = None,
    rate_limit: int | RateLimit | None = 300,
) -> Api:
    """Connect a credential to the API, or to a sandbox with its user token.

    Parameters
    ----------
    credential
        A credential, its text, a sandbox, or None to call without.
    base_url
        The API's address: the contract's own unless given.
    contract
        What may be called: the seed's revision, or the one that the sandbox serves, unless given.
    rate_limit
        How many requests are made in 60 s at most, all loads together; a `RateLimit` for another window, or to share
        one among connections; None for no limit but the server's own.

    Raises
    ------
    CredentialError
        If the text is no credential.
    LeadpingError
        If ``base_url`` is no address that a credential may go to.

    Examples
    --------
    >>> connect("lp_example")
    <Api at https://api.leadping.ai with business key · #..., contract 2026-07-05>
    """
    credential = concealed(credential)
    rate = rate_limit_of(rate_limit)
    demand(CONTRACT.or_none, contract=contract)
    if isinstance(credential, Secret):
        credential = Credential.from_text(credential)
    agreed = terms(credential, base_url=base_url, contract=contract)
    session = Session(agreed.credential, base_url=agreed.base_url, contract=agreed.contract, rate=rate)
    return Api(session, owner=credential)  # a sandbox that nobody else holds would end
