from django.apps import AppConfig
from django.core import checks


class Config(AppConfig):
    name = "earlyhelp.embedded"
    label = "embedded"

    def ready(self) -> None:
        from earlyhelp.embedded.checks import the_role_is_ordinary

        checks.register(the_role_is_ordinary, checks.Tags.database)
