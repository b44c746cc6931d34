package io.github.mopospark.configuration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The constants of an enum as values of a key: {@code ENSEMBLE_STD} is {@code ensemble-std}. */
public final class Words {
    private Words() {}

    /**
     * The word of a constant.
     *
     * @param constant a constant
     * @return its name in lower case with hyphens
     */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The words of an enum.
     *
     * @param type the enum
     * @return all of them, with commas
     */
    public static String allOf(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
    }

    /**
     * The constant of a word.
     *
     * @param <E> the enum
     * @param type the enum
     * @param word a word
     * @return the constant, if there is one
     */
    public static <E extends Enum<E>> Optional<E> find(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(word))
                .findFirst();
    }
}
