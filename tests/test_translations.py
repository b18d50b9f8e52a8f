"""Reads each translation beside its term: complete, with all that must stay as it is.

Each rule is also tried on a broken translation: one that finds nothing proves nothing.
"""

import ast
import re
import string
from collections import Counter

import polib
import pytest
from lxml import etree

from odoo.tools.misc import file_path

from dev import template, translations

NAMED = re.compile(r"%\(\w+\)[a-zA-Z]?|(?<!%)\{\w*\}")
BY_POSITION = re.compile(r"%[sdf%](?!\w)")
TAG = re.compile(r"<[^<>]+>")
# What Odoo translates inside a tag.
READ_IN_TAG = re.compile(r'\b(title|placeholder|alt|string|confirm|aria-label)="[^"]*"')
ARROW = " ▸ "
MENU = "model:ir.ui.menu,name:"
CODE = "model:ir.actions.report,print_report_name:"
OTHERS = ("account", "base", "base_setup", "mail", "product", "sale")
"""The add-ons whose menus our sentences name."""

NAMES = """
    API App BTW-nr Belgium COMANAGE Center EC EU Exact G/L GUID HTTPS ID Intrastat OAuth
    Odoo Online PDF REST SEPA URL VAT XML
""".split()
SAME = {
    "nl": """
        app apps code codes contact credit data datum details document e-mail export
        filter filters in is item items land later limit manager maximum menu minimum
        of open partner percentage periode plan postcode product prospect site start
        status suspect test tests token type uniek via
    """.split(),
    "fr": """
        action actions app cause center certain client code codes conclusion
        condition conditions contact contacts date dates description dimension
        document documents e-mail france important information international
        intrastat journal menu message messages minutes note notes original page
        pages plan prospect secret section services site solution standard suspect
        taxes test total transaction transactions type types
    """.split(),
    "de": """
        app center code codes details dimension filter format in information
        international intrastat journal link manager name original plan position problem
        start status system test tests text token version
    """.split(),
}
"""Words that the language writes as English does."""


def entries(language):
    return list(translations.read(translations.path(language)))


def terms():
    return [entry.msgid for entry in translations.read(template.PATH)]


def untranslated(entry):
    return not entry.msgstr.strip()


def other_placeholders(entry):
    """Tell whether the code would fill in something else, or could not at all.

    A sentence may name a record twice, hence a set; what has no name goes by position.
    """
    source, target = entry.msgid, entry.msgstr
    same = set(NAMED.findall(source)) == set(NAMED.findall(target))
    in_order = BY_POSITION.findall(source) == BY_POSITION.findall(target)
    return not (same and in_order and _fills(target) >= _fills(source))


def _fills(text):
    """Tell whether Python can fill in this text; one without placeholders need not."""
    values = dict.fromkeys(re.findall(r"%\((\w+)\)", text), "1")
    try:
        return bool(text % (values or ("1",) * len(re.findall(r"%[sd]", text))))
    except (TypeError, ValueError, KeyError):
        return False


def other_tags(entry):
    return _tags(entry.msgid) != _tags(entry.msgstr)


def _tags(text):
    """Return the tags of a text, and whether they close where they must."""
    tags = Counter(READ_IN_TAG.sub(r"\1", tag) for tag in TAG.findall(text))
    try:
        etree.fromstring(f"<p>{text}</p>")
    except etree.XMLSyntaxError:
        return tags, False
    return tags, True


def other_edges(entry):
    return _edges(entry.msgid) != _edges(entry.msgstr)


def _edges(text):
    start = len(text) - len(text.lstrip())
    return text[:start], text[len(text.rstrip()) :]


def english_left(entry):
    """Tell whether a term stayed English: the same, but for names and equal words."""
    return entry.msgid == entry.msgstr and bool(_words(entry.msgid))


def _words(text):
    text = TAG.sub(" ", NAMED.sub(" ", text))
    words = {word.strip(string.punctuation + "“”’…") for word in text.split()}
    return {word for word in words - set(NAMES) if re.search(r"[^\W\d]", word)}


