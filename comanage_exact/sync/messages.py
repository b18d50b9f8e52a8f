"""Every sentence about a booking, its customer, its PDF and its connection.

Texts are lazily translated and built once; `say` fills one in the language of the
environment.
"""

import re
from datetime import date
from decimal import Decimal

from odoo.tools import format_date, format_datetime, formatLang
from odoo.tools.misc import human_size
from odoo.tools.translate import LazyTranslate

from ..booking.problem import Amount, Problem
from ..exact_api.const import CALLS_PER_CONTRACT, MAX_ATTACHMENT_BYTES
from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactCodeSpent,
    ExactConsentLost,
    ExactDivisionsRefused,
    ExactError,
    ExactProxyFailed,
    ExactRateLimited,
    ExactRejected,
    ExactStopped,
    ExactUntrusted,
)
from ..exact_api.resources import ATTACHMENTS, DOCUMENTS, OPTIONAL_RIGHTS
from .menus import Values

_lt = LazyTranslate(__name__)

# With the quotation marks of the language.
QUOTED = _lt("“%(words)s”")
_TWO_STOPS = re.compile(r"(?<=\w)\.\.(?!\.)")


def say(env, text, **values):
    """Return a text in the language of `env`, filled with `values`.

    Placeholders that name a menu are filled with the way to it, see `menus`.
    """
    translated = env._(text)
    # A name such as “Tulpen & Co B.V.” at the end has the full stop already.
    return _TWO_STOPS.sub(".", translated % Values(env, values))


def quoted(env, err):
    """Return what Exact Online said, apart from our own words.

    :param ExactRejected err: in the language of the Exact user.
    """
    words = "; ".join(message.rstrip(".") for message in err.messages)
    return say(env, QUOTED, words=words)


def shown(env, value):
    """Return a value as a sentence in the language of `env` names it."""
    if isinstance(value, Problem):
        # The reason of a problem may be one itself.
        return _problem_text(env, value)
    if isinstance(value, Amount):
        currencies = env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", value.currency)], limit=1)
        return formatLang(env, float(value.value), currency_obj=currency)
    if isinstance(value, Decimal):
        decimals = max(2, -value.normalize().as_tuple().exponent)
        return formatLang(env, float(value), digits=decimals)
    if isinstance(value, date):
        return format_date(env, value)
    return str(value)


def shown_moment(env, moment):
    """Return a moment as the reader knows it, in the own time zone."""
    return format_datetime(env, moment, dt_format="short")


# === PROBLEMS BEFORE SENDING === #

