from odoo import api, fields, models


class ExactCheck(models.Model):
    """The lines that are judged by the settings and the fetched lists, without a call.

    Each `_judge_*` returns state, message and cure.
    """

    _name = "exact.check"
    _inherit = ["exact.check"]

    @api.model
    def _judge_division(self, company):
        division = company.exact_division_id
        if not division.active:
            message = self.env._(
                "Choose the division that gets the invoices of %(company)s. One that "
                "is archived in Exact Online cannot be used.",
                company=company.name,
            )
            return "error", message, "company"
        problem = company._exact_get_division_problem()
        reason = company.exact_mismatch_reason
        if problem and reason:
            message = self.env._(
                "%(problem)s Invoices go all the same: %(reason)s",
                problem=problem,
                reason=reason,
            )
            return "warning", message, "company"
        if problem:
            message = self.env._(
                "%(problem)s Choose another division, or fill in why this one is "
                "right.",
                problem=problem,
            )
            return "error", message, "company"
        message = self.env._(
            "%(division)s gets the invoices.", division=division.display_name
        )
        return "ok", message, ""

    @api.model
    def _judge_journal(self, company):
        """Want a sales journal that is not blocked: others are not in the list."""
        journals = self._find_sales_journals(company)
        chosen = company.exact_journal_id | company.exact_credit_journal_id
        archived = chosen.filtered(lambda journal: not journal.active)
        mapped = journals.exact_journal_id | journals.exact_credit_journal_id
        gone = mapped.filtered(lambda journal: not journal.active)
        if archived or gone:
            message = self.env._(
                "%(journals)s is blocked or no sales journal any more in Exact Online. "
                "Choose another one.",
                journals=", ".join((archived | gone).mapped("display_name")),
            )
            return "error", message, "company" if archived else "journals"
        if not company.exact_journal_id and not all(
            journal.exact_journal_id for journal in journals
        ):
            message = self.env._(
                "%(company)s has no sales journal of Exact Online. Choose one.",
                company=company.name,
            )
            return "error", message, "company"
        names = ", ".join((chosen | mapped).mapped("display_name"))
        return "ok", self.env._("Booked in %(journals)s.", journals=names), ""

    @api.model
    def _find_sales_journals(self, company):
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(
                    company._exact_get_members()
                ),
                ("type", "=", "sale"),
            ]
        )

    @api.model
    def _judge_gl_account(self, company):
        account = company.exact_gl_account_id
        if not account:
            message = self.env._(
                "%(company)s has no G/L account for lines whose own account has none. "
                "Choose one.",
                company=company.name,
            )
            return "error", message, "company"
        if not account.active or not account.is_bookable:
            message = self.env._(
                "Exact Online takes no entry lines on %(account)s: it is blocked, or "
                "an account for receivables, VAT or a bank. Choose another one.",
                account=account.display_name,
            )
            return "error", message, "company"
        accounts = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(company),
                ("account_type", "in", ("income", "income_other")),
            ]
        )
        for used in account | accounts.exact_gl_account_id:
            if None in used._get_costs(company):
                message = self.env._(
                    "Exact Online wants a cost centre or cost unit on %(account)s. "
                    "Choose it here, or make it optional on the account in Exact.",
                    account=used.display_name,
                )
                return "error", message, "company"
        message = self.env._(
            "%(account)s takes what has no account of its own.",
            account=account.display_name,
        )
        return "ok", message, ""

    @api.model
    def _judge_payment_condition(self, company):
        condition = company.exact_payment_condition_id
        if condition and not condition.active:
            message = self.env._(
                "Payment condition %(condition)s is gone from Exact Online. Choose "
                "another one, or none to take the customer's own.",
                condition=condition.display_name,
            )
            return "error", message, "company"
        if not condition:
            return "ok", self.env._("The customer's own in Exact Online."), ""
        return "ok", condition.display_name, ""

    @api.model
    def _judge_taxes(self, company):
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(
                    company._exact_get_members()
                ),
                ("type_tax_use", "=", "sale"),
                # Fixed amounts and groups are booked by way of other taxes.
                ("amount_type", "in", ("percent", "division")),
            ]
        )
        bad = taxes.filtered(lambda tax: not tax.exact_vat_code_id.active)
        if bad:
            names = ", ".join(bad[:5].mapped("name"))
            message = self.env._(
                "%(count)s of %(total)s sales taxes have no VAT code of Exact Online: "
                "%(names)s. Choose one for each, or archive taxes that you do not use.",
                count=len(bad),
                total=len(taxes),
                names=names + ("…" if len(bad) > 5 else ""),
            )
            return "error", message, "taxes"
        message = self.env._("All %(count)s sales taxes are mapped.", count=len(taxes))
        return "ok", message, ""

    @api.model
    def _judge_currencies(self, company):
        known = self.env["exact.currency"].search([("company_id", "=", company.id)])
        if not known:
            return "warning", self._say_not_fetched(), "company"
        used = company.currency_id.union(
            *(
                currency
                for (currency,) in self.env["account.move"]._read_group(
                    [
                        ("company_id", "in", company._exact_get_members().ids),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                        ("state", "!=", "cancel"),
                    ],
                    ["currency_id"],
                )
            )
        )
        missing = set(used.mapped("name")) - set(known.mapped("code"))
        if missing:
            message = self.env._(
                "Exact Online does not know %(currencies)s, in which you invoice. "
                "Activate it there under Currencies, then press Check now.",
                currencies=", ".join(sorted(missing)),
            )
            return "error", message, "exact"
        names = ", ".join(sorted(used.mapped("name")))
        return "ok", self.env._("Exact Online knows %(names)s.", names=names), ""

    @api.model
    def _judge_period(self, company):
        periods = self.env["exact.period"].search([("company_id", "=", company.id)])
        if not periods:
            return "warning", self._say_not_fetched(), "company"
        today = fields.Date.context_today(self)
        current = periods.filtered(
            lambda period: period.start_date <= today <= period.end_date
        )
        if not current:
            message = self.env._(
                "No financial period of Exact Online holds today. Create the new "
                "financial year there, then press Check now."
            )
            return "error", message, "exact"
        message = self.env._("Today is in %(period)s.", period=current[0].code)
        return "ok", message, ""

    @api.model
    def _judge_sending(self, company):
        problem = self.env["exact.outbox"]._get_push_problem()
        if problem:
            return "error", problem, "sending"
        return "ok", self.env._("Invoices go by themselves."), ""

    @api.model
    def _say_not_fetched(self):
        return self.env._(
            "The list of Exact Online was not fetched yet. Press Check now."
        )
