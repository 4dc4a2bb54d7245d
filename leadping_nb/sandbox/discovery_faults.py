"""Faults of discovery: documents that are missing, wrong, hostile or only odd; one row each."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.sandbox.answers import Answer, Call, problem
from leadping_nb.sandbox.documents import Addresses, authorization_server
from leadping_nb.sandbox.faults import Fault
from leadping_nb.sandbox.openapi import openapi

__all__ = ["DISCOVERY_FAULTS"]

Json = dict[str, Any]

_RESOURCE = "/.well-known/oauth-protected-resource"
_SERVER = "/.well-known/oauth-authorization-server"
_SERVERS = ("authorization-server", "openid-configuration")
_SESSION_SERVERS = ("session-authorization-server", "session-openid-configuration")
_KEYS = "/sso/jwks/*"
_SMALL_MODULUS = base64.urlsafe_b64encode(b"\xc3" * 128).decode().rstrip("=")  # 1,024 bits, of another age
_SHARED = {"kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2FuZGJveC1leGFtcGxl"}
_MEBIBYTE = 1024 * 1024
_NOBODY = "http://localhost:9"  # another host where nothing listens, and no name has to be looked up for it
_PACE = 0.1


def _in(*names: str) -> Callable[[Callable[[Json], Json]], Callable[[str, Json], Json]]:
    """Confine a change to the documents of some names."""

    def confined(change: Callable[[Json], Json]) -> Callable[[str, Json], Json]:
        return lambda name, document: change(document) if name in names else document

    return confined


def _set(names: tuple[str, ...], **members: object) -> Callable[[str, Json], Json]:
    """Set members of the named documents; None takes one out."""

    def change(document: Json) -> Json:
        merged = {**document, **members}
        return {name: value for name, value in merged.items() if value is not None}

    return _in(*names)(change)


def _mapped(names: tuple[str, ...], member: str, change: Callable[[Any], Any]) -> Callable[[str, Json], Json]:
    """Change one member of the named documents."""
    return _in(*names)(lambda document: {**document, member: change(document[member])})


def _keys(change: Callable[[Json], list[Json]]) -> Callable[[str, Json], Json]:
    """Put other keys in the place of the first."""
    return _in("jwks")(lambda document: {"keys": change(document["keys"][0])})


def _challenge(change: Callable[[str], str]) -> Callable[[Call, Answer], Answer]:
    """Change the challenge of every 401."""

    def answer(call: Call, given: Answer) -> Answer:
        if "WWW-Authenticate" not in given.headers:
            return given
        changed = change(given.headers["WWW-Authenticate"])
        return replace(given, headers={**given.headers, "WWW-Authenticate": changed})

    return answer


def _not_found(call: Call, answer: Answer) -> Answer:
    return problem(404, "There is no such document.", path=call.path)


def _body(change: Callable[[bytes], bytes]) -> Callable[[Call, Answer], Answer]:
    return lambda call, answer: replace(answer, body=change(answer.body))


def _redirect(target: str) -> Callable[[Call, Answer], Answer]:
    def answer(call: Call, given: Answer) -> Answer:
        return Answer(302, b"", None, {"Location": target or call.path})

    return answer


def _twice(body: bytes) -> bytes:
    return b'{"issuer":"https://other.example",' + body[1:]


def _with_operation(document: Json) -> Json:
    paths: Mapping[str, Any] = document["paths"]
    return {**document, "paths": {**paths, "/brand-new": {"get": {"responses": {"200": {"description": "New."}}}}}}


def _changed(document: Json, steps: tuple[str, ...], change: Callable[[Any], Any]) -> Json:
    """Change one place of a document and leave the rest as it is."""
    first, *rest = steps
    inner = document[first]
    return {**document, first: _changed(inner, tuple(rest), change) if rest else change(inner)}


def _with_parameter(document: Json) -> Json:
    region = {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
    return _changed(document, ("paths", "/leads/all/my", "post", "parameters"), lambda known: [*known, region])


def _with_null(document: Json) -> Json:
    place = ("components", "schemas", "LeadTableRow", "properties", "createdAt", "type")
    return _changed(document, place, lambda kind: [kind, "null"])


def _with_status(document: Json) -> Json:
    place = ("paths", "/leads/intake", "post", "responses")
    return _changed(document, place, lambda known: {"202" if name == "201" else name: known[name] for name in known})


def _other_openapi(document: Json) -> Json:
    """Give the other revision's OpenAPI document for the same address."""
    other = next(revision for revision in REVISIONS if revision not in document["info"]["description"])
    return openapi(contract(other), document["servers"][0]["url"])


