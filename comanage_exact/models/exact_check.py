from odoo import api, fields, models

from ..exact_api.exceptions import ExactConsentLost, ExactError, ExactRejected
from ..exact_api.resources import OPTIONAL_RIGHTS, RIGHTS

# In the order of setting up: the first line that is not green is the next step.
CHECKS = (
    "connection",
    "division",
    "rights",
    "journal",
    "gl_account",
    "payment_condition",
    "taxes",
    "currencies",
    "period",
    "number",
    "sending",
)


class ExactCheck(models.Model):
    """One line of what a company still needs before its invoices can go.

    Lines are written by the button and the nightly cron, never by a person. Calls are
    made for the rights only; everything else is judged by the lists fetched before.
    """

    _name = "exact.check"
    _description = "Readiness check of Exact Online"
    _order = "company_id, sequence"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Check", required=True, readonly=True)
    state = fields.Selection(
        [("ok", "Ready"), ("warning", "Look at this"), ("error", "To do")],
        required=True,
        readonly=True,
    )
    message = fields.Text("What to do", readonly=True)
    cure = fields.Selection(
        [
            ("company", "Company"),
            ("exact", "Exact Online"),
            ("journals", "Journals"),
            ("taxes", "Taxes"),
            ("sending", "Scheduled Actions"),
        ],
        readonly=True,
        help="Where the button of the line leads.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A company has each check once."
    )

    # === ACTIONS === #

    def action_exact_cure(self):
        """Open the place where this line is put right."""
        self.ensure_one()
        self.check_access("read")
        if self.cure == "exact":
            url = self.company_id._exact_get_base_url()
            return {"type": "ir.actions.act_url", "url": url, "target": "new"}
        if self.cure == "taxes":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "comanage_exact.account_tax_action"
            )
        if self.cure == "sending":
            return self.env["ir.actions.act_window"]._for_xml_id("base.ir_cron_act")
        if self.cure == "journals":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "account.action_account_journal_form"
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.company",
            "res_id": self.company_id.id,
            "views": [(False, "form")],
        }

    # === RUN === #

    @api.model
    def _run(self, company):
        """Judge all lines of one company anew.

        Raises nothing about Exact: a line that cannot be judged says so.
        """
        # An administrator may look at a company that is not among the chosen ones.
        company = company.sudo()
        checks = self.sudo().with_company(company)
        failures = checks._probe(company)
        taken = checks._find_taken_number(company)
        lines = checks.search([("company_id", "=", company.id)]).grouped("code")
        names = self._get_names()
        for sequence, code in enumerate(CHECKS):
            judge = getattr(checks, f"_judge_{code}")
            asked = {"connection": (failures,), "rights": (failures,)}
            asked["number"] = (taken,)
            state, message, cure = judge(company, *asked.get(code, ()))
            values = {
                "sequence": sequence,
                "name": names[code],
                "state": state,
                "message": message,
                "cure": cure if state != "ok" else False,
            }
            if code in lines:
                lines[code].write(values)
            else:
                checks.create({**values, "company_id": company.id, "code": code})

    @api.model
    def _probe(self, company):
        """Ask Exact for a row of each resource that booking needs.

        :return: {resource: ExactError} of those that failed; after an error that is
            no refusal, which the next call would meet too, no further one is made.
            None where the company is not connected, so that nothing was asked.
        """
        if not company._exact_is_ready():
            return None
        failures = {}
        wanted = {**RIGHTS, **(OPTIONAL_RIGHTS if company.exact_send_pdf else {})}
        for resource, (_right, key, rule) in wanted.items():
            options = {"select": key, "top": 1, **({"filter": rule} if rule else {})}
            try:
                with company.exact_connection_id._client() as client:
                    client.get(resource, **options)
            except ExactRejected as err:
                failures[resource] = err
            except ExactError as err:
                failures[resource] = err
                break
        return failures

    @api.model
    def _get_names(self):
        return {
            "connection": self.env._("Connection"),
            "division": self.env._("Division"),
            "rights": self.env._("Rights"),
            "journal": self.env._("Sales journal"),
            "gl_account": self.env._("G/L account"),
            "payment_condition": self.env._("Payment condition"),
            "taxes": self.env._("VAT codes"),
            "currencies": self.env._("Currencies"),
            "period": self.env._("Financial period"),
            "number": self.env._("Entry numbers"),
            "sending": self.env._("Automatic sending"),
        }

    # === WITH EXACT === #

    @api.model
    def _judge_connection(self, company, failures):
        """Tell whether the company is connected and Exact answers.

        :param dict failures: of `_probe`.
        :return: state, message and cure, as all `_judge_*`.
        """
        state = company.exact_connection_state
        if state == "copied":
            message = self.env._(
                "This is a copy of a connected database, so nothing is sent. Connect "
                "it to a test division of its own if you want to try it."
            )
            return "error", message, "company"
        lost = [err for err in (failures or {}).values() if _is_lost(err)]
        if state != "connected" or lost:
            message = self.env._(
                "%(company)s is not connected. Press Connect to Exact Online.",
                company=company.name,
            )
            return "error", message, "company"
        for err in (failures or {}).values():
            if not isinstance(err, ExactRejected):
                return "warning", company._exact_explain(err), "company"
        return "ok", self.env._("%(company)s is connected.", company=company.name), ""

    @api.model
    def _judge_rights(self, company, failures):
        if failures is None:
            message = self.env._(
                "The rights are checked once %(company)s is connected and its division "
                "is chosen.",
                company=company.name,
            )
            return "error", message, "company"
        refused = {
            resource
            for resource, err in failures.items()
            if isinstance(err, ExactRejected)
        }
        missing = _name_rights(RIGHTS, refused)
        if missing:
            message = self.env._(
                "Exact Online refuses: %(rights)s. Tick these rights on the app in "
                "Exact's App Center, give them to the Exact user, and connect again.",
                rights=missing,
            )
            return "error", message, "exact"
        if refused:
            message = self.env._(
                "Invoices are booked, but without their PDF, since Exact Online "
                "refuses: %(rights)s. Tick this right on the app in Exact's App Center "
                "and connect again, or switch Send PDF off.",
                rights=_name_rights(OPTIONAL_RIGHTS, refused),
            )
            return "warning", message, "exact"
        if failures:
            message = self.env._(
                "The rights could not be checked, since Exact Online did not answer. "
                "Press Check now later."
            )
            return "warning", message, "company"
        return "ok", self.env._("Exact Online allows all that booking needs."), ""


def _name_rights(rights, refused):
    """Return the rights that these resources need, each once, as a text."""
    names = {
        f"{rights[resource][0]} ({resource.rpartition('/')[2]})"
        for resource in rights.keys() & refused
    }
    return ", ".join(sorted(names))


def _is_lost(err):
    return isinstance(err, ExactConsentLost)
