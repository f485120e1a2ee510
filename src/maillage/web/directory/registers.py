"""The import of a register, for an agent: hand a file over, say what its columns are, watch, read the report."""

from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from maillage.directory import undoing
from maillage.directory.models import RegisterImport
from maillage.directory.register import RegisterRefused, changes, layouts, reasons
from maillage.directory.register.files import open_register
from maillage.directory.register.records import RecordReader
from maillage.directory.services import KEPT_FOR, import_for_real, request_register_import, start_register_import
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.forms import ColumnsForm, RegisterUploadForm

IMPORTS_PER_PAGE = 20
LINES_PER_PAGE = 100
PREVIEW_LINES = 5
MOST_KEPT_SHOWN = 50


@page(permission="directory.import_register", methods=("GET", "POST"))
def import_list(request):
    form = RegisterUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        register_import = request_register_import(
            file=form.cleaned_data["file"], asked_by=request.user, dry_run=form.cleaned_data["dry_run"]
        )
        if not form.is_rna:
            return redirect("register-import-columns", register_import.pk)
        start_register_import(register_import=register_import)
        return redirect("register-import", register_import.pk)
    imports = RegisterImport.objects.select_related("asked_by")
    shown = Paginator(imports, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": shown}
    return render(request, "directory/register_imports.html", context, status=422 if form.errors else 200)


@page(permission="directory.import_register")
def import_page(request, pk):
    register_import = get_object_or_404(RegisterImport.objects.select_related("asked_by", "undone_by"), pk=pk)
    if register_import.state == RegisterImport.State.WAITING:
        return redirect("register-import-columns", pk)
    lines = Paginator(register_import.lines.all(), LINES_PER_PAGE).get_page(request.GET.get("page"))
    for line in lines:
        line.label = reasons.label(line.reason)  # type: ignore[attr-defined]
    context = {
        "register_import": register_import,
        "percent": _percent(register_import),
        "counts": _counts(register_import.report),
        "skipped": _reasons(register_import.report, "skipped_reasons"),
        "noted": _reasons(register_import.report, "noted_reasons"),
        "page": lines,
        "kept_until": register_import.asked_at + KEPT_FOR,
        "why_not_undone": undoing.why_not(register_import),
    }
    template = "directory/_register_import_state.html" if request.htmx else "directory/register_import.html"
    return render(request, template, context)


@page(permission="directory.import_register", methods=("POST",))
def import_tried(request, pk):
    """After a dry run: the same file, for real. When it is no longer kept, the page of the import says so."""
    import_for_real(register_import=get_object_or_404(RegisterImport, pk=pk), asked_by=request.user)
    return redirect("register-import", pk)


@page(permission="directory.import_register", methods=("GET", "POST"))
def undo_import(request, pk):
    """What undoing would do, then the button; the work is the worker's."""
    register_import = get_object_or_404(RegisterImport, pk=min(pk, LARGEST_ID))
    if request.method == "POST":
        try:
            undoing.start_undoing(register_import_id=register_import.pk, agent=request.user)
        except RegisterRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("register-import", register_import.pk)
    if why_not := undoing.why_not(register_import):
        messages.info(request, why_not)
        return redirect("register-import", register_import.pk)
    counts = changes.count(register_import)
    context = {
        "register_import": register_import,
        "undone": counts,
        "kept": changes.kept(register_import, MOST_KEPT_SHOWN),
        "others": max(0, counts["kept"] - MOST_KEPT_SHOWN),
    }
    return render(request, "directory/undo_register_import.html", context)


@page(permission="directory.import_register", methods=("GET", "POST"))
def import_columns(request, pk):
    register_import = get_object_or_404(RegisterImport, pk=pk)
    if register_import.state != RegisterImport.State.WAITING or not register_import.file:
        return redirect("register-import", pk)
    header, preview = _preview(register_import)
    form = ColumnsForm(request.POST or None, header=header, initial=layouts.guess_mapping(header))
    if request.method == "POST" and form.is_valid():
        start_register_import(register_import=register_import, mapping=form.mapping())
        return redirect("register-import", pk)
    context = {"register_import": register_import, "form": form, "header": header, "preview": preview}
    return render(request, "directory/register_columns.html", context, status=422 if form.errors else 200)


def _preview(register_import):
    try:
        with register_import.file.open("rb") as file:
            reader = RecordReader(open_register(file).stream)
            preview = [cells for _, cells in islice(reader, PREVIEW_LINES) if cells]
            return reader.header, preview
    except (RegisterRefused, FileNotFoundError) as error:
        raise Http404 from error


def _percent(register_import):
    total = register_import.bytes_total
    return min(100, 100 * register_import.bytes_read // total) if total else 0


def _counts(report):
    labels = {
        "read": "lues",
        "created": "créées",
        "updated": "mises à jour",
        "unchanged": "inchangées",
        "skipped": "ignorées",
    }
    return [(label, report[name]) for name, label in labels.items()] if report else []


def _reasons(report, name):
    return [
        (reasons.label(reason), count, report["first_lines"].get(reason, []))
        for reason, count in report.get(name, {}).items()
    ]