def _other_signing_in(document: Json) -> Json:
    """Give a server's metadata as they are in the other revision; issuer and keys stay, so that tokens stay good."""
    site, _, session = document["issuer"].partition("/user_management")
    july, october = (
        authorization_server(Addresses(site, site, revision), session=bool(session)) for revision in REVISIONS
    )
    own, other = (october, july) if "device_authorization_endpoint" in document else (july, october)
    kept = {name: value for name, value in document.items() if name not in own}
    return {**kept, **other, "issuer": document["issuer"], "jwks_uri": document["jwks_uri"]}


def _fault(
    name: str,
    what: str,
    teaches: str,
    finding: str | None,
    severity: str | None,
    *,
    check: str | None = None,
    verdict: str | None = "valid",
    drift: str | None = None,
    **how: Any,
) -> Fault:
    reports = f"goes on and reports {finding} ({severity})" if finding else "reports nothing"
    token = f"; a good token is {verdict}" + (f" by its {check}" if check else "") if verdict else ""
    takes = f"; the walk takes {how['takes']}" if "takes" in how else ""
    drifts = f"; lp.check_drift reports {drift}" if drift else ""
    expected = f"lp.discover {reports}{token}{takes}{drifts}"
    how |= {"finding": finding, "severity": severity, "check": check, "verdict": verdict, "drift": drift}
    return Fault(name, what, teaches, expected, area="discovery", **how)


