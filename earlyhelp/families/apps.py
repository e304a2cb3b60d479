from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.families"
    label = "families"
