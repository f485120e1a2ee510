"""Pages about the site itself: help, comfort, declarations, the gallery of components."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.kernel.pages import page
from maillage.web.comfort import SWITCHES, TEXT_SIZES, comfort_of, keep_comfort
from maillage.web.site.accessibility import declaration
from maillage.web.site.forms import ComfortForm
from maillage.web.site.gallery import gallery_context


@page(public=True)
def accessibility(request):
    return render(request, "site/accessibility.html", {"declaration": declaration()})


@page(public=True)
def personal_data(request):
    return render(request, "site/personal_data.html")


@page(public=True)
def legal_notice(request):
    return render(request, "site/legal_notice.html")


@page(public=True)
def help_page(request):
    return render(request, "site/help.html")


@page(public=True)
def components(request):
    return render(request, "site/components.html", gallery_context())


@page(public=True, methods=("GET", "POST"))
def comfort(request):
    if request.method == "POST":
        form = ComfortForm(request.POST)
        if form.is_valid():
            messages.success(request, "C’est fait. Votre choix est gardé un an sur cet appareil.")
            return keep_comfort(redirect(_back(request)), form.classes(), secure=request.is_secure())
        return render(request, "site/comfort.html", {"form": form}, status=422)
    chosen = set(comfort_of(request))
    initial = {"text_size": next(iter(chosen & set(TEXT_SIZES)), ""), "switches": sorted(chosen & set(SWITCHES))}
    return render(request, "site/comfort.html", {"form": ComfortForm(initial=initial)})


def _back(request):
    """The page named by ``next`` when it is one of ours, else the comfort page."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}) else "comfort"