def foreign_words(entry, language):
    same = set(SAME[language])
    return (
        not _is_code(entry)
        and english_left(entry)
        and any(word.lower() not in same for word in _words(entry.msgid))
    )


def other_code(entry):
    """Tell whether a term that Python evaluates became another expression."""
    return _is_code(entry) and _code(entry.msgid) != _code(entry.msgstr)


def _is_code(entry):
    return any(place.startswith(CODE) for place, _line in entry.occurrences)


def _code(text):
    """Return the names of an expression; what is quoted may be in any language."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return text
    kinds = (ast.Name, ast.Attribute, ast.operator)
    return [ast.dump(node) for node in ast.walk(tree) if isinstance(node, kinds)]


def wrong_path(entry, menus):
    """Tell whether a menu path in a translation names a menu that is not there."""
    first, *rest = entry.msgstr.split(ARROW)
    if not rest:
        return False
    *between, last = rest
    return not (
        _any(_ends, first, menus)
        and all(part in menus or _two_paths(part, menus) for part in between)
        and _any(_starts, last, menus)
    )


def _two_paths(text, menus):
    """Tell whether one path ends before this text does, and another begins in it."""
    return _any(_starts, text, menus) and _any(_ends, text, menus)


def _any(rule, text, menus):
    return any(rule(text, menu) for menu in menus)


def _ends(text, menu):
    return bool(re.search(rf"(?<!\w){re.escape(menu)}$", text))


def _starts(text, menu):
    return bool(re.match(rf"{re.escape(menu)}(?!\w)", text))


def menus_of(language):
    """Return the names of the menus that people read in this language."""
    files = [translations.path(language)]
    files += [file_path(f"{name}/i18n/{language}.po") for name in OTHERS]
    return {
        entry.msgstr or entry.msgid
        for file in files
        for entry in polib.pofile(str(file))
        if any(place.startswith(MENU) for place, _line in entry.occurrences)
    }


def found(language, rule, *more):
    """Return what breaks a rule, among the terms that have a translation at all."""
    return [
        (entry.msgid, entry.msgstr)
        for entry in entries(language)
        if not untranslated(entry) and rule(entry, *more)
    ]


def pair(msgid, msgstr, **more):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


each_language = pytest.mark.parametrize("language", translations.LANGUAGES)


@each_language
def test_every_term_is_translated(language):
    assert [entry.msgid for entry in entries(language) if untranslated(entry)] == []


@each_language
def test_the_terms_are_those_of_the_template(language):
    """Red when the template changed and `make translations` was not run."""
    assert sorted(entry.msgid for entry in entries(language)) == sorted(terms())


@each_language
def test_nothing_is_guessed_or_left_over(language):
    doubtful = [e.msgid for e in entries(language) if e.fuzzy or e.obsolete]
    assert doubtful == []


@each_language
def test_no_notes_of_translators_stay(language):
    assert [e.msgid for e in entries(language) if e.tcomment] == []


@each_language
@pytest.mark.parametrize(
    "rule", [other_placeholders, other_tags, other_edges, other_code]
)
def test_what_must_stay_is_as_in_the_term(language, rule):
    assert found(language, rule) == []


@each_language
def test_no_term_stayed_english(language):
    assert found(language, foreign_words, language) == []


@each_language
def test_each_menu_path_leads_through_menus_that_are_there(language):
    assert found(language, wrong_path, menus_of(language)) == []


@pytest.mark.parametrize(
    ("rule", "source", "right", "wrong"),
    [
        (untranslated, "Hold", "Vasthouden", " "),
        (other_placeholders, "%(a)s of %(b)s", "%(b)s: %(a)s", "%(a)s"),
        (other_placeholders, "%(a)s is late", "%(a)s is laat", "%(a) is laat"),
        (other_placeholders, "%(a)s is late", "%(a)s is laat", "%(aa)s is laat"),
        (other_placeholders, "%(a)s%% less", "%(a)s%% minder", "%(a)s% minder"),
        (other_placeholders, "%s of %d", "%s van %d", "%d van %s"),
        (other_placeholders, "{yy}{gl}", "{gl}{yy}", "{jj}{gl}"),
        (other_tags, "<b>Hold</b> it", "Het <b>vasthouden</b>", "Het vasthouden"),
        (other_tags, "<b>Hold</b>", "<b>Stop</b>", "<b>Stop<b/>"),
        (other_tags, '<i class="a">x</i>', '<i class="a">y</i>', '<i class="b">y</i>'),
        (other_tags, '<i title="On">x</i>', '<i title="Aan">y</i>', "<i>y</i>"),
        (other_tags, "R&amp;D", "O&amp;O", "O&O"),
        (other_edges, "Hold \n", "Stop \n", "Stop"),
        (other_edges, "  Hold", "  Stop", "Stop"),
        (english_left, "Hold it", "Vasthouden", "Hold it"),
    ],
)
def test_a_rule_finds_what_is_broken_and_nothing_else(rule, source, right, wrong):
    assert not rule(pair(source, right))
    assert rule(pair(source, wrong))


def test_the_name_of_a_printed_file_stays_an_expression():
    place = [(f"{CODE}comanage_exact.report", "")]
    name, broken = "'Preview - %s' % object.name", "'Voorbeeld - %s % object.name"
    right = pair(name, "'Voorbeeld - %s' % object.name", occurrences=place)
    assert not other_code(right)
    assert other_code(pair(name, "'Voorbeeld - %s' % object.id", occurrences=place))
    assert other_code(pair(name, broken, occurrences=place))


def test_names_and_equal_words_may_stay_as_they_are():
    assert not foreign_words(pair("Exact Online: %(a)s", "Exact Online: %(a)s"), "nl")
    assert not foreign_words(pair("Type", "Type"), "nl")
    assert foreign_words(pair("Cost Centre", "Cost Centre"), "nl")


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("Kies een code in Instellingen ▸ Btw-codes.", False),
        ("Kies een code in Instellingen ▸ Exact ▸ Btw-codes.", False),
        ("Kies een code in Instelling ▸ Btw-codes.", True),
        ("Kies een code in Instellingen ▸ Exakt ▸ Btw-codes.", True),
        ("Kies een code in Instellingen ▸ Btw.", True),
        ("Kies een code in Instellingen ▸ Btw-codeslijst.", True),
        ("Zie Instellingen ▸ Exact, of Instellingen ▸ Btw-codes.", False),
        ("Zie Instellingen ▸ Exact, of Instelling ▸ Btw-codes.", True),
        ("Kies een code.", False),
    ],
)
def test_a_menu_path_that_is_not_there_is_found(text, is_wrong):
    menus = {"Instellingen", "Exact", "Btw-codes"}
    assert wrong_path(pair("Choose one in …", text), menus) == is_wrong


def test_merging_keeps_what_is_known_and_guesses_nothing(tmp_path):
    old = polib.POFile()
    old.append(pair("Kept", "Behouden", tcomment="of a translator"))
    old.append(pair("Doubtful", "Twijfel", flags=["fuzzy"]))
    old.append(pair("Gone", "Weg"))
    old.save(str(tmp_path / "xx.po"))
    terms = polib.POFile()
    for text in ("Kept", "Doubtful", "New"):
        terms.append(pair(text, "", comment="module: comanage_exact"))
    known = translations.known(tmp_path / "xx.po")
    merged = translations.merged(terms, known, "xx")
    assert [(e.msgid, e.msgstr, e.comment, e.tcomment, e.flags) for e in merged] == [
        ("Kept", "Behouden", "module: comanage_exact", "", []),
        ("Doubtful", "", "module: comanage_exact", "", []),
        ("New", "", "module: comanage_exact", "", []),
    ]


def test_a_new_language_starts_from_nothing(tmp_path):
    assert translations.known(tmp_path / "xx.po") == {}
