"""Secrets of many kinds, in many notations and languages; and that no pattern takes long."""

from __future__ import annotations

import json
import random
import re
import string
import time

import pytest

from clearpoint.redaction import (
    calls,
    commands,
    detector,
    keyed,
    lots,
    makers,
    manifests,
    nearby,
    phrases,
    programs,
    published,
    sentences,
    shapes,
    tables,
)
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
LOT = "zX4" + drawn(33, seed=3) + "k9Q"
WORD = "tgr58kelpo"
"""As somebody makes one up: letters, and digits among them."""
SIGNED = "Koala#47xQ"
NEARBY = {
    "prefix hex": ("zt_" + drawn(40, HEX), "deploy with {} please"),
    "prefix dash": ("acmecorp-" + drawn(36), "INFO using {}"),
    "dotted": (f"mk1.{drawn(22)}.{drawn(40)}", "it says invalid: {}"),
    "verb hex": (drawn(36, HEX), "snyk auth {}"),
    "login hex": (drawn(40, HEX), "wandb login {}"),
    "property": (drawn(40, HEX), "sonar-scanner -Dsonar.login={}"),
    "any option": (LOT, "vercel --prod -t {}"),
    "join": (drawn(90, seed=4) + "1Z", "cloudflared service install {}"),
    "grouped": ("ziur-b0rc-sq2r-g4vo", "my stream key is {}"),
    "key told": (drawn(32, HEX), "my api key: {}"),
    "key in a path": (LOT, "consul kv put app/api_key {}"),
    "default": (SIGNED, 'variable "db_password" {{\n  default = "{}"\n}}'),
    "value": (LOT, "secrets:\n  - name: API\n    value: {}"),
    "after": (SIGNED, "please reset it to {} - that's the new password"),
    "as": (SIGNED, "Der Server hat jetzt {} als Passwort."),
    "below": (WORD, "vpn passwords:\nbob\n{}\n"),
    "asked": (SIGNED, "Bob: what's the admin pw?\nAnn: {}"),
    "jwt": (SIGNED, "jwt.sign(payload, '{}', {{ expiresIn: '1h' }})"),
    "client": (LOT, "createClient('https://x.co', '{}')"),
    "hmac": (LOT, "hmac.new(b'{}', msg, hashlib.sha256)"),
    "third": (WORD, "new PDO('mysql:host=db', 'app', '{}')"),
    "pair": (SIGNED, "requests.get(url, auth=('bob', '{}'))"),
    "from literal": (LOT, "kubectl create secret generic s --from-literal=a={}"),
    "manifest": (LOT, "kind: Secret\nmetadata:\n  name: a\ndata:\n  user: Ym9i\n  client: {}\n"),
    "store": (SIGNED, "az keyvault secret set --vault-name v --name n --value '{}'"),
    "piped": (LOT, "printf '{}' | gcloud secrets create api --data-file=-"),
    "user -p": (WORD, "cypher-shell -u neo4j -p {}"),
    "any -p": (SIGNED, "security unlock-keychain -p '{}' login.keychain"),
    "windows": (SIGNED, "xfreerdp /u:bob /p:{} /v:h"),
    "positional": (WORD, "rabbitmqctl add_user bob {}"),
    "setenv": (WORD, "setenv DB_PASS {}"),
    "dsn": (WORD, 'sql.Open("mysql", "app:{}@tcp(db:3306)/x")'),
    "wifi": (WORD, "WIFI:S:home;T:WPA;P:{};;"),
    "csv": (SIGNED, "url,username,password\nx.io,bob,{}\n"),
    "markdown": (SIGNED, "| user | password |\n|---|---|\n| bob | {} |"),
    "phrase": ("saddle dish quiet purple", "the passphrase is {} and it opens the vault"),
    "quoted": ("marguerite jaune", "le mot de passe est « {} »"),
    "wallet": ("wolf zoo year yard able acid " * 2, "{}"),
    "numbered": (
        "wolf 2. zoo",
        ("1. {} 3. year 4. yard 5. able 6. acid 7. fox 8. elbow 9. dune"
         " 10. cube 11. bone 12. apple"),
    ),
    "codes": ("eef16-d0102", "GitHub recovery codes:\nd8f1c-0a737\n{}\n"),
    "compound": ("rosenkohlsuppe", "Das WLAN-Passwort lautet {}."),
    "hi": (WORD, "पासवर्ड {} है"), "vi": (SIGNED, "mật khẩu là {}"), "cs": (SIGNED, "heslo je {}"),
    "he": (SIGNED, "הסיסמה היא {}"), "tr": (SIGNED, "veritabanı şifresi {} olsun"),
    "door": ("48213", "the door code is {}"),
    "licence": ("33T85-WW985-DE0GI-7AKWS", "Product key: {}"),
    "two names": (LOT, "npmAuthToken: {}"),
}  # fmt: skip
"""What a word near by tells, and not the form alone."""
UUID = "6f1d2c3b-4a59-4e87-9b60-5c4d3e2f1a0b"
LONE = {
    "a run that nothing names": (drawn(31, seed=5) + "aZ3xY8", "then {} and so on"),
    "a run in an address": (drawn(30, seed=6) + "B4", "https://rpc.x.org/v2/{}"),
    "words and a run of one case": ("9k2m" * 6 + "x7q1", "zorg_app_{}"),
    "a UUID that is a key": (UUID, "LINTER_API_KEY={}"),
    "a UUID behind a scheme": (UUID, "Authorization: GenieKey {}"),
    "a UUID that a program logs in with": (UUID, "scan auth {}"),
    "letters alone on a line of settings": (
        "marigolds",
        "db:\n  user: app\n  passwd: {}\n  port: 1",
    ),
    "letters alone, mixed": ("JHVXrQsYMEBc", "<dbPassword>{}</dbPassword>"),
    "letters alone, told": ("hollyhock", "log in, the password's {}"),
    "letters alone, set": ("hollyhock", "set the wifi password to {}"),
    "letters alone, of somebody": ("hollyhock", "mi contrase\xf1a: {}"),
    "letters in Eastern quotes": (
        "yamabuki",
        "\u30d1\u30b9\u30ef\u30fc\u30c9\u306f\u300c{}\u300d\u3067\u3059",
    ),
    "quoted words": ("blue garden 77", 'psk="{}"'),
    "quoted words, exported": ("cobalt heron dune", "export BORG_PASSPHRASE='{}'"),
    "a name within a name": ("papaya22", "auth:\n  rootPassword: {}\n"),
    "a column of SQL": ("nQg7mxlP7jIF", "INSERT INTO u (name, password) VALUES ('bob', '{}');"),
    "a value piped into a program": ("Openvnc1", "echo {} | vncpasswd -f > p"),
    "a private number": ("AXjVFhE8Yb_tem-TnQ2vXw", '{"kty":"OKP","d":"{}"}'),
    "an argument of a login": ("4CLPQnHbAsKd", "req.basic_auth 'bob', '{}'"),
    "a third argument": ("7Gm6hfSc7auq", 'DriverManager.getConnection(url, "bob", "{}");'),
    "a name of two words": ("q6czMpXPHuROXH", 'Settings.keystorePass = "{}";'),
    "a password that is reset": ("u3PzQcfYk0yf", "tool admin reset-admin-password {}"),
    "a password below its name": ("b05300fe47d1ea0f", "Use the following password:\n\n{}\n"),
    "a PIN without a blank": ("8841", "\u6697\u8a3c\u756a\u53f7\u306f{}\u3067\u3059"),
    "a nested value": ("Tulip!77", "<Password><Value>{}</Value></Password>"),
    "an app's password": ("qwer tyui opas dfgh", "Gmail app password: {}"),
}
"""Secrets that no maker, or no name directly before them, tells."""


