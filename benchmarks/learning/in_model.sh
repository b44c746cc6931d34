#!/usr/bin/env bash
# Policies of runs in their model and in MuJoCo: benchmarks/learning/in_model.sh runs/hopper...
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
(cd "$root" && mvn --batch-mode --quiet -DskipTests package -pl benchmarks --also-make) >&2
runs=()
for run in "$@"; do
  runs+=("file:$(readlink -f "$run")")
done
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$root/conf/jvm.options" "-Dlog4j2.configurationFile=$root/conf/log4j2.properties" \
  --add-modules jdk.incubator.vector \
  -cp "$root/benchmarks/target/mopo-benchmarks.jar:$root/spark-jobs/target/mopo-spark.jar:$root/benchmarks/target/lib/*:$root/spark-jobs/target/spark-home/jars/*" \
  io.github.mopospark.benchmarks.PolicyInModel "${runs[@]}"
