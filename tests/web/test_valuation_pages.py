"""The valuation of a year through its pages: recorded, added up, taken away as files and certificates."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.volunteering.models import InKindContribution, Rate
from maillage.web.spreadsheets import harmless
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.volunteering import ContributionFactory, HoursFactory, RateFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "loan",
    "label": "Salle des fêtes",
    "giver_name": "mairie de Revel",
    "day": "hier",
    "quantity": "2,5",
    "unit": "jour",
    "unit_value": "120,50 €",
    "method": "rental",
    "source": "tarif de la mairie",
}


@pytest.fixture
def structure(mandate):
    return mandate.structure


def add(client, structure, **typed):
    return client.post(reverse("add-contribution", args=[structure.pk]), TYPED | typed)


def read(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_a_contribution_is_recorded_and_added_up(member, structure):
    assert add(member, structure).status_code == 302
    one = InKindContribution.objects.get()
    assert (one.amount_cents, one.giver) == (30125, None)
    page = member.get(reverse("valuation", args=[structure.pk]), {"annee": one.day.year}).content.decode()
    assert page.count("301,25\u00a0€") == 5  # two lines, two totals, the contribution
    assert "861 Mises à disposition gratuites de biens" in page
    assert "871 Prestations en nature" in page
    member.post(reverse("remove-contribution", args=[one.pk]))
    assert not InKindContribution.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("quantity", "deux", "Écrivez un nombre, avec deux décimales au plus\u00a0: par exemple, 12,50."),
        ("quantity", "0", "Écrivez un nombre plus grand que zéro."),
        ("unit_value", "-3", "Écrivez un nombre, avec deux décimales au plus\u00a0: par exemple, 12,50."),
        ("source", "", "Dites d’où vient ce chiffre\u00a0: par exemple, le tarif de la mairie."),
        ("kind", "volunteering", "Sélectionnez un choix valide. volunteering n’en fait pas partie."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(member, structure, field, typed, said):
    refused = add(member, structure, **{field: typed})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {field: [said]}
    assert "tarif de la mairie" in refused.content.decode() or field == "source"


def test_the_same_contribution_is_not_counted_twice(member, structure):
    add(member, structure)
    again = add(member, structure)
    assert again.status_code == 422
    assert "Cette contribution est déjà enregistrée" in again.content.decode()
    assert InKindContribution.objects.count() == 1
    assert add(member, structure, label="Salle des fêtes, le soir").status_code == 302


def test_hours_that_changed_since_they_were_valued_are_told(member, structure, mandate):
    RateFactory(structure=structure, name="SMIC", valid_from=date(2020, 1, 1))
    hours = HoursFactory(structure=structure, validated=True, minutes=125)
    address = reverse("valuation", args=[structure.pk])
    member.post(reverse("value-hours", args=[structure.pk, hours.day.year]), {"rate": "SMIC"})
    said = "Les heures validées ont changé depuis ce calcul"
    assert said not in member.get(address, {"annee": hours.day.year}).content.decode()
    hours.minutes = 60
    hours.save()
    assert said in member.get(address, {"annee": hours.day.year}).content.decode()


def test_a_giver_of_maillage_reads_its_certificate(member, structure):
    giver = StructureFactory(name="Comité des fêtes")
    add(member, structure, giver_name="comité des FÊTES")
    one = InKindContribution.objects.get()
    assert one.giver == giver
    client = Client()
    client.force_login(MandateFactory(structure=giver).user)
    page = client.get(reverse("contribution-certificate", args=[one.pk])).content.decode()
    assert "301,25\u00a0€" in page
    assert "Ce n’est pas un reçu fiscal" in page
    own = client.get(reverse("valuation", args=[giver.pk]), {"annee": one.day.year}).content.decode()
    assert "Ce que vous avez donné" in own
    client.force_login(MandateFactory().user)
    assert client.get(reverse("contribution-certificate", args=[one.pk])).status_code == 404


def test_a_name_that_several_have_is_kept_as_a_name(member, structure):
    StructureFactory.create_batch(2, name="Amicale")
    add(member, structure, giver_name="Amicale")
    assert (InKindContribution.objects.get().giver, InKindContribution.objects.get().giver_name) == (None, "Amicale")


def test_hours_are_valued_from_the_page(member, structure):
    year = timezone.localdate().year
    HoursFactory(structure=structure, minutes=90, validated=True)
    HoursFactory(structure=structure, minutes=30)
    page = member.get(reverse("valuation", args=[structure.pk])).content.decode()
    assert "Il manque un taux" in page
    assert "30\u00a0min attendent encore" in page
    RateFactory()
    address = reverse("value-hours", args=[structure.pk, year])
    assert member.post(address, {"rate": "Autre"}).context["form"].errors == {
        "rate": ["Choisissez un taux de la liste."]
    }
    member.post(address, {"rate": "Taux d’essai"})
    assert InKindContribution.objects.get().amount_cents == 1667
    page = member.get(reverse("valuation", args=[structure.pk])).content.decode()
    assert "864 Personnel bénévole" in page
    assert "875 Bénévolat" in page


def test_the_entries_add_up_and_hold_no_formula(member, structure):
    ContributionFactory(structure=structure, day=date(2025, 3, 1), label="=HYPERLINK(1)", giver_name="")
    ContributionFactory(structure=structure, day=date(2025, 4, 1), kind="goods")
    ContributionFactory(structure=structure, day=date(2024, 4, 1))
    head, *rows = read(member.get(reverse("valuation-entries", args=[structure.pk, 2025])))
    assert head == ["date", "compte", "libellé", "débit", "crédit"]
    assert rows == [
        ["01/03/2025", "861", "'=HYPERLINK(1)", "241,00", "0,00"],
        ["01/03/2025", "871", "'=HYPERLINK(1)", "0,00", "241,00"],
        ["01/04/2025", "860", "Salle des fêtes, Mairie de Revel", "241,00", "0,00"],
        ["01/04/2025", "870", "Salle des fêtes, Mairie de Revel", "0,00", "241,00"],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_begins_like_a_formula_is_a_text(cell):
    assert harmless(cell) == f"'{cell}"


def test_the_hours_leave_for_benevalibre_once_validated(member, structure):
    HoursFactory(
        structure=structure, day=date(2025, 3, 1), minutes=90, validated=True, volunteer__name="@Odile", task="La paie"
    )
    HoursFactory(structure=structure, day=date(2025, 3, 1))
    head, *rows = read(member.get(reverse("benevalibre", args=[structure.pk, 2025])))
    assert head[:3] == ["pseudonyme", "association", "titre"]
    assert [row[:8] for row in rows] == [
        ["'@Odile", structure.name, "La paie", "", "01/03/2025", "01/03/2025", "01:30:00", "1,50"]
    ]


def test_rates_are_typed_with_their_source_and_dates(client, member, structure):
    typed = {
        "name": "SMIC d’essai",
        "hour_value": "11,11",
        "coefficient": "1,5",
        "source": "inventée",
        "valid_from": "01/01/2025",
    }
    own = reverse("rates", args=[structure.pk])
    assert member.post(own, typed | {"source": ""}).status_code == 422
    assert member.post(own, typed).status_code == 302
    refused = member.post(own, typed)
    assert "existe déjà à ces dates" in refused.content.decode()
    assert member.post(own, typed | {"valid_until": "01/01/2024"}).context["form"].errors == {
        "valid_until": ["La fin est avant le début. Changez l’une des deux dates."]
    }
    rate = Rate.objects.get()
    assert (rate.structure, str(rate.unit_value)) == (structure, "16.6650")
    agent = Client()
    agent.force_login(UserFactory(agent=True))
    agent.post(reverse("territory-rates"), typed)
    assert Rate.objects.filter(structure=None).count() == 1
    assert agent.post(reverse("remove-rate", args=[rate.pk])).status_code == 404
    member.post(reverse("remove-rate", args=[rate.pk]))
    assert Rate.objects.get().structure is None
