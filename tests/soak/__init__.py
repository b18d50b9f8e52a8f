"""The outbox under fire: random faults, killed workers, a restart of PostgreSQL.

`python -m tests.soak` is the whole of it; the tests run a small one.
"""
