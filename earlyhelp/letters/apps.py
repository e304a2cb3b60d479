from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.letters"
    label = "letters"
