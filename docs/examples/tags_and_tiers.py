"""Texts and files called in by name, and the project's files by how much they matter."""

from pathlib import Path
from tempfile import TemporaryDirectory

from clearpoint import Session

FILES = {
    "CLAUDE.md": "Answer in British English.\n",
    "config.json": '{"port": 8080}\n',
    "auth.py": "import tokens\n",
    "tokens.py": "LIFETIME_MINUTES = 15\n",
    "tests/test_auth.py": "import auth\n",
    "docs/guide.md": "# Guide\n",
}

with TemporaryDirectory() as project:
    for name, text in FILES.items():
        Path(project, name).parent.mkdir(exist_ok=True)
        Path(project, name).write_text(text, encoding="utf-8")
    session = Session.create(project, env={"CLEARPOINT_DIR": ".clearpoint"})

    session.tags.add("STYLE-001", "Tables, no prose.")
    session.tags.add("API-CONFIG", Path("config.json"))
    print(session.tags.resolve("Follow @STYLE-001 and read @API-CONFIG").rstrip())

    session.update_work(artifact="auth.py")  # what Claude reads and edits is known by itself
    for tier, files in session.files.items():
        print(tier, [file.path for file in files])

PRINTS = """
Follow Tables, no prose. and read {"port": 8080}
1 ['CLAUDE.md', 'config.json']
2 ['auth.py']
3 ['tests/test_auth.py', 'tokens.py']
4 ['docs/guide.md']
"""
