package io.github.mopospark.metrics;

import io.github.mopospark.cluster.SchemedFileSystem;
import java.io.FilterOutputStream;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.Progressable;

/** Local files under a scheme of their own that cannot be renamed, appended to or flushed, as on an object store. */
public final class OnCloseFileSystem extends SchemedFileSystem {
    private static final String SCHEME = "onclose";

    static Configuration register(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", OnCloseFileSystem.class.getName());
        return configuration;
    }

    static Path path(java.nio.file.Path path) {
        return new Path(SCHEME + "://" + path.toAbsolutePath());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        throw new IOException("cannot rename " + source);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) throws IOException {
        throw new IOException("cannot append to " + path);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        FSDataOutputStream out = super.create(path, overwrite, bufferSize, replication, blockSize, progress);
        return new FSDataOutputStream(
                new FilterOutputStream(out) {
                    @Override
                    public void flush() {
                        // Nothing is seen before the end.
                    }
                },
                null);
    }
}
