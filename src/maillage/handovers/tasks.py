"""Background work of loans: one job for each reader, so that a letter that fails is the only one to be sent again."""

from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory.models import Mandate
from maillage.handovers.loans import structure_of
from maillage.handovers.post import LETTERS as KINDS
from maillage.kernel.letters import send


@app.task(name="handovers.tell", queue=LETTERS)
def tell(what, about, site):
    subject = KINDS[what].read(about)
    for side in KINDS[what].sides(subject) if subject else ():
        acting = Mandate.objects.current().filter(structure=structure_of(side, getattr(subject, "booking", subject)))
        for person in User.objects.filter(pk__in=acting.values("user"), is_active=True).order_by("pk"):
            app.configure_task("handovers.write_letter", queue=LETTERS).defer(
                what=what, about=about, person_id=person.pk, site=site
            )


@app.task(name="handovers.write_letter", queue=LETTERS, retry=AGAIN)
def write_letter(what, about, person_id, site):
    subject = KINDS[what].read(about)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if subject and person:
        send(KINDS[what].compose(subject, person, site), to=person.email, site=site)
