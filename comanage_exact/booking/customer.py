"""A customer as Exact Online gets it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A customer. Country is ISO 3166 alpha-2, language ISO 639-1.

    :param str payment_condition: code.
    :param str peppol_id, peppol_scheme: e.g. '0477472701' and '0208'.
    """

    name: str
    address_line1: str = ""
    address_line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    vat_number: str = ""
    chamber_of_commerce: str = ""
    payment_condition: str = ""
    peppol_id: str = ""
    peppol_scheme: str = ""
