package io.github.mopospark.networks.kernels;

/**
 * The operations that a network's passes and updates are made of. Rows of a batch never touch each other, so that a range
 * of rows may be computed by one thread while another computes the rest; every result is the same for any ranges.
 * No operation of {@code CpuKernels} allocates. Matrices must come from the kernels they are given to.
 */
public interface Kernels {
    /**
     * What computes. Two machines with kernels of the name {@code cpu} give the same bits; with a library's kernels they do if
     * the library chose the same code on both.
     *
     * @return the name
     */
    String name();

    /**
     * What computes and how, for a log.
     *
     * @return the name and what makes it fast or slow
     */
    String description();

    /**
     * Elementwise functions on plain arrays, for the small heads of networks.
     *
     * @return the functions
     */
    ElementwiseFunctions functions();

    /**
     * Makes a matrix of zeros.
     *
     * @param rows its rows
     * @param columns its columns
     * @return the matrix
     */
    Matrix allocate(int rows, int columns);

    /**
     * A matrix that is a block of a flat vector: what is written to one is in the other.
     *
     * @param vector a matrix of one row
     * @param offset where the block starts, a multiple of the alignment
     * @param rows the block's rows
     * @param columns the block's columns
     * @return the view, {@link Matrix#blockSize} floats
     */
    Matrix view(Matrix vector, int offset, int rows, int columns);

    /**
     * A layer: {@code y = activation(x w + b)} for some rows.
     *
     * @param x {@code [batch, in]}
     * @param w {@code [in, out]}
     * @param b {@code [1, out]}
     * @param activation what is done to the sums
     * @param y {@code [batch, out]}, written
     * @param slope {@code [batch, out]}, written with the derivative of the activation if that is swish; null if no
     *     backward pass follows, or for another activation; its padding becomes 1/2, which no result depends on
     * @param from the first row
     * @param to the row after the last
     */
    void forward(Matrix x, Matrix w, Matrix b, Activation activation, Matrix y, Matrix slope, int from, int to);

    /**
     * The gradient of a layer's sums from that of the next layer's: {@code dx = (dy w^T) * activation'} for some rows.
     *
     * @param dy {@code [batch, out]}
     * @param transposed the next layer's weights {@code [out, in]}
     * @param activation this layer's
     * @param y this layer's output {@code [batch, in]}; not read for the identity
     * @param slope this layer's slope {@code [batch, in]}; read for swish only
     * @param dx {@code [batch, in]}, written
     * @param from the first row
     * @param to the row after the last
     */
    void backward(
            Matrix dy, Matrix transposed, Activation activation, Matrix y, Matrix slope, Matrix dx, int from, int to);

    /**
     * One part of the gradient of a layer's parameters, {@code dw = x^T dy} and {@code db} the column sums of {@code dy}:
     * the parts together are the whole.
     *
     * @param x the layer's input {@code [batch, in]}
     * @param dy the gradient of its sums {@code [batch, out]}
     * @param rows how many rows of the batch there are, at least 1
     * @param dw {@code [in, out]}, written
     * @param db {@code [1, out]}, written
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    void gradient(Matrix x, Matrix dy, int rows, Matrix dw, Matrix db, int part, int parts);

    /**
     * Writes the transpose.
     *
     * @param w {@code [in, out]}
     * @param transposed {@code [out, in]}, written
     */
    void transpose(Matrix w, Matrix transposed);

    /**
     * {@code target += scale source}, elementwise.
     *
     * @param target the matrix to change
     * @param source a matrix of the same shape
     * @param scale the factor
     */
    void addScaled(Matrix target, Matrix source, float scale);

    /**
     * {@code target += weight (source - target)}, elementwise, for a part of two vectors: Polyak averaging.
     *
     * @param target the vector to change {@code [1, size]}
     * @param source where it goes {@code [1, size]}
     * @param weight from 0, which changes nothing, to 1, which copies up to rounding
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    void average(Matrix target, Matrix source, float weight, int part, int parts);

    /**
     * One step of Adam for a part of a vector. A moment too small for a normal float is set to zero: such numbers slow a
     * CPU a hundredfold and change no weight.
     *
     * @param step the step's constants
     * @param parameters {@code [1, size]}, changed
     * @param gradient {@code [1, size]}
     * @param firstMoment {@code [1, size]}, changed
     * @param secondMoment {@code [1, size]}, changed
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    void adam(
            AdamStep step,
            Matrix parameters,
            Matrix gradient,
            Matrix firstMoment,
            Matrix secondMoment,
            int part,
            int parts);

    /**
     * Copies rows by number.
     *
     * @param source {@code [batch, columns]}
     * @param rows the numbers of rows of the source
     * @param from the first place in {@code rows}
     * @param to the place after the last
     * @param target {@code [batch, columns]}; its row {@code i} becomes the source's row {@code rows[i]}
     */
    void gather(Matrix source, int[] rows, int from, int to, Matrix target);
}
