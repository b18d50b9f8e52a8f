from odoo import models

from ..sync.overview import Overview


class ExactOverview(models.AbstractModel):
    """How the bookings go in the companies that a user works in.

    Nothing is stored: the screen reads it whenever it opens or a booking changes.
    """

    _name = "exact.overview"
    _description = "Overview of Exact Online Bookings"

    def get_overview(self):
        """Return what the Overview shows, a dict for each company.

        :return: see `sync.overview.Section.describe`; each count with the domain of the
            bookings that it counts.
        """
        self.env.user._exact_check_role("reader")
        return Overview(self.env).describe()
