package io.github.mopospark.ml;

import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.jobs.SharedEnsemble;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * Predicts the rows of a partition.
 *
 * @param ensemble the model
 * @param observation what it predicts from
 * @param action what it predicts from
 * @param penalty how far it is not to be trusted
 */
record PredictionTask(
        Broadcast<SharedEnsemble> ensemble, NumbersColumn observation, NumbersColumn action, Penalty penalty)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        return new PredictedRows(
                rows,
                TaskContext.getPartitionId(),
                observation,
                action,
                penalty,
                ensemble.value().networks().predictor(PredictedRows.BATCH_ROWS));
    }
}
