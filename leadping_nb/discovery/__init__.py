"""Who says so: from a real 401 to the signing keys, one request a step, and no credential to anyone.

``steps`` are what was asked and what came of it, ``result`` is what they say together, ``walk`` makes the requests,
and ``drawing`` shows a result as a graph, a tree and tables.
"""

from leadping_nb.discovery.result import Discovery
from leadping_nb.discovery.steps import Step
from leadping_nb.discovery.walk import Walk, discover, discovery_steps

__all__ = ["Discovery", "Step", "Walk", "discover", "discovery_steps"]
