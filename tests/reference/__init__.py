"""A second, independent reading of the law, to prove the exported cases by.

It was written from the text of the specification alone and imports nothing of the library: only the standard library,
and PyYAML to read a policy folder. It is slow and plain on purpose: one small function for each sentence, loops instead
of tables, and the sentence itself as the comment. `decide` is all that others need of it.
"""

from tests.reference.decide import COLUMNS, decide
from tests.reference.texts import Policy, read_policy

__all__ = ["COLUMNS", "Policy", "decide", "read_policy"]
