"""Secrets by the whole shape of a maker's keys and addresses. Pure."""

from __future__ import annotations

SHAPES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("asana",), "Asana Token", r"(?<![\w/])(?:\d/)?\d{13,17}(?:/\d{13,17})?:[0-9a-f]{32}(?!\w)"),
    (("eyj",), "JSON Web Token", r"eyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w+/=-]{0,2000})?"),
    (("8q~", "7q~"), "Azure Secret", r"(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,36}"),
    (("accountkey=", "sharedaccesskey=", "sharedkey="), "Azure Key", r"(?i)(?:AccountKey|SharedAccessKey|SharedKey)=(?P<v>[A-Za-z0-9+/]{20,120}={0,2})"),
    (("sig=",), "Azure SAS", r"(?i)[?&]sig=(?P<v>[A-Za-z0-9%+/=_-]{20,120})"),
    (("hooks.slack.com",), "Slack Webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<v>[\w/+-]{20,100})"),
    (("discord.com/api/webhooks", "discordapp.com/api/webhooks"), "Discord Webhook", r"discord(?:app)?\.com/api/webhooks/\d{5,30}/(?P<v>[\w-]{30,100})"),
    (("office.com/", "logic.azure.com"), "Teams Webhook", r"(?:(?:webhook\.|outlook\.)office|logic\.azure)\.com(?::\d{1,5})?/(?P<v>[\w/@%?&=.+-]{30,400})"),
    (("hooks.zapier.com", "hook.", "maker.ifttt.com"), "Webhook", r"(?:hooks\.zapier\.com/hooks/catch|hook\.(?:eu\d|us\d|integromat)\.make\.com|maker\.ifttt\.com/(?:trigger|use))/(?P<v>[\w/-]{10,120})"),
    (("chat.googleapis.com",), "Google Chat Webhook", r"chat\.googleapis\.com/v1/spaces/[\w-]{4,40}/messages\?(?P<v>[\w=&%-]{30,300})"),
    (("api.telegram.org", ":aa"), "Telegram Token", r"(?<!\d)\d{8,10}:AA[\w-]{32,35}"),
    (("ingest.sentry.io", "sentry.io/"), "Sentry DSN", r"https://(?P<v>[0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{3,60}sentry\.io"),
    ((".",), "Discord Token", r"(?<![\w.-])[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])"),
    (("t3blbkfj",), "OpenAI Key", r"sk-[\w-]{16,160}T3BlbkFJ[\w-]{16,160}"),
    (("://",), "URL Credentials", r"(?i)[a-z][a-z0-9+.-]{1,30}://(?P<u>[^\s:/?#@\"'<>`]{0,80}):(?P<v>[^\s\"'<>`/]{1,200})@(?=[\w\[%{$])"),
    (("://",), "URL Token", r"(?i)https?://(?P<v>(?=[\w-]{0,60}\d)[\w-]{20,200})@[\w.-]{3,80}"),
    (("-us",), "Mailchimp Key", r"(?<![\w-])[0-9a-f]{32}-us\d{1,2}(?![\w-])"),
    (("ssws ", "geniekey ", "splunk "), "API Token", r"(?i)\b(?:ssws|geniekey|splunk)[ ]{1,3}(?P<v>[\w-]{30,60})"),
    (('"kty"',), "Private Key", r'"(?:d|p|q|dp|dq|qi|k)"[ ]{0,3}:[ ]{0,3}"(?P<v>[\w-]{20,800})"'),
    (("infura.io", "quiknode.pro", "alchemy.com", "getblock.io", "ankr.com", "helius", "chainstack", "blastapi"), "Node Key", r"(?:infura\.io|quiknode\.pro|alchemy\.com|getblock\.io|ankr\.com|helius[\w.-]{1,20}|chainstack\.com|blastapi\.io)/(?:[\w.-]{1,20}/){0,2}(?P<v>[\w-]{24,80})"),
    (("keypair", "secret", "private", "[", "seed"), "Private Key", r"\[[ \n]{0,4}(?P<v>(?:\d{1,3},[ \n]{0,4}){31,63}\d{1,3})[ \n]{0,4}\]"),
    (("_sk=", "_sk:", "_sk ", '_sk"'), "Secret Key", r"(?i)\b[A-Z][A-Z0-9_]{1,30}_SK[\"']?[ ]{0,3}[:=][ ]{0,3}[\"']?(?P<v>[\w+/=-]{16,100})"),
    (("private-lines",), "Private Key", r"(?i)Private-Lines: {0,3}\d{1,4}(?:\s|\\[rn]){1,4}(?P<v>(?:[A-Za-z0-9+/=]{1,80}(?:\s|\\[rn]){0,3}){1,200})"),
    (("otpauth",), "One-time Secret", r"(?i)otpauth://[^\s\"'<>]{0,200}?secret=(?P<v>[A-Z2-7]{8,128})"),
    (("$6$", "$5$", "$2a$", "$2b$", "$2y$", "$apr1$", "$y$", "$1$", "$argon2"), "Password Hash", r"\$(?:6|5|1|y|apr1|2[aby]|argon2(?:id|i|d))\$[\w./$=,+-]{20,200}"),
    (("aws", "secretaccesskey"), "AWS Secret", r"(?i)aws.{0,20}?(?:secret|key).{0,20}?[\s\"'`=:](?P<v>(?=[A-Za-z0-9/+]{0,40}[A-Z])(?=[A-Za-z0-9/+]{0,40}[0-9])[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
    (("x-amz-signature", "x-goog-signature", "x-amz-security-token"), "Signed URL", r"(?i)X-(?:Amz|Goog)-(?:Signature|Security-Token)=(?P<v>[\w%/+=-]{32,2000})"),
    (("00d",), "Salesforce Token", r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,200}"),
    ((".atlasv1.",), "Terraform Token", r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}"),
    (("@",), "Password", r"(?<![\w.:/@-])[a-z][\w.-]{1,30}:(?P<v>(?=[^\s:@/]{0,60}\d)(?=[^\s:@/]{0,60}[A-Z])(?=[^\s:@/]{0,60}[a-z])[^\s:@/\"'`]{8,60})@(?=[\w-]{1,60}[.:])"),
    (("lt1.", "dsn"), "Secret", r"lt1\.[\w-]{30,200}"),
    (("5k", "kw", "kx", "ky", "kz", "xprv", "5h", "5j"), "Wallet Key", r"(?<![A-Za-z0-9])(?:xprv[1-9A-HJ-NP-Za-km-z]{100,112}|5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?![A-Za-z0-9])"),
)  # fmt: skip
"""What stands anywhere in the text, the kind, and a pattern whose group `v` is the secret."""
