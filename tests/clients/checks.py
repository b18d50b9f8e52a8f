"""What the checks of all clients have in common."""

# What every client books: 100.10 at 21% and 50.00 at 6%, in cents rounded by line.
TOTAL, VAT = 174.12, 24.02


class Checks:
    """A method for each step of a client: what it came to, also in the simulator."""

    def __init__(self, run):
        """
        :param Run run: with the outcome of every step, and the simulator as it is after
            the last one.
        """
        self.control = run.simulator.control
        self._state, self._outcomes = run.simulator.state, run.outcomes
        self._division = run.division

    def account(self, name):
        (account,) = (row for row in self.control.accounts() if row["Name"] == name)
        return account

    def entries(self):
        """Return what was booked, without the entry that was there before."""
        return self.control.entries()[1:]

    def document(self):
        (document,) = (
            row for row in self.control.documents() if row.get("Subject") == "F2026/17"
        )
        return document

    def codes(self, resource, **values):
        """Return the codes of a list that have these values, in their order."""
        return sorted(
            row["Code"].strip()
            for row in self._state.rows(self._division, resource).values()
            if all(row[name] == value for name, value in values.items())
        )


def worked(outcome, *statuses):
    """Return what the client has got, by calls that ended with these statuses."""
    assert outcome.ok, outcome.detail
    if statuses:
        assert [call["status"] for call in outcome.calls] == list(statuses)
    return outcome.detail


def failed(outcome, *reasons):
    """Assert that a step fails by the client's own fault, for these reasons."""
    assert not outcome.ok, f"It works now: {outcome.detail}"
    for reason in reasons:
        assert reason in outcome.detail
