"""OpenAPI documents that somebody else wrote, read as calls and models, whatever they hold.

``outline`` is what of a description can be compared, ``schemas`` reads models by their ``keywords``,
``calls`` the calls, and ``reading`` the whole.
"""

from leadping_nb.openapi.outline import Call, Input, Outline, plain_id
from leadping_nb.openapi.reading import published_operations, read_openapi

__all__ = ["Call", "Input", "Outline", "plain_id", "published_operations", "read_openapi"]
