"""Which PostgreSQL is used: the user's own, or the one that these tools run."""

import getpass
import os
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import parse_dsn

from dev import postgres_cluster
from dev.console import Problem


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server; the role may create databases.

    :param str host: name, address, or the folder of a Unix socket.
    """

    host: str
    port: str
    user: str
    password: str = ""
    sslmode: str = "prefer"

    @contextmanager
    def cursor(self, database="postgres"):
        """Open a cursor outside any transaction, as CREATE DATABASE needs it.

        :raise Problem: the server cannot be reached.
        """
        try:
            connection = psycopg2.connect(
                host=self.host,
                port=self.port,
                user=self.user,
                password=self.password,
                sslmode=self.sslmode,
                dbname=database,
            )
        except psycopg2.OperationalError as err:
            raise Problem(f"PostgreSQL does not answer: {err}") from err
        with closing(connection):
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


def start():
    """Return the server to use; start ours when none is named.

    :raise Problem: it cannot be reached or started, or its role is one Odoo refuses.
    """
    server = named_server()
    if server is None:
        host, port = postgres_cluster.ensure_running()
        return Server(host=host, port=port, user=postgres_cluster.ROLE)
    if server.user == "postgres":
        raise Problem(
            "Odoo refuses to work as the PostgreSQL user postgres: name another role "
            "that may create databases (PGUSER, or in DATABASE_URL)."
        )
    with server.cursor():
        return server


def named_server():
    """Return the server that DATABASE_URL or PGHOST names, else None."""
    url = os.environ.get("DATABASE_URL")
    if not url and not os.environ.get("PGHOST"):
        return None
    try:
        dsn = parse_dsn(url or "")
    except psycopg2.ProgrammingError as err:
        raise Problem(f"DATABASE_URL is not understood: {err}") from err
    return Server(
        host=dsn.get("host") or os.environ.get("PGHOST", "localhost"),
        port=dsn.get("port") or os.environ.get("PGPORT", "5432"),
        user=dsn.get("user") or os.environ.get("PGUSER") or getpass.getuser(),
        password=dsn.get("password") or os.environ.get("PGPASSWORD", ""),
        sslmode=dsn.get("sslmode") or os.environ.get("PGSSLMODE", "prefer"),
    )
