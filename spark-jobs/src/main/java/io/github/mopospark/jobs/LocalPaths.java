package io.github.mopospark.jobs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/** Paths of one machine in a run on several. */
final class LocalPaths {
    private LocalPaths() {}

    /**
     * Warns of them. Where there are some, a small job asks the executors where they are.
     *
     * @param context Spark's
     * @param paths with their schemes
     * @return a line; empty if every executor can see what the driver does
     */
    static Optional<String> warning(JavaSparkContext context, Collection<Path> paths) {
        List<Path> local = paths.stream()
                .filter(path -> "file".equals(path.toUri().getScheme()))
                .toList();
        if (local.isEmpty() || SparkMaster.of(context.getConf()).isLocal()) {
            return Optional.empty();
        }
        int tasks = Math.max(1, context.defaultParallelism());
        context.setJobGroup("preflight", "preflight: hosts of the executors");
        Set<String> hosts = new TreeSet<>(context.parallelize(
                        IntStream.range(0, tasks).boxed().toList(), tasks)
                .map(any -> SparkEnv.get().blockManager().blockManagerId().host())
                .collect());
        context.clearJobGroup();
        hosts.removeIf(LocalPaths::isHere);
        return warning(hosts, local);
    }

    static Optional<String> warning(Set<String> otherHosts, List<Path> local) {
        return otherHosts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "warning: %s must be the same on %s as on the driver, as a mounted file system is; else give paths that all hosts reach, such as hdfs:"
                                .formatted(
                                        String.join(
                                                " and ",
                                                local.stream()
                                                        .map(Path::toString)
                                                        .toList()),
                                        String.join(", ", otherHosts)));
    }

    /** One machine has several names and addresses. */
    static boolean isHere(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
