"""Is there a secret in my notebooks: where, of which kind, and what to do; never the secret itself."""

from leadping_nb.leaks.check import leak_check
from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.notebook import leaks_in_notebook
from leadping_nb.leaks.report import LeakReport

__all__ = ["Leak", "LeakReport", "leak_check", "leaks_in_notebook"]
