"""Background work of missions: letters, and what is no longer to be kept."""

from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory.team import listening
from maillage.kernel.letters import send
from maillage.volunteering import engaging, letters
from maillage.volunteering.models import Engagement, Mission

TO_VOLUNTEERS = {
    "changed": (letters.changed, Mission.State.PUBLISHED),
    "cancelled": (letters.cancelled, Mission.State.CANCELLED),
}


@app.task(name="volunteering.write_invitation", queue=LETTERS, retry=AGAIN)
def write_invitation(engagement_id, site):
    invited = _engagements().invited().filter(pk=engagement_id, mission__state=Mission.State.PUBLISHED).first()
    if invited:
        send(letters.invited(invited, site), to=invited.email, site=site)


@app.task(name="volunteering.write_to_volunteer", queue=LETTERS, retry=AGAIN)
def write_to_volunteer(engagement_id, event, site):
    compose, state = TO_VOLUNTEERS[event]
    found = _engagements().accepted().filter(pk=engagement_id, mission__state=state, user__is_active=True).first()
    if found:
        send(compose(found, site), to=found.user.email, site=site)


@app.task(name="volunteering.tell_answer", queue=LETTERS)
def tell_answer(engagement_id, state, site):
    """One job for each person of the team, so that a letter that fails is the only one to be sent again."""
    engagement = _engagements().filter(pk=engagement_id, state=state).first()
    if engagement is None:
        return
    team = listening(engagement.mission.structure.mandates.current().of_the_team())
    for person in team.exclude(pk=engagement.user_id):
        app.configure_task("volunteering.write_answer", queue=LETTERS).defer(
            engagement_id=engagement.pk, state=state, person_id=person.pk, site=site
        )


@app.task(name="volunteering.write_answer", queue=LETTERS, retry=AGAIN)
def write_answer(engagement_id, state, person_id, site):
    engagement = _engagements().filter(pk=engagement_id, state=state).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if engagement and person:
        send(letters.answered(engagement, state, person, site), to=person.email, site=site)


@app.periodic(cron="25 4 * * *")
@app.task(name="volunteering.forget_old_invitations", queueing_lock="volunteering.forget_old_invitations")
def forget_old_invitations(timestamp):
    engaging.forget_old_invitations()


def _engagements():
    return Engagement.objects.select_related("mission__structure", "mission__commune", "user", "invited_by")