# By `Problem.kind`.
PROBLEMS = {
    "not_confirmed": _lt(
        "%(name)s is not a confirmed customer invoice. Confirm it, then click "
        "Send to Exact again."
    ),
    "no_journal": _lt(
        "%(company)s has no Exact Online sales journal. Choose one on the company, "
        "Exact Online tab."
    ),
    "division": _lt(
        "%(mismatch)s Choose another division on the company, Exact Online tab, or "
        "enter a reason for the mismatch there."
    ),
    "number": _lt(
        "%(name)s has no valid Exact Online entry number: %(reason)s. Change the "
        "prefix or suffix on the company, Exact Online tab, or on the Odoo journal."
    ),
    "number_missing": _lt(
        "%(name)s has no digits for an Exact Online entry number. Book it in Exact "
        "Online manually, then click “Already in Exact Online?” to link it."
    ),
    "number_too_large": _lt("%(number)s is greater than 2147483647"),
    "number_not_digits": _lt("“%(part)s” is not a number"),
    "no_gl_account": _lt(
        "Account %(account)s has no Exact Online G/L account. Choose one in "
        "%(menu_gl_accounts)s, or a default for income accounts on the company, Exact "
        "Online tab."
    ),
    "no_own_gl_account": _lt(
        "Account %(account)s has no Exact Online G/L account. Choose one in "
        "%(menu_gl_accounts)s. The company’s default is for income accounts only."
    ),
    "gl_account_blocked": _lt(
        "Exact Online G/L account %(gl_account)s, on which %(account)s is booked, is "
        "blocked there or takes no entry lines. Choose another one in "
        "%(menu_gl_accounts)s, or unblock it in Exact Online and refresh the lists."
    ),
    "costs_missing": _lt(
        "Exact Online G/L account %(account)s requires a cost centre or cost unit, "
        "but none is set for %(company)s. Choose one on the company, Exact Online "
        "tab, or make it optional on the G/L account in Exact Online."
    ),
    "cost_gone": _lt(
        "%(costs)s no longer exists in Exact Online, but analytic account "
        "%(accounts)s is mapped to it. Choose another one in %(menu_cost_centres)s."
    ),
    "several_costs": _lt(
        "Analytic accounts %(accounts)s are mapped to %(costs)s, but a line in Exact "
        "Online has only one of them. Choose on the company, Exact Online tab, which "
        "plan has the cost centres and which the cost units."
    ),
    "several_taxes": _lt(
        "Line “%(line)s” has more than one VAT tax (%(taxes)s), but an Exact Online "
        "line has one VAT code. If one of them is no VAT, such as a fee or tourist "
        "tax, choose “Not VAT” on the tax, field Exact Online Tax Type; else move the "
        "amounts to a line for each tax."
    ),
    "no_code_for_untaxed": _lt(
        "“%(line)s” has no VAT, and %(company)s has no Exact Online VAT code for "
        "untaxed lines. Choose one on the company, Exact Online tab, field VAT Code "
        "for Untaxed Lines, or a tax on the line."
    ),
    "no_vat_code": _lt(
        "Tax %(tax)s has no Exact Online VAT code. Choose one on the tax, field "
        "Exact Online VAT Code."
    ),
    "vat_code": _lt(
        "Exact Online VAT code %(code)s does not match tax %(tax)s: it is for "
        "purchases, includes VAT in the price, has a different rate or is no longer "
        "in use. Choose another one on the tax."
    ),
    "no_lines": _lt(
        "%(name)s has no invoice lines, so there is nothing to book in Exact "
        "Online. Reset it to draft and add a line."
    ),
    "total": _lt(
        "The lines of %(name)s add up to %(lines)s, but its total is %(total)s, "
        "so the Exact Online entry would differ. Enter this invoice there manually."
    ),
    "vat_number": _lt(
        "%(number)s is not a valid VAT number for %(customer)s. Correct it on the "
        "contact."
    ),
    "customer_name": _lt(
        "The customer of this invoice has no name. Enter it on the contact."
    ),
    "customer_guid": _lt(
        "“%(guid)s” is not a valid Exact Online ID. Clear it on the contact "
        "%(customer)s, Invoicing tab, or enter it in lower case without braces."
    ),
    "match_open": _lt(
        "%(customer)s may already exist in Exact Online as %(account)s. Confirm the "
        "match in %(menu_customer_matching)s; the invoices of this customer wait until "
        "then."
    ),
    "possible_match": _lt(
        "%(customer)s may already exist in Exact Online. When the invoice is sent, "
        "you will be asked whether %(customer)s is %(account)s."
    ),
    "no_collective_customer": _lt(
        "The Exact Online customer for consumers such as %(customer)s no longer "
        "exists. Choose another one on the company, Exact Online tab, under "
        "Collective Customers for Consumers."
    ),
    "eu_listing": _lt(
        "%(customer)s has no VAT number, but Exact Online VAT code %(code)s "
        "requires one for the EU sales listing. Enter it on the contact, or choose "
        "another tax on the invoice."
    ),
    "eu_listing_exact": _lt(
        "%(customer)s has no VAT number in Exact Online, but VAT code %(code)s "
        "requires one for the EU sales listing. Enter it on the customer in Exact "
        "Online, or correct it on the contact."
    ),
    "no_rate": _lt(
        "%(currency)s has no exchange rate on %(date)s, the date of %(name)s. Enter "
        "it in %(menu_currencies)s, then reset the invoice to draft and confirm it "
        "again."
    ),
    "no_period": _lt(
        "Exact Online has no financial period for %(day)s, the accounting date of "
        "%(name)s. Click Book in First Open Period to book it in period %(open)s with "
        "the same invoice date, or create the financial year in Exact Online and click "
        "Refresh Lists on the company, Exact Online tab."
    ),
    "no_period_last": _lt(
        "Exact Online has no financial period for %(day)s, the accounting date of "
        "%(name)s. Create the financial year there, then click Refresh Lists on the "
        "company, Exact Online tab."
    ),
    "period_closed": _lt(
        "Financial period %(period)s of %(name)s is closed in Exact Online journal "
        "%(journal)s. Click Book in First Open Period to book it in period %(open)s "
        "with the same invoice date, or open period %(period)s in Exact Online and "
        "click Send to Exact again."
    ),
    "period_closed_last": _lt(
        "Financial period %(period)s of %(name)s is closed in Exact Online journal "
        "%(journal)s. Open the period there, then click Send to Exact again."
    ),
    "journal_currency": _lt(
        "Exact Online journal %(journal)s takes invoices in %(own)s only, and this one "
        "is in %(currency)s. Allow other currencies and exchange rates on the journal "
        "in Exact Online and click Refresh Lists on the company, or choose another "
        "journal."
    ),
    "journal_rate": _lt(
        "Exact Online journal %(journal)s does not take the exchange rate of an "
        "invoice in %(currency)s. Allow other exchange rates on the journal in Exact "
        "Online and click Refresh Lists on the company, or choose another journal."
    ),
    "cents": _lt(
        "Odoo and Exact Online round the conversion from %(foreign)s differently: "
        "Exact Online would book %(name)s at %(found)s (VAT "
        "%(found_vat)s), Odoo has %(total)s (VAT %(vat)s). Send it and click "
        "Book with Rounding Difference to accept this, allow such differences on the "
        "company, Exact Online tab, or enter the invoice manually in Exact Online."
    ),
    "rate_decimals": _lt(
        "Exact Online uses exchange rates of %(foreign)s with %(decimals)s decimals, "
        "too few for %(name)s, which needs %(rate)s: it would be booked at %(found)s "
        "(VAT %(found_vat)s), Odoo has %(total)s (VAT %(vat)s). Give the currency more "
        "decimals in Exact Online and click Refresh Lists on the company, or send the "
        "invoice and click Book with Rounding Difference."
    ),
}


