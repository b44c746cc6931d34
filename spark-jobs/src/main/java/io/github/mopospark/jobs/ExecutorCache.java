package io.github.mopospark.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;

/**
 * What an executor keeps of a run from one task to the next: rows that were read, networks that were built. A task is a fresh
 * object in a JVM that stays, so this is the one thing here that is static. Of each run it holds a few things, those used last,
 * until the executor drops what the run's tasks were told.
 */
final class ExecutorCache {
    /** A configuration, kernels, an ensemble in training and one in use, the policies of two rounds, and two to spare. */
    private static final int MOST = 8;

    private static final Map<Object, ExecutorCache> OF_THIS_JVM = new WeakHashMap<>();

    private final int most;
    /** The one used longest ago first. */
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    ExecutorCache(int most) {
        this.most = most;
    }

    /**
     * What this JVM keeps of a run.
     *
     * @param told the value of a broadcast, as Spark gives it to all tasks of the run here; nothing that is kept may refer to it,
     *     or it would stay for ever
     */
    static ExecutorCache of(Object told) {
        synchronized (OF_THIS_JVM) {
            return OF_THIS_JVM.computeIfAbsent(told, ignored -> new ExecutorCache(MOST));
        }
    }

    /** A thing that is made by the first who needs it, while others who need it wait. */
    private static final class Entry {
        private Object value;

        synchronized Object get(Callable<?> make) throws Exception {
            if (value == null) {
                value = Objects.requireNonNull(make.call());
            }
            return value;
        }
    }

    /**
     * A thing by its key.
     *
     * @param key names it and its version: the same key is always the same thing
     * @param type what it is
     * @param make makes it if it is not there; what that throws is thrown, and the next caller tries again
     */
    <T> T get(String key, Class<T> type, Callable<T> make) throws Exception {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, ignored -> new Entry());
            if (entries.size() > most) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
        return type.cast(entry.get(make));
    }
}
