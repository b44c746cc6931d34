package io.github.mopospark.networks.kernels;

/** Functions of single floats, for whole arrays at once; the same bits from every implementation. */
public interface ElementwiseFunctions {
    /**
     * {@code y = exp(x)}, within 1.1 units in the last place; x below -87.3 and above 88.3 is taken for these.
     *
     * @param x where from
     * @param y where to; may be the same array
     * @param from the first place
     * @param to the place after the last
     */
    void exp(float[] x, float[] y, int from, int to);

    /**
     * {@code y = log(x)} for positive normal x, within 2 units in the last place. A NaN and infinity stay.
     *
     * @param x where from
     * @param y where to; may be the same array
     * @param from the first place
     * @param to the place after the last
     */
    void log(float[] x, float[] y, int from, int to);
}
