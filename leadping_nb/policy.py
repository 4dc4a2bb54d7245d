"""What a key type may do under a contract, with the reason and the source of every verdict."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from leadping_nb.arguments import Wanted, demand
from leadping_nb.contracts import Access, Certainty, Contract, Operation, Verdict, contract_or_seed
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.evidence import OUTCOMES, SIGNS, Observed, Statement, documented, observed as as_statement
from leadping_nb.identifiers import split_address
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SIGNS", "VERDICTS", "Decision", "Permissions", "decide", "holder", "permissions"]

VERDICTS: tuple[Verdict, ...] = ("allowed", "undocumented", "denied")
"""The verdicts, in the order in which they are shown."""

_EVIDENCE_COLUMNS = (
    "seed",
    "seed_dated",
    "contract",
    "contract_dated",
    "observed",
    "observed_dated",
    "observed_text",
)

# What stands in another revision for a key type that this one does not know, in words. That the one took the place of
# the other is documented; what becomes of keys of the other kind is not.
_IN_PLACE: Mapping[KeyType, tuple[KeyType, str]] = {
    KeyType.BUSINESS_API_KEY: (
        KeyType.ORGANIZATION_API_KEY,
        "Organization keys (sk_…) took the place of business keys (lp_…) in August 2026: what a business key was, an"
        " organization key is. Whether business keys still work, no source says.",
    ),
    KeyType.ORGANIZATION_API_KEY: (
        KeyType.BUSINESS_API_KEY,
        "Organization keys (sk_…) exist since August 2026; before, a business key (lp_…) was what they are now. Whether"
        " they work here, no source says.",
    ),
}
_VERDICT_WORDS: Mapping[Verdict, str] = {"allowed": "allowed", "denied": "denied", "undocumented": "not documented"}
_IN_PLACE_BASIS = "openapi 2026-08: securitySchemes; sdk README since 2026-08-10"

# Why, by key type (None: no credential), verdict and the operation's scope; a missing scope means any other.
_WHY: Mapping[tuple[KeyType | None, Verdict, str], str] = {
    (KeyType.SOURCE_KEY, "allowed", ""): "Sending leads is what a source key is for.",
    (KeyType.SOURCE_KEY, "denied", ""): "A source key sends leads and is rejected everywhere else.",
    (
        KeyType.USER_TOKEN,
        "allowed",
        "user",
    ): "This works on the signed-in person, and that is who a user token stands for.",
    (KeyType.USER_TOKEN, "allowed", "account"): "Managing the account is done by a signed-in person.",
    (KeyType.USER_TOKEN, "allowed", ""): "This takes a signed-in person, through the current business.",
    (KeyType.USER_TOKEN, "denied", "source"): "Sending leads wants a source key in place of a user token.",
    (
        KeyType.USER_TOKEN,
        "undocumented",
        "admin",
    ): "This is for operators of Leadping; no source says which users those are.",
    (KeyType.USER_TOKEN, "undocumented", "public"): "This needs no credential; what sending one does is not said.",
    (KeyType.BUSINESS_API_KEY, "allowed", ""): "This works on one business and supports its keys.",
    (KeyType.BUSINESS_API_KEY, "denied", "source"): "Sending leads wants a source key in place of a business key.",
    (
        KeyType.BUSINESS_API_KEY,
        "denied",
        "user",
    ): "This works on a signed-in person, whom only a user token stands for.",
    (
        KeyType.BUSINESS_API_KEY,
        "undocumented",
        "user",
    ): "This works on a signed-in person, and a key is none; no source says what it answers.",
    (
        KeyType.BUSINESS_API_KEY,
        "undocumented",
        "account",
    ): "This manages the account as a person does; no source says whether keys may.",
    (
        KeyType.BUSINESS_API_KEY,
        "undocumented",
        "admin",
    ): "This is for operators of Leadping; no source says whether keys may.",
    (
        KeyType.BUSINESS_API_KEY,
        "undocumented",
        "public",
    ): "This needs no credential; what sending one does is not said.",
    (
        KeyType.BUSINESS_API_KEY,
        "undocumented",
        "",
    ): "This works on one business, but no source says that keys are supported.",
    (None, "allowed", ""): "This can be called without a credential.",
    (None, "denied", ""): "This needs a credential.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a key type may make one call."""

    verdict: Verdict
    """``allowed``, ``denied`` or ``undocumented``."""
    why: str
    """A sentence for a person."""
    basis: str
    """The sources it rests on."""
    certainty: Certainty
    """``stated`` or ``inferred``."""
    operation: Operation | None = None
    """The operation that the call means, or None if the contract has none."""
    would_do: tuple[KeyType, ...] = ()
    """The key types that may make the call."""
    nearest: tuple[str, ...] = ()
    """For an unknown call: the operations that look most like it."""
    evidence: tuple[Statement, ...] = ()
    """What each source says by itself: the seed, the contract, and what was observed; empty for an unknown call."""

    def __str__(self) -> str:
        return f"{SIGNS[self.verdict]} {self.verdict} ({self.certainty}): {self.why}"

    def __repr__(self) -> str:
        return f"<Decision {self}>"


