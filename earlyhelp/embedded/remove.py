"""``make clean``: stop the servers of this checkout and remove what they hold."""

import shutil
import sys

from earlyhelp import embedded
from earlyhelp.embedded.children import Children


def remove() -> None:
    if not embedded.HOME.exists():
        return
    with Children(embedded.HOME, embedded.PROJECT, {}).alone("'make clean'"):
        for server in (embedded.database(), embedded.broker()):
            if server.home.exists():
                server.discard()
        shutil.rmtree(embedded.HOME)


if __name__ == "__main__":
    try:
        remove()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
