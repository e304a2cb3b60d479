"""Make the secrets that docker-compose.yml reads from files. What is there already is kept.

    python deploy/new_secrets.py

Each file may be read by the containers' accounts, and the folder by nobody but its owner. The certificate is yours to
bring: put ``tls_certificate`` (the whole chain) and ``tls_key`` beside them. ``email_url`` is yours to change.
"""

import base64
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "secrets"


def keep(name: str, value: str) -> str:
    file = FOLDER / name
    if not file.exists():
        file.write_text(value)
        file.chmod(0o644)
        print(f"Made {file}")
    return file.read_text()


def main() -> None:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    keep(".gitignore", "*\n")
    keep("secret_key", secrets.token_urlsafe(60))
    keep("sealing_keys", "1:" + base64.b64encode(secrets.token_bytes(32)).decode())
    keep("postgres_superuser_password", secrets.token_urlsafe(32))
    password = keep("database_password", secrets.token_urlsafe(32))
    keep("database_url", f"postgres://earlyhelp:{password}@postgres:5432/earlyhelp")
    password = keep("valkey_password", secrets.token_urlsafe(32))
    keep("redis_url", f"redis://:{password}@valkey:6379/0")
    keep("email_url", "smtp+tls://user:password@mail.example.org:587")


if __name__ == "__main__":
    main()
