"""200 associations that press « Réserver » at once for one slot, over HTTP, on 4 processes of pages: who has it.

    python benchmarks/bookings.py [--people 200] [--workers 4] [--rounds 20]

Two slots a round: a van, of which there is one; and the last 3 of 40 chairs. Every answer is read: a redirection to the
booking, or the page that says « déjà pris » with free days. The named alternative is the same crowd of which each asks
for a van of their own: what it costs without a quarrel. Works in the database of ``search.py``, and takes back what it
made.
"""

import argparse
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median, quantiles
from urllib.parse import urlencode

import search

TOKEN = "benchmark" * 3 + "bench"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=200)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--rounds", type=int, default=20)
    asked = arguments.parse_args()
    search.prepare_database()
    os.environ["MAILLAGE_HOSTS"] = "127.0.0.1"
    crowd = Crowd(asked.people)
    try:
        with workers(asked.workers) as ports:
            compare(crowd, ports, asked.rounds)
    finally:
        crowd.leave()


def compare(crowd, ports, rounds):
    alone = []
    for turn in range(rounds):
        alone += crowd.press([(listing, turn, 1) for listing in crowd.own_vans], ports)
    print(f"{len(crowd.people)} personnes, {len(ports)} processus, {rounds} fois, charge {os.getloadavg()[0]:.1f}")
    print(f"chacune son bien : {told(alone)}")
    for name, listing, expected in (("un créneau", crowd.van, 1), ("3 des 40 chaises", crowd.chairs, 3)):
        times, kept = [], []
        for turn in range(rounds):
            crowd.promise_chairs(turn)
            answers = crowd.press([(listing, turn, 1)] * len(crowd.people), ports)
            won = [one for one in answers if one.status == 302]
            lost = [one for one in answers if one.status == 409 and one.days == 3]
            if (len(won), len(lost)) != (expected, len(answers) - expected) or crowd.written(listing, turn) != expected:
                sys.exit(f"{name}, tour {turn} : {len(won)} réservations, {len(lost)} refus avec trois jours libres")
            times += answers
            kept.append(len(won))
        ratio = median(one.seconds for one in times) / median(one.seconds for one in alone)
        print(
            f"{name} : {kept} réservations, tous les autres refusés avec trois jours ; {told(times)} ; {ratio:.1f} fois"
        )


def told(answers):
    seconds = [one.seconds for one in answers]
    return f"médiane {median(seconds):.2f} s, 95 % sous {quantiles(seconds, n=20)[-1]:.2f} s"


class Answer:
    def __init__(self, status, page, seconds):
        self.status, self.days, self.seconds = status, page.count(b'name="near"'), seconds


class Crowd:
    """People of as many associations, signed in; a van, forty chairs, and a van for each."""

    def __init__(self, count):
        from django.contrib.sessions.backends.db import SessionStore
        from django.utils import timezone

        from maillage.accounts.models import User
        from maillage.directory.models import Mandate, Structure
        from maillage.territory.models import Commune

        commune = Commune.objects.get(code="31451")
        today = timezone.localdate()
        named = {"commune": commune, "is_demonstration": True}
        self.structures = Structure.objects.bulk_create(Structure(name=f"Foule {n}", **named) for n in range(count + 1))
        self.people = User.objects.bulk_create(User(email=f"foule{n}@exemple.fr") for n in range(count + 1))
        Mandate.objects.bulk_create(
            Mandate(user=person, structure=structure, role="representative", starts_on=today)
            for person, structure in zip(self.people, self.structures, strict=True)
        )
        self.lender, self.people = self.structures[-1], self.people[:-1]
        self.first = today + timedelta(days=10)
        self.van, self.chairs = self._offer("Van"), self._offer("Chaises", 40)
        self.own_vans = [self._offer(f"Van {n}") for n in range(count)]
        self.cookies = []
        for person in self.people:
            session = SessionStore()
            session["_auth_user_id"], session["_auth_user_backend"] = str(person.pk), backend()
            session["_auth_user_hash"] = person.get_session_auth_hash()
            session.save()
            self.cookies.append(f"sessionid={session.session_key}; csrftoken={TOKEN}")

    def _offer(self, title, quantity=1):
        from maillage.sharing.models import LendingRules, Listing

        commune = self.lender.commune
        listing = Listing.objects.create(
            structure=self.lender,
            direction="offer",
            category="technical.equipment.events.tables",
            title=title,
            quantity=quantity,
            commune=commune,
            latitude=commune.latitude,
            longitude=commune.longitude,
            visibility="everyone",
            valid_until=self.first + timedelta(days=300),
        )
        LendingRules.objects.create(listing=listing, approvals=0)
        return listing

    def day(self, turn):
        return self.first + timedelta(days=turn * 2)

    def promise_chairs(self, turn):
        """37 of the 40 of that day, to an association that is not in the crowd."""
        from maillage.sharing.bookings import stock, terms
        from maillage.sharing.models import Booking

        period = terms.whole_days(self.chairs, self.day(turn), self.day(turn))
        if Booking.objects.filter(listing=self.chairs, period=period, quantity=37).exists():
            return
        booking = Booking.objects.create(
            listing=self.chairs, borrower=self.structures[0], period=period, quantity=37, purpose="-", state="confirmed"
        )
        stock.occupy(booking, terms.rules_of(self.chairs))

    def press(self, wishes, ports):
        """The Answers, when each person asks for the (listing, turn, quantity) of their place in ``wishes`` at once."""
        together = threading.Barrier(len(wishes))

        def one(place):
            listing, turn, quantity = wishes[place]
            typed = {"first_day": f"{self.day(turn):%d/%m/%Y}", "quantity": quantity, "purpose": "Une fête"}
            body = urlencode(typed | {"csrfmiddlewaretoken": TOKEN})
            connection = http.client.HTTPConnection("127.0.0.1", ports[place % len(ports)], timeout=120)
            headers = {"Cookie": self.cookies[place], "Content-Type": "application/x-www-form-urlencoded"}
            together.wait()
            started = time.perf_counter()
            connection.request("POST", f"/annonces/{listing.pk}/reserver/", body, headers)
            answer = connection.getresponse()
            page = answer.read()
            return Answer(answer.status, page, time.perf_counter() - started)

        with ThreadPoolExecutor(len(wishes)) as threads:
            return list(threads.map(one, range(len(wishes))))

    def written(self, listing, turn):
        from maillage.sharing.bookings.terms import whole_days
        from maillage.sharing.models import Occupation

        period = whole_days(listing, self.day(turn), self.day(turn))
        return Occupation.objects.filter(listing=listing, period=period, quantity=1).count()

    def leave(self):
        from maillage.accounts.models import User
        from maillage.directory.models import Structure
        from maillage.sharing.models import Booking

        structures = Structure.objects.filter(name__startswith="Foule ")
        Booking.objects.between(structures.values("pk")).delete()
        structures.delete()
        User.objects.filter(email__startswith="foule").delete()


def backend():
    return "allauth.account.auth_backends.AuthenticationBackend"


@contextlib.contextmanager
def workers(count):
    """The ports of as many processes that serve the pages."""
    ports = [free_port() for _ in range(count)]
    command = [sys.executable, "-m", "uvicorn", "maillage.config.asgi:application", "--log-level", "error", "--port"]
    running = [subprocess.Popen([*command, str(port)], stderr=subprocess.DEVNULL) for port in ports]
    try:
        for port in ports:
            wait_for(port)
        yield ports
    finally:
        for process in running:
            process.terminate()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def wait_for(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    sys.exit(f"Le port {port} ne répond pas.")


if __name__ == "__main__":
    main()
