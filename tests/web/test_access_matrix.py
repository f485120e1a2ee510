"""Who gets in where: each address × method × role, with the answer that each must have.

An address or a method that the table does not hold makes a test fail; methods without a row are refused to all (405).
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.factories.town import make_town
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "member", "outsider", "agent")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# Arguments are keys of the town (tests/factories/town.py) or written out. « login »: signing in is asked, by a
# redirection or, after a POST, by the page that keeps what was typed.
# POST sends no field: 422 shows that the form was reached, 302 that the button worked.
TABLE = """
    address                               arguments         method   visitor member outsider agent
    home                                  -                 GET      200     200    200      200
    search                                -                 GET      200     200    200      200
    help                                  -                 GET      200     200    200      200
    accessibility                         -                 GET      200     200    200      200
    personal-data                         -                 GET      200     200    200      200
    legal-notice                          -                 GET      200     200    200      200
    components                            -                 GET      200     200    200      200
    comfort                               -                 GET      200     200    200      200
    comfort                               -                 POST     302     302    302      302
    journal                               -                 GET      login   403    403      200

    account_login                         -                 GET      200     302    302      302
    account_login                         -                 POST     422     302    302      302
    account_logout                        -                 GET      302     200    200      200
    account_logout                        -                 POST     302     302    302      302
    ask-letter                            -                 GET      200     302    302      302
    ask-letter                            -                 POST     422     302    302      302
    copy-code                             -                 GET      302     302    302      302
    copy-code                             -                 POST     302     302    302      302
    hear-of-messages                      -                 POST     login   302    302      302
    leave-letters                         expired           GET      410     410    410      410
    leave-letters                         expired           POST     410     410    410      410
    follow-link                           expired           GET      410     410    410      410
    follow-link                           expired           POST     410     410    410      410
    confirm-by-letter                     -                 POST     login   302    302      302
    account_inactive                      -                 GET      403     403    403      403
    account_signup                        -                 GET      200     302    302      302
    account_signup                        -                 POST     422     302    302      302
    sign-up-asked                         -                 GET      200     200    200      200
    join                                  expired           GET      410     410    410      410
    join                                  expired           POST     410     410    410      410
    account_reset_password                -                 GET      200     200    200      200
    account_reset_password                -                 POST     422     422    422      422
    new-password-asked                    -                 GET      200     200    200      200
    choose-password                       expired           GET      410     410    410      410
    choose-password                       expired           POST     410     410    410      410
    my-account                            -                 GET      login   200    200      200
    my-account                            -                 POST     login   422    422      422
    confirm-it-is-you                     -                 GET      login   200    200      200
    confirm-it-is-you                     -                 POST     login   422    422      422
    change-password                       -                 GET      login   200    200      200
    change-password                       -                 POST     login   422    422      422
    change-address                        -                 GET      login   200    200      200
    change-address                        -                 POST     login   422    422      422
    confirm-address                       expired           GET      login   410    410      410
    confirm-address                       expired           POST     login   410    410      410
    end-other-sessions                    -                 POST     login   302    302      302
    mfa_authenticate                      -                 GET      login   302    302      302
    mfa_authenticate                      -                 POST     login   302    302      302
    second-factor                         -                 GET      login   200    200      200
    second-factor                         -                 POST     login   302    302      302
    turn-off-second-factor                -                 POST     login   302    302      302
    rescue-codes                          -                 GET      login   302    302      302
    rescue-codes                          -                 POST     login   302    302      302
    passkeys                              -                 GET      login   200    200      200
    passkeys                              -                 POST     login   422    422      422
    new-passkey                           -                 POST     login   200    200      200
    remove-passkey                        0                 POST     login   302    302      302
    ask-passkey                           -                 POST     200     200    200      200
    sign-in-by-passkey                    -                 POST     login   login  login    login
    openid                                -                 GET      404     404    404      404
    openid-return                         -                 GET      404     404    404      404
    unlink                                -                 POST     login   302    302      302
    my-data                               -                 GET      login   200    200      200
    erase-account                         -                 GET      login   200    200      200
    erase-account                         -                 POST     login   422    422      422
    my-space                              -                 GET      login   200    200      200

    territory                             -                 GET      200     200    200      200
    find-communes                         -                 GET      200     200    200      200
    territory-contours                    -                 GET      200     200    200      200
    epci                                  243100567         GET      200     200    200      200
    epci                                  000000000         GET      404     404    404      404
    commune                               31451             GET      200     200    200      200
    commune                               99999             GET      404     404    404      404

    structures                            -                 GET      200     200    200      200
    structure                             structure         GET      200     200    200      200
    structure                             0                 GET      404     404    404      404
    structure                             9223372036854775808  GET   404     404    404      404
    structure-edit                        structure         GET      login   200    404      200
    structure-edit                        structure         POST     login   422    404      422
    structure-edit                        0                 GET      login   404    404      404
    register-imports                      -                 GET      login   403    403      200
    register-imports                      -                 POST     login   403    403      422
    register-import                       done_import       GET      login   403    403      200
    register-import                       0                 GET      login   403    403      404
    register-import-columns               waiting_import    GET      login   403    403      200
    register-import-columns               waiting_import    POST     login   403    403      422
    register-import-columns               done_import       POST     login   403    403      302
    register-import-for-real              tried_import      POST     login   403    403      302
    register-import-for-real              0                 POST     login   403    403      404

    publish                               -                 GET      login   200    200      200
    publish-listing                       -                 GET      login   200    200      302
    publish-listing                       -                 POST     login   422    422      302
    suggest-categories                    -                 GET      login   200    200      200
    resume-draft                          begun             GET      login   302    404      404
    resume-draft                          9223372036854775808  GET   login   404    404      404
    draft-screen                          begun,quoi        GET      login   200    404      404
    draft-screen                          begun,conditions  GET      login   200    404      404
    draft-screen                          begun,ailleurs    GET      login   404    404      404
    draft-screen                          begun,quoi        POST     login   302    404      404
    draft-screen                          0,quoi            POST     login   404    404      404
    preview-draft                         begun             GET      login   302    404      404
    preview-draft                         ready             GET      login   200    404      404
    preview-draft                         ready             POST     login   302    404      404
    remove-draft                          begun             POST     login   302    404      404
    picture                               picture           GET      404     200    404      404
    picture                               9223372036854775808  GET   404     404    404      404
    my-listings                           -                 GET      login   200    200      200
    listing                               offer             GET      200     200    200      200
    listing                               need              GET      404     200    200      200
    listing                               draft             GET      404     200    404      404
    listing                               ended             GET      410     410    200      410
    listing                               0                 GET      404     404    404      404
    listing                               9223372036854775808  GET   404     404    404      404
    listing-photo                         offer             GET      404     404    404      404
    listing-photo                         draft             GET      404     200    404      404
    edit-listing                          offer             GET      login   200    403      403
    edit-listing                          offer             POST     login   422    403      403
    edit-listing                          draft             GET      login   200    404      404
    edit-listing                          draft             POST     login   422    404      404
    copy-listing                          offer             POST     login   302    403      403
    copy-listing                          0                 POST     login   404    404      404
    pause-listing                         offer             POST     login   302    403      403
    pause-listing                         draft             POST     login   302    404      404
    resume-listing                        offer             POST     login   302    403      403
    resume-listing                        draft             POST     login   302    404      404
    close-listing                         offer             POST     login   302    403      403
    close-listing                         draft             POST     login   302    404      404

    opportunities                         -                 GET      login   200    200      200
    opportunity                           party             GET      login   200    404      404
    opportunity                           0                 GET      login   404    404      404
    opportunity                           9223372036854775808  GET   login   404    404      404
    opportunity-accept                    party             POST     login   302    404      404
    opportunity-accept                    0                 POST     login   404    404      404
    opportunity-decline                   party             POST     login   422    404      404
    opportunity-decline                   0                 POST     login   404    404      404
    opportunity-ask                       party             POST     login   422    404      404
    opportunity-ask                       0                 POST     login   404    404      404
    questions                             -                 GET      login   403    403      200
    answer-question                       question          POST     login   403    403      422
    answer-question                       9223372036854775808  POST  login   403    403      404
    opportunities-overview                -                 GET      login   403    403      200
    opportunities-overview                -                 POST     login   403    403      302

    conversations                         -                 GET      login   200    200      200
    conversation                          conversation      GET      login   200    404      404
    conversation                          conversation      POST     login   422    404      404
    conversation                          0                 GET      login   404    404      404
    conversation                          9223372036854775808  GET   login   404    404      404
    mark-as-read                          conversation      POST     login   302    404      404
    block                                 conversation      POST     login   302    404      404
    unblock                               conversation      POST     login   302    404      404
    report-message                        conversation,message  GET  login   200    404      404
    report-message                        conversation,message  POST  login  422    404      404
    report-message                        conversation,0    GET      login   404    404      404
    report-message                        conversation,9223372036854775808  GET  login  404  404  404
    write-about-listing                   offer             GET      login   200    200      200
    write-about-listing                   offer             POST     login   403    422      403
    write-about-listing                   draft             GET      login   200    404      404
    write-about-listing                   draft             POST     login   403    404      404
    write-about-listing                   9223372036854775808  GET   login   404    404      404
    write-to-structure                    structure         GET      login   200    200      200
    write-to-structure                    structure         POST     login   403    422      403
    write-to-structure                    9223372036854775808  GET   login   404    404      404
    reports                               -                 GET      login   403    403      200
    decide-report                         report            POST     login   403    403      302
    decide-report                         9223372036854775808  POST  login   403    403      404
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:] if line.strip()]
PRESSED_BY_PROGRAMS = {"leave-letters"}  # of e-mail (RFC 8058), which have no token: the address itself is signed
# These views are django-allauth's: methods of no use are answered in its own way, never with more than GET or POST.
NOT_OURS = {"account_login", "account_logout"}


