"""Background work of the directory."""

import logging

from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory import claims, letters, services
from maillage.directory.models import RegisterImport
from maillage.directory.team_models import Claim
from maillage.kernel.letters import send

logger = logging.getLogger(__name__)


@app.task(name="directory.import_register", queue="imports", lock="directory.import_register")
def import_register_file(register_import_id):
    register_import = RegisterImport.objects.filter(pk=register_import_id).first()
    if register_import is None or not register_import.file:
        return
    services.run_register_import(register_import=register_import)
    logger.info("Register import %s ended.", register_import_id)


@app.periodic(cron="20 * * * *")
@app.task(name="directory.forget_abandoned_imports", queueing_lock="directory.forget_abandoned_imports")
def forget_abandoned_imports(timestamp):
    """Every hour: a register that nobody imports must not stay on the disk."""
    services.forget_abandoned_imports()


@app.task(name="directory.write_proof", queue=LETTERS, retry=AGAIN)
def write_proof(claim_id, site):
    to_prove = Claim.objects.waiting().exclude(site_email="").select_related("structure", "user")
    claim = to_prove.filter(pk=claim_id).first()
    if claim is not None:
        send(letters.prove_claim(claim, site), to=claim.site_email, site=site)


@app.task(name="directory.tell_claim_decided", queue=LETTERS, retry=AGAIN)
def tell_claim_decided(claim_id, site):
    claim = Claim.objects.select_related("structure", "user").filter(pk=claim_id, user__is_active=True).first()
    if claim is not None and claim.state in (Claim.State.ACCEPTED, Claim.State.REFUSED):
        send(letters.claim_decided(claim, site), to=claim.user.email, site=site)


@app.periodic(cron="40 * * * *")
@app.task(name="directory.forget_old_claims", queueing_lock="directory.forget_old_claims")
def forget_old_claims(timestamp):
    """Every hour: a document that nobody needs any more must not stay on the disk."""
    claims.forget_old_claims()
