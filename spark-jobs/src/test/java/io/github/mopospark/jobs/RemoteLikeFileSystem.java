package io.github.mopospark.jobs;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under a scheme of their own, which cannot be renamed, as on some object stores. A file {@code undeletable} keeps
 * its folder from being deleted, a file {@code read-only} lets no manifest be written in the folders beside it.
 */
public final class RemoteLikeFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "remotelike";

    static void register(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", RemoteLikeFileSystem.class.getName());
    }

    static String uri(java.nio.file.Path path) {
        return SCHEME + "://" + path.toAbsolutePath();
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
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
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        if (path.getName().endsWith(".json") && exists(new Path(path.getParent().getParent(), "read-only"))) {
            throw new IOException("cannot write " + path);
        }
        return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (exists(new Path(path, "undeletable"))) {
            throw new IOException("cannot delete " + path);
        }
        return super.delete(path, recursive);
    }
}
