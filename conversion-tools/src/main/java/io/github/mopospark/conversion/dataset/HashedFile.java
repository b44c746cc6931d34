package io.github.mopospark.conversion.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A new file whose bytes are hashed as Parquet writes them. */
final class HashedFile implements OutputFile {
    private final FileSystem system;
    private final Path path;
    private final MessageDigest digest = Storage.sha256();
    private PositionOutputStream stream;
    private long bytes;

    HashedFile(FileSystem system, Path path) {
        this.system = system;
        this.path = path;
    }

    /** Bytes written so far. */
    long bytes() {
        return bytes;
    }

    /** The SHA-256 of all bytes, hexadecimal; to be asked for once. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        OutputStream hashed = new DigestOutputStream(
                // Not recursive: where the folder was deleted, the job has failed and nothing may come to be again.
                system.createFile(path).create().overwrite(false).build(), digest);
        stream = new PositionOutputStream() {
            @Override
            public long getPos() {
                return bytes;
            }

            @Override
            public void write(int b) throws IOException {
                hashed.write(b);
                bytes++;
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                hashed.write(source, offset, length);
                bytes += length;
            }

            @Override
            public void flush() throws IOException {
                hashed.flush();
            }

            @Override
            public void close() throws IOException {
                hashed.close();
            }
        };
        return stream;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return path.toString();
    }
}
