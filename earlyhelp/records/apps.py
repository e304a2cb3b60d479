from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.records"
    label = "records"
