"""Patterns of sentences that tell a password or a key, in the languages that people type in. Pure.

Each is made of the names that a text has: to compile all of them takes long.
"""

from __future__ import annotations

from clearpoint.redaction.patterns import those_in, writable

EAST = (r"비밀번호|비밀 키|비번|패스워드|암호|비밀키|토큰|인증키|인증번호|패스코드|パスワード|暗証番号|合言葉|"
        r"パスフレーズ|トークン|秘密鍵|シークレット|APIキー|认证码|密码|密碼|口令|密钥|密鑰|令牌|暗号|"
        r"パスコード|暗証|시크릿|API ?키|API ?密钥|คีย์|รหัสผ่าน|パス(?=[はが:：])|暗码|通行码|通行密码|비밀 번호|핀번호|인증 ?코드|認証コード|私钥|私鑰|授权码|"
        r"秘密の鍵|鍵(?=[はが:：])|액세스 ?키|アクセスキー|暗号鍵|암호키|验证码|驗證碼")  # fmt: skip
WEST = (r"mots? de passe|phrase secrète|phrase de passe|frase de paso|frase secreta|frase de contraseña|wi-?fi[- ]?key|wlan-?key|clé wi-?fi|clé de chiffrement|clave de cifrado|clé privée|clave privada|"
        r"security word|safe word|code word|private key|encryption key|signing key|client secret|zugriffstoken|zugriffsschlüssel|secret client|secreto del cliente|code secret|code d'accès|clé secrète|clé d'api|clé api|jeton|"
        r"mdp|contraseña|contrasena|clave secreta|clave api|clave de api|clave de acceso|clave|palabra clave|passwor[dt]|"
        r"kennwort|losungswort|schlüssel|api-schlüssel|zugangscode|zugangsdaten|geheimnis|"
        r"passphrase|passwd|passcode|pass ?code|pass ?phrase|pass|pwd|pw|pin(?:[- ]?code)?|"
        r"api[- ]?key|secret(?: key)?|access[- ]?key|access[- ]?token|auth[- ]?token|"
        r"token|senha|palavra-passe|chave de api|chave secreta|chave|password d'accesso|"
        r"parola d'ordine|parola|chiave api|chiave segreta|chiave|"
        r"wachtwoord|sleutel|lösenord(?:et)?|adgangskoden?|passordet|passord|salasana(?:si)?|hasł[oa]|hesl[oa]|şifrem|şifresi|şifre|parolă|jelszó|"
        r"mật khẩu|kata sandi(?:nya)?|κωδικός|парол[ьяюе]м?|ключ|токен|секрет|пин-?код|гасло|"
        r"كلمة المرور|كلمة السر|पासवर्ड|סיסמה|סיסמא")  # fmt: skip
VERBS = (r"is|from|was|are|will be|should be|be|remains|becomes|to|as|ist|lautet|war|wird|bleibt|auf|heißt|"
         r"c'est|est|sera|était|devient|es|era|será|sería|a|è|é|sarà|será|is nu|är|er|on|to jest|"
         r"это|теперь|было|будет|é o|son|=|:|-|–|—|：|＝|->|=>|→")  # fmt: skip
FILLERS = (r"now|currently|still|just|set to|changed to|jetzt|nun|aktuell|also|maintenant|désormais|"
           r"toujours|ahora|actualmente|adesso|agora|nu|теперь|the|this|following|this one|one|"
           r"das|der|die|le|la|el|o|simplement|simply|einfach|folgende?|called|même|"
           r"changé en|cambiada a|para|por|en")  # fmt: skip
VALUE = r"\\?(?:[\"'`“”‘’»„「『（]|«[  ]?)?(?P<v>[!-~]{4,200})"
BARE = r"passwor[dt]|passphrase|pwd|pw|passwd|api[- ]?key|token|credentials?|creds"
FOREIGN = (r"mdp|clave|mots? de passe|contraseña|contrasena|senha|kennwort|passwort|parol[ae]|"
           r"парол[ьяюе]м?|wachtwoord|lösenord(?:et)?|adgangskoden?|passordet|passord|"
           r"salasana(?:si)?|hasł[oa]|hesl[oa]|şifrem|şifresi|şifre|parolă|jelszó|mật khẩu|kata sandi(?:nya)?|κωδικός|гасло|"
           r"كلمة المرور|كلمة السر|पासवर्ड|סיסמה|סיסמא|รหัสผ่าน")  # fmt: skip
