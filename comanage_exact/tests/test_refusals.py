from odoo.tests import tagged

from ..exact_api import refusals
from .common import ACCOUNTS_URL, ENTRIES_URL, ExactCommon, error_body

# Kind, Dutch and English text, words of the cure. The catalogue of the API's errors.
CATALOGUE = (
    (
        refusals.MANDATORY,
        "Verplicht: Relatie",
        "Mandatory: Account",
        "Enter what is missing",
    ),
    (
        refusals.PAYMENT_CONDITION,
        "Verplicht: Betalingsconditie",
        "Mandatory: Payment condition",
        "Choose one in ",
    ),
    (
        refusals.PAYMENT_CONDITION,
        "Verplicht: Vervaldatum",
        "MANDATORY – due date (sales)",
        "Choose one in ",
    ),
    (
        refusals.JOURNAL,
        "Ongeldig: Dagboek (Type)",
        "Invalid - Journal",
        "Choose a sales journal",
    ),
    (
        refusals.VAT_DIRECTION,
        "Ongeldig: U kunt geen btw-code van het type 'Inkoop' gebruiken",
        "Invalid: You cannot use a VAT code of type 'Purchase'",
        "for sales on the tax",
    ),
    (
        refusals.VAT_DIRECTION,
        "Ongeldig: U kunt geen btw-code van het type 'Verkoop' gebruiken",
        "Invalid: You cannot use a VAT code of the type “Sales”",
        "for sales on the tax",
    ),
    (
        refusals.VAT_ACCOUNT,
        "Laag (9.0%): Ongeldig: Type (Rekening af te dragen btw)",
        "Low (9.0%): Invalid: Type (VAT payable account)",
        "Ask your accountant",
    ),
    (
        refusals.COSTS,
        "Ongeldig: Koppeling kostenplaats",
        "Invalid: Cost center link",
        "Choose a cost centre",
    ),
    (
        refusals.COSTS,
        "Verplicht: Kostenplaats",
        "Mandatory: Cost unit",
        "Choose a cost centre",
    ),
    (
        refusals.REFERENCE,
        "Ongeldige referentie: Kostenplaats",
        "Invalid reference: Cost unit",
        "Click Refresh Lists",
    ),
    (
        refusals.RECEIVABLE_ACCOUNT,
        "De debiteurenrekening van deze relatie is niet gelijk aan die van het dagboek",
        "The debtors account of this account is not equal to that of the journal",
        "the receivables account",
    ),
    (
        refusals.REQUEST,
        "Operator 'eq' incompatible with operand types 'System.Guid' and "
        "'System.Int32' at position 3.",
        "Error processing request stream. The property name 'X' specified for type "
        "'Exact.Web.Api.Models.Document' is not valid.",
        "an error in the add-on or a new version",
    ),
    (
        refusals.REQUEST,
        "Error processing request stream. Binding to new entities is not supported.",
        "Error processing request stream. Error encountered in converting the value "
        "from request payload for property 'Attachment' to type 'Byte[]'.",
        "an error in the add-on or a new version",
    ),
    (
        refusals.WRONG_DIVISION,
        "Forbidden - WrongDivision",
        "NoDivisionAccess",
        "Ask the administrator of Exact Online",
    ),
    (
        refusals.SCOPE,
        "Forbidden - Application Scope Violated. Cannot read 'financial.accounting' "
        "scope.",
        "Forbidden - Application Scope Violated. Cannot manage 'crm.accounts' scope.",
        "in the Exact Online App Center",
    ),
    (refusals.USER_BLOCKED, "BlockedUser", "InactiveUser", "to activate it"),
    (refusals.LICENCE, "BlockedCustomer", "LicenseExpired", "to renew it"),
    (refusals.DIVISION_BLOCKED, "DivisionBlocked", "DivisionBlocked", "once it is"),
    (refusals.RIGHTS, "Forbidden", "forbidden", "lacks the right"),
    (
        refusals.FINANCIAL_YEAR,
        "Verplicht: Boekjaar",
        "Mandatory: Financial year",
        "Create the financial year",
    ),
    (
        refusals.FINANCIAL_YEAR,
        "Onbekend: Boekjaar (Periode-datumtabel)",
        "Unknown: Financial year (Period-date table)",
        "Create the financial year",
    ),
    (
        refusals.REFERENCE,
        "Ongeldige referentie: Btw-code",
        "Invalid reference: VAT code",
        "Click Refresh Lists",
    ),
    (
        refusals.JOURNAL,
        "Ongeldig: Dagboek",
        "Invalid: Journal (type)",
        "Choose a sales journal",
    ),
    (
        refusals.CUSTOMER_TYPE,
        "Ongeldig: Klant (Type)",
        "Invalid: Customer (Type)",
        "the status to Customer",
    ),
    (
        refusals.SUPPLIER_TYPE,
        "Ongeldig: Leverancier (type)",
        "Invalid: Supplier (type)",
        "Fix the cause",
    ),
    (
        refusals.GL_TYPE,
        "Ongeldig: Grootboekrekeningtype",
        "Invalid: G/L account type",
        "Choose a revenue account",
    ),
    (
        refusals.INVALID,
        "Ongeldig: Btw-percentage []",
        "Invalid: Email []",
        "Fix the cause",
    ),
    (
        refusals.EXISTS,
        "Gegeven bestaat reeds.",
        "Data already exists",
        "Look for it there",
    ),
    (
        refusals.PERIOD_CLOSED,
        "Periode is afgesloten: 2022 - 4",
        "Period is closed: 2022 - 4",
        "Open the period",
    ),
    (
        refusals.PROCESSED,
        "Reeds verwerkt",
        "Already processed",
        "Ask your accountant",
    ),
    (
        refusals.VAT_NOT_ALLOWED,
        "Niet toegestaan: Btw-code",
        "Not allowed: VAT code",
        "Choose another Exact Online VAT code",
    ),
    (
        refusals.RATE_NOT_ALLOWED,
        "Niet toegestaan: Wisselkoers",
        "Not allowed: Exchange rate",
        "Allow other currencies",
    ),
    (
        refusals.VAT_WITHOUT_VAT,
        "Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het "
        'type "geen btw"',
        'A VAT amount is not allowed with a VAT code of type "no VAT"',
        "Choose another one on the tax",
    ),
    (
        refusals.UNBALANCED,
        "De boeking is niet in evenwicht op: 2022 / 4 (Type: Verkoopboeking) - "
        "Verschil: EUR -0,01",
        "This entry is not balanced on: 2021 / 12 (Type: Other) - Difference: EUR "
        "1.000,00",
        "as unbalanced",
    ),
    (
        refusals.UNBALANCED,
        "Invoer 17: Het bedrag van de BTW regel met BTW code 4 komt niet overeen met "
        "het totaal aan BTW-bedragen in de grondslagregels",
        "Input 17: The amount of the VAT line with VAT code 4 does not match the total "
        "of VAT amounts in the base lines",
        "as unbalanced",
    ),
    (
        refusals.RECEIVABLE_ACCOUNT,
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het "
        "gebruikte verkoopdagboek",
        "The receivables account of this account differs from the account of the sales "
        "journal",
        "the receivables account",
    ),
    (
        refusals.REQUEST,
        "Bad Request - Error in query syntax.",
        "Bad Request - Error in query syntax.",
        "could not process",
    ),
    (
        refusals.DOCUMENT_GONE,
        "Ongeldige referentie: Document",
        "Invalid reference: Document",
        "Fix the cause",
    ),
    (
        refusals.DOCUMENT,
        "Niet toegestaan: Document",
        "Not allowed: Document",
        "Fix the cause",
    ),
    (
        refusals.PORTAL_USER,
        "Documenttype niet toegestaan",
        "Document Type not allowed",
        "connect with a full Exact Online user",
    ),
    (
        refusals.REQUEST,
        "Ongeldig: Post to callback URL endpoint returns 500",
        "Invalid: Post to callback URL endpoint returns 500 An error occurred while "
        "sending the request.",
        "could not process",
    ),
    (
        refusals.OTHER,
        "Iets wat niemand kent",
        "Something nobody knows",
        "Fix the cause",
    ),
)
TAKEN = (
    "In gebruik: Boekstuknummer",
    "In use: Entry number",
    "IN USE – Entry number (Sales journal)",
    # Exact's other name for the same.
    "In use: Document number",
    "Already exists - Entry number: 123, Journal: 700",
    "Bestaat reeds - Boekstuknummer: 123, Dagboek: 700",
)
GENERIC = (
    "A problem has occurred. The cause of this issue will be investigated as soon as "
    "possible.",
    "Object reference not set to an instance of an object.",
    "De objectverwijzing is niet op een exemplaar ingesteld.",
    "La référence d'objet n'est pas définie à une instance d'un objet.",
    "La référence d’objet n’est pas définie à une instance d’un objet.",
    "Der Objektverweis wurde nicht auf eine Objektinstanz festgelegt.",
    "Er is een probleem opgetreden. De oorzaak hiervan wordt onderzocht.",
    "Server maintenance: Due to server maintenance the Exact Online server is "
    "unavailable.",
)


