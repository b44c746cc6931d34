#!/usr/bin/env bash
# Runs mopo on Kubernetes in cluster mode: deploy/kubernetes/spark-submit.sh train --config file:/opt/mopo/conf/... --data ... --output ...
#
#   MASTER      k8s://https://HOST:PORT of the cluster; kubectl cluster-info tells it
#   IMAGE       what deploy/docker/build made, pushed to where the cluster finds it
#   NAMESPACE   mopo unless set; rbac.yaml and volume.yaml are of that name
#   EXECUTORS   how many, 4 unless set
#   RESOURCES   a file of what deploy/kubernetes/resources printed; halfcheetah-1m.conf beside this unless set
#   SPARK_HOME  a Spark 3.5 with Scala 2.12, or spark-submit is on PATH
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
readonly here
if [[ -z ${MASTER:-} || -z ${IMAGE:-} || $# == 0 ]]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi

resources=${RESOURCES:-$here/halfcheetah-1m.conf}
if [[ ! -r $resources ]]; then
  echo "spark-submit.sh: RESOURCES: $resources cannot be read" >&2
  exit 2
fi
options=()
while IFS= read -r setting; do
  options+=(--conf "$setting")
done < <(grep -Ev '^(#|[[:space:]]*$)' "$resources")
for pod in driver executor; do
  options+=(
    --conf "spark.kubernetes.$pod.podTemplateFile=$here/pod.yaml"
    # Data and runs: what driver and executors all read and write.
    --conf "spark.kubernetes.$pod.volumes.persistentVolumeClaim.mopo.options.claimName=mopo"
    --conf "spark.kubernetes.$pod.volumes.persistentVolumeClaim.mopo.mount.path=/mopo"
  )
done

exec "${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit" \
  --master "$MASTER" \
  --deploy-mode cluster \
  --name mopo \
  --class io.github.mopospark.commands.Mopo \
  --properties-file "$here/../spark-defaults.conf" \
  --conf "spark.kubernetes.container.image=$IMAGE" \
  --conf "spark.kubernetes.namespace=${NAMESPACE:-mopo}" \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=mopo \
  --conf spark.kubernetes.driverEnv.OMP_NUM_THREADS=1 \
  --conf "spark.executor.instances=${EXECUTORS:-4}" \
  --conf spark.executor.cores=2 \
  "${options[@]}" \
  local:///opt/mopo/mopo-spark.jar "$@"
