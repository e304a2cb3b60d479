from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.accounts"
    label = "accounts"
