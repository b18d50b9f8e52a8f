from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..booking import entry_number
from ..const import READERS
from ..mappers.entry_number import PREFIXES, SUFFIX
from ..sync import number_messages

FORMAT = (*PREFIXES.values(), SUFFIX)


class ExactNumberMixin(models.AbstractModel):
    """A company or a journal whose invoices get entry numbers of a certain format."""

    _name = "exact.number.mixin"
    _description = "Format of entry numbers in Exact Online"

    # Set by each model: what decides on the numbers, beside FORMAT.
    _exact_number_fields = ()

    exact_number_prefix = fields.Char("Exact Online Number Prefix", copy=False)
    exact_number_suffix = fields.Char("Exact Online Number Suffix", copy=False)
    exact_credit_note_prefix = fields.Char(
        "Exact Online Credit Note Prefix", copy=False
    )
    exact_debit_note_prefix = fields.Char("Exact Online Debit Note Prefix", copy=False)
    exact_number_warning = fields.Text(
        "Exact Online Number Problem",
        compute="_compute_exact_number_warning",
        compute_sudo=True,
        groups=READERS,
    )
    is_exact_number_proposed = fields.Boolean(
        "Exact Online Number Format Proposed",
        compute="_compute_exact_number_warning",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends(lambda self: (*FORMAT, *self._exact_number_fields))
    def _compute_exact_number_warning(self):
        """Tell which numbers would clash, and which format would not."""
        for record in self:
            record.exact_number_warning = False
            record.is_exact_number_proposed = False
            numbering = record._exact_get_numbering()
            if numbering and numbering.findings:
                changes = numbering.propose()
                record.is_exact_number_proposed = bool(changes)
                record.exact_number_warning = "\n".join(
                    (
                        number_messages.warning_text(self.env, numbering.findings),
                        number_messages.advice_text(self.env, changes),
                    )
                )

    @api.constrains(*FORMAT)
    def _check_exact_number(self):
        for record in self:
            for name in FORMAT:
                try:
                    entry_number.check_pattern(record[name])
                except ValueError as err:
                    raise ValidationError(
                        self.env._(
                            "“%(part)s” is not allowed in Exact Online entry "
                            "numbers for %(name)s. Use digits and {journal}, {gl}, "
                            "{yy}, {yyyy}, {mm}.",
                            part=err,
                            name=record.display_name,
                        )
                    ) from err

    def action_exact_use_number_format(self):
        """Write the formats that are proposed, under which no number clashes."""
        self.ensure_one()
        self._exact_check_number_access()
        self._exact_use_proposed_format()
        self.env["exact.outbox"]._trigger_recheck_of_problems()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _exact_use_proposed_format(self):
        """Change what has to change so that no entry number clashes."""
        numbering = self._exact_get_numbering()
        values = {}
        for change in (numbering and numbering.propose()) or ():
            record = change.record._origin.sudo()
            values.setdefault(record, {})[change.name] = change.value
        for record, changed in values.items():
            record.write(changed)

    def _exact_get_numbering(self):
        """Return the NumberingMapper of what is chosen here; None before that."""
        raise NotImplementedError

    def _exact_check_number_access(self):
        """Refuse who may not change the formats."""
        self.check_access("write")
