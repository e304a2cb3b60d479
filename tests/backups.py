"""A second database beside the one of the tests, for a backup to be restored into."""

import uuid
from contextlib import contextmanager

from django.db import connection, connections

from earlyhelp.backups import measuring


@contextmanager
def elsewhere():
    """An empty database of its own, by the name that Django gives it. It has rules of its own about who may connect."""
    name = f"elsewhere_{uuid.uuid4().hex[:8]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        cursor.execute(f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
    connections[name] = connection.copy(name)
    connections[name].settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name]
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measured(using="default"):
    from django.db import transaction

    with transaction.atomic(using=using):
        return measuring.tables(using), measuring.sequences(using)
