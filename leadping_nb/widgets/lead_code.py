"""The code of the lead card: the lines that do the same without it, and the call that sends a lead as a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from leadping_nb.contracts import contract as load_contract
from leadping_nb.sending.calls import WAYS
from leadping_nb.widgets.code import THIS_TOOLKIT, Requests, in_all_forms, on_a_sandbox

if TYPE_CHECKING:
    from leadping_nb.api import Api

__all__ = ["lines_of", "request_of"]

_EXAMPLE: Final = '{"firstName": "Ada", "phone": "+12125550100", "externalId": "example-1"}'
_CODE: Final = """\
import leadping_nb as lp

{note}credential = lp.Credential.from_env()  # LEADPING_SOURCE_KEY
api = lp.connect(credential{address}{contract})
lead = {lead}
{calls}"""
_SENT: Final = "api.preview_lead(lead)  # and api.send_lead(lead, confirm=True) sends it"
_LOOKED_AT: Final = 'api.preview_lead(lead, how="query")  # the toolkit does not send it so'
_ON_A_SANDBOX: Final = "credential = lp.Credential.from_text(sandbox.source_key)"
_SENDS: Final = "It changes data: each time that this code is run, it sends the lead."
_EMPTY: Final = "Nothing is filled in yet."
_WRONG: Final = "The lead has problems, so it would not be sent from here."


def lines_of(api: Api | None, *, lead: str = _EXAMPLE, calls: str = _SENT) -> str:
    """Give the few lines that do the same without the card.

    Parameters
    ----------
    api
        The connection that the card was made with.
    lead
        The lead as Python writes it; an example unless given.
    calls
        What is done with it.

    Examples
    --------
    >>> lines_of(None).splitlines()[-1]
    'api.preview_lead(lead)  # and api.send_lead(lead, confirm=True) sends it'
    """
    usual = load_contract()
    known = usual if api is None else api.contract
    address = "" if api is None or api.base_url == known.base_url else f', base_url="{api.base_url}"'
    contract = "" if known is usual else f', contract=lp.contract("{known.revision}")'
    note = on_a_sandbox(_ON_A_SANDBOX, None if api is None else api.base_url)
    return _CODE.format(note=note, address=address, contract=contract, lead=lead, calls=calls)


def request_of(api: Api, lead: Mapping[str, Any], call: object) -> Requests:
    """Give the call that sends a lead, with the lead in it; persons are in it, so it goes to the page alone.

    Parameters
    ----------
    api
        What would send it.
    lead
        The lead as it was filled in; without one, the lead that was sent last, or an example.
    call
        The operation's id, if leads of this form can be sent by several; the first of them unless it is one.

    Examples
    --------
    >>> from leadping_nb.api import connect
    >>> asked = request_of(connect("lp_src_example"), {"phone": "212-555-0100"}, None)
    >>> asked.call, asked.others
    ('POST /leads/intake', ('POST /leads/intake', 'GET /leads/intake'))
    >>> '"phone": "+12125550100"' in asked.forms["curl"]
    True
    """
    plain = api.preview_lead(lead)
    known = {operation.id for operation in api.contract.operations}
    ways = {
        way.operation: name for name, way in WAYS.items() if way.form == plain.check.form and way.operation in known
    }
    chosen = call if isinstance(call, str) and call in ways else plain.operation.id
    preview = plain if chosen == plain.operation.id else api.preview_lead(lead, how=ways[chosen])
    # As the preview shows them: in the API's forms, and without credentials that were filled in by mistake.
    body = json.loads(plain.body) if lead else None
    forms = in_all_forms(
        lambda kind: api.snippet(preview.method, preview.url, as_=kind, body=body if preview.body else None)
    )
    calls = _SENT if preview is plain else _LOOKED_AT
    own = lines_of(api, lead=repr(body) if lead else _EXAMPLE, calls=calls)
    notes = [_SENDS] if lead else [_SENDS, _EMPTY]
    notes += [] if plain.check.ok or not lead else [_WRONG]
    return Requests(chosen, "write", {THIS_TOOLKIT: own, **forms}, tuple(notes), tuple(ways))
