"""Why a file is kept back. The words are read by whoever put it there and by the governance lead: they say what to do."""


class Finding(Exception):
    """Kept back until somebody decides: there may be a good reason for it."""

    firm = False


class Harmful(Finding):
    """Made to deceive or to break something, or not to be made safe: nobody can release it."""

    firm = True
