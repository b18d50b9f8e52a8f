from odoo import api, models


class ExactSettingsMixin(models.AbstractModel):
    """A record of Odoo that has settings of Exact Online.

    They are changed by those who have a role in Exact Online, whether or not they may
    change the record itself: who chooses the VAT code of a tax need not keep taxes.
    """

    _name = "exact.settings.mixin"
    _description = "Record with settings of Exact Online"

    # Set by each model: the fields, and the role.
    _exact_settings = ()
    _exact_settings_role = "accountant"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base', which shows all fields as read-only to those who may not
        # change the record itself.
        arch, view = super()._get_view(view_id, view_type, **options)
        if arch.get("edit") == "1":
            for node in arch.iter("field"):
                if node.get("name") in self._exact_settings and not node.get(
                    "readonly"
                ):
                    node.set("readonly", "0")
        return arch, view

    def write(self, vals):
        return super(ExactSettingsMixin, self._exact_for_settings(vals)).write(vals)

    def _exact_for_settings(self, vals):
        """Return these records for a write, as superuser if only settings are written.

        :raise AccessError: the user lacks the role, or does not see the records.
        """
        settings = vals.keys() & set(self._exact_settings)
        if self.env.su or not settings:
            return self
        self.env.user._exact_check_role(self._exact_settings_role)
        if vals.keys() - settings:
            return self
        self.check_access("read")
        return self.sudo()

    def _exact_may_set(self, user):
        """Tell whether a user may change the settings of this record."""
        record = self.with_user(user)
        role = self._exact_settings_role
        return user._exact_has_role(role) and record.has_access("read")