@dataclass(frozen=True, slots=True, eq=False)
class Permissions:
    """What one key type may do under one contract; iterate for (operation, decision) pairs."""

    key_type: KeyType | None
    """The key type; None for calls without a credential."""
    contract: Contract = field(repr=False)
    """The contract it is judged by."""
    observed: Observed | None = field(default=None, repr=False)
    """What was observed of it, which stands beside the verdicts and changes none."""

    def __iter__(self) -> Iterator[tuple[Operation, Decision]]:
        for operation in self.contract.operations:
            yield operation, self._decide(operation)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many operations have each verdict, in the order of `VERDICTS`."""
        counter = Counter(decision.verdict for _, decision in self)
        return {verdict: counter[verdict] for verdict in VERDICTS}

    @property
    def table(self) -> Table:
        """One row an operation, with the verdict and its reasons."""
        columns = ("verdict", "method", "path", "effect", "group", "scope", "why", "certainty", "basis", "summary")
        return Table(
            (*columns, *_EVIDENCE_COLUMNS),
            tuple(
                (
                    decision.verdict,
                    operation.method,
                    operation.path,
                    operation.effect,
                    operation.group,
                    operation.scope,
                    decision.why,
                    decision.certainty,
                    decision.basis,
                    operation.summary,
                    *(cell for statement in decision.evidence for cell in (statement.says, statement.dated)),
                    decision.evidence[-1].text,
                )
                for operation, decision in self
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame; ``verdict`` is a category in the order of `VERDICTS`.

        ``seed``, ``contract`` and ``observed`` are the three kinds of evidence, each with its date beside it.
        """
        frame = self.table.frame()
        orders = {"verdict": VERDICTS, "seed": VERDICTS, "contract": VERDICTS, "observed": OUTCOMES}
        for column, order in orders.items():
            frame[column] = frame[column].astype("category").cat.set_categories(list(order), ordered=True)
        for column in ("method", "effect", "group", "scope", "certainty"):
            frame[column] = frame[column].astype("category")
        return frame

    def check(self, method: str, url: str) -> Decision:
        """Say whether one call is allowed.

        Parameters
        ----------
        method
            In any case.
        url
            A path, or a whole address of the API.

        Returns
        -------
        Decision
            For a call that the contract does not have, with the nearest operations.

        Examples
        --------
        >>> permissions(KeyType.SOURCE_KEY).check("GET", "/leads/intake").verdict
        'allowed'
        >>> permissions(KeyType.SOURCE_KEY).check("GET", "/leads/42").operation.path
        '/leads/{id}'
        """
        operation = self.contract.match(method, url)
        if operation is not None and _is_own_address(url, self.contract):
            return self._decide(operation)
        if not _is_own_address(url, self.contract):
            return Decision(
                "denied",
                "This is not an address of the API, and a credential goes nowhere else.",
                "the toolkit's own rule: a credential goes to its own API's origin alone",
                "stated",
            )
        nearest = self.contract.nearest(method, url)
        unknown = f"The contract of {self.contract.revision} has no such operation."
        if nearest:
            unknown += f" Nearest: {', '.join(nearest)}."
        if self.key_type is KeyType.SOURCE_KEY:
            rule = decide(self.key_type, self.contract.operation("GET /users/me"), self.contract)
            return Decision("denied", f"{rule.why} {unknown}", rule.basis, "stated", nearest=nearest)
        basis = f"contract {self.contract.revision}, from {self.contract.derived_from}"
        return Decision("undocumented", unknown, basis, "inferred", nearest=nearest)

    def _decide(self, operation: Operation) -> Decision:
        decision = decide(self.key_type, operation, self.contract)
        seen = self.observed.observations.get(operation.id) if self.observed is not None else None
        return replace(decision, evidence=(*decision.evidence, as_statement(seen)))

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items())
        return f"<Permissions of {holder(self.key_type)} under {self.contract.revision}: {counts}>"

    def _repr_html_(self) -> str:
        counts = " · ".join(f"{SIGNS[verdict]} {count} {verdict}" for verdict, count in self.counts.items())
        shown = html_table(
            ("verdict", "method", "path", "effect", "why", "certainty", "basis", "seed", "contract", "observed"),
            [
                (
                    f"{SIGNS[decision.verdict]} {decision.verdict}",
                    operation.method,
                    operation.path,
                    operation.effect,
                    decision.why,
                    decision.certainty,
                    decision.basis,
                    *(statement.short for statement in decision.evidence),
                )
                for operation, decision in sorted(self, key=lambda pair: VERDICTS.index(pair[1].verdict))
            ],
        )
        title = html.escape(f"What {holder(self.key_type)} may do under the contract of {self.contract.revision}")
        return (
            f"<div><strong>{title}</strong><br>{counts}"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{shown}</div></div>"
        )