@pytest.mark.parametrize("kind", LONE)
def test_a_secret_that_little_tells_is_masked(kind: str) -> None:
    secret, text = LONE[kind]
    assert secret not in masked(text.replace("{}", secret))


ODD = {
    "letters told": ("swordfish", "the password is swordfish ok"),
    "PIN": ("493817", "the PIN is 493817 ok"),
    "seed": ("wolf zoo", "seed phrase: " + "wolf zoo year yard able acid " * 2),
    "recovery": ("8F3K-Q2LM-9XT4", "recovery code: 8F3K-Q2LM-9XT4"),
}
HARMLESS = [
    '"AWS::ApiGateway::ApiKey": "c3f1a9d27b604e58"',
    '"encryptionKey": "arn:aws:kms:eu-1:111122223333:key/1a2b3c4d5e6f"',
    "aws ecs run-task --idempotency-token 5f8a1c3e9b7d2046af13",
    "the id dt_9f3kq7x2m5b8w1c4 of a distribution",
    "fileId: 1yrYZJ2twrbpUuScbo3rmN_v-Jfv6d2tO74nCT6PcpxI",
    "https://docs.google.com/document/d/1yrYZJ2twrbpUuScbo3rmN_vJfv6d2tO74nCT6PcpxI/edit",
    "0x04a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6 is monospaced",
    "self.key_password = key_password",
    "<DigestValue>HjY8ilZAIEM2tBbPn5mYO1ieIX4=</DigestValue>",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA9fKZ3x",
    "password: getUserByID and findSessionByID",
    "the token fix is in commit 0d8d5c2f1a9b3e4d5c6f7a8b9c0d1e2f3a4b5c6d",
    "git cherry-pick 822301f && git revert 0d8d5c2f1a9b3e4d5c6f7a8b9c0d1e2f3a4b5c6d  # auth",
    "0d8d5c2f1a9b3e4d5c6f7a8b9c0d1e2f3a4b5c6d Fix the auth token",
    "Merge: 7e995c8 b64e02f secret handling",
    "session 5ec00000-1111-4111-8111-111111111111 has no token",
    "session_token id: 28c304f6-3c5f-4539-af1d-07ae450e639d",
    "integrity sha512-9kq3Xz1bT0u5mR7vQ2sW8yE4aC6dF1gH3jK5lM7nP9== for the auth package",
    "src/auth/tokens/refreshTokenV2Handler.test.ts fails at login",
    "tests/test_auth_token_v2.py::test_login_with_expired_token_3 FAILED",
    "the tool id toolu_01A9bC8dEfGhIjKlMnOpQrSt used the token",
    "password: str = Field(default=None, min_length=8)",
    "const password = process.env.DB_PASSWORD",
    "docker run -u root -p 8080:80 -w /app node:20 npm test",
    "mkdir -p src/auth2/v3 && cp -p a1b2 c3d4",
    "psql -U app -p 5433 -h db1",
    "ssh -p 2222 -l deploy host1 uptime",
    "the passphrase is required when signing",
    "the passphrase is never stored anywhere and must be entered again",
    "Password: enter your account name first",
    "the recovery codes are generated by generateCodes2 in auth.ts",
    'echo "v1.2.3" | sed s/v// ; echo abc123def | md5sum',
    "jwt.sign(payload, process.env.JWT_SECRET, { algorithm: 'HS256' })",
    "expect(verify('SGVsbG8')).toBe(true)",
    "createHmac('sha256', key).update('2026-01-06').digest('hex')",
    "createClient('https://x.supabase.co', anonKey)",
    "connect('localhost', 'root', 'shop_v2')",
    "key: linux-node-modules-82752a906b5296f3484eae9b30f5e30e24e24fe4",
    "the api key is read from config.api.key2 in settings.v2.ts",
    "auth: wait for 3a4b5c6d7e8f, build 20260106T120000Z",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 token image",
    "our seed is 42 and the words are short, with other plain small words in between them",
    "backup the wallet service then restart test build lint format check types docs again later",
    "The login page at /login?next=/dashboard2 shows user1@example.com",
    "see https://github.com/a/b/commit/0d8d5c2f1a9b3e4d5c6f7a8b9c0d1e2f3a4b5c6d#auth",
    "claude-sonnet-4-5-20250929 token limits",
    "request_id: req_011CSHoEeqs5C35K2UUqR7Fy token count 5",
    "the authToken variable in UserServiceV2Impl3Test holds it",
    "SECRET_KEY is read in config/settings/base2.py line 42",
    "Use the key 'user_profile_v2_cache_2026' for the session cache",
    "secret: name: my-secret-v2, key: tls-cert-2026",
    "kubectl get secret my-app-secret-7f8d9c -n prod2",
    "the card number field accepts 16 digits; PIN length is 4",
    "phone +49 170 1234567, order code 48213",
    "serial number of the migration: 20260106120000",
    'base64 "SGVsbG8gV29ybGQhIFRoaXMgaXMgYSB0ZXN0" decodes to text, see the token test',
    "pass the_repository to get_oid2, pass 3 of 5",
    "Bob: which pw manager?\\nAnn: 1Password 8",
    "vercel.json token field, see #1234 and PR-5678",
    "npm ERR! code E401 auth token for v18.19.0",
    "the hash 5f4dcc3b5aa765d61d8327deb882cf99 is the md5 of password",
    "export PATH=$HOME/.local/bin:$PATH; set -x FOO 1",
    "password=hunter",
]
"""Commits, ids, hashes, paths, calls and words about secrets."""
VALUE = "Kq7" + drawn(21) + "4b"
CASES = (
    [pytest.param(p + v, "the value is {}", id=f"maker {p}") for p, v in MAKERS.items()]
    + [
        pytest.param(*(w if isinstance(w, tuple) else (VALUE, w)), id=f"{group} {name}")
        for group, kinds in (("written", WRITTEN), ("run", RUN))
        for name, w in kinds.items()
    ]
    + [pytest.param(*case, id=f"nearby {name}") for name, case in NEARBY.items()]
    + [pytest.param("Xk9!mora", text, id=f"said {name}") for name, text in SAID.items()]
)


