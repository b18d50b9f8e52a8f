"""Pages for people: consent, log-in, what is booked."""

from html import escape

from .texts import MAINTENANCE

_STYLE = """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif;margin:0;background:#f3f5f7;
color:#1f2933}
header{background:#c8102e;color:#fff;padding:.9rem 2rem;font-weight:600}
header small{font-weight:400;opacity:.9;margin-left:.75rem}
main{max-width:72rem;margin:2rem auto;padding:0 1.5rem}
.card{background:#fff;border:1px solid #dde3e8;border-radius:10px;padding:1.75rem 2rem;
max-width:30rem;margin:3rem auto;box-shadow:0 2px 10px rgba(31,41,51,.06)}
h1{font-size:1.35rem;margin:.2rem 0 .8rem}h2{font-size:1.1rem;margin:2rem 0 .6rem}
label{display:block;font-weight:600;margin:1rem 0 .3rem}
select{width:100%;font:inherit;padding:.5rem;border:1px solid #9fb0bf;border-radius:6px}
label.box{font-weight:400;margin:.2rem 0}fieldset{margin:1rem 0 0;border:1px solid
#dde3e8;border-radius:6px}
.buttons{display:flex;gap:.75rem;margin-top:1.5rem}
button{flex:1;font:inherit;font-weight:600;padding:.65rem;border-radius:6px;
cursor:pointer;border:1px solid #9fb0bf;background:#fff;color:#1f2933}
button.main{background:#c8102e;border-color:#c8102e;color:#fff}
button:focus-visible,select:focus-visible{outline:3px solid #7db3ff}
table{border-collapse:collapse;width:100%;background:#fff;font-size:.92rem}
th,td{text-align:left;padding:.45rem .7rem;border:1px solid #dde3e8;vertical-align:top}
th{background:#eef2f5}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
tr.line td{background:#fafbfc;color:#46535f}.muted{color:#5d6b78}
ul{padding-left:1.2rem}
"""

MOVED_PAGE = (
    "<html><head><title>Object moved</title></head><body>"
    '<h2>Object moved to <a href="{where}">here</a>.</h2></body></html>'
)
UNAVAILABLE_PAGE = (
    "<html><head><title>Server Unavailable</title></head><body>"
    "<h1>Server Unavailable</h1><p>Exact Online is being maintained.</p></body></html>"
)
MAINTENANCE_PAGE = (
    "<html><head><title>Server maintenance</title></head><body>"
    f"<h1>Server maintenance</h1><p>{MAINTENANCE}</p></body></html>"
)


def _page(title, content):
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        "<header>Exact Online<small>simulator, nothing here is real</small></header>"
        f"<main>{content}</main></body></html>"
    )


def consent_page(fields, users, chosen, divisions):
    """Return the page on which a person allows or refuses an app.

    :param fields: what the request had, to be sent back with the answer.
    :param divisions: rows, of which the app gets those that stay ticked.
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    options = "".join(
        f'<option value="{escape(user.email)}"'
        f"{' selected' if user.email == chosen else ''}>"
        f"{escape(user.full_name)} ({escape(user.email)}, {user.language})</option>"
        for user in users
    )
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="division_{row["Code"]}"'
        f' value="on" checked> {escape(row["Description"])} ({row["Code"]})</label>'
        for row in divisions
    )
    return _page(
        "Allow access",
        f'<form class="card" method="post" action="/api/oauth2/auth">{hidden}'
        f"<h1>Allow <em>{escape(fields['client_id'])}</em> to use your"
        " administrations?</h1>"
        "<p>The app will be able to:</p><ul><li>read and create customers</li>"
        "<li>read journals, accounts and VAT codes</li>"
        "<li>book sales entries</li></ul>"
        f'<label for="user">Log in as</label>'
        f'<select id="user" name="user">{options}</select>'
        '<input type="hidden" name="choose_divisions" value="1">'
        f"<fieldset><legend>Divisions, as far as you may open them</legend>{boxes}"
        "</fieldset>"
        '<div class="buttons">'
        '<button class="main" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="refuse">Refuse</button></div></form>',
    )


def problem_page(title, text):
    return _page(
        title,
        f'<div class="card"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>',
    )


def login_page():
    return _page(
        "Log in",
        '<div class="card"><h1>Log in to Exact Online</h1>'
        '<p class="muted">An app called without a valid token, or without saying that'
        " it wants JSON. People log in on the consent page.</p></div>",
    )


def overview_page(state):
    """Return what is booked in every division."""
    parts = ["<h1>What is booked</h1>"]
    for code, division in state.divisions().items():
        entries = list(state.rows(code, "salesentry/SalesEntries").values())
        accounts = list(state.rows(code, "crm/Accounts").values())
        if not entries and not accounts:
            continue
        parts.append(f"<h2>{escape(division['Description'])} ({code})</h2>")
        parts.append(_entries_table(state, code, entries))
        parts.append(_accounts_table(accounts))
    if len(parts) == 1:
        parts.append('<p class="muted">Nothing yet.</p>')
    return _page("Exact Online simulator", "".join(parts))


def _row(cells, kind="td", css=""):
    shown = "".join(
        f"<{kind}{' class=n' if is_number else ''}>{escape(str(text or ''))}</{kind}>"
        for text, is_number in cells
    )
    return f"<tr{f' class={css}' if css else ''}>{shown}</tr>"


def _texts(*values):
    return [(value, False) for value in values]


def _amounts(*values):
    return [(f"{value:,.2f}", True) for value in values]


def _entries_table(state, division, entries):
    head = _texts("Journal", "Entry", "Date", "Customer", "Your ref.", "Description")
    head += [(name, True) for name in ("Base", "VAT", "Total")] + _texts("Currency")
    rows = [_row(head, "th")]
    for entry in sorted(entries, key=lambda row: (row["Journal"], row["EntryNumber"])):
        base = entry["AmountFC"] - entry["VATAmountFC"]
        cells = _texts(
            entry["Journal"],
            entry["EntryNumber"],
            entry["EntryDate"].date(),
            entry["CustomerName"],
            entry.get("YourRef"),
            entry.get("Description"),
        )
        cells += _amounts(base, entry["VATAmountFC"], entry["AmountFC"])
        rows.append(_row(cells + _texts(entry["Currency"])))
        for line in state.entry_lines(division, entry["EntryID"]):
            cells = _texts("", "", "", line["GLAccountCode"], line["VATCode"] or "-")
            cells += _texts(line.get("Description"))
            base, vat = line["VATBaseAmountFC"], line["VATAmountFC"]
            cells += _amounts(base, vat, base + vat)
            rows.append(_row(cells + _texts(""), css="line"))
    return f"<p>Sales entries: {len(entries)}</p><table>{''.join(rows)}</table>"


def _accounts_table(accounts):
    rows = [_row(_texts("Code", "Name", "City", "Country", "VAT number"), "th")]
    for account in sorted(accounts, key=lambda row: int(row["Code"])):
        names = ("Code", "Name", "City", "Country", "VATNumber")
        rows.append(_row(_texts(*(account.get(name) for name in names))))
    return f"<p>Accounts: {len(accounts)}</p><table>{''.join(rows)}</table>"
