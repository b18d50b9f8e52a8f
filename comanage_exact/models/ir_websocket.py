from odoo import models

from ..sync.screens import find_channels


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        # EXTENDS 'bus': whoever may see bookings hears that they changed.
        channels = super()._build_bus_channel_list(channels)
        if self.env["exact.outbox"].has_access("read"):
            channels.extend(find_channels(self.env.user))
        return channels
