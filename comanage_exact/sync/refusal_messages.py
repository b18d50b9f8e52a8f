"""What Exact Online refused, and what a person has to change."""

from odoo.tools.translate import LazyTranslate

from ..exact_api import refusals
from ..exact_api.resources import ACCOUNTS
from ..mappers.sales_entry import SalesEntryMapper
from . import messages, number_messages

_lt = LazyTranslate(__name__)

REFUSED_TOO = _lt(
    "%(name)s was not sent because Exact Online has just rejected %(others)s for a "
    "reason that applies to it as well. Fix %(others)s first; %(name)s follows "
    "automatically once one of them is booked."
)

# What a person has to change, by the kind of a refusal.
FIX_BY_REFUSAL = {
    # In Exact Online.
    refusals.FINANCIAL_YEAR: _lt(
        "Create the financial year for this date in Exact Online, then click Send "
        "to Exact again."
    ),
    refusals.PERIOD_CLOSED: _lt(
        "Open the period in Exact Online, or give the invoice a date in an open "
        "period, then click Send to Exact again."
    ),
    refusals.CUSTOMER_TYPE: _lt(
        "Set the status to Customer in Exact Online, then click Send to Exact again."
    ),
    refusals.RATE_NOT_ALLOWED: _lt(
        "Allow other currencies and rates on the journal in Exact Online, or choose "
        "another journal, then click Send to Exact again."
    ),
    refusals.RECEIVABLE_ACCOUNT: _lt(
        "Set the receivables account of the sales journal on the customer in Exact "
        "Online, then click Send to Exact again."
    ),
    refusals.PROCESSED: _lt(
        "Exact Online has already processed it. Ask your accountant to check it there."
    ),
    refusals.VAT_ACCOUNT: _lt(
        "In Exact Online, the G/L account of this VAT code has the wrong type. Ask "
        "your accountant to correct it there, then click Send to Exact again."
    ),
    refusals.EXISTS: _lt(
        "Exact Online already has a record with this code. Look for it there and "
        "correct or delete it, then click Send to Exact again."
    ),
    refusals.PORTAL_USER: _lt(
        "The Exact Online user who connected is a portal user of an accountant, who "
        "may not book. Ask your administrator to connect with a full Exact Online "
        "user, then click Send to Exact again."
    ),
    refusals.WRONG_DIVISION: _lt(
        "The Exact Online user who connected has no access to this division. Ask the "
        "administrator of Exact Online for it, or choose another division on the "
        "company, Exact Online tab, then click Send to Exact again."
    ),
    refusals.DIVISION_BLOCKED: _lt(
        "The division is blocked in Exact Online, for example during a backup or a "
        "conversion. Click Send to Exact again once it is open."
    ),
    refusals.SCOPE: _lt(
        "The app lacks this right. Ask your administrator to select it for the app in "
        "the Exact Online App Center and to connect again, then click Send to Exact "
        "again."
    ),
    refusals.USER_BLOCKED: _lt(
        "The Exact Online user who connected is blocked or inactive. Ask the "
        "administrator of Exact Online to activate it, or connect with another user, "
        "then click Send to Exact again."
    ),
    refusals.LICENCE: _lt(
        "The Exact Online licence is blocked or has expired. Ask the administrator of "
        "Exact Online to renew it, then click Send to Exact again."
    ),
    refusals.RIGHTS: _lt(
        "The Exact Online user who connected lacks the right, or the licence lacks the "
        "module. Ask the administrator of Exact Online for it, then click Send to "
        "Exact again."
    ),
    # In Odoo.
    refusals.PAYMENT_CONDITION: _lt(
        "Neither the invoice nor the Exact Online customer has a payment condition. "
        "Choose one in %(menu_payment_conditions)s or on the company, Exact Online "
        "tab, then click Send to Exact again."
    ),
    refusals.VAT_DIRECTION: _lt(
        "The Exact Online VAT code of the tax is for purchases. Choose a code for "
        "sales on the tax, then click Send to Exact again."
    ),
    refusals.COSTS: _lt(
        "Choose a cost centre or cost unit on the company, Exact Online tab, or link "
        "it to the G/L account in Exact Online, then click Send to Exact again."
    ),
    refusals.JOURNAL: _lt(
        "Choose a sales journal on the company, Exact Online tab, or on the "
        "journal, then click Send to Exact again."
    ),
    refusals.GL_TYPE: _lt(
        "Choose a revenue account as the Exact Online G/L account, on the line's "
        "account or on the company, then click Send to Exact again."
    ),
    refusals.VAT_NOT_ALLOWED: _lt(
        "Choose another Exact Online VAT code on the tax, or allow VAT on the G/L "
        "account in Exact Online, then click Send to Exact again."
    ),
    refusals.VAT_WITHOUT_VAT: _lt(
        "The tax has an Exact Online VAT code without VAT. Choose another one on "
        "the tax, then click Send to Exact again."
    ),
    refusals.REFERENCE: _lt(
        "Something chosen in Odoo no longer exists in Exact Online. Click Refresh "
        "Lists on the company, Exact Online tab, choose again what is missing "
        "there, then click Send to Exact again."
    ),
    refusals.MANDATORY: _lt(
        "Enter what is missing, here or in Exact Online, then click Send to Exact "
        "again."
    ),
    refusals.UNBALANCED: _lt(
        "Exact Online rejected the entry as unbalanced. Ask your administrator to "
        "report it together with the API calls listed on the booking."
    ),
    refusals.REQUEST: _lt(
        "Exact Online could not process the request, because of an error in the add-on "
        "or a new version of Exact Online. Ask your administrator to report it "
        "together with the API calls listed on the booking."
    ),
}
PERIOD_REFUSED = _lt(
    "Exact Online rejected %(name)s in financial period %(period)s: %(reason)s. Click "
    "Book in First Open Period to book it in period %(open)s with the same invoice "
    "date, or open period %(period)s in Exact Online, then click Send to Exact again."
)
PERIOD_REFUSED_LAST = _lt(
    "Exact Online rejected %(name)s in financial period %(period)s: %(reason)s. Open "
    "the period in Exact Online, then click Send to Exact again."
)
# Where only the text of the refusal helps.
FIX_CUSTOMER = _lt("Correct the contact, then click Send to Exact again.")
FIX_INVOICE = _lt("Fix the cause, then click Send to Exact again.")
CUSTOMER_REFUSED = _lt(
    "Exact Online rejected the customer %(customer)s: %(reason)s. %(fix)s"
)
INVOICE_REFUSED = _lt("Exact Online rejected %(name)s: %(reason)s. %(fix)s")


