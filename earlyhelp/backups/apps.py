from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.backups"
    label = "backups"