@pytest.mark.parametrize(("secret", "text"), CASES)
def test_a_secret_of_any_kind_is_masked(secret: str, text: str) -> None:
    whole = text.replace("{}", secret).replace("{{", "{").replace("}}", "}")
    assert secret.strip() not in masked(whole)


@pytest.mark.parametrize(
    ("secret", "text"), [case for case in CASES if "nearby" not in str(case.id)]
)
def test_a_secret_is_masked_within_a_sentence_and_within_json(secret: str, text: str) -> None:
    whole = text.replace("{}", secret).replace("{{", "{").replace("}}", "}")
    shown = [
        masked(f"Case 7. {whole} from now on."),
        masked(json.dumps(whole, ensure_ascii=False)),
    ]
    assert [secret in one for one in shown] == [False] * 2


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
        "HEAD#n198 and label%3Abug, beginWork$1 of chunk-36jrqfj4.js, React@18, de_DE_1999@custom",
        "struct.pack('<4s4B4HL2L5H2L', x) and '\\U0001d7d8', isInt8Array, bytesToUtf8",
        "330-**Goal**: oldLen&&newPos+1, `#F59E0B14` (amber 8%), PEP%%20%s, c0dd4af^!",
        "the commit 33406b6b748dLet me see, actions/checkout@v4, sha 0ca13dc0d78f0789@v1",
        "github 0123456789abcdef0123456789abcdef01234567 and the sentry event in the log",
        "the reset password: link, forgot password: later, invalid password: try again",
        "la clave es entender el problema; the key is to keep it short",
        "status code is 100013, error code: 404404, the exit code is 137",
        "the passphrase is wrong, the password is missing, user bob, password required",
        *HARMLESS,
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert masked(text) == text


