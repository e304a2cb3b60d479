from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "earlyhelp.documents"
    label = "documents"

    def ready(self) -> None:
        autodiscover_modules("looks", "transitions", "panels", "todo")
