"""How Sphinx builds the documentation; see `dev/docs.py`."""

project = "Exact Online for Odoo"
author = "comanage_exact contributors"
html_title = project
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
# A link that leads nowhere is an error.
nitpicky = True