"""Behind these a password may stand without a verb, or with one of any language."""
CREDENTIALS = "credentials?|creds|zugangsdaten|identifiants|credenciales|login"
USERS = r"user(?:name)?|login|account|utilisateur|identifiant|usuario|cuenta|benutzer(?:name)?|konto|아이디|계정|ユーザー名?|ユーザ名?|用户名?|账号|帳號|账户"
PAIRED = r"passwor[dt]|passwd|pass|pwd|pw|mdp|mot de passe|contraseña|contrasena|clave|kennwort|senha|비밀번호|비번|암호|パスワード|密码|密碼|口令"
"""A user by one of these, and the password behind one of those."""
LOGINS = (r"try admin(?=/)|use admin(?=/)|log ?in|logged in|sign in|user(?:name)?|account|credentials?|creds|zugangsdaten|"
          r"identifiants|credenciales|anmelden|accès|acceso")  # fmt: skip
SEEDS = (r"seed(?: phrase)?|mnemonic(?: phrase)?|recovery phrase|recovery words|"
         r"wiederherstellungs\w{0,10}|phrase de récupération|frase semilla|助记词|시드 ?문구|니모닉")  # fmt: skip
PINS = (r"pin(?:[- ]?code)?|핀(?=[은는이 :])|ワンタイムパスワード|sms[- ]?code|2fa|code secret|código secreto|código de acceso|código de verificación|código de seguridad|código|codigo secreto|code d'accès|code de vérification|code de sécurité|"
        r"bestätigungscode|sicherheitscode|验证码|驗證碼|暗码|支付密码|解锁码|解锁密码|动态码|提取码|핀번호|인증 ?코드|認証コード|確認コード|auth code|authentication code|combination|passcode|otp|2fa code|zugangscode|code pin|暗証番号|인증번호|비밀번호|密码|"
        r"пин-?код|verification code|door code|gate code|alarm code|access code|entry code|unlock code|safe code|"
        r"security code|login code|lock code|one[- ]time code|one[- ]time password")  # fmt: skip
GIVEN_AS = (" as ", " for ", " als ", " comme ", " como ", " come ")
SIX_DIGITS = (
    r"(?i)(?<![\w-])(?<!status )(?<!error )(?<!exit )(?<!zip )(?<!postal )(?<!area )(?<!postal)(?<!http )(?<!color )(?<!colour )"
    r"(?:code|código)(?:[ ]{1,2}(?:is|est|ist|es|lautet)|[ ]?:)[ ]{1,2}[\"'`]?(?P<v>\d{6})(?![\w.,]\d|\d)"
)
"""`the code is 493817`, as a service sends it."""
RECOVERY = (
    r"(?:recovery|backup|rescue)[ _-]?(?:codes?|keys?)[\"']?[^\n\w]{0,6}(?:is|are)?[ \t:=\n-]{0,6}"
    r"(?P<v>[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{4,8}){1,8})"
)


def west(low: str) -> str:
    """`the password for staging is X`, with the names that a text has; empty if it has none."""
    names = those_in(WEST, low)
    verbs, fillers = writable(VERBS, low), writable(FILLERS, low)
    head = r"(?<![\w-])" if low.isascii() else r"(?<![A-Za-z0-9_-])"
    return names and (
        rf"(?i){head}(?:[a-zäöüß]{{2,20}}-?(?=passwort|kennwort|schlüssel))?(?P<name>{names})(?P<of>(?:[ \t][^\s.,;:!?=\"'`]{{1,24}}){{0,5}}?)"
        rf"(?:[ \t]{{1,3}}(?P<verb>{verbs})(?![\w])|'s\b|[ \t]{{0,3}}(?P<sign>[:=：＝–—→])|\?[ \t\n]{{1,3}}(?:it(?:'s|[ ]is)|that's)|\?(?=[ ]))"
        rf"(?:[ \t]{{1,3}}(?:{fillers})(?!\w)){{0,3}}[: \t\n]{{0,4}}{VALUE}"
    )


def east(low: str) -> str:
    """`パスワードは X です`."""
    names = those_in(EAST, low)
    return names and (
        rf"(?i)(?P<name>{names})(?P<of>[^\n\x21-\x7e。．、，！？]{{0,16}}?)"
        rf"[ \t:：=＝「『\"'`“”‘’]{{0,6}}{VALUE}"
    )


