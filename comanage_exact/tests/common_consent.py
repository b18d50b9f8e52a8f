from .common import BASE_URL, DIVISION, GL_GUID, ExactCommon

# A small administration: rows by the path of their list.
LISTS = {
    "7/system/Divisions": [
        {"Code": DIVISION, "Description": "Ours ", "BlockingStatus": 0},
        {"Code": 7, "Description": "Copying", "BlockingStatus": 3},
    ],
    f"{DIVISION}/financial/Journals": [
        {"ID": "a", "Code": "70", "Description": "Verkoop"}
    ],
    f"{DIVISION}/bulk/Financial/GLAccounts": [
        {"ID": "b", "Code": "400000", "Type": 20},
        {"ID": GL_GUID, "Code": "700000", "Type": 110},
    ],
    f"{DIVISION}/vat/VATCodes": [
        {
            "ID": "d",
            "Code": "4  ",
            "Percentage": 0.21,
            "Type": "E",
            "EUSalesListing": "N",
            "VATTransactionType": "B",
        },
        {"ID": "e", "Code": "5", "Percentage": 0.21, "Type": "I"},
        {"ID": "f", "Code": "0", "Percentage": 0, "Type": "E", "EUSalesListing": "?"},
    ],
    f"{DIVISION}/cashflow/PaymentConditions": [
        {"ID": "g", "Code": "30", "Description": "30 days", "PaymentDays": 30}
    ],
    f"{DIVISION}/general/Currencies": [{"Code": "EUR", "Description": "Euro"}],
    f"{DIVISION}/financial/FinancialPeriods": [
        {
            "ID": "h",
            "FinYear": 2026,
            "FinPeriod": 3,
            "StartDate": "/Date(1772323200000)/",
            "EndDate": "/Date(1774915200000)/",
        }
    ],
}


class ConsentCommon(ExactCommon):
    """Plays what Exact answers while a company is connected."""

    def announce_lists(self, mock):
        """Play the divisions and the lists of a small administration."""
        api = f"{BASE_URL}/api/v1"
        me = {"CurrentDivision": 7, "UserID": "eva", "FullName": "Eva Peeters"}
        mock.get(f"{api}/current/Me", json={"d": {"results": [me]}})
        rows = dict(LISTS)
        # Many a user may not read these, and few companies need them.
        mock.get(f"{api}/{DIVISION}/hrm/Costunits", status=403)
        rows[f"{DIVISION}/hrm/Costcenters"] = [{"ID": "i", "Code": "VERK    "}]
        for path, results in rows.items():
            mock.get(f"{api}/{path}", json={"d": {"results": results}})
