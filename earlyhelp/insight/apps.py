from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.insight"
    label = "insight"
