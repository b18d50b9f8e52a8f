"""`make translations`: brings the translations up to the template; lists what lacks.

A term that the template no longer has is dropped with its translation. None is guessed:
a term that changed is empty until someone translates it.
"""

import sys

import polib

from dev import template
from dev.console import guarded

LANGUAGES = ("nl", "fr", "de")
FOLDER = template.PATH.parent
PLURALS = {"fr": "nplurals=2; plural=n > 1;"}
OTHER_PLURALS = "nplurals=2; plural=n != 1;"


def path(language):
    return FOLDER / f"{language}.po"


def read(file):
    return polib.pofile(str(file), encoding="utf-8")


def known(file):
    """Return the translations of a file by their terms, without the doubtful ones."""
    if not file.exists():
        return {}
    return {
        entry.msgid: entry.msgstr
        for entry in read(file)
        if not entry.obsolete and not entry.fuzzy
    }


def merged(terms, translated, language):
    """Return the template with the translations there are.

    What a translator notes beside a term is left out, so that each language has the
    comments of the template, and differs in its translations alone.

    :param polib.POFile terms: the template.
    :param dict translated: translation by term.
    """
    result = polib.POFile()
    result.header = terms.header
    result.metadata = {
        **{key: text for key, text in terms.metadata.items() if "Date" not in key},
        "Language": language,
        "Plural-Forms": PLURALS.get(language, OTHER_PLURALS),
    }
    for term in terms:
        result.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=translated.get(term.msgid, ""),
                comment=term.comment,
                occurrences=term.occurrences,
                flags=[flag for flag in term.flags if flag != "fuzzy"],
            )
        )
    return result


def report(file, language):
    missing = [entry.msgid for entry in file if not entry.msgstr]
    print(f"{language}: {len(file) - len(missing)} of {len(file)} terms translated")
    for term in missing:
        print(f"    {' '.join(term.split())}")


def main():
    """Merge the template into each language, or into those of the arguments."""
    terms = read(template.PATH)
    for language in sys.argv[1:] or LANGUAGES:
        file = merged(terms, known(path(language)), language)
        file.save(str(path(language)))
        report(file, language)


if __name__ == "__main__":
    sys.exit(guarded(main))
