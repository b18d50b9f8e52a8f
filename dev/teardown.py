"""The part of `make clean` that needs the virtual environment: databases and server."""

import sys

from dev import postgres, postgres_cluster, templates
from dev.console import guarded


def main():
    """Drop our databases on a server of the user's own, and stop ours."""
    server = postgres.named_server()
    if server:
        templates.drop_all(server)
    postgres_cluster.stop()


if __name__ == "__main__":
    sys.exit(guarded(main))
