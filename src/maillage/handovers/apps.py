from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "maillage.handovers"
