package io.github.mopospark.ensemble.rollouts;

/** Takes what rollouts make. Several threads may call at the same time, each with another chunk. */
@FunctionalInterface
public interface RolloutSink {
    /**
     * Takes the transitions of a chunk of starts. Its arrays are used again after the call.
     *
     * @param chunk the chunk's number; with the rows a chunk may have, its place in a buffer
     * @param rows the transitions, step after step
     */
    void accept(int chunk, ModelTransitions rows);
}
