from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "earlyhelp.records"
    label = "records"

    def ready(self) -> None:
        autodiscover_modules("transitions", "grounds", "guards", "panels", "todo", "accounting")
