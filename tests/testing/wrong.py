"""Wrong implementations: each is ours with one small mutation, of the kind that a back office gets wrong.

A mutation stands before our engine (the policy or the records are read wrongly), behind it (the answer is), or takes
the place of the loop that lets claims count for each other.
"""

from tests.testing import wrong_answers, wrong_policies, wrong_records
from tests.testing.mistakes import WRONG, Rows, Wrong, right

__all__ = ["WRONG", "Rows", "Wrong", "right", "wrong_answers", "wrong_policies", "wrong_records"]
