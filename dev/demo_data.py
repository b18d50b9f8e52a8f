"""What the demo adds to Odoo's own demo data: customers and invoices of Belgium."""

CUSTOMERS = {
    "brewery": {
        "name": "Brouwerij 't Kelderke bvba",
        "street": "Grote Markt 15",
        "zip": "1000",
        "city": "Brussel",
        "country": "be",
        "vat": "BE0456789133",
        "email": "facturen@kelderke.example",
    },
    "builder": {
        "name": "Bouwbedrijf Janssens & Zonen",
        "street": "Stationsstraat 3",
        "zip": "2800",
        "city": "Mechelen",
        "country": "be",
        "vat": "BE0202239951",
        "email": "boekhouding@janssens.example",
    },
    "bookshop": {
        "name": "Librairie “L'Œuvre” SA",
        "street": "Rue Neuve 8",
        "zip": "4000",
        "city": "Liège",
        "country": "be",
        "vat": "BE0428759497",
        "email": "compta@oeuvre.example",
    },
    "dutch": {
        "name": "Tulpen & Co B.V.",
        "street": "Keizersgracht 1",
        "zip": "1015 CJ",
        "city": "Amsterdam",
        "country": "nl",
        "vat": "NL004495445B01",
        "email": "inkoop@tulpen.example",
    },
}

# (customer, kind, lines); a line is (text, quantity, price, tax) and, where it is not
# the account of the journal, the account in the chart of Belgium.
INVOICES = [
    (
        "brewery",
        "out_invoice",
        [
            ("Consultancy, November", 7.5, 96.5, "attn_VAT-OUT-21-S"),
            ("Hop pellets", 13, 8.33, "attn_VAT-OUT-06-L"),
        ],
    ),
    (
        "bookshop",
        "out_invoice",
        [
            # Three lines whose rounded VAT does not add up to the VAT of their sum.
            ("Bookmark", 1, 0.35, "attn_VAT-OUT-21-L"),
            ("Bookmark, red", 1, 0.35, "attn_VAT-OUT-21-L"),
            ("Bookmark, blue", 1, 0.35, "attn_VAT-OUT-21-L"),
            ("Canteen vouchers", 3, 33.33, "attn_VAT-OUT-12-L"),
        ],
    ),
    (
        "builder",
        "out_invoice",
        [("Roof works, reverse charge", 1, 12500, "attn_VAT-OUT-00-CC")],
    ),
    (
        "dutch",
        "out_invoice",
        [("Flower boxes", 40, 17.95, "attn_VAT-OUT-00-EU-L")],
    ),
    (
        "builder",
        "out_invoice",
        # A down payment is no income yet: Odoo and Exact have it on 460000.
        [("Down payment, roof works", 1, 3000, "attn_VAT-OUT-21-S", "a46")],
    ),
    (
        "brewery",
        "out_refund",
        [("Hop pellets, returned", 2, 8.33, "attn_VAT-OUT-06-L")],
    ),
]


def create_invoices(odoo, company, day):
    """Create and post the invoices of this file.

    :param str day: their date, 'YYYY-MM-DD'.
    """
    partners = {key: _create_customer(odoo, key) for key in CUSTOMERS}
    for customer, kind, lines in INVOICES:
        create_invoice(odoo, company, day, partners[customer], lines, kind)


def create_invoice(odoo, company, day, partner, lines, kind="out_invoice"):
    """Create and post an invoice, and return its id.

    :param str day: its date, 'YYYY-MM-DD'.
    :param list lines: as in `INVOICES`.
    """
    invoice = odoo.create(
        "account.move",
        move_type=kind,
        partner_id=partner,
        invoice_date=day,
        invoice_line_ids=[
            (0, 0, _prepare_line(odoo, company, *line)) for line in lines
        ],
    )
    odoo.call("account.move", "action_post", [invoice])
    return invoice


def _create_customer(odoo, key):
    return create_customer(odoo, **CUSTOMERS[key])


def create_customer(odoo, **values):
    """Create a company as a customer, and return its id."""
    country = odoo.ref("base", values.pop("country"))
    return odoo.create("res.partner", is_company=True, country_id=country, **values)


def _prepare_line(odoo, company, name, quantity, price, tax, account=None):
    own = {}
    if account:
        own["account_id"] = odoo.ref("account", f"{company}_{account}")
    return {
        **own,
        "name": name,
        "quantity": quantity,
        "price_unit": price,
        "tax_ids": [(6, 0, [odoo.ref("account", f"{company}_{tax}")])],
    }
