from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.wall"
    label = "wall"

    def ready(self) -> None:
        from earlyhelp.wall import scope  # noqa: F401
