package io.github.mopospark.jobs;

import io.github.mopospark.cluster.SchemedFileSystem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under a scheme of their own, which cannot be renamed, as on some object stores. A file {@code undeletable} keeps
 * its folder from being deleted, a file {@code read-only} lets no manifest be written in the folders beside it, and a file
 * {@code full} beside a dataset's folder lets its parts grow to a kilobyte only.
 */
public final class RemoteLikeFileSystem extends SchemedFileSystem {
    /** The scheme. */
    public static final String SCHEME = "remotelike";

    static void register(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", RemoteLikeFileSystem.class.getName());
    }

    /** The URI of a local path. */
    public static String uri(java.nio.file.Path path) {
        return SCHEME + "://" + path.toAbsolutePath();
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
    public FSDataOutputStream createNonRecursive(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        FSDataOutputStream out =
                super.createNonRecursive(path, permission, flags, bufferSize, replication, blockSize, progress);
        boolean isFull = exists(new Path(path.getParent().getParent().getParent(), "full"));
        return isFull ? new FSDataOutputStream(new Full(out), null) : out;
    }

    /** Fails as a disk does that is full. */
    private static final class Full extends FilterOutputStream {
        private int bytes;

        Full(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            bytes += length;
            if (bytes > 1024) {
                throw new IOException("No space left on device");
            }
            out.write(source, offset, length);
        }
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (exists(new Path(path, "undeletable"))) {
            throw new IOException("cannot delete " + path);
        }
        return super.delete(path, recursive);
    }
}
