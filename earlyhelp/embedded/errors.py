class EmbeddedError(RuntimeError):
    """A private server could not be made, started or stopped; the message says what to do about it."""
