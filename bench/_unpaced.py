"""Given to a worker with --include: the budget is kept as always, but nobody has to wait for its pace.

Ten requests a second would be all that is measured.
"""

from portfolio import budget

budget.RATE = budget.BURST = 1e9
