"""Is there a secret in my notebooks: where, of which kind, and what to do; never the secret itself."""

from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.notebook import leaks_in_notebook

__all__ = ["Leak", "leaks_in_notebook"]
