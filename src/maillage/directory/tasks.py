"""Background work of the directory."""

import logging

from procrastinate.contrib.django import app

from maillage.directory import services
from maillage.directory.models import RegisterImport

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
