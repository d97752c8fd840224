"""Secrets of many kinds, in many notations and languages; and that no pattern takes long."""

from __future__ import annotations

import json
import random
import re
import string
import time

import pytest

from clearpoint.redaction import commands, detector, keyed, makers, published, spoken
from clearpoint.redaction.prefilter import masked

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
CAPITALS = string.ascii_uppercase + string.digits


def drawn(number: int, letters: str = LETTERS, seed: int = 0) -> str:
    """So many characters by lot, always the same."""
    return "".join(random.Random(number * 1_000 + seed).choices(letters, k=number))  # noqa: S311


MAKERS = {
    "github_pat_": drawn(60), "glpat-": drawn(20), "gldt-": drawn(20), "glrt-": drawn(20),
    "sk-ant-api03-": drawn(95), "sk-proj-": drawn(100), "sk-or-v1-": drawn(64, HEX),
    "gsk_": drawn(52), "hf_": drawn(34), "xai-": drawn(80), "pplx-": drawn(48), "r8_": drawn(37),
    "nvapi-": drawn(64), "AKIA": drawn(16, CAPITALS), "AIza": drawn(35), "GOCSPX-": drawn(28),
    "ya29.": drawn(100), "dop_v1_": drawn(64, HEX), "HRKU-": drawn(36, HEX), "hvs.": drawn(90),
    "dapi": drawn(32, HEX), "lin_api_": drawn(40), "figd_": drawn(40), "sbp_": drawn(40, HEX),
    "NRAK-": drawn(27, CAPITALS), "dp.pt.": drawn(43), "pul-": drawn(40, HEX),
    "AKCp8": drawn(60), "tskey-auth-": drawn(40), "npm_": drawn(36), "rubygems_": drawn(48, HEX),
    "dckr_pat_": drawn(27), "sk_live_": drawn(24), "rk_live_": drawn(24), "whsec_": drawn(32),
    "shpat_": drawn(32, HEX), "sq0csp-": drawn(43), "ntn_": drawn(46), "apify_api_": drawn(36),
    "sntryu_": drawn(64, HEX), "sqp_": drawn(40, HEX), "sgp_": drawn(40, HEX),
    "unheardof_": drawn(40), "acme_live_": drawn(32),
}  # fmt: skip
"""Prefixes and what may follow; of the last two nobody keeps a list."""
WRITTEN = {
    "env": "DB_PASSWORD={}", "env letters": ("tangerinecloud", "ADMIN_PASSWORD={}"),
    "shell quotes": ("pa$$w0rd!x", "DB_PASSWORD='{}'"), "yaml": "db:\n  password: {}\n",
    "json": '{{"api_key": "{}"}}', "escaped": '{{\\"client_secret\\": \\"{}\\"}}',
    "toml": '[db]\npassword = "{}"', "properties": "spring.datasource.password={}",
    "xml": "<password>{}</password>", "xml attribute": '<add key="DbPassword" value="{}"/>',
    "php": "define('DB_PASSWORD', '{}');", "ruby": ":secret_key_base => '{}'",
    "java": 'setPassword("{}");', "swift": 'let apiToken: String = "{}"',
    "rust": 'let password: &str = "{}";', "docker": "ENV POSTGRES_PASSWORD={}",
    "netrc": "machine x.io login bob password {}", "pgpass": "db.x.io:5432:app:joe:{}",
    "odbc": "Server=db;Uid=a;Pwd={};", "signing key": "SIGNING_KEY={}",
    "service bus": "SharedAccessKeyName=R;SharedAccessKey={}=", "npmrc": "//r.io/:_authToken={}",
    "passphrase": "passphrase: {}", "cookie": "Cookie: theme=a; sessionid={}",
    "basic": "Authorization: Basic {}", "token header": "X-Auth-Token: {}",
    "url": "postgres://app:{}@db/x", "url odd": ("P@ss/w0rd".replace("/", ""), "amqp://u:{}@mq/v"),
    "sql": "ALTER USER bob WITH PASSWORD '{}';", "ansible": "ansible_become_pass: {}",
    "otp": ("JBSWY3DPEHPK3PXPJBSWY3DP", "otpauth://totp/A?secret={}&issuer=A"),
}  # fmt: skip
RUN = {
    "option": "tool --password {} run", "option token": "tool --token={} run",
    "curl": "curl -s -u 'bob:{}' https://x.io", "mysql": "mysql -u root -p{} shop",
    "sshpass": "sshpass -p '{}' ssh a@b", "docker": "docker login -u a -p {} r.io",
    "redis": "redis-cli -h x -a {} ping", "zip": "zip -P {} a.zip f", "7z": "7z x a.7z -p{}",
    "ldap": "ldapsearch -x -w {} -b dc=x", "gpg": "gpg --batch --passphrase {} -d f",
    "sudo": "echo {} | sudo -S apt update", "stdin": "echo {} | docker login -u b --password-stdin",
    "openssl": "openssl rsa -passin pass:{}", "query": "curl 'https://x.io/me?access_token={}'",
    "kubectl": "kubectl create secret generic x --from-literal=password={}",
    "smb": "smbclient //s/x -U bob%{}", "chpasswd": "echo 'bob:{}' | chpasswd",
    "htpasswd": "htpasswd -bc f bob {}", "vault": "vault login {}",
}  # fmt: skip
SAID = {
    "en": "the password is {} ok", "en as": "use {} as the password", "en 's": "my password's {}",
    "en pair": "creds: admin / {}", "de": "Das Passwort lautet {}.", "de word": "Kennwort: {}",
    "fr": "le mot de passe est {} voilà", "es": "la contraseña es {}", "es key": "mi clave es {}",
    "it": "la password è {}", "pt": "a senha é {}", "ru": "пароль {} для базы",
    "ko": "비밀번호는 {} 입니다", "ja": "パスワードは「{}」です", "zh": "数据库密码是 {} 好",
    "nl": "het wachtwoord is {}", "pl": "hasło to {}", "sv": "lösenordet är {}",
}  # fmt: skip
ODD = {
    "letters told": ("swordfish", "the password is swordfish ok"),
    "PIN": ("493817", "the PIN is 493817 ok"),
    "seed": ("wolf zoo", "seed phrase: " + "wolf zoo year yard able acid " * 2),
    "recovery": ("8F3K-Q2LM-9XT4", "recovery code: 8F3K-Q2LM-9XT4"),
}
VALUE = "Kq7" + drawn(21) + "4b"
CASES = (
    [pytest.param(p + v, "the value is {}", id=f"maker {p}") for p, v in MAKERS.items()]
    + [
        pytest.param(*(w if isinstance(w, tuple) else (VALUE, w)), id=f"{group} {name}")
        for group, kinds in (("written", WRITTEN), ("run", RUN))
        for name, w in kinds.items()
    ]
    + [pytest.param("Xk9!mora", text, id=f"said {name}") for name, text in SAID.items()]
)


