"""Items, their groups, units and sales prices in the simulator."""

import pytest

from .simulator_api import FINDING, refused

ITEMS, PRICES = "logistics/Items", "logistics/SalesItemPrices"
GROUPS, UNITS = "logistics/ItemGroups", "logistics/Units"
STRANGER = "11111111-2222-3333-4444-555555555555"


def make(api, resource=ITEMS, **values):
    body = {"Code": "DESK", "Description": "Desk", **values}
    if resource == PRICES:
        body = values
    response = api.post(resource, body)
    assert response.status_code == 201, response.text
    return response.json()["d"]


def read(api, item):
    return api.get(f"{ITEMS}(guid'{item['ID']}')").json()["d"]


def test_item_is_filled_from_the_default_group(api):
    item = make(api)
    (group,) = [row for row in api.rows(GROUPS) if row["IsDefault"] == 1]

    assert item["ItemGroup"] == group["ID"]
    assert item["ItemGroupCode"] == "GOED"
    assert (item["GLRevenueCode"], item["GLCostsCode"]) == ("700000", "604000")
    assert (item["Unit"].strip(), item["UnitDescription"]) == ("stuk", "Stuk")
    assert (item["IsSalesItem"], item["IsStockItem"]) == (True, False)
    assert (item["Stock"], item["SearchCode"]) == (0, None)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Code": None}, "Verplicht: Code"),
        ({"Description": " "}, "Verplicht: Omschrijving"),
        ({"Code": "x" * 31}, "Ongeldig: Code (maximale lengte: 30)"),
        ({"Description": "x" * 61}, "Ongeldig: Omschrijving (maximale lengte: 60)"),
        ({"Code": "LAMP"}, "Gegeven bestaat reeds."),
        ({"Code": " LAMP "}, "Gegeven bestaat reeds."),
        ({"Unit": "vat"}, "Ongeldige referentie: Eenheid"),
        ({"SalesVatCode": "99"}, "Ongeldige referentie: Btw-code"),
        ({"ItemGroup": STRANGER}, "Ongeldige referentie: Artikelgroep"),
        ({"CostPriceCurrency": "JPY"}, "Ongeldige referentie: Valuta"),
    ],
)
def test_refused_item(api, values, text):
    make(api, Code="LAMP")

    response = api.post(ITEMS, {"Code": "DESK", "Description": "Desk", **values})

    refused(response, FINDING, text)


def test_unknown_property_is_refused_by_the_web_service(api):
    body = {"Code": "DESK", "Description": "Desk", "StandardPrice": 12}

    assert api.post(ITEMS, body).status_code == 400


def test_item_is_changed_and_deleted(api):
    item = make(api)
    address = f"{ITEMS}(guid'{item['ID']}')"

    assert api.put(address, {"Description": "Big desk"}).status_code == 204
    assert read(api, item)["Description"] == "Big desk"
    refused(api.put(address, {"Code": ""}), FINDING, "Verplicht: Code")
    assert api.delete(address).status_code == 204
    (gone,) = api.rows("sync/Deleted", filter="Timestamp gt 1L", select="EntityType")
    assert gone["EntityType"] == 9


def test_items_need_a_filter_and_prices_a_selection(api):
    assert "mandatory filtering" in api.get(ITEMS).text
    assert api.rows(ITEMS, filter="Code eq 'DESK'") == []
    assert "$select" in api.get(PRICES, filter="ItemCode eq 'DESK'").text


def test_the_price_is_a_row_of_its_own(api):
    item = make(api)
    assert item["StandardSalesPrice"] is None

    price = make(api, PRICES, Item=item["ID"], Price=120.5)

    assert (price["Quantity"], price["Currency"]) == (1, "EUR")
    assert price["ItemCode"] == "DESK"
    assert read(api, item)["StandardSalesPrice"] == 120.5
    body = {"Item": item["ID"], "Price": 99}
    refused(api.post(PRICES, body), FINDING, "Gegeven bestaat reeds.")
    make(api, PRICES, **body, Account=api.customer())
    make(api, PRICES, **body, StartDate="2030-01-01")
    assert read(api, item)["StandardSalesPrice"] == 120.5
    assert api.delete(f"{PRICES}(guid'{price['ID']}')").status_code == 204
    assert read(api, item)["StandardSalesPrice"] is None


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Item": None}, "Verplicht: Artikel"),
        ({"Price": None}, "Verplicht: Prijs"),
        ({"Price": -1}, "Ongeldig: Prijs [-1]"),
        ({"Currency": "JPY"}, "Ongeldige referentie: Valuta"),
        (
            {"StartDate": "2026-02-01", "EndDate": "2026-01-01"},
            "Ongeldig: Einddatum [01-01-2026]",
        ),
    ],
)
def test_refused_price(api, values, text):
    body = {"Item": make(api)["ID"], "Price": 1, **values}

    refused(api.post(PRICES, body), FINDING, text)


def test_items_come_by_sync_and_in_bulk(api):
    item = make(api)

    (row,) = api.rows(
        "sync/Logistics/Items", filter="Timestamp gt 1L", select="ID,Timestamp"
    )
    (bulk,) = api.rows("bulk/Logistics/Items", filter="Code eq 'DESK'", select="ID")

    assert row["ID"] == bulk["ID"] == item["ID"]


def test_groups_and_units_are_only_read(api):
    assert {row["Code"].strip() for row in api.rows(UNITS)} >= {"stuk", "uur"}
    assert api.post(UNITS, {"Code": "x"}).status_code == 405
    assert api.post(GROUPS, {"Code": "x"}).status_code == 405