@pytest.fixture
def town():
    return make_town()


def clients(town, **options):
    """[(role, client signed in as that role)…]."""
    people = {role: Client(raise_request_exception=False, **options) for role in ROLES}
    for role in ROLES[1:]:
        sign_in(people[role], getattr(town, role))
    return people.items()


def address_of(name, arguments, town):
    if arguments == "-":
        return reverse(name)
    keys = [getattr(town, word).pk if hasattr(town, word) else word for word in arguments.split(",")]
    return reverse(name, args=keys)


def ask(client, method, address):
    """The answer, and nothing kept of what it wrote: the next role finds the same town."""
    with transaction.atomic():
        response = client.generic(method, address, "sent=1", "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return response


def said(response):
    """The status, or « login » when signing in is asked."""
    is_sent_there = response.status_code == 302 and response.url.startswith(reverse("account_login"))
    is_kept = response.status_code == 403 and "Votre session est terminée" in response.content.decode()
    return "login" if is_sent_there or is_kept else str(response.status_code)


@pytest.mark.parametrize(("name", "arguments", "method", "expected"), [(*row[:3], row[3:]) for row in ROWS])
def test_each_role_has_the_answer_of_the_table(town, name, arguments, method, expected):
    address = address_of(name, arguments, town)
    answers = {role: said(ask(client, method, address)) for role, client in clients(town)}
    assert answers == dict(zip(ROLES, expected, strict=True))


@pytest.mark.parametrize(("name", "arguments"), [row[:2] for row in ROWS if row[2] == "GET"])
def test_get_and_head_only_read(town, name, arguments):
    address = address_of(name, arguments, town)
    for role, client in clients(town):
        with CaptureQueriesContext(connection) as queries:
            got, asked = client.get(address), client.head(address)
        writes = [one["sql"] for one in queries if re.match(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE)", one["sql"], re.I)]
        assert (role, writes) == (role, [])
        assert (role, asked.status_code, b"".join(asked)) == (role, got.status_code, b"")


@pytest.mark.parametrize("name", sorted({row[0] for row in ROWS}))
def test_methods_without_a_row_are_refused_to_all(town, name):
    known = {(row[2], row[1]) for row in ROWS if row[0] == name}
    address = address_of(name, min(arguments for _, arguments in known), town)
    others = [method for method in METHODS if method not in {method for method, _ in known}]
    answers = {
        (role, method): said(ask(client, method, address)) for role, client in clients(town) for method in others
    }
    accepted = {"405", "200", "302", "422"} if name in NOT_OURS else {"405"}
    assert {key: found for key, found in answers.items() if found not in accepted} == {}


@pytest.mark.parametrize(
    ("name", "arguments"), [row[:2] for row in ROWS if row[2] == "POST" and row[0] not in PRESSED_BY_PROGRAMS]
)
def test_post_without_a_token_is_refused_to_all(town, name, arguments):
    address = address_of(name, arguments, town)
    answers = [client.post(address).status_code for _, client in clients(town, enforce_csrf_checks=True)]
    assert answers == [403] * len(ROLES)


def test_the_table_holds_every_address():
    assert sorted(names_of(get_resolver().url_patterns)) == sorted({row[0] for row in ROWS})


def names_of(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_of(pattern.url_patterns)
        else:
            yield pattern.name
