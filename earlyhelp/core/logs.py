"""What no log may hold: the key to somebody's record, where an address is the key; and what stands in a record."""

import logging
import re

# The link by which a service answers: whoever holds it reads who was referred; and the one into a new account.
KEY = re.compile(r"(/(?:referred|welcome)/)[^/\s]+")
# PostgreSQL says which row broke its rule, with all that stands in it.
ROW = re.compile(r"DETAIL:.*?(?=\nThe above exception|\nDuring handling|\nTraceback|\Z)", re.DOTALL)


class WithoutKeys(logging.Filter):
    """Takes the key out of whatever a line says of such an address, and the row out of what a database says of its rules."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if KEY.search(said) or ROW.search(said):
            record.msg, record.args = _clean(said), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _clean(logging.Formatter().formatException(record.exc_info))
        return True


def _clean(text: str) -> str:
    return ROW.sub("DETAIL: ...", KEY.sub(r"\1...", text))
