from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "earlyhelp.families"
    label = "families"

    def ready(self) -> None:
        autodiscover_modules("secrets", "restricting")
