package io.github.mopospark.jobs;

import io.github.mopospark.cluster.SchemedFileSystem;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;

/** Local files under a scheme of their own, of which only tasks may open a dataset's parts: the driver may not, even in one JVM. */
public final class TasksOnlyFileSystem extends SchemedFileSystem {
    private static final String SCHEME = "tasksonly";

    static void register(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", TasksOnlyFileSystem.class.getName());
    }

    /** The URI of a local path. */
    static String uri(java.nio.file.Path path) {
        return SCHEME + "://" + path.toAbsolutePath();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.getName().endsWith(".parquet") && TaskContext.get() == null) {
            throw new IOException("the driver opens " + path);
        }
        return super.open(path, bufferSize);
    }
}
