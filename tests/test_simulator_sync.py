"""The sync twins: a Timestamp as cursor, and what has vanished."""

from .simulator_api import BELGIAN, refused

SYNC = "sync/CRM/Accounts"
DELETED = "sync/Deleted"
ACCOUNTS = "crm/Accounts"


def read(api, since=1, resource=SYNC):
    select = "ID,Name,Code,Timestamp" if resource == SYNC else "EntityKey,EntityType"
    options = {"select": select, "filter": f"Timestamp gt {since}L"}
    page = api.get(resource, **options).json()["d"]
    rows = page["results"]
    while "__next" in page:
        page = api.session.get(page["__next"], timeout=30).json()["d"]
        rows += page["results"]
    return rows


def last(rows):
    return max(int(row["Timestamp"]) for row in rows)


def make(api, name="Deco"):
    return api.post(ACCOUNTS, {"Name": name}).json()["d"]["ID"]


def test_select_is_wanted(api):
    refused(
        api.get(SYNC, filter="Timestamp gt 1L"),
        400,
        "Please add a $select or a $top=1 statement to the query string.",
    )


def test_only_timestamp_may_be_filtered(api):
    answer = api.get(SYNC, select="ID", filter="Name eq 'Deco'")

    assert answer.status_code == 400


def test_codes_come_padded_as_in_the_list(api):
    make(api)

    assert all(len(row["Code"]) == 18 for row in read(api))


def test_rows_come_in_the_order_of_their_changes(api):
    first, second = make(api, "A"), make(api, "B")
    api.put(f"{ACCOUNTS}(guid'{first}')", {"Name": "C"})

    assert [row["ID"] for row in read(api)][-2:] == [second, first]


def test_a_cursor_gives_what_changed_since(api):
    guid = make(api)
    cursor = last(read(api))
    assert read(api, cursor) == []
    api.put(f"{ACCOUNTS}(guid'{guid}')", {"Name": "Deco Addict"})

    assert [row["Name"] for row in read(api, cursor)] == ["Deco Addict"]


def test_a_deleted_account_is_told_with_its_type(api):
    guid = make(api)
    api.delete(f"{ACCOUNTS}(guid'{guid}')")

    # Its visit address is gone with it.
    address, gone = read(api, resource=DELETED)

    assert (gone["EntityKey"], gone["EntityType"]) == (guid, 2)
    assert address["EntityType"] == 3
    assert guid not in {row["ID"] for row in read(api)}


def test_moving_a_division_gives_new_timestamps(simulator, api):
    make(api)
    cursor = last(read(api))
    simulator.state.renew_row_versions()

    assert read(api, cursor) == read(api)


def test_20000_accounts_come_in_20_pages(simulator, api):
    known = len(read(api))
    for number in range(20_000 - known):
        row = {"Code": str(900_000 + number), "Name": f"Customer {number}"}
        simulator.state.insert(BELGIAN, ACCOUNTS, row)
    calls = len(simulator.state.calls)

    assert len(read(api)) == 20_000
    assert len(simulator.state.calls) - calls == 20


def test_a_client_that_starts_today_learns_where_to_begin(simulator, api):
    customer = api.customer()
    api.booked(Customer=customer)
    simulator.clock.advance(120)
    moment = simulator.clock.local().isoformat(timespec="seconds")
    simulator.clock.advance(120)
    entry = api.booked(Customer=customer)

    uri = "read/sync/Sync/SyncTimestamp"
    options = {"modified": f"datetime'{moment}'", "endPoint": "'TransactionLines'"}
    (row,) = api.call("GET", uri, params=options).json()["d"]["results"]
    lines = api.rows(
        "sync/Financial/TransactionLines",
        select="EntryID",
        filter=f"Timestamp gt {row['TimeStampAsBigInt']}L",
    )
    assert {line["EntryID"] for line in lines} == {entry["EntryID"]}
    for wrong in ({"endPoint": "'Accounts'"}, {"modified": "1"}):
        answer = api.call("GET", uri, params={**options, **wrong})
        assert answer.status_code == 400