def problem_texts(env, problems):
    """Return the sentence of each Problem."""
    return [_problem_text(env, problem) for problem in problems]


def _problem_text(env, problem):
    values = {name: shown(env, value) for name, value in problem.values.items()}
    return say(env, PROBLEMS[problem.kind], **values)


# === ERRORS === #

OUR_REFERENCE_OTHER_TOTAL = _lt(
    "Entry %(number)s in Exact Online journal %(journal)s has reference %(name)s "
    "but a different total: %(amount)s. Correct or delete it in Exact Online, then "
    "click Send to Exact again."
)
NUMBER_OF_ANOTHER = _lt(
    "Entry %(number)s in Exact Online journal %(journal)s is not %(name)s: it has "
    "reference “%(reference)s”, customer %(customer)s and total %(amount)s. %(fix)s"
)
NUMBER_OF_OUR_OTHER = _lt(
    "Entry %(number)s in Exact Online journal %(journal)s is the booking of %(other)s "
    "of %(company)s. %(fix)s"
)
CUSTOMER_UNCONFIRMED = _lt(
    "%(name)s waits until Odoo knows whether Exact Online has created the customer "
    "%(customer)s. No action is needed."
)
# After a look-up while Exact Online booked elsewhere.
NOT_FOUND_HERE = _lt(
    "The response from Exact Online for %(name)s was lost, and entry %(number)s was "
    "not found in division %(asked)s. It may be in division %(found)s, where Exact "
    "Online booked by mistake at that time. Delete it there if so, then click Send to "
    "Exact."
)
MISPLACED = _lt(
    "Exact Online booked %(name)s as entry %(number)s in division %(found)s instead of "
    "%(asked)s. Delete that entry in Exact Online, or move it to %(asked)s with its "
    "number and reference. Then an Exact Online manager clicks Resume Booking, and "
    "Odoo looks for the entry in %(asked)s before it sends the invoice again."
)
WAITS_FOR_RESUME = _lt(
    "%(name)s waits because Exact Online answered from division %(found)s instead of "
    "%(asked)s. An Exact Online manager has to check division %(found)s and click "
    "Resume Booking."
)
RESUMED = _lt(
    "Odoo looks for the entry of %(name)s in Exact Online before it sends the invoice "
    "again. No action is needed."
)
STOPPED = _lt(
    "Nothing is sent to Exact Online for %(company)s because it answered from division "
    "%(found)s instead of %(asked)s (%(what)s). Check what is in division %(found)s, "
    "delete or move it there, then click Resume Booking."
)
STOPPED_WHILE_LOST = _lt(
    "The response for %(name)s was lost, so its entry may be in division %(found)s, "
    "too."
)
INTERRUPTED = _lt(
    "Odoo was interrupted while sending %(name)s. It is checking whether the "
    "invoice reached Exact Online. No action is needed."
)
ERROR_LIMIT = _lt(
    "%(name)s waits until the next hour because Exact Online rejected %(count)s "
    "calls to %(resource)s in this hour. Meanwhile, fix the invoices that need "
    "attention."
)
BUG = _lt(
    "An internal error occurred in Odoo while booking %(name)s. Ask your "
    "administrator to check the server log, then click Send to Exact again."
)
WAITS_FOR_ORIGINAL = _lt(
    "%(name)s credits %(original)s, which is not booked in Exact Online yet. Book "
    "or cancel %(original)s first."
)


