from odoo import models

from ..sync.fix import Fix


class ExactFixMixin(models.AbstractModel):
    """The way from the problem of a booking to where it is fixed."""

    _name = "exact.fix.mixin"
    _description = "Fixes of Bookings"

    def action_exact_fix(self):
        """Open what keeps this invoice from Exact, or ask somebody who may change it.

        What is fixed already is sent.
        """
        self.ensure_one()
        self.check_access("read")
        self.env.user._exact_check_role("user")
        outbox_sudo = self.sudo().exact_outbox_id
        fix = Fix(outbox_sudo)
        if fix.is_in_exact:
            url = fix.owner._exact_get_base_url()
            return {"type": "ir.actions.act_url", "url": url, "target": "new"}
        if fix.is_fixed and outbox_sudo.state == "failed":
            return self.action_exact_send()
        if not fix.record:
            return self._exact_tell(
                self.env._(
                    "Nothing has to be fixed on %(name)s.", name=self.display_name
                ),
                is_good=True,
            )
        if not fix.is_allowed(self.env.user):
            return self.env["exact.ask"].sudo()._make(self.sudo(), fix)._open()
        action = fix.open(self.env)
        if not outbox_sudo.error:
            return action
        # What has to be changed is named beside the place that opens.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": outbox_sudo.error,
                "sticky": True,
                "next": action,
            },
        }