TOLD = {
    "nothing names": ("Kq7xB2mWz9", "it takes {} as before"),
    "signs": ("Harbor42$!", "we sent {} to them"),
    "argument": ("Vb3kQ9zLm2X", "frobnicate host user {} --now"),
    "letters by lot": ("FAcvEVjLKERCLNOApOTJDTPiiZBk", "X_TOKEN={}"),
    "service": (drawn(32, HEX), "asana: '{}'"),
    "service id": (UUID, "heroku key {}"),
    "service and hyphen": (drawn(40, HEX), "datadog-apikey-{}"),
    "before": ("tr4ctor-Pw9", "{} is the new password"),
    "before as": ("Gx4!pqrs", "j'ai mis {} comme mot de passe"),
    "user and word": ("tangerine", "user bob, password {}"),
    "creds": ("tangerine", "credentials: bob:{}"),
    "of somebody": ("tangerine", "das Passwort von root ist {}"),
    "by default": ("tangerine", "it uses the password {} by default"),
    "in a clause": ("tangerine", "Grafana password: {}"),
    "changed": ("tangerine", "change the password from {} to x"),
    "full-width": ("tangerine", "パスワード：{}"),
    "digits": ("48120934", "WiFi密码是{}"),
    "six digits": ("493817", "der Code ist {}"),
    "fallback": ("Qw7xY2kLm9", "password: <%= ENV['PW'] || '{}' %>"),
    "default": ("Qw7xY2kLm9", 'variable "db_password" {{ default = "{}" }}'),
    "cloud-init": ("Qw7xY2kLm9", "chpasswd:\n  list: |\n    root:{}\n"),
    "redis": ("Qw7xY2kLm9", "AUTH {}"),
    "digits alone": ("50495683295494149575035396856297", "AXONAUT_API_KEY={}"),
    "token id": (UUID, "nomad job run -token {} x"),
}
"""Secrets that their looks tell, or a service, or the clause that they stand in."""