def stopped_text(connection, outbox=None):
    """Return why nothing is sent before a manager resumes.

    :param exact.connection connection: that is stopped.
    :param exact.outbox outbox: the booking that the sentence stands on, if any.
    """
    found = connection.misplaced
    env = outbox.env if outbox else connection.env
    what = f"{found['resource'].rpartition('/')[2]} {found['key']}".strip()
    company = connection.company_id.name
    values = {"asked": found["asked"], "found": found["found"]}
    sentences = [say(env, STOPPED, company=company, what=what, **values)]
    if outbox and outbox.state in ("sending", "unconfirmed"):
        sentences.append(booking_text(outbox, STOPPED_WHILE_LOST, found=found["found"]))
    return " ".join(sentences)


def booking_text(outbox, text, **values):
    """Return a sentence about a booking, which names its invoice."""
    return say(outbox.env, text, name=outbox.move_id.name, **values)


# === CUSTOMERS === #

# By what keeps an account from being booked on.
ACCOUNT_STATES = {
    "blocked": _lt("blocked in Exact Online"),
    "ended": _lt("inactive in Exact Online"),
    "supplier": _lt("a supplier only"),
    "prospect": _lt("a prospect"),
    "suspect": _lt("a suspect"),
    "other": _lt("not a customer yet"),
}


def account_state_text(env, account):
    """Return what keeps an account from being booked on; '' if nothing does.

    :param exact.account account:
    """
    return ", ".join(say(env, ACCOUNT_STATES[key]) for key in account._get_obstacles())


# === RESULTS AND NOTIFICATIONS === #

TITLE = _lt("Exact Online")
BOOKED_ONE = _lt("%(name)s is booked as %(number)s.")
BOOKED_FEW = _lt("%(count)s invoices are booked: %(names)s.")
BOOKED_AS = _lt("%(name)s as %(number)s")
BOOKED_MANY = _lt("%(count)s invoices are booked.")
FAILED_MANY = _lt(
    "%(count)s invoices could not be booked: %(names)s. Open them to see why."
)
PUSH_IS_OFF = _lt(
    "The scheduled action “%(name)s” is inactive, so no invoices are sent to Exact "
    "Online. Activate it in %(menu_scheduled_actions)s (developer mode)."
)
PUSH_IS_LATE = _lt(
    "The scheduled action “%(name)s” is more than half an hour late, so invoices "
    "are waiting. Ask your server administrator whether scheduled actions are "
    "running."
)
ALERT_INVOICE = _lt("Not booked in Exact Online")
ALERT_CUSTOMER = _lt("Customer to be matched with Exact Online")
ALERT_SAME_CAUSE = _lt("%(count)s invoices are waiting for the same reason.")
ALERT_RENAMED = _lt("Renamed after booking in Exact Online")
ALERT_RENAMED_TOO = _lt("%(count)s booked invoices have another number now.")
ALERT_DELETED = _lt("Deleted in Exact Online")
ALERT_DELETED_TOO = _lt(
    "%(count)s booked invoices no longer have an entry in Exact Online."
)
ALERT_DIFFERS = _lt("Changed in Exact Online")
ALERT_DIFFERS_TOO = _lt("%(count)s booked invoices differ from their entries.")
ALERT_MONTH = _lt("Differences with Exact Online")
ALERT_MONTH_DIFFERS = (
    _lt("The comparison of %(name)s with Exact Online found 1 difference."),
    _lt("The comparison of %(name)s with Exact Online found %(count)s differences."),
)
ALERT_MONTH_LINK = _lt("Show the comparison")
ALERT_LINK = _lt("Show invoices")
ALERT_CONNECTION = _lt("Exact Online: action required")
CONNECTION_EXPIRED = _lt(
    "The Exact Online connection of %(company)s has expired and its invoices are "
    "waiting. Click Connect to Exact Online on the company."
)
# How many names a sentence takes.
NAMES = 5


