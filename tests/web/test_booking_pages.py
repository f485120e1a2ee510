"""Asking for an offer, answering and cancelling on pages: what is shown, kept, refused, and written to people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from maillage.sharing.bookings.terms import whole_days
from maillage.sharing.models import Booking, LendingRules
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday
from tests.letters import deliver

pytestmark = pytest.mark.django_db
State = Booking.State
WORDS = "Transporter les décors du spectacle de fin d’année"


@pytest.fixture
def lender():
    return MandateFactory(structure__name="Foyer rural")


@pytest.fixture
def van(lender):
    return ListingFactory(structure=lender.structure, title="Camionnette")


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


def asks(client, listing, day, **more):
    typed = {"first_day": f"{day:%d/%m/%Y}", "purpose": WORDS} | more
    return client.post(reverse("book", args=[listing.pk]), typed)


def test_a_request_leads_to_its_page_and_tells_the_lender(member, van, lender, saturday):
    answer = asks(member, van, saturday)
    booking = Booking.objects.get()
    assert answer["Location"] == booking.get_absolute_url()
    assert (booking.state, booking.period, booking.purpose) == (
        State.REQUESTED,
        whole_days(van, saturday, saturday),
        WORDS,
    )
    page = member.get(booking.get_absolute_url()).content.decode()
    assert "Rien n’est réservé d’ici là." in page
    (letter,) = deliver()
    assert letter.to == [lender.user.email]
    assert letter.subject.startswith("Demande pour samedi")
    assert WORDS in letter.body
    assert letter.attachments == []


def test_the_day_of_the_calendar_is_the_first_of_the_form(member, van, saturday):
    page = member.get(reverse("listing", args=[van.pk]) + f"?mois={saturday:%Y-%m}").content.decode()
    address = f"{reverse('book', args=[van.pk])}?du={saturday:%Y-%m-%d}#demande"
    assert f'href="{address}"' in page
    assert member.get(address).context["form"]["first_day"].value() == f"{saturday:%d/%m/%Y}"


def test_the_calendar_says_what_is_taken_and_how_many_are_left(client, van, lender, saturday):
    BookingFactory(listing=van, confirmed=True, period=whole_days(van, saturday, saturday))
    chairs = ListingFactory(structure=lender.structure, category="technical.equipment.events.tables", quantity=40)
    BookingFactory(listing=chairs, confirmed=True, quantity=28, period=whole_days(chairs, saturday, saturday))
    month = f"?mois={saturday:%Y-%m}"
    assert ", déjà pris</span>" in client.get(reverse("listing", args=[van.pk]) + month).content.decode()
    assert ", 12 libres sur la journée" in client.get(reverse("listing", args=[chairs.pk]) + month).content.decode()


def test_a_day_taken_meanwhile_keeps_what_was_typed_and_gives_free_days(member, van, saturday):
    LendingRules.objects.create(listing=van, approvals=0)
    BookingFactory(listing=van, confirmed=True, period=whole_days(van, saturday, saturday))
    answer = asks(member, van, saturday)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "déjà pris" in page
    assert "<title>Erreur\u00a0:" in page
    assert WORDS in page
    assert len(answer.context["near"]) == 3
    assert "Me mettre sur la liste d’attente" in page

    value, _ = answer.context["near"][0]
    assert asks(member, van, saturday, near=value).status_code == 302
    booking = Booking.objects.get(borrower__name="Harmonie de Revel")
    assert (booking.state, booking.purpose) == (State.CONFIRMED, WORDS)
    assert asks(member, van, saturday, waits="1").status_code == 302
    assert Booking.objects.filter(state=State.WAITING).count() == 1


def test_a_lender_accepts_with_a_word_and_each_gets_the_event(client, van, lender, saturday, mandate):
    booking = BookingFactory(listing=van, borrower=mandate.structure)
    client.force_login(lender.user)
    page = client.get(booking.get_absolute_url()).content.decode()
    assert "C’est libre à ces heures." in page
    client.post(reverse("accept-booking", args=[booking.pk]), {"oui-word": "Les clés sont au café."})

    letters = {letter.to[0]: letter for letter in deliver()}
    assert set(letters) == {mandate.user.email, lender.user.email}
    assert letters[mandate.user.email].subject.startswith("C’est oui pour samedi")
    assert "Les clés sont au café." in letters[mandate.user.email].body
    for letter in letters.values():
        ((name, content, kind),) = letter.attachments
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert (name, kind) == ("maillage.ics", "text/calendar; method=PUBLISH")
        assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.period.lower, booking.period.upper)


def test_what_is_cancelled_leaves_the_calendar_of_the_other(client, van, lender, mandate):
    booking = BookingFactory(listing=van, borrower=mandate.structure, author=mandate.user, confirmed=True)
    client.force_login(mandate.user)
    first = Calendar.from_ical(client.get(reverse("booking-event", args=[booking.pk])).content)
    client.post(reverse("cancel-booking", args=[booking.pk]))
    (letter,) = deliver()
    ((_, content, kind),) = letter.attachments
    (before,), (after,) = first.walk("VEVENT"), Calendar.from_ical(content).walk("VEVENT")
    assert letter.to == [lender.user.email]
    assert kind == "text/calendar; method=CANCEL"
    assert (before["UID"], before["SEQUENCE"] + 1, "CANCELLED") == (after["UID"], after["SEQUENCE"], after["STATUS"])


def test_an_offer_that_ends_keeps_its_promises_and_tells_those_who_asked(client, van, lender, mandate, saturday):
    promised = BookingFactory(listing=van, confirmed=True, day=saturday + timedelta(days=7))
    asked = BookingFactory(listing=van, borrower=mandate.structure, author=mandate.user)
    client.force_login(lender.user)
    assert "Les réservations acceptées restent promises" in client.get(van.get_absolute_url()).content.decode()
    client.post(reverse("close-listing", args=[van.pk]))

    promised.refresh_from_db()
    asked.refresh_from_db()
    assert (promised.state, asked.state) == (State.CONFIRMED, State.REFUSED)
    (letter,) = deliver()
    assert letter.to == [mandate.user.email]
    assert "Cette annonce est terminée." in letter.body
    assert "Les jours libres" not in letter.body


def test_a_refusal_without_a_reason_is_asked_again_and_one_with_it_gives_free_days(client, van, lender, mandate):
    booking = BookingFactory(listing=van, borrower=mandate.structure, author=mandate.user)
    client.force_login(lender.user)
    address = reverse("refuse-booking", args=[booking.pk])
    wrong = client.post(address, {"non-word": "Il part en révision."})
    assert wrong.status_code == 422
    assert "Il part en révision." in wrong.content.decode()
    client.post(address, {"non-why": "broken", "non-word": "Il part en révision."})
    (letter,) = deliver()
    assert letter.to == [mandate.user.email]
    assert "Les jours libres les plus proches" in letter.body
    client.force_login(mandate.user)
    page = client.get(booking.get_absolute_url()).content.decode()
    assert "Sa raison\u00a0: en panne." in page


def test_a_place_of_the_waiting_list_is_taken_by_one_press(client, van, lender, mandate):
    LendingRules.objects.create(listing=van, approvals=0)
    has = BookingFactory(listing=van, confirmed=True)
    waits = BookingFactory(listing=van, borrower=mandate.structure, state=State.WAITING)
    client.force_login(mandate.user)
    assert "Vous êtes en 1re place" in client.get(waits.get_absolute_url()).content.decode()
    client.force_login(lender.user)
    client.post(reverse("cancel-booking", args=[has.pk]), {"annuler-word": "Le prêt est annulé."})
    deliver()
    client.force_login(mandate.user)
    page = client.get(waits.get_absolute_url()).content.decode()
    assert "La place vous attend jusqu’au" in page
    client.post(reverse("take-booking", args=[waits.pk]))
    waits.refresh_from_db()
    assert waits.state == State.CONFIRMED


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first_day": ""}, "first_day"),
        ({"first_day": "32/13/2026"}, "first_day"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "x" * 301}, "purpose"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "999999999999"}, "quantity"),
        ({"first_day": "", "near": "n’importe quoi"}, "first_day"),
        ({"first_day": "", "near": "9999-12-31T23:59/9999-12-31T23:59:59"}, "first_day"),
    ],
)
def test_bad_input_says_how_to_mend_it_and_keeps_the_rest(member, lender, saturday, typed, field):
    chairs = ListingFactory(structure=lender.structure, category="technical.equipment.events.tables", quantity=40)
    answer = asks(member, chairs, saturday, **{"quantity": "2"} | typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "near", ["2026-11-28T08:00+01:00/2126-11-28T20:00+01:00", "0001-01-01T00:00+14:00/0001-01-02T00:00+00:00"]
)
def test_a_button_that_was_tampered_with_books_nothing(member, van, saturday, near):
    assert asks(member, van, saturday, near=near).status_code in (409, 422)
    assert not Booking.objects.exists()


def test_the_end_before_the_start_is_said_beside_its_field(member, van, saturday):
    answer = asks(member, van, saturday, last_day=f"{saturday - timedelta(days=1):%d/%m/%Y}")
    assert list(answer.context["form"].errors) == ["last_day"]
    assert "est avant le début" in answer.content.decode()


def test_an_hour_that_is_lent_by_the_hour_is_asked(member, lender, saturday):
    room = ListingFactory(structure=lender.structure, category="technical.premises.meeting_room")
    answer = asks(member, room, saturday, starts_at="18 h", ends_at="20h30", people="12")
    assert answer.status_code == 302
    booking = Booking.objects.get()
    assert [timezone.localtime(one).strftime("%H:%M") for one in (booking.period.lower, booking.period.upper)] == [
        "18:00",
        "20:30",
    ]


def test_the_pages_cost_the_same_for_one_booking_and_for_ten(member, mandate, van, django_assert_max_num_queries):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            BookingFactory(listing=van, borrower=mandate.structure, author=mandate.user)
        for address in (
            reverse("bookings"),
            reverse("booking", args=[Booking.objects.first().pk]),
            reverse("book", args=[van.pk]),
        ):
            with django_assert_max_num_queries(40) as seen:
                member.get(address)
            counts.append(len(seen))
    assert counts[:3] == counts[3:]


def test_a_booking_is_seen_by_its_two_sides_alone(client, van, mandate, lender):
    booking = BookingFactory(listing=van, borrower=mandate.structure)
    for person in (mandate.user, lender.user, MandateFactory().user):
        may = person.has_perm("sharing.see_booking", booking)
        assert may == Booking.objects.seen_by(person).filter(pk=booking.pk).exists()
        client.force_login(person)
        assert client.get(booking.get_absolute_url()).status_code == (200 if may else 404)
