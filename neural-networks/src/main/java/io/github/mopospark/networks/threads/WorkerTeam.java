package io.github.mopospark.networks.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do the parts of one phase after the other, each phase begun when the one before is done. The phases of an
 * update take some hundred microseconds, less than it takes to wake a sleeping thread, so that a thread spins for a while
 * before it sleeps. The caller's thread does part 0. For one caller at a time.
 */
public final class WorkerTeam implements AutoCloseable {
    /** Work that comes in parts. */
    @FunctionalInterface
    public interface Phase {
        /**
         * Does one part.
         *
         * @param part which, from 0
         */
        void run(int part);
    }

    /** Turns of a waiting loop before a thread sleeps: about a tenth of a millisecond. */
    private static final int SPINS = 2_000;

    private final int parts;
    private final Thread[] workers;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private volatile Phase phase;
    private volatile Throwable failure;
    private volatile Thread caller;
    private volatile boolean closed;

    /**
     * Starts the threads.
     *
     * @param threads how many, the caller's among them; at least 1
     * @throws IllegalArgumentException if fewer
     */
    public WorkerTeam(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but was %d".formatted(threads));
        }
        parts = threads;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            int part = i + 1;
            workers[i] = new Thread(() -> work(part), "mopo-worker-" + part);
            workers[i].setDaemon(true);
        }
        for (Thread worker : workers) {
            worker.start();
        }
    }

    /**
     * Into how many parts a phase is cut.
     *
     * @return the number of threads
     */
    public int parts() {
        return parts;
    }

    /**
     * Does all parts of a phase and returns when all are done. What a part throws is thrown here, when the others are done.
     *
     * @param work the phase
     * @throws IllegalStateException if the team is closed
     */
    public void run(Phase work) {
        if (closed) {
            throw new IllegalStateException("this team of threads is closed");
        }
        if (parts == 1) {
            work.run(0);
            return;
        }
        failure = null;
        phase = work;
        caller = Thread.currentThread();
        unfinished.set(parts - 1);
        // Written last: it is what the workers look at.
        number.incrementAndGet();
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        Throwable own = null;
        try {
            work.run(0);
        } catch (RuntimeException | Error thrown) {
            own = thrown;
        }
        awaitWorkers();
        rethrow(own, failure);
    }

    /** Throws what a part threw, as one thread would have: the caller's first. */
    private static void rethrow(Throwable first, Throwable second) {
        Throwable thrown = first == null ? second : first;
        if (first != null && second != null) {
            first.addSuppressed(second);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void awaitWorkers() {
        boolean interrupted = false;
        for (int spin = 0; unfinished.get() > 0; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(int part) {
        int done = 0;
        while (true) {
            for (int spin = 0; number.get() == done && !closed; spin++) {
                if (spin < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            done++;
            try {
                phase.run(part);
            } catch (RuntimeException | Error thrown) {
                failure = thrown;
            } finally {
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}
