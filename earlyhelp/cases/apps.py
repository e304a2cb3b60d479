from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "earlyhelp.cases"
    label = "cases"

    def ready(self) -> None:
        autodiscover_modules(
            "passages",
            "transitions",
            "timebox",
            "emergency",
            "panels",
            "grounds",
            "pages",
            "wishes",
            "extracts",
            "todo",
            "leaving",
        )