def refusal_text(outbox, err):
    """Return what Exact Online refused of a booking, and the fix.

    :param ExactRejected err: its messages are quoted as Exact wrote them.
    """
    env, reason = outbox.env, messages.quoted(outbox.env, err)
    kind = refusals.classify(err.messages)
    fix = FIX_BY_REFUSAL.get(kind)
    if err.resource == ACCOUNTS:
        return messages.say(
            env,
            CUSTOMER_REFUSED,
            customer=outbox.partner_id.display_name,
            reason=reason,
            fix=messages.say(env, fix or FIX_CUSTOMER),
        )
    if kind == refusals.NUMBER_TAKEN and outbox.request:
        fix = number_messages.cure_text(outbox)
    else:
        fix = messages.say(env, fix or FIX_INVOICE)
    return messages.booking_text(outbox, INVOICE_REFUSED, reason=reason, fix=fix)


def period_refusal_text(outbox, err):
    """Return in which period Exact Online refused a booking, and which may be open.

    :param ExactRejected err: about a period of the fetched list.
    """
    mapper = SalesEntryMapper(outbox.move_id)
    text = PERIOD_REFUSED if mapper.open_period else PERIOD_REFUSED_LAST
    return messages.booking_text(
        outbox,
        text,
        reason=messages.quoted(outbox.env, err),
        period=mapper.period.code,
        open=mapper.open_period.code,
    )
