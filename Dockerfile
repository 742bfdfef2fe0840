# The image of Milepost: one for web, worker, scheduler and migrations; compose.yaml shows how.

FROM python:3.12-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv==0.13.9
RUN python -m venv /opt/milepost
COPY requirements.txt .
RUN uv pip install --no-cache --python /opt/milepost/bin/python --require-hashes -r requirements.txt


FROM python:3.12-slim

ENV PATH=/opt/milepost/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    LOG_FORMAT=json \
    WEB_CONCURRENCY=2 \
    VAR_DIR=/srv/milepost/var

RUN useradd --system --uid 10001 --home-dir /srv/milepost --no-create-home milepost
WORKDIR /srv/milepost
COPY --from=build /opt/milepost /opt/milepost
COPY . .
# The static files are part of the image; collecting them needs a key, and any will do.
# The volumes take their owner from the folders that are there.
RUN mkdir --parents var/takeouts var/media var/deletions && cd var && chown milepost takeouts media deletions && chmod 700 takeouts media deletions && cd .. \
    && SECRET_KEY=for-this-command-only python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q accounts config curriculum portfolio

USER milepost
EXPOSE 8000

# Alive, not ready: an outage of the database is no reason to restart the web server.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.parse, urllib.request as r; host = urllib.parse.urlsplit(os.environ['SITE_URL']).netloc; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]

# Each process has four threads; WEB_CONCURRENCY above is the number of processes.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--threads", "4", "--timeout", "60", "--graceful-timeout", "20", \
     "--worker-tmp-dir", "/dev/shm", "--keep-alive", "30", "--no-control-socket"]
