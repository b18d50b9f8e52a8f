"""How the simulator refuses."""


class Refusal(Exception):
    """A refusal by the web service itself: a status and one text."""

    def __init__(self, status, text, headers=None):
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or {}


class Findings(Exception):
    """A refusal by the bookkeeping: every finding at once.

    :param list findings: texts in the language of the user. The status depends on the
        setting `error_status`, as it differs between divisions of the real service.
    """

    def __init__(self, findings):
        super().__init__("; ".join(findings))
        self.findings = findings


class ControlError(Exception):
    """A wrong call of the control routes; the text is one sentence."""
