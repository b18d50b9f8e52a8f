"""The mail digest: how the bookings of a company went, mailed to who wants to know."""

from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from odoo import fields
from odoo.tools import format_date, format_datetime, formatLang

from ..booking.digest_period import DAILY, last_period
from ..const import ACCOUNTANTS, USERS
from . import digest_messages
from .health import Health
from .isolation import has_worked, is_time_over, isolated
from .messages import say

TEMPLATE = "comanage_exact.exact_digest_mail"
LAYOUT = "mail.mail_notification_light"
BOOKINGS = "comanage_exact.exact_outbox_action"
PROBLEMS = "comanage_exact.exact_outbox_problem_action"
MATCHES = "comanage_exact.exact_match_action"
REVIEW = "comanage_exact.exact_outbox_review_action"
OVERVIEW = "comanage_exact.exact_overview_action"
FIX = "comanage_exact.exact_fix_action"
# A mail has room for so many; the list has them all.
MOST_CAUSES = 8
# How long it is known whom a digest was mailed to; no period is longer than a week.
KEPT = timedelta(days=60)


class DigestRun:
    """The scheduled action: mails each digest that is due to each of its readers.

    A mail and the note that it was made are stored together, so that a run which ends
    half-way leaves the others to the next one, and nothing is mailed twice.
    """

    def __init__(self, env):
        self.env = env(su=True)
        self.mailings = self.env["exact.digest.mailing"]

    def run(self):
        due = self._find_due()
        cron, left = self.env["ir.cron"], len(due)
        for company, user, period in due:
            if is_time_over(self.env) and has_worked(self.env):
                cron._commit_progress(remaining=left)
                return
            with isolated(user):
                if self.mailings._claim(company, user, period.last):
                    Digest(company, user, period).mail()
            left -= 1
            if not cron._commit_progress(1, remaining=left):
                return
        limit = fields.Date.today() - KEPT
        self.mailings.search([("last_day", "<", limit)]).unlink()

    def _find_due(self):
        """Return (company, user, period) of what was not mailed yet."""
        due = []
        for company in self.env["res.company"].search([("exact_digest", "!=", False)]):
            period = last_period(company.exact_digest, fields.Date.today())
            if not _has_news_to_tell(company, period):
                continue
            done = self.mailings.search(
                [("company_id", "=", company.id), ("last_day", "=", period.last)]
            ).user_id
            due += [(company, user, period) for user in find_readers(company) - done]
        return due


def _has_news_to_tell(company, period):
    """Tell whether a company books here, and wanted a digest in those days."""
    connection = company.exact_connection_id
    # A copy of the database tells nothing of the books.
    is_used = connection and connection._get_state() != "copied"
    return is_used and company.exact_digest_since <= period.last


def find_readers(company):
    """Return who gets the digest of a company: those chosen, else the accountants.

    Each of them may still read it, and has an address.

    :param res.company company: as superuser.
    """
    chosen = company.exact_digest_user_ids
    users = chosen or company.env.ref(ACCOUNTANTS).all_user_ids
    return users.filtered(
        lambda user: (
            user.active
            and user.email
            and user.has_group(USERS)
            and company in user.company_ids
        )
    ).sorted("id")


