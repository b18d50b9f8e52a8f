"""The Overview: how the bookings of the selected companies go, at a glance.

Each number comes with the domain of its list, so that the two are always equal. Counted
is what the reader may see.
"""

from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from odoo import fields
from odoo.tools import format_date, format_datetime, format_time, formatLang

from . import figures as counting
from . import overview_messages, setup_messages
from .figures import Figures, get_difference_domain
from .health import DANGER, INFO, SUCCESS, WARNING, Health
from .messages import say

DAYS = 30
# A screen has room for so many; the others are one line.
MOST_CAUSES = 6


class Overview:
    """What the screen shows of each company that the reader works in.

    :param env: of the reader.
    """

    def __init__(self, env):
        self.env = env(context={**env.context, "tz": str(env.tz)})
        self.calendar = Calendar(env.tz)
        self.companies = self.env.companies
        owners = self.companies.sudo().exact_owner_id
        outboxes = self.env["exact.outbox"]
        self.figures = Figures(owners, outboxes, self.companies)
        self.booked = self._find_booked()

    def describe(self):
        """Return a JSON-ready dict for each company; those that use Exact go first."""
        sections = [Section(self, owner).describe() for owner in self.figures.owners]
        return sorted(sections, key=lambda one: (not one["is_used"], one["name"]))

    # === BOOKED === #

    def _find_booked(self):
        """Return {owner: {day: (count, amount in company currency)}}, of what is shown.

        One query for the figures of today and the month, and the days of the graph.
        """
        found = {}
        rows = self.figures.group(
            self.get_booked_domain(self.calendar.first_day),
            ["synced_at:day"],
            ["__count", "amount_total_company:sum", "synced_at:max"],
        )
        for owner, moment, count, amount, last in rows:
            days, day = found.setdefault(owner, {}), moment.date()
            before = days.get(day, (0, 0))
            days[day] = (before[0] + count, before[1] + (amount or 0))
            # Found on the way, and not asked again for each company.
            known = self.figures.last_success
            known[owner] = max(known.get(owner) or last, last)
        return found

    def get_booked_domain(self, first, last=None):
        """Return the domain of what was booked on these days."""
        domain = [
            ("state", "=", "sent"),
            ("synced_at", ">=", self.calendar.start_of(first)),
        ]
        if last:
            after = self.calendar.start_of(last + timedelta(days=1))
            domain.append(("synced_at", "<", after))
        return domain

    # === COMPARISONS === #

    @cached_property
    def may_compare(self):
        """Whether the reader sees comparisons at all: clerks do not."""
        return self.env["exact.comparison"].has_access("read")

    @cached_property
    def comparisons(self):
        """{owner: the comparison that was done last}, as the reader sees it."""
        model = self.env["exact.comparison"]
        if not self.may_compare:
            return {}
        done = [("company_id", "in", self.companies.ids), ("state", "=", "done")]
        rows = model._read_group(done, ["company_id"], ["compared_at:max"])
        moments = [moment for _company, moment in rows if moment]
        latest = model.search(
            [*done, ("compared_at", "in", moments)], order="compared_at, id"
        )
        # The last one of each stays.
        return {one.company_id.sudo().exact_owner_id: one for one in latest}


class Calendar:
    """Days of the reader, and when they begin in UTC, as the database keeps moments."""

    def __init__(self, tz):
        self.tz = tz
        self.today = fields.Datetime.now().replace(tzinfo=UTC).astimezone(tz).date()

    @property
    def first_of_month(self):
        return self.today.replace(day=1)

    @property
    def days(self):
        """The days of the graph, the oldest first."""
        return [self.today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]

    @property
    def first_day(self):
        """The first day of which anything is shown."""
        return min(self.days[0], self.first_of_month)

    def start_of(self, day):
        """Return when a day begins, as a domain wants it."""
        start = self.tz.localize(datetime.combine(day, time.min)).astimezone(UTC)
        return fields.Datetime.to_string(start.replace(tzinfo=None))


