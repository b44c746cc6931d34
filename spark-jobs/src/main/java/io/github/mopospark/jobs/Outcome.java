package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.ensemble.training.DivergenceException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * What a task answers: a value, or why there can be none. Wrong data and a training that diverges are no reason to run a task
 * again, as an exception would be to Spark.
 *
 * @param <T> what the task gives
 * @param value null if there can be none
 * @param error null if there is one
 */
public record Outcome<T extends Serializable>(T value, String error) implements Serializable {

    /**
     * Runs a task's code.
     *
     * @param <T> what it gives
     * @param code the code
     * @return what it gives, or the message of an exception that says that the data are wrong or the training diverges
     * @throws Exception any other exception
     */
    public static <T extends Serializable> Outcome<T> of(Callable<T> code) throws Exception {
        try {
            return new Outcome<>(code.call(), null);
        } catch (DatasetException | DivergenceException e) {
            return new Outcome<>(null, e.getMessage());
        }
    }

    /**
     * What the task gave.
     *
     * @return the value
     * @throws RunException if there is none; the message says why
     */
    public T orThrow() {
        if (error != null) {
            throw new RunException(error);
        }
        return value;
    }
}
