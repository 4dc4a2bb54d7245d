"""A Leadping of our own: a real HTTP server on this machine, for learning, trying and testing.

What is served comes from the contract of a revision. What no document states, the sandbox **assumes**:

Credentials

- A missing, unknown, expired or garbled credential, or more than one, is answered 401 with the challenge; the
  challenge has ``resource_metadata`` and no other parameter.
- A known credential of the wrong type is answered 403. So is one whose right no source states: business keys on calls
  of the user, of the account and of operators; user tokens on calls of operators.
- Public operations are open with any credential or none, but closed to source keys, which the documentation has
  rejected everywhere else.
- Credentials count in the ``Authorization`` header alone; ``sourceKey`` in a query is ignored.
- Each source key belongs to one source; every source can have one (`Sandbox.source_key_of`).
- User tokens are RS256, issued by the session issuer for the client id as ``aud``, with ``sub``, ``sid``, ``jti``,
  ``iat``, ``exp``, ``org_id`` and ``role``, and live an hour. Tokens of the session issuer and of the website's are
  accepted, without leeway, if their ``sub`` is the sandbox's person.

Calls

- The order is: rate limit, credential, its type, id (404), body (400), answer. 404 for an unknown path and 405 for
  another method come before them all.
- Slashes at either end of a path do not count; ids are percent-decoded; the names of lead intake and paging in a
  query are taken in any case.
- A missing body of a list means no options. The content type of a body is not looked at. A body is at most 1 MiB
  (413).
- Nothing is compressed, whatever a request accepts, unless a fault does it.
- Every write but lead intake is answered 501, once the credential may make it. An export's download answers 302.
- Lead intake refuses (400) what is no JSON object and known fields of the wrong type; null and unknown fields pass.
  Over the query, ``SourceMetadata`` is a JSON object as text.
- Every source is on, approved and asks for no certificate until `Sandbox.set_source` says otherwise: one that is off or
  not approved is answered 403, before the body is looked at, and a lead without the certificate that its source demands
  400. None is held. Limits to states and products are not kept.
- Problems have the five members of the August document, and in October's revision ``errors`` by field where a body is
  refused; ``type`` names the section of RFC 9110; 429 has the three members that the rate-limits page shows.

Rate limits

- Windows are fixed, of 60 seconds from a partition's first request. User tokens and keys of a business share its
  counter; a token without a business counts for its user; ingestion without a source key or with that of a
  source that is off, and a source key elsewhere, for the address.
- Documents, the health answer and unknown paths are not counted. ``Retry-After`` is always sent.

Lists and data

- Newest leads come first. Events, calls, messages and usage come by lead and then newest first, so across leads they
  are in order of time only with ``orderBy``.
- A page has 50 rows unless asked otherwise and 500 at most. All filters must hold; nulls sort last both ways; every
  text is searched unless fields are named. Unknown options, fields and types are refused (400).
- ``archiveFilter`` is active, archived or all, and all by default. ``tagIds`` means any of them, all of them with
  ``tagMatchAll``; ``category`` is lead, sms, call, note or disposition.
- A cursor belongs to its options, and counts from the end, so that leads which arrive meanwhile double nothing.
- Without bounds, metrics and analytics cover the 30 days before 2026-07-05, or before the newest lead that was sent in,
  where it came later by the sandbox's clock. Rates, and the words in status, event type, direction and billing status,
  are ours.
- A lead that was sent in without e-mail or phone has an empty text there in the list.
- There are 27,000 fictional phone numbers; in larger worlds people share them.

Recordings

- A list that is asked for without a query has every row that was recorded of it. With a query such as ``archiveFilter``
  it has what was recorded with the same one, and is else answered 404.
- Keys, tokens, documents, limits, faults and the clock are the sandbox's own; business and sources are recorded.

Documents

- The website is a second port. July's OpenID configuration and resource metadata, which nobody kept, look like the
  later ones with July's values; October's metadata look like September's.
- Both issuers publish metadata of their own and the same keys, so that each accepted token can be checked. The
  website's issuer is the website (in reality another host since August).
- October's documents name no client id, as in reality; its tokens are for ``client_sandbox_example`` all the same.
- Nobody can sign in here: those addresses answer 501.
"""

from leadping_nb.sandbox.clock import Clock
from leadping_nb.sandbox.faults import Fault, Faults
from leadping_nb.sandbox.issuer import SigningKey
from leadping_nb.sandbox.log import Request
from leadping_nb.sandbox.sandbox import SANDBOX, Sandbox
from leadping_nb.sandbox.source_states import SourceState

__all__ = ["SANDBOX", "Clock", "Fault", "Faults", "Request", "Sandbox", "SigningKey", "SourceState"]
