"""Odoo databases: each is a PostgreSQL database plus a filestore of the same name."""

import os
import shutil
import time
from contextlib import suppress

from psycopg2 import errors, sql

from dev import paths

DROP_AGAIN_AFTER = (0.1, 0.5, 1, 3, 10)
"""Seconds."""


def names(server, prefix):
    """Return the names that start with `prefix`, oldest first."""
    with server.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database"
            " WHERE starts_with(datname, %s) ORDER BY oid",
            [prefix],
        )
        return [name for (name,) in cursor.fetchall()]


def create(server, name):
    """Create an empty database as Odoo itself does.

    Odoo's own creation would also ask for the extension pg_trgm, which not every server
    has and Odoo can do without.
    """
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE DATABASE {}"
                " ENCODING 'unicode' LC_COLLATE 'C' TEMPLATE template0"
            ).format(sql.Identifier(name))
        )


def copy(server, source, name):
    """Copy a database to which nobody is connected.

    The filestore is linked, not copied: Odoo names its files after their contents and
    never changes one. Without it a page lacks its scripts and styles.
    """
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )


def rename(server, name, new_name):
    """Rename a database; under its new name it is whole at any time."""
    with suppress(FileNotFoundError):
        shutil.rmtree(_filestore(new_name))
    with suppress(FileNotFoundError):
        _filestore(name).rename(_filestore(new_name))
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(name), sql.Identifier(new_name)
            )
        )


def drop(server, name):
    """Drop a database if it exists; sessions that are still open are cut."""
    query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
        sql.Identifier(name)
    )
    with server.cursor() as cursor:
        for seconds in (*DROP_AGAIN_AFTER, None):
            try:
                cursor.execute(query)
                break
            except errors.InsufficientPrivilege:
                # The server's own vacuum is in there, which this role may not end.
                if seconds is None:
                    raise
                time.sleep(seconds)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def _filestore(name):
    return paths.FILESTORE / name
