"""The engine's door as others use it: bytes in, bytes out, an exit code, never a traceback."""

import json
import subprocess
import sys

import pytest

from maillage.engine import door

LISTING = {"id": "a", "structure": "s", "category": "technical.vehicles", "lat": 43.5, "lon": 1.5}
WINDOW = {"start": "2026-11-07T08:00", "end": "2026-11-07T20:00"}


def run(*arguments, document=b"", **options):
    command = [sys.executable, "-m", "maillage.engine.door", *arguments]
    done = subprocess.run(command, input=document, capture_output=True, check=False, **options)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


def case(need=None, offer=None, **members):
    need, offer = {**LISTING, **(need or {})}, {**LISTING, "structure": "t", **(offer or {})}
    return json.dumps({"needs": [need], "offers": [offer], **members}).encode()


def answer(document):
    return door.answer("match", document)


@pytest.mark.parametrize("topic", door.TOPICS)
def test_the_example_of_each_help_runs_and_gives_the_same_bytes_twice(topic):
    code, example = run(topic, "--example")
    assert code == 0
    assert example in run(topic, "--help")[1]
    code, output = run(topic, document=example.encode())
    assert code == 0
    assert json.loads(output)
    assert run(topic, document=example.encode()) == (code, output)


def test_the_example_of_match_is_answered():
    _, output = run("match", document=run("match", "--example")[1].encode())
    (found,) = json.loads(output)["matches"]["fete"]
    assert found == {
        "offer": "fourgon",
        "score": 0.536871,
        "distance_km": 9.016,
        "reasons": [
            "à 9\u00a0km",
            "libre samedi 7\u00a0novembre",
            "dans la catégorie demandée",
            "dans le budget\u00a0: 30\u00a0€",
            "mot commun\u00a0: camionnette",
        ],
    }


def test_the_same_input_gives_the_same_bytes():
    document = case({"text": "Camionnettes été"}, {"text": "été camionnette salle réunion"})
    assert run("match", document=document) == run("match", document=document)


def test_help_names_the_topics():
    code, output = run("--help")
    assert code == 0
    assert [topic for topic in door.TOPICS if topic not in output] == []


@pytest.mark.parametrize("arguments", [[], ["match", "match"], ["match", "--wrong"], ["astrology"], ["../door"]])
def test_a_wrong_command_is_refused_with_the_topics(arguments):
    code, output = run(*arguments, document=b"{}")
    assert code == 2
    assert "match" in json.loads(output)["error"]


def test_bad_input_gives_code_2_and_an_error():
    code, output = run("match", document=b"[" * 200_000)
    assert (code, json.loads(output)) == (2, {"error": "Le document est trop profond.", "where": ""})


def test_a_closed_input_is_an_empty_document():
    command = f"{sys.executable} -m maillage.engine.door match <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"")
    assert json.loads(done.stdout)["error"].startswith("Le document est vide")


def test_a_reader_who_leaves_early_is_no_error():
    offers = [{**LISTING, "structure": "t", "id": number} for number in range(3000)]
    document = json.dumps({"needs": [LISTING], "offers": offers, "top": 3000}).encode()
    command = f"{sys.executable} -m maillage.engine.door match | head -c 1"
    done = subprocess.run(["sh", "-c", command], input=document, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"{", b"")


def test_the_door_does_not_load_django():
    script = "import sys, maillage.engine.door as d; d.answer('match', b'{\"needs\":[],\"offers\":[]}')"
    assert (
        subprocess.run([sys.executable, "-c", f"{script}; sys.exit('django' in sys.modules)"], check=False).returncode
        == 0
    )


def test_nothing_to_match_is_an_answer():
    assert answer(b'\xef\xbb\xbf{"needs": [], "offers": []}') == {"matches": {}}
    assert answer(json.dumps({"needs": [LISTING], "offers": []}).encode()) == {"matches": {"a": []}}


def test_top_limits_the_answer():
    offers = [{**LISTING, "structure": "t", "id": number} for number in range(30)]
    document = {"needs": [LISTING], "offers": offers}
    assert len(answer(json.dumps(document).encode())["matches"]["a"]) == 20
    assert [one["offer"] for one in answer(json.dumps({**document, "top": 2}).encode())["matches"]["a"]] == [0, 1]


@pytest.mark.parametrize(
    ("zone", "offered", "matched"),
    [
        ("Europe/Paris", {"start": "2026-11-07T08:00Z", "end": "2026-11-07T08:30Z"}, True),
        ("Europe/Paris", {"start": "2026-11-07T07:00+01:00", "end": "2026-11-07T08:00+01:00"}, False),
        ("Indian/Reunion", {"start": "2026-11-07T03:30Z", "end": "2026-11-07T04:00Z"}, False),
        ("Indian/Reunion", {"start": "2026-11-07T04:00Z", "end": "2026-11-07T04:00:00.5Z"}, True),
    ],
)
def test_local_times_are_those_of_the_time_zone(zone, offered, matched):
    document = case({"windows": [WINDOW]}, {"windows": [offered]}, timezone=zone)
    assert bool(answer(document)["matches"]["a"]) is matched


def test_windows_in_the_hour_that_comes_twice_are_told_apart():
    first = {"start": "2026-10-25T02:00+02:00", "end": "2026-10-25T03:00+02:00"}
    second = {"start": "2026-10-25T02:00+01:00", "end": "2026-10-25T03:00+01:00"}
    assert answer(case({"windows": [first]}, {"windows": [second]}))["matches"]["a"] == []
    (found,) = answer(case({"windows": [second]}, {"windows": [second]}))["matches"]["a"]
    assert "libre dimanche 25\u00a0octobre" in found["reasons"]


def test_an_identifier_that_utf8_cannot_hold_comes_back_as_it_came():
    code, output = run("match", document=case({}, {"id": "\ud800"}))
    assert (code, json.loads(output)["matches"]["a"][0]["offer"]) == (0, "\ud800")
