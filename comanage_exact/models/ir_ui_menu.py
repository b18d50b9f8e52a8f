from odoo import api, models, tools


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    @tools.ormcache("xml_id", "self.env.lang")
    def _exact_get_path(self, xml_id):
        """Return the names on the way to a menu; none if nobody can go it.

        They are kept until a menu changes: a run may write many sentences, and those
        name the same few menus.
        """
        menu = self.env.ref(xml_id, raise_if_not_found=False)
        if not menu:
            return ()
        ids = [int(part) for part in menu.parent_path.split("/") if part]
        way = self.browse(ids)
        return tuple(way.mapped("name")) if all(way.mapped("active")) else ()
