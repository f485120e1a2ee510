"""What is loaded: marked, complete, findable, never mixed with real structures unasked, and gone when removed."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from maillage.accounts.models import User
from maillage.conversations.models import Conversation
from maillage.conversations.services import open_conversation
from maillage.demonstration.people import DOMAIN, personas
from maillage.demonstration.services import (
    PASSWORD,
    DemonstrationRefused,
    load_demonstration,
    remove_demonstration,
)
from maillage.directory.models import Assistance, Claim, Dissolution, Mandate, NetworkMembership, Structure
from maillage.directory.models import Picture as PagePicture
from maillage.opportunities.models import Opportunity, Party
from maillage.places.models import Place
from maillage.sharing.models import Listing, Picture, SearchWord
from maillage.sharing.search.criteria import Criteria
from maillage.sharing.search.query import search
from maillage.territory.models import Commune, DepartementContours
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return load_demonstration(structures=60)


def test_everything_loaded_is_marked_as_a_demonstration(loaded):
    assert (loaded.structures, loaded.is_new) == (60, True)
    assert not Structure.objects.filter(is_demonstration=False).exists()
    assert not User.objects.filter(is_demonstration=False).exists()
    assert Place.objects.exists()
    assert not Place.objects.filter(is_demonstration=False).exists()
    assert not User.objects.exclude(email__endswith=f"@{DOMAIN}").exists()
    assert not Structure.objects.exclude(rna_id=None, siret=None, register_id=None).exists()


def test_every_row_loaded_is_valid(loaded):
    for row in [
        *Structure.objects.all(),
        *Place.objects.all(),
        *Listing.objects.all(),
        *Mandate.objects.all(),
        *User.objects.all(),
    ]:
        row.full_clean()


def test_loading_again_changes_nothing(loaded):
    before = list(Listing.objects.order_by("pk").values())
    again = load_demonstration(structures=60, seed=99)
    assert (again.structures, again.is_new) == (60, False)
    assert list(Listing.objects.order_by("pk").values()) == before


def test_loading_beside_real_structures_is_refused():
    StructureFactory()
    with pytest.raises(DemonstrationRefused, match="de vraies structures"):
        load_demonstration(structures=20)
    assert not Structure.objects.filter(is_demonstration=True).exists()


def test_loading_beside_real_structures_when_forced():
    StructureFactory()
    assert load_demonstration(structures=20, force=True).structures == 20


def test_loading_without_a_territory_is_refused():
    DepartementContours.objects.all().delete()
    with pytest.raises(DemonstrationRefused, match="Aucun département n’est chargé"):
        load_demonstration(structures=20)


def test_another_territory_takes_the_demonstration_too():
    DepartementContours.objects.update(departement="09")
    assert load_demonstration(structures=40).structures == 40
    assert set(Structure.objects.values_list("commune__departement", flat=True)) == {"09"}


def test_networks_have_members(loaded):
    heads = NetworkMembership.objects.values_list("head__name", flat=True).distinct()
    assert "Union des foyers ruraux Le Fil d’autan" in heads


def test_an_agent_and_a_network_each_help_an_association(loaded):
    helps = Assistance.objects.running().order_by("pk")
    assert [(given.helper.is_agent, bool(given.head), given.listings.count()) for given in helps] == [
        (True, False, 1),
        (False, True, 1),
    ]
    for given in helps:
        given.full_clean()


def test_each_persona_can_sign_in_with_the_shared_password(loaded, rf):
    for email, name, _ in personas():
        person = authenticate(rf.post("/"), email=email, password=PASSWORD)
        assert person is not None, email
        assert person.name == name


def test_persona_without_listing_has_none(loaded):
    newcomer = User.objects.get(email="gerard.pujolar@demonstration.example")
    assert Listing.objects.filter(structure__mandates__user=newcomer).count() == 0


def test_vans_near_revel_on_a_saturday_are_found(loaded):
    today = timezone.localdate()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    revel = Commune.objects.get(departement="31", name="Revel")
    criteria = Criteria(words="camionnette", place=revel, radius_km=25, day=saturday)
    found = search(criteria, user=AnonymousUser(), today=today)
    vans = [listing for listing in found.listings if listing.category == "technical.vehicles.van"]
    assert len(vans) >= 2
    assert max(listing.distance_km for listing in vans) <= 25


def test_opportunities_of_each_kind_are_found():
    load_demonstration()
    kinds = set(Opportunity.objects.living().values_list("kind", flat=True))
    assert kinds == set(Opportunity.Kind.values)
    monique = Party.objects.living().filter(structure__mandates__user__name="Monique Fabre")
    assert [party.opportunity.kind for party in monique] == ["circle"]


def test_removal_takes_all_of_it_away_and_nothing_else(loaded):
    real = ListingFactory(title="Une vraie remorque")
    structures = Structure.objects.filter(is_demonstration=True)[:2]
    open_conversation(subject="Barnums", structures=structures, text="Bonjour")
    assert Opportunity.objects.exists()
    remove_demonstration()
    assert not Opportunity.objects.exists()
    assert not Conversation.objects.exists()
    assert list(Structure.objects.all()) == [real.structure]
    assert list(Listing.objects.all()) == [real]
    assert not User.objects.exists()
    assert not Mandate.objects.exists()
    assert set(Listing.pgh_event_model.objects.values_list("pgh_obj_id", flat=True)) == {real.pk}
    assert not Mandate.pgh_event_model.objects.exists()
    assert SearchWord.objects.filter(word="remorque").exists()
    assert not SearchWord.objects.filter(word="lauragais").exists()


def test_removal_takes_the_files_that_were_sent_and_leaves_those_of_others(loaded, django_capture_on_commit_callbacks):
    def file(name):
        return SimpleUploadedFile(name, b"RIFF")

    one, other = Structure.objects.filter(is_demonstration=True)[:2]
    real = StructureFactory()
    pictures = [
        PagePicture.objects.create(structure=structure, place=1, file=file("une.webp"), small_file=file("une-p.webp"))
        for structure in (one, real)
    ]
    listing = one.listings.first() or ListingFactory(structure=one)
    shown = Picture.objects.create(listing=listing, image=file("deux.webp"), position=5)
    begun = Picture.objects.create(draft=DraftFactory(structure=one), image=file("trois.webp"), position=0)
    conversation = open_conversation(subject="Barnums", structures=[one, other], text="Bonjour")
    joined = conversation.messages.get().attachments.create(
        position=1, name="budget.pdf", kind="pdf", size=4, file=file("budget.pdf")
    )
    claim = Claim.objects.create(structure=one, user=UserFactory(), document=file("statuts.pdf"))
    gone = [pictures[0].file, pictures[0].small_file, shown.image, begun.image, joined.file, claim.document]
    with django_capture_on_commit_callbacks(execute=True):
        remove_demonstration()
    assert [one.storage.exists(one.name) for one in gone] == [False] * 6
    assert pictures[1].file.storage.exists(pictures[1].file.name)


def test_a_real_structure_dissolved_in_favour_of_an_invented_one_keeps_its_dissolution(loaded):
    invented = Structure.objects.filter(is_demonstration=True).first()
    day = timezone.localdate()
    Dissolution.objects.create(structure=StructureFactory(), is_declared=True, day=day, receiver=invented)
    remove_demonstration()
    assert Dissolution.objects.get().receiver is None


def test_removal_of_nothing_does_nothing():
    assert remove_demonstration().structures == 0


def test_command_prints_the_accounts(capsys):
    call_command("demonstration_load", structures=20)
    said = capsys.readouterr().out
    assert "20 structures" in said
    assert "monique.fabre@demonstration.example" in said
    assert PASSWORD in said


def test_command_refuses_in_a_sentence():
    StructureFactory()
    with pytest.raises(CommandError, match="de vraies structures"):
        call_command("demonstration_load")


def test_remove_command_says_what_went(loaded, capsys):
    call_command("demonstration_remove")
    assert "60 structures" in capsys.readouterr().out
