#!/usr/bin/env python3
"""Fits two ensembles in a pipeline of MLlib, compares them on rows that they have not seen, and saves the better one.

    ensemble_pyspark.py JAR DATASET MODEL

JAR is mopo-spark.jar, DATASET the folder of a converted dataset of hopper, MODEL a folder that is made. Needs pyspark 3.5.
"""

import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f


def main(jar: str, dataset: str, model_folder: str) -> None:
    spark = (
        SparkSession.builder.appName("ensemble")
        .config("spark.jars", jar)
        # Vectors make training three to four times faster.
        .config("spark.driver.extraJavaOptions", "--add-modules jdk.incubator.vector")
        .config("spark.executor.extraJavaOptions", "--add-modules jdk.incubator.vector")
        .getOrCreate()
    )
    ml = spark.sparkContext._jvm.io.github.mopospark.ml

    rows = spark.read.parquet(f"{dataset}/parts-*").orderBy("episode", "step")
    episodes = rows.agg(f.max("episode")).first()[0]
    seen = rows.where(f.col("episode") < 0.8 * episodes)
    unseen = rows.where(f.col("episode") >= 0.8 * episodes).where("next_observation is not null")

    def predicted(model, frame: DataFrame) -> DataFrame:
        return DataFrame(model.transform(frame._jdf), spark)

    best = None
    for width in (32, 128):
        estimator = (
            ml.MopoEnsemble()
            .setTask("hopper")
            .setMembers(3)
            .setElites(2)
            .setHiddenSizes([width, width])
            .setWeightDecay([2.5e-5, 5e-5, 1e-4])
            .setMaxEpochs(10)
            .setSeed(1)
        )
        model = estimator.fit(seen._jdf)
        error, penalty = (
            predicted(model, unseen)
            .select(
                f.expr(
                    "aggregate(zip_with(predicted_next_observation, next_observation, (p, n) -> double((p - n) * (p - n))),"
                    " double(0), (sum, square) -> sum + square)"
                ).alias("error"),
                "penalty",
            )
            .agg(f.sqrt(f.avg("error")), f.avg("penalty"))
            .first()
        )
        print(f"width {width}: error of the next observation {error:.4f}, mean penalty {penalty:.4f}")
        print(f"  holdout errors of members {[round(e, 5) for e in model.holdoutErrors()]}, elites {list(model.elites())}")
        if best is None or error < best[0]:
            best = (error, model)

    best[1].write().overwrite().save(model_folder)
    read = ml.MopoEnsembleModel.load(model_folder).setPenalty("ensemble-std")
    predicted(read, unseen).select("episode", "step", "reward", "predicted_reward", "penalty").show(3)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
