package io.github.mopospark.configuration;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Set;

/**
 * The block {@code tracking.mlflow}: a server that a run is told to, besides its folder. Has no influence on the run.
 *
 * @param uri the address of an MLflow tracking server; empty for none
 * @param experiment the name of the experiment that its runs are in
 */
public record TrackingSettings(String uri, String experiment) {
    private static final String URI_KEY = "tracking.mlflow.uri";
    private static final String EXPERIMENT_KEY = "tracking.mlflow.experiment";
    /** MLflow's own limit. */
    private static final int LONGEST_EXPERIMENT = 500;

    /**
     * Checks the fields. No message repeats an address, since there may be a password in it.
     *
     * @throws IllegalArgumentException if the address is not one of a server, or holds a secret, or the experiment has no name
     */
    public TrackingSettings {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(experiment, "experiment");
        if (!uri.isEmpty()) {
            uri = address(uri);
        }
        if (experiment.isBlank() || experiment.length() > LONGEST_EXPERIMENT) {
            throw new IllegalArgumentException("%s must be a name of at most %d characters, but has %d"
                    .formatted(
                            EXPERIMENT_KEY,
                            LONGEST_EXPERIMENT,
                            experiment.strip().length()));
        }
    }

    private static String address(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "%s must be an address such as http://host:5000, but is none (%s at character %d)"
                            .formatted(URI_KEY, e.getReason(), e.getIndex() + 1));
        }
        // Of an authority that is not a host and a port there is no user info, though it may hold one.
        if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException(
                    "%s must have no user and no password, since it is written into the run's folder; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, in the environment"
                            .formatted(URI_KEY));
        }
        if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "%s must be the address of an MLflow tracking server, http://HOST:PORT or https://HOST, without a query"
                            .formatted(URI_KEY));
        }
        return text.replaceFirst("/+$", "");
    }

    /**
     * Whether there is a server.
     *
     * @return true if its address is set
     */
    public boolean isOn() {
        return !uri.isEmpty();
    }
}
