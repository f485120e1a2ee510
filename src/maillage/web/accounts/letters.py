"""Which e-mails one receives: a choice of « Mon compte », and the way out that letters carry."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from maillage.accounts import links, services
from maillage.accounts.models import User
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited


@page(methods=("POST",))
def hear_of_messages(request):
    hears = request.POST.get("hears") == "yes"
    services.hear_of_messages(person=request.user, hears=hears)
    said = "Vous recevrez un e\u2011mail quand on vous écrit." if hears else "Vous ne recevrez plus ces e\u2011mails."
    messages.success(request, said)
    return redirect("my-account")


@csrf_exempt  # programs of e-mail press the button for people (RFC 8058): the signed address says whose it is
@limited("token")
@page(public=True, methods=("GET", "POST"))
def leave_letters(request, token):
    try:
        person = User.objects.filter(pk=links.read("leave", token)["person"]).first()
    except links.LinkRefused:
        person = None
    if person is None:
        return render(request, "account/leave_letters.html", {"is_over": True}, status=410)
    if request.method == "POST":
        services.hear_of_messages(person=person, hears=False)
    context = {"is_done": request.method == "POST" or not person.hears_of_messages}
    return render(request, "account/leave_letters.html", context)
