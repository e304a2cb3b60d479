from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.embedded"
    label = "embedded"
