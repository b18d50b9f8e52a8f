from odoo import models

from ..sync.fixes import Fixes


class ExactFixMixin(models.AbstractModel):
    """The way from the problem of a booking to where it is fixed."""

    _name = "exact.fix.mixin"
    _description = "Fixes of Bookings"

    def action_exact_fix(self):
        """Open what keeps these invoices from Exact, or ask somebody who may change it.

        What is fixed already is sent. Of several causes the first one is opened.
        """
        self.check_access("read")
        self.env.user._exact_check_role("user")
        fixes = Fixes(self.sudo().exact_outbox_id)
        answer = False
        if fixes.fixed:
            answer = fixes.fixed.move_id.with_env(self.env).action_exact_send()
        if not fixes.first:
            return answer or self._exact_tell_nothing()
        return self._exact_open_fix(fixes)

    def _exact_open_fix(self, fixes):
        fix = fixes.first
        if fix.is_in_exact:
            url = fix.owner._exact_get_base_url()
            return {"type": "ir.actions.act_url", "url": url, "target": "new"}
        if not fix.is_allowed(self.env.user):
            return self.env["exact.ask"].sudo()._make(fix.move, fix)._open()
        action = fixes.open(self.env)
        sentences = [fix.outbox.stop_problem or fix.outbox.error]
        if fixes.left_count:
            sentences.append(
                self.env._(
                    "%(count)s of the selected invoices need another fix.",
                    count=fixes.left_count,
                )
            )
        text = " ".join(filter(None, sentences))
        if not text:
            return action
        # What has to be changed is named beside the place that opens.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": text,
                "sticky": True,
                "next": action,
            },
        }

    def _exact_tell_nothing(self):
        text = self.env._("Nothing has to be fixed on the selected invoices.")
        if len(self) == 1:
            text = self.env._(
                "Nothing has to be fixed on %(name)s.", name=self.display_name
            )
        return self._exact_tell(text, is_good=True)
