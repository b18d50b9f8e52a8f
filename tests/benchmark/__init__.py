"""`make bench`: what the add-on costs, measured against the simulator.

__main__   the command line; starts `run` in an environment that knows Odoo
run        the order of things, the table, the lines of JSON
stage      a connected company in a real database, a simulator in its own process
invoices   ten thousand posted invoices within seconds
push       calls, queries, processor time of the push; memory of a long one
budget     how much of Exact's minute is used, on a clock that does not wait
button     from the button to the entry, with a real server
overhead   what posting and sending cost with the add-on and without it
scale      many companies: one worker, and jobs of queue_job
rival      the same invoices by a client from PyPI
"""
