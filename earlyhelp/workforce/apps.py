from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.workforce"
    label = "workforce"
