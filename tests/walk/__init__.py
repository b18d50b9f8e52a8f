"""`make walk`: the way of one invoice through the add-on's own functions.

__main__   the command line; starts `run` in an environment that knows Odoo
run        books one invoice in the simulator and prints its way
trace      records the calls and counts them
listing    the calls as lines of text
"""
