"""Rules over the 401 and its challenge (RFC 9110, section 11.6.1; RFC 6750, section 3; RFC 9728, section 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadping_nb.findings.rule import Evidence, Hit, Rule
from leadping_nb.identifiers import split_address

__all__ = ["CHALLENGE_RULES"]

_ABOUT = "challenge"
_RFC9728 = "RFC 9728, section 5.1"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also one without an end, lest each quote in it be tried
_VALUE = re.compile(r'=[ \t]*([^",\s]+)')  # a whole run at once, so that each letter is read once
_IS_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def _unreachable(evidence: Evidence) -> Iterator[Hit]:
    if evidence.walked and evidence.first_status is None:
        why = next((absence.why for absence in evidence.failures.values()), "no answer")
        yield Hit("The API could not be reached.", "an answer", why, evidence.start)


def _not_401(evidence: Evidence) -> Iterator[Hit]:
    status = evidence.first_status
    if evidence.walked and status is not None and status != 401:
        yield Hit("A call without a credential was not answered 401.", "401", str(status), evidence.start)


def _missing(evidence: Evidence) -> Iterator[Hit]:
    if evidence.walked and evidence.first_status == 401 and not evidence.challenges:
        yield Hit("The 401 carries no challenge.", "WWW-Authenticate", "no header that can be read", evidence.start)


def _other_scheme(evidence: Evidence) -> Iterator[Hit]:
    if evidence.challenges and not any(found.is_bearer() for found in evidence.challenges):
        got = ", ".join(found.scheme for found in evidence.challenges)
        yield Hit("No challenge asks for a bearer token.", "Bearer", got, evidence.start)


def _no_pointer(evidence: Evidence) -> Iterator[Hit]:
    if evidence.challenges and not _pointers(evidence):
        yield Hit("The challenge does not say where the metadata are.", "resource_metadata", "none", evidence.start)


def _pointer_over_http(evidence: Evidence) -> Iterator[Hit]:
    for pointer in _pointers(evidence):
        if _scheme(pointer) != "https" and _scheme(evidence.start) == "https":
            yield Hit("The challenge points to plain http.", "an https address", pointer, evidence.start)


def _pointer_elsewhere(evidence: Evidence) -> Iterator[Hit]:
    for pointer in _pointers(evidence):
        if _host(pointer) != _host(evidence.start):
            yield Hit("The challenge points to another host.", _host(evidence.start), pointer, evidence.start)


def _several_pointers(evidence: Evidence) -> Iterator[Hit]:
    pointers = dict.fromkeys(_pointers(evidence))
    if len(pointers) > 1:
        yield Hit("Challenges point to different metadata.", "one address", ", ".join(pointers), evidence.start)


def _unquoted(evidence: Evidence) -> Iterator[Hit]:
    values = _VALUE.findall(_QUOTED.sub('""', evidence.challenge_header or "")) if evidence.challenges else []
    for value in values:
        if value.strip("=") and not _IS_TOKEN.fullmatch(value):  # equals signs alone end a token68
            yield Hit("A parameter of the challenge is not quoted.", 'name="value"', value, evidence.start)


def _error_without_token(evidence: Evidence) -> Iterator[Hit]:
    errors = [found.params["error"] for found in evidence.challenges if "error" in found.params]
    if errors:
        message = "The challenge names an error although no credential was sent."
        yield Hit(message, "no error", ", ".join(errors), evidence.start)


def _pointers(evidence: Evidence) -> list[str]:
    return [found.params["resource_metadata"] for found in evidence.challenges if "resource_metadata" in found.params]


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()


def _host(url: str) -> str:
    parts = split_address(url)
    return parts.netloc if parts else ""


CHALLENGE_RULES: tuple[Rule, ...] = (
    Rule("start-unreachable", "error", _ABOUT, "The API could not be reached.", "RFC 9110, section 15.5.2",
         "Check the address and the network.", _unreachable),
    Rule("no-401", "warning", _ABOUT, "A call without a credential was not answered 401.", "RFC 9110, section 15.5.2",
         "Check that the address is the API's own.", _not_401),
    Rule("challenge-missing", "note", _ABOUT, "The 401 carries no challenge.", "RFC 9110, section 15.5.2",
         "Go on at the well-known addresses; the API may leave it out.", _missing),
    Rule("challenge-scheme", "error", _ABOUT, "No challenge asks for a bearer token.", "RFC 6750, section 3",
         "Check that the address is the API's own, and no proxy's.", _other_scheme),
    Rule("challenge-no-pointer", "note", _ABOUT, "The challenge does not say where the metadata are.", _RFC9728,
         "Go on at the well-known addresses.", _no_pointer),
    Rule("challenge-pointer-http", "error", _ABOUT, "The challenge points to plain http.", "RFC 9728, section 3",
         "Use https in its place; nothing was fetched over http.", _pointer_over_http),
    Rule("challenge-pointer-elsewhere", "warning", _ABOUT, "The challenge points to another host.", _RFC9728,
         "Believe the metadata only if their resource is this API.", _pointer_elsewhere),
    Rule("challenge-pointers-differ", "warning", _ABOUT, "Challenges point to different metadata.", _RFC9728,
         "The first that gives a document is used.", _several_pointers),
    Rule("challenge-unquoted", "warning", _ABOUT, "A parameter of the challenge is not quoted.",
         "RFC 9110, section 11.2", "Strict parsers cut it at the first colon; tell the owner.", _unquoted),
    Rule("challenge-error", "note", _ABOUT, "The challenge names an error although no credential was sent.",
         "RFC 6750, section 3.1", "Read it as no more than a missing credential.", _error_without_token),
)  # fmt: skip
"""The rules over the challenge."""
