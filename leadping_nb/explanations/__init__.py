"""Why a call failed: the likeliest causes of a 401 or 403 in order, each with its evidence.

Rules are rows: each looks at one case and says how strongly it points to its cause. The same case gives the same
answer; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from leadping_nb.arguments import MAPPING, TEXT, Wanted, demand, moment, whole
from leadping_nb.challenge import parse_www_authenticate
from leadping_nb.contracts import Contract, contract_or_seed
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.explanations.case import Case, pieces_of, problem_of
from leadping_nb.explanations.causes import RULES, unknown
from leadping_nb.explanations.explanation import Cause, Explanation
from leadping_nb.identifiers import split_address
from leadping_nb.policy import permissions
from leadping_nb.secret import Secret, concealed
from leadping_nb.tokens import SOURCE, KeySource, inspect_token

__all__ = ["Cause", "Explanation", "explain"]

_BODY = Wanted.of(bytes, str, Mapping, what="bytes, a text or a dict", hint="Give the body of the answer as it came.")


def explain(
    failure: object = None,
    credential: Credential | Secret | str | None = None,
    *,
    method: str | None = None,
    url: str | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | str | Mapping[str, object] | None = None,
    discovery: KeySource | None = None,
    contract: Contract | None = None,
    now: datetime | float | None = None,
) -> Explanation:
    """Say why a call failed: the likeliest causes in order, with the evidence for each.

    Parameters
    ----------
    failure
        An `ApiError` of ours, or the response of an HTTP library (httpx, requests); else give the pieces below.
    credential
        What the call was made with; None if it was made without.
    method, url, status, headers, body
        The pieces of the failed call; they go before what ``failure`` says.
    discovery
        The result of ``lp.discover``, to judge a user token by.
    contract
        What the API takes; the seed's revision unless given.
    now
        The time to judge a token at: an aware datetime or epoch seconds; the clock's unless given.

    Raises
    ------
    LeadpingError
        If there is neither an error nor an address and a status.

    Examples
    --------
    >>> why = explain(method="GET", url="/users/me", status=403, credential="lp_src_test_1")
    >>> why.causes[0].code
    'key-type'
    """
    credential = concealed(credential)
    demand(TEXT.or_none, method=method, url=url)
    demand(MAPPING.or_none, headers=headers)
    demand(_BODY.or_none, body=body)
    status = None if status is None else whole("status", status, least=100, most=599)
    pieces = pieces_of(failure)
    chosen = None if credential is None else Credential.from_text(credential)
    known = contract_or_seed(contract)
    demand(SOURCE.or_none, discovery=discovery)
    at = None if now is None else moment("now", now)
    seen = headers if headers is not None else pieces.headers
    lower = {str(name).lower(): value for name, value in seen.items()}
    wanted, address, answered = method or pieces.method, url or pieces.url, status or pieces.status
    if not address or answered is None:
        raise LeadpingError("There is nothing to explain.", hint="Give an ApiError, a response, or url= and status=.")
    case = Case(
        wanted.upper(),
        address,
        answered,
        tuple(parse_www_authenticate(lower.get("www-authenticate"))),
        problem_of(body) if body is not None else pieces.problem,
        chosen,
        permissions(chosen, contract=known).check(wanted, _path_of(address)),
        inspect_token(chosen, discovery=discovery, now=at) if _is_token(chosen) else None,  # type: ignore[arg-type]  # it is one
        known,
    )
    found = [cause for rule in RULES for cause in rule(case)]
    ordered = sorted(found, key=lambda cause: -cause.strength)  # stable: rules of one strength keep their order
    return Explanation(f"{case.method} {case.url}", case.status, tuple(ordered) or (unknown(case),))


def _is_token(credential: Credential | None) -> bool:
    return credential is not None and credential.key_type is KeyType.USER_TOKEN


def _path_of(url: str) -> str:
    parts = split_address(url)
    return "" if parts is None else parts.path