DISCOVERY_FAULTS: tuple[Fault, ...] = (
    _fault("challenge_without_pointer", "The challenge says Bearer and no more.",
           "The pointer to the metadata is optional; the well-known address is not.", "challenge-no-pointer", "note",
           answer=_challenge(lambda header: 'Bearer realm="leadping"')),
    _fault("challenge_elsewhere", "The challenge points to metadata at another host.",
           "A pointer is a claim, not a proof.", "challenge-pointer-elsewhere", "warning",
           answer=_challenge(lambda header: f'Bearer resource_metadata="{_NOBODY}{_RESOURCE}"')),
    _fault("challenge_unquoted", "The challenge's address has no quotes.",
           "Strict parsers cut an unquoted address at its colon.", "challenge-unquoted", "warning",
           answer=_challenge(lambda header: header.replace('"', ""))),
    _fault("challenge_basic", "The challenge asks for Basic.", "Another server may answer in the API's place.",
           "challenge-scheme", "error", answer=_challenge(lambda header: 'Basic realm="proxy"')),
    _fault("two_challenges", "The 401 carries a second challenge, for another scheme, before the first.",
           "One header may hold several challenges; commas divide both them and their parameters.", None, None,
           answer=_challenge(lambda header: f'Negotiate YWJj==, Basic realm="a, \\"b\\"", {header}')),
    _fault("resource_over_https", "The metadata name the API with another scheme than it was asked with.",
           "One letter makes another resource for a strict client.", "prm-resource", "error",
           document=_mapped(("protected-resource",), "resource", lambda text: text.replace("http:", "https:"))),
    _fault("resource_with_slash", "The metadata name the API with a slash at the end.",
           "Identifiers are compared character by character.", "prm-resource", "error",
           document=_mapped(("protected-resource",), "resource", lambda text: f"{text}/")),
    _fault("resource_other_host", "The metadata are for another API.", "Metadata of one API say nothing of another.",
           "prm-resource", "error", document=_set(("protected-resource",), resource="https://other.example")),
    _fault("resource_other_port", "The metadata name another port of the same host.",
           "Another port is another origin, and may be another owner.", "prm-resource", "error",
           document=_mapped(("protected-resource",), "resource", lambda text: f"{text.rpartition(':')[0]}:9")),
    _fault("resource_missing", "There are no resource metadata.", "Then only the website is left to ask.",
           "prm-missing", "error", answer=_not_found, path=_RESOURCE,
           check="key", verdict="unverified"),
    _fault("resource_without_servers", "The metadata name no authorization server.",
           "An API may leave out who signs people in.", "prm-servers", "warning",
           document=_set(("protected-resource",), authorization_servers=[])),
    _fault("resource_in_query", "The metadata allow tokens in addresses.", "Addresses end up in logs.",
           "prm-bearer-query", "warning",
           document=_set(("protected-resource",), bearer_methods_supported=["header", "query"])),
    _fault("issuer_without_jwks", "One more issuer is accepted, and nobody says where its keys are.",
           "A token can be accepted by the API and still not be verifiable by you.", "issuer-without-jwks", "warning",
           document=_mapped(("protected-resource",), "token_issuers_supported",
                            lambda issuers: [*issuers, issuers[0].rsplit("/", 1)[0] + "/client_unknown_example"])),
    _fault("issuer_with_slash", "The server's document names its issuer with a slash at the end.",
           "Tokens of https://a and https://a/ are tokens of two issuers.", "as-issuer", "error",
           document=_mapped(_SERVERS, "issuer", lambda text: f"{text}/")),
    _fault("issuer_other_host", "The server's document is a copy of another issuer's.",
           "A document is to be believed only where its issuer publishes it.", "as-issuer", "error",
           document=_set(_SERVERS, issuer="https://other.example")),
    _fault("pkce_missing", "The documents do not say that PKCE is supported.", "A public client needs PKCE.",
           "as-pkce", "warning", document=_set(_SERVERS, code_challenge_methods_supported=None)),
    _fault("no_jwks_uri", "The server does not say where its keys are.", "Without keys every token stays unverified.",
           "as-no-jwks", "error", document=_set(_SERVERS, jwks_uri=None)),
    _fault("implicit_grant", "The server offers the implicit grant.", "Tokens in addresses leak.",
           "as-grant-implicit", "warning",
           document=_set(_SERVERS, grant_types_supported=["authorization_code", "implicit"])),
    _fault("jwks_missing", "The keys are not there.", "Metadata can name an address that answers 404.",
           "jwks-missing", "error",
           answer=_not_found, path=_KEYS,
           check="key", verdict="unverified"),
    _fault("jwks_empty", "The set holds no key.", "An empty set is a set, and verifies nothing.", "jwks-empty", "error",
           document=_keys(lambda key: []),
           check="key", verdict="invalid"),
    _fault("jwks_private", "The set publishes a private member.", "Whoever reads it can sign.", "jwks-private", "error",
           document=_keys(lambda key: [{**key, "d": "c2FuZGJveC1leGFtcGxl"}]),
           verdict=None),
    _fault("jwks_symmetric", "The set publishes a symmetric key.", "A shared key must not be shared with all.",
           "jwks-symmetric", "error",
           document=_keys(lambda key: [key, _SHARED])),
    _fault("jwks_kid_twice", "Two keys have one kid.", "A token then does not say which key it means.",
           "jwks-kid-duplicate", "error", document=_keys(lambda key: [key, {**key, "e": "AQAD"}]),
           check="key", verdict="invalid"),
    _fault("jwks_kid_missing", "A key has no kid.", "A token cannot name it.", "jwks-kid-missing", "warning",
           document=_keys(lambda key: [{name: value for name, value in key.items() if name != "kid"}]),
           check="key", verdict="invalid"),
    _fault("jwks_small", "A key has 1,024 bits.", "Keys of that size can be broken.", "jwks-rsa-small", "error",
           document=_keys(lambda key: [{**key, "n": _SMALL_MODULUS}]),
           check="key", verdict="invalid"),
    _fault("jwks_rotated", "The key is published under another kid than tokens name.",
           "Keys are rotated; a token that is older than the rotation is right to fail.", None, None,
           document=_keys(lambda key: [{**key, "kid": "sandbox-next"}]), check="key", verdict="invalid"),
    _fault("metadata_html", "The server's metadata are a web page with status 200.",
           "The real website has answered so; a status proves nothing.", "not-json", "error",
           answer=lambda call, answer: Answer(200, b"<!doctype html>Welcome", "text/html"), path=_SERVER),
    _fault("metadata_twice", "The issuer stands twice in one document.",
           "Readers differ in which of two they take; attackers know.", "json-duplicate-member", "warning",
           answer=_body(_twice), path=_SERVER),
    _fault("metadata_bom", "The document begins with a byte order mark.", "Invisible bytes break strict readers.",
           "json-bom", "note", answer=_body(lambda body: b"\xef\xbb\xbf" + body), path=_SERVER),
    _fault("metadata_deep", "The document nests a hundred thousand levels deep.",
           "A reader that recurses falls over.", "not-json", "error", answer=_body(lambda body: b"[" * 100_000),
           path=_SERVER),
    _fault("metadata_endless", "The document is larger than any document needs to be.",
           "A cap on size protects from endless answers.", "document-hostile", "error",
           answer=_body(lambda body: body + b" " * (2 * _MEBIBYTE)), path=_SERVER),
    _fault("metadata_drip", "The server's metadata come a byte at a time.",
           "A timeout between two bytes never ends a slow drip; only a deadline for the whole does.",
           "document-slow", "warning", answer=lambda call, answer: replace(answer, pace=_PACE), path=_SERVER,
           takes="as long as the deadline of one document, 15 seconds"),
    _fault("metadata_as_text", "The documents are served as plain text.", "Read by content, and say so.",
           "document-media-type", "note", answer=lambda call, answer: replace(answer, media_type="text/plain"),
           path=_SERVER),
    _fault("redirect_inwards", "The metadata redirect to an address inside the network.",
           "A walk must not become a way in.", "document-hostile", "error", answer=_redirect("http://10.0.0.1/"),
           path=_SERVER),
    _fault("redirect_elsewhere", "The metadata redirect to another host.", "A redirect changes who speaks.",
           "document-redirected", "warning", answer=_redirect("https://other.example/"), path=_SERVER),
    _fault("redirect_in_circles", "The metadata redirect to themselves.", "A walk has to end.",
           "document-redirected", "warning",
           answer=_redirect(""), path=_SERVER),
    _fault("authmd_missing", "There is no auth.md.", "The words for agents may be missing; the metadata decide.",
           "authmd-missing", "warning", answer=_not_found, path="/auth.md"),
    _fault("registration_offered", "The server lets clients register themselves.",
           "What is offered can grow; the metadata say so first.", "new-login-flow", "note",
           document=_set(_SERVERS, registration_endpoint="https://other.example/register")),
    _fault("authmd_new_flow", "The page for agents offers them to register by themselves.",
           "auth.md and the metadata change first when a new way to sign in comes.", "new-login-flow", "note",
           answer=_body(lambda body: body + b"\nDynamic client registration is open to every agent.\n"),
           path="/auth.md"),
    _fault("openapi_newer", "The API publishes an operation that no known revision has.",
           "A contract is a picture of one day.", "openapi-revision", "note", document=_in("openapi")(_with_operation),
           drift="GET /brand-new"),
    _fault("openapi_demanding", "The published list of leads demands a query parameter that no known revision has.",
           "A call that is still named can be refused all the same: look at what must go with it.", None, None,
           document=_in("openapi")(_with_parameter), drift="region of POST /leads/all/my"),
    _fault("openapi_nullable", "The published rows of leads may have no time at which they were created.",
           "A promise that is taken back breaks nothing until a row makes use of it.", None, None,
           document=_in("openapi")(_with_null), drift="LeadTableRow.createdAt"),
    _fault("openapi_accepted", "The published intake answers 202 and not 201 any more.",
           "Accepted is not arrived: look for the lead before you send it again.", None, None,
           document=_in("openapi")(_with_status), drift="POST /leads/intake"),
    _fault("openapi_mixed", "The OpenAPI document is the other revision's; everything else stays.",
           "A document can run ahead of the API or lag behind; try a call before you believe it.", None, None,
           document=_in("openapi")(_other_openapi), drift="the revisions of the documents"),
    _fault("metadata_mixed", "The server's metadata are the other revision's; everything else stays.",
           "Ways to sign in can change before the calls do; auth.md then tells another story.", "authmd-flows", "note",
           document=_in(*_SERVERS, *_SESSION_SERVERS)(_other_signing_in), drift="the revisions of the documents"),
)  # fmt: skip
"""The faults of discovery."""
