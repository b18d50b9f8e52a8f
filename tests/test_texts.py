"""Reads every text of the add-on that a person may see, as the template has them."""

import re

import pytest
from babel.messages.pofile import read_po

from dev import template
from dev.templates import TESTS, fresh_copy

NOT_OURS = {
    "posting in Exact": r"\b(re)?post(s|ed|ing)?\b[^.]*\b(in|to) Exact",
    "forwarding": r"\bforward(s|ed|ing|able)?\b",
    "transfer": r"\btransfer(s|red|ring)?\b",
    "by itself": r"\bby (itself|themselves|hand)\b",
    "nothing is to be done": r"\bis to be done\b",
    "not any more": r"\bany more\b|\banymore\b",
    "since, for because": r", since\b|\bsince (it|they|Exact|Odoo|six|the)\b",
    "press": r"\bpress(ed|ing)?\b",
    "needs a person": r"\bneeds? (a person|you)\b",
    "put right": r"\bput right\b|\bcures?\b|\bcured\b",
    "look at this": r"\blook at this\b|\bto do\b",
    "on its way": r"\bon (its|their) way\b|\bbeing confirmed\b",
    # But for the button that has an entry deleted, and its status.
    "withdrawn": r"(?<=.)\bwithdrawn\b(?! from Exact)",
    "other cents": r"\bother cents\b",
    "the past": r"\bbook(s|ing)? the past\b|\bdoubles?\b",
    "decide it": r"\bdecide it\b|\bmay be in Exact Online already\b",
    "taken back": r"\btaken back\b",
    "wants a": r"\bwants? (a|an|no)\b",
    "did not understand": r"\bdid not understand\b",
    "goes on": r"\bgo(es)? on\b|\btakes? no more calls\b",
    "cannot stand": r"\bcannot stand in\b",
    "tries again": r"\btr(y|ies) again by\b|\btime and again\b|\banew\b",
    "told": r"\btold\b|\btells? of\b",
    "of Exact": r"\b(account|code|journal|condition|unit|cent(re|er)) of Exact\b",
    "his": r"\b(his|him|he|she|her)\b",
    "American spelling": r"\bcost ?center|\bcanceled\b|\be?mail(s)? address\b(?<!E)",
    "email": r"\bemails?\b",
}
"""The column "Not" of the house's vocabulary, by the words that people would say."""


@pytest.fixture(scope="module")
def texts():
    with open(template.PATH, "rb") as file:
        return sorted(message.id for message in read_po(file) if message.id)


@pytest.mark.parametrize("name", NOT_OURS)
def test_no_text_uses_words_of_the_not_column(texts, name):
    pattern = re.compile(NOT_OURS[name], re.IGNORECASE)
    assert [text for text in texts if pattern.search(text)] == []


def test_the_template_has_every_text_and_no_other(environment, tmp_path):
    """Red when a text was changed and `make template` was not run."""
    fresh = tmp_path / "fresh.pot"
    with fresh_copy(environment, TESTS) as database:
        template.export(environment, database, fresh)
    assert _messages(fresh) == _messages(template.PATH)


def _messages(path):
    with open(path, "rb") as file:
        return sorted(message.id for message in read_po(file) if message.id)
