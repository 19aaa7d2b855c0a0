#!/bin/sh
# Makes the namespace of the executions with its retention and search attributes; again is the same as once.
set -eu

until temporal operator cluster health; do
  sleep 1
done
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
fi
# A new namespace is known everywhere a little later.
until temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; do
  sleep 1
done
present=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
for name in GoraxTenant GoraxWorkflow GoraxTrigger GoraxSchedule; do
  echo "$present" | grep -qw "$name" ||
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type Keyword
done