class Digest:
    """What one reader is told of one company, in the reader's language and time.

    :param res.company company: that has the connection, as superuser.
    :param Period period: the days that it is about.
    """

    def __init__(self, company, user, period):
        self.user = user
        reader = company.with_context(lang=user.lang, tz=user.tz or "UTC")
        self.env = reader.with_company(company).env
        self.company = company.with_env(self.env)
        self.period = period
        self.health = Health(self.company)
        self.members = self.company._exact_get_members() or self.company

    def mail(self):
        """Queue the mail; on a day without anything to say there is none."""
        if self.company.exact_digest == DAILY and not self.has_news:
            return
        self.env["mail.mail"].create(
            {
                "subject": self.subject,
                "body_html": self.render(),
                "email_from": self.company.email_formatted or self.user.email_formatted,
                "email_to": self.user.email_formatted,
                "author_id": self.env.ref("base.partner_root").id,
                "auto_delete": True,
            }
        )

    def render(self):
        """Return the mail as HTML."""
        body = self.env["ir.qweb"]._render(TEMPLATE, {"digest": self})
        return self.env["mail.render.mixin"]._render_encapsulate(
            LAYOUT, body, context_record=self.company
        )

    @property
    def has_news(self):
        health = self.health
        counts = (
            self.booked_count,
            health.waiting_count,
            health.attention_count,
            health.customer_count,
            health.difference_count,
        )
        return any(counts) or bool(self.problems)

    # === TEXTS === #

    @property
    def subject(self):
        attention = self.health.attention_count + self.health.customer_count
        text = (
            digest_messages.SUBJECT_ATTENTION if attention else digest_messages.SUBJECT
        )
        return say(
            self.env,
            text,
            company=self.company.name,
            days=self.days,
            booked=self.booked_count,
            attention=attention,
        )

    @property
    def days(self):
        first, last = (format_date(self.env, day) for day in self.period)
        return first if first == last else f"{first} – {last}"

    @cached_property
    def problems(self):
        """Why nothing is booked, or why too much waits; nothing where all is well."""
        health = self.health
        found = [health.overdue_problem or health.login_problem or health.push_problem]
        return [text for text in found if text]

    @property
    def amounts(self):
        """What was booked in the period: a text for each company currency."""
        return ", ".join(
            formatLang(self.env, amount, currency_obj=currency)
            for currency, (_count, amount) in self._booked.items()
        )

    @property
    def next_at(self):
        moment = self.health.next_at
        return moment and format_datetime(self.env, moment, dt_format="short")

    # === FIGURES === #

    @property
    def booked_count(self):
        return sum(count for count, _amount in self._booked.values())

    @cached_property
    def _booked(self):
        """{currency: (count, amount)} of the invoices booked in the period."""
        start, end = self._moments
        groups = self.env["account.move"]._read_group(
            [
                ("company_id", "in", self.members.ids),
                ("exact_outbox_id.state", "=", "sent"),
                ("exact_outbox_id.synced_at", ">=", start),
                ("exact_outbox_id.synced_at", "<", end),
            ],
            ["company_id"],
            ["__count", "amount_total_signed:sum"],
        )
        booked = {}
        for company, count, amount in groups:
            before = booked.get(company.currency_id, (0, 0))
            booked[company.currency_id] = (before[0] + count, before[1] + amount)
        return booked

    @property
    def _moments(self):
        """When the period begins and ends, naive UTC."""
        zone = self.env.tz
        for day in (self.period.first, self.period.after):
            local = zone.localize(datetime.combine(day, time.min))
            yield local.astimezone(UTC).replace(tzinfo=None)

    @cached_property
    def causes(self):
        """[(text, count, link to the fix)] of what needs attention, most first."""
        groups = self.env["exact.outbox"]._read_group(
            [
                ("company_id", "in", self.members.ids),
                ("status", "in", ("failed", "misplaced")),
            ],
            ["problem_group"],
            ["__count", "id:min"],
            order="__count desc, problem_group",
            limit=MOST_CAUSES,
        )
        return [
            (cause or self._name_cause(first_id), count, self._fix_url(first_id))
            for cause, count, first_id in groups
        ]

    def _name_cause(self, outbox_id):
        """Return what a booking in another division says: it is in no group."""
        return self.env["exact.outbox"].browse(outbox_id).error or ""

    # === LINKS === #

    @property
    def bookings_url(self):
        return self.url(BOOKINGS)

    @property
    def problems_url(self):
        return self.url(PROBLEMS)

    @property
    def matches_url(self):
        return self.url(MATCHES)

    @property
    def review_url(self):
        return self.url(REVIEW)

    @property
    def overview_url(self):
        """The address of the Overview; None where it is not there."""
        found = self.env.ref(OVERVIEW, raise_if_not_found=False)
        return found and self.url(OVERVIEW)

    @property
    def setup_url(self):
        setup = self.env["exact.setup"]._get_or_create(self.company)
        action = "comanage_exact.exact_setup_fix_action"
        return f"{self._base_url}/odoo/exact.setup/{setup.id}/action-{action}"

    def _fix_url(self, outbox_id):
        return f"{self._base_url}/odoo/exact.outbox/{outbox_id}/action-{FIX}"

    def url(self, action):
        return f"{self._base_url}/odoo/action-{action}"

    @property
    def _base_url(self):
        return self.company.get_base_url()
