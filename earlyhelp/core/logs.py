"""What no log may hold: the key to somebody's record, where an address is the key."""

import logging
import re

# The link by which a service answers: whoever holds it reads who was referred; and the one into a new account.
KEY = re.compile(r"(/(?:referred|welcome)/)[^/\s]+")


class WithoutKeys(logging.Filter):
    """Takes the key out of whatever a line says of such an address, a refused form's for one."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if KEY.search(said):
            record.msg, record.args = KEY.sub(r"\1...", said), ()
        return True
