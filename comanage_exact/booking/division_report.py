"""The file of a check: what was judged, and the answers without secrets and names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ..exact_api.anonymous import Anonymizer, dump, load
from ..exact_api.recording import Exchange
from .division_fact import OK, UNKNOWN, Outcome
from .division_facts import judge

FORMAT = 1


def count(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Count the outcomes by result, and all that could be seen under 'checked'."""
    found = Counter(outcome.result for outcome in outcomes)
    found["total"] = found.total()
    found["checked"] = found["total"] - found[UNKNOWN]
    return found


def make_report(
    exchanges: Iterable[Exchange],
    *,
    made_with: str,
    made_on: date,
    site: str,
    secrets: Iterable[str] = (),
) -> str:
    """Return the file of a check, as JSON.

    :param str made_with: name and version of the add-on.
    :param secrets: names and numbers to be replaced wherever they occur.
    """
    exchanges = list(exchanges)
    anonymizer = Anonymizer(secrets)
    kept = [anonymizer.exchange(exchange) for exchange in exchanges]
    # Judged as whoever replays the file will judge it.
    replayed = judge(load(found) for found in read_json(dump(kept)))
    seen = {outcome.fact.name: outcome.result for outcome in replayed}
    judged = judge(exchanges)
    # What only the rows show that were left out.
    beyond = [
        outcome for outcome in judged if seen[outcome.fact.name] != outcome.result
    ]
    totals = count(judged)
    report = {
        "format": FORMAT,
        "made_with": made_with,
        "made_on": made_on.isoformat(),
        "site": site,
        "checked": f"{totals['checked']} of {totals['total']}",
        "facts": [_row(outcome, anonymizer) for outcome in replayed],
        "seen_in_other_rows": [_row(outcome, anonymizer) for outcome in beyond],
        "exchanges": kept,
    }
    return anonymizer.whole(dump(report))


def _row(outcome: Outcome, anonymizer: Anonymizer) -> dict[str, Any]:
    row = {
        "fact": outcome.fact.name,
        "section": outcome.fact.section,
        "result": outcome.result,
    }
    if outcome.result not in (OK, UNKNOWN):
        values = {
            name: anonymizer.scrub(value) if isinstance(value, str) else value
            for name, value in outcome.values.items()
        }
        row["sentence"] = outcome.sentence % values
    return row


def read_json(text: str) -> Any:
    """Read a file, or a part of one, with every digit of its amounts."""
    return json.loads(text, parse_float=Decimal)


def read_exchanges(report: dict[str, Any]) -> list[Exchange]:
    """Return the exchanges of a file that `read_json` read."""
    return [load(found) for found in report["exchanges"]]
