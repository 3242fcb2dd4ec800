# syntax=docker/dockerfile:1

# Not bookworm: from Python 3.12 on, DBOS needs a newer SQLite.
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY requirements.lock .ci/build-requirements.lock ./
# Every package by version and hash, as tested. Build tools stay out of /opt/bot.
RUN python -m venv --without-pip /opt/bot \
    && pip --python /opt/bot/bin/python install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock \
    && pip install --no-cache-dir --require-hashes --only-binary :all: -r build-requirements.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
    && pip --python /opt/bot/bin/python install --no-cache-dir --no-deps /tmp/wheel/*.whl

FROM python:3.13-slim-trixie
# 5 MB, for Japanese, Chinese and Korean in charts. Not pinned, since Debian removes old versions.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-wqy-microhei && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 bot && install --directory --owner bot /data
COPY --from=build /opt/bot /opt/bot
ENV PATH=/opt/bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    MPLCONFIGDIR=/tmp/matplotlib \
    DATABASE_URL=sqlite:////data/imagine.db \
    HTTP_PORT=8080
USER 10001
WORKDIR /home/bot
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['HTTP_PORT']}/healthz\", timeout=4)"]
# Exec form, so that SIGTERM reaches the bot, which then leaves unfinished pictures for its next start.
ENTRYPOINT ["imagine-bot"]
CMD ["run"]