def given_as(low: str) -> str:
    """`use X as the password`."""
    names = those_in(WEST, low)
    return names and (
        r"(?i)(?:use|using|try|with|enter|typed?|set|take|put|verwende|nimm|utilise[rz]?|usa|uso?)[ \t]{1,3}"
        r"[\"'`“]?(?P<v>[!-~]{5,200}?)[\"'`”]?[ \t]{1,3}(?:as|for|als|comme|como|come)[ \t]{1,3}"
        rf"(?:[\w']{{1,12}}[ \t]{{1,3}}){{0,4}}?(?:{names})\b"
    )


def held_as(low: str) -> str:
    """`the account has X as its password`."""
    names = those_in(WEST, low)
    return names and (
        r"(?i)(?<![!-~])(?P<v>[!-~]{8,100})[ \t]{1,3}(?:as|als|comme|como|come)[ \t]{1,3}"
        rf"(?:[\w']{{1,12}}[ \t]{{1,3}}){{0,3}}?(?P<name>{names})\b"
    )


def bare(low: str) -> str:
    """`password X`."""
    names = those_in(BARE, low)
    return names and rf"(?i)(?<![\w-])(?P<name>{names})[ \t]{{1,3}}[\"'`“(]?(?P<v>[!-~]{{6,200}})"


def foreign(low: str) -> str:
    """`heslo je X`."""
    names = those_in(FOREIGN, low)
    return names and (
        rf"(?i)(?<![A-Za-z0-9_-])(?P<name>{names})(?:[ \t][^\W\d]{{1,10}}){{0,3}}[ \t:]{{1,3}}"
        r"[\"'`“(]?(?P<v>[!-~]{6,200})"
    )


def login(low: str) -> str:
    """`log in as bob / X`."""
    names = those_in(LOGINS, low)
    return names and (
        rf"(?i)\b(?:{names})(?:[ \t](?:as|with|is|are|using|mit|als|avec|con|for|the|user|account|test)){{0,3}}"
        r"[ \t:=`\"']{1,4}(?P<u>[\w.@+-]{2,60})[`\"']?[ \t]{0,2}"
        r"(?:/|:(?!\s)|,| and | with | und | mit | et | y | e )[ \t]{0,2}[`\"']?(?P<v>[!-~]{6,100})"
    )


def pair(low: str) -> str:
    """`user bob, password X`."""
    names = those_in(PAIRED, low)
    return names and (
        rf"(?i)(?<![\w-])(?:{USERS})[\"'`]?[ \t]{{0,2}}(?:[:=：]|is|as|with|est|es|ist|als|는|은|は|是)?[ \t]{{0,2}}[\"'`]?(?P<u>[\w.@+-]{{2,40}}?)[\"'`]?"
        rf"[ \t]{{0,2}}(?:[,;/、，]|\s|and|with|und|et|y|mit|avec|con)[ \t]{{0,2}}(?:(?:and|with|und|et|y|mit|avec|con|the|su|seine?m?)[ \t]{{1,2}}){{0,2}}"
        rf"(?P<w>{names})[\"'`]?[ \t]{{0,2}}(?:[:=：]|is|est|es|ist|는|은|は|是)?[ \t]{{0,2}}[\"'`「“]?(?P<v>[!-~]{{5,100}})"
    )


def joined(low: str) -> str:
    """`credentials: bob:X`."""
    names = those_in(CREDENTIALS, low)
    return names and (
        rf"(?i)\b(?P<creds>{names})(?:[ ](?:for|of|für|pour|de|are|is|:)[ ]?[\w-]{{0,20}}){{0,2}}[ \t:=]{{1,4}}[`\"']?"
        r"[\w.@+-]{2,40}[ ]?[:/][ ]?(?P<v>[!-~]{6,100})"
    )


def seed(low: str) -> str:
    """`seed phrase: ` and twelve words or more."""
    names = those_in(SEEDS, low)
    return names and (
        rf"(?i)(?:{names})[\"']?[^\n\w]{{0,6}}(?:is|are|ist|est|es|:|=)?[^\w]{{0,6}}"
        r"(?P<v>[a-z]{3,10}(?:[ ,]{1,2}[a-z]{3,10}){11,23})"
    )


def pin(low: str) -> str:
    """`the PIN is 4711`."""
    names = those_in(PINS, low)
    return names and (
        rf"(?i)(?<![A-Za-z])(?:{names})(?P<of>[^\n\d.;]{{0,24}}?)(?:[ \t:=：]{{1,3}}|(?<=[はが은는是码碼号號番호]))[\"'`]?(?P<v>\d{{4,8}})"
        r"(?!\d|[.,]\d|[ \t]?(?:%|px|ms|s|k|tokens|lines|chars|digits|characters|Zeichen)\b)"
    )
