from odoo import models


class AccountTax(models.Model):
    """The sentences about VAT codes; what they say is decided elsewhere."""

    _name = "account.tax"
    _inherit = ["account.tax"]

    def _exact_explain_refusal(self, code, reason):
        """Return why the tax cannot have the VAT code, and what to do.

        :param str reason: see `vat_mapping.refusal`.
        """
        names = {"tax": self.display_name, "code": code.display_name}
        if reason == "inclusive":
            return self.env._(
                "VAT code %(code)s cannot be used for tax %(tax)s: it takes amounts "
                "including VAT, and invoices go to Exact Online without VAT. Choose a "
                "code of type “excluding”.",
                **names,
            )
        if reason == "blocked":
            return self.env._(
                "VAT code %(code)s cannot be used for tax %(tax)s: it is blocked in "
                "Exact Online. Choose another code, or unblock it there and refresh "
                "the lists.",
                **names,
            )
        if reason == "purchase":
            return self.env._(
                "VAT code %(code)s cannot be used for tax %(tax)s: in Exact Online it "
                "is for purchases only. Choose a code for sales.",
                **names,
            )
        return self.env._(
            "VAT code %(code)s cannot be used for tax %(tax)s: the code is %(its)s%% "
            "and the tax %(rate)s%%. Choose a code with the rate of the tax.",
            its=f"{code._get_facts().rate:g}",
            rate=f"{round(self._exact_get_rate(), 3):g}",
            **names,
        )

    def _exact_explain_proposal(self, proposal):
        """Return one sentence on why this VAT code is proposed, or none is.

        :param Proposal proposal: of this tax.
        """
        kinds = self._exact_get_kind_names()
        values = {
            "code": proposal.key.code if proposal.key else "",
            "codes": ", ".join(proposal.codes),
            "rate": f"{round(self._exact_get_rate(), 3):g}",
            "kind": " / ".join(kinds[kind] for kind in proposal.kinds),
        }
        return self._exact_get_reasons()[proposal.reason] % values

    def _exact_get_kind_names(self):
        """Return the name of each kind of tax in the user's language."""
        return {
            "domestic": self.env._("domestic sales"),
            "reverse_charge": self.env._("reverse charge (co-contractor)"),
            "eu_goods": self.env._("goods within the EU"),
            "eu_services": self.env._("services within the EU"),
            "triangular": self.env._("triangular sales within the EU"),
            "export": self.env._("export"),
            "distance": self.env._("installation and distance sales"),
            "exempt": self.env._("exempt sales"),
            "out_of_scope": self.env._("sales without VAT"),
            "margin": self.env._("the margin scheme"),
            "oss": self.env._("the one-stop shop"),
        }

    def _exact_get_reasons(self):
        """Return the sentence of each `Proposal.reason`, to be filled with values."""
        return {
            "rate": self.env._("Only code %(code)s is for %(kind)s at %(rate)s%%."),
            "listing": self.env._(
                "Only code %(code)s goes to the EU listing as %(kind)s."
            ),
            "charged": self.env._("Only code %(code)s is a charged one, for %(kind)s."),
            "oss": self.env._("Only code %(code)s is for this country and rate."),
            "margin": self.env._("Only code %(code)s is for the margin scheme."),
            "type": self.env._("Only code %(code)s books no VAT at all."),
            "description": self.env._("Only code %(code)s is described as %(kind)s."),
            "several": self.env._(
                "Codes %(codes)s fit: %(kind)s at %(rate)s%%. Choose one."
            ),
            "unclear_tax": self.env._(
                "The tax may be for %(kind)s. Check whether code %(code)s is right."
            ),
            "unclear_code": self.env._(
                "Code %(code)s may be for %(kind)s. Check it in Exact Online."
            ),
            "foreign": self.env._(
                "The tax is of another country. Choose a code yourself if this "
                "division has one for it."
            ),
            "no_code": self.env._(
                "No VAT code fits: %(kind)s at %(rate)s%%. Choose one, or add it in "
                "Exact Online and refresh the lists."
            ),
        }
