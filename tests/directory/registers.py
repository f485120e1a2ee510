"""Files in the ministry's two layouts, with the traps of the real ones, for tests and benchmarks."""

import csv
import io
from itertools import count

WALDEC_HEADER = """
    id id_ex siret rup_mi gestion date_creat date_decla date_publi date_disso nature groupement titre
    titre_court objet objet_social1 objet_social2 adrs_complement adrs_numvoie adrs_repetition adrs_typevoie
    adrs_libvoie adrs_distrib adrs_codeinsee adrs_codepostal adrs_libcommune adrg_declarant adrg_complemid
    adrg_complemgeo adrg_libvoie adrg_distrib adrg_codepostal adrg_achemine adrg_pays dir_civilite siteweb
    publiweb observation position maj_time
"""
WALDEC = WALDEC_HEADER.split()
WALDEC_WITH_CONTACTS = [*WALDEC[:34], "telephone", WALDEC[34], "email", *WALDEC[35:]]
IMPORT_HEADER = """
    id id_ex siret gestion date_creat date_publi nature groupement titre objet objet_social1 objet_social2 adr1
    adr2 adr3 adrs_codepostal libcom adrs_codeinsee dir_civilite siteweb observation position rup_mi maj_time
"""
IMPORT = IMPORT_HEADER.split()
PERSONAL = {
    "dir_civilite": "PM",
    "telephone": "0561000000",
    "email": "personne@exemple.fr",
    "adrg_declarant": "DUPONT Jeanne",
    "adrg_libvoie": "12 rue secrète",
    "adrs_numvoie": "7 bis A",
    "adrs_libvoie": "Impasse cachée",
    "adrs_distrib": "_Chez mr Durand",
    "adrs_complement": "Batiment discret",
    "adr1": "CHEZ MME MARTIN",
    "adr2": "3 CHEMIN DISCRET",
}
_USUAL = {
    "gestion": "313P",
    "date_creat": "2012-03-14",
    "date_decla": "2012-03-15",
    "date_publi": "2012-03-24",
    "date_disso": "0001-01-01",
    "nature": "D",
    "groupement": "S",
    "objet": "animer la vie du village",
    "objet_social1": "009030",
    "objet_social2": "000000",
    "adrs_codeinsee": "31451",
    "adrs_codepostal": "31250",
    "publiweb": "0",
    "position": "A",
    "maj_time": "2019-05-03 12:00:11",
}


def row(**cells):
    """A whole record, personal data included, with ``cells`` in place of the usual ones."""
    commune = cells.pop("commune", "Revel")
    return _USUAL | PERSONAL | {"adrs_libcommune": commune, "libcom": commune} | cells


def register(rows, columns=WALDEC, *, encoding="cp1252", quoting=csv.QUOTE_ALL, end="\r\n"):
    """The bytes of a file; a str cell may hold anything that ``encoding`` can write."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=quoting, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([[cells.get(column, "") for column in columns] for cells in rows])
    return text.getvalue().encode(encoding)


def trapped_waldec():
    """One row per trap of the waldec layout, with the name of the trap as identifier in the comments of the tests."""
    number = count(1)

    def trap(**cells):
        return row(**{"id": f"W3130000{next(number):02d}", "titre": "ESSAI"} | cells)

    return [
        trap(titre="COMITE DES FETES DE REVEL", siteweb="www.fetes-revel.fr", publiweb="1"),
        trap(id="W2A1000012", titre="A CORSE", adrs_codeinsee="2A004", adrs_codepostal="20000", commune="Ajaccio"),
        trap(id="W9R2000013", titre="LAGON", adrs_codeinsee="97411", adrs_codepostal="97400", commune="Saint-Denis"),
        trap(date_creat="0001-01-01", date_publi="1901-07-01", maj_time="0001-01-01  01:50:39"),
        trap(siret="0", rup_mi='"'),
        trap(siret="12345678901234"),
        trap(siret="78467169500103"),
        trap(
            titre="L\u2019\u0152IL D\u2019OC\u2026", objet='Une première ligne ;\nune « seconde » ; avec "guillemets".'
        ),
        trap(adrs_codeinsee="69303", adrs_codepostal="69003", commune="Lyon  3e  Arrondissement"),
        trap(adrs_codeinsee="75115", adrs_codepostal="75015", commune="Paris"),
        trap(adrs_codeinsee="31016", adrs_codepostal="31160", commune="Arguenos ancien"),
        trap(adrs_codeinsee="00000", adrs_codepostal="31081", commune="TOULOUSE CEDEX 9"),
        trap(adrs_codeinsee="1004", adrs_codepostal="1500", commune="Ambérieu-en-Bugey"),
        trap(adrs_codeinsee="91999", adrs_codepostal="", commune=""),
        trap(adrs_codeinsee="0", adrs_codepostal="31430", commune="Le    Fousseret"),
        trap(objet_social1="40000", objet_social2="0"),
        trap(objet_social1="006035"),
        trap(siteweb="javascript:alert(1)", publiweb="1"),
        trap(siteweb="https://cache.exemple.fr", publiweb="0"),
        trap(position="D"),
        trap(position="S"),
        trap(position="I"),
        trap(position="R", observation="REMPLACEE PAR W313000001"),
        trap(id="W31300123", titre="TROP COURT"),
        trap(id="", titre="SANS CLE"),
        trap(titre="  "),
        trap(nature="R", rup_mi="75.000.1951", titre="RECONNUE"),
    ]


def many(lines, *, first=0):
    """Rows that look like those of a département, for speed and for kills in the middle."""
    communes = [("31451", "31250", "Revel"), ("31555", "31000", "Toulouse"), ("31395", "31600", "Muret")]
    for number in range(first, first + lines):
        insee, postal, label = communes[number % 3]
        yield row(
            id=f"W31{number % 10}{number:06d}",
            titre=f"ASSOCIATION DES AMIS DU QUARTIER {number} DE {label.upper()}",
            titre_court=f"AAQ{number}",
            objet=f"Rassembler les habitants du quartier {number} ; organiser des fêtes, des repas et des sorties.",
            objet_social1=("009030", "006000", "011000")[number % 3],
            adrs_codeinsee=insee,
            adrs_codepostal=postal,
            commune=label,
            siteweb=f"quartier{number}.exemple.fr" if number % 20 == 0 else "",
            publiweb="1",
            position="D" if number % 7 == 0 else "A",
        )
