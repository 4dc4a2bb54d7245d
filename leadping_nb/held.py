"""Which live credentials this process holds, for what keeps their texts out of outputs."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadping_nb.secret import Secret

__all__ = ["held", "hold"]

_SHORTEST: Final = 12
"""Shorter texts are words that outputs are full of, and no credential that opens anything."""

_held: dict[Secret, str] = {}


def hold(secret: Secret, label: str) -> None:
    """Remember a live credential, and let the output guard of a running IPython know.

    Parameters
    ----------
    secret
        Its text, which must be of ASCII; one of fewer than twelve characters is passed over.
    label
        What to show in its place.

    Examples
    --------
    >>> from leadping_nb.secret import Secret
    >>> hold(Secret("lp_test_doctest"), "business key · #0f1e2d3c")
    >>> held()[Secret("lp_test_doctest")]
    'business key · #0f1e2d3c'
    """
    if secret in _held or len(secret.reveal()) < _SHORTEST:
        return
    _held[secret] = label
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        # By its name: what guards outputs lies above what recognises credentials, and only a running IPython has any.
        import_module("leadping_nb.guard.switch").follow()


def held() -> Mapping[Secret, str]:
    """Give the labels of the credentials that this process holds, by their texts.

    Examples
    --------
    >>> from leadping_nb.secret import Secret
    >>> Secret("lp_test_of_another_process") in held()
    False
    """
    return dict(_held)
