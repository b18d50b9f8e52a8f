"""What the add-on relies on at Exact Online: one table to judge a division by.

Each row is a fact that a judge of `division_evidence` looks for in recorded answers.
Where a division does otherwise, the row says what that means: INFO where the add-on
handles both ways, PROBLEM where it does not. Sections are those of the project's notes
on Exact's API. The rows about lists are made in `division_lists`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..exact_api import resources
from ..exact_api.const import CALLS_PER_DAY, CALLS_PER_MINUTE
from ..exact_api.recording import Evidence, Exchange
from . import division_evidence as see
from .division_fact import INFO, OK, PROBLEM, UNKNOWN, Fact, Outcome, _lt
from .division_lists import LISTS, list_fact, list_facts

# === SINGLE FACTS === #

_READ = [
    list_fact("me", resources.ME, "answers", "3.1", see.is_answered("me")),
    Fact(
        "me.division",
        "3.1",
        PROBLEM,
        see.has_current_division,
        _lt("current/Me returns the current division of the user, in a list of one."),
        _lt(
            "current/Me does not return the current division of the user, so Odoo "
            "cannot find the divisions when someone connects again."
        ),
    ),
    Fact(
        "current_divisions.answers",
        "3.1",
        INFO,
        see.is_answered("current_divisions"),
        _lt("The divisions can be listed from another division of the user."),
        _lt(
            "The divisions cannot be listed from the division that the Exact Online "
            "user has open: %(reason)s. Before someone connects again, open the "
            "chosen division in Exact Online."
        ),
    ),
    Fact(
        "me.free",
        "5.1",
        INFO,
        see.is_free,
        _lt("current/Me does not count towards the API limits."),
        _lt(
            "current/Me carries a count of API calls. Odoo uses the counts that "
            "Exact Online returns, so it stays within the limits."
        ),
    ),
    Fact(
        "me.type",
        "3.4",
        INFO,
        see.has_type_name("me", "Exact.Web.Api.Models.System.Me"),
        _lt("Records of current/Me carry the usual name of their type."),
        _lt(
            "Records of current/Me carry the type name %(name)s. Odoo does not use it."
        ),
    ),
    Fact(
        "entries.type",
        "3.4",
        INFO,
        see.has_type_name("entries", "Exact.Web.Api.Models.SalesEntry"),
        _lt("Sales entries carry the usual name of their type."),
        _lt("Sales entries carry the type name %(name)s. Odoo does not use it."),
    ),
    Fact(
        "headers.rates",
        "5.2",
        INFO,
        see.has_rate_headers,
        _lt("Exact Online says with every answer how many API calls are left."),
        _lt(
            "%(count)s of %(total)s answers do not say how many API calls are left. "
            "Odoo counts its own calls and assumes the usual limits."
        ),
    ),
    Fact(
        "headers.resets",
        "5.2",
        PROBLEM,
        see.has_resets_in_milliseconds,
        _lt("The API limits end at a time given in milliseconds."),
        _lt(
            "The API limits end at %(value)s, which is not a time in milliseconds. "
            "Odoo takes that time as past, and may exceed the limits."
        ),
    ),
    Fact(
        "headers.minute",
        "5.1",
        INFO,
        see.has_limits("X-RateLimit-Minutely-Limit", CALLS_PER_MINUTE),
        _lt("The limit is 60 API calls a minute."),
        _lt("The limit is %(limit)s API calls a minute. Odoo uses that limit."),
    ),
    Fact(
        "headers.day",
        "5.1",
        INFO,
        see.has_limits("X-RateLimit-Limit", CALLS_PER_DAY),
        _lt("The limit is 5,000 API calls a day."),
        _lt("The limit is %(limit)s API calls a day. Odoo uses that limit."),
    ),
    Fact(
        "headers.json",
        "3.2",
        INFO,
        see.is_json,
        _lt("Answers are marked as JSON."),
        _lt("Some answers are JSON without being marked so. Odoo reads them."),
    ),
    Fact(
        "layout.lines",
        "3.4",
        INFO,
        see.is_laid_out,
        _lt("Answers are indented."),
        _lt("Answers are not indented. Odoo handles both forms."),
    ),
    Fact(
        "layout.slashes",
        "3.4",
        INFO,
        see.has_escaped_slashes,
        _lt("Slashes of dates are escaped."),
        _lt("Slashes of dates are not escaped. Odoo handles both forms."),
    ),
    Fact(
        "lists.next",
        "3.4",
        PROBLEM,
        see.has_next_on_same_division,
        _lt("The next page of a list is in the same division."),
        _lt(
            "The next page of %(resource)s is on another address. Odoo does not follow "
            "it, so long lists stay incomplete."
        ),
    ),
    Fact(
        "lists.division",
        "3.4",
        PROBLEM,
        see.is_of_division,
        _lt("All records that are read are of the chosen division."),
        _lt(
            "%(resource)s returned records of division %(found)s. Nothing may be sent "
            "until Exact has explained why."
        ),
    ),
    Fact(
        "accounts.bare",
        "3.4",
        INFO,
        lambda evidence: _negate(see.is_wrapped("accounts")(evidence)),
        _lt("A list with a limit on its rows comes as a bare list."),
        _lt(
            "A list with a limit on its rows comes in “results”. Odoo handles both "
            "forms."
        ),
    ),
    Fact(
        "accounts.padded",
        "6.2",
        INFO,
        see.is_padded("accounts", "Code", 18),
        _lt("Customer codes are padded to 18 characters."),
        _lt("Customer codes are not padded. Odoo removes blanks, so it handles both."),
    ),
    Fact(
        "changed_accounts.status",
        "6.2",
        PROBLEM,
        see.is_one_of("changed_accounts", "Status", ("A", "S", "P", "C")),
        _lt("Customers have one of the four documented statuses."),
        _lt(
            "Exact Online returns the customer status %(values)s, which Odoo does not "
            "know. Such accounts are not recognized as customers."
        ),
    ),
    Fact(
        "vat_codes.padded",
        "6.7",
        INFO,
        see.is_padded("vat_codes", "Code", 3),
        _lt("VAT codes are padded to three characters."),
        _lt("VAT codes are not padded. Odoo removes blanks, so it handles both."),
    ),
    Fact(
        "vat_codes.fraction",
        "6.7",
        PROBLEM,
        see.is_fraction,
        _lt("VAT percentages are fractions, such as 0.21."),
        _lt(
            "A VAT percentage is %(value)s, which is not a fraction. Odoo would "
            "propose wrong VAT codes; choose them manually."
        ),
    ),
    Fact(
        "vat_codes.kinds",
        "6.7",
        PROBLEM,
        see.is_one_of("vat_codes", "Type", ("E", "I", "B", "N")),
        _lt("VAT codes have one of the four documented types."),
        _lt(
            "A VAT code has the type %(values)s, which Odoo does not know. Do not use "
            "such a code."
        ),
    ),
    Fact(
        "vat_codes.directions",
        "6.7",
        INFO,
        see.is_one_of("vat_codes", "VATTransactionType", ("B", "P", "S")),
        _lt("VAT codes are for sales, for purchases or for both."),
        _lt(
            "A VAT code has the transaction type %(values)s. Odoo does not propose "
            "such a code; you can choose it manually."
        ),
    ),
    Fact(
        "vat_codes.listings",
        "6.7",
        INFO,
        see.is_one_of("vat_codes", "EUSalesListing", ("L", "N", "S", "T")),
        _lt("VAT codes have a documented kind of EU sales listing."),
        _lt(
            "A VAT code has the EU sales listing %(values)s. Odoo does not propose "
            "such a code; you can choose it manually."
        ),
    ),
    Fact(
        "gl_accounts.costs",
        "6.5",
        PROBLEM,
        see.is_one_of("gl_accounts", "UseCostcenter", (0, 1, 2)),
        _lt("G/L accounts say with 0, 1 or 2 whether they require a cost centre."),
        _lt(
            "G/L accounts say with %(values)s whether they require a cost centre, "
            "which Odoo does not know. Exact Online may refuse invoices on them."
        ),
    ),
    Fact(
        "gl_accounts.flags",
        "3.5",
        INFO,
        see.is_never_null("gl_accounts", "Type", "UseCostcenter", "UseCostunit"),
        _lt("Numbers and flags of G/L accounts are never empty."),
        _lt("%(properties)s of G/L accounts can be empty. Odoo takes empty as 0."),
    ),
    Fact(
        "vat_codes.flags",
        "3.5",
        INFO,
        see.is_never_null("vat_codes", "Charged", "Percentage"),
        _lt("Numbers and flags of VAT codes are never empty."),
        _lt("%(properties)s of VAT codes can be empty. Odoo takes empty as 0."),
    ),
    Fact(
        "dates.midnight",
        "3.5",
        PROBLEM,
        see.is_at_midnight(
            ("periods", "StartDate"), ("periods", "EndDate"), ("entries", "EntryDate")
        ),
        _lt("Days come as midnight UTC."),
        _lt(
            "Days come with the time %(time)s UTC. Odoo may take them for the day "
            "before, and report false differences of the date."
        ),
    ),
    Fact(
        "entries.lines",
        "3.4",
        PROBLEM,
        see.has_lines,
        _lt("Sales entries can be read with their lines."),
        _lt(
            "Sales entries come without their lines, so the month-end comparison "
            "cannot check the VAT codes."
        ),
    ),
    Fact(
        "entries.comparable",
        "3.4",
        PROBLEM,
        see.has_readable_entries,
        _lt("The month-end comparison can read the sales entries."),
        _lt("The month-end comparison cannot read the sales entries of this division."),
    ),
]

_BOOK = [
    Fact(
        "refusal.refused",
        "4.1",
        PROBLEM,
        see.is_refused,
        _lt("An entry without a customer is refused with a reason."),
        _lt(
            "An entry without a customer was answered with %(reason)s. Odoo may take a "
            "refusal for a lost answer, and look up the entry again and again."
        ),
    ),
    Fact(
        "refusal.status",
        "4.2",
        INFO,
        see.has_finding_status,
        _lt("Refusals of the bookkeeping have status 500."),
        _lt(
            "Refusals of the bookkeeping have status %(status)s. Odoo handles both; "
            "with 400 they count towards the limit of errors an hour."
        ),
    ),
    Fact(
        "refusal.known",
        "4.3",
        INFO,
        see.is_recognized,
        _lt("Odoo recognizes the text of a refusal."),
        _lt(
            "Odoo does not recognize the refusal “%(finding)s” and shows such texts "
            "without a fix."
        ),
    ),
    Fact(
        "refusal.overlong",
        "6.16",
        INFO,
        see.is_overlong_refused,
        _lt("Texts that are too long are refused."),
        _lt(
            "Texts that are too long are not refused. Odoo cuts them before it sends "
            "them, so nothing changes."
        ),
    ),
    Fact(
        "book.booked",
        "6.10",
        PROBLEM,
        see.is_booked,
        _lt("A sales entry can be booked."),
        _lt("The test entry could not be booked: %(reason)s."),
    ),
    Fact(
        "book.division",
        "3.4",
        PROBLEM,
        see.is_in_division,
        _lt("The entry is booked in the division that Odoo asked for."),
        _lt(
            "The test entry was booked in division %(found)s instead of %(asked)s. "
            "Disconnect, and ask Exact for an explanation before any invoice is sent."
        ),
    ),
    Fact(
        "book.total",
        "6.10",
        PROBLEM,
        see.has_total,
        _lt("The answer to a booking contains the total with VAT."),
        _lt(
            "The test entry came to %(found)s instead of %(total)s. Amounts may differ "
            "from Odoo; compare with Exact Online after the first invoices."
        ),
    ),
    Fact(
        "book.number",
        "6.10",
        PROBLEM,
        see.is_number_whole,
        _lt("The answer to a booking contains the entry number."),
        _lt(
            "The answer to a booking does not contain the entry number, so it cannot "
            "be shown on invoices."
        ),
    ),
    Fact(
        "book.vat",
        "3.4",
        INFO,
        see.has_vat_null,
        _lt("The answer to a booking leaves its VAT amounts empty."),
        _lt(
            "The answer to a booking contains its VAT amounts. Odoo handles both, and "
            "verifies the VAT at once."
        ),
    ),
    Fact(
        "book.lines",
        "3.4",
        INFO,
        see.has_lines_deferred,
        _lt("The answer to a booking does not contain the lines."),
        _lt(
            "The answer to a booking contains the lines. Odoo handles both, and "
            "verifies them at once."
        ),
    ),
    Fact(
        "book.guid",
        "0",
        INFO,
        lambda evidence: _negate(see.keeps_guid(evidence)),
        _lt("Exact Online chooses the ID of an entry."),
        _lt("Exact Online keeps an ID that Odoo chooses. Odoo does not rely on it."),
    ),
    Fact(
        "book.numbering",
        "6.10",
        INFO,
        see.has_default_number,
        _lt("Exact Online numbers entries by year, journal and sequence."),
        _lt(
            "Exact Online numbered the test entry %(number)s. Invoices get the number "
            "of Odoo; make sure that the two ranges do not overlap."
        ),
    ),
    Fact(
        "read_back.found",
        "6.10",
        PROBLEM,
        see.is_read_back,
        _lt("A booked entry can be read back."),
        _lt(
            "The test entry could not be read back: %(reason)s. Odoo would not find an "
            "entry whose answer was lost."
        ),
    ),
    Fact(
        "read_back.equal",
        "6.10",
        PROBLEM,
        see.is_equal,
        _lt("The booked entry is equal to what Odoo sent, VAT included."),
        _lt(
            "The booked entry differs from what Odoo sent: %(differences)s. Invoices "
            "would show the same differences."
        ),
    ),
    Fact(
        "read_back.description",
        "6.16",
        INFO,
        see.keeps_description,
        _lt("The description is stored unchanged."),
        _lt("The description is changed by Exact Online. Odoo does not rely on it."),
    ),
    Fact(
        "read_back.period",
        "6.6",
        INFO,
        see.has_period_of_date,
        _lt("The financial period is the month of the entry date."),
        _lt(
            "The entry is in period %(found)s, which is not the month of its date. "
            "Odoo leaves the choice of the period to Exact Online."
        ),
    ),
    Fact(
        "change.changed",
        "3.7",
        INFO,
        see.is_changed,
        _lt("A booked entry can be changed."),
        _lt(
            "A booked entry could not be changed: %(reason)s. PDFs are linked by the "
            "document instead."
        ),
    ),
    Fact(
        "change.record",
        "3.2",
        INFO,
        see.returns_changed,
        _lt("A change is answered with the record."),
        _lt("A change is answered without the record. Odoo handles both."),
    ),
    Fact(
        "delete.deleted",
        "6.10",
        PROBLEM,
        see.is_deleted,
        _lt("A booked entry can be deleted."),
        _lt("The test entry could not be deleted: %(reason)s."),
    ),
    Fact(
        "delete.gone",
        "6.10",
        PROBLEM,
        see.is_gone,
        _lt("A deleted entry is no longer found."),
        _lt(
            "The test entry is still found after it was deleted. Delete it manually in "
            "Exact Online."
        ),
    ),
]


def _negate(verdict: Any) -> Any:
    return None if verdict is None else not verdict


FACTS: tuple[Fact, ...] = (
    *(fact for step in LISTS for fact in list_facts(step)),
    *_READ,
    *_BOOK,
)

# === JUDGING === #

# Characters of a value in a sentence.
LONGEST = 300


def judge(exchanges: Iterable[Exchange]) -> list[Outcome]:
    """Judge every fact of the table by what was recorded."""
    evidence = Evidence(exchanges)
    return [_outcome(fact, evidence) for fact in FACTS]


def _outcome(fact: Fact, evidence: Evidence) -> Outcome:
    verdict = fact.judge(evidence)
    holds, values = verdict if isinstance(verdict, tuple) else (verdict, {})
    if holds is None:
        result = UNKNOWN
    else:
        result = OK if holds else fact.weight
    shown = {name: _shorten(value) for name, value in values.items()}
    return Outcome(fact, result, {**fact.values, **shown})


def _shorten(value: Any) -> Any:
    """Make of what a division returned, at any length, what a sentence can hold."""
    if not isinstance(value, str):
        return value
    # No database stores half a character, or a NUL.
    clean = "".join(letter if letter.isprintable() else " " for letter in value)
    return f"{clean[:LONGEST]}…" if len(clean) > LONGEST else clean
