from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.api"
    label = "api"
