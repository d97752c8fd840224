"""Secrets on command lines: options of programs that take one, headers and query parameters. Pure."""

from __future__ import annotations

from clearpoint.redaction import values
from clearpoint.redaction.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from clearpoint.redaction.detector import Span

V = r"(?:\"(?P<q>[^\"\n]{1,300})\"|'(?P<s>[^'\n]{1,300})'|(?P<v>[^\s\"'`<>|&;]{1,400}))"
"""A value as a shell takes it: quoted one way or the other, or up to a blank."""
ARGS = r"(?:[^\n|;&]{0,300}?[ \t])"
LONG = (
    r"--?(?:[\w-]{0,24}[_-])?(?:password|passwd|passphrase|passwort|pass|pwd|pw|token|secret|api-?key|"
    r"apikey|auth-?key|access-?key|secret-?key|private-?key|account-?key|storepass|keypass|"
    r"srcstorepass|deststorepass|authtoken|auth-?token|credentials?|psk|otp|pin|bearer|passin|"
    r"passout|kdfpass|client-?secret|license-?key|key-?pass)"
)
FIRM: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sshpass",), rf"\bsshpass[ \t]{{1,4}}(?:-[veh] ?)?-p ?{V}"),
    (("mysql", "mariadb"), rf"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli)\b{ARGS}-p{V}"),
    (("mysql", "mariadb", "mongo", "docker login", "podman login", "helm", "az login", "twine",
      "oc login", "influx", "cqlsh", "clickhouse", "rabbitmqadmin", "skopeo", "crane auth", "buildah",
      "vsql", "nexus", "jf ", "smbmap", "crackmapexec", "evil-winrm", "xfreerdp", "wpscan", "argocd login"),
     (rf"\b(?:mongo(?:sh|dump|restore|export|import)?|docker[ \t]login|podman[ \t]login|skopeo[ \t]login|buildah[ \t]login|"
     rf"helm[ \t](?:registry[ \t]login|repo[ \t]add)|az[ \t]login|az[ \t]acr[ \t]login|twine|oc[ \t]login|influx|cqlsh|"
     rf"clickhouse-client|rabbitmqadmin|crane[ \t]auth|jf|smbmap|crackmapexec|evil-winrm|argocd[ \t]login)\b{ARGS}-p[ \t=]{{0,3}}{V}")),
    (("redis-cli",), rf"\bredis-cli\b{ARGS}(?:-a|--pass)[ \t]{{1,3}}{V}"),
    (("ldap",), rf"\bldap\w{{2,10}}\b{ARGS}-w[ \t]{{1,3}}{V}"),
    (("sqlcmd", "bcp", "mosquitto_", "isql", "bacula", "mssql-cli", "zip", "sqlplus"), rf"\b(?:sqlcmd|bcp|mosquitto_\w{{3}}|mssql-cli|zip|unzip)\b{ARGS}-P[ \t]{{0,3}}{V}"),
    (("7z", "7za", "unrar", "rar "), rf"\b(?:7za?|7zr|unrar|rar)\b{ARGS}-(?:p|hp){V}"),
    (("ssh-keygen",), rf"\bssh-keygen\b{ARGS}-[NP][ \t]{{1,3}}{V}"),
    (("openssl",), rf"\bopenssl\b{ARGS}-(?:k|K|macopt|iv)[ \t]{{1,3}}{V}"),
    (("pass:",), rf"\bpass:{V}"),
    (("htpasswd",), r"\bhtpasswd[ \t]{1,3}(?:-\w{1,8}[ \t]{1,3}){0,5}(?:-C[ \t]?\d{1,2}[ \t]{1,3})?(?:[\w./-]{1,100}[ \t]{1,3}){1,2}" + V + r"(?=[\s\"'\\]|$)"),
    (("smbclient", "rpcclient", "net rpc", "winexe"), r"\b(?:smbclient|rpcclient|winexe|net[ \t]rpc)\b" + ARGS + r"-U[ \t]{0,3}['\"]?[^\s%'\"]{1,80}%(?P<v>[^\s'\"]{1,100})"),
    (("sqlplus", "expdp", "impdp", "rman"), r"\b(?:sqlplus|expdp|impdp|rman)\b[^\n/]{0,80}?[ \t=\"'][\w$#]{1,40}/(?P<v>[^\s@/\"']{4,80})@"),
    (("net use", "net user"), rf"\bnet[ \t]use[ \t]{{1,3}}[^\n]{{0,200}}?[ \t]/user:\S{{1,80}}[ \t]{{1,3}}{V}|\bnet[ \t]user[ \t]{{1,3}}\S{{1,60}}[ \t]{{1,3}}(?P<v2>[^\s/]{{4,80}})"),
    (("chpasswd", "smbpasswd", "passwd"), r"(?:echo|printf|<<<)[ \t]{1,3}['\"]?(?P<u>[\w.-]{1,40}):(?P<v>[^\s'\"|]{4,100})['\"]?[^\n]{0,20}?chpasswd|chpasswd[ \t]{0,3}<<<[ \t]{0,3}['\"]?[\w.-]{1,40}:(?P<v2>[^\s'\"]{4,100})"),
    (("echo", "printf", "<<<"), r"(?:\becho|\bprintf)[ \t]{1,3}(?:-n[ \t]{1,3}|-e[ \t]{1,3}|['\"]?%s(?:\\n)?['\"]?[ \t]{1,3}){0,2}(?:'(?P<s>[^\s'|\\]{4,300})(?:\\n)?'|[\"]?(?P<v>[^\s'\"|$\\]{4,300})(?:\\n)?[\"]?)[ \t]{0,3}\|[ \t]{0,3}(?:sudo[ \t]{1,3}(?:-\w{1,6}[ \t]{1,3}){0,3}?-\w{0,4}S\b|(?:[\w./-]{1,40}[ \t]{1,3}){0,4}?[^\n|;&]{0,120}?(?:--password-stdin|--passphrase-fd|--with-token|passwd\b|cryptsetup|pass[ \t]insert|secret-tool|keyctl|luks\w{3,8}|secrets?[ \t]{1,3}(?:set|put|create|add|versions)|--data-file[= ]-|--stdin|-pass(?:in)?[ \t]stdin))"),
    (("secret",), r"\b(?:gh|fly|flyctl|wrangler|vercel|heroku|netlify|doppler|supabase|sst|railway)[ \t]{1,3}(?:secrets?|env|config:set|variables)[^\n|;&]{0,80}?[ \t](?:--body|-b|--value)[ \t=]{1,3}" + V),
    (("aws configure",), rf"\baws[ \t]configure[ \t]set[ \t][\w.-]{{0,60}}(?:secret|token|key)\w{{0,20}}[ \t]{{1,3}}{V}"),
    (("_authtoken", "_password", "_auth"), rf"(?<!\w)_(?:authToken|password|auth)[ \t]{{0,2}}[=:][ \t]{{0,2}}{V}|_(?:authToken|password)[ \t]{{1,4}}(?P<v2>(?=[^\s]{{0,40}}\d)[\w+/=.-]{{8,300}})"),
    (("vault login", "vault_token"), rf"\bvault[ \t]login[ \t]{{1,3}}(?:-[\w=-]{{1,30}}[ \t]{{1,3}}){{0,3}}{V}"),
    (("curl", "http ", "https ", "wget", "httpie", "xh "), r"\b(?:curl|https?|xh|wget)\b" + ARGS + r"(?:-\w{0,6}u|--user|--proxy-user|-U|-a|--auth)[ \t=]{0,3}[\"']?(?P<u>[^\s:\"'$]{0,80}):(?P<v>[^\s\"']{1,200})"),
    ((" -u ", " --user "), r"[ \t](?:-u|--user|--username)[ \t=]{1,3}[\"']?(?P<u>[A-Za-z][^\s:/\"'$]{0,80}):(?P<v>[^\s\"'/:]{4,200})(?=[\s\"']|$)"),
    (("identified by", "with password", "password '", 'password "', "password for", "identified with"), r"(?i)\b(?:identified[ \t](?:with[ \t]\w{1,40}[ \t])?(?:by|as)|(?:with[ \t](?:encrypted[ \t])?|set[ \t]|encrypted[ \t]|\blogin[ \t])?password(?:[ \t]for[ \t][^\n=]{1,60}=)?)[ \t]{1,4}(?:password[ \t]?\()?[\"'](?P<v>[^\"'\n]{3,200})[\"']|\bidentified[ \t]by[ \t]{1,4}(?P<v2>(?=[^\s;\"']{0,60}\d)[^\s;\"']{4,100})"),
    (("requirepass", "masterauth", "rootpw", "bindpw", "sasl_passwd", "ldap_bind"), rf"(?m)\b(?:requirepass|masterauth|rootpw|bindpw|olcRootPW:?)[ \t]{{1,4}}{V}"),
    (("password ", "passwd ", "account "), r"(?i)\b(?:machine|login|user|username|account)[ \t\n]{1,3}\S{1,80}(?:[ \t\n]{1,3}(?:login|account)[ \t\n]{1,3}\S{1,80})?[ \t\n]{1,3}(?:a[ \t])?pass(?:word|wd)[ \t\n]{1,3}(?P<v>(?=[^\s]{0,60}[\d!@#$%^&*+])[^\s\"'`<>|&;]{4,400})|\bmachine[ \t\n]{1,3}\S{1,80}[ \t\n]{1,3}(?:login|account)[ \t\n]{1,3}\S{1,80}[ \t\n]{1,3}password[ \t\n]{1,3}(?P<v2>\S{4,400})"),
    (("enable secret", "enable password", "username ", "snmp-server", "pre-shared-key", "key-string", "radius", "tacacs"), r"(?i)\b(?:enable|username[ \t]\S{1,40}(?:[ \t]privilege[ \t]\d{1,2})?)[ \t](?:secret|password)[ \t](?:\d[ \t])?(?P<v>\S{4,100})|\b(?:snmp-server[ \t]community|pre-shared-key(?:[ \t]address[ \t]\S{1,40})?(?:[ \t]key)?|key-string)[ \t]{1,3}(?:\d[ \t])?(?P<v2>\S{4,100})"),
    (("keybindings", "send", "expect"), r"\bsend(?:line)?[ \t(]{1,3}[\"'](?P<v>[^\s\"'\\]{6,80})\\[rn][\"']"),
    (("setenv", "setx", "set -"), rf"(?i)\b(?:setenv|setx|set[ \t]-\w{{1,6}})[ \t]{{1,3}}\w{{0,40}}(?:pass|password|passwd|pwd|secret|token|key|psk)[ \t]{{1,3}}{V}"),
    (("add_user", "change_password", "_passwd -b", "useradd", "adduser", "add-user", "user add", "set_password"), rf"\b(?:add_user|change_password|set_password|mosquitto_passwd[ \t]-b[ \t]\S{{1,60}}|user[ \t]add|adduser|add-user)[ \t]{{1,3}}(?:-\S{{1,30}}[ \t]{{1,3}}){{0,3}}[\w@.-]{{1,60}}[ \t]{{1,3}}{V}"),
    (("@tcp(", "@unix("), r"[\w.-]{1,60}:(?P<v>[^\s@\"'`:/]{3,100})@(?:tcp|unix)\("),
    (("private-mac",), r"(?i)Private-MAC:[ ]{0,3}(?P<v>[0-9a-f]{40,64})"),
    (("install ", "join ", "connect ", "register ", "enroll ", "pair ", "claim ", "redeem ", "activate ", "adopt ", "unlock ", "link "), r"\b(?:install|join|connect|register|enroll|pair|claim|redeem|activate|adopt|unlock|link)[ \t]{1,3}(?P<v>(?=[A-Za-z+/=_-]{0,60}\d)(?=[\w+/=-]{0,60}[A-Z])[A-Za-z0-9+/=_-]{60,400})(?=\s|$)"),
    ((" /p:", " /pass:", " /pass", " /pw:", " /pwd:"), rf"(?i)[ \t]/(?:p|pass|password|pwd|pw):{V}"),
    (("net use",), rf"(?i)\bnet[ \t]use[ \t]{{1,3}}(?:\S{{1,3}}:[ \t]{{1,3}})?\\{{1,4}}\S{{1,100}}[ \t]{{1,3}}{V}[ \t]{{1,3}}/user"),
    (("nickserv",), rf"(?i)nickserv[ \t]{{1,3}}(?:identify|register)[ \t]{{1,3}}(?:[\w-]{{1,30}}[ \t]{{1,3}}(?=\S))?{V}"),
    (("username",), r"[\"']username[\"'][ ]?:[ ]?[\"'][^\"'\n]{1,60}[\"'][ ]?,[ \n]{0,6}[\"']key[\"'][ ]?:[ ]?[\"'](?P<v>[^\"'\n]{16,200})[\"']"),
    (("card",), r"(?i)\b(?:card|visa|mastercard|amex)\b[^\n\d]{0,30}(?P<v>(?:\d[ -]?){13,19})(?!\d)"),
    (("security answer", "security question", "secret question", "secret answer"), rf"(?i)(?:security|secret)[ ](?:question[ ])?(?:answer|question)[^\n.:]{{0,30}}?(?:[ ]is|:)[ ]{{1,3}}{V}"),
    (("user ",), r"(?m)^[ \t]{0,8}user[ \t]{1,3}[\w.@-]{1,40}[ \t]{1,3}(?P<v>(?=\S{0,60}\d)(?=\S{0,60}[A-Za-z])[^\s/:=;{}()]{6,80})[ \t]{0,3}$"),
    (("auth", "digest", "creds", "credential"), r"(?i)\b(?:\w{0,10}auth|digest|creds|credentials?)[ \t]{1,3}(?:digest[ \t]{1,3})?(?:is[ \t]{1,3})?[\w.@-]{1,60}:(?P<v>(?=\S{0,80}\d)(?=\S{0,80}[A-Za-z])[^\s\"'`/:,]{8,300})(?=\s|$)"),
    (("rtmp",), r"(?i)\brtmps?://[^\s\"'/]{1,100}/[^\s\"'?]{0,60}?/(?P<v>[\w-]{10,100})(?=[\s?\"']|$)"),
    (('">',), r"(?i)name=\"[\w.-]{0,60}(?:password|passwd|secret|token|api-?key)\"[^>\n]{0,60}>(?P<v>[^<\n]{4,300})</"),
    (("http-basic.",), rf"\bhttp-basic\.[\w.-]{{1,60}}[ \t]{{1,3}}[\w@.-]{{1,60}}[ \t]{{1,3}}{V}"),
    (("wifi:",), r"(?i)\bWIFI:[^\n]{0,120}?;?P:(?P<v>[^;\n]{4,100});"),
    (("passwd",), r"(?:echo|printf)[ \t]{1,3}(?:-\w{1,3}[ \t]{1,3})?['\"](?P<v>[^\s'\"\\]{4,100})\\n(?P=v)(?:\\n)?['\"][ \t]{0,3}\|"),
    (("from-literal",), rf"--from-literal[= ][\w.-]{{1,60}}={V}"),
    (("secret", "securestring", "keyvault", "token", "password", "credential"), rf"(?i)(?:secret|securestring|keyvault|token|password|credential)[^\n|;&]{{0,200}}?[ \t]--(?:value|body|secret-string|secret-value|plaintext|string-value|data|literal)[ \t=]{{1,3}}{V}"),
    (("rclone",), rf"\brclone[ \t](?:obscure|config[ \t]\w{{3,10}}[^\n]{{0,100}}?[ \t]pass)[ \t]{{1,3}}{V}"),
    (("env ", "arg "), rf"(?im)^[ \t]{{0,8}}(?:env|arg)[ \t]{{1,4}}\w{{0,40}}(?:pass|password|pwd|secret|token|key)[ \t]{{1,4}}{V}"),
    (("<(echo", "<(printf"), rf"<\((?:echo|printf)[ \t]{{1,3}}(?:-n[ \t]{{1,3}})?{V.replace('&;', '&;)')}"),
    (("encrypt_string", "securestring"), rf"(?i)\b(?:encrypt_string|ConvertTo-SecureString)[ \t]{{1,3}}(?:-String[ \t]{{1,3}})?{V}"),
    (("lftp",), rf"\blftp\b{ARGS}-u[ \t]{{1,3}}[^\s,]{{1,60}},{V}"),
    (("usermod", "useradd"), rf"\buser(?:mod|add)\b{ARGS}-p[ \t]{{1,3}}{V}"),
    (("nmcli", "wpa_passphrase", "wpa_cli"), rf"\bnmcli\b[^\n]{{0,160}}?[ \t](?:password|wifi-sec\.psk)[ \t]{{1,3}}{V}|\bwpa_passphrase[ \t]{{1,3}}\S{{1,40}}[ \t]{{1,3}}(?P<v2>\S{{8,64}})"),
    ((":543", ":*:"), r"(?<![\w.:*-])(?:[\w-]{1,60}\.[\w.-]{1,60}|localhost|\*):(?:\d{4,5}|\*):[\w*-]{1,60}:[\w.*-]{1,60}:(?P<v>[^\s:\"'`]{4,100})"),
)  # fmt: skip
"""What must stand in the text in small letters, and the pattern; each takes the value as it is."""
HEADERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("basic ",), r"(?i)\bbasic[ \t]{1,3}(?P<v>[A-Za-z0-9+/_-]{8,400}={0,2})(?![\w+/=.-])"),
    (("bearer ", "bearer\\"), r"(?i)\bbearer[ \t]{1,3}(?P<v>[\w.~+/=-]{8,4000})"),
    (("authorization",), r"(?i)\b(?:proxy-)?authorization[\"']?[ \t]{0,3}[:=,][ \t]{0,3}[\"']?(?:(?:token|apikey|api-key|key|bot|negotiate|digest|hmac|splunk|sso-key|genie-?key|pve-?api-?token=?|klaviyo-api-key|discogs|oauth|ssws|aws4-hmac-sha256)[ \t]{1,3})?(?P<v>[\w.~+/=:!@-]{8,4000})"),
    (("cookie",), r"(?i)\b(?:set-)?cookie[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?[^\n\"']{0,200}?(?:sess\w{0,12}|sid|token|auth\w{0,8}|jwt|remember\w{0,12}|xsrf\w{0,8}|csrf\w{0,8}|connect\.sid|[\w.-]{0,24}(?:session|token|_sid))=(?P<v>[^\s;\"']{8,2000})"),
    (("x-", "-key:", "-token:", "-secret:"), r"(?i)\b(?:x-)?[\w-]{0,40}(?:api-?key|auth(?:-?token)?|access-?token|token|secret|subscription-key|vault-token|signature|app-?key|functions-key|admin-key|private-token|job-token|deploy-token)[\"']?[ \t]{0,3}:[ \t]{0,3}[\"']?(?P<v>[\w.~+/=-]{8,400})"),
)  # fmt: skip
"""Headers of requests; the value must look drawn by lot, or have digits among letters."""
ANY = r"(?<![\w-])(?P<o>--?[A-Za-z][\w-]{0,30})(?:=|[ \t]{1,3})[\"']?(?P<v>[A-Za-z0-9_+/.=-]{20,300})(?=[\s\"']|$)"
"""Any option with a long value: one that is drawn by lot is no name and no number."""
SHORT = r"(?<![\w-])-[pPAXwk][ \t]{1,3}(?P<q>[\"']?)(?P<v>[^\s\"'`<>|&;/:=,]{6,80})(?P=q)(?=\s|$)"
"""What programs of any name take a password by."""
USER = r"(?<![\w-])(?:-[uUla]|--user(?:name)?|--login)[ \t=]{1,3}[\w.@-]{1,60}[ \t]"
KEYED = ("-t", "-k", "-a", "-s", "-p")
"""Options of one letter that are a token or a key for many programs; not for these:"""
OF_HASHES = (
    "git ",
    "docker ",
    "podman ",
    "hg ",
    "jj ",
    "svn ",
    "nix",
    "gh ",
    "glab ",
    "ipfs ",
    "kubectl ",
    "crane ",
    "cosign ",
)
OF_IDS = (
    "id",
    "ids",
    "identifier",
    "arn",
    "name",
    "names",
    "hash",
    "digest",
    "commit",
    "rev",
    "ref",
    "cursor",
    "next-token",
)
OPTION = rf"(?i)(?<![\w-]){LONG}(?P<sign>=|[ \t]{{1,4}}){V}"
QUERY = (
    r"(?i)[?&;](?P<name>[\w.\[\]-]{0,24}?(?:password|passwd|pwd|pass|token|secret|api_?-?key|apikey|key|"
    r"auth|sig|signature|access_?token|client_secret|code|sid|session|credential|pw|jwt))"
    r"=(?P<v>[^\s&#\"'<>`)\]]{4,2000})"
)


