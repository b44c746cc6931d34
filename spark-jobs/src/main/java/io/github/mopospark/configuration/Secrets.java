package io.github.mopospark.configuration;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps secrets out of what is written down: configurations, journals, reports. */
public final class Secrets {
    private static final String HIDDEN = "(hidden)";

    /** Also where a secret with a slash in it breaks the URI; what follows a port is none. */
    private static final Pattern PASSWORD_IN_URI =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)[^/@:\\s]*:(?!\\d*/)(?:(?!://)[^@\\s])*@");

    /** Names of settings, as Spark's own list of those that it does not print. */
    private static final Pattern SECRET_SETTING = Pattern.compile(
            "((?:secret|password|passwd|token|credential|(?:access|account|private|encryption)[.-]?key)[^=]*=).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private Secrets() {}

    /**
     * Checks that a text has no URI with a password, as {@code hdfs://user:password@host}; a name alone is no secret.
     *
     * @param text an argument, or a value of a configuration
     * @return the same text
     * @throws IllegalArgumentException if it has one; the message has not
     */
    public static String requireNone(String text) {
        Matcher found = PASSWORD_IN_URI.matcher(text);
        if (found.find()) {
            throw new IllegalArgumentException(
                    "%s has a password in its URI, which would be written into configurations and reports; give credentials by Hadoop's configuration, see docs/security.md"
                            .formatted(found.replaceAll("$1" + HIDDEN + "@")));
        }
        return text;
    }

    /**
     * Hides the value of a setting whose name tells that it is a secret, as {@code spark.hadoop.fs.s3a.secret.key=...}.
     *
     * @param argument a word of a command line
     * @return what may be written down
     */
    public static String hide(String argument) {
        return SECRET_SETTING.matcher(argument).replaceFirst("$1" + HIDDEN);
    }
}
