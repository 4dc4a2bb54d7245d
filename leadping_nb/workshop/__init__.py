"""The workshop: six parts with exercises that check themselves, a card of progress, and a code at the end.

In a notebook, ``q1, q2, q3, q4 = lp.workshop.part(1, sandbox)`` begins a part. ``q1.check()`` then looks at the
variables of the notebook that the question asks for, and says *not attempted*, *not yet* with the reason, or *right*.
The notebooks are in ``notebooks/workshop``; ``python -m leadping_nb.workshop`` builds them and rehearses all of it.
"""

from leadping_nb.workshop.attendance import Part, part
from leadping_nb.workshop.codes import CompletionCode, Verification, completion_code, verify
from leadping_nb.workshop.question import Question
from leadping_nb.workshop.record import Record
from leadping_nb.workshop.verdict import Result, Shown, Verdict

__all__ = [
    "CompletionCode",
    "Part",
    "Question",
    "Record",
    "Result",
    "Shown",
    "Verdict",
    "Verification",
    "completion_code",
    "part",
    "verify",
]
