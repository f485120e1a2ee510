"""Importing an inventory: hand a table over, see what each line would make, choose, confirm, undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.directory.models import Structure
from maillage.engine.french import count_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing import taxonomy
from maillage.sharing.inventories import InventoryRefused, services
from maillage.sharing.inventories.columns import CATEGORIES, GUIDE, TEMPLATE
from maillage.sharing.inventories.plan import Outcome, make_plan
from maillage.sharing.models import Inventory
from maillage.territory.models import Commune
from maillage.web.addresses import LARGEST_ID
from maillage.web.sharing.forms import InventoryForm
from maillage.web.spreadsheets import csv_file, workbook_file

INVENTORIES_PER_PAGE = 20
LINES_PER_PAGE = 30
RESULTS_PER_PAGE = 100
LINES_TO_FILL = 500  # rows of the template that offer the lists


@page(methods=("GET", "POST"))
def inventory_list(request):
    if not Structure.objects.acted_for_by(request.user).active().exists():
        return redirect("publish")  # whose page says how to act for a structure
    form = InventoryForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method not in READING_METHODS and form.is_valid():
        try:
            return redirect(services.read_inventory(author=request.user, **form.cleaned_data))
        except InventoryRefused as refusal:
            form.add_error("file", str(refusal))
    mine = Inventory.objects.visible_to(request.user).select_related("structure", "author")
    context = {"form": form, "page": Paginator(mine, INVENTORIES_PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "sharing/inventories.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def inventory_page(request, pk):
    """What the lines would make, to choose among them; once confirmed, what they made."""
    inventory = _own_inventory(request, pk)
    if request.method in READING_METHODS:
        return _preview_page(request, inventory) if inventory.is_waiting else _result_page(request, inventory)
    _check_may_publish(request, inventory)
    try:
        services.choose_lines(inventory_id=pk, **_chosen(request.POST))
        if "faire" in request.POST:
            as_drafts = request.POST["faire"] == "brouillons"
            services.confirm_inventory(inventory_id=pk, author=request.user, as_drafts=as_drafts)
            return redirect(inventory)
    except InventoryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(inventory)
    goal = request.POST.get("vers", "")
    if goal.isdecimal():
        return redirect(f"{inventory.get_absolute_url()}?page={goal}#lignes")
    messages.success(request, "Vos choix sont gardés. Rien n’est encore publié.")
    return redirect(inventory)


@page(methods=("POST",))
def forget(request, pk):
    _own_inventory(request, pk)
    services.forget_inventory(inventory_id=pk)
    messages.success(request, "Ce fichier est oublié, rien n’a été publié.")
    return redirect("inventories")


@page(methods=("POST",))
def undo(request, pk):
    inventory = _own_inventory(request, pk)
    _check_may_publish(request, inventory)
    try:
        removed, restored, kept = services.undo_inventory(inventory_id=pk, author=request.user)
    except InventoryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(inventory)
    said = f"{count_fr(removed, 'annonce retirée', 'annonces retirées')}, "
    said += count_fr(restored, "annonce remise comme avant", "annonces remises comme avant")
    if kept:
        said += f"\u202f; {count_fr(kept, 'gardée', 'gardées')}, car elles ont changé ou servi depuis"
    messages.success(request, f"L’import est défait\u00a0: {said}.")
    return redirect(inventory)


@page()
def template(request, kind):
    headings = [heading for heading, _, _ in TEMPLATE]
    if kind == "csv":
        return csv_file("modele-inventaire.csv", [headings, [example for _, _, example in TEMPLATE]])
    return workbook_file("modele-inventaire.xlsx", _fill_template)


def _fill_template(workbook):
    bold, wrapped = workbook.add_format({"bold": True, "bottom": 2}), workbook.add_format({"text_wrap": True})
    sheet, guide = workbook.add_worksheet("Inventaire"), workbook.add_worksheet(GUIDE)
    categories = workbook.add_worksheet(CATEGORIES)
    sheet.freeze_panes(1, 0)
    guide.write_row(0, 0, ["Colonne", "Ce que vous y écrivez", "Exemple"], bold)
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 70)
    guide.set_column(2, 2, 30)
    for place, (heading, explanation, example) in enumerate(TEMPLATE):
        sheet.write(0, place, heading, bold)
        sheet.set_column(place, place, 34 if place in (0, 3) else 20)
        guide.write_row(place + 1, 0, [heading, explanation, example], wrapped)
    labels = [entry.label for entry in taxonomy.all_categories() if entry.parent and not entry.children]
    categories.set_column(0, 0, 50)
    categories.write_column(0, 0, labels)
    lists = {
        "Catégorie": f"='{CATEGORIES}'!$A$1:$A${len(labels)}",
        "Prêt, location ou don": ["prêt", "location", "don"],
    }
    for place, (heading, _, _) in enumerate(TEMPLATE):
        if heading in lists:
            offered = {"validate": "list", "source": lists[heading], "error_type": "information"}
            sheet.data_validation(1, place, LINES_TO_FILL, place, offered)


def _own_inventory(request, pk):
    """The inventory, or 404 for whoever may not know that it exists."""
    mine = Inventory.objects.visible_to(request.user).select_related("structure", "author")
    inventory = mine.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if inventory is None:
        raise Http404
    return inventory


def _check_may_publish(request, inventory):
    if not request.user.has_perm("sharing.publish_for", inventory.structure):
        raise PermissionDenied


def _chosen(sent):
    """What was chosen on a page of the preview, as ``choose_lines`` takes it."""
    shown = [int(number) for number in sent.getlist("ligne")[:LINES_PER_PAGE] if _is_number(number)]
    kept = {int(number) for number in sent.getlist("garder") if _is_number(number)}
    categories = {number: sent[f"categorie-{number}"] for number in shown if f"categorie-{number}" in sent}
    return {"shown": shown, "kept": kept, "categories": categories}


def _is_number(text):
    return text.isascii() and text.isdecimal() and len(text) < 7


def _preview_page(request, inventory):
    plan = make_plan(inventory)
    to_review = [planned for planned in plan if _is_to_review(planned)]
    ready = [planned for planned in plan if not _is_to_review(planned)]
    does = [planned.outcome for planned in plan if planned.does_something]
    context = {
        "inventory": inventory,
        "to_review": len(to_review),
        "page": Paginator(to_review + ready, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "lines": len(plan),
        "created": does.count(Outcome.CREATED),
        "updated": does.count(Outcome.UPDATED),
        "unchanged": sum(planned.outcome == Outcome.UNCHANGED for planned in plan),
        "problems": sum(planned.outcome == Outcome.LEFT_ASIDE for planned in plan),
        "families": taxonomy.families(),
    }
    communes = Commune.objects.in_bulk({planned.line.facts.get("commune_id") for planned in context["page"]} - {None})
    for planned in context["page"]:
        planned.is_to_review = _is_to_review(planned)
        planned.commune = communes.get(planned.line.facts.get("commune_id"))
        codes = dict.fromkeys([*planned.line.suggestions, planned.line.category])
        planned.categories = [taxonomy.get(code) for code in codes if taxonomy.exists(code)]
    return render(request, "sharing/inventory.html", context)


def _is_to_review(planned):
    """Stays so when the category is chosen, so that no line changes its place meanwhile."""
    return bool(planned.line.problem) or (planned.outcome == Outcome.CREATED and not planned.line.suggestions)


def _result_page(request, inventory):
    lines = inventory.lines.select_related("listing", "draft")
    rows = [
        (line.line_number, line.title, line.outcome, line.problem, line.notes, line.listing or line.draft)
        for line in lines
    ]
    labels = dict(Outcome.choices)
    counts = {outcome: sum(row[2] == outcome for row in rows) for outcome in labels}
    context = {
        "inventory": inventory,
        "counts": [(label, counts[outcome]) for outcome, label in labels.items() if counts[outcome]],
        "made": counts[Outcome.CREATED] + counts[Outcome.DRAFTED] + counts[Outcome.UPDATED],
        "page": Paginator(rows, RESULTS_PER_PAGE).get_page(request.GET.get("page")),
        "labels": labels,
        "my_listings": reverse("my-listings"),
    }
    return render(request, "sharing/inventory_done.html", context)
