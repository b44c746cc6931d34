package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;

/** Adam (Kingma and Ba 2015) over one flat vector. */
public final class Adam {
    private final Kernels kernels;
    private final Matrix firstMoment;
    private final Matrix secondMoment;
    private long steps;
    private AdamStep current;

    /**
     * Moments of zero.
     *
     * @param kernels whose memory
     * @param vectorSize the length of the vector, padding included
     */
    public Adam(Kernels kernels, int vectorSize) {
        this.kernels = kernels;
        firstMoment = kernels.allocate(1, vectorSize);
        secondMoment = kernels.allocate(1, vectorSize);
    }

    /**
     * Begins a step; its parts may then be applied by several threads.
     *
     * @param learningRate the step's learning rate
     */
    public void begin(double learningRate) {
        steps++;
        current = AdamStep.of(learningRate, steps);
    }

    /**
     * Does one part of the step that was begun.
     *
     * @param parameters what is learned {@code [1, vectorSize]}, changed
     * @param gradient its gradient {@code [1, vectorSize]}
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    public void apply(Matrix parameters, Matrix gradient, int part, int parts) {
        kernels.adam(current, parameters, gradient, firstMoment, secondMoment, part, parts);
    }

    /**
     * Steps so far.
     *
     * @return the number of steps begun
     */
    public long steps() {
        return steps;
    }

    /**
     * What the next step depends on.
     *
     * @return a copy
     */
    public State state() {
        return new State(steps, firstMoment.toArray(), secondMoment.toArray());
    }

    /**
     * Goes back to a state.
     *
     * @param state what {@link #state} gave
     * @throws IllegalArgumentException if it is of another length
     */
    public void restore(State state) {
        int size = firstMoment.columns();
        if (state.firstMoment().length != size || state.secondMoment().length != size) {
            throw new IllegalArgumentException("an optimizer of %,d parameters was given moments of %,d and %,d"
                    .formatted(size, state.firstMoment().length, state.secondMoment().length));
        }
        steps = state.steps();
        firstMoment.writeRows(0, 1, state.firstMoment(), 0);
        secondMoment.writeRows(0, 1, state.secondMoment(), 0);
    }

    /**
     * A copy of an optimizer's numbers.
     *
     * @param steps steps so far
     * @param firstMoment {@code [vectorSize]}
     * @param secondMoment {@code [vectorSize]}
     */
    public record State(long steps, float[] firstMoment, float[] secondMoment) {}
}
