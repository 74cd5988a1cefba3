"""How good is it? References, scorers, runs, the gate and the leaderboard.

A scorer is a pure function from one item to a short vector of counts. Any corpus score, of all items or of some, is
computed from the sum of such vectors, and so is each resample of its bootstrap.
"""
