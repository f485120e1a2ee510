"""Background work of agreements: the letters, one job a person."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.agreements import letters
from maillage.agreements.models import Agreement, SignedCopy, Version
from maillage.agreements.signing import remind_waiting
from maillage.directory.models import Mandate
from maillage.kernel.letters import send

logger = logging.getLogger(__name__)
State = Agreement.State
WRITTEN = {  # the letter, and the states in which it still says what is so
    "proposed": (letters.proposed, Agreement.TO_SIGN),
    "signed_by_one": (letters.signed_by_one, (State.SIGNED_BY_ONE,)),
    "waiting": (letters.waiting, Agreement.TO_SIGN),
    "signed_by_all": (letters.signed_by_all, (State.IN_FORCE, State.TERMINATED)),
    "closed": (letters.closed, (State.TERMINATED, State.WITHDRAWN)),
}


@app.periodic(cron="20 7-9 * * *")
@app.task(name="agreements.remind", queueing_lock="agreements.remind")
def remind(timestamp):
    if settings.SITE_URL:
        logger.info("Agreements to sign: %s reminded.", remind_waiting(site=settings.SITE_URL))


@app.task(name="agreements.tell", queue=LETTERS)
def tell(letter, agreement_id, sides, site):
    """Write to those who represent the structures of ``sides``."""
    agreement = Agreement.objects.get(pk=agreement_id)
    structures = [agreement.structure_of(side) for side in sides]
    acting = Mandate.objects.current().representatives().filter(structure__in=structures)
    people = set(User.objects.filter(pk__in=acting.values("user"), is_active=True).values_list("pk", flat=True))
    if letter == "signed_by_all":
        people |= set(agreement.latest.signatures.exclude(person=None).values_list("person", flat=True))
    for person in sorted(people):
        app.configure_task("agreements.write", queue=LETTERS).defer(
            letter=letter, agreement_id=agreement_id, person_id=person, site=site
        )


@app.task(name="agreements.write", queue=LETTERS, retry=AGAIN)
def write(letter, agreement_id, person_id, site):
    person = User.objects.filter(pk=person_id, is_active=True).first()
    agreement = Agreement.objects.select_related("lender", "borrower").get(pk=agreement_id)
    compose, states = WRITTEN[letter]
    if person is None or agreement.state not in states:
        return
    files = ()
    if letter == "signed_by_all":
        copy = SignedCopy.objects.get(version=agreement.latest)
        files = ((f"accord-{agreement.pk}.pdf", bytes(copy.pdf), "application/pdf"),)
    send(compose(agreement, person, site), to=person.email, site=site, files=files)


@app.task(name="agreements.write_code", queue=LETTERS, retry=AGAIN)
def write_code(token, person_id, site):
    """The code is made here, and again when it is checked: it is kept nowhere."""
    person = User.objects.get(pk=person_id)
    try:
        facts = links.read("agreement", token)
    except links.LinkRefused:
        return  # the server of e-mail was away for too long: another code is asked for
    version = Version.objects.select_related("agreement__lender", "agreement__borrower").get(pk=facts["version"])
    letter = letters.signing_code(version.agreement, person, links.code_for(person, token), site)
    send(letter, to=person.email, site=site)
