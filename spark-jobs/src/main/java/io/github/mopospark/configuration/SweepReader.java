package io.github.mopospark.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.github.mopospark.configuration.SweepAxis.Choice;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/**
 * Reads a sweep from a file in HOCON:
 *
 * <pre>{@code
 * config = ../hopper-medium-replay.conf      # beside this file; what all trials begin with
 * settings { learner.epochs = 60 }           # laid over it
 * axes = [                                   # trials are all combinations of a choice of each
 *   { key = rollout.length, values = [1, 5] }
 *   { choices = [ { config = a.conf, data = a.hdf5 }, { config = b.conf, data = b.hdf5, name = b } ] }
 *   { samples = 8, seed = 0, keys = [ { key = rollout.penalty-coefficient, from = 0.5, to = 5, scale = log } ] }
 * ]
 * trials-at-once = 0                         # as many as fit
 * ensembles = [ runs ]                       # folders of runs whose trained ensembles are taken where they fit
 * halving { first-epochs = 20, factor = 2, by = score }   # stops the worse half after 20, 40, 80 ... epochs; without it none
 * }</pre>
 */
public final class SweepReader {
    private static final String AT_ONCE = "trials-at-once";
    private static final String ENSEMBLES = "ensembles";
    private static final String HALVING = "halving";
    private static final Set<String> KEYS = Set.of(SweepAxis.CONFIG, "settings", "axes", AT_ONCE, ENSEMBLES, HALVING);
    private static final Set<String> HALVING_KEYS = Set.of("first-epochs", "factor", "by");
    private static final Config USUAL_HALVING =
            ConfigFactory.parseMap(Map.of("halving.factor", 2, "halving.by", Words.of(Halving.By.SCORE)));

    private final Storage storage;
    private final ConfigReader reader;

    /**
     * A reader.
     *
     * @param storage the file systems of the files
     */
    public SweepReader(Storage storage) {
        this.storage = Objects.requireNonNull(storage, "storage");
        reader = new ConfigReader(storage);
    }

    /**
     * Reads a file.
     *
     * @param file in HOCON
     * @param overrides keys and the values that all trials shall have, whatever the file says
     * @return the sweep
     * @throws ConfigurationException if the file is not there, has a key that is not known, or makes a trial that is no run, or two
     *     of one name; the message names the file and the trial
     * @throws IOException if it cannot be read
     */
    public SweepConfig read(Path file, Map<String, String> overrides) throws IOException {
        Config sweep = parse(file);
        requireKnown(file, sweep, "a sweep", KEYS);
        try {
            Optional<Halving> halving = halving(file, sweep);
            List<Trial> trials = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (Choice choice : choices(sweep)) {
                Trial trial = trial(file, choice, overrides);
                if (!names.add(trial.name())) {
                    throw new ConfigurationException(
                            "%s: two trials are called %s; values of an axis must differ, and choices have a name of their own"
                                    .formatted(file, trial.name()));
                }
                trials.add(requireFigure(file, halving, trial));
            }
            return new SweepConfig(
                    trials,
                    sweep.hasPath(AT_ONCE) ? sweep.getInt(AT_ONCE) : 0,
                    halving,
                    sweep.hasPath(ENSEMBLES)
                            ? sweep.getStringList(ENSEMBLES).stream()
                                    .map(Secrets::requireNone)
                                    .toList()
                            : List.of());
        } catch (ConfigException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private static Trial requireFigure(Path file, Optional<Halving> halving, Trial trial) {
        boolean isOffline = halving.isPresent() && halving.get().by() != Halving.By.SCORE;
        if (isOffline && trial.config().evaluation().fittedQUpdates() == 0) {
            throw new ConfigurationException(
                    "%s: trial %s: halving by %s needs evaluation.fitted-q-updates, but that is 0"
                            .formatted(
                                    file, trial.name(), Words.of(halving.get().by())));
        }
        return trial;
    }

    private static void requireKnown(Path file, Config block, String what, Set<String> keys) {
        Set<String> unknown = new TreeSet<>(block.root().keySet());
        unknown.removeAll(keys);
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("%s: %s is no key of %s, which are %s"
                    .formatted(file, String.join(", ", unknown), what, new TreeSet<>(keys)));
        }
    }

    private static Optional<Halving> halving(Path file, Config sweep) {
        if (!sweep.hasPath(HALVING)) {
            return Optional.empty();
        }
        requireKnown(file, sweep.getConfig(HALVING), HALVING, HALVING_KEYS);
        if (!sweep.hasPath("halving.first-epochs")) {
            throw new ConfigurationException(file + ": halving must have first-epochs, but that is not set");
        }
        return Optional.of(new Values(sweep.withFallback(USUAL_HALVING))
                .checked(
                        HALVING,
                        all -> new Halving(
                                all.wholeNumber("halving.first-epochs"),
                                all.wholeNumber("halving.factor"),
                                all.word("halving.by", Halving.By.class))));
    }

    private Config parse(Path file) throws IOException {
        try {
            String text = new String(storage.readFully(file), StandardCharsets.UTF_8);
            return reader.parse(text, file.toString());
        } catch (FileNotFoundException e) {
            throw new ConfigurationException(file + ": there is no such file", e);
        }
    }

    private static List<Choice> choices(Config sweep) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (sweep.hasPath(SweepAxis.CONFIG)) {
            settings.put(SweepAxis.CONFIG, sweep.getString(SweepAxis.CONFIG));
        }
        settings.putAll(
                SweepAxis.settings(sweep.hasPath("settings") ? sweep.getConfig("settings") : ConfigFactory.empty()));
        List<Choice> all = List.of(new Choice("", settings));
        List<? extends Config> axes = sweep.hasPath("axes") ? sweep.getConfigList("axes") : List.of();
        for (Config block : axes) {
            List<Choice> choices = SweepAxis.of(block).choices();
            all = all.stream()
                    .flatMap(before -> choices.stream().map(before::and))
                    .toList();
        }
        return all;
    }

    private Trial trial(Path file, Choice choice, Map<String, String> overrides) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(choice.settings());
        settings.putAll(overrides);
        String config = settings.remove(SweepAxis.CONFIG);
        String name = choice.name().isEmpty() ? "trial" : choice.name();
        try {
            if (settings.getOrDefault("data", "none").isEmpty()) {
                throw new ConfigurationException("data must be a file or a folder, but is empty");
            }
            return new Trial(
                    name,
                    config == null
                            ? reader.read(settings)
                            : reader.read(beside(file, Secrets.requireNone(config)), settings));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("%s: trial %s: %s".formatted(file, name, e.getMessage()), e);
        }
    }

    private static Path beside(Path file, String config) {
        Path path = new Path(config);
        return path.isAbsolute() || file.getParent() == null ? path : new Path(file.getParent(), path);
    }
}
