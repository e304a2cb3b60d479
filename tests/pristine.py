"""A test that commits gets a database as new, and leaves none of its rows behind.

Django's own way, ``flush``, empties every table: it would take the rows that migrations made, and the record of who
looked refuses to be emptied. A copy of the migrated database is quicker to put back than to refill.
"""

from django.db import connection, connections


def keep() -> None:
    """Copy the migrated database, once per run and worker."""
    name = connection.settings_dict["NAME"]
    _outside(f'DROP DATABASE IF EXISTS "{name}_pristine"', f'CREATE DATABASE "{name}_pristine" TEMPLATE "{name}"')


def restore() -> None:
    """Put the copy in the database's place, ending whatever connection a test forgot."""
    name = connection.settings_dict["NAME"]
    _outside(
        f'DROP DATABASE "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{name}_pristine" STRATEGY file_copy',
    )


def _outside(*statements: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
