"""What a call is about, handed to everything that handles it."""

from dataclasses import dataclass, field

from . import texts
from .people import User
from .state import State


@dataclass
class Context:
    """One call that passed the gate.

    :param str base_url: as the client wrote it, for addresses in answers.
    :param division: None for resources without one.
    :param dict options: of the query, as they came.
    :param booked_in: another division that an entry gets into by mistake.
    """

    state: State
    user: User
    client_id: str
    division: int | None
    base_url: str
    language: str = "nl"
    booked_in: int | None = None
    options: dict = field(default_factory=dict)

    @property
    def settings(self):
        return self.state.settings

    def say(self, key, *arguments):
        wording = self.settings.wording
        return texts.say(self.language, key, *arguments, wording=wording)

    def about(self, key, name, *arguments):
        """Return a finding about a property, named as on the screens."""
        key = texts.NAMED.get((key, name), key)
        return self.say(key, texts.label(self.language, name), *arguments)

    def find(self, uri, key):
        return self.state.find(self.division, uri, key)

    def by_code(self, uri, code):
        return self.state.by_code(self.division, uri, code)

    def rows(self, uri):
        return self.state.rows(self.division, uri)
