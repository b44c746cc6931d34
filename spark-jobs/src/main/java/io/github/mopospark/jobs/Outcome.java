package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.ensemble.training.DivergenceException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * What a task answers: a value, or why there can be none. Wrong data and a training that diverges are no reason to run a task
 * again, as an exception would be to Spark.
 *
 * @param value null if there can be none
 * @param error null if there is one
 */
record Outcome<T extends Serializable>(T value, String error) implements Serializable {

    static <T extends Serializable> Outcome<T> of(Callable<T> code) throws Exception {
        try {
            return new Outcome<>(code.call(), null);
        } catch (DatasetException | DivergenceException e) {
            return new Outcome<>(null, e.getMessage());
        }
    }

    /** The value; why there is none is thrown. */
    T orThrow() {
        if (error != null) {
            throw new RunException(error);
        }
        return value;
    }
}
