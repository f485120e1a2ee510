"""Hand-over and return: what is written, what is refused, who answers, what the offer is free for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maillage.handovers.loans import HandoverRefused, left_out
from maillage.handovers.models import ConditionReport
from maillage.handovers.services import add_photos, answer, hand_over, take_back
from maillage.sharing.models import Booking, Occupation, Part
from maillage.sharing.photos import clean_photo
from tests.at_once import at_once
from tests.factories.directory import MandateFactory
from tests.factories.handovers import confirmed_now, make_loan
from tests.factories.sharing import BookingFactory, ListingFactory
from tests.letters import address_in, deliver
from tests.sharing.test_photos import photo_file

pytestmark = pytest.mark.django_db
SEEN = {"condition": "good", "words": "", "gave": "Noé", "received": "Alix"}
SITE = "http://testserver/"


def given(booking, mandate, **more):
    return hand_over(booking_id=booking.pk, author=mandate.user, **SEEN | more)


def back(booking, mandate, **more):
    return take_back(booking_id=booking.pk, author=mandate.user, **SEEN | more)


def test_a_hand_over_and_its_return_are_kept_with_the_booking(van, borrower, lender):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    report = given(booking, lender, photos=[clean_photo(photo_file())], known_defects="Frein dur", defects_shown=True)

    booking.refresh_from_db()
    assert (booking.handed_at, booking.returned_at, left_out(booking)) == (report.at, None, 1)
    assert (report.side, report.waits_for, report.photos.count()) == ("lender", "borrower", 1)
    returned = back(booking, borrower, condition="worn")
    booking.refresh_from_db()
    assert (booking.returned_at, left_out(booking)) == (returned.at, 0)
    assert (returned.handed, returned.side) == (report, "borrower")


def test_what_comes_back_early_is_free_at_once(van, borrower, lender):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    given(booking, lender)
    back(booking, lender)
    assert Occupation.objects.get().period.upper <= timezone.now()


def test_what_is_handed_over_before_its_time_is_taken_from_then_on(van, borrower, lender):
    booking = confirmed_now(begins=5, listing=van, borrower=borrower.structure)
    report = given(booking, lender)
    assert Occupation.objects.get().period.lower == report.at


def test_a_thing_promised_to_others_before_is_not_handed_over_early(van, borrower, lender):
    confirmed_now(begins=1, ends=3, listing=van)
    with pytest.raises(HandoverRefused, match="réservé à d’autres avant"):
        given(confirmed_now(begins=5, listing=van, borrower=borrower.structure), lender)


def test_what_has_not_come_back_is_not_handed_to_the_next(van, borrower, lender):
    late = make_loan(ends=-2, listing=van)
    booking = confirmed_now(begins=-1, listing=van, borrower=borrower.structure)
    with pytest.raises(HandoverRefused, match=f"{late.borrower} n’a pas encore rendu"):
        given(booking, lender)
    back(late, lender)
    assert given(booking, lender).booking == booking


def test_a_part_that_is_out_keeps_the_whole_from_leaving(lender, borrower):
    kit = ListingFactory(structure=lender.structure, category="technical.equipment.sound_light.sound")
    speaker = ListingFactory(structure=lender.structure, category=kit.category)
    Part.objects.create(whole=kit, part=speaker)
    make_loan(ends=-2, listing=speaker)
    with pytest.raises(HandoverRefused, match="n’a pas encore rendu"):
        given(confirmed_now(begins=-1, listing=kit, borrower=borrower.structure), lender)


def test_counted_things_come_back_in_several_times(chairs, borrower, lender):
    booking = confirmed_now(listing=chairs, borrower=borrower.structure, quantity=30)
    given(booking, lender, quantity=28)
    back(booking, lender, quantity=20)
    booking.refresh_from_db()
    assert (left_out(booking), booking.returned_at) == (8, None)
    with pytest.raises(HandoverRefused, match="Il en reste 8 à rendre"):
        back(booking, lender, quantity=9)
    back(booking, lender, quantity=6, missing=2, condition="broken", words="Deux chaises cassées")
    booking.refresh_from_db()
    assert left_out(booking) == 0
    assert booking.returned_at is not None


@pytest.mark.parametrize(
    ("state", "more", "sentence"),
    [
        ("requested", {}, "en attente de réponse"),
        ("confirmed", {"begins": -4, "ends": -1}, "s’est terminée"),
    ],
)
def test_only_what_is_accepted_and_not_over_is_handed_over(van, borrower, lender, state, more, sentence):
    booking = confirmed_now(listing=van, borrower=borrower.structure, **more)
    Booking.objects.update(state=state)
    with pytest.raises(HandoverRefused, match=sentence):
        given(booking, lender)


def test_a_return_waits_for_its_hand_over_and_comes_once(van, borrower, lender):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    with pytest.raises(HandoverRefused, match="remise n’est pas encore notée"):
        back(booking, lender)
    given(booking, lender)
    with pytest.raises(HandoverRefused, match="déjà notée"):
        given(booking, borrower)
    back(booking, lender)
    with pytest.raises(HandoverRefused, match="déjà noté"):
        back(booking, borrower)


def test_a_form_sent_twice_is_one_report(van, borrower, lender):
    booking, key = confirmed_now(listing=van, borrower=borrower.structure), uuid4()
    assert given(booking, lender, key=key) == given(booking, lender, key=key)


def test_people_of_neither_side_write_nothing(van):
    booking = confirmed_now(listing=van)
    with pytest.raises(HandoverRefused, match="Vous n’agissez pas pour"):
        given(booking, MandateFactory())


def test_damage_is_told_in_words_and_defects_are_shown(van, borrower, lender):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    with pytest.raises(HandoverRefused, match="ce qui est abîmé"):
        given(booking, lender, condition="damaged")
    with pytest.raises(HandoverRefused, match="se montrent avant la remise"):
        given(booking, lender, known_defects="Frein dur")


def test_the_other_side_agrees_or_says_what_is_wrong(van, borrower, lender):
    report = make_loan(listing=van, borrower=borrower.structure).condition_reports.get()
    with pytest.raises(HandoverRefused, match=f"C’est à {borrower.structure} de répondre"):
        answer(report_id=report.pk, author=lender.user, agrees=True)
    with pytest.raises(HandoverRefused, match="Dites ce qui ne va pas"):
        answer(report_id=report.pk, author=borrower.user, agrees=False)
    answered = answer(report_id=report.pk, author=borrower.user, agrees=False, words="La rayure y était.")
    assert (answered.answer, answered.answered_by) == ("disagreed", borrower.user)
    assert answer(report_id=report.pk, author=borrower.user, agrees=True).answer == "disagreed"


def test_photos_are_added_until_the_other_side_has_answered(van, borrower, lender):
    report = given(confirmed_now(listing=van, borrower=borrower.structure), lender)
    for _ in range(6):
        add_photos(report_id=report.pk, author=lender.user, photos=[clean_photo(photo_file())])
    with pytest.raises(HandoverRefused, match="Six photos au plus"):
        add_photos(report_id=report.pk, author=lender.user, photos=[clean_photo(photo_file())])
    answer(report_id=report.pk, author=borrower.user, agrees=True)
    with pytest.raises(HandoverRefused, match="déjà répondu"):
        add_photos(report_id=report.pk, author=lender.user, photos=[])


def test_letters_ask_the_other_side_and_tell_of_a_disagreement(van, borrower, lender):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    report = given(booking, lender, site=SITE)
    (asked,) = deliver()
    assert (asked.to, asked.subject) == ([borrower.user.email], "La remise est notée\u00a0: Minibus")
    assert address_in(asked).startswith("/remises/lettre/")
    answer(report_id=report.pk, author=borrower.user, agrees=False, words="La rayure y était.", site=SITE)
    (told,) = deliver()
    assert told.to == [lender.user.email]
    assert "La rayure y était." in told.body


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("condition_report_before_its_return", {"kind": "returned"}),
        ("condition_report_condition_known", {"condition": "so-so"}),
        ("condition_report_of_something", {"quantity": 0}),
        ("condition_report_missing_at_the_return", {"missing": 1}),
        ("condition_report_defects_shown", {"known_defects": "Frein dur"}),
        ("condition_report_damage_in_words", {"condition": "broken", "words": " "}),
        ("condition_report_between_two_people", {"gave": ""}),
        ("condition_report_disagreement_in_words", {"answer": "disagreed", "answered_at": timezone.now()}),
        (
            "condition_report_answered_after_it_was_written",
            {"answer": "agreed", "answered_at": timezone.now() - timedelta(days=30)},
        ),
    ],
)
def test_the_database_refuses_what_must_never_be(van, constraint, change):
    report = make_loan(listing=van).condition_reports.get()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ConditionReport.objects.filter(pk=report.pk).update(**change)


def test_the_database_refuses_a_second_hand_over_and_a_seventh_photo(van):
    report = make_loan(photo=clean_photo(photo_file()), listing=van).condition_reports.get()
    again = {name: getattr(report, name) for name in ("booking", "kind", "at", "condition", "gave", "received", "side")}
    for constraint, write in (
        ("condition_report_once_a_booking", lambda: ConditionReport.objects.create(**again)),
        ("condition_report_six_photos_at_most", lambda: report.photos.create(position=7, image="a.webp")),
        ("condition_report_photo_position_once", lambda: report.photos.create(position=1, image="a.webp")),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            write()
    author = MandateFactory().user
    ConditionReport.objects.update(author=author, key=uuid4())
    other = make_loan(listing=ListingFactory()).condition_reports.get()
    with pytest.raises(IntegrityError, match="condition_report_form_sent_once"), transaction.atomic():
        ConditionReport.objects.filter(pk=other.pk).update(author=author, key=ConditionReport.objects.first().key)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_note_the_same_hand_over_at_once_write_one(borrower, lender, van):
    booking = confirmed_now(listing=van, borrower=borrower.structure)
    done = at_once(lambda: given(booking, lender), lambda: given(booking, borrower))
    connection.close()
    assert sorted(type(one).__name__ for one in done) == ["ConditionReport", "HandoverRefused"]


def test_a_booking_that_is_not_confirmed_has_nothing_out(van):
    assert left_out(BookingFactory(listing=van)) == 0