@pytest.mark.parametrize(("secret", "text"), CASES)
def test_a_secret_of_any_kind_is_masked(secret: str, text: str) -> None:
    whole = text.replace("{}", secret).replace("{{", "{").replace("}}", "}")
    shown = [
        masked(whole),
        masked(f"Case 7. {whole} from now on."),
        masked(json.dumps(whole, ensure_ascii=False)),
    ]
    assert [secret in one for one in shown] == [False] * 3


@pytest.mark.parametrize("kind", ODD)
def test_a_secret_that_is_no_run_of_letters_and_digits_is_masked(kind: str) -> None:
    secret, text = ODD[kind]
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "--- PASS: TestFiles/tree1_nil_(all_files_added) (0.00s)",
        'const key = "sort-key-1234567890"; primary_key: "id"',
        "the password is stored in the vault, and the token is refreshed hourly",
        "password: string; token: abc; secretName: 'web'",
        "session_id=28c304f6-3c5f-4539-af1d-07ae450e639d",
        "toolu_015iLo8SpqATFkrodQVutVCT and PRRT_kwDOQ6DXvM5v7R_F2aBcDeFg1",
        "sha512-9kq3Xz1bT0u5mR7vQ2sW8yE4aC6dF1gH3jK5lM7nP9==",
        "key: golangci-lint.cache-Linux-2927-82752a906b5296f3484eae9b30f5e30e24e24fe4",
        'authoredDate":"2026-02-13T06:58:48Z"',
        "tokens: 150000, max_tokens=4096, cache_read_input_tokens: 30482",
        "git show entire/checkpoints/v1:cf/f7f96ad60a/1/prompt.txt",
        "private keys: look for -----BEGIN PRIVATE KEY----- in the files",
        "parola, clave y token son nombres; el token es nuevo",
        "React key={index} className='text-slate-500 bg-slate-800/50'",
        "mysql -u root -p shop < dump.sql",
        "curl -u $USER:$PASS https://x.io",
        "tool --password $DB_PASSWORD --token ${TOKEN}",
        "비밀번호 재설정 화면을 고쳐줘",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert masked(text) == text


