"""OpenAPI documents that somebody else wrote, read as calls and models, whatever they hold.

``outline`` is what of a description can be compared. ``references`` say which part of a document is meant; ``schemas``
reads models by their ``keywords``, ``calls`` the calls of ``paths`` with their ``credentials``, and ``reading`` all.
"""

from leadping_nb.openapi.outline import Call, Input, Outline, plain_id
from leadping_nb.openapi.paths import published_operations
from leadping_nb.openapi.reading import read_openapi

__all__ = ["Call", "Input", "Outline", "plain_id", "published_operations", "read_openapi"]
