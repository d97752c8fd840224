"""What a text with a secret in it may have, as `gate` looks for it; all in small letters. Pure. Fast lane."""

from __future__ import annotations

COLUMNS = ("password", "passwort", "secret", "token", "api_key", "api key")
PHRASES = ("passphrase", "pass phrase", "pass-phrase", "password is ", "password: ", "password was ", "password to ", "passwort ist ", "passwort lautet ",
           "passwort: ", "mot de passe ", "master phrase", "secret phrase", "phrase secr", "contrase\u00f1a es", "senha \u00e9")  # fmt: skip
"""What tells a pass phrase of small words."""
PASSWORDS = ("secret=", "secret:", "security word", "safe word", "code word", "passw", "passphrase", "passcode", "pass phrase", "pwd", "_pass", "pass:", "-pass ", "--pass",
             "pass=", "pass =", '"pass', "kennwort", "code d'acc", "phrase secr", "senha", "parola", "wachtwoord", "sandi", "digest", "mot de passe",
             "mot_de_passe", "contrase", "creds", "credential", " pw", "pw ", " psk", "frase de paso", "phrase de passe", "acceso", "acc\u00e8s",  "_psk", "psk=", "mdp ", "-pw ", "pw for", "pw:", "pw=", "_pw", "mdp:", "mdp=", "mdp est",
             "clave", "pass is", "losungswort", "has\u0142o", "heslo", "salasana", "passord",
             "adgangskode", "zugang", "identifiants", "pdo(", "mysqli(", "mysql_connect(", "pymysql.connect(", "dbi->connect", "secret-string", "securestring ", "asplaintext ")  # fmt: skip
"""What names a value that somebody chose: any odd word behind it counts."""
NAMES = ("access key", "private key", "client secret", "wifi", "wlan", "wi-fi", "secret", "token", "api_key", "apikey", "api-key", "api key", "_key", "-key", "key=",
         "key:", 'key"', "key'", "key ", "key>", "auth", "cookie", "sessid", "session_id", "session-id", "sessionid=", "session=", "jwt", "sid=", " psk", "_psk", "psk=", "dsn",
         "basic ", "earer ", "bearer", "geheim", "schl\u00fcssel", "cl\u00e9", "jeton", "chiave", "chave", "sleutel",
         "code=", "sig=", "signature", "webhook", "login", "log in", "user ", "user:", "username", "sign in",
         "machine ", "account", "salt", "pepper", "community", "identify", "unseal", "totp", " 2fa",
         "otp", "mfa", "seed", "appid", "app_id", "app-id", "licen", "product key", "serial", "regist", "activat",
         "browserless", "kind: secret", "from-literal", "passport", "keyvault")  # fmt: skip
"""What names a value drawn by lot: a word with digits among letters counts."""
CALLS = ("sign(", "verify(", "crypt(", "crypt_", "hmac", "cipher(", "cipheriv(", "client(", "fernet", "connect(", "mysqli(", "pdo(",
         "encode(", "decode(", "cookieparser(", "search(", "session(", "unlock", "credential", "aes.", "aes(", "aead",
         "secretbox", "pbkdf", "scrypt", "kdf(", ".init(", "sql.open(", "passport")  # fmt: skip
"""What a function is called that is given a secret."""
KEYED = (
    "-key ",
    "-key=",
    "the key ",
    "this key ",
    "my key ",
    "key here",
    " -t ",
    " -k ",
    " -a ",
    " -s ",
)
"""Options that hexadecimal digits are given to as a key."""
SET = (
    "token: ",
    "token=",
    "token ",
    'token"',
    "secret",
    "_key",
    "apikey",
    "privatekey",
    "private-key",
    "authorization",
    "auth ",
    "login ",
    "_token",
    "activate ",
    "register ",
    "api_key=",
    "_token=",
    "_secret=",
    "api-key=",
    "-token=",
    "-token: ",
    "-key: ",
)
"""What sets an identifier as a secret."""
SHORT = (" -p ", " -w ", " -x ", " -a ")
"""Options that programs of any name take a password by; all in small letters."""
PINS = (
    "pin",
    "otp",
    " 2fa",
    "passcode",
    "verification code",
    "one-time",
    "one time",
    "zugangscode",
    "code pin",
    "code secret",
    "c\u00f3digo",
    "codigo",
    "code d'acc",
    "code de s",
    "code de v",
    "best\u00e4tigungscode",
    "sicherheitscode",
    "auth code",
    "authentication code",
    "combination",
    "recovery",
    "backup code",
    "rescue",
    "product key",
    "key is",
    "key: ",
    "licen",
    "serial",
    "activation",
    "door code",
    "gate code",
    "alarm code",
    "access code",
    "entry code",
    "unlock code",
    "safe code",
    "security code",
    "login code",
    "card number",
    "card code",
    "card pin",
    "card no",
    "credit card",
    "debit card",
    "gift card",
    "card: ",
)
WORDS_OF = ("seed", "mnemonic", "recovery", "wiederherstellung", "semilla", "wallet", "words", "phrase", "backup",
            "metamask", "ledger", "trezor", "w\u00f6rter", "palabras", "mots")  # fmt: skip
