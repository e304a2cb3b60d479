"""What a test asks for somebody else, or for nobody."""

from contextlib import contextmanager

from earlyhelp.core.wall import asked_for, asked_for_nobody
from earlyhelp.partnership.models import User


@contextmanager
def asked_by(user):
    """As a request of theirs that begins now."""
    again = User.objects.get(pk=user.pk)
    assert again.scope
    with asked_for_nobody():
        asked_for(again)
        yield