def results_text(env, booked, failed):
    """Return what became of bookings, one sentence each for the two kinds.

    :param exact.outbox booked, failed: of either kind, may be empty.
    """
    sentences = []
    if len(booked) == 1:
        number = booked.exact_number
        sentences.append(say(env, BOOKED_ONE, name=booked.move_id.name, number=number))
    elif booked:
        text = BOOKED_FEW if len(booked) <= NAMES else BOOKED_MANY
        names = ", ".join(
            say(env, BOOKED_AS, name=one.move_id.name, number=one.exact_number)
            for one in booked.sorted("id")[:NAMES]
        )
        sentences.append(say(env, text, count=len(booked), names=names))
    if len(failed) == 1:
        sentences.append(failed.error)
    elif failed:
        names = ", ".join(failed[:NAMES].move_id.mapped("name"))
        names += "…" if len(failed) > NAMES else ""
        sentences.append(say(env, FAILED_MANY, count=len(failed), names=names))
    return " ".join(sentences)


# === PDF === #

PDF_NO_RIGHT = _lt(
    "The PDF of %(name)s is not in Exact Online because the app lacks a right: "
    "%(reason)s. Grant it %(right)s in the Exact Online App Center, connect again "
    "and click Send PDF."
)
PDF_PORTAL_USER = _lt(
    "The PDF of %(name)s is not in Exact Online because the Exact Online user who "
    "connected is a portal user of an accountant. Ask your administrator to connect "
    "with a full user, then click Send PDF."
)
PDF_NOT_SHOWN = _lt(
    "The PDF of %(name)s is among the customer's documents in Exact Online, but is "
    "not linked to the entry: %(reason)s. Link it there manually, or fix the cause "
    "and click Send PDF."
)
PDF_DOCUMENT_EMPTY = _lt(
    "Exact Online rejected the PDF of %(name)s: %(reason)s. Its document exists "
    "there, but is empty. Attach the PDF to it manually, or fix the cause and click "
    "Send PDF."
)
PDF_REFUSED = _lt(
    "Exact Online rejected the PDF of %(name)s: %(reason)s. Attach it there "
    "manually, or fix the cause and click Send PDF."
)
PDF_TOO_LARGE = _lt(
    "The PDF of %(name)s is not in Exact Online because its size is %(size)s and "
    "the limit is %(limit)s. Attach a smaller one there manually."
)
PDF_UNREADABLE = _lt(
    "The PDF of %(name)s is not in Exact Online because its file is missing on the "
    "Odoo server. Ask your administrator to restore it, then click Send PDF."
)
PDF_WAITS = _lt(
    "The PDF of %(name)s is not in Exact Online yet because the last attempt "
    "failed. Odoo will retry automatically. No action is needed."
)
PDF_STUCK = _lt(
    "The PDF of %(name)s is not in Exact Online after %(count)s attempts because Exact "
    "Online was unavailable or its response was lost. Odoo retries every four hours. "
    "To retry now, click Send PDF."
)
PDF_WITHOUT_ENTRY = _lt(
    "The document %(name)s with the PDF of this invoice is already in Exact Online, "
    "without an entry. Delete it there manually. If the invoice is sent again, its "
    "new PDF is sent with it."
)


def pdf_refused_text(outbox, err, *, is_uploaded):
    """Return why Exact Online refused the PDF of a booking, and the fix.

    :param ExactRejected err: its messages are quoted as Exact Online wrote them.
    :param bool is_uploaded: the PDF is there, and only its link to the entry is not.
    """
    reason = quoted(outbox.env, err)
    if err.status == 403:
        right = OPTIONAL_RIGHTS[DOCUMENTS][0]
        return booking_text(outbox, PDF_NO_RIGHT, reason=reason, right=right)
    text = PDF_REFUSED
    if is_uploaded:
        text = PDF_NOT_SHOWN
    elif outbox.document_id.exact_guid and err.resource == ATTACHMENTS:
        text = PDF_DOCUMENT_EMPTY
    return booking_text(outbox, text, reason=reason)


