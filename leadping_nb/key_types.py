"""The types of credential that Leadping gives out."""

from __future__ import annotations

from enum import Enum

__all__ = ["KeyType"]


class KeyType(Enum):
    """The types of credential that Leadping gives out.

    Examples
    --------
    >>> KeyType.SOURCE_KEY.value
    'source key'
    """

    USER_TOKEN = "user token"  # noqa: S105 - the name of a type
    """A JSON Web Token for calls as a signed-in person."""
    BUSINESS_API_KEY = "business key"
    """``lp_...``, for programs that work on one business."""
    SOURCE_KEY = "source key"
    """``lp_src_...``, for sending leads of one source and nothing else."""
    ORGANIZATION_API_KEY = "organization key"
    """``sk_...``, which takes the place of business keys in revisions since August 2026."""
