from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        autodiscover_modules("transitions", "panels", "grounds", "todo", "routes", "briefs")
