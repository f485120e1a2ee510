"""The team finds two pages of one association, compares them and keeps one."""

import pytest
from django.urls import reverse

from maillage.directory.models import Structure
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent_client(client):
    return sign_in(client, UserFactory(name="Camille Roux", agent=True)) or client


@pytest.fixture
def pair():
    """The same club twice in Revel, and one of that name in Toulouse."""
    revel = CommuneFactory(revel=True)
    StructureFactory(name="Club de lecture", commune=CommuneFactory(toulouse=True))
    return StructureFactory(name="Club de lecture", commune=revel), StructureFactory(
        name="Club de Lecture", commune=revel
    )


def merge_page(pair):
    return reverse("merge-structures", args=[one.pk for one in pair])


def test_pages_of_one_name_in_one_commune_are_listed(agent_client, pair):
    context = agent_client.get(reverse("duplicates")).context
    assert context["groups"] == [list(pair)]


@pytest.mark.parametrize("count", [1, 5])
def test_the_cost_of_the_list_does_not_grow(agent_client, count, django_assert_num_queries):
    commune = CommuneFactory(revel=True)
    for number in range(count):
        StructureFactory.create_batch(2, name=f"Club {number}", commune=commune)
    agent_client.get(reverse("duplicates"))
    with django_assert_num_queries(11):
        agent_client.get(reverse("duplicates"))


def test_another_page_is_found_by_its_name(agent_client, pair):
    other = StructureFactory(name="Lecture pour tous")
    address = reverse("find-other-page", args=[pair[0].pk])
    assert pair[1] in agent_client.get(address).context["candidates"]
    found = agent_client.get(address, {"nom": "lecture pour"}).context["candidates"]
    assert list(found) == [other]
    nothing = agent_client.get(address, {"nom": " "})
    assert nothing.status_code == 422
    assert "Écrivez le nom d’une structure" in nothing.content.decode()


def test_the_page_of_a_structure_leads_the_agent_to_another_one(agent_client, pair, mandate):
    page = reverse("structure", args=[pair[0].pk])
    address = reverse("find-other-page", args=[pair[0].pk])
    assert f'href="{address}"' in agent_client.get(page).content.decode()
    agent_client.force_login(mandate.user)
    assert address not in agent_client.get(page).content.decode()


def test_two_communes_are_warned_of(agent_client, pair):
    far = Structure.objects.get(commune__name="Toulouse")
    warning = "L’une est à Revel, l’autre à Toulouse."
    assert warning in agent_client.get(merge_page([pair[0], far])).content.decode()
    assert "Deux communes différentes" not in agent_client.get(merge_page(pair)).content.decode()


def test_the_agent_compares_and_keeps_the_second_page(agent_client, pair):
    ListingFactory(structure=pair[0], title="Mille livres")
    MandateFactory(structure=pair[0])
    page = agent_client.get(merge_page(pair)).content.decode()
    assert "1\u00a0annonce" in page
    assert "1\u00a0mandat" in page
    done = agent_client.post(merge_page(pair), {"kept": pair[1].pk, "reason": "same"}, follow=True)
    assert done.redirect_chain == [(reverse("structure", args=[pair[1].pk]), 302)]
    assert "Mille livres" in done.content.decode()
    assert Structure.objects.get(pk=pair[0].pk).merged_into == pair[1]
    assert agent_client.get(merge_page(pair)).status_code == 404
    entry = next(one for one in agent_client.get(reverse("journal")).context["entries"] if one.what == "la structure")
    assert (entry.who, entry.reason) == ("Camille Roux", "double fiche")


def test_a_choice_that_is_missing_or_made_up_is_said(agent_client, pair):
    answer = agent_client.post(merge_page(pair), {"kept": "1000000", "reason": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kept", "reason"}
    assert Structure.objects.filter(merged_into=None).count() == 3


def test_a_page_is_not_compared_to_itself(agent_client, pair):
    assert agent_client.get(merge_page([pair[0], pair[0]])).status_code == 404


def test_the_page_of_a_dissolved_association_is_not_the_one_that_stays(agent_client, pair):
    Structure.objects.filter(pk=pair[0].pk).update(state=Structure.State.DISSOLVED)
    answer = agent_client.post(merge_page(pair), {"kept": pair[0].pk, "reason": "merged"})
    assert answer.status_code == 422
    assert "Gardez la fiche d’une association active." in answer.content.decode()
