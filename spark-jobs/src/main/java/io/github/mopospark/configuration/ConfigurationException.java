package io.github.mopospark.configuration;

/** A configuration that cannot be taken. The message says in which file and line, which key, its value and the rule. */
public final class ConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }

    ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
