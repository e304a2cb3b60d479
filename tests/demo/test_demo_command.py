"""What the command refuses."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from earlyhelp.partnership.models import User


def test_production_is_refused_unless_one_knows(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("demo", stdout=StringIO())

    assert not User.objects.exists()
