"""Background work of accounts: letters leave here, so that no page takes longer when an address is known."""

from datetime import timedelta
from importlib import import_module
from smtplib import SMTPException

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from maillage.accounts import letters, limits, links, services
from maillage.accounts.models import User
from maillage.kernel.letters import send

# For about an hour, when the server of e-mail does not answer.
AGAIN = RetryStrategy(max_attempts=7, exponential_wait=3, retry_exceptions={OSError, SMTPException})


@app.task(name="accounts.write_about_joining", queue=services.LETTERS, retry=AGAIN)
def write_about_joining(email, site, next_url=""):
    person = User.objects.with_address(email)
    if person is None:
        send(letters.join(email, site, next_url), to=email, site=site)
    elif person.is_active:
        send(letters.already_member(person, site), to=person.email, site=site)


@app.task(name="accounts.write_about_password", queue=services.LETTERS, retry=AGAIN)
def write_about_password(email, site):
    person = User.objects.with_address(email)
    if person is not None and person.is_active:
        send(letters.new_password(person, site), to=person.email, site=site)


@app.task(name="accounts.write_about_signing_in", queue=services.LETTERS, retry=AGAIN)
def write_about_signing_in(email, nonce, site):
    person = User.objects.with_address(email)
    if person is not None and person.is_active:
        send(letters.sign_in(person, links.code_for(person, nonce), site), to=person.email, site=site)


@app.task(name="accounts.tell_password_changed", queue=services.LETTERS, retry=AGAIN)
def tell_password_changed(person_id, site):
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is not None:
        send(letters.password_changed(person, site), to=person.email, site=site)


@app.task(name="accounts.tell_protection_changed", queue=services.LETTERS, retry=AGAIN)
def tell_protection_changed(person_id, what, site):
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is not None:
        send(letters.protection_changed(person, what, site), to=person.email, site=site)


@app.task(name="accounts.write_about_address", queue=services.LETTERS, retry=AGAIN)
def write_about_address(person_id, email, site):
    person, other = User.objects.filter(pk=person_id, is_active=True).first(), User.objects.with_address(email)
    if person is None:
        return
    if other is None or other == person:
        send(letters.new_address(person, email, site), to=email, site=site)
    elif other.is_active:
        send(letters.already_member(other, site), to=other.email, site=site)


@app.task(name="accounts.tell_address_changed", queue=services.LETTERS, retry=AGAIN)
def tell_address_changed(person_id, old, site):
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is not None:
        send(letters.address_changed(person, site), to=old, site=site)


@app.task(name="accounts.tell_team_changed", queue=services.LETTERS, retry=AGAIN)
def tell_team_changed(person_id, by, site):
    """What the letter says is what is true when it leaves."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is not None:
        send(letters.team_changed(person, by, site), to=person.email, site=site)


@app.task(name="accounts.tell_erased", queue=services.LETTERS, retry=AGAIN)
def tell_erased(name, email, site):
    send(letters.erased(name, site), to=email, site=site)


@app.periodic(cron="50 3 * * *")
@app.task(name="accounts.forget_letters", queueing_lock="accounts.forget_letters", pass_context=True)
async def forget_letters(context, timestamp):
    """Every night: the jobs of letters hold addresses, of people who have no account among others."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=services.LETTERS_KEPT_H,
        queue=services.LETTERS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


@app.periodic(cron="55 3 * * *")
@app.task(name="accounts.forget_what_ended", queueing_lock="accounts.forget_what_ended")
def forget_what_ended(timestamp):
    """Every night: counts of tries, wrong passwords and sessions that ended."""
    limits.forget()
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - timedelta(days=1)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
