# The image of the API, the worker and the migrations. Which of them a container is, its command says.

# The Python that the tests run on.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:
COPY deploy/image/requirements.lock deploy/image/build.lock deploy/image/
# Before our own code, which changes more often. Nothing is installed whose hash is not in a lock.
RUN python -m venv /opt/gorax \
 && /opt/gorax/bin/pip install --quiet --require-hashes -r deploy/image/requirements.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --quiet --require-hashes -r deploy/image/build.lock
COPY pyproject.toml README.md ./
COPY gorax gorax
# The wheel has the package and says where the actions are; the rooms stand beside it.
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/gorax/bin/pip install --quiet --no-deps --no-index /wheels/*.whl
COPY api /app/api
COPY workflows /app/workflows
COPY activities /app/activities
COPY worker /app/worker
# Nobody can write bytecode later: the file system is read-only.
RUN python -m compileall -q /app

FROM python:${PYTHON}
COPY --from=build /opt/gorax /opt/gorax
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/gorax/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
CMD ["python", "-m", "api"]
