# One image for everything that `python -m bot` does. It is not root, writes to /data (and /tmp) only, and installs nothing
# that the hashed lock does not name.
#
# SQLite here is Debian 13's, 3.46.1. Versions before 3.51.3 can spoil a WAL database if two connections write or checkpoint
# at once; the bot has one writer for a file and refuses to start beside another bot, and with PostgreSQL, as in
# compose.yaml, SQLite is not used at all.
#
# PostgreSQL's client is there for backups: pg_dump must not be older than the server. Debian 13 has 17, as compose.yaml.
FROM python:3.11.13-slim-trixie AS libraries
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/verstak \
 && /opt/verstak/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11.13-slim-trixie
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin verstak \
 && install -d -o verstak -g verstak -m 700 /data
COPY --from=libraries /opt/verstak /opt/verstak
WORKDIR /app
COPY bot bot
COPY handlers handlers
COPY keyboards keyboards
COPY locales locales
COPY models models
COPY processes processes
COPY sandbox sandbox
COPY scheduler scheduler
COPY services services
# compiled while root may still write here: a start costs less, and the image can be read-only
RUN /opt/verstak/bin/python -m compileall -q .
ENV PATH=/opt/verstak/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HTTP_PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# «live», not «ready»: a new container helps neither against Telegram nor against a database that is away
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"HTTP_PORT\"]}/health/live', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
