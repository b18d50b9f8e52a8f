from odoo import models

from ..const import USERS
from ..sync.screens import find_channels


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        # EXTENDS 'bus': whoever may see bookings hears that they changed.
        channels = super()._build_bus_channel_list(channels)
        user = self.env.user
        if user._is_internal() and user.has_group(USERS):
            channels.extend(find_channels(user))
        return channels
