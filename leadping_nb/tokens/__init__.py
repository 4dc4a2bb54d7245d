"""Is a user token still good: its claims, and every check with what was expected and got.

The allowed algorithm comes from the key and never from the token (RFC 8725, section 3.1); what a token's
header says about where to find keys is reported and ignored. PyJWT does the cryptography.
"""

from leadping_nb.tokens.check import SIGNS, Check, Outcome
from leadping_nb.tokens.inspection import VERDICT_SIGNS, TokenInspection, TokenVerdict
from leadping_nb.tokens.judgement import inspect_token
from leadping_nb.tokens.keys import SOURCE, Jwks, KeySource, PublishedKeys, keys_in
from leadping_nb.tokens.timeline import Moment

__all__ = [
    "SIGNS",
    "SOURCE",
    "VERDICT_SIGNS",
    "Check",
    "Jwks",
    "KeySource",
    "Moment",
    "Outcome",
    "PublishedKeys",
    "TokenInspection",
    "TokenVerdict",
    "inspect_token",
    "keys_in",
]