@tagged("post_install", "-at_install")
class TestRefusals(ExactCommon):
    """Each row of the catalogue of errors, in both languages and with both statuses."""

    def setUp(self):
        super().setUp()
        self.make_known()

    def push_with(self, url=ENTRIES_URL, look_up=False, **answer):
        """Send a new invoice of which Exact says so."""
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.company.sudo().exact_connection_id.budget = False
        with self.exact() as mock:
            mock.post(url, **answer)
            if look_up:
                self.answer_look_up(mock)
            self.push()
        return invoice

    def test_every_row_of_the_catalogue_is_a_sentence_with_its_cure(self):
        for kind, dutch, english, cure in CATALOGUE:
            for text in (dutch, english):
                for status in (400, 500):
                    with self.subTest(text=text, status=status):
                        invoice = self.push_with(status=status, json=error_body(text))
                        self.assertEqual(refusals.classify([text]), kind)
                        self.assertEqual(invoice.exact_state, "failed")
                        outbox = invoice.exact_outbox_id
                        self.assertEqual(outbox.error_kind, "refused")
                        self.assertIn(text.rstrip("."), invoice.exact_error)
                        self.assertIn(invoice.name, invoice.exact_error)
                        self.assertIn(cure, invoice.exact_error)
                        self.assertTrue(invoice.exact_error.endswith("."))

    def test_taken_number_is_looked_up_in_every_wording(self):
        for text in TAKEN:
            for status in (400, 500):
                with self.subTest(text=text, status=status):
                    self.push_with(look_up=True, status=status, json=error_body(text))
                    self.assertEqual(self.calls[-1].request.method, "GET")

    def test_generic_trouble_is_no_refusal(self):
        answers = [{"status": 500, "json": error_body(text)} for text in GENERIC]
        answers += [
            {"status": 500, "body": ""},
            {"status": 503, "body": "<html>Server Unavailable</html>"},
            {"status": 200, "body": "<html>", "content_type": "text/html"},
            {"status": 504, "body": "Server maintenance: Due to server maintenance"},
            {"status": 200, "body": ""},
            {"status": 500, "body": '{"error":{"message":{"val'},
            {"status": 408, "body": ""},
        ]
        for answer in answers:
            with self.subTest(answer=answer):
                # Several in a row would pause the connection.
                self.company.sudo().exact_connection_id.lost_answers = 0
                invoice = self.push_with(**answer)
                self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_several_findings_are_all_quoted_and_the_first_to_solve_decides(self):
        text = "Verplicht: Relatie\r\nPeriode is afgesloten: 2022 - 4\r\n"
        invoice = self.push_with(status=400, json=error_body(text))
        self.assertIn("Verplicht: Relatie; Periode is afg", invoice.exact_error)
        self.assertIn("Open the period", invoice.exact_error)

    def test_entities_of_html_are_read(self):
        text = "Ongeldig: Dagboek &amp; co &lt;b&gt;"
        invoice = self.push_with(status=400, json=error_body(text))
        self.assertIn("Dagboek & co <b>", invoice.exact_error)

    def test_refused_customer_names_the_contact(self):
        self.customer.sudo().with_company(self.company).exact_guid = False
        for status in (400, 500):
            invoice = self.push_with(
                ACCOUNTS_URL, status=status, json=error_body("Ongeldig: Email []")
            )
            self.assertIn("the customer Deco Addict", invoice.exact_error)
            self.assertIn("Correct the contact", invoice.exact_error)
