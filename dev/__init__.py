"""Gets Odoo 19 and PostgreSQL on a machine, and runs the tests and the demo on them.

`setup` and `clean`, and all that they import, use the standard library only: they run
before the virtual environment exists. The other modules run inside it.
"""
