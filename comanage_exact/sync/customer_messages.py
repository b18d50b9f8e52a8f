"""Sentences about customers: matched, linked, and what Exact rejected of them."""

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

from ..mappers.account_search import AccountSearch
from .messages import account_state_text, say

_lt = LazyTranslate(__name__)

# By a reason of `matching.Verdict`.
REASONS = {
    "establishment": _lt("same establishment number"),
    "vat": _lt("same VAT number"),
    "registry": _lt("same company number"),
    "code": _lt("same customer number"),
    "email": _lt("same e-mail"),
    "name": _lt("same name"),
    "similar_name": _lt("similar name"),
    "street": _lt("same street"),
    "postcode": _lt("same postcode"),
    "city": _lt("same city"),
}
# By a doubt of it.
DOUBTS = {
    "taken": _lt("already linked to another contact"),
    "vat": _lt("another VAT number"),
    "registry": _lt("another company number"),
    "establishment": _lt("another establishment"),
    "part": _lt("another department"),
    "country": _lt("another country"),
    "name": _lt("another name"),
    "form": _lt("another legal form"),
    "place": _lt("another place"),
    "email": _lt("another e-mail"),
}
# By a property of crm/Accounts.
PROPERTIES = {
    "Name": _lt("Name"),
    "VATNumber": _lt("VAT Number"),
    "ChamberOfCommerce": _lt("Company Number"),
    "Email": _lt("E-mail"),
    "AddressLine1": _lt("Street"),
    "AddressLine2": _lt("Street 2"),
    "Postcode": _lt("Postcode"),
    "City": _lt("City"),
    "Country": _lt("Country"),
    "Phone": _lt("Phone"),
    "Language": _lt("Language"),
    "PaymentConditionSales": _lt("Payment Condition"),
    "PeppolIdentifier": _lt("Peppol ID"),
    "PeppolIdentifierType": _lt("Peppol ID"),
    "Code": _lt("Customer Number"),
    "Status": _lt("Status"),
}
IN_ODOO = _lt("Odoo")
IN_EXACT = _lt("Exact Online")
# On the contact; its invoices are booked nevertheless.
NOT_ACCEPTED = _lt(
    "Exact Online did not accept this of %(customer)s: %(fields)s (%(reason)s). "
    "Correct it here; it is sent again with the next invoice. Invoices are booked "
    "nevertheless."
)
NUMBER_IN_USE = _lt(
    "Customer number %(number)s of %(customer)s is already used in Exact Online, so "
    "Exact Online assigned another one. Change the reference here, or the number in "
    "Exact Online."
)
# After a decision at the match desk.
LINKED = _lt("%(customer)s is linked to %(account)s. %(waiting)s")
CREATED_NEXT = _lt("%(customer)s will be created in Exact Online. %(waiting)s")
NONE_WAITING = _lt("No invoice is waiting.")
INVOICES_GO = _lt("%(count)s waiting invoice(s) will be booked now.")


def reasons_text(env, partner, account):
    """Return what an account has in common with a contact, and what is special of it.

    :param res.partner partner: in the company that owns the connection.
    :param exact.account account:
    """
    verdict = AccountSearch(partner).judge(account)
    found = [say(env, REASONS[key]) for key in verdict.reasons]
    # Where a name is the same, a similar one goes without saying.
    state = account_state_text(env, account)
    return _sentence([*found, state] if state else found)


def doubts_text(env, partner, account):
    """Return what speaks against an account being a contact; '' if nothing."""
    verdict = AccountSearch(partner).judge(account)
    return _sentence([say(env, DOUBTS[key]) for key in verdict.doubts])


def _sentence(parts):
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def difference_html(env, rows):
    """Return a table of what differs.

    :param list rows: (property, in Odoo, in Exact) each.
    """
    head = Markup("<tr><th></th><th>%s</th><th>%s</th></tr>") % (
        say(env, IN_ODOO),
        say(env, IN_EXACT),
    )
    body = Markup().join(
        Markup("<tr><th>%s</th><td>%s</td><td>%s</td></tr>")
        % (say(env, PROPERTIES[name]), ours, theirs or "–")
        for name, ours, theirs in rows
    )
    return Markup("<table class='table table-sm w-auto mb-0'>%s%s</table>") % (
        head,
        body,
    )


def not_accepted_text(partner, names, reasons):
    """Return what Exact Online did not accept of a customer, and the fix.

    :param names: properties of crm/Accounts.
    :param list reasons: as Exact Online wrote them.
    """
    env = partner.env
    labels = dict.fromkeys(
        say(env, PROPERTIES[name]) for name in PROPERTIES if name in names
    )
    return say(
        env,
        NOT_ACCEPTED,
        customer=partner.display_name,
        fields=", ".join(labels),
        reason="; ".join(dict.fromkeys(text.rstrip(".") for text in reasons)),
    )


def number_in_use_text(partner, number):
    """Return that another customer of Exact Online has the number of a contact."""
    values = {"customer": partner.display_name, "number": number}
    return say(partner.env, NUMBER_IN_USE, **values)


def decided_text(match, text, **values):
    """Return what follows from a decision at the match desk."""
    env, count = match.env, match.waiting_count
    waiting = say(env, INVOICES_GO, count=count) if count else say(env, NONE_WAITING)
    customer = match.partner_id.display_name
    return say(env, text, customer=customer, waiting=waiting, **values)