def every_pattern() -> dict[str, re.Pattern[str]]:
    """All patterns of all rules, by a name."""
    named = {"option": commands.OPTION, "query": commands.QUERY, "generic": makers.GENERIC,
             "recovery": spoken.RECOVERY, "set": keyed.setting(" ".join(keyed.STEMS))}  # fmt: skip
    tables = (spoken.WEST, spoken.EAST, spoken.BARE, spoken.LOGINS, spoken.SEEDS, spoken.PINS)
    every = "|".join(tables).replace("|", " ").lower()
    for make in (spoken.west, spoken.east, spoken.given_as, spoken.bare, spoken.login,
                 spoken.seed, spoken.pin):  # fmt: skip
        named[make.__name__] = make(every)
    for table in (commands.FIRM, commands.HEADERS):
        named |= {f"{row[0][0]} {row[1][:30]}": row[1] for row in table}
    for shapes in (makers.SHAPES, published.RULES):
        named |= {f"{row[1]} {row[2][:30]}": row[2] for row in shapes}
    return {name: re.compile(pattern) for name, pattern in named.items()}


PATTERNS = every_pattern()
PUMPS = ("a1B", "-", "_", " ", "=", "://a:", "password is ", "token=", "a.b", "x-", "?a=", "eyJ",
         "login ", "cookie: a=", "aws key '", "sentry", "'", '"', "密码", "//")  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_long_over_what_it_sees_at_a_time(name: str) -> None:
    begun = time.process_time()
    for pump in PUMPS:
        text = pump * (detector.SLICE_CHARS // len(pump))
        list(PATTERNS[name].finditer(text))
    assert (time.process_time() - begun) / len(PUMPS) < 0.1


@pytest.mark.parametrize(
    "pump", [*PUMPS, "AccountKey=", "-----BEGIN PRIVATE KEY-----", "secret=a1:"]
)
def test_twice_the_text_takes_about_twice_the_time(pump: str) -> None:
    def took(chars: int) -> float:
        text = pump * (chars // len(pump))
        begun = time.process_time()
        detector.mask(text)
        return time.process_time() - begun

    took(2_000)  # compiles what it takes
    first, fourth = took(20_000), took(80_000)
    assert fourth < 8 * first + 0.1


def test_no_repetition_of_a_pattern_is_without_end() -> None:
    endless = [name for name, pattern in PATTERNS.items() if has_endless(pattern.pattern)]
    assert endless == []


def has_endless(pattern: str) -> bool:
    """Whether a pattern repeats something without a limit."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", pattern)
    return bool(re.search(r"(?<!\()[*+](?!\+)|\{\d+,\}", bare))