@pytest.mark.parametrize("kind", TOLD)
@pytest.mark.parametrize("around", ["{}", "We decided: {}", "{} from now on."])
def test_a_secret_is_known_by_its_looks_and_its_clause(kind: str, around: str) -> None:
    secret, text = TOLD[kind]
    assert secret not in masked(around.format(text.format(secret)))


def every_pattern() -> dict[str, re.Pattern[str]]:
    """All patterns of all rules, by a name."""
    named = {"option": commands.OPTION, "query": commands.QUERY, "generic": makers.GENERIC,
             "recovery": sentences.RECOVERY, "any": commands.ANY, "short": commands.SHORT,
             "user": commands.USER,
             "prefixed": makers.PREFIXED, "dotted": makers.DOTTED, "staged": makers.STAGED,
             "run": lots.RUN, "segment": lots.SEGMENT, "lone": lots.LONE,
             "six digits": sentences.SIX_DIGITS, "insert": tables.INSERT,
             "next": keyed.NEXT,
             "title": tables.TITLE, "data": manifests.DATA, "item": manifests.ITEM,
             "set": keyed.setting(" ".join(keyed.STEMS))}  # fmt: skip
    spoken_of = (
        sentences.WEST,
        sentences.EAST,
        sentences.BARE,
        sentences.LOGINS,
        sentences.SEEDS,
        sentences.PINS,
        sentences.USERS,
        sentences.PAIRED,
        sentences.CREDENTIALS,
    )
    every = "|".join(spoken_of).replace("|", " ").lower()
    for module, names in (
        (nearby, ("NAMED", "RUN", "REST", "BELOW", "BEHIND", "SET")),
        (calls, ("NAMES", "LITERAL", "LOGIN", "SECOND", "THIRD")),
        (phrases, ("CODES", "CODE", "PHRASE", "USED")),
    ):
        named |= {f"{module.__name__} {name}": getattr(module, name) for name in names}
    for make in (sentences.west, sentences.east, sentences.given_as, sentences.held_as,
                 sentences.bare, sentences.foreign, sentences.login, sentences.seed,
                 sentences.pin, sentences.pair, sentences.joined):  # fmt: skip
        named[make.__name__] = make(every)
    for table in (programs.FIRM, programs.HEADERS):
        named |= {f"{row[0][0]} {row[1][:30]}": row[1] for row in table}
    for rules in (shapes.SHAPES, published.RULES):
        named |= {f"{row[1]} {row[2][:30]}": row[2] for row in rules}
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
