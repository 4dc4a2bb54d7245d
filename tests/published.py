"""The documents of a made-up API, as each revision has them, to be changed at will and checked for drift."""

import copy

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.discovery import Discovery
from leadping_nb.drift import check_drift
from leadping_nb.sandbox.documents import Addresses, authorization_server, protected_resource
from leadping_nb.sandbox.openapi import openapi
from leadping_nb.sandbox.website import auth_md

SEED, NEWEST = REVISIONS
API, SITE = "https://api.example", "https://site.example"
PRM, AS = f"{API}/.well-known/oauth-protected-resource", f"{SITE}/.well-known/oauth-authorization-server"
OPENAPI, AUTH_MD = f"{API}/openapi/v1.json", f"{SITE}/auth.md"


def published(revision=SEED):
    """Give the documents of a revision, to be changed at will."""
    here = Addresses(API, SITE, revision)
    return {
        PRM: protected_resource(here),
        AS: authorization_server(here),
        OPENAPI: copy.deepcopy(openapi(contract(revision), API)),
        AUTH_MD: auth_md(here),
    }


def checked(documents, **how):
    return check_drift(Discovery.from_documents(documents, start=API), **how)


def move(mapping, old, new):
    mapping[new] = mapping.pop(old)
