"""The mail digest: how the bookings of a company went, mailed to who wants to know."""

from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from odoo import fields
from odoo.tools import format_date, format_datetime, formatLang

from ..booking.digest_period import DAILY, last_period
from ..const import ACCOUNTANTS, CRON_DIGEST, USERS
from . import digest_messages
from .figures import Figures
from .health import Health
from .isolation import has_worked, is_time_over, isolated
from .messages import say
from .scheduled_actions import wake

TEMPLATE = "comanage_exact.exact_digest_mail"
LAYOUT = "mail.mail_notification_light"
BOOKINGS = "comanage_exact.exact_outbox_action"
OVERVIEW = "comanage_exact.exact_overview_action"
FIX = "comanage_exact.exact_fix_action"
# A mail has room for so many; the list has them all.
MOST_CAUSES = 8
# How long it is known whom a digest was mailed to; no period is longer than a week.
KEPT = timedelta(days=60)
# When one is tried again that could not be written.
RETRY_AFTER = timedelta(hours=1)


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
        is_retried = False
        for company, user, period in due:
            if is_time_over(self.env) and has_worked(self.env):
                cron._commit_progress(remaining=left)
                return
            is_done = False
            with isolated(user):
                if self.mailings._claim(company, user, period.last):
                    Digest(company, user, period).mail()
                is_done = True
            is_retried |= not is_done
            left -= 1
            if not cron._commit_progress(1, remaining=left):
                return
        if is_retried:
            # Tomorrow it would be about another day.
            wake(self.env, CRON_DIGEST, fields.Datetime.now() + RETRY_AFTER)
        limit = fields.Date.today() - KEPT
        self.mailings.search([("last_day", "<", limit)]).unlink()

    def _find_due(self):
        """Return (company, user, period) of what was not mailed yet."""
        due = []
        for company in self.env["res.company"].search([("exact_digest", "!=", False)]):
            if not _is_used(company):
                continue
            done = self.mailings._find_done(company)
            for user in find_readers(company):
                # A day that is not over where the reader lives is no whole one.
                today = fields.Date.context_today(
                    self.mailings.with_context(tz=user.tz)
                )
                period = last_period(company.exact_digest, today)
                is_wanted = company.exact_digest_since <= period.last
                if is_wanted and (user, period.last) not in done:
                    due.append((company, user, period))
        return due


def _is_used(company):
    """Tell whether a company books here: a copy of the database tells nothing."""
    connection = company.exact_connection_id
    return connection and connection._get_state() != "copied"


def find_readers(company):
    """Return who gets the digest of a company: those chosen, else the accountants.

    Each of them may still read it, and has an address.

    :param res.company company: as superuser.
    """
    # Who was chosen and left is replaced by nobody.
    chosen = company.with_context(active_test=False).exact_digest_user_ids
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
        # Of branches whose books the reader may not see nothing is told.
        members = self.company._exact_get_members() or self.company
        self.members = members & user.company_ids.with_env(self.env)
        self.health = Health(self.company, Figures(self.company, members=self.members))

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
    def overview_url(self):
        """The address of the Overview, where each number leads to its list."""
        return self.url(OVERVIEW)

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
