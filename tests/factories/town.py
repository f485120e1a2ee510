"""A small town with the people and listings that pages need: who may see what differs between them."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from maillage.accounts.models import User
from maillage.agreements.models import Agreement
from maillage.conversations.models import Attachment, Conversation, Message, Report
from maillage.conversations.services import open_conversation, post_message, report_message
from maillage.directory.claims import make_claim
from maillage.directory.models import (
    Claim,
    Dissolution,
    Invitation,
    Mandate,
    PageAddress,
    RegisterImport,
    RegisterImportLine,
    Structure,
)
from maillage.directory.models import Picture as PagePicture
from maillage.directory.services import request_register_import
from maillage.handovers.models import ConditionPhoto, ConditionReport, Extension, Incident
from maillage.opportunities.models import Party, Question
from maillage.opportunities.services import ask_team
from maillage.places.models import Place, PlaceImport, PlaceReport
from maillage.sharing.models import Booking, Draft, Inventory, Listing, Picture, SavedSearch
from maillage.volunteering.models import InKindContribution, Mission, Rate, VolunteerHours
from tests.factories.accounts import UserFactory
from tests.factories.agreements import make_agreement
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.handovers import confirmed_now, make_loan
from tests.factories.opportunities import RunFactory, make_opportunity
from tests.factories.places import PlaceFactory, PlaceImportFactory, PlaceReportFactory
from tests.factories.sharing import BookingFactory, DraftFactory, ListingFactory, make_done_inventory, make_inventory
from tests.factories.territory import CommuneFactory
from tests.factories.volunteering import (
    ContributionFactory,
    EngagementFactory,
    HoursFactory,
    MissionFactory,
    RateFactory,
)
from tests.places.tables import handed_over

INVENTORY = """Quoi;Combien;Prix;Caution;Responsable
Chaises pliantes;40;;50 €;Odile
Camionnette pour les concerts;1;35 € par jour;;Noé
Truc à bidules;beaucoup;;;
Zigouigoui;3;gratuit;;
"""


@dataclass(frozen=True)
class Town:
    """``member`` acts for ``structure``, ``outsider`` for ``neighbour``; ``agent`` is of the territory's team.

    structure   publishes ``offer`` (for everyone), ``need`` (for members) and ``paused``, with a photo: ``picture``;
                ``begun`` is a draft of which one screen is done, ``ready`` one that waits to be published; its page
                has a ``page_picture``
    neighbour   publishes ``neighbour_offer``, which answers ``need``, and has ended ``ended``; its page has the address
                « foyer-rural »

    party       that of ``structure`` in a circle with ``neighbour``, found by ``run``; it asked the team a ``question``

    ``structure`` talks with a third one in ``conversation``, that ``neighbour`` is not of. It reported the third one's
    ``message``, which carries ``attachment``, in ``report``.
    ``member`` asks to act for the third one, ``radio``, with a document, in ``claim``.
    ``mandate`` is that of ``member``. In ``joining`` someone asks to join ``structure``, which sent an ``invitation``.
    ``member`` keeps a search, ``alert``.
    ``former`` is dissolved, and ``structure`` receives what it had.
    ``structure`` proposed ``agreement`` to ``neighbour``, and keeps the draft of another, ``to_write``. Nobody has the
    right to sign.
    ``place`` is published and has an error reported (``place_report``); the team alone sees ``hidden_place``.

    ``booking`` lends ``neighbour_offer`` to ``structure``; ``neighbour`` asks for ``offer``: ``asked_booking``.
    ``neighbour`` lends ``ended`` to ``structure``, since yesterday, in ``loan``: ``condition`` is what it wrote of the
    hand-over, with ``condition_photo``, and ``structure`` has not answered. It has not handed ``to_hand`` over yet.
    It says that something is broken in ``incident``; ``structure`` asks for more
    time in ``extension``.

    ``member`` handed over ``waiting_inventory``, a list to confirm for ``structure``, and confirmed ``done_inventory``.
    ``agent`` handed over ``waiting_places``, a table to confirm, and had ``done_places`` imported.
    ``structure`` organises ``mission``, which someone accepted, and keeps ``draft_mission``; ``member`` accepted
    ``neighbour_mission``, of ``neighbour``. Someone gave ``structure`` ``hours`` to validate; the
    ``own_hours`` of ``member`` for it are validated. ``neighbour`` gave it a ``contribution``. ``rate`` is of the
    territory, ``own_rate`` of ``structure``.
    ``agent`` has had a register imported and another tried, and has not yet told the columns of a third.
    """

    structure: Structure
    neighbour: Structure
    member: User
    outsider: User
    agent: User
    offer: Listing
    need: Listing
    paused: Listing
    picture: Picture
    begun: Draft
    ready: Draft
    neighbour_offer: Listing
    ended: Listing
    done_import: RegisterImport
    tried_import: RegisterImport
    waiting_import: RegisterImport
    party: Party
    question: Question
    page_picture: PagePicture
    conversation: Conversation
    message: Message
    report: Report
    radio: Structure
    claim: Claim
    mandate: Mandate
    joining: Claim
    former: Structure
    invitation: Invitation
    alert: SavedSearch
    attachment: Attachment
    loan: Booking
    to_hand: Booking
    condition: ConditionReport
    condition_photo: ConditionPhoto
    incident: Incident
    extension: Extension
    place: Place
    hidden_place: Place
    place_report: PlaceReport
    waiting_places: PlaceImport
    done_places: PlaceImport
    booking: Booking
    asked_booking: Booking
    waiting_inventory: Inventory
    done_inventory: Inventory
    mission: Mission
    draft_mission: Mission
    neighbour_mission: Mission
    hours: VolunteerHours
    own_hours: VolunteerHours
    contribution: InKindContribution
    rate: Rate
    own_rate: Rate
    agreement: Agreement
    to_write: Agreement

    def address(self, pattern):
        """``pattern`` with the keys of the town: « /annonces/{offer}/ »."""
        return pattern.format(**{name: thing.pk for name, thing in vars(self).items()})


def make_town():
    revel, toulouse = CommuneFactory(revel=True), CommuneFactory(toulouse=True)
    structure = StructureFactory(name="Harmonie de Revel", commune=revel)
    neighbour = StructureFactory(name="Foyer rural de Saint-Félix", commune=revel)
    radio = StructureFactory(name="Radio du canal", commune=toulouse)
    member, outsider = UserFactory(name="Alix Martin"), UserFactory(name="Noé Benali")
    mandate = MandateFactory(user=member, structure=structure)
    MandateFactory(user=outsider, structure=neighbour)
    PageAddress.objects.create(slug="foyer-rural", structure=neighbour)
    text = "Pour transporter les instruments de l’orchestre : neuf mètres cubes, deux places à l’avant."
    van = {"title": "Camionnette pour les concerts", "text": text}
    agent = UserFactory(name="Camille Roux", agent=True)
    counts = {"read": 1200, "created": 1100, "updated": 60, "unchanged": 39, "skipped": 1}
    done_import = RegisterImport.objects.create(
        layout="waldec",
        file_name="rna_waldec_31.csv",
        state=RegisterImport.State.DONE,
        asked_by=agent,
        keeps_changes=True,
        bytes_total=90_000,
        bytes_read=90_000,
        report=counts | {"skipped_reasons": {"no_title": 1}, "noted_reasons": {}, "first_lines": {"no_title": [7]}},
        ended_at=timezone.now(),
    )
    RegisterImportLine.objects.create(
        register_import=done_import, line_number=7, outcome=RegisterImportLine.Outcome.SKIPPED, reason="no_title"
    )
    table = "Nom;Ville\nÉcho des coteaux;Revel\n".encode()
    tried_import = RegisterImport.objects.create(
        layout="csv",
        file_name="lieux.csv",
        file=SimpleUploadedFile("lieux.csv", table),
        column_mapping={"name": "Nom", "commune": "Ville"},
        dry_run=True,
        state=RegisterImport.State.DONE,
        asked_by=agent,
        report=counts | {"skipped_reasons": {}, "noted_reasons": {}, "first_lines": {}},
        ended_at=timezone.now(),
    )
    file = SimpleUploadedFile("associations.csv", table)
    offer = ListingFactory(structure=structure, priced=True, **van)
    need = ListingFactory(structure=structure, need=True, radius_km=30, title="Un camion pour le festival")
    neighbour_offer = ListingFactory(structure=neighbour, title="Fourgon du foyer", quantity=2)
    neighbour_need = ListingFactory(structure=neighbour, need=True, title="De quoi porter les décors")
    opportunity = make_opportunity((offer, need), (neighbour_offer, neighbour_need))
    RunFactory(done=True)
    party = opportunity.parties.get(structure=structure)
    conversation = _conversation([structure, radio], member)
    place = PlaceFactory(name="Maison des associations de Revel", commune=revel, complete=True)
    message = Message.objects.create(conversation=conversation, structure=radio, text="Plutôt vendredi.")
    paused = ListingFactory(structure=structure, paused=True, title="Tables pliantes", photo=_photo())
    ended = ListingFactory(structure=neighbour, closed=True, title="Remorque du foyer")
    tent = ListingFactory(structure=neighbour, closed=True, title="Barnum du foyer")
    loan = make_loan(photo=_photo(), listing=ended, borrower=structure, author=member)
    condition = loan.condition_reports.get()
    return Town(
        structure=structure,
        neighbour=neighbour,
        member=member,
        outsider=outsider,
        agent=agent,
        done_import=done_import,
        tried_import=tried_import,
        waiting_import=request_register_import(file=file, asked_by=agent, dry_run=True),
        offer=offer,
        need=need,
        paused=paused,
        picture=paused.pictures.get(),
        begun=DraftFactory(structure=structure, author=member, typed={"quoi": {"title": ["Une sono"]}}),
        ready=DraftFactory(structure=structure, author=member, typed=typed_of(structure)),
        neighbour_offer=neighbour_offer,
        ended=ended,
        loan=loan,
        to_hand=confirmed_now(listing=tent, borrower=structure, author=member),
        condition=condition,
        condition_photo=condition.photos.get(),
        extension=Extension.objects.create(booking=loan, until=loan.period.upper + timedelta(hours=2)),
        incident=Incident.objects.create(booking=loan, side="lender", what="Un feu arrière est cassé."),
        party=party,
        page_picture=_page_picture(structure),
        question=ask_team(party_id=party.pk, author=member, text="Qui assure la camionnette\u202f?"),
        conversation=conversation,
        message=message,
        attachment=message.attachments.create(
            position=1, name="budget.pdf", kind="pdf", size=240_000, file=SimpleUploadedFile("budget.pdf", b"%PDF-1.7")
        ),
        report=report_message(message=message, structure=structure, author=member, reason="advertising"),
        radio=radio,
        claim=make_claim(structure=radio, person=member, position="animatrice", document=_document(), site=""),
        mandate=mandate,
        former=_former(toulouse, structure),
        joining=make_claim(structure=structure, person=UserFactory(), text="Je joue du tuba le jeudi.", site=""),
        invitation=Invitation.objects.create(structure=structure, email="odile@exemple.fr", role="contributor"),
        alert=SavedSearch.objects.create(user=member, direction="offer", words="barnum", place=revel, radius_km=25),
        place=place,
        hidden_place=PlaceFactory(name="Ancien foyer", commune=revel, hidden=True),
        place_report=PlaceReportFactory(place=place),
        waiting_places=handed_over(PlaceImportFactory.build().content, asked_by=agent),
        done_places=PlaceImportFactory(asked_by=agent, done=True),
        booking=BookingFactory(listing=neighbour_offer, borrower=structure, author=member, confirmed=True),
        asked_booking=BookingFactory(listing=offer, borrower=neighbour, author=outsider),
        waiting_inventory=make_inventory(structure, member, INVENTORY),
        done_inventory=make_done_inventory(offer, member),
        **_missions(structure, neighbour, member),
        agreement=make_agreement(structure, neighbour, site=""),
        to_write=make_agreement(structure, neighbour, state="draft", use="La fête de la musique"),
    )


def _missions(structure, neighbour, member):
    mission = MissionFactory(structure=structure, title="Tenir la buvette du festival")
    EngagementFactory(mission=mission, user__name="Jo Lafon")
    EngagementFactory(mission=mission, invited=True)
    draft = MissionFactory(structure=structure, draft=True, policy="", title="Monter le chapiteau")
    theirs = MissionFactory(structure=neighbour, visibility="members", title="Trier les costumes")
    EngagementFactory(mission=theirs, user=member)
    hours = HoursFactory(structure=structure, volunteer__name="Jo Lafon")
    own = HoursFactory(structure=structure, volunteer=member, validated=True)
    HoursFactory(structure=structure, volunteer=member, written_by=UserFactory())
    kept = {"mission": mission, "draft_mission": draft, "neighbour_mission": theirs}
    rate, own_rate = RateFactory(), RateFactory(structure=structure, name="Tarif de l’animatrice")
    contribution = ContributionFactory(structure=structure, giver=neighbour)
    kept |= {"rate": rate, "own_rate": own_rate, "contribution": contribution}
    return kept | {"hours": hours, "own_hours": own}


def _former(commune, receiver):
    former = StructureFactory(name="Cercle des fileuses", commune=commune, dissolved=True)
    Dissolution.objects.create(structure=former, is_declared=True, day=timezone.localdate(), receiver=receiver)
    return former


def _conversation(structures, author):
    text = "Bonjour\u202f! Prochaine étape\u00a0: fixez un premier moment pour vous rencontrer."
    conversation = open_conversation(subject="Achat groupé\u00a0: assurance", structures=structures, text=text)
    post_message(
        conversation_id=conversation.pk, structure=structures[0], author=author, text="Jeudi à 18\u00a0h\u202f?"
    )
    return conversation


def _document():
    return SimpleUploadedFile("document.pdf", b"%PDF-1.4")


def _page_picture(structure):
    files = {"file": _photo(), "small_file": _photo()}
    return PagePicture.objects.create(
        structure=structure, place=1, is_cover=True, description="L’orchestre joue dehors.", **files
    )


def typed_of(structure):
    """Four screens without a fault."""
    return {
        "quoi": {
            "structure": [str(structure.pk)],
            "title": ["Remorque pour vélos"],
            "category": ["technical.vehicles.trailer"],
            "text": ["Deux roues, attache universelle."],
            "quantity": ["1"],
        },
        "ou": {"commune": [structure.commune.label], "radius_km": ["25"]},
        "quand": {"weekdays": ["5", "6"]},
        "conditions": {"conditions": ["free"], "visibility": ["everyone"]},
    }


def _photo():
    """A picture small enough to be quick, and real."""
    content = BytesIO()
    Image.new("RGB", (320, 240), "#1c6c92").save(content, "WEBP")
    return SimpleUploadedFile("tables.webp", content.getvalue())
