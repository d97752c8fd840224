"""Words of sentences about secrets, which are none themselves. Pure."""

from __future__ import annotations

WORDS = frozenset(
    "wrong right correct incorrect empty missing secret weak strong plain plaintext unknown"
    " null none gone longer shorter short long stored sent not now valid never always only also"
    " already here there too same different used kept needed safe unsafe hidden visible public"
    " private optional mandatory checked set unset reset changed encrypted hashed exposed leaked"
    " logged shown masked hardcoded hard-coded supplied provided given passed read written saved"
    " and but the that this what which when where because before after with without within from"
    " into onto under over between for via per through found lost invalid expired required"
    " default available absent present case-sensitive blank okay fine good bad better enough"
    " lower upper lowercase uppercase numeric ignored accepted rejected denied mismatched match"
    " matches matched being been going about like just simply base64 still probably maybe likely"
    " unlikely string text value field parameter argument variable constant number character"
    " characters password passwords passphrase token tokens secrets key keys user users admin"
    " login file files config env environment database server client header headers body cookie"
    " cookies session sessions request requests response url path call calls method function"
    " class type types interface object objects array list dict none true false falsch richtig"
    " leer geheim gesetzt nicht gut schlecht sicher unsicher zu noch schon kein incorrect vide"
    " faux bon mauvais obligatoire requis trop pas incorrecta correcta obligatoria necesaria"
    " demasiado muy authentication authorization auth oauth access refresh based bearer manager"
    " field input prompt form page flow reset rotation generation validation handling storage"
    " hash hashing length limit limits count counts usage budget budgets secure insecure random"
    " unique complex simple easy hard fresh stale equal identical everything nothing something"
    " somewhere anywhere elsewhere ready done alone fake real temporary permanent unicode digest"
    " outside inside online offline broken unchanged twice obvious guess cost costs window"
    " estimate estimation estimates counting counter bucket stream streams validator generator"
    " checker strength policy 1password bitwarden abgelaufen veraltet verloren vergessen werden"
    " anmelden einloggen optionnel facultatif oublié perdu olvidada caducada vencida perdida"
    " opcional obrigatória obrigatório inválida incorreta obbligatoria scaduta sbagliata".split()
)  # fmt: skip
FORMS = ("ed", "ing", "ly", "able", "ible", "ent", "ant", "al", "ive", "ous", "less", "ful", "ic",
         "ory", "ary", "tion", "sion", "ment", "iert", "lich", "bar", "isch", "haft", "gt", "ht",
         "tten")  # fmt: skip
"""Endings of what is said of a password; a word with one of these is hardly the password itself."""
