from maillage.directory.management.register_commands import RegisterCommand


class Command(RegisterCommand):
    help = "Importer le Répertoire national des associations (fichier rna_waldec ou rna_import)."