class Section:
    """What the screen shows of one company and its branches.

    :param Overview overview:
    :param res.company owner: with the connection, as superuser.
    """

    def __init__(self, overview, owner):
        self.overview = overview
        self.env = overview.env
        self.owner = owner
        self.figures = overview.figures
        self.calendar = overview.calendar
        self.members = self.figures.get_members(owner)
        self.health = Health(owner.with_env(self.env), self.figures)

    def describe(self):
        health = self.health
        is_used = health.is_connected or bool(health.counts or health.last_success_at)
        section = {
            # Of whose books the reader sees something: the set-up opens for it.
            "id": (self.owner if self.owner in self.members else self.members[:1]).id,
            "name": self._name,
            "is_used": is_used,
            "level": health.level,
            "sentences": health.texts(),
            "connection": self._read_connection(),
        }
        if not is_used:
            return {**section, "next_step": self._next_step}
        return {
            **section,
            "figures": self._read_figures(),
            "causes": self._read_causes(),
            "comparison": self._read_comparison(),
            "days": self._read_days(),
            "booked": {
                "label": say(self.env, overview_messages.BOOKED_PER_DAY),
                "domain": self._own(
                    [("state", "=", "sent"), ("synced_at", "!=", False)]
                ),
            },
            "nothing_booked": say(self.env, overview_messages.NOTHING_BOOKED),
        }

    @property
    def _name(self):
        """The company; its branches where the reader works in these alone."""
        shown = self.owner if self.owner in self.members else self.members
        return ", ".join(shown.mapped("name"))

    @property
    def _next_step(self):
        text = overview_messages.BEFORE_CONNECTION
        return say(self.env, text, company=self._name)

    # === FIGURES === #

    def _read_figures(self):
        return [
            self._figure("waiting", counting.WAITING, notes=self._read_waiting()),
            self._figure("held", ["held"]),
            self._figure("attention", counting.ATTENTION),
            self._figure("customer", counting.CUSTOMER),
            {
                "key": "different",
                "label": self._say("DIFFERENT"),
                "count": self.health.difference_count,
                "domain": self._own(get_difference_domain()),
            },
            self._read_booked("today", self.calendar.today),
            self._read_booked("month", self.calendar.first_of_month),
        ]

    def _figure(self, key, statuses, **values):
        return {
            "key": key,
            "label": self._say(key.upper()),
            "count": self.health.count(statuses),
            "domain": self._own([("status", "in", list(statuses))]),
            **values,
        }

    def _read_waiting(self):
        """Return when the next one goes, and which of them were sent already."""
        notes = []
        moment = self.health.next_at
        if moment and not self.health.standing_problem:
            notes.append({"label": self._moment_text(moment)})
        if count := self.health.count(["unconfirmed"]):
            notes.append(
                {
                    "key": "unconfirmed",
                    "label": self._count_text("UNCONFIRMED", count),
                    "domain": self._own([("status", "=", "unconfirmed")]),
                }
            )
        return notes

    def _moment_text(self, moment):
        if moment <= fields.Datetime.now():
            return self._say("NEXT_NOW")
        local = fields.Datetime.context_timestamp(self.figures.outboxes, moment)
        if local.date() == self.calendar.today:
            tz = self.env.context["tz"]
            shown = format_time(self.env, moment, tz=tz, time_format="short")
        else:
            shown = format_datetime(self.env, moment, dt_format="short")
        return self._say("NEXT_AT", moment=shown)

    def _read_booked(self, key, first):
        days = self.overview.booked.get(self.owner, {})
        booked = [row for day, row in days.items() if day >= first]
        amount = sum(amount for _count, amount in booked)
        currency = self.owner.currency_id
        return {
            "key": key,
            "label": self._say(key.upper()),
            "count": sum(count for count, _amount in booked),
            "domain": self._own(self.overview.get_booked_domain(first)),
            "notes": [{"label": formatLang(self.env, amount, currency_obj=currency)}],
        }

    def _read_causes(self):
        """Return what needs attention, by what fixes it, the most frequent first."""
        causes = self.figures.causes.get(self.owner, {})
        rows = sorted(causes.items(), key=lambda row: -row[1])
        shown, others = rows[:MOST_CAUSES], rows[MOST_CAUSES:]
        result = [self._cause(*key, count) for key, count in shown]
        if others:
            domain = [("status", "in", list(counting.ATTENTION))]
            for key, _count in shown:
                domain += ["!", "&", *_cause_domain(*key)]
            result.append(
                {
                    "label": self._say("OTHER_CAUSES"),
                    "count": sum(count for _key, count in others),
                    "domain": self._own(domain),
                }
            )
        return result

    def _cause(self, cause, status, count):
        statuses = self.figures.outboxes._fields["status"]._description_selection
        return {
            "label": cause or dict(statuses(self.env))[status],
            "count": count,
            "domain": self._own(_cause_domain(cause, status)),
        }

    def _read_days(self):
        """Return the bookings of each day; empty without any."""
        booked = self.overview.booked.get(self.owner, {})
        rows = [(day, booked.get(day, (0, 0))[0]) for day in self.calendar.days]
        highest = max(count for _day, count in rows)
        if not highest:
            return []
        return [
            {
                "date": format_date(self.env, day, date_format="d MMM"),
                "label": self._count_text(
                    "BOOKED", count, day=format_date(self.env, day)
                ),
                "count": count,
                "height": round(100 * count / highest),
                "domain": self._own(self.overview.get_booked_domain(day, day)),
            }
            for day, count in rows
        ]

    # === CONNECTION AND COMPARISON === #

    def _read_connection(self):
        """Return what the reader sees of the connection, and what keeps it back."""
        health, env = self.health, self.env
        state = health.connection._get_state()
        states = health.company._fields["exact_connection_state"]
        label, level = dict(states._description_selection(env))[state], SUCCESS
        if not health.is_connected:
            level = INFO if state == "disconnected" else DANGER
        elif health.connection._is_stopped():
            label, level = self._say("STOPPED"), DANGER
        elif health.pause_problem:
            label, level = self._say("PAUSED"), WARNING
        problem = health.login_problem or health.pause_problem
        result = {
            "label": label,
            "level": level,
            # Said above already, as a rule.
            "problem": problem not in health.texts() and problem,
            "is_set_up": level in (SUCCESS, WARNING) and bool(self._division),
            "division": self._division,
        }
        if health.is_connected:
            result["sending"] = setup_messages.sending_text(env, health.company)[1]
            result["calls"] = self._say(
                "CALLS_LEFT",
                left=self._number(health.calls_left_today),
                limit=self._number(health.calls_a_day),
            )
        return result

    @property
    def _division(self):
        return self.health.company.exact_division_id.display_name

    def _read_comparison(self):
        if not self.overview.may_compare:
            return None
        comparison = self.overview.comparisons.get(self.owner)
        if not comparison:
            return {"label": self._say("NEVER_COMPARED")}
        count = comparison.problem_count
        return {
            "id": comparison.id,
            "label": self._say(
                "COMPARED",
                start=format_date(self.env, comparison.date_from),
                end=format_date(self.env, comparison.date_to),
                moment=format_datetime(
                    self.env, comparison.compared_at, dt_format="short"
                ),
            ),
            "result": (
                self._count_text("DIFFERENCES", count)
                if count
                else self._say("ALL_MATCH")
            ),
            "level": WARNING if count else SUCCESS,
        }

    # === HELPERS === #

    def _own(self, domain):
        return [*self.figures.get_domain(self.owner), *domain]

    def _say(self, name, **values):
        return say(self.env, getattr(overview_messages, name), **values)

    def _count_text(self, name, count, **values):
        texts = getattr(overview_messages, name)
        return say(self.env, texts[count != 1], count=self._number(count), **values)

    def _number(self, count):
        return formatLang(self.env, count, digits=0)


def _cause_domain(cause, status):
    return [("status", "=", status), ("problem_group", "=", cause)]
