package io.github.mopospark.ml;

import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows with what is predicted of them at their end: next observation, reward and penalty. They are read a batch at a time, when the
 * first of a batch is asked for.
 */
final class PredictedRows implements Iterator<Row> {
    /** What keeps a pass in the cache. */
    static final int BATCH_ROWS = 500;

    private final Iterator<Row> rows;
    private final int partition;
    private final NumbersColumn observation;
    private final NumbersColumn action;
    private final Penalty penalty;
    private final EnsembleNetworks.Predictor predictor;

    private final Row[] batch = new Row[BATCH_ROWS];
    private final float[] observations;
    private final float[] actions;
    private final float[] nextObservations;
    private final float[] rewards = new float[BATCH_ROWS];
    private final float[] penalties = new float[BATCH_ROWS];
    private long read;
    private int size;
    private int next;

    PredictedRows(
            Iterator<Row> rows,
            int partition,
            NumbersColumn observation,
            NumbersColumn action,
            Penalty penalty,
            EnsembleNetworks.Predictor predictor) {
        this.rows = rows;
        this.partition = partition;
        this.observation = observation;
        this.action = action;
        this.penalty = penalty;
        this.predictor = predictor;
        observations = new float[BATCH_ROWS * observation.size()];
        actions = new float[BATCH_ROWS * action.size()];
        nextObservations = new float[observations.length];
    }

    @Override
    public boolean hasNext() {
        return next < size || rows.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (next == size) {
            predict();
        }
        int width = observation.size();
        Row row = batch[next];
        Object[] values = new Object[row.size() + 3];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        values[row.size()] = Arrays.copyOfRange(nextObservations, next * width, (next + 1) * width);
        values[row.size() + 1] = rewards[next];
        values[row.size() + 2] = penalties[next];
        next++;
        return RowFactory.create(values);
    }

    private void predict() {
        size = 0;
        next = 0;
        while (size < BATCH_ROWS && rows.hasNext()) {
            Row row = rows.next();
            RowPlace place = new RowPlace(partition, read++);
            observation.read(row, place, observations, size * observation.size());
            action.read(row, place, actions, size * action.size());
            batch[size++] = row;
        }
        predictor.predict(observations, actions, size);
        predictor.expect(observations, size, rewards, nextObservations);
        predictor.penalise(penalty, size, penalties);
    }
}