def pdf_too_large_text(outbox, size):
    """Return that a PDF is too large.

    :param int size: in bytes.
    """
    limit = human_size(MAX_ATTACHMENT_BYTES)
    return booking_text(outbox, PDF_TOO_LARGE, size=human_size(size), limit=limit)


# === CONNECTION === #

# What an error means for the connection of a company: the first class that fits.
CONNECTION_ERRORS = {
    ExactConsentLost: _lt(
        "The Exact Online connection of %(company)s has expired. Click Connect to "
        "Exact Online on the company to connect again."
    ),
    ExactCodeSpent: _lt(
        "The authorization of Exact Online for %(company)s was already used or is "
        "older than three minutes. Click Connect to Exact Online on the company to try "
        "again. An existing connection is not affected."
    ),
    ExactStopped: _lt(
        "Nothing is sent to Exact Online for %(company)s because it answered from "
        "another division. An Exact Online manager has to check it and click Resume "
        "Booking."
    ),
    ExactBadCredentials: _lt(
        "Exact Online rejected the client ID or client secret of %(company)s. Compare "
        "both with the Exact Online App Center and enter the right ones on the "
        "company, Exact Online tab."
    ),
    ExactDivisionsRefused: _lt(
        "Exact Online does not let %(company)s read the list of divisions: %(reason)s. "
        "Ask the administrator of Exact Online to give the connected user access to "
        "the division, or enter its number on the company, field Division Number."
    ),
    ExactRejected: _lt(
        "Exact Online denied access for %(company)s: %(reason)s. Check the division "
        "and the rights of the Exact Online user who connected, who must be a full "
        "user and not a portal user."
    ),
    ExactRateLimited: _lt(
        "%(company)s has reached its Exact Online API limit, or all apps of its Exact "
        "Online contract together have (%(limit)s calls a day). Odoo will resume "
        "automatically; nothing is lost."
    ),
    ExactUntrusted: _lt(
        "Nothing is sent to Exact Online for %(company)s because its certificate could "
        "not be verified. Ask your server administrator to check the clock, the "
        "root certificates and the firewall of the server. Odoo will retry "
        "automatically; nothing is lost."
    ),
    ExactProxyFailed: _lt(
        "Nothing is sent to Exact Online for %(company)s because the proxy of the "
        "server does not connect to it. Ask your server administrator to check the "
        "proxy. Odoo will retry automatically; nothing is lost."
    ),
    ExactError: _lt(
        "Exact Online is currently unavailable for %(company)s. Odoo will retry "
        "automatically; nothing is lost."
    ),
}
# The same after a click, which nothing repeats.
BUTTON_ERRORS = {
    **CONNECTION_ERRORS,
    ExactRateLimited: _lt(
        "%(company)s has reached its Exact Online API limit. Wait a minute, then "
        "click the button again."
    ),
    ExactError: _lt(
        "Exact Online is currently unavailable for %(company)s. Wait a minute, then "
        "click the button again."
    ),
}
LISTS_NOT_FETCHED = _lt(
    "%(company)s is connected, but its lists could not be fetched: %(reason)s Click "
    "Refresh Lists on the company later."
)
CONSENT_REFUSED = _lt(
    "%(company)s was not connected because the request was declined in Exact "
    "Online. Click Connect to Exact Online to try again."
)
CONSENT_OF_ANOTHER = _lt(
    "This authorization was started more than an hour ago or by another user. Click "
    "Connect to Exact Online again."
)
CALLS_USED_UP = _lt("The Exact Online API limit has been reached.")
CALLS_BLOCKED = _lt(
    "Exact Online rejected %(count)s calls to %(resource)s in this hour, so no "
    "further calls are made. Fix the invoices that need attention first."
)
PAUSED_UNTIL = _lt("%(problem)s Resumes at %(until)s.")


def explain_connection(company, err):
    """Say in one sentence what an error means for the connection of a company."""
    return _error_text(company, err, CONNECTION_ERRORS)


def explain_button(company, err):
    """Say it to the user who clicked a button, which nothing repeats."""
    return _error_text(company, err, BUTTON_ERRORS)


def _error_text(company, err, texts):
    text = next(text for kind, text in texts.items() if isinstance(err, kind))
    return say(
        company.env,
        text,
        company=company.name,
        reason="; ".join(getattr(err, "messages", ())).rstrip("."),
        limit=formatLang(company.env, CALLS_PER_CONTRACT, digits=0),
    )


