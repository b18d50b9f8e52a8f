"""Makes posted invoices: a few by Odoo itself, thousands as copies of them."""

from odoo import Command

# Several rates on one invoice, and prices whose VAT has to be rounded.
TAXES = ("attn_VAT-OUT-21-L", "attn_VAT-OUT-06-L", "attn_VAT-OUT-12-L")
LINES = 10
LINE_OFFSET = "%(lines)s + (n - 1) * %(span)s"


def create_customer(env, name):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "street": "Kerkstraat 1",
            "zip": "2000",
            "city": "Antwerpen",
            "country_id": env.ref("base.be").id,
            "email": "customer@example.com",
        }
    )


def create_invoice(env, customer, *, lines=LINES, post=True):
    """Create an invoice with three rates of VAT, or as many as it has lines."""
    taxes = [env.ref(f"account.{env.company.id}_{name}") for name in TAXES]
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": f"Hop pellets, kind {index}",
                        "quantity": index,
                        "price_unit": 8.33 + index / 7,
                        "tax_ids": [Command.set(taxes[index % len(taxes)].ids)],
                    }
                )
                for index in range(1, lines + 1)
            ],
        }
    )
    if post:
        invoice.action_post()
    return invoice


def multiply(env, invoice, count):
    """Copy a posted invoice `count` times, with its lines, and put all on hold.

    Posting one takes Odoo a fifth of a second. The push only reads invoices, and a copy
    in SQL reads as one that was posted.
    """
    lines = invoice.line_ids.ids
    values = {
        "move": invoice.id,
        "count": count,
        "moves": _highest_id(env, "account_move"),
        # How far the lines of the first copy are from those of the invoice.
        "lines": _highest_id(env, "account_move_line") + 1 - min(lines),
        # From one copy to the next.
        "span": max(lines) + 1 - min(lines),
        "name": invoice.sequence_prefix,
        "number": invoice.sequence_number,
    }
    _copy_rows(
        env,
        "account_move",
        "id = %(move)s",
        values,
        id="%(moves)s + n",
        name="%(name)s || lpad((%(number)s + n)::text, 5, '0')",
        payment_reference="%(name)s || lpad((%(number)s + n)::text, 5, '0')",
        sequence_number="%(number)s + n",
        access_token="NULL",
    )
    _copy_lines(env, values)
    _put_on_hold(env, values)


def _copy_lines(env, values):
    """Copy the journal items of the invoice, with their taxes and tags."""
    _copy_rows(
        env,
        "account_move_line",
        "move_id = %(move)s",
        values,
        id=f"s.id + {LINE_OFFSET}",
        move_id="%(moves)s + n",
        move_name="%(name)s || lpad((%(number)s + n)::text, 5, '0')",
    )
    for table in (
        "account_move_line_account_tax_rel",
        "account_account_tag_account_move_line_rel",
    ):
        _copy_rows(
            env,
            table,
            "account_move_line_id IN"
            " (SELECT id FROM account_move_line WHERE move_id = %(move)s)",
            values,
            account_move_line_id=f"s.account_move_line_id + {LINE_OFFSET}",
        )


def _highest_id(env, table):
    env.cr.execute(f"SELECT max(id) FROM {table}")
    return env.cr.fetchone()[0]


def _copy_rows(env, table, where, values, **changed):
    """Insert `count` copies of the rows; `changed` are columns as SQL, n the copy."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    sources = [changed.get(name, f's."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(sources)}"
        f" FROM {table} s, generate_series(1, %(count)s) n WHERE {where}",
        values,
    )


def _put_on_hold(env, values):
    """Give every copy an outbox row, and let the counters of ids go on behind them."""
    values = {**values, "user": env.uid, "company": env.company.id}
    env.cr.execute(
        "INSERT INTO exact_outbox (move_id, company_id, state, scheduled_at, attempts,"
        " user_id, create_uid, create_date, write_uid, write_date)"
        " SELECT %(moves)s + n, %(company)s, 'held', now(), 0, %(user)s,"
        " %(user)s, now(), %(user)s, now() FROM generate_series(1, %(count)s) n",
        values,
    )
    env.cr.execute(
        "UPDATE account_move m SET exact_outbox_id = o.id FROM exact_outbox o"
        " WHERE o.move_id = m.id"
    )
    for table in ("account_move", "account_move_line"):
        env.cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
        )
    env.cr.commit()
    for table in ("account_move", "account_move_line", "exact_outbox"):
        # As the server does by itself after a while.
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
