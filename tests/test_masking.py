"""Secrets are masked before anything is kept, wherever they were typed, said or called."""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from builders import files_below, state_folder
from driver import Client
from hypothesis import given
from hypothesis import strategies as st
from made import answer, call, prompt, result

from clearpoint.config.defaults import DEFAULTS
from clearpoint.redaction import gate
from clearpoint.redaction.prefilter import WITHHELD, masked
from clearpoint.session import state as session
from clearpoint.store import held_prompts

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = string.ascii_letters + string.digits


def made_up(number: int, letters: str = LETTERS) -> str:
    """So many characters that nobody ever used."""
    return "".join(random.Random(number).choices(letters, k=number))  # noqa: S311


CAPITALS = string.ascii_uppercase + string.digits
SECRETS = {
    "AWS": "AKIA" + made_up(16, CAPITALS),
    "AWS's other half": f"aws_secret_access_key = {made_up(39)}7",
    "Anthropic": f"sk-ant-api03-{made_up(90)}",
    "Azure": f"AccountKey={made_up(86)}==",
    "GitHub": "ghp_" + made_up(36),
    "GitHub, fine-grained": "github_pat_" + made_up(60),
    "GitLab": "glpat-" + made_up(20),
    "Google": "AIza" + made_up(35),
    "OpenAI": f"sk-proj-{made_up(60)}",
    "PyPI": "pypi-AgEIcHlwaS5vcmc" + made_up(80),
    "SendGrid": f"SG.{made_up(22)}.{made_up(43)}",
    "Slack": f"xoxb-123456789012-1234567890123-{made_up(24, string.ascii_lowercase)}",
    "Stripe": "sk_live_" + made_up(24),
    "npm": "npm_" + made_up(36),
    "a web token": f"eyJ{made_up(30)}.eyJ{made_up(31)}.{made_up(43)}",
    "a bearer": f"Bearer {made_up(40)}",
    "a private key": f"-----BEGIN PRIVATE KEY-----\n{made_up(64)}\n-----END PRIVATE KEY-----",
    "a password in a URL": f"postgres://me:{made_up(12)}@db/x",
    "a password": f'password = "{made_up(13)}"',
    "a variable": f"DB_PASSWORD={made_up(13)}",
    "a sentence": f"the admin password is now {made_up(11)}7B!",
    "a sentence that sets it": f"change the Passwort auf {made_up(11)}7B!",
    "JSON": f'{{"api_key": "{made_up(32)}"}}',
}


def suspect(text: str) -> bool:
    """Whether the rules would be loaded for a text."""
    return gate.is_suspect(text, text.lower())


def core(secret: str) -> str:
    """The part of a secret that must not be found anywhere."""
    return max("".join(c if c in LETTERS else " " for c in secret).split(), key=len)


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_masked_and_the_words_around_it_stay(kind: str) -> None:
    text = masked(f"Use this: {SECRETS[kind]} please.")
    assert core(SECRETS[kind]) not in text
    assert "[masked: " in text
    assert (text[:9], text[-8:]) == ("Use this:", " please.")


