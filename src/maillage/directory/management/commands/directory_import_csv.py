from maillage.directory.management.register_commands import RegisterCommand
from maillage.directory.register import RegisterRefused, layouts


class Command(RegisterCommand):
    help = "Importer des structures d’un CSV quelconque en disant ce que contient chaque colonne."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--map",
            nargs="+",
            required=True,
            metavar="CHAMP=COLONNE",
            help=f"par exemple name=Nom commune=Ville ; champs : {', '.join(layouts.CSV_FIELDS)}",
        )

    def mapping(self, options):
        pairs = [pair.partition("=") for pair in options["map"]]
        if any(not column for _, _, column in pairs):
            raise RegisterRefused("Écrivez chaque correspondance sous la forme champ=Colonne, par exemple name=Nom.")
        return {field.strip(): column for field, _, column in pairs}
