"""Background work of places: telling by e-mail that an error is settled."""

from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.kernel.letters import send
from maillage.places import letters
from maillage.places.models import PlaceReport


@app.task(name="places.tell_report_handled", queue=LETTERS, retry=AGAIN)
def tell_report_handled(report_id, person_id, site):
    report = PlaceReport.objects.select_related("place").filter(pk=report_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if report and person:
        send(letters.report_handled(report, person, site), to=person.email, site=site)