def found(text: str, low: str) -> Iterator[Span]:
    """What programs are given as a secret."""
    yield from _options(text, low)
    for hints, pattern in FIRM:
        if any(hint in low for hint in hints):
            for start, end in _values(pattern, text):
                if is_given(text[start:end]):
                    yield start, end, "Secret"
    for hints, pattern in HEADERS:
        if any(hint in low for hint in hints):
            for start, end in _values(pattern, text):
                if is_header(text[start:end]):
                    yield start, end, "Token"


def _options(text: str, low: str) -> Iterator[Span]:
    if " -" in low:
        for match in compiled(OPTION).finditer(text):
            start, end = _span(match)
            if is_given(text[start:end]) and not text[start:end].startswith("-"):
                yield start, end, "Secret"
        for match in compiled(ANY).finditer(text):
            if is_any(match["o"], match["v"], low[max(0, match.start() - 120) : match.start()]):
                yield *match.span("v"), "Secret"
        yield from _short(text)
    if "=" in low and ("?" in low or "&" in low):
        for match in compiled(QUERY).finditer(text):
            value, name = match["v"], match["name"].lower()
            if is_query(name, value):
                yield match.start("v"), match.end("v"), "Token"


def _short(text: str) -> Iterator[Span]:
    """What stands behind `-p`: a word with signs in it, or one with digits where a user is named."""
    for match in compiled(SHORT).finditer(text):
        value = match["v"]
        if values.is_code(value) or values.is_stand_in(value) or values.is_slug(value):
            continue
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()][-200:]
        is_strong = values.classes(value) >= 3 and any(sign in value[:-1] for sign in "!@#$%^&*+")
        is_firm = values.is_password(value, 8) and values.turns(value) > 1
        if is_strong or (is_firm and compiled(USER).search(line)):
            yield *match.span("v"), "Secret"