_OBSERVED = Wanted(
    "what was observed",
    "Give the result of api.probe(confirm=True).",
    lambda value: hasattr(value, "key_type") and hasattr(value, "revision"),
)


def permissions(
    credential: Credential | KeyType | None, *, contract: Contract | None = None, observed: Observed | None = None
) -> Permissions:
    """Say what a credential's key type may do.

    Parameters
    ----------
    credential
        A credential, a key type, or None for calls without a credential.
    contract
        The contract to judge by; the seed's revision unless given.
    observed
        What ``api.probe`` observed, to stand beside what is documented; it changes no verdict.

    Raises
    ------
    LeadpingError
        If the credential is something else, such as a text, or what was observed is of another key type or revision.

    Examples
    --------
    >>> permissions(KeyType.SOURCE_KEY).counts
    {'allowed': 3, 'undocumented': 0, 'denied': 118}
    """
    if not isinstance(credential, Credential | KeyType | None):
        credential = None  # it may be a text, and a traceback may show this frame's variables
        raise LeadpingError(
            "This is neither a credential nor a key type.",
            hint="Make one of a text with lp.Credential.from_text(…), or choose one of lp.KeyType.",
        )
    key_type = credential.key_type if isinstance(credential, Credential) else credential
    known = contract_or_seed(contract)
    demand(_OBSERVED.or_none, observed=observed)
    if observed is not None and (observed.key_type, observed.revision) != (key_type, known.revision):
        raise LeadpingError(
            f"This was observed of {holder(observed.key_type)} under {observed.revision}, "
            f"and asked for is {holder(key_type)} under {known.revision}.",
            hint="Give the credential and the contract that were probed, or use probe.permissions.",
        )
    return Permissions(key_type, known, observed)


def decide(key_type: KeyType | None, operation: Operation, contract: Contract) -> Decision:
    """Judge one operation for one key type (None: no credential)."""
    would_do = tuple(
        kind for kind in KeyType if kind in operation.access and operation.access[kind].verdict == "allowed"
    )
    if key_type not in operation.access:
        assert key_type is not None  # noqa: S101  # a call without a credential is in every contract
        other, sentence = _IN_PLACE[key_type]
        basis = f"{_IN_PLACE_BASIS}; contract {contract.revision}"
        return Decision(
            "undocumented",
            f"{sentence} {_indefinite(other).capitalize()} is {_VERDICT_WORDS[operation.access[other].verdict]} here.",
            basis,
            "inferred",
            operation,
            would_do,
            evidence=documented("undocumented", "inferred", basis, contract.revision),
        )
    access = operation.access[key_type]
    return Decision(
        access.verdict,
        _why(key_type, access, operation),
        access.basis,
        access.certainty,
        operation,
        would_do,
        evidence=documented(access.verdict, access.certainty, access.basis, contract.revision),
    )


def _why(key_type: KeyType | None, access: Access, operation: Operation) -> str:
    spoken = KeyType.BUSINESS_API_KEY if key_type is KeyType.ORGANIZATION_API_KEY else key_type
    for scope in (operation.scope, ""):
        sentence = _WHY.get((spoken, access.verdict, scope))
        if sentence:
            break
    else:
        sentence = "No source says whether this key type may." if access.verdict == "undocumented" else access.basis
    if key_type is KeyType.ORGANIZATION_API_KEY:
        sentence = sentence.replace("business", "organization")
    return sentence


def holder(key_type: KeyType | None) -> str:
    """Name who calls, with an article."""
    if key_type is None:
        return "a call without a credential"
    return _indefinite(key_type)


def _indefinite(key_type: KeyType) -> str:
    return f"an {key_type.value}" if key_type.value[0] in "aeio" else f"a {key_type.value}"


def _is_own_address(url: str, contract: Contract) -> bool:
    parts = split_address(url)
    if parts is None:
        return False
    if not parts.netloc:
        return not parts.scheme
    own = urlsplit(contract.base_url)
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc) or parts.hostname in (
        "127.0.0.1",
        "localhost",
        "::1",
    )
