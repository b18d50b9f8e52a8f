"""What the tools say to the person at the terminal."""

import sys


class Problem(Exception):
    """Something a person has to fix; the text is one sentence that says how."""


def say(text):
    """Print one line of progress at once, also into a pipe."""
    print(f"==> {text}", flush=True)


def guarded(main):
    """Call `main`; show a `Problem` as its sentence, without a traceback.

    :return: exit status, as `main` returned it (None counts as 0).
    """
    try:
        return main() or 0
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
