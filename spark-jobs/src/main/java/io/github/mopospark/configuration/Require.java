package io.github.mopospark.configuration;

/** The rule that most whole numbers of a configuration have. */
final class Require {
    private Require() {}

    static void atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be at least %d, but was %d".formatted(key, least, value));
        }
    }
}
