"""What people do with bookings: ask, accept, refuse, cancel. Each locks what the offer takes, counts, then writes."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.conversations.models import Block
from maillage.directory.helping import note_help
from maillage.directory.models import Structure
from maillage.directory.rules import acts_for
from maillage.engine.french import number_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings import stock, terms
from maillage.sharing.bookings.terms import BookingRefused, rules_of
from maillage.sharing.models import Booking, Listing
from maillage.sharing.periods import A_DAY, at_said, first_day_of


class BookingTaken(BookingRefused):
    """Someone else has it; ``near`` are the nearest periods that are free."""

    def __init__(self, text, near=()):
        super().__init__(text)
        self.near = near


def ask(
    *,
    listing_id,
    borrower,
    author,
    period,
    purpose,
    quantity=1,
    people=None,
    key=None,
    waits=False,
    site="",
    series=None,
):
    """Ask for an offer in the name of ``borrower``; confirmed at once when its owner asks for nobody's approval.

    key    a UUID of the form that was filled: sent twice, it is one booking
    waits  take a place in the waiting list when it is taken
    site   the address of Maillage, for the letters; without, none are written
    series the BookingSeries that it belongs to, of which one letter tells
    Raises BookingTaken, BookingRefused
    """
    with transaction.atomic(), acting(author):
        stock.lock(Listing(pk=listing_id))
        if sent := key and Booking.objects.filter(key=key, author=author).first():
            return sent
        listing = lent(listing_id)
        rules = rules_of(listing)
        _check_both(listing, borrower, author)
        now = timezone.now()
        terms.check(listing, rules, period=period, quantity=quantity, people=people, now=now)
        _check_fair_use(listing, rules, borrower)
        booking = Booking(
            listing=listing,
            borrower=borrower,
            author=author,
            key=key,
            period=period,
            quantity=quantity,
            people=people,
            purpose=purpose.strip(),
            series=series,
        )
        _clean(booking)
        free = free_for(booking, rules)
        if free < quantity and not waits:
            raise _taken(booking, rules, free)
        if free < quantity:
            booking.state = Booking.State.WAITING
        booking.save()
        note_help(author, borrower)
        tell(booking, "booking.asked")
        if booking.state == Booking.State.REQUESTED and rules.approvals == 0:
            _confirm(booking, rules, site, told=series is None)
        elif booking.state == Booking.State.REQUESTED and series is None:
            write("asked", booking, site)
    return booking


def accept(*, booking_id, author, word="", site="", told=True):
    """Say yes, for the lender; the booking is confirmed when as many have said so as its rules ask.

    told  whether a letter tells of it; that of a series tells of all of its dates
    Raises BookingTaken when it was taken meanwhile, BookingRefused
    """
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        check_acts(author, booking.lender)
        if booking.state == Booking.State.CONFIRMED:
            return booking
        if booking.state != Booking.State.REQUESTED:
            raise BookingRefused(_ALREADY.format(booking.get_state_display()))
        if booking.period.upper < timezone.now():
            raise BookingRefused("Ce jour est déjà passé\u00a0: vous pouvez refuser la demande, ou la laisser.")
        rules = rules_of(booking.listing)
        booking.given_approvals.get_or_create(person=author)
        note_help(author, booking.lender)
        booking.word = word.strip() or booking.word
        if booking.given_approvals.count() < rules.approvals:
            booking.save(update_fields=["word"])
            tell(booking, "booking.approved")
            return booking
        free = free_for(booking, rules)
        if free < booking.quantity:
            raise _taken(booking, rules, free)
        _confirm(booking, rules, site, told=told)
    return booking


def refuse(*, booking_id, author, why, word="", site="", told=True):
    """Say no, for the lender, with the reason. Raises BookingRefused."""
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        check_acts(author, booking.lender)
        if booking.state == Booking.State.REFUSED:
            return booking
        if booking.state not in (Booking.State.REQUESTED, Booking.State.WAITING):
            raise BookingRefused(_ALREADY.format(booking.get_state_display()))
        if why not in Booking.Why.values:
            raise BookingRefused("Dites pourquoi\u00a0: cela aide l’autre association à trouver ailleurs.")
        note_help(author, booking.lender)
        end(booking, Booking.State.REFUSED, author, why=why, word=word)
        if told:
            write("refused", booking, site)
    return booking


def cancel(*, booking_id, author, word="", site="", told=True):
    """Give a booking up, for the borrower, until its rule says; or take it back, for the lender, with a word.

    Raises BookingRefused
    """
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        by_borrower = acts_for(author, booking.borrower)
        lends = acts_for(author, booking.lender)
        by_lender = lends and not by_borrower
        if not lends and not by_borrower:
            raise BookingRefused("Vous n’agissez pas pour l’une des associations de cette réservation.")
        if booking.state == Booking.State.CANCELLED:
            return booking
        if booking.state not in Booking.LIVING:
            raise BookingRefused(_ALREADY.format(booking.get_state_display()))
        if booking.handed_at:
            raise BookingRefused("Ce bien est déjà remis\u00a0: il se rend, la réservation ne s’annule plus.")
        if by_lender and booking.state not in Booking.OCCUPYING:
            raise BookingRefused("Cette demande attend votre réponse\u00a0: acceptez-la, ou refusez-la.")
        if by_lender and not word.strip():
            raise BookingRefused("Dites pourquoi en une phrase\u00a0: l’autre association compte sur vous.")
        if not lends:
            _check_in_time(booking)
        note_help(author, booking.lender if by_lender else booking.borrower)
        news = _news_of_the_end(booking, by_lender)
        end(booking, Booking.State.CANCELLED, author, word=word, site=site)
        if told and news:
            write(news, booking, site)
    return booking


def _news_of_the_end(booking, by_lender):
    """What to write of a booking that is about to be cancelled: nothing of a place that its lender never heard of."""
    if by_lender:
        return "cancelled_by_lender"
    return {Booking.State.CONFIRMED: "cancelled_by_borrower", Booking.State.REQUESTED: "withdrawn"}.get(booking.state)


def refuse_all(listing, author, site=""):
    """Tell those who asked for an offer that ends, or wait for it; what is accepted stays so. Its locks are taken."""
    asking = Booking.objects.filter(listing=listing, state__in=(Booking.State.WAITING, Booking.State.REQUESTED))
    related = asking.living().select_related("listing__structure", "listing__lending_rules", "borrower")
    for booking in related.order_by("pk").select_for_update(of=("self",)):
        end(booking, Booking.State.REFUSED, author, why=Booking.Why.OTHER, word="Cette annonce est terminée.")
        write("refused", booking, site)


def withdraw_bookings(structures, site=""):
    """Cancel what ``structures`` (ids), which end, were still to borrow or to lend; the others are told."""
    living = Booking.objects.between(structures).living().filter(handed_at=None)
    related = living.select_related("listing__structure", "listing__lending_rules", "borrower")
    for booking in related.order_by("pk").select_for_update(of=("self",)):
        news = _news_of_the_end(booking, booking.listing.structure_id in structures)
        end(booking, Booking.State.CANCELLED, None, word="Cette association n’est plus active.", site=site)
        if news:
            write(news, booking, site)


_NO_LONGER = "Cette annonce n’est plus proposée\u00a0: cherchez-en une autre."
_ALREADY = "Cette réservation est déjà {}\u00a0: rechargez la page pour la voir."
_FAIR = "Votre association a déjà {} à venir pour ce bien\u00a0: c’est le plus que l’on peut avoir à la fois."


def lent(listing_id):
    """The offer, with its rules, that one may ask for. Raises BookingRefused."""
    related = Listing.objects.select_related("structure", "lending_rules").defer("search_vector")
    listing = related.filter(pk=listing_id).first()
    if listing is None or not terms.is_lent(listing) or not listing.is_shown:
        raise BookingRefused(_NO_LONGER)
    return listing


def locked(booking_id):
    """The booking and all that its offer takes, locked: first the offers, as ``ask`` does, then the row."""
    found = Booking.objects.select_related("listing").filter(pk=booking_id).first()
    if found is None:
        raise BookingRefused("Cette réservation n’existe plus.")
    stock.lock(found.listing)
    related = Booking.objects.select_related("listing__structure", "listing__lending_rules", "borrower", "author")
    return related.select_for_update(of=("self",)).get(pk=booking_id)


def _check_both(listing, borrower, author):
    """Locked, in the order of their numbers, so that neither ends meanwhile; and each borrower asks one at a time."""
    if borrower.pk == listing.structure_id:
        raise BookingRefused("Cette annonce est la vôtre\u00a0: notez un jour fermé plutôt qu’une réservation.")
    check_acts(author, borrower)
    if Block.objects.filter(structure=listing.structure_id, blocked=borrower).exists():
        raise BookingRefused("Cette association ne reçoit pas vos demandes.")
    active = Structure.objects.active().select_for_update(no_key=True, of=("self",)).order_by("pk")
    both = active.in_bulk([borrower.pk, listing.structure_id])
    if borrower.pk not in both:
        raise BookingRefused(f"{borrower} n’est plus active\u00a0: elle ne réserve plus.")
    if listing.structure_id not in both:
        raise BookingRefused(_NO_LONGER)


def check_acts(author, structure):
    if not acts_for(author, structure):
        raise BookingRefused(f"Vous n’agissez pas pour {structure}.")


def _check_fair_use(listing, rules, borrower):
    if rules.most_each is None:
        return
    living = Booking.objects.living().exclude(state=Booking.State.WAITING)
    if living.filter(listing=listing, borrower=borrower).count() >= rules.most_each:
        many = "une réservation" if rules.most_each == 1 else f"{number_fr(rules.most_each)} réservations"
        raise BookingRefused(_FAIR.format(many))


def _check_in_time(booking):
    rules = rules_of(booking.listing)
    last = first_day_of(booking.period) - rules.cancel_days * A_DAY
    if booking.state == Booking.State.CONFIRMED and timezone.localdate() > last:
        raise BookingRefused(
            "Il est trop tard pour annuler ici\u00a0: écrivez à l’association, elle peut annuler pour vous."
        )


def free_for(booking, rules):
    taken = terms.taken_by(booking.period, rules)
    return stock.Stock(booking.listing, taken.lower, taken.upper, without=booking.pk and booking).free(
        taken.lower, taken.upper
    )


def _taken(booking, rules, free):
    near = stock.near(booking.listing, rules, period=booking.period, quantity=booking.quantity, now=timezone.now())
    left = f"Il n’en reste que {number_fr(free)}" if free else "C’est déjà pris"
    return BookingTaken(f"{left} {at_said(booking.period)}. Votre texte est gardé.", near)


def _confirm(booking, rules, site, *, told=True):
    """The locks are taken, and as many are free: the constraint is there for what a mistake would let through."""
    try:
        with transaction.atomic():
            stock.occupy(booking, rules)
    except IntegrityError:
        raise _taken(booking, rules, 0) from None
    confirm_held(booking, site, told=told)
    _refuse_what_no_longer_fits(booking, rules, site)


def confirm_held(booking, site, *, told=True):
    """What a booking takes is written already."""
    booking.state, booking.answered_at, booking.held_until = Booking.State.CONFIRMED, timezone.now(), None
    booking.save(update_fields=["state", "answered_at", "held_until", "word"])
    tell(booking, "booking.confirmed")
    if told:
        write("confirmed", booking, site)


def _refuse_what_no_longer_fits(confirmed, rules, site):
    """Those who asked for the same time are told at once, with days that are free, rather than left to wait."""
    asking = Booking.objects.waiting_for_an_answer().filter(
        listing=confirmed.listing, period__overlap=terms.taken_by(confirmed.period, rules)
    )
    for other in asking.select_related("listing__structure", "listing__lending_rules").select_for_update(of=("self",)):
        if free_for(other, rules) < other.quantity:
            end(other, Booking.State.REFUSED, None, why=Booking.Why.TAKEN)
            write("refused", other, site)


def end(booking, state, author, *, why="", word="", site=""):
    """Nothing comes of it any more: what it took is free, for those who wait first."""
    if booking.state in Booking.OCCUPYING:
        stock.release(booking)
        offer_what_is_free(booking.listing_id, booking.period, site)
    booking.state, booking.ended_by, booking.why, booking.word = state, author, why, word.strip()
    booking.answered_at, booking.held_until = timezone.now(), None
    booking.sequence += 1
    _clean(booking)
    booking.save()
    tell(booking, f"booking.{state}")


def offer_what_is_free(listing_id, period, site):
    """In a job: keep what is free again during ``period`` for those who wait."""
    start, stop = (moment.isoformat() for moment in (period.lower, period.upper))
    app.configure_task("sharing.offer_what_is_free", queue=LETTERS).defer(
        listing_id=listing_id, start=start, end=stop, site=site
    )


def _clean(booking):
    try:
        booking.full_clean(exclude=["period", "author"], validate_constraints=False)  # an erased account is no author
    except ValidationError as error:
        raise BookingRefused(" ".join(error.messages)) from error


def tell(booking, name):
    events.publish_on_commit(f"listing:{booking.listing_id}", name, {"booking": booking.pk})


def write(what, booking, site):
    if site:
        app.configure_task("sharing.write_about_booking", queue=LETTERS).defer(
            booking_id=booking.pk, what=what, site=site
        )
