{
    "name": "Fast clock",
    "summary": "Lets Odoo and comanage_exact live faster, for the soak only",
    "version": "19.0.1.0.0",
    "author": "comanage_exact contributors",
    "license": "LGPL-3",
    "depends": ["comanage_exact"],
    "installable": False,
}
