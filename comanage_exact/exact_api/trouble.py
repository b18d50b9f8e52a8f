"""Answers that are no refusal: something broke inside Exact Online.

The request may have been carried out or not. Most of these texts are those of .NET, in
the language of the Exact user, and some come with the status of a refusal.
"""

import re
from collections.abc import Sequence

# Each begins the text: a refusal may quote one further on.
_TEXTS = (
    # Exact's own.
    r"an? (unexpected |internal |unknown )?(problem|error) (has )?occurred",
    r"er (is|heeft zich) een (onverwachte? |onbekende? |interne? )?(probleem|fout) "
    r"(opgetreden|voorgedaan)",
    r"une? (problème|erreur) (inattendue? |interne )?(est|s['’]est|a été) ",
    r"(es ist )?ein (unerwarteter |interner |unbekannter )?(problem|fehler) "
    r"(ist )?aufgetreten",
    r"server maintenance|server ?onderhoud|server (is )?(unavailable|too busy)",
    r"service (is )?(temporarily )?unavailable",
    # A null reference.
    r"object reference not set",
    r"de objectverwijzing is niet",
    r"la référence d['’]objet n['’]est pas",
    r"der objektverweis wurde nicht",
    # Time-outs and deadlocks of its database.
    r"(execution )?time-?out (expired|verstreken)|the operation has timed out",
    r"(de )?time-?out( voor de uitvoering)? is verstreken",
    r"(de|er is een) (bewerking|time-?out)( is)? (verlopen|opgetreden)",
    r"l['’]opération a expiré|délai d['’](attente|exécution) (dépassé|expiré)",
    r"timeout (ist )?abgelaufen|das zeitlimit",
    r"transaction \(process id \d+\) was deadlocked",
    r"thread was being aborted|de thread is afgebroken",
)
_TROUBLE = re.compile("|".join(f"(?:{text})" for text in _TEXTS), re.IGNORECASE)


def is_trouble(messages: Sequence[str]) -> bool:
    """Tell whether an error of the server is no finding about the request.

    :param messages: of its body; none where it cannot be read.
    """
    return not messages or bool(_TROUBLE.match(messages[0]))