"""What names a phrase of twelve words or more."""
FOREIGN = ("\u9375", "\u9a8c\u8bc1", "\u9a57\u8b49", "\u901a\u884c", "\u79c1\u94a5", "\u79c1\u9470", "\ud540", "\uc561\uc138\uc2a4", "\u30a2\u30af\u30bb\u30b9", "\u78ba\u8a8d",
           "\u5bc6", "\u30d1\u30b9", "\u6697", "\u53e3\u4ee4", "\u30c8\u30fc\u30af\u30f3", "\u4ee4\u724c",
           "\u8a8d", "\u8ba4\u8bc1", "\u5408\u8a00", "\u30b7\u30fc\u30af", "api\u30ad\u30fc", "\ube44\ubc00",
           "\ube44\ubc88", "\uc554\ud638", "\ud328\uc2a4", "\ud1a0\ud070", "\uc778\uc99d", "\uc2dc\ud06c\ub9bf",
           "\u043f\u0430\u0440\u043e\u043b", "\u043a\u043b\u044e\u0447", "\u0442\u043e\u043a\u0435\u043d",
           "\u0441\u0435\u043a\u0440\u0435\u0442", "\u043f\u0438\u043d", "\u0433\u0430\u0441\u043b\u043e",
           "\u015fifre", "l\u00f6senord", "jelsz", "m\u1eadt kh", "\u0643\u0644\u0645\u0629", "\u092a\u093e\u0938",
           "\u05e1\u05d9\u05e1\u05de", "\u03ba\u03c9\u03b4\u03b9\u03ba", "\u0e23\u0e2b\u0e31\u0e2a",
           "\u52a9\u8bb0\u8bcd", "\uc2dc\ub4dc", "\ub2c8\ubaa8\ub2c9", "parol\u0103")  # fmt: skip
FIXED = ("rpcclient", "winexe", "net rpc", "userpwd", "jdbc:oracle", "/hooks/", "hc-ping.com", "digest user", "-password ", ".logon ", "basic_auth", "basicauth", "auth=(", "networkcredential", "wpdb(", "getconnection(", "mysqli(", ".login(", ":auth(", "try admin", "_pass, <<", "chararray", "following password", "credentials(", "acl setuser", "set-agent-token", "auth-cred", "-passwd /", "davfs", "_pw ", "<password>", "vncpasswd", "keepass", "app password", "app-specific", "| pass", "insert into", "snmpwalk", "snmpget","secret put", "secrets put", "secret add", "versions add", "snmp-server", "insecure-password", "auth-user-pass", '"kty"', "infura.io", "| su", "keypair", "_sk=", "_sk:", "ssws ", "geniekey", "splunk ","private key", "private-lines", "otpauth:", "sshpass", "accountkey=", "sharedaccesskey=",
         ":*:", "hooks.slack.com", "/api/webhooks/", "office.com/webhook", "webhook.office.com", "hooks.zapier.com",
         "chat.googleapis.com", "maker.ifttt.com", ".make.com/", "logic.azure.com", "sentry.io",
         "x-amz-sig", "x-goog-sig", "password-stdin", "data-file=-", "data-file -", "--stdin", "| docker secret", "with-token", "chpasswd",  " /p:", " /pass:", " /password:", " /pw:", "nickserv", "security answer", "secret answer", "security question",
         "secret question", "assword:", "sendline", "requirepass", "| passwd", "| sudo passwd", "s the new pass", "s the pass", "is my pass", "is our pass", "http-basic.", "wifi:", "secret create", "secrets create", "rtmp", "pass insert", "secret-tool", "luksopen", "identified by", "add_user", "change_password", "_passwd -b", "set_password", "user add ", "adduser", "add-user", "setenv ", "@tcp(", "@unix(", "private-mac", "_pass ", "<(echo", "<(printf", "encrypt_string", "securestring", "lftp",
         "rootpw", "bindpw", "_authtoken", "_auth=", "_auth =", "_auth:", "aws configure", "sig=", "passphrase-fd",
         "$6$", "$5$", "$2a$", "$2b$", "$2y$", "$apr1$", "$y$", "$argon2", "masterauth", "rclone obscure",
         "cryptsetup", "smbclient", "sqlplus", "nmcli", "wpa_passphrase", "pre-shared", "secret set",
         "secrets set", "htpasswd", ":543", " as the pass", " as pass", " as my pass", " als pass", " comme mot de", " como contr",
         " come pass", " as the admin pass", " as the root pass", "-storepass", "-keypass", "vault login", "net use ", "net user ")  # fmt: skip
PROGRAMS = ("mysql", "mariadb", "mongo", "docker login", "podman login", "skopeo", "helm ", "az login", "az acr", "twine", "oc login",
            "redis-cli", "ldap", "sqlcmd", "bcp ", "mosquitto_", "zip ", "7z", "rar ", "ssh-keygen",
            "openssl", "curl", "wget", "http ", "xh ", "influx", "cqlsh", "clickhouse", "sudo -",
            "useradd", "usermod", "isql", "mssql", "rabbitmqadmin", "evil-winrm", "crackmapexec", "smbmap", "argocd", "buildah")  # fmt: skip
"""What takes a secret as an option of one letter."""
OPTIONS = (
    " -p",
    " -u",
    " -a ",
    " -w ",
    " -k ",
    " -n ",
    " -U",
    " -P",
    " -N ",
    " -hp",
    " --user",
    " --auth",
    " -su",
    " -K ",
    " -S",
)
COMMON = frozenset(("the", "and", "for", "that", "this", "with", "not", "are", "was", "you", "from", "has", "have", "but"))  # fmt: skip