def _values(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    for match in compiled(pattern).finditer(text):
        yield _span(match)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where the value stands, in whichever group it is."""
    for name in ("q", "s", "v", "v2"):
        if name in match.re.groupindex and match[name] is not None:
            return match.span(name)
    return match.span()


def is_given(value: str) -> bool:
    """Whether what stands at a secret's place is one, and no variable, file or placeholder."""
    if len(value) < 4 or values.is_stand_in(value) or "[masked" in value:
        return False
    return not (
        values.is_code(value)
        or value.startswith(("@", "file:", "env:", "=", "\\", ":", "{", "]", "."))
    )


def is_any(option: str, value: str, before: str) -> bool:
    """Whether what an option of any name is given was drawn by lot."""
    if values.is_uuid(value) or values.is_slug(value) or values.is_known_id(value):
        return False
    if option.lower().endswith(OF_IDS) or value.endswith("EXAMPLE"):
        return False
    if values.is_named(value) or values.is_path(value) or values.is_code(value):
        return False
    if values.HEX.issuperset(value):
        is_other = any(program in before for program in OF_HASHES)
        return option in KEYED and len(value) >= 32 and not is_other
    if option.endswith(("key", "seed", "token", "secret")) and values.is_lot(value):
        return True
    return values.is_lot(value) and values.classes(value) >= 3 and "sha" not in option


def is_header(value: str) -> bool:
    """Whether a header's value is a secret."""
    if values.is_stand_in(value) or values.is_code(value) or "[masked" in value:
        return False
    return values.has_digit(value) and any(map(str.isalpha, value)) and not values.is_named(value)


def is_query(name: str, value: str) -> bool:
    """Whether a parameter of an address is a secret."""
    if values.is_stand_in(value) or values.is_code(value) or "[masked" in value:
        return False
    if "pass" in name or "pwd" in name:
        return len(value) >= 6
    if name in ("key", "code", "sid", "session", "auth", "sig", "signature"):
        return values.is_random(value, 16)
    return values.is_random(value, 12) or values.is_password(value, 8)
