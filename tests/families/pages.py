"""What the forms about a family and its people send."""

import uuid


def sent(**fields):
    return {"token": str(uuid.uuid4())} | fields


def edited(person, **changes):
    fields = {
        "version": person.version,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "sex": "female",
        "born_on": "1990-04-03",
    }
    return fields | changes