@pytest.mark.parametrize(
    "text",
    [
        "the token: str parameter",
        "password = os.environ['PASSWORD2']",
        "tokens: 150000, max_tokens=4096",
        "secret=get_secret()",
        "commit 0123456789abcdef0123456789abcdef01234567",
        "mail me@example.com, or see https://example.com/a",
        "token = self.tokens[1]",
        "api_key=${API_KEY_1}",
        "the password is sha256-hashed, as before",
        "the password is required in Form2Request and is checked there",
        "set the password to None in tests/test_auth2.py",
        "the password is stored in UserV2.password_hash",
        "password: <the password>",
        "id 0f5c1c2e-6d1b-4c5e-9a53-1d9a7c1f0001",
        "비밀번호: 내일 정하자",
        "Das Passwort muss erst noch übernommen werden, dann geht es",
        "Mit dem Passwort kann man sich überall ausweisen.",
        "Le mot de passe est obligatoire pour tous",
        "the password is thermalized for everyone",
        "My password manager is 1Password",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    for secret in SECRETS.values():
        once = masked(f"{text} {secret} {text}")
        assert masked(once) == once


def test_a_text_of_megabytes_is_masked_or_withheld_in_no_time() -> None:
    secret = SECRETS["GitHub"]
    begun = time.process_time()
    done = masked(f"{secret} {'password://@ aws= token=a1b2c3d4 ' * 100_000} {secret}")
    assert time.process_time() - begun < 4.0
    assert (secret in done, done.endswith(WITHHELD)) == (False, True)


def test_a_long_plain_text_is_kept_whole() -> None:
    text = "Nothing to hide here, line by line.\n" * 10_000
    assert masked(text) == text


def test_a_private_key_over_the_end_of_a_piece_is_masked_whole() -> None:
    key = "\n".join(made_up(64 + number)[:64] for number in range(50))
    block = f"-----BEGIN RSA PRIVATE KEY-----\n{key}\n-----END RSA PRIVATE KEY-----"
    text = f"{'words ' * 5_200}\n{block}\nend"
    done = masked(text)
    assert (key[-200:] in done, key[:60] in done, done[-4:]) == (False, False, "\nend")


@pytest.mark.parametrize("secret", ["The PIN is 482913", "Authorization: Bearer abcDEF123456ghiJK"])
def test_no_piece_ends_between_a_name_and_its_secret(secret: str) -> None:
    words = "the quick brown fox jumps over it and " * 1_000
    texts = (f"{words[: 31_999 - before]} {secret}; {words}" for before in range(len(secret)))
    assert [text for text in texts if secret.rsplit(maxsplit=1)[-1] in masked(text)] == []


@pytest.mark.parametrize(
    "kind", ["Anthropic", "a private key", "a variable", "a password in a URL"]
)
def test_no_file_holds_a_secret_that_was_typed_said_or_called(tmp_path: Path, kind: str) -> None:
    secret = SECRETS[kind]
    client = Client(tmp_path / "project")
    client.project.mkdir()
    client.start()
    told = f"We decided to use {secret} here. Please always use {secret}. TODO: fix {secret} soon."
    client.write(
        prompt(told, uuid="u1"),
        call("Bash", command=f"curl -H '{secret}' x"),
        result("failed", failed=True),
        call("TodoWrite", tool_id="t2", todos=[{"content": secret, "status": "pending"}]),
        result(tool_id="t2"),
        answer(f"Let's use {secret}. Shall I keep {secret}?", message_id="m2"),
    )
    client.reply("stop", last_assistant_message=f"Let's use {secret}. Shall I keep {secret}?")
    given = {"description": f"Use {secret}", "subagent_type": "quality-gate"}
    client.reply("pre_tool_use", tool_name="Agent", tool_use_id="t3", tool_input=given)
    client.send("pre_compact", trigger="manual")
    client.clear("s-2")
    kept = [path for path in files_below(state_folder(tmp_path / "project")) if path.is_file()]
    holding = [path.name for path in kept if core(secret).encode() in path.read_bytes()]
    assert (len(kept) > 8, holding) == (True, [])
    assert "[masked: " in str(client.state["work_state"]["decisions"])


def test_a_prompt_that_is_held_back_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    held_prompts.hold(client.store, "s-1", SECRETS["Anthropic"])
    assert held_prompts.read(client.store, "s-1") == [SECRETS["Anthropic"]]


def test_an_answer_with_a_secret_is_recognized_at_stop_without_waiting(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.start()
    said = f"The key is {SECRETS['Anthropic']}."
    client.write(prompt("Go on."), answer(said))
    masked(said)  # loads what it takes
    begun = time.monotonic()
    client.reply("stop", last_assistant_message=said)
    assert time.monotonic() - begun < 0.25


@pytest.mark.parametrize(
    "text",
    [
        "Set token: $TOKEN and password=os.environ['P'] first.",
        "password = process.env.DB // see the settings",
        "'password' => getenv('DB'), 'charset' => 'latin'",
        "--password=${DB_WORD} --verbose",
    ],
)
def test_a_name_that_an_expression_is_set_to_needs_no_rules(text: str) -> None:
    assert not suspect(text)


@pytest.mark.parametrize("second", SECRETS)
@pytest.mark.parametrize("first", ["GitHub", "a variable"])
def test_a_secret_that_is_found_first_hides_no_other(first: str, second: str) -> None:
    done = masked(f"{SECRETS[first]}\n{SECRETS[second]}")
    assert [core(SECRETS[one]) in done for one in (first, second)] == [False, False]


LOADED = """
import sys
from clearpoint.redaction.prefilter import masked
masked("Please look at the token count: https://example.com and the password page.")
print("clearpoint.redaction.detector" in sys.modules, "re" in sys.modules)
"""


FOUND = """
import sys
from clearpoint.redaction.prefilter import masked
print("ghp_A1" in masked("It is token: ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8, as you said."))
print("clearpoint.redaction.published" in sys.modules, "clearpoint.redaction.spoken" in sys.modules)
"""


def test_no_further_rules_are_loaded_where_nothing_suspect_is_left() -> None:
    done = subprocess.run([sys.executable, "-c", FOUND], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"] * 3


def test_the_detector_is_loaded_for_texts_that_need_it_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == "False"
    assert not suspect("Please look at module 7 and improve it: 3 tests fail.")


@pytest.mark.parametrize(
    ("name", "failed", "is_masked"),
    [
        pytest.param("Read", False, False, id="a file"),
        pytest.param("Grep", False, False, id="what was found"),
        pytest.param("mcp__a__b", False, False, id="a server's answer"),
        pytest.param("Bash", False, True, id="a shell's output, of which git's lines are kept"),
        pytest.param("AskUserQuestion", False, True, id="the user's answers"),
        pytest.param("ExitPlanMode", False, True, id="a plan that the user changed"),
        pytest.param("Read", True, True, id="what failed, which may hold the user's reason"),
    ],
)
def test_of_results_only_what_can_be_kept_is_masked(
    name: str, *, failed: bool, is_masked: bool
) -> None:
    secret, state = SECRETS["GitHub"], session.new_state("s", "", DEFAULTS)
    given = result(f"It is {secret}.", failed=failed)
    session.fold(state, [call(name, file_path="/p/a.py", command="git log"), given], DEFAULTS)
    assert (secret in json.dumps(given), secret in json.dumps(state)) == (not is_masked, False)