def explain_lists(company, err):
    """Say why a company that has just been connected has no lists yet."""
    reason = explain_connection(company, err)
    return say(company.env, LISTS_NOT_FETCHED, company=company.name, reason=reason)


def paused_until_text(env, problem, moment):
    """Add to the reason of a pause when it ends."""
    return say(env, PAUSED_UNTIL, problem=problem, until=shown_moment(env, moment))


# === COMPARISON === #

# By the names of `comparison.differences`.
LABELS = {
    "total": _lt("Total"),
    "total_dc": _lt("Total in company currency"),
    "vat": _lt("VAT"),
    "vat_dc": _lt("VAT in company currency"),
    "date": _lt("Date"),
    "period": _lt("Financial Period"),
    "journal": _lt("Journal"),
    "number": _lt("Entry Number"),
    "currency": _lt("Currency"),
    "customer": _lt("Customer"),
    "reference": _lt("Reference"),
}
LABELS_BY_CODE = {
    "base": _lt("Base for VAT code %(code)s"),
    "vat": _lt("VAT for VAT code %(code)s"),
    "gl": _lt("G/L account %(code)s"),
    "center": _lt("Cost centre %(code)s"),
    "unit": _lt("Cost unit %(code)s"),
    "base_dc": _lt("Base for VAT code %(code)s in company currency"),
    "vat_dc": _lt("VAT for VAT code %(code)s in company currency"),
    "gl_dc": _lt("G/L account %(code)s in company currency"),
}
LABELS_WITHOUT_CODE = {
    "center": _lt("No cost centre"),
    "unit": _lt("No cost unit"),
}
DIFFERENCE = _lt("%(label)s: %(ours)s in Odoo, %(theirs)s in Exact Online.")
CUSTOMER_DIFFERS = _lt(
    "Customer: in Exact Online the entry is booked to a different customer than "
    "%(customer)s."
)
PERIOD_DIFFERS = _lt(
    "Financial period: in Exact Online the entry is in period %(theirs)s instead of "
    "%(ours)s."
)
ENTRY_NOT_FOUND = _lt(
    "Entry %(number)s of %(name)s was not found in Exact Online when Odoo verified it. "
    "Click Check in Exact to see what stands in its place, then Book Again, Link to "
    "Entry or Leave."
)
UNCONFIRMED = _lt(
    "Exact Online did not return these details for the entry: %(names)s. Check the "
    "month in %(menu_comparison)s."
)


def differences_text(env, differences, customer):
    """Return a line for each difference from an entry in Exact Online, '' if none.

    :param list differences: as `comparison.differences` found them.
    :param res.partner customer: of the invoice.
    """
    sentences = []
    for what, ours, theirs in differences:
        values = {"ours": shown(env, ours), "theirs": shown(env, theirs)}
        if what == "customer":
            values = {"customer": customer.display_name}
            sentences.append(say(env, CUSTOMER_DIFFERS, **values))
        elif what == "period":
            sentences.append(say(env, PERIOD_DIFFERS, **values))
        else:
            label = difference_label(env, what)
            sentences.append(say(env, DIFFERENCE, label=label, **values))
    return "\n".join(sentences)


def booked_text(outbox, found, missing=()):
    """Return how an entry differs from the invoice of a booking, '' if it is equal.

    :param list found: as `comparison.differences` found them.
    :param list missing: what Exact Online does not return even when it is read.
    """
    env, customer = outbox.env, outbox.move_id.commercial_partner_id
    texts = (
        differences_text(env, found, customer),
        unconfirmed_text(env, missing),
    )
    return "\n".join(filter(None, texts))


def unconfirmed_text(env, names):
    """Return that Exact Online left something out of its answer; '' if nothing.

    :param list names: as `comparison.unconfirmed_fields` found them.
    """
    if not names:
        return ""
    return say(
        env, UNCONFIRMED, names=", ".join(difference_label(env, name) for name in names)
    )


def difference_label(env, what):
    """Return the name of a difference, see `comparison.differences`."""
    if isinstance(what, str):
        return env._(LABELS[what])
    kind, code = what
    if not code and kind in LABELS_WITHOUT_CODE:
        return say(env, LABELS_WITHOUT_CODE[kind])
    return say(env, LABELS_BY_CODE[kind], code=code)
