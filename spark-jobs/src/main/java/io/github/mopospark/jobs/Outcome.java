package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * What a task answers: a value, or why the data cannot be taken. Wrong data are no reason to run a task again, as an exception
 * would be to Spark.
 *
 * @param value null if the data cannot be taken
 * @param error null if they can
 */
record Outcome<T extends Serializable>(T value, String error) implements Serializable {

    static <T extends Serializable> Outcome<T> of(Callable<T> code) throws Exception {
        try {
            return new Outcome<>(code.call(), null);
        } catch (DatasetException e) {
            return new Outcome<>(null, e.getMessage());
        }
    }
}
