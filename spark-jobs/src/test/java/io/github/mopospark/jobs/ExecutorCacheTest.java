package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExecutorCacheTest {
    private final ExecutorCache cache = new ExecutorCache(3);
    private final AtomicInteger made = new AtomicInteger();

    private String make(String key) throws Exception {
        return cache.get(key, String.class, () -> key + made.incrementAndGet());
    }

    @Test
    void aThingIsMadeOnceForManyThreads() throws Exception {
        int threads = 8;
        CountDownLatch allWant = new CountDownLatch(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<Object>> futures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            futures.add(executor.submit(() -> {
                allWant.countDown();
                return cache.get("a", Object.class, () -> {
                    // Until then a second would begin too, if it did not wait.
                    allWant.await();
                    made.incrementAndGet();
                    return new Object();
                });
            }));
        }
        Object first = futures.get(0).get();
        for (Future<Object> future : futures) {
            assertThat(future.get()).isSameAs(first);
        }
        executor.shutdown();
        assertThat(made).hasValue(1);
    }

    @Test
    void threadsThatWantOtherThingsDoNotWait() throws Exception {
        String inner = cache.get("a", String.class, () -> {
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try {
                return executor.submit(() -> make("b")).get();
            } finally {
                executor.shutdown();
            }
        });
        assertThat(inner).isEqualTo("b1");
    }

    @Test
    void aFailureIsNotKept() throws Exception {
        assertThatThrownBy(() -> cache.get("a", String.class, () -> {
                    throw new IOException("not now");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("not now");
        assertThat(make("a")).isEqualTo("a1");
        assertThat(make("a")).isEqualTo("a1");
    }

    @Test
    void runsHaveACacheEachAsLongAsTheirPlanIsThere() throws Exception {
        RunPlan first = new RunPlan("first", "", "", null, "");
        RunPlan second = new RunPlan("second", "", "", null, "");
        assertThat(ExecutorCache.of(first)).isSameAs(ExecutorCache.of(first)).isNotSameAs(ExecutorCache.of(second));

        WeakReference<ExecutorCache> kept = new WeakReference<>(ExecutorCache.of(second));
        second = null;
        // A collector may need more than one look.
        for (int look = 0; look < 100 && kept.get() != null; look++) {
            System.gc();
            Thread.sleep(10);
            ExecutorCache.of(first);
        }
        assertThat(kept.get()).isNull();
        assertThat(first.run()).isEqualTo("first");
    }

    @Test
    void theThingUsedLongestAgoGoesFirst() throws Exception {
        make("a");
        make("b");
        make("c");
        assertThat(make("a")).isEqualTo("a1");
        make("d");
        assertThat(make("a")).isEqualTo("a1");
        assertThat(make("c")).isEqualTo("c3");
        assertThat(make("d")).isEqualTo("d4");
        assertThat(make("b")).isEqualTo("b5");
    }
}
